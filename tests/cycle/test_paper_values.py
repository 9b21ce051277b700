"""Values that make trouble: unreadable cells, unmapped stages, unmapped people, families, texts that do not fit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from syncer.core.model import Field, TaskKind, Unreadable
from syncer.core.stages import Stage, StageMap
from syncer.ports import EffectKind, Result
from tests.paper import STAGES, PaperWorld, linked, titles

BROKEN = Unreadable("#REF!", "the formula has an error; mend it")


def settled(world: PaperWorld) -> None:
    """A pass that plans and writes nothing."""
    writes = world.total_writes()
    report = world.sync()
    assert (report.planned, world.total_writes() - writes) == ((), 0)


def test_a_cell_that_cannot_be_read_for_a_while_is_neither_an_edit_nor_overwritten() -> None:
    world = linked()
    row = world["sheets"].by_title("Task 1")
    world["sheets"].edit(row, due=BROKEN)
    world["trello"].edit(world["trello"].by_title("Task 1"), due=date(2027, 1, 1))
    world.sync()
    assert world["asana"].shown("Task 1")[Field.DUE] == date(2027, 1, 1)
    assert world["sheets"].shown("Task 1")[Field.DUE] == BROKEN
    world["sheets"].edit(row, due=date(2026, 11, 2))
    world.sync()
    assert world["sheets"].shown("Task 1")[Field.DUE] == date(2027, 1, 1)
    assert world.store.conflicts() == ()
    settled(world)


def test_an_edit_behind_an_unreadable_cell_contends_with_the_one_made_meanwhile() -> None:
    world = linked()
    row = world["sheets"].by_title("Task 1")
    world["sheets"].edit(row, due=BROKEN)
    world["trello"].edit(world["trello"].by_title("Task 1"), due=date(2027, 1, 1))
    world.sync()
    world["sheets"].edit(row, due=date(2027, 2, 2))
    world.sync()
    (conflict,) = world.store.conflicts()
    assert {value.value for value in conflict.values} == {date(2027, 1, 1), date(2027, 2, 2)}
    settled(world)


def test_a_stage_that_is_unmapped_and_mapped_later() -> None:
    world = linked()
    card = world["trello"].by_title("Task 1")
    world["trello"].edit(card, stage="Review")
    report = world.sync()
    assert any('"Review"' in notice.problem for notice in report.notices)
    assert world["trello"].shown("Task 1")[Field.STAGE] == "Review"
    assert world["asana"].shown("Task 1")[Field.STAGE] == "To do"
    world.change(stages=StageMap([*STAGES.stages, Stage("Review")]))
    world.sync()
    assert world["asana"].shown("Task 1")[Field.STAGE] == "Review"
    settled(world)


def test_a_stage_that_is_taken_out_of_the_map_breaks_nothing() -> None:
    world = linked(stages=StageMap([*STAGES.stages, Stage("Review")]))
    world["trello"].edit(world["trello"].by_title("Task 1"), stage="Review", title="Poster")
    world.sync()
    world.change(stages=STAGES)
    del world["sheets"].objects[world["sheets"].by_title("Poster")]
    world["asana"].edit(world["asana"].by_title("Poster"), description="needed")
    world.sync()
    assert world["sheets"].shown("Poster")[Field.DESCRIPTION] == "needed"
    assert world["trello"].shown("Poster")[Field.STAGE] == "Review"
    world["trello"].edit(world["trello"].by_title("Poster"), stage="Doing")
    world.sync()
    assert world["sheets"].shown("Poster")[Field.STAGE] == "Doing"
    assert world["asana"].shown("Poster")[Field.STAGE] == "Review"
    settled(world)


def test_people_nobody_mapped_stay_where_they_can_be_shown() -> None:
    world = linked()
    world["sheets"].edit(world["sheets"].by_title("Task 1"), owners=frozenset({"Agency", "Ana"}))
    world.sync()
    assert world["trello"].shown("Task 1")[Field.OWNERS] == {"Ana"}
    world["trello"].edit(world["trello"].by_title("Task 1"), owners=frozenset({"Ana", "Bo"}))
    world.sync()
    assert world["sheets"].shown("Task 1")[Field.OWNERS] == {"Agency", "Ana", "Bo"}
    world["trello"].edit(world["trello"].by_title("Task 1"), owners=frozenset())
    world.sync()
    assert world["sheets"].shown("Task 1")[Field.OWNERS] == {"Agency"}
    settled(world)


def test_a_person_who_can_no_longer_be_chosen_is_not_taken_off_where_they_are_shown() -> None:
    world = linked("trello", "sheets")
    world["trello"].edit(world["trello"].by_title("Task 1"), owners=frozenset({"Ana"}))
    world.sync()
    world["trello"].caps = replace(world["trello"].caps, owners=frozenset({"Bo", "Li Wei"}))
    world["sheets"].edit(world["sheets"].by_title("Task 1"), owners=frozenset({"Ana", "Bo"}))
    world.sync()
    assert world["trello"].shown("Task 1")[Field.OWNERS] == {"Ana", "Bo"}


def test_a_start_comes_as_soon_as_there_is_a_due_to_carry_it() -> None:
    world = PaperWorld("asana", "sheets")
    world["sheets"].add(title="T", start=date(2026, 11, 2))
    world.sync()
    assert world["asana"].shown("T")[Field.START] is None
    world["sheets"].edit(world["sheets"].by_title("T"), due=date(2026, 11, 5))
    world.sync()
    assert world["asana"].shown("T")[Field.START] == date(2026, 11, 2)
    settled(world)


@pytest.mark.parametrize("change", [{"due": None}, {"kind": TaskKind.MILESTONE}])
def test_a_start_that_one_service_cannot_keep_stays_in_the_others(change: dict) -> None:
    world = PaperWorld()
    world["asana"].add(title="T", start=date(2026, 11, 2), due=date(2026, 11, 5))
    world.sync()
    world["sheets"].edit(world["sheets"].by_title("T"), **change)
    world.sync()
    world.sync()
    assert world["asana"].shown("T")[Field.START] is None
    assert world["trello"].shown("T")[Field.START] == world["sheets"].shown("T")[Field.START] == date(2026, 11, 2)
    settled(world)


def test_a_text_that_does_not_fit_is_reported_at_every_pass_and_never_cut() -> None:
    world = PaperWorld("trello", "asana")
    world["asana"].caps = replace(world["asana"].caps, max_text=10)
    world["trello"].add(title="T", description="far too long for it")
    world.sync()
    for _ in range(2):
        report = world.sync()
        assert any("longer than the 10" in notice.problem for notice in report.notices)
        assert world["asana"].shown("T")[Field.DESCRIPTION] == ""
    world["trello"].edit(world["trello"].by_title("T"), description="short")
    world.sync()
    assert world["asana"].shown("T")[Field.DESCRIPTION] == "short"


def test_a_title_that_does_not_fit_is_reported_and_nothing_is_created_without_one() -> None:
    world = PaperWorld("trello", "asana")
    world["asana"].caps = replace(world["asana"].caps, max_text=10)
    world["trello"].add(title="a title that is far too long")
    report = world.sync()
    assert any("longer than the 10" in notice.problem for notice in report.notices)
    assert world["asana"].objects == {}


def test_a_conflict_whose_winner_does_not_fit_is_recorded_once() -> None:
    world = linked("asana", "sheets")
    world["asana"].caps = replace(world["asana"].caps, max_text=10)
    world["asana"].edit(world["asana"].by_title("Task 1"), description="mine")
    world["sheets"].edit(world["sheets"].by_title("Task 1"), description="far too long for it")
    for _ in range(3):
        world.sync()
    assert len(world.store.conflicts()) == 1
    assert world["sheets"].shown("Task 1")[Field.DESCRIPTION] == "far too long for it"


def test_a_task_that_is_its_own_parent_or_its_childs_child_holds_nothing_up() -> None:
    world = linked()
    sheet = world["sheets"]
    sheet.edit(sheet.by_title("Task 1"), parent=sheet.by_title("Task 1"), description="self")
    world.sync()
    assert world["asana"].shown("Task 1")[Field.DESCRIPTION] == "self"
    assert world["asana"].shown("Task 1")[Field.PARENT] is None
    settled(world)


def test_new_rows_that_are_each_others_parents_are_created_all_the_same() -> None:
    world = linked()
    sheet = world["sheets"]
    first = sheet.add(title="Hen")
    second = sheet.add(title="Egg", parent=first)
    sheet.edit(first, parent=second)
    for _ in range(3):
        world.sync()
    assert {"Hen", "Egg"} <= set(titles(world, "trello"))
    assert titles(world, "asana").count("Hen") == titles(world, "asana").count("Egg") == 1


def test_children_of_a_parent_that_left_are_created_without_it() -> None:
    world = linked()
    sheet, asana = world["sheets"], world["asana"]
    asana.elsewhere = {asana.by_title("Task 1")}
    world.sync()
    sheet.add(title="Child", parent=sheet.by_title("Task 1"))
    report = world.sync()
    assert asana.shown("Child")[Field.PARENT] is None
    assert report.exit == 0
    settled(world)


def test_a_parent_that_is_refused_does_not_hold_up_its_children() -> None:
    world = linked("asana", "sheets")
    sheet = world["sheets"]
    parent = sheet.add(title="A parent")
    sheet.add(title="Child", parent=parent)
    world["asana"].dropped = {world["asana"].writes + 1: Result.REFUSED}
    report = world.sync()
    assert report.exit == 3
    assert "Child" in titles(world, "asana")
    world.sync()
    assert world["asana"].shown("Child")[Field.PARENT] == world["asana"].by_title("A parent")
    settled(world)


def test_a_parent_that_is_archived_takes_no_child_with_it() -> None:
    world = PaperWorld("asana", "sheets")
    parent = world["asana"].add(title="Video")
    world["asana"].add(title="Cut", parent=parent)
    world.sync()
    world["asana"].objects[parent].archived = True
    for _ in range(2):
        world.sync()
    assert titles(world, "sheets") == titles(world, "asana") == ["Cut"]
    settled(world)


def test_a_column_that_appears_later_is_filled_and_its_blanks_clear_nothing() -> None:
    world = PaperWorld("trello", "sheets")
    world["sheets"].holds -= {Field.DESCRIPTION, Field.DUE}
    for number in range(3):
        world["trello"].add(title=f"Task {number}", description="kept", due=date(2026, 11, 2))
    world.sync()
    world["sheets"].holds |= {Field.DESCRIPTION, Field.DUE}
    for paper in world["sheets"].objects.values():
        paper.fields |= {Field.DESCRIPTION: "", Field.DUE: None}
    world["sheets"].edit(world["sheets"].by_title("Task 1"), due=date(2027, 1, 1))
    world.sync()
    assert world["sheets"].shown("Task 0")[Field.DESCRIPTION] == "kept"
    assert world["trello"].shown("Task 1")[Field.DUE] == date(2027, 1, 1)
    assert len(world.store.conflicts()) == 1
    settled(world)


def test_a_column_that_was_deleted_and_put_back_blank_clears_nothing() -> None:
    world = PaperWorld("trello", "sheets")
    for number in range(3):
        world["trello"].add(title=f"Task {number}", description="kept")
    world.sync()
    world["sheets"].holds -= {Field.DESCRIPTION}
    world.sync()
    world["sheets"].holds |= {Field.DESCRIPTION}
    for paper in world["sheets"].objects.values():
        paper.fields[Field.DESCRIPTION] = ""
    world.sync()
    assert {p.fields[Field.DESCRIPTION] for r in world.replicas.values() for p in r.objects.values()} == {"kept"}
    settled(world)


def test_objects_without_a_title_are_reported_and_never_joined() -> None:
    world = linked()
    for name in ("trello", "asana"):
        world[name].add(title="", description=name)
    report = world.sync()
    assert sum("no title" in notice.problem for notice in report.notices) == 2
    assert report.count([EffectKind.CREATE]) == 0
    assert "" not in titles(world, "sheets")


def test_done_and_moved_at_once_remembers_where_the_work_stood() -> None:
    world = linked()
    world["trello"].edit(world["trello"].by_title("Task 1"), stage="Doing")
    world["asana"].edit(world["asana"].by_title("Task 1"), done=True)
    world.sync()
    assert {world[name].shown("Task 1")[Field.STAGE] for name in world.replicas} == {"Done"}
    world["asana"].edit(world["asana"].by_title("Task 1"), done=False)
    world.sync()
    assert {world[name].shown("Task 1")[Field.STAGE] for name in world.replicas} == {"Doing"}


def test_rows_whose_identity_was_cleared_are_taken_up_again() -> None:
    world = linked()
    rows = world["sheets"].objects
    for key in list(rows)[:7]:
        rows[f"sheets-9{key[-4:]}"] = rows.pop(key)
        rows[f"sheets-9{key[-4:]}"].nameless = True
    report = world.sync()
    assert report.exit == 0
    assert (report.count([EffectKind.CREATE]), report.count([EffectKind.ARCHIVE])) == (0, 0)
    assert report.count([EffectKind.IDENTIFY]) == 7
    assert titles(world, "asana") == titles(world, "sheets") == titles(world, "trello")
    assert world.sync().planned == ()


def test_a_row_typed_anew_over_a_deleted_one_clears_nothing_elsewhere() -> None:
    world = linked()
    world["trello"].edit(world["trello"].by_title("Task 3"), description="long story")
    world.sync()
    del world["sheets"].objects[world["sheets"].by_title("Task 3")]
    world["sheets"].add(title="Task 3")
    world.sync()
    assert world["trello"].shown("Task 3")[Field.DESCRIPTION] == "long story"
    assert world["sheets"].shown("Task 3")[Field.DESCRIPTION] == "long story"
    assert len(titles(world, "trello")) == 10
