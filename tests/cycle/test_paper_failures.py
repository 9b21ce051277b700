"""Services that fail, lag, refuse or lose replies: nothing is doubled, lost or held up by another's trouble."""

from __future__ import annotations

import threading

import pytest

from syncer.core.errors import HeaderFault, Unauthorised, Unavailable
from syncer.core.model import Field, Reading
from syncer.cycle import ROUNDS
from syncer.ports import EffectKind, Result
from tests.paper import PaperWorld, linked, titles


def test_an_incomplete_or_missing_reading_proves_no_absence() -> None:
    world = linked()
    world["asana"].complete = False
    world["asana"].hidden = set(world["asana"].objects)
    report = world.sync()
    assert (report.exit, world["asana"].lookups) == (1, 0)
    world["asana"].failing = Unavailable("Asana did not answer.")
    assert world.sync().exit == 1
    assert len(titles(world, "trello")) == 10


def test_a_dead_service_does_not_keep_the_others_apart() -> None:
    world = linked()
    world["asana"].failing = Unauthorised("Asana refused the token.")
    world["trello"].edit(world["trello"].by_title("Task 1"), title="Teaser")
    report = world.sync()
    assert report.exit == 5
    assert "Teaser" in titles(world, "sheets")
    world["asana"].failing = None
    world["asana"].edit(world["asana"].by_title("Task 2"), title="Back again")
    assert world.sync().exit == 0
    assert titles(world, "asana") == titles(world, "sheets") == titles(world, "trello")


def test_an_edit_that_comes_between_reading_and_writing_is_not_overwritten() -> None:
    world = linked()
    world["trello"].edit(world["trello"].by_title("Task 1"), title="Teaser")
    world["asana"].dropped = {world["asana"].writes + 1: Result.MOVED}
    assert world.sync().exit == 0
    assert "Teaser" in titles(world, "asana")


@pytest.mark.parametrize("applied", [True, False])
def test_a_create_in_doubt_is_looked_for_and_never_made_twice(applied: bool) -> None:
    world = linked()
    world["asana"].apply_lost = applied
    world["asana"].dropped = {world["asana"].writes + 1: Result.IN_DOUBT}
    world["trello"].add(title="Poster", description="A2")
    report = world.sync()
    assert report.exit == 0
    assert titles(world, "asana").count("Poster") == 1
    assert world.store.open_intents("launch") == ()
    assert world.sync().count([EffectKind.UPDATE, EffectKind.CREATE]) == 0


def test_an_edit_made_to_a_found_object_is_kept() -> None:
    world = linked()
    world["asana"].dropped = {world["asana"].writes + 1: Result.IN_DOUBT}
    world["trello"].add(title="Poster")
    replica = world["asana"]
    real = replica.ours

    def edited_meanwhile(items):
        found = real(items)
        for item in items:
            replica.edit(item.remote_id, description="from a person")
        return found

    replica.ours = edited_meanwhile
    world.sync()
    replica.ours = real
    world.sync()
    assert world["trello"].shown("Poster")[Field.DESCRIPTION] == "from a person"


def test_a_refused_item_holds_up_nobody_else() -> None:
    world = linked()
    world["asana"].dropped = {world["asana"].writes + 1: Result.REFUSED}
    world["trello"].add(title="A bad one")
    world["trello"].add(title="B good one")
    report = world.sync()
    assert report.exit == 3
    assert "B good one" in titles(world, "asana")
    assert report.refused_items[0].problem.startswith("asana refused it")


def test_stale_reads_are_no_edits() -> None:
    world = linked()
    key = world["asana"].by_title("Task 1")
    old = world["asana"].objects[key]
    before = (dict(old.fields), old.version)
    world["trello"].edit(world["trello"].by_title("Task 1"), title="Teaser")
    world.sync()
    now = (dict(old.fields), old.version)
    old.fields, old.version = before  # the listing shows the past
    writes = world.total_writes()
    assert world.sync().waiting == 1
    assert world.total_writes() == writes
    old.fields, old.version = now
    assert world.sync().unchanged == 10
    assert "Teaser" in titles(world, "trello")


def test_nothing_is_done_when_asked_to_stop() -> None:
    world = PaperWorld()
    world["trello"].add(title="T")
    cycle = world.cycle()
    cycle.stopping = lambda: True
    report = cycle.run("r1")
    assert (report.exit, world["asana"].objects) == (1, {})


