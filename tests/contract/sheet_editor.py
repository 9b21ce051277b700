"""A person at a spreadsheet: edits it through the raw API and sees every cell with its note, format and rule."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import requests

from adapters.sandbox import faults
from adapters.sandbox.server import RunningSandbox
from adapters.sheets.replica import SheetsReplica, open_replica
from syncer.core.people import People
from tests.contract.replica_contract import MovedClock

Row = Sequence[Any]


class Editor:
    """One spreadsheet in a sandbox."""

    def __init__(self, sandbox: RunningSandbox, folder: Path) -> None:
        self.sandbox = sandbox
        self.clock = MovedClock()
        self.spreadsheet = sandbox.places["spreadsheet"]
        self.credentials = Path(sandbox.env["SYNCER_GOOGLE__CREDENTIALS_FILE"])
        self.folder = folder
        self._url = f"{sandbox.sheets_url}/v4/spreadsheets/{self.spreadsheet}"

    def replica(self, **changes: Any) -> SheetsReplica:
        """The adapter under test."""
        arguments: dict[str, Any] = {
            "name": "sheets",
            "spreadsheet": self.spreadsheet,
            "tab": "Tasks",
            "sheets_url": self.sandbox.sheets_url,
            "drive_url": self.sandbox.drive_url,
            "credentials_file": self.credentials,
            "people": People(),
            "zone": ZoneInfo("Europe/Berlin"),
            "clock": self.clock,
        }
        return open_replica(**(arguments | changes))

    def whole(self) -> Any:
        """Everything the API tells about the spreadsheet."""
        return self._call("GET", self._url, params={"includeGridData": "true"})

    def tab(self, title: str = "Tasks") -> Any:
        """Everything about one tab."""
        return next(sheet for sheet in self.whole()["sheets"] if sheet["properties"]["title"] == title)

    def cells(self, title: str = "Tasks") -> dict[str, Any]:
        """The cells of a tab that are anything at all, by address."""
        found: dict[str, Any] = {}
        for row, line in enumerate(self.tab(title)["data"][0].get("rowData", []), 1):
            for column, cell in enumerate(line.get("values", [])):
                if cell:
                    found[f"{chr(ord('A') + column)}{row}"] = cell
        return found

    def rows(self, title: str = "Tasks") -> list[list[str]]:
        """What a tab shows, in texts."""
        lines = self.tab(title)["data"][0].get("rowData", [])
        return [[cell.get("formattedValue", "") for cell in line.get("values", [])] for line in lines]

    def change(self, *edits: Mapping[str, Any]) -> None:
        """Do what a batch update does."""
        self._call("POST", self._url + ":batchUpdate", json={"requests": list(edits)})

    def type(self, place: str, *values: Any) -> None:
        """Type into cells from `place` on to the right."""
        address = f"{self._url}/values/{place}"
        self._call("PUT", address, params={"valueInputOption": "USER_ENTERED"}, json={"values": [list(values)]})

    def insert_row(self, row: int) -> None:
        """Insert an empty row above this one (from 0)."""
        at = {"sheetId": 0, "dimension": "ROWS", "startIndex": row, "endIndex": row + 1}
        self.change({"insertDimension": {"range": at, "inheritFromBefore": False}})

    def fail(self, method: str, path: str, **fault: Any) -> None:
        """Let the next requests fail."""
        document = {"service": "sheets", "method": method, "path": path, **fault}
        self.sandbox.world.faults.add(faults.from_document(document))

    def requests(self) -> list[str]:
        """The methods and paths served since the last call."""
        served = [f"{entry['method']} {entry['path']}" for entry in self.sandbox.world.journal.entries()]
        self.sandbox.world.journal.clear()
        return served

    def _call(self, method: str, address: str, **parts: Any) -> Any:
        headers = {"Authorization": "Bearer people-token"}
        answer = requests.request(method, address, headers=headers, timeout=10, **parts)
        assert answer.ok, answer.text
        return answer.json()


def spreadsheet(sandbox: RunningSandbox, folder: Path, *tabs: tuple[str, Sequence[Row]]) -> Editor:
    """A spreadsheet with these tabs as all there is in the sandbox, without quotas."""
    sheets = [{"title": title, "rows": rows} for title, rows in tabs]
    seed = folder / "seed.json"
    document = {"google": {"spreadsheets": [{"title": "Plan", "timeZone": "Europe/Berlin", "sheets": sheets}]}}
    seed.write_text(json.dumps(document), encoding="utf-8")
    sandbox.world.reset(str(seed))
    sandbox.world.services["google"].limits(None)
    return Editor(sandbox, folder)


HOSTILE: Sequence[Row] = [
    ["Autumn plan", None, {"formula": "=COUNTA(D4:D6)"}],
    [],
    ["Mine", "Due", "ID", "Task", "Budget", "Owner", "Done", "Double"],
    ["a note", {"date": "2026-11-11"}, "k1", "Poster", 12.5, "Ada", True, {"formula": "=E4*2"}],
    [None, "2026/12/1", "k2", "=not a formula", 7, {"formula": '="B"&"o"'}, "yes", {"formula": "=E5*2"}],
    ["total", None, None, None, {"formula": "=SUM(E4:E5)"}],
]


def decorate(editor: Editor) -> None:
    """What people do to the hostile tab: colours, notes, a filter, a rule, merged cells, a date format of their own."""
    grid = {"sheetId": 0, "startRowIndex": 2, "endRowIndex": 6, "startColumnIndex": 0, "endColumnIndex": 8}
    one = {"sheetId": 0, "startRowIndex": 3, "endRowIndex": 4, "startColumnIndex": 1, "endColumnIndex": 4}
    looks = {"backgroundColor": {"red": 1}, "textFormat": {"bold": True}}
    rule = {"condition": {"type": "NUMBER_GREATER", "values": [{"userEnteredValue": "0"}]}, "strict": True}
    budget = {**grid, "startRowIndex": 3, "startColumnIndex": 4, "endColumnIndex": 5}
    note = {"rows": [{"values": [{"note": "ask Ada"}] * 3}], "fields": "note", "range": one}
    day = {"userEnteredFormat": {"numberFormat": {"type": "DATE", "pattern": "d mmm"}}}
    due = {**one, "endColumnIndex": 2}
    editor.change(
        {
            "repeatCell": {
                "range": grid,
                "cell": {"userEnteredFormat": looks},
                "fields": "userEnteredFormat(backgroundColor,textFormat)",
            }
        },
        {"repeatCell": {"range": due, "cell": day, "fields": "userEnteredFormat.numberFormat"}},
        {"updateCells": note},
        {"setBasicFilter": {"filter": {"range": grid}}},
        {"setDataValidation": {"range": budget, "rule": rule}},
        {
            "mergeCells": {
                "range": {**grid, "startRowIndex": 0, "endRowIndex": 1, "endColumnIndex": 2},
                "mergeType": "MERGE_ALL",
            }
        },
    )
