"""`plan()`: from what is known and what is shown to what would be done. Pure: same input, same plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from syncer.core import guards
from syncer.core.actions import Action, Plan, Refusal, ordered
from syncer.core.fate import Fate, Scene, decide
from syncer.core.identify import Sightings, identify
from syncer.core.model import (
    Capabilities,
    Conflict,
    ConflictState,
    EffectKind,
    Field,
    Known,
    LastReading,
    LinkState,
    Notice,
    Presence,
    Reading,
)
from syncer.core.observe import Canonical, Sight, absent
from syncer.core.policy import Policy
from syncer.core.projection import too_long
from syncer.core.reconcile import Verdict, World, creation, reconcile, too_long_notice

MOVED = "plan"
"""Not a guard that can be lifted: the plan that was accepted is not the one that would be carried out now."""


@dataclass(frozen=True)
class Material:
    """All that a plan is derived from."""

    known: Sequence[Known]
    readings: Mapping[str, Reading]
    """Replica → its reading; a replica that could not be read is left out."""
    capabilities: Mapping[str, Capabilities]
    now: datetime
    presences: Mapping[tuple[str, str], Presence] = field(default_factory=dict)
    """(replica, remote id) → what a look by id showed."""
    last: Mapping[str, LastReading] = field(default_factory=dict)
    open_conflicts: Sequence[Conflict] = ()
    pending: frozenset[tuple[str, str]] = frozenset()
    """(replica, item) pairs with an intent still in doubt: nothing may be created there."""


def suspects(material: Material, policy: Policy) -> tuple[list[tuple[str, str]], list[Refusal]]:
    """The (replica, remote id) pairs that complete readings do not show and that have to be looked up by id."""
    readings, _ = _believable(material, policy)
    sightings = identify(material.known, readings, policy)
    missing = [
        (replica, task.links[replica].remote_id)
        for task in material.known
        for replica in policy.replicas
        if not task.dead and absent(task, replica, readings, sightings) and task.links[replica].state is LinkState.LIVE
    ]
    subject = guards.Subject({task.item: task for task in material.known}, {}, policy)
    counts = {name: sum(replica == name for replica, _ in missing) for name in policy.replicas}
    refusals = guards.too_many_missing({name: n for name, n in counts.items() if n}, subject)
    stopped = {refusal.replica for refusal in refusals}
    return [pair for pair in missing if pair[0] not in stopped], refusals


def plan(material: Material, policy: Policy) -> Plan:
    """The ordered actions of one pass."""
    readings, refusals = _believable(material, policy)
    sightings = identify(material.known, readings, policy)
    canonical = Canonical(sightings, policy)
    scenes = {
        item: _scene(task, readings, sightings, canonical, material)
        for item, task in sorted(sightings.known.items())
        if not task.dead
    }
    subject = guards.Subject(sightings.known, scenes, policy)
    fields = guards.mass_changes(subject)
    losses = guards.mass_losses(subject)
    refusals += [*guards.first_link(material.known, readings, material.last, sightings, policy), *losses]
    refusals += [refused.refusal for refused in fields]
    world = _world(material, readings, policy, fields, frozenset(sightings.unclear))
    lost = frozenset(refusal.replica for refusal in losses if refusal.replica)
    verdicts = [_judge(subject.known[item], _spare(scene, lost), world, material) for item, scene in scenes.items()]
    return _assemble(material, policy, sightings, canonical, verdicts, refusals, subject)


def _believable(material: Material, policy: Policy) -> tuple[dict[str, Reading], list[Refusal]]:
    refusals = guards.unbelievable(material.readings, material.known, material.last, policy)
    stopped = {refusal.replica for refusal in refusals}
    return {name: r for name, r in material.readings.items() if name not in stopped}, refusals


def _world(
    material: Material, readings: Mapping[str, Reading], policy: Policy, refused: Iterable[guards.FieldRefusal],
    unclear: frozenset[tuple[str, str]],
) -> World:  # fmt: skip
    stopped = {(r.replica, r.field) for r in refused}
    return World(
        policy,
        material.capabilities,
        {name: frozenset(f for f in r.holds if (name, f) not in stopped) for name, r in readings.items()},
        {name: r.holds for name, r in readings.items()},
        frozenset(name for name, r in readings.items() if r.complete),
        material.now,
        unclear,
        {(c.item, c.field): c for c in material.open_conflicts},
    )


def _scene(
    task: Known, readings: Mapping[str, Reading], sightings: Sightings, canonical: Canonical, material: Material
) -> Scene:
    live: dict[str, Sight] = {}
    closed: dict[str, Sight] = {}
    found: dict[Presence, set[str]] = {presence: set() for presence in Presence}
    for replica, shown in sightings.seen.get(task.item, {}).items():
        sight = canonical.see(replica, shown, task)
        if sight is None:
            found[Presence.PRESENT].add(replica)
        elif shown.archived:
            found[Presence.ARCHIVED].add(replica)
            closed[replica] = sight
        else:
            live[replica] = sight
    for replica, link in task.links.items():
        if replica in material.capabilities and replica not in sightings.seen.get(task.item, {}):
            presence = material.presences.get((replica, link.remote_id), Presence.PRESENT)
            known_absent = absent(task, replica, readings, sightings)
            found[presence if known_absent else Presence.PRESENT].add(replica)
    return Scene(
        live,
        frozenset(found[Presence.ARCHIVED]),
        frozenset(found[Presence.GONE]),
        frozenset(found[Presence.ELSEWHERE]),
        frozenset(found[Presence.PRESENT]),
        {r: sight for r, sight in closed.items() if r in task.links and task.links[r].state is LinkState.LIVE},
    )


def _spare(scene: Scene, stopped: frozenset[str]) -> Scene:
    """The scene without losses in replicas where a guard refused them."""
    if not stopped & (scene.archived | scene.gone):
        return scene
    return replace(
        scene,
        archived=scene.archived - stopped,
        closed={replica: sight for replica, sight in scene.closed.items() if replica not in stopped},
        gone=scene.gone - stopped,
        unknown=scene.unknown | (stopped & (scene.archived | scene.gone)),
    )


def _judge(task: Known, scene: Scene, world: World, material: Material) -> Verdict:
    if not task.links:
        return _adopt(task, scene, world, material)
    fate = decide(task, scene, world)
    if not fate.lives:
        standing = [c for (item, _), c in world.open.items() if item == task.item and fate.waiting]
        return Verdict(fate.known, fate.actions, standing, fate.notices, fate.waiting)
    return _live(fate, scene, world, material)


def _adopt(task: Known, scene: Scene, world: World, material: Material) -> Verdict:
    if not scene.live:
        return Verdict(_forgotten(task, world, material))
    unmapped = all(Field.STAGE in s.unreadable or Field.STAGE not in s.fields for s in scene.live.values()) and any(
        Field.STAGE in s.unreadable for s in scene.live.values()
    )
    if unmapped:  # already reported; nothing is created from what cannot be understood
        return Verdict(task, waiting=True, held=True)
    if not any(sight.fields.get(Field.TITLE) for sight in scene.live.values()):
        places = [sight.item.place for sight in scene.live.values()]
        return Verdict(
            task, waiting=True, held=True, notices=[Notice(p, "it has no title", "give it one") for p in places]
        )
    verdict = reconcile(task, scene.live, world)
    _spread(verdict, scene, world, material, f"new in {', '.join(sorted(scene.live))}")
    return verdict


def _forgotten(task: Known, world: World, material: Material) -> Known:
    """A row that was deleted before an identity could be written into it is gone for good."""
    sure = world.complete.issuperset(world.policy.replicas)
    return replace(task, dead=sure and not any(item == task.item for _, item in material.pending))


def _live(fate: Fate, scene: Scene, world: World, material: Material) -> Verdict:
    verdict = reconcile(fate.known, scene.live, world, scene.closed)
    verdict.notices = fate.notices + verdict.notices
    unsure = any(fate.known.links[r].state is LinkState.LIVE for r in scene.unknown if r in fate.known.links)
    verdict.waiting |= unsure or fate.waiting
    _spread(verdict, scene, world, material, "missing there")
    return verdict


def _spread(verdict: Verdict, scene: Scene, world: World, material: Material, cause: str) -> None:
    """Bring the task into the replicas that have no living object of it."""
    known = verdict.known
    nameless = tuple((r, known.item) for r, sight in scene.live.items() if sight.item.nameless)
    for replica in _lacking(known, scene, world, material):
        notice = _untold(known, replica, world)
        if notice:
            verdict.notices += [notice]
        else:
            action = _bring(known, replica, world, cause)
            verdict.actions.append(replace(action, needs=action.needs + nameless))


def _bring(known: Known, replica: str, world: World, cause: str) -> Action:
    link = known.links.get(replica)
    if link and link.state is LinkState.ARCHIVED:
        return creation(known, replica, world, "reopened", EffectKind.RESTORE)
    return creation(known, replica, world, "restored after an edit" if link else cause)


def _lacking(known: Known, scene: Scene, world: World, material: Material) -> Iterator[str]:
    """The replicas that surely have no living object of the task and should have one."""
    done = known.hub.get(Field.DONE)
    finished = bool(done and done.value)
    for replica in world.policy.replicas:
        unsure = {(replica, known.item)} & (material.pending | world.unclear)
        if replica not in world.complete or replica in scene.live or unsure:
            continue
        state = known.links[replica].state if replica in known.links else LinkState.GONE
        if state is LinkState.GONE or (state is LinkState.ARCHIVED and not finished):
            yield replica


def _untold(known: Known, replica: str, world: World) -> Notice | None:
    """Why a task cannot be created in a replica: people must be able to tell what it is."""
    title = known.hub.get(Field.TITLE)
    if title is None:
        return Notice(f'"{known.title}"', "its title is in conflict", "settle the conflict; it is created then")
    if too_long(Field.TITLE, title.value, world.caps[replica]):
        return too_long_notice(Field.TITLE, f'"{known.title}" for {replica}', world.caps[replica])
    return None


def _assemble(
    material: Material, policy: Policy, sightings: Sightings, canonical: Canonical, verdicts: Sequence[Verdict],
    refusals: list[Refusal], subject: guards.Subject,
) -> Plan:  # fmt: skip
    actions = [action for verdict in verdicts for action in verdict.actions]
    before = {task.item: task for task in material.known}
    created = guards.mass_creation([action for action in actions if action.item not in before], subject)
    if created:  # what is new stays unheard of, so that the next pass refuses it too
        verdicts = [verdict for verdict in verdicts if verdict.known.item in before]
        actions = [action for action in actions if action.item in before]
    actions = _with_parents_at_hand(actions, verdicts)
    settled = tuple(v.known for v in verdicts if v.known != before.get(v.known.item) and v.known.hub)
    conflicts = [conflict for verdict in verdicts for conflict in verdict.conflicts]
    acting = {action.item for action in actions}
    return Plan(
        policy.campaign,
        ordered(actions, policy.replicas),
        settled,
        tuple(conflicts) + _resolved(material, conflicts),
        tuple(refusals + created),
        _notices(material, sightings, canonical, verdicts),
        unchanged=sum(v.known.item not in acting and not v.waiting and not v.known.away for v in verdicts),
        waiting=sum(v.waiting for v in verdicts) + sightings.held,
        held=sum(v.held for v in verdicts) + sightings.held,
    )


def _with_parents_at_hand(actions: Sequence[Action], verdicts: Sequence[Verdict]) -> list[Action]:
    """Children whose parent is not in the replica, nor comes there in this pass, go without it for now."""
    there = {
        (replica, verdict.known.item)
        for verdict in verdicts
        for replica, link in verdict.known.links.items()
        if link.state in (LinkState.LIVE, LinkState.ARCHIVED)
    }
    there |= {action.key for action in actions if action.kind in (EffectKind.CREATE, EffectKind.IDENTIFY)}
    fitted = [a if a.parent is None or a.parent in there else a.orphaned() for a in actions]
    return [action for action in fitted if action.changes or action.kind is not EffectKind.UPDATE]


def _resolved(material: Material, fired: Sequence[Conflict]) -> tuple[Conflict, ...]:
    """Open conflicts whose values do not stand against each other any more."""
    still = {conflict.id for conflict in fired}
    return tuple(replace(c, state=ConflictState.SETTLED) for c in material.open_conflicts if c.id not in still)


def _notices(
    material: Material, sightings: Sightings, canonical: Canonical, verdicts: Sequence[Verdict]
) -> tuple[Notice, ...]:
    notices = [notice for reading in material.readings.values() for notice in reading.notices]
    notices += sightings.notices + canonical.notices
    notices += [notice for verdict in verdicts for notice in verdict.notices]
    return tuple(sorted(set(notices), key=lambda n: (n.place, n.problem)))


def blocked(plan: Plan) -> bool:
    """Whether a guard stops the whole plan: nothing of it may be settled or carried out."""
    whole = ("adoption", "identity", MOVED)
    return any(refusal.guard in whole and refusal.replica is None for refusal in plan.refusals)
