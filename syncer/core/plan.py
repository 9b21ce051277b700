"""`plan()`: from what is known and what is shown to what would be done. Pure: same input, same plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from syncer.core import guards
from syncer.core.actions import Plan, Refusal, ordered
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
from syncer.core.reconcile import Verdict, World, creation, reconcile

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
    refusals += [*guards.first_link(material.known, readings, sightings, policy), *losses]
    refusals += [refused.refusal for refused in fields]
    world = _world(material, readings, policy, fields)
    lost = frozenset(refusal.replica for refusal in losses if refusal.replica)
    verdicts = [_judge(subject.known[item], _spare(scene, lost), world, material) for item, scene in scenes.items()]
    return _assemble(material, policy, sightings, canonical, verdicts, refusals, subject)


def _believable(material: Material, policy: Policy) -> tuple[dict[str, Reading], list[Refusal]]:
    refusals = guards.unbelievable(material.readings, material.last, policy)
    stopped = {refusal.replica for refusal in refusals}
    return {name: r for name, r in material.readings.items() if name not in stopped}, refusals


def _world(
    material: Material, readings: Mapping[str, Reading], policy: Policy, refused: Iterable[guards.FieldRefusal]
) -> World:
    stopped = {(r.replica, r.field) for r in refused}
    return World(
        policy,
        material.capabilities,
        {name: frozenset(f for f in r.holds if (name, f) not in stopped) for name, r in readings.items()},
        frozenset(name for name, r in readings.items() if r.complete),
        material.now,
    )


def _scene(
    task: Known, readings: Mapping[str, Reading], sightings: Sightings, canonical: Canonical, material: Material
) -> Scene:
    live: dict[str, Sight] = {}
    found: dict[Presence, set[str]] = {presence: set() for presence in Presence}
    for replica, shown in sightings.seen.get(task.item, {}).items():
        sight = None if shown.archived else canonical.see(replica, shown, task)
        if shown.archived:
            found[Presence.ARCHIVED].add(replica)
        elif sight is not None:
            live[replica] = sight
        else:
            found[Presence.PRESENT].add(replica)
    for replica, link in task.links.items():
        if replica not in sightings.seen.get(task.item, {}):
            presence = material.presences.get((replica, link.remote_id), Presence.PRESENT)
            known_absent = absent(task, replica, readings, sightings)
            found[presence if known_absent else Presence.PRESENT].add(replica)
    return Scene(
        live,
        frozenset(found[Presence.ARCHIVED]),
        frozenset(found[Presence.GONE]),
        frozenset(found[Presence.ELSEWHERE]),
        frozenset(found[Presence.PRESENT]),
    )


def _spare(scene: Scene, stopped: frozenset[str]) -> Scene:
    """The scene without losses in replicas where a guard refused them."""
    if not stopped & (scene.archived | scene.gone):
        return scene
    return replace(
        scene,
        archived=scene.archived - stopped,
        gone=scene.gone - stopped,
        unknown=scene.unknown | (stopped & (scene.archived | scene.gone)),
    )


def _judge(task: Known, scene: Scene, world: World, material: Material) -> Verdict:
    if not task.links:
        return _adopt(task, scene, world, material)
    fate = decide(task, scene, world)
    if not fate.lives:
        return Verdict(fate.known, fate.actions, notices=fate.notices, waiting=fate.waiting)
    return _live(fate, scene, world, material)


def _adopt(task: Known, scene: Scene, world: World, material: Material) -> Verdict:
    if not scene.live:
        return Verdict(task)
    unmapped = all(Field.STAGE in s.unreadable or Field.STAGE not in s.fields for s in scene.live.values()) and any(
        Field.STAGE in s.unreadable for s in scene.live.values()
    )
    untitled = not any(Field.TITLE in sight.fields for sight in scene.live.values())
    if unmapped or untitled:  # already reported; nothing is created from what cannot be understood
        return Verdict(task, waiting=True)
    verdict = reconcile(task, scene.live, world)
    _spread(verdict, scene, world, material, f"new in {', '.join(sorted(scene.live))}")
    return verdict


def _live(fate: Fate, scene: Scene, world: World, material: Material) -> Verdict:
    verdict = reconcile(fate.known, scene.live, world)
    verdict.notices = fate.notices + verdict.notices
    unsure = any(fate.known.links[r].state is LinkState.LIVE for r in scene.unknown if r in fate.known.links)
    verdict.waiting |= unsure or fate.waiting
    _spread(verdict, scene, world, material, "missing there")
    return verdict


def _spread(verdict: Verdict, scene: Scene, world: World, material: Material, cause: str) -> None:
    """Bring the task into the replicas that have no living object of it."""
    known = verdict.known
    done = known.hub.get(Field.DONE)
    for replica in world.policy.replicas:
        link = known.links.get(replica)
        if replica in scene.live or replica not in world.complete or (replica, known.item) in material.pending:
            continue
        if link is None or link.state is LinkState.GONE:
            action = creation(known, replica, world, "restored after an edit" if link else cause)
        elif link.state is LinkState.ARCHIVED and not (done and done.value):
            action = creation(known, replica, world, "reopened", EffectKind.RESTORE)
        else:
            continue
        nameless = tuple((r, known.item) for r, sight in scene.live.items() if sight.item.nameless)
        verdict.actions.append(replace(action, needs=action.needs + nameless))


def _assemble(
    material: Material, policy: Policy, sightings: Sightings, canonical: Canonical, verdicts: Sequence[Verdict],
    refusals: list[Refusal], subject: guards.Subject,
) -> Plan:  # fmt: skip
    actions = [action for verdict in verdicts for action in verdict.actions]
    created = guards.mass_creation(actions, subject)
    actions = guards.spared(actions, created, lambda a: "mass-create" if a.kind is EffectKind.CREATE else "")
    before = {task.item: task for task in material.known}
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
    )


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
    return any(refusal.guard in ("adoption", "identity", MOVED) for refusal in plan.refusals)
