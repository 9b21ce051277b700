"""Places that come, go, rest and change: nothing is doubled, deleted or asked twice because of it."""

from __future__ import annotations

from datetime import date, timedelta

from syncer.core.errors import Unavailable
from syncer.core.model import Field
from syncer.core.stages import StageMap
from syncer.ports import ConflictState, EffectKind, Result
from tests.paper import STAGES, PaperWorld, linked, titles


def settled(world: PaperWorld) -> None:
    """A pass that plans and writes nothing, and leaves the state as it was."""
    writes, known = world.total_writes(), world.store.known("launch")
    report = world.sync()
    assert (report.planned, world.total_writes() - writes) == ((), 0)
    assert world.store.known("launch") == known


def test_two_replicas_of_one_service_under_their_own_names() -> None:
    world = PaperWorld("design=trello", "press=trello", "sheets")
    world["design"].add(title="Poster", stage="Doing")
    world["press"].add(title="Release", due=date(2026, 12, 1))
    assert world.sync("adoption").exit == 0
    assert titles(world, "design") == titles(world, "press") == titles(world, "sheets") == ["Poster", "Release"]
    world["press"].edit(world["press"].by_title("Poster"), stage="Done")
    world.sync()
    assert world["design"].shown("Poster")[Field.DONE] is True
    settled(world)


def test_an_empty_replica_that_joins_later_is_filled() -> None:
    world = linked("trello", "asana")
    world.join("sheets")
    assert world.sync().count([EffectKind.CREATE]) == 10
    settled(world)


def test_a_full_replica_that_joins_later_needs_leave_before_anything_is_joined() -> None:
    world = linked("trello", "asana")
    world.join("sheets")
    for number in range(3):
        world["sheets"].add(title=f"Task {number}", due=date(2027, 1, 1))
    writes, known = world.total_writes(), world.store.known("launch")
    report = world.sync()
    assert [refusal.guard for refusal in report.refusals] == ["adoption"]
    assert (world.total_writes(), world.store.known("launch")) == (writes, known)
    assert world.sync("adoption").exit == 0
    assert titles(world, "sheets") == titles(world, "trello")
    assert len(world.store.conflicts()) == 3
    settled(world)


def test_places_that_were_seen_empty_before_need_no_leave_when_tasks_come() -> None:
    world = PaperWorld("trello", "asana")
    assert world.sync().exit == 0
    world["trello"].add(title="A")
    world["asana"].add(title="B")
    assert world.sync().exit == 0
    assert titles(world, "trello") == titles(world, "asana") == ["A", "B"]


def test_a_replica_that_joins_with_titles_that_cannot_be_told_apart_gets_no_twins() -> None:
    world = PaperWorld("trello", "asana")
    for _ in range(2):
        world["trello"].add(title="Post")
    world["trello"].add(title="Poster")
    world.sync()
    world.join("sheets")
    world["sheets"].add(title="Post")
    world.sync("adoption")
    world.sync()
    assert titles(world, "sheets") == ["Post", "Poster"]
    world["sheets"].edit(world["sheets"].by_title("Post"), title="A third")
    world.sync()
    assert titles(world, "sheets") == ["A third", "Post", "Post", "Poster"] == titles(world, "asana")


def test_a_replica_that_left_is_neither_waited_for_nor_asked() -> None:
    world = linked("trello", "asana", "sheets")
    world["asana"].edit(world["asana"].by_title("Task 1"), due=date(2027, 1, 1))
    world["sheets"].failing = Unavailable("Sheets did not answer.")
    world.sync()
    world["sheets"].failing = None
    world.leave("asana")
    world["sheets"].edit(world["sheets"].by_title("Task 1"), due=date(2027, 2, 2))
    report = world.sync()
    assert (report.exit, report.waiting) == (0, 0)
    assert len(world.store.conflicts()) == 1
    del world["trello"].objects[world["trello"].by_title("Task 2")]
    assert world.sync().waiting == 0
    settled(world)


def test_a_replica_that_rests_for_many_passes_loses_nothing() -> None:
    world = linked()
    world.resting = frozenset({"asana"})
    world["asana"].edit(world["asana"].by_title("Task 1"), labels=frozenset({"rested"}))
    for number in range(5):
        world["trello"].edit(world["trello"].by_title("Task 1"), labels=frozenset({f"l{number}"}))
        world["trello"].edit(world["trello"].by_title("Task 2"), due=date(2027, 1, 1 + number))
        world["sheets"].add(title=f"New {number}")
        assert world.sync().exit == 1
    world.resting = frozenset()
    assert world.sync().exit == 0
    assert world["trello"].shown("Task 1")[Field.LABELS] == {"l4", "rested"}
    assert world["asana"].shown("Task 2")[Field.DUE] == date(2027, 1, 5)
    assert titles(world, "asana") == titles(world, "sheets") == titles(world, "trello")
    assert world.store.conflicts() == ()
    settled(world)


