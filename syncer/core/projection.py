"""What a replica would show if a hub value were written to it: `project(hub, capabilities)`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from syncer.core.model import Capabilities, Field, TaskKind, Value

Hub = Mapping[Field, Value]


def project(field: Field, hub: Hub, caps: Capabilities, zone: ZoneInfo, shown: Value = None) -> Value:
    """The form of `hub[field]` that the replica would read back.

    `shown` is what it shows now: where only some owners fit, one who is there already stays.
    """
    value = hub.get(field)
    if field is Field.OWNERS and isinstance(value, frozenset):
        return _owners(value, caps, shown)
    if field is Field.START:
        return _start(value, hub, caps, zone)
    if field in caps.dated_only:
        return _day(value, zone)
    return value


def same(field: Field, left: Value, left_caps: Capabilities, right: Value, right_caps: Capabilities,
         zone: ZoneInfo) -> bool:  # fmt: skip
    """Whether two replicas show the same thing, each as far as it can."""
    return (
        left == right
        or project(field, {field: left}, right_caps, zone, right) == right
        or project(field, {field: right}, left_caps, zone, left) == left
    )


def too_long(field: Field, value: Value, caps: Capabilities) -> bool:
    """Whether a text is longer than the replica can hold; it is reported and never cut."""
    return (
        field in (Field.TITLE, Field.DESCRIPTION)
        and isinstance(value, str)
        and caps.max_text is not None
        and len(value) > caps.max_text
    )


def _owners(owners: frozenset[str], caps: Capabilities, shown: Value) -> frozenset[str]:
    there = shown if isinstance(shown, frozenset) else frozenset()
    held = owners if caps.owners is None else owners & (caps.owners | there)
    if caps.max_owners is None or len(held) <= caps.max_owners:
        return held
    staying = sorted(held & there)
    others = sorted(held.difference(staying))
    return frozenset((staying + others)[: caps.max_owners])


def _start(start: Value, hub: Hub, caps: Capabilities, zone: ZoneInfo) -> Value:
    if start is None or hub.get(Field.KIND, TaskKind.TASK) in caps.kinds_without_start:
        return None
    due = hub.get(Field.DUE)
    if caps.start_needs_due and Field.DUE in hub and due is None:
        return None
    if (
        caps.start_before_due
        and due is not None
        and _day(start, zone) == _day(due, zone)
        and not _both_timed(start, due)
    ):
        return None
    day_only = Field.START in caps.dated_only or (caps.timed_start_needs_timed_due and not isinstance(due, datetime))
    return _day(start, zone) if day_only else start


def _day(value: Value, zone: ZoneInfo) -> Value:
    return value.astimezone(zone).date() if isinstance(value, datetime) else value


def _both_timed(start: Value, due: Value) -> bool:
    return isinstance(start, datetime) and isinstance(due, datetime) and start < due
