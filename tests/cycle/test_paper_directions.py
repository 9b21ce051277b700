"""Directions: a field is read and written as the campaign says, and what is not taken over is kept in the record."""

from __future__ import annotations

from datetime import date

import pytest

from syncer.core.model import Field
from tests.paper import PaperWorld, linked


def settled(world: PaperWorld) -> None:
    """A pass that plans and writes nothing."""
    writes = world.total_writes()
    report = world.sync()
    assert (report.planned, world.total_writes() - writes, report.refusals) == ((), 0, ())


def edit_all(world: PaperWorld, name: str, **fields: object) -> None:
    for number in range(10):
        world[name].edit(world[name].by_title(f"Task {number}"), **fields)


@pytest.mark.parametrize("direction", ["off", "create"])
def test_fields_that_live_apart_never_conflict_nor_alarm(direction: str) -> None:
    world = linked("trello", "asana", directions={Field.DESCRIPTION: direction})
    for number in range(10):
        world["asana"].edit(world["asana"].by_title(f"Task {number}"), description="here")
        world["trello"].edit(world["trello"].by_title(f"Task {number}"), description="there")
        world.sync()
    for _ in range(2):
        settled(world)
    assert world.store.conflicts() == ()
    assert world["asana"].shown("Task 1")[Field.DESCRIPTION] == "here"
    assert world["trello"].shown("Task 1")[Field.DESCRIPTION] == "there"


def test_a_field_that_is_taken_up_again_is_a_conflict_where_it_grew_apart() -> None:
    world = PaperWorld("trello", "asana", directions={Field.DUE: "off"})
    world["trello"].add(title="T", due=date(2026, 11, 1))
    world["trello"].add(title="U", due=date(2026, 11, 1))
    world.sync()
    world["asana"].edit(world["asana"].by_title("T"), due=date(2026, 12, 2))
    world.sync()
    world.change(directions={})
    world.sync()
    (conflict,) = world.store.conflicts()
    assert {value.value for value in conflict.values} == {date(2026, 11, 1), date(2026, 12, 2)}
    assert world["asana"].shown("U")[Field.DUE] == date(2026, 11, 1)
    settled(world)


def test_what_comes_from_one_replica_wins_at_once_and_the_other_edit_is_kept() -> None:
    world = linked("trello", "asana", directions={Field.DUE: "from:trello"})
    world["trello"].edit(world["trello"].by_title("Task 1"), due=date(2027, 1, 1))
    world.clock.sleep(10)
    world["asana"].edit(world["asana"].by_title("Task 1"), due=date(2027, 2, 2))
    world.sync()
    assert world["asana"].shown("Task 1")[Field.DUE] == date(2027, 1, 1)
    (conflict,) = world.store.conflicts()
    assert ({value.value for value in conflict.values}, conflict.chosen) == (
        {date(2027, 1, 1), date(2027, 2, 2)},
        "trello",
    )
    settled(world)


def test_what_comes_from_one_replica_wins_at_the_first_link_too() -> None:
    world = PaperWorld("trello", "asana", directions={Field.DUE: "from:trello"})
    world["trello"].add(title="T", stage="To do", due=date(2027, 1, 1))
    world.clock.sleep(10)
    world["asana"].add(title="T", due=date(2027, 2, 2))
    world.sync("adoption")
    assert world["trello"].writes == 0
    assert world["asana"].shown("T")[Field.DUE] == date(2027, 1, 1)
    assert len(world.store.conflicts()) == 1
    settled(world)


def test_an_edit_against_the_direction_is_put_back_and_recorded_once() -> None:
    world = linked("trello", "asana", directions={Field.DUE: "from:trello"})
    world["asana"].edit(world["asana"].by_title("Task 1"), due=date(2027, 2, 2))
    world.sync()
    assert world["asana"].shown("Task 1")[Field.DUE] == date(2026, 11, 2)
    assert len(world.store.conflicts()) == 1
    settled(world)
    assert len(world.store.conflicts()) == 1
    assert world["trello"].writes == 0


def test_a_direction_that_is_turned_round() -> None:
    world = linked("trello", "asana", directions={Field.DUE: "from:trello"})
    world.change(directions={Field.DUE: "from:asana"})
    settled(world)
    world["asana"].edit(world["asana"].by_title("Task 1"), due=date(2027, 2, 2))
    world.sync()
    assert world["trello"].shown("Task 1")[Field.DUE] == date(2027, 2, 2)
    assert world.store.conflicts() == ()


def test_a_bad_paste_into_a_field_that_is_not_read_there_is_not_overwritten_unseen() -> None:
    world = linked("trello", "asana", directions={Field.DUE: "from:trello"})
    edit_all(world, "asana", due=date(2027, 2, 2))
    assert [refusal.guard for refusal in world.sync().refusals] == ["mass-change"]
    assert world["asana"].shown("Task 1")[Field.DUE] == date(2027, 2, 2)
    world.sync("mass-change")
    assert world["asana"].shown("Task 1")[Field.DUE] == date(2026, 11, 2)