def test_an_edit_made_while_the_place_of_a_deletion_rested_beats_the_deletion() -> None:
    world = linked()
    world["trello"].failing = Unavailable("Trello did not answer.")
    world["asana"].edit(world["asana"].by_title("Task 4"), description="still needed")
    world.sync()
    world["trello"].failing = None
    del world["trello"].objects[world["trello"].by_title("Task 4")]
    world.sync()
    for name in world.replicas:
        assert world[name].shown("Task 4")[Field.DESCRIPTION] == "still needed"
    settled(world)


def test_a_conflict_that_waits_for_a_person_outlives_a_failing_service() -> None:
    world = linked(conflict="manual")
    world["trello"].edit(world["trello"].by_title("Task 1"), due=date(2027, 1, 1))
    world["asana"].edit(world["asana"].by_title("Task 1"), due=date(2027, 2, 2))
    world.sync()
    (before,) = world.store.conflicts()
    world.resting = frozenset({"asana"})
    report = world.sync()
    assert report.open_conflicts == 1
    assert world["sheets"].shown("Task 1")[Field.DUE] == date(2026, 11, 2)
    world.resting = frozenset()
    world.sync()
    assert world.store.conflicts() == (before,)
    world["asana"].edit(world["asana"].by_title("Task 1"), due=date(2027, 1, 1))
    world.sync()
    assert [c.state for c in world.store.conflicts()] == [ConflictState.SETTLED]
    assert world["sheets"].shown("Task 1")[Field.DUE] == date(2027, 1, 1)


def test_a_title_in_conflict_creates_nothing_without_a_title() -> None:
    world = PaperWorld(conflict="manual")
    world["trello"].add(title="poster", due=date(2027, 1, 1))
    world["asana"].add(title="Poster")
    world.sync("adoption")
    assert world["sheets"].objects == {}
    world["asana"].edit(world["asana"].by_title("Poster"), title="poster")
    world.sync()
    assert titles(world, "sheets") == ["poster"]
    settled(world)


def test_a_lagging_reading_of_a_restored_object_is_no_new_deletion() -> None:
    world = linked()
    card = world["trello"].by_title("Task 4")
    world["trello"].objects[card].archived = True
    world.sync()
    (key,) = [k for k, p in world["asana"].objects.items() if p.archived]
    before = world["asana"].objects[key].version
    world["trello"].objects[card].archived = False
    world["trello"].objects[card].version += 1
    world.sync()
    paper = world["asana"].objects[key]
    now, paper.archived, paper.version = paper.version, True, before  # the listing shows the past
    world.sync()
    assert "Task 4" in titles(world, "trello")
    paper.archived, paper.version = False, now
    world.sync()
    settled(world)


def test_work_that_is_ticked_and_archived_between_two_passes_is_done_and_not_deleted() -> None:
    world = linked()
    card = world["trello"].by_title("Task 4")
    world["trello"].edit(card, done=True, description="as agreed")
    world["trello"].objects[card].archived = True
    world.sync()
    for name in ("asana", "sheets"):
        assert world[name].shown("Task 4")[Field.DONE] is True
        assert world[name].shown("Task 4")[Field.DESCRIPTION] == "as agreed"
    world.sync()
    settled(world)


def test_tidying_a_whole_board_away_is_no_empty_reading() -> None:
    world = linked()
    for paper in world["trello"].objects.values():
        paper.fields |= {Field.DONE: True}
        paper.version += 1
    world.sync("mass-complete")
    world.sync()
    for paper in world["trello"].objects.values():
        paper.archived = True
    assert world.sync().exit == 0
    assert len(titles(world, "asana")) == 10


def test_an_incomplete_reading_is_incomplete_and_not_suspected_of_more() -> None:
    world = linked()
    world.sync()
    world["asana"].complete = False
    world["asana"].hidden = set(world["asana"].objects)
    report = world.sync()
    assert (report.exit, report.refusals) == (1, ())


