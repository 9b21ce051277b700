"""One living task over all replicas: merge its fields, and say what each replica still lacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from hashlib import blake2s
from types import MappingProxyType

from syncer.core.actions import Action, Change
from syncer.core.completion import settle_completion
from syncer.core.fields import empty, encode
from syncer.core.merge import Merged, Side, merge
from syncer.core.model import (
    Agreed,
    Capabilities,
    Conflict,
    ConflictState,
    EffectKind,
    Field,
    HubValue,
    Known,
    Link,
    LinkState,
    Notice,
    Value,
)
from syncer.core.observe import Sight
from syncer.core.policy import Policy
from syncer.core.projection import project, too_long


@dataclass
class Verdict:
    """What the pass makes of one task."""

    known: Known
    actions: list[Action] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    waiting: bool = False
    held: bool = False
    """Nothing can be done about it until a person acts."""


@dataclass(frozen=True)
class World:
    """What reconciling any task of the pass depends on."""

    policy: Policy
    caps: Mapping[str, Capabilities]
    holds: Mapping[str, frozenset[Field]]
    """Replica → the fields that take part in this pass there."""
    offers: Mapping[str, frozenset[Field]]
    """Replica → the fields it has at present, those too that a guard keeps out of this pass."""
    complete: frozenset[str]
    """Replicas whose reading was complete, so that what it does not show may be created."""
    now: datetime
    unclear: frozenset[tuple[str, str]] = frozenset()
    """(replica, item): an object there that cannot be told apart may be the task's."""
    open: Mapping[tuple[str, Field], Conflict] = field(default_factory=dict)
    """(item, field) → the conflict that waits for a person."""


def reconcile(
    known: Known, sights: Mapping[str, Sight], world: World, closed: Mapping[str, Sight] = MappingProxyType({})
) -> Verdict:
    """Merge every field, record what is agreed, and plan the writes. `sights` shows the living objects; `closed` those
    put away since the last pass, whose last edits count but which are not written."""
    verdict = Verdict(known)
    merged = {f: _merge_field(f, known, {**closed, **sights}, world) for f in Field}
    _record_conflicts(known, merged, world, verdict)
    hub = {f: m.hub for f, m in merged.items() if m.hub is not None}
    held = frozenset(f for f, m in merged.items() if m.held)
    hub, reopen = settle_completion(known, hub, held, sights, world.policy)
    verdict.known = replace(known, hub=hub, reopen_stage=reopen)
    for replica, sight in sights.items():
        _agree(replica, sight, held, world, verdict)
    for replica, sight in closed.items():
        _remember(replica, sight, held, verdict)
    return verdict


def _remember(replica: str, sight: Sight, held: frozenset[Field], verdict: Verdict) -> None:
    """Note what an object showed when it was put away."""
    known = verdict.known
    link = known.links[replica]
    shown = {of: sight.fields[of] for of in link.agreed.keys() & sight.fields.keys() - held}
    agreed = {**link.agreed, **{of: _observed(link.agreed[of], value) for of, value in shown.items()}}
    verdict.known = replace(known, links={**known.links, replica: replace(link, agreed=agreed)})


def _merge_field(of: Field, known: Known, sights: Mapping[str, Sight], world: World) -> Merged:
    sides = [
        _side(of, replica, known, sights[replica], world)
        for replica in world.policy.replicas
        if replica in sights and of in world.holds[replica] and of in sights[replica].fields
    ]
    standing = world.open.get((known.item, of))
    if standing and _hidden(standing, known, {side.replica for side in sides}, world):
        return Merged(known.hub.get(of), standing.values, held=True)
    return merge(of, known.hub.get(of), sides, world.caps, world.policy)


def _hidden(standing: Conflict, known: Known, visible: set[str], world: World) -> bool:
    """Whether a conflict that waits for a person cannot be judged, because one of its sides cannot be seen now."""
    sides = {value.replica for value in standing.values} - visible
    living = {replica for replica, link in known.links.items() if link.state is LinkState.LIVE}
    return bool(sides & living & set(world.policy.replicas))


def _side(of: Field, replica: str, known: Known, sight: Sight, world: World) -> Side:
    link = None if sight.item.nameless else known.links.get(replica)
    agreed = link.agreed.get(of) if link else None
    counts = agreed is None or world.policy.reads(replica, of)
    return Side(replica, sight.fields[of], agreed, sight.item.changed_at or world.now, sight.item.changed_by, counts)