def test_a_header_that_cannot_be_understood_is_a_refusal_and_the_others_go_on() -> None:
    world = linked()
    world["sheets"].failing = HeaderFault('Tasks has two columns "Due".', "Rename one of them.")
    world["trello"].edit(world["trello"].by_title("Task 1"), title="Teaser")
    for allow in ((), ("header",)):
        report = world.sync(*allow)
        assert ([refusal.guard for refusal in report.refusals], report.exit) == (["header"], 4)
    assert "Teaser" in titles(world, "asana")
    world["sheets"].failing = None
    assert world.sync().exit == 0
    assert "Teaser" in titles(world, "sheets")


def test_a_look_plans_no_second_create_where_one_is_in_doubt() -> None:
    world = linked("trello", "asana")
    world["trello"].add(title="Poster")
    asana = world["asana"]
    asana.dropped = {asana.writes + 1: Result.IN_DOUBT}
    real = asana.read

    def down_after_the_write():
        if asana.log and asana.log[-1][1] not in {link.remote_id for link in links()}:
            raise Unavailable("Asana did not answer.")
        return real()

    def links():
        return [task.links["asana"] for task in world.store.known("launch") if "asana" in task.links]

    asana.read = down_after_the_write
    assert world.sync().in_doubt == 1
    asana.read = real
    assert [action for action in world.cycle().look().planned if action.kind is EffectKind.CREATE] == []
    assert world.sync().exit == 0
    assert titles(world, "asana").count("Poster") == 1


def test_a_place_that_empties_right_after_the_first_pass_is_not_believed() -> None:
    world = linked()
    world["sheets"].objects.clear()
    report = world.sync()
    assert [refusal.guard for refusal in report.refusals] == ["empty"]
    assert len(titles(world, "trello")) == len(titles(world, "asana")) == 10


def test_an_interrupted_first_fill_goes_on_however_much_is_left() -> None:
    world = PaperWorld(max_create=3)
    for number in range(10):
        world["trello"].add(title=f"Task {number}", stage="To do")
    left = iter([False] * 6 + [True] * 100)
    cycle = world.cycle()
    cycle.stopping = lambda: next(left)
    assert cycle.run("r1").exit == 1
    assert 0 < len(world["asana"].objects) < 10
    assert world.sync().exit == 0
    assert titles(world, "asana") == titles(world, "sheets") == titles(world, "trello")


def test_too_many_new_tasks_are_refused_again_and_again_until_somebody_allows_them() -> None:
    world = linked(max_create=3)
    for number in range(4):
        world["trello"].add(title=f"New {number}", stage="To do")
    for _ in range(2):
        assert {refusal.guard for refusal in world.sync().refusals} == {"mass-create"}
        assert len(titles(world, "asana")) == 10
    assert world.sync("mass-create").exit == 0
    assert len(titles(world, "asana")) == 14


def test_a_replica_that_loses_answers_is_left_alone_for_the_rest_of_the_pass() -> None:
    world = linked()
    asana = world["asana"]
    asana.apply_lost = False
    asana.dropped = {asana.writes + n: Result.IN_DOUBT for n in range(1, 30)}
    for number in range(8):
        world["trello"].edit(world["trello"].by_title(f"Task {number}"), description="news")
    before = asana.writes
    assert world.sync("mass-change").exit == 1
    assert asana.writes - before == 3 * ROUNDS
    assert world["sheets"].shown("Task 7")[Field.DESCRIPTION] == "news"
    asana.dropped = {}
    assert world.sync().exit == 0
    assert asana.shown("Task 7")[Field.DESCRIPTION] == "news"


def test_a_slow_place_is_not_waited_for_and_its_reading_is_used_when_it_comes() -> None:
    world = linked()
    gate, asana = threading.Event(), world["asana"]
    real = asana.read

    def slow() -> Reading:
        gate.wait(10)
        return real()

    asana.read = slow
    world["trello"].edit(world["trello"].by_title("Task 1"), title="Teaser")
    cycle = world.cycle()
    cycle.patience = 0.05
    report = cycle.run("r1")
    assert (report.exit, report.replicas["asana"].complete) == (1, False)
    assert "Teaser" in titles(world, "sheets")
    gate.set()
    cycle.patience = None
    assert cycle.run("r2").exit == 0
    assert "Teaser" in titles(world, "asana")
    assert asana.reads == 2