def test_a_create_in_doubt_stays_in_doubt_until_a_complete_reading() -> None:
    world = linked("trello", "asana")
    world["trello"].add(title="Poster")
    asana = world["asana"]
    asana.dropped = {asana.writes + 1: Result.IN_DOUBT}
    asana.complete = True
    cycle = world.cycle()
    world.clock.sleep(60)
    real = asana.read
    asana.read = lambda: _partial(real, asana)
    cycle.run("r-doubt")
    assert len(world.store.open_intents("launch")) == 1
    asana.read = real
    asana.edit(asana.by_title("Poster"), title="Poster, renamed by its owner")
    asana.edit(asana.by_title("Poster, renamed by its owner"), title="Poster")
    world.sync()
    assert world.store.open_intents("launch") == ()
    assert titles(world, "asana").count("Poster") == 1
    settled(world)


def _partial(read, asana):
    """After the first write the listing lacks what was made last."""
    from dataclasses import replace

    reading = read()
    if not any(
        kind is EffectKind.CREATE and asana.objects[key].fields[Field.TITLE] == "Poster" for kind, key in asana.log
    ):
        return reading
    return replace(reading, complete=False, items=reading.items[:-1])


def test_a_list_that_is_spelled_anew_is_no_change_of_every_task() -> None:
    world = PaperWorld("trello", "asana", stages=StageMap([], configured=False))
    world.configured_stages = False
    for number in range(10):
        world["trello"].add(title=f"Task {number}", stage="To do")
    assert world.sync().exit == 0
    world["trello"].offers = ("TO DO", "Doing", "Done")
    for paper in world["trello"].objects.values():
        paper.fields[Field.STAGE] = "TO DO"
        paper.version += 1
    report = world.sync()
    assert (report.exit, report.planned) == (0, ())
    world.resting = frozenset({"trello"})
    assert world.sync().refusals == ()
    world.resting = frozenset()
    settled(world)


def test_the_clock_steps_back_by_years() -> None:
    world = linked(delete_grace=timedelta(seconds=90))
    world["sheets"].edit(world["sheets"].by_title("Task 1"), title="Teaser")
    del world["trello"].objects[world["trello"].by_title("Task 4")]
    world.sync()
    world.clock.time -= timedelta(days=3650)
    for _ in range(4):
        world.sync()
    assert "Teaser" in titles(world, "asana")
    assert "Task 4" not in titles(world, "asana")
    settled(world)


def test_rows_of_one_title_whose_identity_could_not_be_written_at_first() -> None:
    world = linked()
    for _ in range(2):
        world["sheets"].add(title="Post")
    sheet, writes = world["sheets"], world["sheets"].writes
    sheet.dropped = {writes + n: Result.REFUSED for n in (1, 2)}
    world.sync()
    world.sync()
    assert titles(world, "asana").count("Post") == titles(world, "trello").count("Post") == 2
    settled(world)


def test_a_new_row_that_is_deleted_before_it_has_an_identity_is_forgotten() -> None:
    world = linked()
    row = world["sheets"].add(title="Mistake")
    world["sheets"].dropped = {world["sheets"].writes + 1: Result.REFUSED}
    world.sync()
    del world["sheets"].objects[row]
    world.sync()
    assert "Mistake" not in titles(world, "trello")
    (task,) = [task for task in world.store.known("launch") if task.title == "Mistake"]
    assert task.dead
    settled(world)


def test_stages_of_a_task_are_kept_when_a_place_is_renamed_in_the_configuration() -> None:
    world = linked("trello", "asana")
    board = world.leave("trello")
    renamed = world.join("design=trello")
    renamed.objects = board.objects
    assert [refusal.guard for refusal in world.sync().refusals] == ["adoption"]
    assert world.sync("adoption").exit == 0
    assert len(titles(world, "design")) == len(titles(world, "asana")) == 10
    assert STAGES.first_open() == world["asana"].shown("Task 1")[Field.STAGE]
    settled(world)


def test_another_place_under_an_old_name_is_not_believed() -> None:
    world = linked()
    old = dict(world["asana"].objects)
    world["asana"].objects.clear()
    world["asana"].add(title="From another project")
    world["trello"].edit(world["trello"].by_title("Task 1"), title="Teaser")
    report = world.sync()
    assert [refusal.guard for refusal in report.refusals] == ["identity"]
    assert titles(world, "asana") == ["From another project"]
    assert "Teaser" in titles(world, "sheets")
    world["asana"].objects = old
    assert world.sync().exit == 0
    assert titles(world, "asana") == titles(world, "sheets") == titles(world, "trello")
