"""The text form of values obeys its laws: what is written down is read back, and each thing has one form."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncer.core.fields import SETS, TIMES, decode, empty, encode
from syncer.core.model import Field, TaskKind, Unreadable, Value

TEXTS = st.text(max_size=20)
FIRST = datetime(1, 1, 2, tzinfo=UTC)
SPAN = datetime(9999, 12, 30, tzinfo=UTC) - FIRST
MOMENTS = st.integers(0, int(SPAN.total_seconds())).map(lambda late: FIRST + timedelta(seconds=late))
VALUES: dict[Field, st.SearchStrategy[Value]] = {
    Field.TITLE: TEXTS,
    Field.DESCRIPTION: TEXTS,
    Field.STAGE: st.none() | TEXTS,
    Field.PARENT: st.none() | TEXTS,
    Field.DONE: st.booleans(),
    Field.KIND: st.sampled_from(list(TaskKind)),
    Field.START: st.none() | st.dates() | MOMENTS,
    Field.DUE: st.none() | st.dates() | MOMENTS,
    Field.OWNERS: st.frozensets(TEXTS, max_size=4),
    Field.LABELS: st.frozensets(TEXTS, max_size=4),
}


@given(st.sampled_from(list(Field)).flatmap(lambda of: st.tuples(st.just(of), VALUES[of])))
def test_reading_back_what_was_written_gives_the_value(drawn: tuple[Field, Value]) -> None:
    of, value = drawn
    again = decode(of, encode(value))
    assert again == value
    assert type(again) is type(value)
    assert encode(again) == encode(value)


@given(MOMENTS, st.integers(-14, 14))
def test_one_moment_has_one_form_whatever_the_zone(moment: datetime, hours: int) -> None:
    local = moment.replace(year=2026 if moment.year < 2 or moment.year > 9998 else moment.year)
    assert encode(local.astimezone(timezone(timedelta(hours=hours)))) == encode(local)


def test_the_forms() -> None:
    assert encode(date(2026, 11, 11)) == "2026-11-11"
    assert encode(datetime(2026, 11, 11, 9, 30, tzinfo=UTC)) == "2026-11-11T09:30:00Z"
    assert encode(frozenset({"b", "a"})) == ["a", "b"]
    assert encode(Unreadable("#REF!", "mend it")) == "#REF!"
    assert encode(None) is None


def test_a_day_is_never_taken_for_a_time() -> None:
    assert type(decode(Field.DUE, "2026-11-11")) is date
    assert type(decode(Field.DUE, "2026-11-11T00:00:00Z")) is datetime


@pytest.mark.parametrize(
    ("of", "raw"),
    [
        (Field.DONE, "true"),
        (Field.DONE, None),
        (Field.OWNERS, "Ana"),
        (Field.LABELS, None),
        (Field.TITLE, True),
        (Field.KIND, "epic"),
        (Field.DUE, "tomorrow!!"),
        (Field.DUE, "2026-13-01"),
    ],
)
def test_what_is_no_value_of_the_field_is_refused(of: Field, raw: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        decode(of, raw)


def test_every_field_has_an_empty_value_that_can_be_written_down() -> None:
    for of in Field:
        assert decode(of, encode(empty(of))) == empty(of)
        assert (empty(of) == frozenset()) is (of in SETS)
        assert empty(of) is None or of not in TIMES
