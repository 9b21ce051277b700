"""Edits between passes over replicas on paper: the rows of the decision table, one by one."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from syncer.core.model import Field, TaskKind
from syncer.ports import ConflictState, EffectKind
from tests.paper import PaperWorld, linked, titles


def test_one_filled_place_is_created_in_the_others_once() -> None:
    world = linked()
    assert titles(world, "trello") == titles(world, "asana") == titles(world, "sheets")
    before = world.total_writes()
    report = world.sync()
    assert (world.total_writes(), report.exit, report.unchanged) == (before, 0, 10)


def test_an_edit_travels_to_all_others_and_the_source_is_not_written() -> None:
    world = linked()
    source = world["asana"].writes
    world["asana"].edit(world["asana"].by_title("Task 3"), title="Poster", due=date(2026, 12, 1))
    world.sync()
    for name in world.replicas:
        assert world[name].shown("Poster")[Field.DUE] == date(2026, 12, 1)
    assert world["asana"].writes == source


def test_edits_of_different_fields_on_different_sides_both_survive() -> None:
    world = linked()
    world["trello"].edit(world["trello"].by_title("Task 1"), title="Teaser")
    world["sheets"].edit(world["sheets"].by_title("Task 1"), description="30 seconds, two cuts")
    world.sync()
    assert {world[n].shown("Teaser")[Field.DESCRIPTION] for n in world.replicas} == {"30 seconds, two cuts"}
    assert world.store.conflicts() == ()


def test_equal_edits_are_silent() -> None:
    world = linked()
    for name in world.replicas:
        world[name].edit(world[name].by_title("Task 1"), title="Teaser")
    before = world.total_writes()
    report = world.sync()
    assert (world.total_writes(), report.conflicts) == (before, [])


def test_the_newest_edit_wins_and_the_loser_is_kept() -> None:
    world = linked()
    world["trello"].edit(world["trello"].by_title("Task 1"), title="From Trello")
    world.clock.sleep(30)
    world["asana"].edit(world["asana"].by_title("Task 1"), title="From Asana")
    report = world.sync()
    assert {"From Asana"} < set(titles(world, "sheets"))
    (conflict,) = world.store.conflicts()
    assert {(v.replica, v.value) for v in conflict.values} == {("trello", "From Trello"), ("asana", "From Asana")}
    assert (conflict.chosen, conflict.state, report.exit) == ("asana", ConflictState.SETTLED, 0)
    world.sync()
    assert len(world.store.conflicts()) == 1


def test_a_policy_can_name_the_replica_that_wins() -> None:
    world = linked(conflict="sheets")
    world["sheets"].edit(world["sheets"].by_title("Task 1"), due=date(2027, 1, 1))
    world["asana"].edit(world["asana"].by_title("Task 1"), due=date(2027, 2, 2))
    world.sync()
    assert world["trello"].shown("Task 1")[Field.DUE] == date(2027, 1, 1)


def test_manual_leaves_the_one_field_alone_until_the_sides_agree() -> None:
    world = linked(conflict="manual")
    world["trello"].edit(world["trello"].by_title("Task 1"), due=date(2027, 1, 1), description="A")
    world["asana"].edit(world["asana"].by_title("Task 1"), due=date(2027, 2, 2))
    assert world.sync().exit == 3
    assert world.sync().exit == 3
    assert world["sheets"].shown("Task 1")[Field.DESCRIPTION] == "A"
    assert world["sheets"].shown("Task 1")[Field.DUE] == date(2026, 11, 2)
    (conflict,) = world.store.conflicts()
    assert conflict.state is ConflictState.OPEN
    world["asana"].edit(world["asana"].by_title("Task 1"), due=date(2027, 1, 1))
    assert world.sync().exit == 0
    assert world["sheets"].shown("Task 1")[Field.DUE] == date(2027, 1, 1)
    assert world.store.conflicts()[0].state is ConflictState.SETTLED


def test_sets_merge_additions_and_removals() -> None:
    world = PaperWorld()
    world["trello"].add(title="T", labels=frozenset({"print", "web"}))
    world.sync()
    world["trello"].edit(world["trello"].by_title("T"), labels=frozenset({"web", "video"}))
    world["sheets"].edit(world["sheets"].by_title("T"), labels=frozenset({"print", "web", "press"}))
    world.sync()
    for name in world.replicas:
        assert world[name].shown("T")[Field.LABELS] == {"web", "video", "press"}


def test_long_text_merges_line_by_line() -> None:
    world = PaperWorld()
    world["trello"].add(title="T", description="one\ntwo\nthree\nfour\nfive")
    world.sync()
    world["trello"].edit(world["trello"].by_title("T"), description="ONE\ntwo\nthree\nfour\nfive")
    world["asana"].edit(world["asana"].by_title("T"), description="one\ntwo\nthree\nfour\nFIVE")
    world.sync()
    assert {world[n].shown("T")[Field.DESCRIPTION] for n in world.replicas} == {"ONE\ntwo\nthree\nfour\nFIVE"}
    assert world.store.conflicts() == ()


def test_several_owners_survive_a_replica_that_holds_one() -> None:
    world = PaperWorld()
    world["trello"].add(title="T", owners=frozenset({"Li Wei", "Ana"}))
    world.sync()
    assert world["asana"].shown("T")[Field.OWNERS] == {"Ana"}
    world["asana"].edit(world["asana"].by_title("T"), title="T2")
    world.sync()
    assert world["trello"].shown("T2")[Field.OWNERS] == {"Li Wei", "Ana"}
    world["asana"].edit(world["asana"].by_title("T2"), owners=frozenset({"Bo"}))
    world.sync()
    assert world["sheets"].shown("T2")[Field.OWNERS] == {"Li Wei", "Bo"}


def test_a_start_time_is_not_flattened_by_a_replica_that_holds_days() -> None:
    world = PaperWorld()
    start = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
    world["asana"].add(title="T", start=start, due=datetime(2026, 11, 3, 9, 30, tzinfo=UTC))
    world.sync()
    assert world["trello"].shown("T")[Field.START] == date(2026, 11, 2)
    world["trello"].edit(world["trello"].by_title("T"), title="T2")
    world.sync()
    assert world["asana"].shown("T2")[Field.START] == start


def test_stage_and_done_are_one_fact() -> None:
    world = linked()
    world["trello"].edit(world["trello"].by_title("Task 1"), stage="Doing")
    world.sync()
    world["asana"].edit(world["asana"].by_title("Task 1"), done=True)
    world.sync()
    for name in world.replicas:
        shown = world[name].shown("Task 1")
        assert (shown[Field.STAGE], shown[Field.DONE]) == ("Done", True)
    world["sheets"].edit(world["sheets"].by_title("Task 1"), done=False)
    world.sync()
    for name in world.replicas:
        shown = world[name].shown("Task 1")
        assert (shown[Field.STAGE], shown[Field.DONE]) == ("Doing", False)
    world["trello"].edit(world["trello"].by_title("Task 1"), stage="Done")
    world.sync()
    assert {world[n].shown("Task 1")[Field.DONE] for n in world.replicas} == {True}


def test_adopting_finished_work_does_not_tick_it_at_its_source() -> None:
    world = PaperWorld()
    world["trello"].add(title="T", stage="Done")
    world.sync()
    assert world["asana"].shown("T")[Field.DONE] is True
    assert world["trello"].writes == 0
    world.sync()
    assert world["trello"].writes == 0


def test_a_new_row_gets_an_identity_before_anything_is_created_from_it() -> None:
    world = linked()
    world["sheets"].add(title="Press kit", kind=TaskKind.MILESTONE)
    report = world.sync()
    assert report.exit == 0
    assert world["asana"].shown("Press kit")[Field.KIND] == "milestone"
    assert world["trello"].shown("Press kit")[Field.STAGE] == "To do"
    assert world["sheets"].log[-2][0] is EffectKind.IDENTIFY
    assert not any(paper.nameless for paper in world["sheets"].objects.values())
    assert world.sync().count([EffectKind.UPDATE]) == 0


def test_children_follow_their_parents() -> None:
    world = PaperWorld()
    parent = world["asana"].add(title="Video")
    world["asana"].add(title="Cut", parent=parent)
    world.sync()
    assert world["sheets"].shown("Cut")[Field.PARENT] == world["sheets"].by_title("Video")
    world["sheets"].edit(world["sheets"].by_title("Cut"), parent=None)
    world.sync()
    assert world["asana"].shown("Cut")[Field.PARENT] is None


@pytest.mark.parametrize(
    ("direction", "trello", "asana"), [("off", "a", "b"), ("create", "x", "y"), ("from:trello", "x", "x")]
)
def test_directions(direction: str, trello: str, asana: str) -> None:
    world = PaperWorld("trello", "asana", directions={Field.DESCRIPTION: direction})
    world["trello"].add(title="T", stage="To do", description="a")
    world.sync()
    created = world["asana"].shown("T")[Field.DESCRIPTION]
    assert created == ("" if direction == "off" else "a")
    world["asana"].edit(world["asana"].by_title("T"), description="b" if direction == "off" else "y")
    world["trello"].edit(world["trello"].by_title("T"), description="a" if direction == "off" else "x")
    world.sync()
    world.sync()
    assert world["trello"].shown("T")[Field.DESCRIPTION] == trello
    assert world["asana"].shown("T")[Field.DESCRIPTION] == asana
    assert world["trello"].writes == 0
