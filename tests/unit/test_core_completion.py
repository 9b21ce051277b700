"""Stage and done are one fact, whichever of them a person used."""

from __future__ import annotations

from dataclasses import replace

import pytest

from syncer.core.completion import settle_completion
from syncer.core.model import Field, HubValue, Known, Unreadable, Value
from syncer.core.observe import Sight
from syncer.core.stages import Stage, StageMap
from tests.unit.core_builders import NOW, item, known, policy

LINKED = {"trello": "c1", "asana": "a1"}


def settle(before: Known, held: frozenset[Field] = frozenset(), **now: Value) -> tuple[Value, Value, str | None]:
    """Stage, done and the stage to return to, after these values were merged."""
    hub = dict(before.hub) | {Field(of): HubValue(value, "asana", NOW) for of, value in now.items()}
    settled, reopen = settle_completion(before, hub, held, {}, policy())
    values = {of: value.value for of, value in settled.items()}
    return values.get(Field.STAGE), values.get(Field.DONE), reopen


def task(stage: Value, done: Value, reopen: str | None = None) -> Known:
    return replace(known("t-1", LINKED, stage=stage, done=done), reopen_stage=reopen)


@pytest.mark.parametrize(
    ("before", "edit", "after"),
    [
        (("Doing", False, "Doing"), {"done": True}, ("Done", True, "Doing")),
        (("Doing", False, "Doing"), {"stage": "Done"}, ("Done", True, "Doing")),
        (("Done", True, "Doing"), {"done": False}, ("Doing", False, "Doing")),
        (("Done", True, None), {"done": False}, ("To do", False, "To do")),
        (("Done", True, "Gone"), {"done": False}, ("To do", False, "To do")),
        (("Done", True, "Doing"), {"stage": "To do"}, ("To do", False, "To do")),
        (("To do", False, "To do"), {"stage": "Doing"}, ("Doing", False, "Doing")),
        (("To do", False, "To do"), {"stage": "Doing", "done": True}, ("Done", True, "Doing")),
        (("To do", False, "To do"), {"stage": "Done", "done": True}, ("Done", True, "To do")),
        (("Done", True, "Doing"), {"stage": "To do", "done": False}, ("To do", False, "To do")),
        (("Doing", False, "Doing"), {}, ("Doing", False, "Doing")),
    ],
)
def test_the_other_follows(before: tuple, edit: dict, after: tuple) -> None:
    assert settle(task(*before), **edit) == after


@pytest.mark.parametrize("held", [Field.STAGE, Field.DONE])
def test_while_a_person_has_to_decide_on_one_the_other_waits(held: Field) -> None:
    assert settle(task("Doing", False), frozenset({held}), done=True)[:2] == ("Doing", True)


def test_a_stage_that_is_not_in_the_map_is_left_alone() -> None:
    assert settle(task("Review", False), done=True)[:2] == ("Review", True)


@pytest.mark.parametrize(
    ("stage", "done", "wanted"),
    [("Done", False, ("Done", True)), ("To do", True, ("Done", True)), ("Doing", False, ("Doing", False))],
)
def test_at_adoption_either_of_them_says_that_it_is_done(stage: str, done: bool, wanted: tuple) -> None:
    assert settle(Known("t-1"), stage=stage, done=done)[:2] == wanted


def test_a_new_task_without_a_stage_begins_in_the_first() -> None:
    assert settle(Known("t-1"), stage=None, done=False)[:2] == ("To do", False)
    assert settle(known("t-1", LINKED, done=False), stage=None)[0] is None


def test_a_new_task_whose_stage_is_not_understood_is_given_none() -> None:
    sight = Sight(item("a1"), {}, {Field.STAGE: Unreadable("Review", "no stage")})
    hub, _ = settle_completion(Known("t-1"), {}, frozenset(), {"asana": sight}, policy())
    assert Field.STAGE not in hub


def test_without_a_finished_stage_done_is_only_a_tick() -> None:
    rules = policy(stages=StageMap([Stage("To do")]))
    before = task("To do", False)
    hub, _ = settle_completion(before, {**before.hub, Field.DONE: HubValue(True, "asana")}, frozenset(), {}, rules)
    assert (hub[Field.STAGE].value, hub[Field.DONE].value) == ("To do", True)