def _record_conflicts(known: Known, merged: Mapping[Field, Merged], world: World, verdict: Verdict) -> None:
    title = merged[Field.TITLE].hub
    for of, result in merged.items():
        if result.contenders:
            verdict.conflicts.append(_conflict(known, of, result, str(title.value) if title else known.item, world))
        verdict.waiting |= result.held


def _conflict(known: Known, of: Field, result: Merged, title: str, world: World) -> Conflict:
    sides = "\x1f".join(f"{c.replica}={encode(c.value)}" for c in result.contenders)
    # A settled conflict is one event in time; an open one is the same for as long as the same values stand.
    moment = "" if result.held else world.now.isoformat()
    text = "\x1f".join((world.policy.campaign, known.item, of, sides, moment))
    key = f"c-{blake2s(text.encode('utf-8', 'surrogatepass'), digest_size=5).hexdigest()}"
    standing = world.open.get((known.item, of))
    if standing and standing.id == key:
        return standing
    return Conflict(
        id=key,
        campaign=world.policy.campaign,
        item=known.item,
        title=title,
        field=of,
        values=result.contenders,
        chosen=result.chosen,
        state=ConflictState.OPEN if result.held else ConflictState.SETTLED,
        at=world.now,
    )


def _agree(replica: str, sight: Sight, held: frozenset[Field], world: World, verdict: Verdict) -> None:
    """Settle the fields that need no write in this replica, and plan one action for those that do."""
    known = verdict.known
    # A row whose ID was lost is taken up anew: blank cells do not clear anything, and what differs is a conflict.
    link = (None if sight.item.nameless else known.links.get(replica)) or Link(sight.item.remote_id)
    agreed = {of: known_as for of, known_as in link.agreed.items() if of in world.offers[replica]}
    changes: dict[Field, Change] = {}
    hub = {of: value.value for of, value in known.hub.items()}
    stirred = _start_stirred(link, hub)
    for of in sorted(_concerned(replica, sight, held, hub, world)):
        wanted = _wanted(of, replica, sight, agreed.get(of), hub, world, stirred)
        if wanted == sight.fields[of]:
            agreed[of] = Agreed(sight.fields[of], hub[of])
        elif too_long(of, wanted, world.caps[replica]):
            verdict.notices.append(too_long_notice(of, sight.item.place, world.caps[replica]))
            agreed[of] = _observed(agreed.get(of), sight.fields[of])
        else:
            changes[of] = Change(sight.fields[of], wanted)
            agreed[of] = _observed(agreed.get(of), sight.fields[of])
    link = replace(link, agreed=agreed, url=sight.item.url or link.url, missing_since=None, state=LinkState.LIVE)
    if not sight.item.nameless:
        verdict.known = replace(known, links={**known.links, replica: link})
    _plan_write(replica, sight, link, changes, verdict)


def _concerned(
    replica: str, sight: Sight, held: frozenset[Field], hub: Mapping[Field, Value], world: World
) -> set[Field]:
    """The fields of this replica on which something can be agreed now."""
    policy = world.policy
    fields = {of for of in world.holds[replica] & sight.fields.keys() & hub.keys() if policy.direction(of) != "off"}
    if not policy.stages.knows(str(hub.get(Field.STAGE))):
        fields.discard(Field.STAGE)
    return fields - held


def _wanted(
    of: Field, replica: str, sight: Sight, agreed: Agreed | None, hub: Mapping[Field, Value], world: World,
    stirred: bool,
) -> Value:  # fmt: skip
    """What the replica should show; what it shows already where nothing is to be written."""
    shown, policy = sight.fields[of], world.policy
    again = of is Field.START and stirred
    if agreed is not None and (not policy.writes(replica, of) or (_settled(agreed, shown, hub[of]) and not again)):
        return shown
    if agreed is None and (policy.direction(of) == f"from:{replica}" or _finished_its_way(of, sight, hub, policy)):
        return shown
    if shown == hub[of] and not again:
        return shown
    return project(of, hub, world.caps[replica], policy.zone, shown)


def _start_stirred(link: Link, hub: Mapping[Field, Value]) -> bool:
    """Whether something changes on which it depends if the start can be shown."""
    return any(of in link.agreed and of in hub and link.agreed[of].hub != hub[of] for of in (Field.DUE, Field.KIND))


