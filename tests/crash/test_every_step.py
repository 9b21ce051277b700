"""A crash before and after each step that leaves a trace: every journal write and every request to a replica.

The engine, the cycle and the store are real; the replicas are on paper, so that every step of a long story can be
tried. The same with a killed process and real services is in test_killed_process.py.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date

import pytest

from syncer.core.model import Field
from syncer.ports import EffectKind
from tests.paper import PaperReplica, PaperWorld

WRITES = ("settle", "intend", "confirm", "close", "note_reading", "begin", "finish")


class Crash(BaseException):
    """The process is gone; nothing catches this."""


class Fuse:
    """Burns through at the n-th step."""

    def __init__(self, at: int) -> None:
        self.left = at
        self.steps = 0

    def burn(self) -> None:
        self.steps += 1
        self.left -= 1
        if self.left == 0:
            raise Crash

    def guard(self, owner: object, name: str) -> None:
        """Let the named method burn a step before and after it."""
        real = getattr(owner, name)

        def guarded(*args: object, **kwargs: object) -> object:
            self.burn()
            result = real(*args, **kwargs)
            self.burn()
            return result

        setattr(owner, name, guarded)


def creation(world: PaperWorld) -> None:
    for number in range(3):
        world["trello"].add(title=f"Task {number}", stage="Doing", due=date(2026, 11, 11))
    world["sheets"].add(title="From the sheet", description="by hand")


def changes(world: PaperWorld) -> None:
    for number in range(6):
        world["trello"].add(title=f"Task {number}", stage="To do", description="a\nb\nc\nd")
    assert world.sync().exit == 0
    world.clock.sleep(60)
    world["trello"].edit(world["trello"].by_title("Task 0"), title="Renamed")
    world["asana"].edit(world["asana"].by_title("Task 1"), done=True)
    world["sheets"].edit(world["sheets"].by_title("Task 2"), due=date(2026, 12, 12), description="A\nb\nc\nd")
    world["asana"].edit(world["asana"].by_title("Task 2"), description="a\nb\nc\nD")
    del world["trello"].objects[world["trello"].by_title("Task 3")]
    del world["asana"].objects[world["asana"].by_title("Task 4")]
    world["sheets"].edit(world["sheets"].by_title("Task 4"), description="still needed")
    world["trello"].edit(world["trello"].by_title("Task 5"), due=date(2027, 1, 1))
    world.clock.sleep(1)
    world["asana"].edit(world["asana"].by_title("Task 5"), due=date(2027, 2, 2))
    world["sheets"].add(title="New row")


def end_of(world: PaperWorld) -> dict[str, dict[object, object]]:
    """What people see: title → the fields that all three hold."""
    fields = [f for f in Field if f not in (Field.KIND, Field.PARENT, Field.START, Field.OWNERS)]
    return {
        name: {
            paper.fields[Field.TITLE]: {f: paper.fields[f] for f in fields}
            for paper in replica.objects.values()
            if not paper.archived
        }
        for name, replica in world.replicas.items()
    }


def told(story: Callable[[PaperWorld], None], *fuses: int) -> tuple[PaperWorld, int]:
    """Tell the story, crash at each fuse in turn (the later ones during recovery), then run until all is quiet."""
    world = PaperWorld()
    story(world)
    steps = 0
    for at in fuses:
        fuse = Fuse(at)
        saved = _arm(world, fuse)
        with suppress(Crash):
            world.sync("adoption")
        steps = fuse.steps
        for owner, name, real in saved:
            setattr(owner, name, real)
    for _ in range(3):
        world.sync("adoption")
    return world, steps


def _arm(world: PaperWorld, fuse: Fuse) -> list[tuple[object, str, object]]:
    places = [(world.store, name) for name in WRITES if hasattr(world.store, name)]
    places += [(replica, "apply") for replica in world.replicas.values()]
    saved = [(owner, name, getattr(owner, name)) for owner, name in places]
    for owner, name in places:
        fuse.guard(owner, name)
    return saved


def assert_whole(world: PaperWorld, wanted: dict[str, dict[object, object]]) -> None:
    assert end_of(world) == wanted
    for replica in world.replicas.values():
        assert _twins(replica) == []
    assert world.store.open_intents("launch") == ()
    before = world.total_writes()
    report = world.sync()
    assert (report.planned, world.total_writes()) == ((), before)


def _twins(replica: PaperReplica) -> list[object]:
    titles = [paper.fields[Field.TITLE] for paper in replica.objects.values() if not paper.archived]
    return sorted(str(title) for title in set(titles) if titles.count(title) > 1)


@pytest.mark.parametrize("story", [creation, changes])
def test_a_crash_at_every_step(story: Callable[[PaperWorld], None]) -> None:
    quiet, _ = told(story)
    wanted = end_of(quiet)
    assert {len(tasks) for tasks in wanted.values()} == {4 if story is creation else 6}
    _, steps = told(story, 10**6)
    assert steps > 20
    for at in range(1, steps + 1):
        world, _ = told(story, at)
        assert_whole(world, wanted)


def test_a_crash_during_the_recovery_from_a_crash() -> None:
    quiet, _ = told(creation)
    _, steps = told(creation, 10**6)
    for first in range(1, steps + 1, 5):
        for second in (1, 2, 4, 9):
            world, _ = told(creation, first, second, 2)
            assert_whole(world, end_of(quiet))


def test_every_remote_effect_has_its_intent_in_the_journal_first() -> None:
    world = PaperWorld()
    creation(world)
    for replica in world.replicas.values():
        real = replica.apply

        def watched(effects, real=real):
            journalled = {intent.id for intent in world.store.open_intents("launch")}
            assert {effect.intent for effect in effects} <= journalled
            return real(effects)

        replica.apply = watched
    assert world.sync("adoption").count([EffectKind.CREATE]) == 8


def test_a_conflict_is_recorded_once_however_often_it_crashes() -> None:
    for at in range(1, 60, 4):
        world, _ = told(changes, at)
        due = [c for c in world.store.conflicts() if c.field is Field.DUE]
        assert len(due) == 1
        assert due[0].chosen == "asana"
