"""A cell reads back as what was written into it, whatever people call their tasks and wherever they live."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import example, given
from hypothesis import strategies as st

from mappings.cells import Cell, joined, read, settled, split, write
from mappings.parents import Titles
from syncer.core.fields import empty
from syncer.core.model import Field, TaskKind, Value

ZONES = sorted(available_timezones() - {"localtime", "Factory", "posixrules"})
AWKWARD = [
    "=1+1",
    "+49 170",
    "-x",
    "@all",
    "'quoted",
    "007",
    "TRUE",
    "2026-11-11",
    "مرحبا",
    "陈晓",
    "🎉👩‍👩‍👧",
    "# *md*",
]
texts = st.one_of(
    st.sampled_from(AWKWARD),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30),
    st.text("a,\" '\n=，"),
)
names = texts.filter(str.strip)
days = st.dates(date(1970, 1, 1), date(9998, 12, 30))
FIRST, LAST = (int(datetime(*day, tzinfo=UTC).timestamp()) for day in ((1970, 1, 2), (9998, 12, 29)))
times = st.integers(FIRST, LAST).map(lambda second: datetime.fromtimestamp(second, UTC))
zones = st.sampled_from(ZONES).map(ZoneInfo)

VALUES: dict[Field, st.SearchStrategy[Value]] = {
    Field.TITLE: names,
    Field.DESCRIPTION: texts,
    Field.STAGE: st.none() | names,
    Field.PARENT: st.none() | names,
    Field.DONE: st.booleans(),
    Field.START: st.none() | days | times,
    Field.DUE: st.none() | days | times,
    Field.OWNERS: st.frozensets(names, max_size=4),
    Field.LABELS: st.frozensets(names, max_size=4),
    Field.KIND: st.sampled_from(TaskKind),
}
written = st.sampled_from(Field).flatmap(lambda name: st.tuples(st.just(name), VALUES[name]))


def shown_by_google(cell: Cell) -> Cell:
    """The cell as Google gives it back: a written value takes effect as it is, formats too."""
    shown: dict[str, Any] = {}
    if "userEnteredValue" in cell:
        shown |= {"userEnteredValue": cell["userEnteredValue"], "effectiveValue": cell["userEnteredValue"]}
    if "userEnteredFormat" in cell:
        shown |= {"userEnteredFormat": cell["userEnteredFormat"], "effectiveFormat": cell["userEnteredFormat"]}
    return shown


@given(written, zones)
def test_a_cell_shows_what_was_written(pair: tuple[Field, Value], zone: ZoneInfo) -> None:
    name, value = pair
    shown = read(name, shown_by_google(write(name, value, zone)), zone)
    assert shown == settled(name, value, zone)
    assert type(shown) is type(settled(name, value, zone))
    if not isinstance(value, datetime):
        assert shown == value


@given(times, zones)
@example(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), ZoneInfo("Europe/Berlin"))
@example(datetime(2026, 10, 25, 1, 30, tzinfo=UTC), ZoneInfo("Europe/Berlin"))
@example(datetime(2011, 12, 30, 10, 30, tzinfo=UTC), ZoneInfo("Pacific/Apia"))
def test_an_instant_comes_back_unless_its_wall_time_happens_twice(moment: datetime, zone: ZoneInfo) -> None:
    back = settled(Field.DUE, moment, zone)
    assert isinstance(back, datetime)
    if moment.astimezone(zone).fold == 0:
        assert back == moment
    else:
        assert moment - timedelta(days=1, hours=1) < back < moment
    assert settled(Field.DUE, back, zone) == back


@given(written, zones)
def test_writing_what_was_read_changes_nothing(pair: tuple[Field, Value], zone: ZoneInfo) -> None:
    name, value = pair
    shown = read(name, shown_by_google(write(name, value, zone)), zone)
    again = write(name, shown, zone)
    assert read(name, shown_by_google(again), zone) == shown


@given(written, zones)
def test_nothing_that_is_written_can_become_a_formula(pair: tuple[Field, Value], zone: ZoneInfo) -> None:
    entered = write(*pair, zone).get("userEnteredValue", {})
    assert set(entered) <= {"stringValue", "numberValue", "boolValue"}


@given(st.frozensets(names | st.just(" "), max_size=6))
def test_a_list_survives_its_line(values: frozenset[str]) -> None:
    assert split(joined(values)) == values


@given(st.text())
def test_any_text_in_a_list_cell_makes_sense(text: str) -> None:
    found = split(text)
    assert "" not in found
    assert split(joined(found)) == found


@given(zones)
def test_an_empty_cell_is_the_empty_value(zone: ZoneInfo) -> None:
    for name in Field:
        value = read(name, {}, zone)
        assert value == (None if name is Field.STAGE else empty(name))


@given(st.dictionaries(st.uuids().map(str), texts, max_size=6), st.dictionaries(st.uuids().map(str), texts, max_size=3))
def test_a_parent_is_told_by_its_title_only_where_nobody_else_is_meant(
    here: dict[str, str], away: dict[str, str]
) -> None:
    titles = Titles(here, away)
    for key, title in (here | away).items():
        text = titles.text_for(key)
        meant = [other for other, name in here.items() if name == text] or [o for o, n in away.items() if n == text]
        assert text == key or (text == title and meant == [key])
    assert titles.text_for("nobody") is None
    assert titles.text_for(None) == ""