def _finished_its_way(of: Field, sight: Sight, hub: Mapping[Field, Value], policy: Policy) -> bool:
    """A task that is adopted as done keeps the sign of it that its people used (the tick or the stage)."""
    done = sight.fields.get(Field.DONE) is True or policy.stages.is_done(str(sight.fields.get(Field.STAGE)))
    return of in (Field.STAGE, Field.DONE) and done and hub.get(Field.DONE) is True


def _observed(agreed: Agreed | None, shown: Value) -> Agreed:
    """The edit seen here is in the hub now; the write back is still pending, and stays so over a crash."""
    return agreed if agreed is not None and agreed.base == shown else Agreed(shown, shown)


def _settled(agreed: Agreed, shown: Value, hub: Value) -> bool:
    """Nobody edited it here and nothing new is pending: the service simply shows it in a form of its own."""
    return agreed.hub == hub and agreed.base == shown


def too_long_notice(of: Field, place: str, caps: Capabilities) -> Notice:
    """Says that a text does not fit into a replica."""
    return Notice(
        place,
        f"the {of} is longer than the {caps.max_text} characters that fit there",
        "shorten it where it was written; it was not cut",
    )


def _plan_write(replica: str, sight: Sight, link: Link, changes: Mapping[Field, Change], verdict: Verdict) -> None:
    known, needs = verdict.known, _parent_needs(replica, changes)
    hub = {of: value.value for of, value in known.hub.items()}
    act = partial(
        Action, replica, item=known.item, title=known.title, remote_id=sight.item.remote_id, place=sight.item.place
    )
    if sight.item.nameless:
        needs += ((replica, known.item),)
        shown = Change(sight.fields.get(Field.TITLE), sight.fields.get(Field.TITLE))
        verdict.actions.append(
            act(
                kind=EffectKind.IDENTIFY,
                cause=f"new in {replica}",
                changes={Field.TITLE: shown},
                link=link,
                raw=sight.raw({Field.TITLE}),
            )
        )
    if changes:
        cause = _cause(replica, changes, known.hub)
        verdict.actions.append(
            act(
                kind=EffectKind.UPDATE,
                cause=cause,
                changes=changes,
                hub=_hub_of(changes, hub),
                needs=needs,
                link=link,
                raw=sight.raw(changes),
            )
        )


def _hub_of(fields: Mapping[Field, object], hub: Mapping[Field, Value]) -> dict[Field, Value]:
    return {of: hub[of] for of in fields if of in hub}


def _parent_needs(replica: str, changes: Mapping[Field, Change]) -> tuple[tuple[str, str], ...]:
    parent = changes.get(Field.PARENT)
    return ((replica, str(parent.new)),) if parent and parent.new else ()


def _cause(replica: str, changes: Mapping[Field, Change], hub: Mapping[Field, HubValue]) -> str:
    sources = sorted({hub[of].source for of in changes} - {replica})
    return "edited in " + ", ".join(sources) if sources else f"made consistent in {replica}"


def _carried(replica: str, hub: Mapping[Field, Value], world: World) -> set[Field]:
    """The fields that a new object in the replica can be given."""
    fields = {of for of in world.holds[replica] & hub.keys() if world.policy.direction(of) != "off"}
    if not world.policy.stages.knows(str(hub.get(Field.STAGE))):
        fields.discard(Field.STAGE)
    return {of for of in fields if not too_long(of, hub[of], world.caps[replica])}


def creation(known: Known, replica: str, world: World, origin: str, kind: EffectKind = EffectKind.CREATE) -> Action:
    """The action that brings a task into a replica where it has no (living) object."""
    hub = {of: value.value for of, value in known.hub.items()}
    caps, link = world.caps[replica], known.links.get(replica)
    restoring = link is not None and kind is EffectKind.RESTORE
    changes, carried = {}, {of: hub[of] for of in _carried(replica, hub, world)}
    for of in sorted(carried):
        wanted = project(of, hub, caps, world.policy.zone)
        if restoring or wanted != empty(of):
            changes[of] = Change(empty(of), wanted)
    return Action(
        replica,
        kind,
        known.item,
        known.title,
        link.remote_id if link and restoring else None,
        origin,
        changes,
        carried,
        _parent_needs(replica, changes),
        link=link if restoring else None,
    )
