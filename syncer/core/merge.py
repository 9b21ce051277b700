"""The three-way merge of one field over all replicas of one task.

A change is what differs from that replica's own base, never from the hub, so a lossy replica does not look edited. One
new value wins; equal ones are silent; sets merge additions and removals; long text merges line by line; anything else
is a conflict, settled by the policy and recorded with both values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from syncer.core.fields import SETS, TEXTS, empty
from syncer.core.model import Agreed, Capabilities, ConflictValue, Field, HubValue, Value
from syncer.core.policy import Policy
from syncer.core.projection import project, same

_ANYTHING = Capabilities()


@dataclass(frozen=True)
class Side:
    """What one replica shows in a field, and what was agreed with it."""

    replica: str
    shown: Value
    agreed: Agreed | None
    at: datetime
    by: str | None = None
    counts: bool = True
    """False where the field's direction says that edits here are not taken over."""

    @property
    def changed(self) -> bool:
        """Whether somebody edited it here since it was agreed."""
        return self.agreed is not None and self.shown != self.agreed.base


@dataclass(frozen=True)
class Merged:
    """The field's new hub value, and the conflict if there was one."""

    hub: HubValue | None
    contenders: tuple[ConflictValue, ...] = ()
    """Two or more where there was a conflict."""
    chosen: str | None = None
    """The replica whose value was taken; None where a person has to decide (`manual`)."""
    held: bool = False
    """Left as it is everywhere until a person has decided."""


def merge(
    field: Field, hub: HubValue | None, sides: Sequence[Side], caps: Mapping[str, Capabilities], policy: Policy
) -> Merged:
    """The new hub value of a field. `sides` are in rank order; those without an agreement are being adopted."""
    direction = policy.direction(field)
    if direction == "off":
        return Merged(hub)
    news = _without_blanks(field, [s for s in sides if _is_news(field, hub, s, caps[s.replica], policy)])
    edits = _counted(news, direction)
    merged = _fold(field, hub, edits, caps, policy) if edits else Merged(hub)
    losing = [side for side in news if side not in edits] if direction.startswith("from:") else []
    return _one_way(field, merged, losing, caps, policy)


def _counted(news: Sequence[Side], direction: str) -> list[Side]:
    """The edits that are taken over; where a field comes from one replica, nobody contends with what it says."""
    source = [side for side in news if direction == f"from:{side.replica}"]
    return source or [side for side in news if side.counts]


def _fold(
    field: Field, hub: HubValue | None, edits: Sequence[Side], caps: Mapping[str, Capabilities], policy: Policy
) -> Merged:
    if field in SETS:
        return Merged(_fold_sets(hub, edits))
    if field in TEXTS:
        text = _fold_text(hub, edits, policy)
        if text is not None:
            return Merged(text)
    return _choose(field, hub, edits, caps, policy)


def _is_news(field: Field, hub: HubValue | None, side: Side, caps: Capabilities, policy: Policy) -> bool:
    if side.agreed is not None:
        return side.changed
    if hub is None:
        return True
    if side.shown == empty(field):
        return False
    return side.shown != project(field, {field: hub.value}, caps, policy.zone, side.shown)


def _without_blanks(field: Field, edits: list[Side]) -> list[Side]:
    """At adoption a field nobody has filled in does not contend with a filled one."""
    filled = [side for side in edits if side.agreed is not None or side.shown != empty(field)]
    return filled or edits[:1]


def _one_way(
    field: Field, merged: Merged, losing: Sequence[Side], caps: Mapping[str, Capabilities], policy: Policy
) -> Merged:
    """Edits where the field's direction does not take them: kept in the record, then put back."""
    hub = merged.hub
    if hub is None or not losing:
        return merged
    taken = ConflictValue(hub.source, hub.value, hub.at, hub.by)
    distinct = _distinct(field, [taken, *map(_contender, losing)], caps, policy)
    return replace(merged, contenders=tuple(distinct), chosen=hub.source) if len(distinct) > 1 else merged


