"""Short ways to write down what a plan is made of, for tests that read like the decision table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from syncer.core.model import Agreed, Capabilities, Field, HubValue, Item, Known, Link, LinkState, Reading, Value
from syncer.core.plan import Material
from syncer.core.policy import Policy
from syncer.core.stages import Stage, StageMap
from syncer.textmerge import merge_lines

NOW = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
STAGES = StageMap([Stage("To do"), Stage("Doing"), Stage("Done", done=True)])
NAMES = ("trello", "asana", "sheets")
CAPS = {name: Capabilities() for name in NAMES}


def policy(*names: str, **settings: object) -> Policy:
    """A campaign's policy, with nothing out of the ordinary unless said."""
    values = {"stages": STAGES, "zone": SHANGHAI, "merge_text": merge_lines} | settings
    return Policy("launch", {name: name for name in names or NAMES}, **values)


def after(seconds: float) -> datetime:
    """So many seconds after the beginning."""
    return NOW + timedelta(seconds=seconds)


def fields(**values: Value) -> dict[Field, Value]:
    """Fields by name."""
    return {Field(name): value for name, value in values.items()}


def item(
    remote_id: str, version: str | None = None, archived: bool = False, nameless: bool = False, **values: Value
) -> Item:
    """An object as a replica shows it."""
    place = f'"{values.get("title", remote_id)}"'
    return Item(remote_id, fields(**values), place, version, NOW, archived=archived, nameless=nameless)


def reading(replica: str, *items: Item, complete: bool = True, holds: frozenset[Field] = frozenset(Field)) -> Reading:
    """What a replica shows."""
    return Reading(replica, complete, items, (), NOW, holds)


def known(key: str, links: Mapping[str, str], away: bool = False, dead: bool = False, state: LinkState = LinkState.LIVE,
          **values: Value) -> Known:  # fmt: skip
    """A task that is the same everywhere: `links` is replica → remote id."""
    agreed = {of: Agreed(value, value) for of, value in fields(**values).items()}
    hub = {of: HubValue(value, "trello", NOW) for of, value in fields(**values).items()}
    objects = {name: Link(remote_id, state, agreed=agreed) for name, remote_id in links.items()}
    return Known(key, hub, objects, away, dead)


def material(tasks: list[Known], *readings: Reading, **more: object) -> Material:
    """What a plan is derived from."""
    return Material(tasks, {r.replica: r for r in readings}, CAPS, NOW, **more)
