"""Which remote object is which task: by link first, by the identity it carries, then by title and date.

Titles and row numbers are never identity once a task is linked. What is ambiguous is left alone and reported.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2s

from syncer.core.fields import encode
from syncer.core.model import Field, Item, Known, LinkState, Notice, Reading
from syncer.core.policy import Policy
from syncer.core.stages import stage_key


@dataclass
class Sightings:
    """The pass's objects sorted by task."""

    seen: dict[str, dict[str, Item]] = field(default_factory=dict)
    """Item → replica → what it shows there."""
    known: dict[str, Known] = field(default_factory=dict)
    """Item → what was known of it; new tasks have an empty one."""
    matched: set[str] = field(default_factory=set)
    """Tasks that were joined from several replicas in this pass."""
    notices: list[Notice] = field(default_factory=list)
    held: int = 0
    """Objects that could not be told apart."""
    unclear: set[tuple[str, str]] = field(default_factory=set)
    """(replica, item): the task may be one of the objects there that could not be told apart."""
    foreign: list[Item] = field(default_factory=list)
    """Objects carrying an identity that this state has never given."""
    taken: set[str] = field(default_factory=set)
    """Keys that no new task may get."""

    def put(self, item: str, replica: str, shown: Item) -> None:
        """Record that a task was seen."""
        self.seen.setdefault(item, {})[replica] = shown
        self.taken.add(item)


def identify(known: Sequence[Known], readings: Mapping[str, Reading], policy: Policy) -> Sightings:
    """Sort every object of the readings to a task, old or new."""
    result = Sightings(known={task.item: task for task in known})
    result.taken = {task.item for task in known if task.links or task.dead}
    links = {(replica, link.remote_id): task.item for task in known for replica, link in task.links.items()}
    strangers: list[tuple[str, Item]] = []
    for replica in policy.replicas:
        for shown in readings[replica].items if replica in readings else ():
            item = None if shown.nameless else links.get((replica, shown.remote_id))
            if item is not None:
                result.put(item, replica, shown)
            elif not shown.archived:
                strangers.append((replica, shown))
    strangers = _by_identity(strangers, result)
    complete = {name for name, reading in readings.items() if reading.complete}
    _place(_take_up(strangers, complete, result), result, policy)
    _bury(result)
    return result


def _by_identity(strangers: Iterable[tuple[str, Item]], result: Sightings) -> list[tuple[str, Item]]:
    """Take out the objects that carry one of our identities (a sheet's ID column)."""
    rest = []
    for replica, shown in strangers:
        task = result.known.get(shown.remote_id)
        if shown.nameless or not _looks_ours(shown.remote_id):
            rest.append((replica, shown))
        elif task is None:
            result.foreign.append(shown)
            result.held += 1
            result.notices.append(_foreign(shown))
        elif replica in task.links or task.dead or replica in result.seen.get(task.item, {}):
            result.held += 1
            result.notices.append(_revenant(shown))
        else:
            result.put(task.item, replica, shown)
    return rest


def _take_up(
    strangers: Iterable[tuple[str, Item]], complete: Collection[str], result: Sightings
) -> list[tuple[str, Item]]:
    """Take out the rows that lost their identity: they have the title of a task that is missing in that very place."""
    missing: dict[tuple[str, str], list[Known]] = {}
    for item, task in sorted(result.known.items()):
        for replica, link in task.links.items():
            gone = replica in complete and replica not in result.seen.get(item, {})
            if gone and link.state is LinkState.LIVE and not task.dead and not task.away:
                missing.setdefault((replica, stage_key(task.title)), []).append(task)
    rest = []
    for replica, shown in strangers:
        fitting = missing.get((replica, _title_key(shown)), []) if shown.nameless else []
        if not fitting:
            rest.append((replica, shown))
            continue
        task = next((task for task in fitting if _known_due(task) == _due_key(shown)), fitting[0])
        fitting.remove(task)
        result.put(task.item, replica, shown)
    return rest


def _foreign(shown: Item) -> Notice:
    return Notice(
        shown.place,
        "this row carries an ID that was never given here",
        "clear the ID cell to make it a new task, or delete the row",
    )


def _revenant(shown: Item) -> Notice:
    return Notice(
        shown.place,
        "this row carries the ID of a task that was deleted or moved elsewhere",
        "clear the ID cell to make it a new task, or delete the row",
    )


