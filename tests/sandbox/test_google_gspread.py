"""gspread itself, pointed at the sandbox, gets what it expects from its ordinary calls."""

from collections.abc import Iterator
from typing import Any

import gspread
import pytest
import requests

from tests.sandbox.google_client import PEOPLE, Client, running

PREFIXES = ("https://sheets.googleapis.com", "https://www.googleapis.com")


class SandboxSession(requests.Session):
    """Sends what is meant for Google to the sandbox."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self.base = base
        self.headers["authorization"] = f"Bearer {PEOPLE}"

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        for prefix in PREFIXES:
            if url.startswith(prefix):
                url = self.base + url.removeprefix(prefix)
        return super().request(method, url, *args, **kwargs)


@pytest.fixture(scope="module")
def served() -> Iterator[Client]:
    with running() as client:
        yield client


@pytest.fixture
def book(served: Client) -> Any:
    served.restart()
    return client(served).open_by_key(served.book)


def client(served: Client) -> Any:
    result = gspread.Client(auth=None, session=SandboxSession(served.sandbox.sheets_url))
    result.set_timeout((5, 10))
    return result


@pytest.fixture
def sheet(book: Any) -> Any:
    return book.worksheet("Tasks")


def test_it_opens_lists_and_reads(book: Any, sheet: Any) -> None:
    assert [tab.title for tab in book.worksheets()] == ["Tasks", "Two Words"]
    assert sheet.get_all_values()[1] == ["a1", "Brief", "2026-12-01", "FALSE", "12.5"]
    assert sheet.row_values(2)[0] == "a1"
    assert sheet.col_values(2) == ["Task", "Brief", "Poster", "007"]
    assert sheet.acell("B2").value == "Brief"
    assert sheet.find("Poster").address == "B3"
    assert sheet.batch_get(["A1:B1", "A3"]) == [[["ID", "Task"]], [["a2"]]]
    assert sheet.get_all_records(numericise_ignore=["all"])[1]["Cost"] == "100"


def test_it_writes_appends_and_clears(sheet: Any) -> None:
    assert sheet.update([["x", 1]], "A6")["updatedRange"] == "Tasks!A6:B6"
    sheet.batch_update([{"range": "A7", "values": [["y"]]}, {"range": "B7:C7", "values": [[True, "=1+1"]]}])
    assert sheet.get("A6:C7") == [["x", "1"], ["y", "TRUE", "=1+1"]]
    appended = sheet.append_rows([["z", 1], ["z", 2]], table_range="A6")
    assert appended["updates"]["updatedRange"] == "Tasks!A8:B9"
    sheet.update_acell("D9", "=B8+B9")
    assert sheet.acell("D9").value == "3"
    sheet.insert_row(["top"], 1)
    assert sheet.acell("D10").value == "3"
    sheet.delete_rows(1)
    sheet.batch_clear(["A6:C9"])
    assert len(sheet.get_all_values()) == 9
    sheet.clear()
    assert sheet.get_all_values() == [[]]


def test_it_formats_notes_freezes_and_sorts(sheet: Any) -> None:
    sheet.format("A1:E1", {"textFormat": {"bold": True}})
    sheet.freeze(rows=1)
    sheet.update_note("A1", "the key")
    assert sheet.get_note("A1") == "the key"
    sheet.clear_note("A1")
    assert sheet.get_note("A1") == ""
    sheet.sort((2, "des"), range="A2:E3")
    assert sheet.col_values(1) == ["ID", "a2", "a1"]
    sheet.hide_rows(1, 2)
    sheet.set_basic_filter()
    sheet.clear_basic_filter()
    assert sheet.spreadsheet.worksheet("Tasks").frozen_row_count == 1


def test_it_adds_renames_protects_and_deletes(book: Any) -> None:
    new = book.add_worksheet("New", rows=10, cols=5)
    assert (new.row_count, new.col_count) == (10, 5)
    new.update_title("Newer")
    new.resize(rows=20)
    new.define_named_range("A1:B2", "corner")
    protection = new.add_protected_range("A1:B2", ["a@example.com"])["replies"][0]["addProtectedRange"]
    new.delete_protected_range(protection["protectedRange"]["protectedRangeId"])
    twin = book.duplicate_sheet(new.id, new_sheet_name="Twin")
    book.del_worksheet(twin)
    assert [tab.title for tab in book.worksheets()] == ["Tasks", "Two Words", "Newer"]


def test_refusals_become_its_errors(served: Client, sheet: Any) -> None:
    with pytest.raises(gspread.SpreadsheetNotFound):
        client(served).open_by_key("nope")
    with pytest.raises(gspread.exceptions.APIError, match="exceeds grid limits"):
        sheet.update([["x"]] * 2000, "A1")
    with pytest.raises(gspread.WorksheetNotFound):
        sheet.spreadsheet.worksheet("Nope")


def test_files_by_drive(served: Client, book: Any) -> None:
    spreadsheets = client(served)
    assert spreadsheets.open("Campaigns").id == book.id
    made = spreadsheets.create("Made")
    made.share("anna@example.com", perm_type="user", role="reader")
    assert {entry["role"] for entry in made.list_permissions()} == {"owner", "reader"}
    assert made.get_lastUpdateTime().endswith("Z")
    spreadsheets.del_spreadsheet(made.id)
    assert [entry["name"] for entry in spreadsheets.list_spreadsheet_files()] == ["Campaigns"]
