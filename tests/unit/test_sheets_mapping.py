"""How people's spreadsheets are understood: header rows, typed and typed-in cells, identities, parents, archives."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from mappings.cells import read
from mappings.grid import Book, Tab, book_of, letters, table_of
from mappings.sheets import View, archive_title, view_of
from syncer.core.errors import HeaderFault, Malformed
from syncer.core.model import Field, Item, TaskKind, Unreadable
from syncer.core.people import People, Person

SHANGHAI = ZoneInfo("Asia/Shanghai")
PEOPLE = People([Person("Li Wei", "liwei", "liwei@example.com")])
BERLIN_GAP = "2026-03-29 02:30"


def cell(value: Any) -> dict[str, Any]:
    """A cell as the API shows it: None, a text, a number, a bool, or a whole cell already."""
    if isinstance(value, dict) or value is None:
        return value or {}
    kind = {str: "stringValue", bool: "boolValue"}.get(type(value), "numberValue")
    shown = str(value).upper() if isinstance(value, bool) else str(value)
    return {"userEnteredValue": {kind: value}, "effectiveValue": {kind: value}, "formattedValue": shown}


def formatted(number: float, kind: str, shown: str = "shown") -> dict[str, Any]:
    return {**cell(number), "formattedValue": shown, "effectiveFormat": {"numberFormat": {"type": kind}}}


def formula(text: str, value: Any) -> dict[str, Any]:
    return {**cell(value), "userEnteredValue": {"formulaValue": text}}


def tab(rows: Sequence[Sequence[Any]], title: str = "Tasks", sheet_id: int = 0) -> Tab:
    return Tab(sheet_id, title, 1000, 26, tuple(tuple(cell(value) for value in row) for row in rows))


def view(rows: Sequence[Sequence[Any]], *more: Tab, zone: str = "Asia/Shanghai") -> View:
    return view_of(Book("Plan", zone, (tab(rows), *more)), "Tasks", PEOPLE, SHANGHAI)


def only(rows: Sequence[Sequence[Any]]) -> Item:
    (entry,) = view(rows).entries
    return entry.item


@pytest.mark.parametrize(
    ("shown", "value"),
    [
        (formatted(46337, "DATE"), date(2026, 11, 11)),
        (formatted(46337, "DATE_TIME"), datetime(2026, 11, 10, 16, tzinfo=UTC)),
        (formatted(46337.75, "DATE_TIME"), datetime(2026, 11, 11, 10, tzinfo=UTC)),
        (formatted(46337.5, "DATE"), datetime(2026, 11, 11, 4, tzinfo=UTC)),
        (cell("2026-11-11"), date(2026, 11, 11)),
        (cell(" 2026/1/2 "), date(2026, 1, 2)),
        (cell("2026-11-11 18:00"), datetime(2026, 11, 11, 10, tzinfo=UTC)),
        (cell("  "), None),
        (
            formula("=A1+1", 1) | formatted(46337, "DATE") | {"userEnteredValue": {"formulaValue": "=A1"}},
            date(2026, 11, 11),
        ),
    ],
)
def test_dates_are_read_as_they_are_meant(shown: dict[str, Any], value: object) -> None:
    assert read(Field.DUE, shown, SHANGHAI) == value


@pytest.mark.parametrize(
    "shown",
    [
        cell(46337),
        cell("next week"),
        cell("2026-02-30"),
        cell("2026-11/11"),
        cell("11.11.2026"),
        cell("2026-11-11 25:00"),
        cell(True),
        formatted(0.5, "TIME"),
        formatted(1e12, "DATE"),
        formatted(-1e12, "DATE_TIME"),
    ],
)
def test_what_is_no_date_is_kept_and_told(shown: dict[str, Any]) -> None:
    value = read(Field.DUE, shown, SHANGHAI)
    assert isinstance(value, Unreadable)
    assert value.reason.endswith("write it as 2026-11-11")


def test_a_time_in_a_gap_or_fold_is_the_earlier_reading() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert read(Field.DUE, cell(BERLIN_GAP), berlin) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert read(Field.DUE, cell("2026-10-25 02:30"), berlin) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("shown", "value"),
    [
        (True, True),
        (False, False),
        ("yes", True),
        ("是", True),
        ("x", True),
        ("✓", True),
        ("No ", False),
        ("否", False),
    ],
)
def test_a_tick_has_many_spellings(shown: object, value: bool) -> None:
    assert read(Field.DONE, cell(shown), SHANGHAI) is value


@pytest.mark.parametrize(("name", "shown"), [(Field.DONE, "almost"), (Field.DONE, 1), (Field.KIND, "epic")])
def test_other_words_are_kept_and_told(name: Field, shown: object) -> None:
    assert isinstance(read(name, cell(shown), SHANGHAI), Unreadable)


def test_an_error_is_never_a_value() -> None:
    broken = {
        "userEnteredValue": {"formulaValue": "=1/0"},
        "effectiveValue": {"errorValue": {}},
        "formattedValue": "#DIV/0!",
    }
    for name in Field:
        value = read(name, broken, SHANGHAI)
        assert isinstance(value, Unreadable)
        assert value.raw == "#DIV/0!"


def test_a_number_is_the_text_people_see() -> None:
    assert only([["Task"], [{**cell(7), "formattedValue": "007"}]]).fields[Field.TITLE] == "007"


def test_columns_are_known_by_their_headings_in_any_order() -> None:
    rows = [["Plan for autumn"], [], ["Mine", " ID ", "Type", "Task"], ["note", "k1", "Milestone", "Fair"]]
    item = only(rows)
    assert (item.remote_id, item.place, item.nameless) == ("k1", "Tasks!D4", False)
    assert item.fields == {Field.TITLE: "Fair", Field.KIND: TaskKind.MILESTONE}


def test_a_tab_without_header_is_a_fault_and_names_a_cell() -> None:
    with pytest.raises(HeaderFault, match="Tasks!A1"):
        view([["Buy paper"], ["Print"]])
    with pytest.raises(HeaderFault, match="header row"):
        view([[]] * 10 + [["Task"]])


def test_a_heading_that_is_there_twice_is_a_fault() -> None:
    with pytest.raises(HeaderFault, match="Tasks!B1 and Tasks!D1"):
        view([["Task", "Due", "x", "Due"]])
    assert view([["Task", "x", "x"]]).entries == ()


@pytest.mark.parametrize("rows", [[], [[]], [[None, ""], ["  "]]])
def test_an_empty_tab_holds_everything_and_has_no_tasks(rows: list[list[Any]]) -> None:
    found = view(rows)
    assert (found.tasks, found.entries, found.holds) == (None, (), frozenset(Field))


def test_rows_without_id_and_copies_wait_for_a_name() -> None:
    found = view([["Task", "ID"], ["Poster", "k1"], ["Poster", "k1"], ["Poster"], [None, None], [None, "k2"]])
    items = [entry.item for entry in found.entries]
    assert [(item.remote_id, item.nameless) for item in items] == [
        ("k1", False),
        ("row 3: Poster", True),
        ("row 4: Poster", True),
        ("k2", False),
    ]
    assert items[3].fields[Field.TITLE] == Unreadable(
        "", "Tasks!A6: the task has no title; write one, or delete the row"
    )
    assert [notice.place for notice in found.notices] == ["Tasks!A3"]


def test_a_faulty_cell_is_named() -> None:
    item = only([["Task", "Due"], ["Poster", "soon"]])
    value = item.fields[Field.DUE]
    assert isinstance(value, Unreadable)
    assert value.reason == "Tasks!B2: Due 'soon' is no date; write it as 2026-11-11"


def test_parents_are_found_by_title_or_id() -> None:
    rows = [
        ["Task", "Parent", "ID"],
        ["Fair", None, "k1"],
        ["Stand", "Fair ", "k2"],
        ["Carpet", "k2", "k3"],
        ["Lamp", "Nothing", "k4"],
        ["Self", "Self", "k5"],
        ["Twin", None, "k6"],
        ["Twin", None, "k7"],
        ["Child", "Twin", "k8"],
        ["Old child", "Last year", "k9"],
    ]
    old = tab([["ID", "Task"], ["k0", "Last year"]], "Archive", 5)
    entries = view(rows, old).named
    found = {key: entries[key].item.fields[Field.PARENT] for key in entries if key != "k0"}
    assert [found[key] for key in ("k1", "k2", "k3", "k9")] == [None, "k1", "k2", "k0"]
    reasons = [found[key].reason for key in ("k4", "k5", "k8")]
    assert "no task is called 'Nothing'" in reasons[0]
    assert "own parent" in reasons[1]
    assert "2 tasks are called 'Twin'" in reasons[2]


def test_unknown_owners_are_kept_and_told_once() -> None:
    found = view([["Task", "Owner"], ["a", 'Li Wei, "Shaw, G."'], ["b", '"Shaw, G.", trello:bo']])
    assert found.entries[0].item.fields[Field.OWNERS] == {"Li Wei", "Shaw, G."}
    assert [(notice.place, "[[people]]" in notice.remedy) for notice in found.notices] == [("Tasks!B2", True)]


def test_archived_rows_are_archived_unless_they_are_back() -> None:
    away = tab([["Task", "ID"], ["Old", "k1"], ["Back", "k2"], ["No id"]], "Archive", 5)
    found = view([["Task", "ID"], ["Back", "k2"]], away)
    assert [(entry.item.remote_id, entry.item.archived) for entry in found.entries] == [("k2", False), ("k1", True)]


@pytest.mark.parametrize("rows", [[["whatever"]], [["Task"], ["Old"]], [["Task", "Task", "ID"]]])
def test_an_odd_archive_is_left_out_and_told(rows: list[list[Any]]) -> None:
    found = view([["Task"]], tab(rows, "Archive", 5))
    assert (found.entries, found.archive is None, found.archive_fault is not None) == ((), True, True)
    assert [notice.place for notice in found.notices] == ["Archive"]


def test_an_unknown_time_zone_is_told_and_an_offset_understood() -> None:
    due = [["Task", "Due"], ["a", "2026-11-11 12:00"]]
    told = view(due, zone="Mars/Olympus")
    assert told.entries[0].item.fields[Field.DUE] == datetime(2026, 11, 11, 4, tzinfo=UTC)
    assert "Mars/Olympus" in told.notices[0].problem
    shifted = view(due, zone="GMT-07:00")
    assert shifted.entries[0].item.fields[Field.DUE] == datetime(2026, 11, 11, 19, tzinfo=UTC)
    assert shifted.notices == ()


def test_new_rows_go_below_everything_but_prefilled_ticks() -> None:
    rows = [["Task", "Done", "ID", "Mine"], ["a", True], [None, False], [None, False, None, formula('=""', "")]]
    assert table_of(tab(rows)).end == 2
    assert table_of(tab([*rows, [None, None, None, "total"]])).end == 5


def test_grid_data_is_placed_where_it_starts() -> None:
    payload = {
        "properties": {"title": "Plan"},
        "sheets": [
            {
                "properties": {"title": "Tasks", "gridProperties": {"rowCount": 9, "columnCount": 9}},
                "data": [{"startRow": 1, "startColumn": 2, "rowData": [{"values": [cell("Task")]}, {}]}],
            },
            {"properties": {"title": "Chart", "sheetId": 4, "sheetType": "OBJECT"}},
        ],
    }
    (found,) = book_of(payload).tabs
    assert table_of(found).name(1, "Task") == "Tasks!C2"


@pytest.mark.parametrize(
    "payload", [None, [], {}, "x", {"properties": {"title": "x"}}, {"properties": {}, "sheets": []}]
)
def test_what_is_no_spreadsheet_is_never_an_empty_one(payload: Any) -> None:
    with pytest.raises(Malformed):
        book_of(payload)


def test_addresses_are_written_as_people_write_them() -> None:
    assert [letters(number) for number in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert Tab(0, "It's a plan", 1, 1).name(2, 1) == "'It''s a plan'!B3"
    assert Tab(0, "任务", 1, 1).name(0, 0) == "任务!A1"


def test_each_task_tab_has_an_archive_of_its_own() -> None:
    assert (archive_title("Tasks"), archive_title("Press")) == ("Archive", "Archive Press")