def _place(strangers: list[tuple[str, Item]], result: Sightings, policy: Policy) -> None:
    """Join what belongs together by title and date; everything else becomes a task of its own."""
    buckets: dict[str, list[tuple[str, Item]]] = {}
    for replica, shown in strangers:
        buckets.setdefault(_title_key(shown), []).append((replica, shown))
    waiting = _lacking(result, policy)
    for replica, shown in buckets.pop("", []):  # what has no title is like nothing else
        _new(replica, shown, result, policy)
    for key, group in buckets.items():
        _join(group, waiting.get(key, []), result, policy)


def _lacking(result: Sightings, policy: Policy) -> dict[str, list[str]]:
    """By title: the living tasks that have an object somewhere, but none yet in some replica."""
    lacking: dict[str, list[str]] = {}
    for item, task in sorted(result.known.items()):
        if (
            task.dead
            or task.away
            or not (task.links or item in result.seen)
            or all(replica in task.links for replica in policy.replicas)
        ):
            continue
        lacking.setdefault(stage_key(task.title), []).append(task.item)
    return lacking


def _join(group: list[tuple[str, Item]], waiting: list[str], result: Sightings, policy: Policy) -> None:
    free = [item for item in waiting if not any(replica in result.known[item].links for replica, _ in group)]
    replicas = [replica for replica, _ in group]
    alone = len(set(replicas)) == 1 and not free
    if alone:
        for replica, shown in group:
            _new(replica, shown, result, policy)
    elif len(set(replicas)) == len(replicas) and len(free) <= 1:
        _join_one(group, free, result, policy)
    else:
        _join_by_date(group, free, result, policy)


def _join_one(group: list[tuple[str, Item]], free: list[str], result: Sightings, policy: Policy) -> None:
    if free:
        item = free[0]
        for replica, shown in group:
            result.put(item, replica, shown)
    else:
        item = _new(*group[0], result, policy)
        for replica, shown in group[1:]:
            result.put(item, replica, shown)
    if len(group) > 1 or free:
        result.matched.add(item)


def _join_by_date(group: list[tuple[str, Item]], free: list[str], result: Sightings, policy: Policy) -> None:
    """Several objects of one title: those whose due date is told apart are joined, the rest is for a person."""
    by_due: dict[str, list[tuple[str, Item]]] = {}
    for replica, shown in group:
        by_due.setdefault(_due_key(shown), []).append((replica, shown))
    for due, part in by_due.items():
        parts = [item for item in free if _known_due(result.known[item]) == due]
        replicas = [replica for replica, _ in part]
        if len(set(replicas)) == len(replicas) and len(parts) <= 1 and len(by_due) > 1:
            _join_one(part, parts, result, policy)
        else:
            result.held += len(part)
            result.notices += [_ambiguous(shown) for _, shown in part]
            result.unclear.update((replica, item) for replica in replicas for item in parts or free)


def _ambiguous(shown: Item) -> Notice:
    return Notice(
        shown.place,
        "several tasks have this title, so it is not clear which one this is",
        "give each of them its own title (or its own due date); nothing was created or changed for it",
    )


def _new(replica: str, shown: Item, result: Sightings, policy: Policy) -> str:
    """A new task; its key is derived from where it was first seen, so that a plan is the same however often made."""
    item = fresh_key(policy.campaign, replica, shown, result.taken)
    result.known[item] = Known(item)
    result.put(item, replica, shown)
    return item


def fresh_key(campaign: str, replica: str, shown: Item, taken: Collection[str]) -> str:
    """A key no task has yet: `t-` and 12 hexadecimal digits."""
    for attempt in range(len(taken) + 1):
        text = "\x1f".join((campaign, replica, shown.remote_id, str(attempt)))
        key = f"t-{blake2s(text.encode('utf-8', 'surrogatepass'), digest_size=6).hexdigest()}"
        if key not in taken:
            return key
    raise AssertionError("more keys tried than there are tasks")


def _looks_ours(remote_id: str) -> bool:
    return len(remote_id) == 14 and remote_id.startswith("t-")


def _bury(result: Sightings) -> None:
    """A tombstone that shows up again is not brought back by itself."""
    for item in [item for item in result.seen if result.known[item].dead]:
        shown = result.seen.pop(item)
        live = [it for it in shown.values() if not it.archived]
        result.held += bool(live)
        result.notices += [_revenant(it) for it in live]


def _title_key(shown: Item) -> str:
    title = shown.fields.get(Field.TITLE)
    return stage_key(title) if isinstance(title, str) else ""


def _due_key(shown: Item) -> str:
    return str(encode(shown.fields.get(Field.DUE)))


def _known_due(task: Known) -> str:
    value = task.hub.get(Field.DUE)
    return str(encode(value.value if value else None))