def _fold_sets(hub: HubValue | None, edits: Sequence[Side]) -> HubValue:
    value = hub.value if hub else None
    merged = value if isinstance(value, frozenset) else frozenset()
    for side in edits:
        base = side.agreed.base if side.agreed else None
        before = base if isinstance(base, frozenset) else frozenset()
        now = side.shown if isinstance(side.shown, frozenset) else frozenset()
        merged = (merged | (now - before)) - (before - now)
    if hub is not None and merged == hub.value:
        return hub
    last = edits[-1]
    return HubValue(merged, last.replica, last.at, last.by)


def _fold_text(hub: HubValue | None, edits: Sequence[Side], policy: Policy) -> HubValue | None:
    """Merge line by line; None where the same lines were changed differently or there is no common base."""
    merged = hub
    for side in edits:
        if merged is None or (side.agreed is not None and merged.value == side.agreed.hub):
            merged = HubValue(side.shown, side.replica, side.at, side.by)
        elif merged.value != side.shown:
            if side.agreed is None:
                return None
            text = policy.merge_text(_text(side.agreed.base), _text(merged.value), _text(side.shown))
            if text is None:
                return None
            merged = HubValue(text, side.replica, side.at, side.by)
    return merged


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""


def _choose(
    field: Field, hub: HubValue | None, edits: Sequence[Side], caps: Mapping[str, Capabilities], policy: Policy
) -> Merged:
    contenders = [_contender(side) for side in edits]
    pending = hub is not None and any(_overtaken(field, hub, side) for side in edits)
    if hub is not None and pending and hub.source not in {side.replica for side in edits}:
        contenders.append(ConflictValue(hub.source, hub.value, hub.at, hub.by))
    distinct = _distinct(field, contenders, caps, policy)
    if len(distinct) == 1:
        return Merged(_from(distinct[0], hub))
    winner = _winner(distinct, policy)
    if winner is None:
        return Merged(hub, tuple(distinct), None, held=True)
    return Merged(_from(winner, hub), tuple(distinct), winner.replica)


def _overtaken(field: Field, hub: HubValue, side: Side) -> bool:
    """Whether the hub holds news that this side had not been told when it was edited."""
    if side.agreed is None:
        return hub.value != empty(field)
    return side.agreed.hub != hub.value


def _contender(side: Side) -> ConflictValue:
    return ConflictValue(side.replica, side.shown, side.at, side.by)


def _from(value: ConflictValue, hub: HubValue | None) -> HubValue:
    if hub is not None and hub.value == value.value:
        return hub
    return HubValue(value.value, value.replica, value.at, value.by)


def _distinct(
    field: Field, contenders: Sequence[ConflictValue], caps: Mapping[str, Capabilities], policy: Policy
) -> list[ConflictValue]:
    """One contender for each different value; of two that are the same as far as a replica can show it, the richer."""
    result: list[ConflictValue] = []
    for contender in contenders:
        twin = next((i for i, other in enumerate(result) if _alike(field, contender, other, caps, policy)), None)
        if twin is None:
            result.append(contender)
        elif _richer(field, contender, result[twin], caps, policy):
            result[twin] = contender
    return result


def _alike(
    field: Field, left: ConflictValue, right: ConflictValue, caps: Mapping[str, Capabilities], policy: Policy
) -> bool:
    return same(field, left.value, _caps(left, caps), right.value, _caps(right, caps), policy.zone)


def _caps(contender: ConflictValue, caps: Mapping[str, Capabilities]) -> Capabilities:
    """A value may have come from a replica that has left the campaign since."""
    return caps.get(contender.replica, _ANYTHING)


def _richer(
    field: Field, left: ConflictValue, right: ConflictValue, caps: Mapping[str, Capabilities], policy: Policy
) -> bool:
    return left.value != right.value and (
        project(field, {field: left.value}, _caps(right, caps), policy.zone, right.value) == right.value
    )


def _winner(contenders: Sequence[ConflictValue], policy: Policy) -> ConflictValue | None:
    if policy.conflict == "manual":
        return None
    for contender in contenders:
        if contender.replica == policy.conflict:
            return contender
    rank = {replica: place for place, replica in enumerate(policy.replicas)}
    return min(contenders, key=lambda c: (-_instant(c.at), rank.get(c.replica, len(rank))))


def _instant(at: datetime | None) -> float:
    return at.timestamp() if at else 0.0
