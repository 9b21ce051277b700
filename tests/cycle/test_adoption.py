"""The first link of places that are already full: joined once, with leave, and never doubled."""

from __future__ import annotations

from datetime import date

import pytest

from syncer.core.actions import Plan, digest
from syncer.core.model import Field
from syncer.ports import ConflictState, EffectKind
from tests.paper import PaperWorld, titles

NAMES = ("trello", "asana", "sheets")


def settled(world: PaperWorld) -> None:
    """A pass that plans and writes nothing and leaves the state as it was."""
    writes, known = world.total_writes(), world.store.known("launch")
    report = world.sync()
    assert (report.planned, report.exit, world.total_writes() - writes) == ((), 0, 0)
    assert world.store.known("launch") == known


def filled(*names: str, count: int = 6) -> PaperWorld:
    """The named places hold the same tasks; the others are empty."""
    world = PaperWorld()
    for name in names:
        for number in range(count):
            world[name].add(title=f"Task {number}", stage="To do", due=date(2026, 11, 1 + number))
    return world


@pytest.mark.parametrize("name", NAMES)
def test_one_full_place_needs_no_leave(name: str) -> None:
    world = filled(name)
    assert world.sync().exit == 0
    assert titles(world, "trello") == titles(world, "asana") == titles(world, "sheets")
    world.sync()
    settled(world)


@pytest.mark.parametrize("names", [("trello", "asana"), ("asana", "sheets"), ("trello", "sheets"), NAMES])
def test_several_full_places_are_refused_without_a_write_or_a_change_of_the_state(names: tuple[str, ...]) -> None:
    world = filled(*names)
    for _ in range(2):
        report = world.sync()
        assert ([refusal.guard for refusal in report.refusals], report.exit) == (["adoption"], 4)
        assert all(name in report.refusals[0].reason for name in names)
        assert report.planned
    assert world.total_writes() == 0
    assert (world.store.known("launch"), world.store.conflicts(), world.store.history("launch")) == ((), (), ())
    assert [world.store.last_reading("launch", name) for name in NAMES] == [None, None, None]


@pytest.mark.parametrize("names", [("trello", "asana"), ("asana", "sheets"), ("trello", "sheets"), NAMES])
def test_with_leave_every_pair_is_joined_and_nothing_is_doubled(names: tuple[str, ...]) -> None:
    world = filled(*names)
    report = world.sync("adoption")
    assert report.exit == 0
    assert report.count([EffectKind.CREATE]) == 6 * (3 - len(names))
    assert report.count([EffectKind.UPDATE]) == 0
    assert [len(replica.objects) for replica in world.replicas.values()] == [6, 6, 6]
    assert len(world.store.known("launch")) == 6
    world.sync()
    settled(world)


def test_a_partial_overlap_creates_only_what_is_missing() -> None:
    world = PaperWorld()
    for name, own in zip(NAMES, ("A", "B", "C"), strict=True):
        for title in ("Shared", "Also shared", f"Only {own}"):
            world[name].add(title=title)
    report = world.sync("adoption")
    assert report.count([EffectKind.CREATE]) == 6
    assert all(len(titles(world, name)) == 5 for name in NAMES)
    world.sync()
    settled(world)


def test_titles_compare_without_regard_to_case_and_spaces_and_the_spelling_is_a_conflict() -> None:
    world = PaperWorld("trello", "asana")
    world["trello"].add(title="launch  POSTER")
    world.clock.sleep(5)
    world["asana"].add(title="Launch poster")
    world.sync("adoption")
    assert titles(world, "trello") == titles(world, "asana") == ["Launch poster"]
    (conflict,) = world.store.conflicts()
    assert conflict.field is Field.TITLE
    settled(world)


def test_differing_fields_are_conflicts_by_policy_and_equal_or_blank_ones_are_silent() -> None:
    world = PaperWorld()
    world["trello"].add(title="T", due=date(2026, 11, 1), description="same", labels=frozenset({"a"}))
    world.clock.sleep(5)
    world["asana"].add(title="T", due=date(2026, 12, 2), description="same", labels=frozenset({"b"}))
    world["sheets"].add(title="T")
    world.sync("adoption")
    (conflict,) = world.store.conflicts()
    assert (conflict.field, conflict.chosen, conflict.state) == (Field.DUE, "asana", ConflictState.SETTLED)
    assert {value.value for value in conflict.values} == {date(2026, 11, 1), date(2026, 12, 2)}
    for name in NAMES:
        shown = world[name].shown("T")
        assert (shown[Field.DUE], shown[Field.DESCRIPTION]) == (date(2026, 12, 2), "same")
        assert shown[Field.LABELS] == {"a", "b"}
    world.sync()
    settled(world)
    assert len(world.store.conflicts()) == 1


