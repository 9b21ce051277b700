"""The checks that can refuse what they guard; each has a reason in plain words and a name that lifts it for one run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from syncer.core.actions import Action, Refusal
from syncer.core.fate import Scene, losses, tidied
from syncer.core.identify import Sightings
from syncer.core.model import EffectKind, Field, Known, LastReading, LinkState, Reading
from syncer.core.policy import Policy

_FLOOR = 5
"""A change to this many items is never called a mass change."""


@dataclass(frozen=True)
class Subject:
    """What the guards look at before anything is decided."""

    known: Mapping[str, Known]
    scenes: Mapping[str, Scene]
    policy: Policy

    def linked(self, replica: str) -> int:
        """How many tasks live in the replica as far as is known."""
        return sum(
            1 for task in self.known.values() if replica in task.links and task.links[replica].state is LinkState.LIVE
        )


def unbelievable(
    readings: Mapping[str, Reading], known: Sequence[Known], last: Mapping[str, LastReading], policy: Policy
) -> list[Refusal]:
    """Complete readings that show nothing, or far less than before: taken for failures, not for deletions."""
    live = {name: _shown(reading, known) for name, reading in readings.items()}
    linked = Counter(r for task in known for r, link in task.links.items() if link.state is LinkState.LIVE)
    refusals = []
    for name in policy.replicas:
        before = max(last[name].items if name in last else 0, linked[name])
        if name not in readings or not readings[name].complete or not before:
            continue
        if _another_place(readings[name], known) and "identity" not in policy.allow:
            reason = f"{name} shows none of the {linked[name]} tasks it is linked with but others; is it another place?"
            refusals.append(Refusal("identity", reason, name))
            continue
        if live[name] == 0 and "empty" not in policy.allow and any(live.values()):
            reason = f"{name} shows no tasks at all, where {before} were before; it is left alone"
            refusals.append(Refusal("empty", reason, name))
        elif 0 < live[name] < before / 2 and before - live[name] > _FLOOR and "shrunken" not in policy.allow:
            reason = (
                f"{name} shows {live[name]} tasks, where {before} were before; nothing is read from or written to it"
            )
            refusals.append(Refusal("shrunken", reason, name))
    return refusals


def _another_place(reading: Reading, known: Sequence[Known]) -> bool:
    """Whether a reading shows objects with identities of their own, and not one that is linked."""
    linked = {link.remote_id for task in known if (link := task.links.get(reading.replica))}
    named = {item.remote_id for item in reading.items if not item.nameless}
    return len(linked) > 1 and bool(named) and not named & linked


def _shown(reading: Reading, known: Sequence[Known]) -> int:
    """How many objects a reading accounts for: the living ones, and those put away since the last pass."""
    links = (task.links.get(reading.replica) for task in known)
    living = {link.remote_id for link in links if link and link.state is LinkState.LIVE}
    return sum(not item.archived or item.remote_id in living for item in reading.items)


def too_many_missing(missing: Mapping[str, int], subject: Subject) -> list[Refusal]:
    """Replicas where more tasks are missing than one pass may delete; they are not even looked up one by one."""
    return _mass("mass-delete", "are gone", missing, subject)


def mass_losses(subject: Subject) -> list[Refusal]:
    """Replicas where more was deleted or put away than one pass may pass on."""
    gone: Counter[str] = Counter()
    archived: Counter[str] = Counter()
    for item, scene in subject.scenes.items():
        task = subject.known[item]
        lost = losses(task, scene)
        gone.update(lost & scene.gone)
        if not tidied(task, scene, subject.policy):
            archived.update(lost & scene.archived)
    return _mass("mass-delete", "are gone", gone, subject) + _mass("mass-archive", "were archived", archived, subject)


def _mass(guard: str, what: str, counts: Mapping[str, int], subject: Subject) -> list[Refusal]:
    refusals = []
    for replica, count in sorted(counts.items()):
        allowed = subject.policy.max_delete.of(subject.linked(replica), _FLOOR)
        if count > allowed and guard not in subject.policy.allow:
            reason = f"{count} tasks {what} in {replica}, more than the {allowed} of one pass"
            refusals.append(Refusal(guard, reason, replica))
    return refusals


@dataclass(frozen=True)
class FieldRefusal:
    """A field of a replica whose edits are not taken over in this pass."""

    refusal: Refusal
    replica: str
    field: Field


def mass_changes(subject: Subject) -> list[FieldRefusal]:
    """Fields changed in most of a replica's tasks at once: a bad paste, a sort of one column, a change of zone."""
    changed: Counter[tuple[str, Field]] = Counter()
    completed: Counter[str] = Counter()
    for item, scene in subject.scenes.items():
        for replica, sight in scene.live.items():
            link = subject.known[item].links.get(replica)
            for of, value in sight.fields.items() if link else ():
                off = subject.policy.direction(of) == "off"
                if link and not off and of in link.agreed and value != link.agreed[of].base:
                    changed[replica, of] += 1
                    completed[replica] += of is Field.DONE and value is True
    result = []
    for (replica, of), count in sorted(changed.items()):
        allowed = subject.policy.max_change.of(subject.linked(replica), _FLOOR)
        guard = "mass-complete" if of is Field.DONE and completed[replica] > allowed else "mass-change"
        if count > allowed and guard not in subject.policy.allow:
            reason = f"{of} changed in {count} tasks in {replica} at once, more than the {allowed} of one pass"
            result.append(FieldRefusal(Refusal(guard, reason, replica), replica, of))
    return result


def first_link(
    known: Sequence[Known], readings: Mapping[str, Reading], last: Collection[str], sightings: Sightings, policy: Policy
) -> list[Refusal]:
    """The first pass over a place that is already full, or that carries identities this state has never given."""
    linked = {replica for task in known for replica in task.links}
    refusals = []
    if not linked and sightings.foreign and "identity" not in policy.allow:
        reason = (
            f"{len(sightings.foreign)} rows carry IDs this state does not know (first: {sightings.foreign[0].place});"
            " the state may have been lost: restore it, or clear the ID column to begin anew"
        )
        refusals.append(Refusal("identity", reason))
    full = [name for name in policy.replicas if name in readings and any(not i.archived for i in readings[name].items)]
    new = [name for name in full if name not in linked and name not in last]
    if new and len(full) > 1 and "adoption" not in policy.allow:
        reason = (
            f"this is the first pass over {', '.join(new)} and tasks are already in {', '.join(full)}; look at the"
            " plan, then accept it with `sync --apply FILE` or `sync --allow adoption`"
        )
        refusals.append(Refusal("adoption", reason))
    return refusals


def mass_creation(actions: Sequence[Action], subject: Subject) -> list[Refusal]:
    """More new tasks in one replica than one pass may create, once the campaign is linked there. `actions` are those
    of tasks first seen in this pass: what an interrupted pass has left to do is no news."""
    counts = Counter(action.replica for action in actions if action.kind is EffectKind.CREATE)
    refusals = []
    for replica, count in sorted(counts.items()):
        if count > subject.policy.max_create and subject.linked(replica) and "mass-create" not in subject.policy.allow:
            reason = (
                f"{count} tasks would be created in {replica}, more than the {subject.policy.max_create} of one pass"
            )
            refusals.append(Refusal("mass-create", reason, replica))
    return refusals
