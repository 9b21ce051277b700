"""Other people's spreadsheets: only our cells change, rows are found again, whole rows move, and formulas stay."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from adapters.limiter import Quota
from adapters.sandbox.server import RunningSandbox
from adapters.sheets.access import Access
from adapters.sheets.replica import SheetsReplica
from syncer.core.errors import HeaderFault
from syncer.core.model import Field, Unreadable, Value
from syncer.core.people import People
from syncer.ports import EffectKind, Replica, Result
from tests.contract.replica_contract import effect
from tests.contract.sheet_editor import HOSTILE, Editor, decorate, spreadsheet

Open = Callable[..., Editor]


@pytest.fixture(scope="module")
def running() -> Iterator[RunningSandbox]:
    with RunningSandbox() as running:
        yield running


@pytest.fixture
def sheet(running: RunningSandbox, tmp_path: Path) -> Open:
    return lambda *tabs: spreadsheet(running, tmp_path, *tabs)


def shown(replica: Replica) -> dict[str, Mapping[Field, Any]]:
    return {item.remote_id: item.fields for item in replica.read().items}


def titled(title: str, **more: Value) -> dict[Field, Value]:
    return {Field.TITLE: title, **{Field(name): value for name, value in more.items()}}


def test_nothing_but_the_changed_cells_changes(sheet: Open) -> None:
    editor = sheet(("Tasks", HOSTILE), ("Other", [["Task", {"formula": "=Tasks!D4"}]]))
    decorate(editor)
    replica = editor.replica(linked=True)
    before, other, around = editor.cells(), editor.tab("Other"), editor.tab()
    fields = titled("Poster", due=date(2026, 11, 12), done=False)
    (outcome,) = replica.apply([effect(EffectKind.UPDATE, "k1", fields=fields)])
    assert (outcome.result, outcome.fields) == (Result.CONFIRMED, fields)
    after = editor.cells()
    assert {place for place in before | after if before.get(place) != after.get(place)} == {"B4", "G4"}
    values = ("userEnteredValue", "effectiveValue", "formattedValue")
    for place in ("B4", "G4"):
        kept = [{key: cell for key, cell in side[place].items() if key not in values} for side in (before, after)]
        assert kept[0] == kept[1]
    assert after["B4"]["formattedValue"] == "12 Nov"
    assert editor.tab("Other") == other
    assert {key: part for key, part in editor.tab().items() if key != "data"} == {
        key: part for key, part in around.items() if key != "data"
    }


def test_reading_writes_nothing(sheet: Open) -> None:
    editor = sheet(("Tasks", HOSTILE))
    decorate(editor)
    before = editor.whole()
    editor.requests()
    assert set(shown(editor.replica())) == {"k1", "k2"}
    assert [line.split()[0] for line in editor.requests()] == ["POST", "GET"]
    assert editor.whole() == before


def test_formulas_are_read_and_never_overwritten(sheet: Open) -> None:
    editor = sheet(("Tasks", HOSTILE))
    replica = editor.replica()
    assert shown(replica)["k2"][Field.OWNERS] == {"Bo"}
    bo = {Field.OWNERS: frozenset({"Ada"})}
    (alone,) = replica.apply([effect(EffectKind.UPDATE, "k2", fields=bo)])
    assert (alone.result, "Tasks!F5" in alone.reason) == (Result.REFUSED, True)
    (both,) = replica.apply([effect(EffectKind.UPDATE, "k2", fields=bo | titled("New"))])
    assert (both.result, both.fields) == (Result.CONFIRMED, titled("New"))
    assert editor.cells()["F5"]["userEnteredValue"] == {"formulaValue": '="B"&"o"'}


def test_new_rows_go_below_what_people_have_and_hold_typed_cells(sheet: Open) -> None:
    editor = sheet(("Tasks", HOSTILE))
    fields = titled('=HYPERLINK("http://x","y")', due=datetime(2026, 11, 11, 8, tzinfo=UTC), owners=frozenset({"Ada"}))
    (outcome,) = editor.replica().apply(
        [effect(EffectKind.CREATE, item="k9", fields=fields | {Field.LABELS: frozenset({"x"})})]
    )
    assert (outcome.result, outcome.remote_id, outcome.fields) == (Result.CONFIRMED, "k9", fields)
    cells = editor.cells()
    assert cells["D7"]["userEnteredValue"] == {"stringValue": '=HYPERLINK("http://x","y")'}
    assert cells["B7"]["formattedValue"] == "2026-11-11 09:00"
    assert cells["G7"]["dataValidation"]["condition"] == {"type": "BOOLEAN"}
    assert cells["G7"]["userEnteredValue"] == {"boolValue": False}
    assert not {"A7", "E7", "H7"} & cells.keys()


def test_the_header_of_an_empty_tab_is_made_with_the_first_row(sheet: Open) -> None:
    editor = sheet(("Tasks", []))
    replica = editor.replica()
    assert replica.read().holds == frozenset(Field)
    assert editor.rows() == []
    replica.apply([effect(EffectKind.CREATE, item="k1", fields=titled("Poster"), link="https://example.com/1")])
    header, row = editor.rows()
    assert (header[0], header[-2:]) == ("Task", ["Link", "ID"])
    assert row[-2:] == ["https://example.com/1", "k1"]
    tab = editor.tab()
    assert tab["properties"]["gridProperties"]["frozenRowCount"] == 1
    assert [number for number, column in enumerate(tab["data"][0]["columnMetadata"]) if column.get("hiddenByUser")] == [
        13
    ]


def test_a_tab_that_is_too_small_grows(sheet: Open) -> None:
    editor = sheet(("Tasks", [["Task"], ["Old"]]))
    size = {"sheetId": 0, "gridProperties": {"rowCount": 3, "columnCount": 1}}
    editor.change({"updateSheetProperties": {"properties": size, "fields": "gridProperties(rowCount,columnCount)"}})
    replica = editor.replica()
    effects = [effect(EffectKind.CREATE, item=f"k{number}", fields=titled(f"New {number}")) for number in range(4)]
    assert {outcome.result for outcome in replica.apply(effects)} == {Result.CONFIRMED}
    assert editor.rows() == [["Task", "ID"], ["Old"], *([f"New {number}", f"k{number}"] for number in range(4))]


def test_rows_get_their_name_wherever_they_are_now(sheet: Open) -> None:
    editor = sheet(("Tasks", [["Task", "Due", "Link"], ["Poster", "2026-11-11"], ["Flyer"], ["Twin"], ["Twin"]]))
    replica = editor.replica()
    names = [item.remote_id for item in replica.read().items]
    assert names == ["row 2: Poster", "row 3: Flyer", "row 4: Twin", "row 5: Twin"]
    editor.insert_row(1)
    effects = [
        effect(EffectKind.IDENTIFY, name, item=f"k{number}", expected=titled(name[7:]), link="https://example.com")
        for number, name in enumerate(names)
    ]
    results = [outcome.result for outcome in replica.apply(effects)]
    assert results == [Result.CONFIRMED, Result.CONFIRMED, Result.MOVED, Result.CONFIRMED]
    assert [row[2:] for row in editor.rows()[2:]] == [["https://example.com", f"k{key}"] for key in (0, 1, 3)] + [[]]


def test_a_copied_row_gets_a_name_of_its_own(sheet: Open) -> None:
    editor = sheet(("Tasks", [["Task", "ID"], ["Poster", "k1"], ["Poster", "k1"]]))
    replica = editor.replica(linked=True)
    name = next(item.remote_id for item in replica.read().items if item.nameless)
    again = [effect(EffectKind.IDENTIFY, name, item="k2", expected=titled("Poster")) for _ in range(2)]
    assert [replica.apply([one])[0].result for one in again] == [Result.CONFIRMED, Result.CONFIRMED]
    assert editor.rows()[1:] == [["Poster", "k1"], ["Poster", "k2"]]


def test_a_row_that_reads_otherwise_now_is_not_named(sheet: Open) -> None:
    editor = sheet(("Tasks", [["Task"], ["Poster"]]))
    replica = editor.replica()
    replica.read()
    editor.type("Tasks!A2", "Flyer")
    wanted = effect(EffectKind.IDENTIFY, "row 2: Poster", item="k1", expected=titled("Poster"))
    assert replica.apply([wanted])[0].result is Result.MOVED
    assert editor.rows() == [["Task"], ["Flyer"]]


def test_a_create_is_applied_once_however_often_it_is_asked_for(sheet: Open) -> None:
    editor = sheet(("Tasks", []))
    replica = editor.replica()
    for _ in range(2):
        (outcome,) = replica.apply([effect(EffectKind.CREATE, item="k1", fields=titled("Poster"))])
        assert (outcome.result, outcome.fields) == (Result.CONFIRMED, titled("Poster"))
    assert len(editor.rows()) == 2


def test_a_whole_batch_takes_three_requests(sheet: Open) -> None:
    editor = sheet(("Tasks", []))
    replica = editor.replica()
    replica.read()
    before = replica.traffic()
    fields = titled("Poster", due=date(2026, 11, 11), done=True)
    effects = [effect(EffectKind.CREATE, item=f"k{number}", fields=fields) for number in range(replica.batch)]
    assert all(outcome.result is Result.CONFIRMED for outcome in replica.apply(effects))
    after = replica.traffic()
    assert (after.requests - before.requests, after.writes - before.writes) == (3, 1)


def test_children_keep_a_parent_that_is_renamed_or_no_longer_alone(sheet: Open) -> None:
    rows = [["Task", "Parent", "ID"], ["Fair", "", "k1"], ["Stand", "Fair", "k2"], ["Lamp", "Stand", "k3"]]
    editor = sheet(("Tasks", rows))
    replica = editor.replica(linked=True)
    replica.apply([effect(EffectKind.UPDATE, "k1", fields=titled("Expo"))])
    replica.apply([effect(EffectKind.CREATE, item="k4", fields=titled("Stand", parent="k1"))])
    assert [row[1] for row in editor.rows()[1:]] == ["", "Expo", "k2", "Expo"]
    parents = {key: fields[Field.PARENT] for key, fields in shown(replica).items()}
    assert parents == {"k1": None, "k2": "k1", "k3": "k2", "k4": "k1"}
    (outcome,) = replica.apply([effect(EffectKind.UPDATE, "k3", fields={Field.PARENT: "nobody"})])
    assert outcome.result is Result.REFUSED


def test_a_time_that_happens_twice_is_told_as_the_sheet_shows_it(sheet: Open) -> None:
    editor = sheet(("Tasks", []))
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    (outcome,) = editor.replica().apply([effect(EffectKind.CREATE, fields=titled("Late", due=second))])
    assert outcome.fields[Field.DUE] == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_sheet_that_lost_its_ids_or_its_name_is_not_touched(sheet: Open) -> None:
    editor = sheet(("Tasks", [["Task", "Due"], ["Poster"]]))
    with pytest.raises(HeaderFault, match="ID"):
        editor.replica(linked=True).read()
    with pytest.raises(HeaderFault, match="no tab 'Aufgaben' any more"):
        editor.replica(linked=True, tab="Aufgaben").find("k1")
    assert len(editor.replica().read().items) == 1


def test_a_missing_column_is_neither_read_nor_written(sheet: Open) -> None:
    editor = sheet(("Tasks", [["Task", "ID"], ["Poster", "k1"]]))
    replica = editor.replica(linked=True)
    assert replica.read().holds == {Field.TITLE}
    due = {Field.DUE: date(2026, 11, 11)}
    both, alone, flag = replica.apply(
        [
            effect(EffectKind.UPDATE, "k1", fields=titled("New") | due),
            effect(EffectKind.UPDATE, "k1", fields=due),
            effect(EffectKind.FLAG, "k1", text="Overdue"),
        ]
    )
    assert (both.result, both.fields) == (Result.CONFIRMED, titled("New"))
    assert (alone.result, "headed Due" in alone.reason) == (Result.REFUSED, True)
    assert (flag.result, "headed Flag" in flag.reason) == (Result.REFUSED, True)


def test_an_emptied_row_says_nothing_about_its_fields(sheet: Open) -> None:
    editor = sheet(
        ("Tasks", [["Task", "Due", "Done", "ID"], [None, None, False, "k1"], ["Flyer", "soon", False, "k2"]])
    )
    replica = editor.replica(linked=True)
    emptied = shown(replica)["k1"]
    assert all(isinstance(value, Unreadable) and "Tasks!A2" in value.reason for value in emptied.values())
    before = editor.cells()
    changes = [effect(EffectKind.UPDATE, key, fields={Field.DUE: date(2026, 11, 11)}) for key in ("k1", "k2")]
    assert [outcome.result for outcome in replica.apply(changes)] == [Result.REFUSED] * 2
    assert editor.cells() == before


def test_replicas_of_one_account_share_its_token_and_quota(sheet: Open) -> None:
    editor = sheet(("Tasks", [["Task"], ["Poster"]]), ("Press", [["Task"], ["Interview"]]))
    access = Access(
        editor.sandbox.sheets_url, editor.sandbox.drive_url, editor.credentials, editor.clock, Quota(10, 60.0)
    )
    for tab, title in (("Tasks", "Poster"), ("Press", "Interview")):
        connection = access.open(editor.spreadsheet)
        replica = SheetsReplica("x", tab, connection, People(), ZoneInfo("UTC"), editor.clock, linked=False)
        for _ in range(5):
            (item,) = replica.read().items
            assert item.fields[Field.TITLE] == title
    assert sum(line.endswith("/token") for line in editor.requests()) == 1
    assert editor.clock.slept == [60.0]


def test_a_title_that_is_not_written_is_no_parent(sheet: Open) -> None:
    rows = [["Task", "Parent", "ID"], ["Fair", "", "k1"], ["Stand", "Fair", "k2"], ["Lamp", "", "k3"]]
    editor = sheet(("Tasks", rows))
    outcomes = editor.replica(linked=True).apply(
        [
            effect(EffectKind.UPDATE, "k1", fields=titled("Expo"), expected=titled("Exhibition")),
            effect(EffectKind.UPDATE, "k3", fields=titled("Light")),
            effect(EffectKind.CREATE, item="k4", fields=titled("x" * 50_001)),
            effect(EffectKind.CREATE, item="k5", fields=titled("Bulb", parent="k4")),
        ]
    )
    assert [one.result for one in outcomes] == [Result.MOVED, Result.CONFIRMED, Result.REFUSED, Result.REFUSED]
    assert editor.rows()[1:] == [["Fair", "", "k1"], ["Stand", "Fair", "k2"], ["Light", "", "k3"]]
