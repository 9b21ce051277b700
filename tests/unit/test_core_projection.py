"""What a replica would show of a hub value, one capability at a time."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from syncer.core.model import Capabilities, Field, TaskKind, Value
from syncer.core.projection import project, same, too_long
from tests.unit.core_builders import SHANGHAI, fields

DAY, NEXT = date(2026, 11, 2), date(2026, 11, 3)
EVENING = datetime(2026, 11, 1, 18, tzinfo=UTC)  # already the second of November in Shanghai
LATER = datetime(2026, 11, 2, 9, tzinfo=UTC)
ASANA = Capabilities(
    kinds_without_start=frozenset({"milestone"}),
    start_needs_due=True,
    start_before_due=True,
    timed_start_needs_timed_due=True,
)


def shown(of: Field, caps: Capabilities, now: Value = None, **hub: Value) -> Value:
    return project(of, fields(**hub), caps, SHANGHAI, now)


def people(*names: str) -> frozenset[str]:
    return frozenset(names)


@pytest.mark.parametrize("value", [None, DAY, EVENING])
def test_a_replica_without_limits_shows_what_it_is_given(value: Value) -> None:
    assert shown(Field.DUE, Capabilities(), due=value) == value
    assert shown(Field.START, Capabilities(), start=value) == value


def test_a_field_for_days_shows_the_local_day() -> None:
    caps = Capabilities(dated_only=frozenset({Field.START, Field.DUE}))
    assert shown(Field.DUE, caps, due=EVENING) == DAY
    assert shown(Field.START, caps, start=EVENING) == DAY
    assert shown(Field.DUE, caps, due=DAY) == DAY


def test_only_people_who_can_be_chosen_are_shown_and_nobody_who_is_there_is_taken_off() -> None:
    caps = Capabilities(owners=people("Ana", "Bo"))
    assert shown(Field.OWNERS, caps, owners=people("Ana", "Agency")) == people("Ana")
    assert shown(Field.OWNERS, caps, people("Eva"), owners=people("Ana", "Eva")) == people("Ana", "Eva")
    assert shown(Field.OWNERS, caps, people("Eva"), owners=people("Ana")) == people("Ana")


def test_where_one_owner_fits_the_one_who_is_there_stays() -> None:
    caps = Capabilities(max_owners=1)
    assert shown(Field.OWNERS, caps, owners=people("Bo", "Ana")) == people("Ana")
    assert shown(Field.OWNERS, caps, people("Bo"), owners=people("Bo", "Ana")) == people("Bo")
    assert shown(Field.OWNERS, caps, people("Eva"), owners=people("Bo", "Ana")) == people("Ana")


@pytest.mark.parametrize(
    ("start", "due", "kind", "wanted"),
    [
        (DAY, NEXT, TaskKind.TASK, DAY),
        (DAY, None, TaskKind.TASK, None),
        (DAY, NEXT, TaskKind.MILESTONE, None),
        (DAY, DAY, TaskKind.TASK, None),
        (EVENING, LATER, TaskKind.TASK, EVENING),
        (LATER, LATER, TaskKind.TASK, None),
        (EVENING, NEXT, TaskKind.TASK, DAY),
        (None, NEXT, TaskKind.TASK, None),
    ],
)
def test_a_start_that_leans_on_due_and_kind(start: Value, due: Value, kind: TaskKind, wanted: Value) -> None:
    assert shown(Field.START, ASANA, start=start, due=due, kind=kind) == wanted


@pytest.mark.parametrize("start", [None, DAY, EVENING])
@pytest.mark.parametrize("due", [None, DAY, NEXT, LATER])
def test_projecting_twice_changes_nothing(start: Value, due: Value) -> None:
    once = shown(Field.START, ASANA, start=start, due=due)
    assert shown(Field.START, ASANA, start=once, due=due) == once


def test_two_replicas_show_the_same_if_one_shows_as_much_as_it_can() -> None:
    days = Capabilities(dated_only=frozenset({Field.START}))
    assert same(Field.START, DAY, days, EVENING, Capabilities(), SHANGHAI)
    assert same(Field.START, EVENING, Capabilities(), DAY, days, SHANGHAI)
    assert not same(Field.START, NEXT, days, EVENING, Capabilities(), SHANGHAI)


def test_only_texts_are_too_long() -> None:
    caps = Capabilities(max_text=3)
    assert too_long(Field.TITLE, "four", caps)
    assert not too_long(Field.TITLE, "ten", caps)
    assert not too_long(Field.STAGE, "four", caps)
    assert not too_long(Field.DESCRIPTION, "four", Capabilities())
