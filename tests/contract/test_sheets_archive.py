"""Rows that are put away, brought back and deleted: whole, each cell under its heading, and never the wrong one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from adapters.sandbox.server import RunningSandbox
from syncer.core.model import Field, Presence, Value
from syncer.ports import EffectKind, Result
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


def titled(title: str, **more: Value) -> dict[Field, Value]:
    return {Field.TITLE: title, **{Field(name): value for name, value in more.items()}}


def test_rows_move_to_the_archive_whole_and_back(sheet: Open) -> None:
    editor = sheet(("Tasks", HOSTILE))
    decorate(editor)
    replica = editor.replica(linked=True)
    (outcome,) = replica.apply([effect(EffectKind.ARCHIVE, "k1")])
    assert outcome.result is Result.CONFIRMED
    assert replica.find("k1") is Presence.ARCHIVED
    assert editor.rows("Archive")[:1] == [["Mine", "Due", "ID", "Task", "Budget", "Owner", "Done", "Double"]]
    away = editor.cells("Archive")
    assert (away["A2"]["formattedValue"], away["H2"]["userEnteredValue"]) == ("a note", {"formulaValue": "=E2*2"})
    assert away["B2"]["userEnteredFormat"]["numberFormat"]["pattern"] == "d mmm"
    assert [row[2] for row in editor.rows()[3:4]] == ["k2"]
    assert replica.apply([effect(EffectKind.ARCHIVE, "k1")])[0].result is Result.CONFIRMED
    assert replica.apply([effect(EffectKind.RESTORE, "k1")])[0].result is Result.CONFIRMED
    assert editor.rows()[-1][:5] == ["a note", "11 Nov", "k1", "Poster", "12.5"]
    assert editor.rows("Archive")[1:] == []


def test_an_archive_with_other_columns_takes_each_cell_under_its_heading(sheet: Open) -> None:
    tasks = [["Task", "Mine", "ID", "New"], ["Poster", "m", "k1", "n"], ["Flyer", "o", "k2", "p"]]
    editor = sheet(("Tasks", tasks), ("Archive", [["ID", "Gone", "Task"], ["k0", "g", "Old"]]))
    replica = editor.replica(linked=True)
    outcomes = replica.apply([effect(EffectKind.ARCHIVE, key) for key in ("k1", "k2")])
    assert [outcome.result for outcome in outcomes] == [Result.CONFIRMED] * 2
    assert editor.rows("Archive") == [
        ["ID", "Gone", "Task", "Mine", "New"],
        ["k0", "g", "Old"],
        ["k1", "", "Poster", "m", "n"],
        ["k2", "", "Flyer", "o", "p"],
    ]
    assert editor.rows() == [["Task", "Mine", "ID", "New"]]


def test_an_archive_that_cannot_be_told_takes_nothing(sheet: Open) -> None:
    editor = sheet(("Tasks", [["Task", "ID"], ["Poster", "k1"]]), ("Archive", [["my old stuff"]]))
    replica = editor.replica()
    assert [notice.place for notice in replica.read().notices] == ["Archive"]
    (outcome,) = replica.apply([effect(EffectKind.ARCHIVE, "k1")])
    assert (outcome.result, "Archive" in outcome.reason) == (Result.REFUSED, True)


def test_many_kinds_of_changes_go_in_one_batch_and_hit_the_right_rows(sheet: Open) -> None:
    rows = [["Task", "ID", "Flag"], *([f"Task {number}", f"k{number}"] for number in range(6))]
    editor = sheet(("Tasks", rows), ("Archive", [["Task", "ID"], ["Away", "a1"], ["Gone", "a2"]]))
    replica = editor.replica(linked=True)
    editor.requests()
    outcomes = replica.apply(
        [
            effect(EffectKind.DELETE, "k1"),
            effect(EffectKind.CREATE, item="n1", fields=titled("New 1")),
            effect(EffectKind.ARCHIVE, "k3"),
            effect(EffectKind.UPDATE, "k4", fields=titled("Four")),
            effect(EffectKind.RESTORE, "a1"),
            effect(EffectKind.FLAG, "k5", text="Overdue"),
            effect(EffectKind.DELETE, "a2"),
            effect(EffectKind.CREATE, item="n2", fields=titled("New 2")),
            effect(EffectKind.UPDATE, "nobody", fields=titled("x")),
        ]
    )
    assert [outcome.result for outcome in outcomes] == [*[Result.CONFIRMED] * 8, Result.GONE]
    assert [row[:3] for row in editor.rows()] == [
        ["Task", "ID", "Flag"],
        ["Task 0", "k0"],
        ["Task 2", "k2"],
        ["Four", "k4"],
        ["Task 5", "k5", "Overdue"],
        ["New 1", "n1"],
        ["New 2", "n2"],
        ["Away", "a1"],
    ]
    assert editor.rows("Archive") == [["Task", "ID", "Flag"], ["Task 3", "k3"]]


def test_the_last_row_of_a_tab_can_go(sheet: Open) -> None:
    editor = sheet(("Tasks", [["Task", "ID"], ["Poster", "k1"]]))
    size = {"sheetId": 0, "gridProperties": {"rowCount": 2, "frozenRowCount": 1}}
    editor.change({"updateSheetProperties": {"properties": size, "fields": "gridProperties(rowCount,frozenRowCount)"}})
    replica = editor.replica(linked=True)
    assert replica.apply([effect(EffectKind.DELETE, "k1")])[0].result is Result.CONFIRMED
    assert replica.read().items == ()


def test_a_row_comes_back_to_a_tab_that_lost_its_columns(sheet: Open) -> None:
    away = ["Task", "Mine", "Due", "ID"], ["Old", "m", {"date": "2026-11-11"}, "k1"]
    editor = sheet(("Tasks", [["Task", None], ["Poster", None, "aside"]]), ("Archive", away))
    replica = editor.replica()
    assert [one.result for one in replica.apply([effect(EffectKind.RESTORE, "k1")] * 2)] == [Result.CONFIRMED] * 2
    assert editor.rows() == [
        ["Task", "", "", "ID", "Mine", "Due"],
        ["Poster", "", "aside"],
        ["Old", "", "", "k1", "m", "2026-11-11"],
    ]
    assert editor.rows("Archive") == [["Task", "Mine", "Due", "ID"]]