def test_manual_leaves_the_differing_field_to_a_person_and_does_the_rest() -> None:
    world = PaperWorld(conflict="manual")
    world["trello"].add(title="T", due=date(2026, 11, 1), description="words")
    world["asana"].add(title="T", due=date(2026, 12, 2))
    assert world.sync("adoption").exit == 3
    assert world["trello"].shown("T")[Field.DUE] == date(2026, 11, 1)
    assert world["asana"].shown("T")[Field.DUE] == date(2026, 12, 2)
    assert world["sheets"].shown("T")[Field.DUE] is None
    assert world["sheets"].shown("T")[Field.DESCRIPTION] == "words"
    world["trello"].edit(world["trello"].by_title("T"), due=date(2026, 12, 2))
    assert world.sync().exit == 0
    assert world["sheets"].shown("T")[Field.DUE] == date(2026, 12, 2)
    settled(world)


def test_one_title_several_times_is_told_apart_by_the_due_date() -> None:
    world = PaperWorld("trello", "asana")
    for name in ("trello", "asana"):
        for month in (11, 12):
            world[name].add(title="Newsletter", due=date(2026, month, 1), description=f"{name} {month}")
    report = world.sync("adoption")
    assert report.count([EffectKind.CREATE]) == 0
    assert len(world.store.known("launch")) == 2
    assert {task.hub[Field.DUE].value for task in world.store.known("launch")} == {
        date(2026, 11, 1),
        date(2026, 12, 1),
    }
    settled(world)


def test_what_cannot_be_told_apart_is_reported_and_left_alone_until_a_person_helps() -> None:
    world = PaperWorld("trello", "asana")
    world["trello"].add(title="Post")
    world["trello"].add(title="Post")
    world["asana"].add(title="Post")
    world["asana"].add(title="Other")
    for _ in range(2):
        report = world.sync("adoption")
        assert sum("several tasks have this title" in notice.problem for notice in report.notices) == 2
        assert (len(world["trello"].objects), len(world["asana"].objects)) == (3, 2)
    first = next(iter(world["trello"].objects))
    world["trello"].edit(first, title="Post on Monday")
    world.sync()
    assert titles(world, "trello") == titles(world, "asana") == ["Other", "Post", "Post on Monday"]
    world.sync()
    settled(world)


def test_one_title_several_times_in_one_place_only_is_no_riddle() -> None:
    world = PaperWorld("trello", "asana")
    for _ in range(3):
        world["trello"].add(title="Post")
    world.sync()
    assert titles(world, "asana") == ["Post"] * 3
    world.sync()
    settled(world)


def accepted_digest(world: PaperWorld) -> str:
    return digest(Plan("launch", world.cycle().look().planned))


def test_an_accepted_plan_is_carried_out_exactly() -> None:
    world = filled("trello", "asana")
    world["asana"].add(title="Only in Asana")
    looked = world.cycle().look()
    wanted = digest(Plan("launch", looked.planned))
    assert (world.total_writes(), world.store.known("launch")) == (0, ())
    report = world.cycle().run("r1", wanted)
    assert (report.exit, report.refusals) == (0, ())
    assert {action.key for action in report.done} == {action.key for action in looked.planned}
    assert titles(world, "trello") == titles(world, "asana") == titles(world, "sheets")
    world.sync()
    settled(world)


def test_an_accepted_plan_is_refused_when_the_world_has_moved() -> None:
    world = filled("trello", "asana")
    wanted = accepted_digest(world)
    world["asana"].edit(world["asana"].by_title("Task 1"), description="news")
    report = world.cycle().run("r1", wanted)
    assert ([refusal.guard for refusal in report.refusals], report.exit) == (["adoption", "plan"], 4)
    assert (world.total_writes(), world.store.known("launch"), world.store.history("launch")) == (0, (), ())
    assert world.cycle().run("r2", accepted_digest(world)).exit == 0


def test_rows_with_identities_of_a_lost_state_are_not_adopted_by_the_way() -> None:
    world = filled("trello", "sheets")
    old = PaperWorld()
    old["sheets"].objects = dict(world["sheets"].objects)
    old.sync()
    world["sheets"].objects = old["sheets"].objects
    report = world.sync("adoption")
    assert [refusal.guard for refusal in report.refusals] == ["identity"]
    assert world["asana"].writes == world["trello"].writes == 0
    assert world.store.known("launch") == ()
