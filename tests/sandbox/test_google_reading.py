"""spreadsheets.get and Drive: masks, grid data, omission of empty parts, versions, files, and the kept state."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from adapters.sandbox.google.service import GoogleService
from adapters.sandbox.google.tokens import ACCOUNT
from adapters.sandbox.wire import Call
from tests.sandbox.google_client import Client, running

WORKBOOK = (
    "spreadsheetId,properties(title,locale,timeZone),sheets(properties(sheetId,title,index,gridProperties,hidden),"
    "data(startRow,startColumn,rowData(values(userEnteredValue,effectiveValue,formattedValue,"
    "userEnteredFormat(numberFormat),effectiveFormat(numberFormat)))))"
)


@pytest.fixture(scope="module")
def served() -> Iterator[Client]:
    with running() as client:
        yield client


@pytest.fixture
def google(served: Client) -> Client:
    return served.restart()


def test_one_call_reads_the_whole_workbook(google: Client) -> None:
    got = google.sheet("GET", fields=WORKBOOK).ok()
    assert got["properties"] == {"title": "Campaigns", "locale": "en_US", "timeZone": "Asia/Shanghai"}
    tasks, empty = got["sheets"]
    assert tasks["properties"] == {
        "sheetId": 0,
        "title": "Tasks",
        "index": 0,
        "gridProperties": {"rowCount": 1000, "columnCount": 26},
    }
    due = {"type": "DATE", "pattern": "yyyy-mm-dd"}
    grid = tasks["data"][0]["rowData"]
    assert grid[1]["values"][2] == {
        "userEnteredValue": {"numberValue": 46357},
        "effectiveValue": {"numberValue": 46357},
        "formattedValue": "2026-12-01",
        "userEnteredFormat": {"numberFormat": due},
        "effectiveFormat": {"numberFormat": due},
    }
    assert grid[1]["values"][3]["effectiveValue"] == {"boolValue": False}
    assert grid[3]["values"][0] == {}
    assert grid[3]["values"][4]["effectiveValue"] == {"numberValue": 112.5}
    assert empty["data"] == [{}]


def test_without_options_there_is_no_grid_and_nothing_empty(google: Client) -> None:
    got = google.sheet("GET").ok()
    assert set(got) == {"spreadsheetId", "properties", "sheets", "spreadsheetUrl"}
    assert set(got["sheets"][0]) == {"properties"}
    assert got["properties"]["defaultFormat"]["textFormat"]["bold"] is False
    full = google.sheet("GET", includeGridData="True").ok()["sheets"][0]["data"][0]
    assert len(full["rowMetadata"]) == 1000
    assert full["columnMetadata"][0] == {"pixelSize": 100}


def test_ranges_choose_sheets_and_tell_their_offset(google: Client) -> None:
    got = google.sheet(
        "GET", ranges="Tasks!B3:C4", fields="sheets/data(startRow,startColumn,rowData/values/formattedValue)"
    )
    data = got.ok()["sheets"][0]["data"][0]
    assert (data["startRow"], data["startColumn"]) == (2, 1)
    texts = [[cell.get("formattedValue") for cell in row["values"]] for row in data["rowData"]]
    assert texts == [["Poster", "2026-12-02 15:30"], ["007"]]


@pytest.mark.parametrize(
    "fields",
    ["sheets.properties.title", "sheets/properties/title", "sheets(properties(title))", "sheets.properties(title)"],
)
def test_every_way_to_write_a_mask(google: Client, fields: str) -> None:
    got = google.sheet("GET", fields=fields).ok()
    assert got == {"sheets": [{"properties": {"title": "Tasks"}}, {"properties": {"title": "Two Words"}}]}
    assert google.sheet("GET", fields="namedRanges").ok() == {}


def test_a_mask_that_names_nothing_is_refused(google: Client) -> None:
    for fields in ("sheet", "sheets(properties(x))", "properties.title.x", "sheets(", ""):
        got = google.sheet("GET", fields=fields)
        assert got.status == (400 if fields else 200)


def test_hidden_rows_notes_and_validation_are_read_back(google: Client) -> None:
    area = {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    condition = {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "a"}]}
    cell = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 1}
    google.batch(
        {"updateDimensionProperties": {"range": area, "properties": {"hiddenByUser": True}, "fields": "hiddenByUser"}},
        {"setDataValidation": {"range": cell, "rule": {"condition": condition, "strict": True}}},
        {"updateCells": {"range": cell, "fields": "note", "rows": [{"values": [{"note": "hi"}]}]}},
    ).ok()
    data = google.sheet("GET", includeGridData="true").ok()["sheets"][0]["data"][0]
    assert data["rowMetadata"][1] == {"pixelSize": 21, "hiddenByUser": True}
    first = data["rowData"][0]["values"][0]
    assert (first["note"], first["dataValidation"]) == ("hi", {"condition": condition, "strict": True})


def test_drive_tells_the_version_and_when_it_changed(google: Client) -> None:
    path, fields = f"/drive/v3/files/{google.book}", "version,modifiedTime,lastModifyingUser(emailAddress)"
    before = google.send("GET", path, fields=fields).ok()
    google.sandbox.world.clock.advance(60)
    google.write("Tasks!A9", [["x"]]).ok()
    google.write("Nope!A9", [["x"]])
    after = google.send("GET", path, fields=fields).ok()
    assert int(after["version"]) == int(before["version"]) + 1
    assert after["modifiedTime"] > before["modifiedTime"]
    assert after["lastModifyingUser"] == {"emailAddress": "people@example.com"}
    assert google.send("GET", path).ok().keys() == {"kind", "id", "name", "mimeType"}
    assert google.send("GET", path, fields="bogus").message == "Invalid field selection bogus"


def test_files_are_found_by_query(google: Client) -> None:
    sheet_type = 'mimeType="application/vnd.google-apps.spreadsheet"'
    found = google.send("GET", "/drive/v3/files", q=f'{sheet_type} and name = "Campaigns" and trashed=false').ok()
    assert [file["id"] for file in found["files"]] == [google.book]
    assert google.send("GET", "/drive/v3/files", q="name = 'Other'").ok()["files"] == []
    assert google.send("GET", "/drive/v3/files", q="name ~ 'x'").message == "Invalid Value"


def test_people_create_copy_share_and_delete_and_the_account_may_not_create(google: Client) -> None:
    google.service.tokens.issued["account"] = ["https://www.googleapis.com/auth/drive"]
    body = {"name": "Mine", "mimeType": "application/vnd.google-apps.spreadsheet"}
    refused = google.send("POST", "/drive/v3/files", body, token="account")
    assert refused.body["error"]["errors"][0]["reason"] == "storageQuotaExceeded"
    assert google.send("POST", "/v4/spreadsheets", {}, token="account").status == 403
    made = google.send("POST", "/drive/v3/files", body).ok()
    mine = f"/drive/v3/files/{made['id']}"
    assert google.send("GET", mine, token="account").status == 404
    share = {"type": "user", "role": "writer", "emailAddress": ACCOUNT}
    permission = google.send("POST", f"{mine}/permissions", share).ok()
    assert google.send("GET", mine, token="account").status == 200
    assert google.send("DELETE", mine, token="account").status == 403
    assert google.send("DELETE", f"{mine}/permissions/{permission['id']}").status == 204
    assert google.send("POST", f"{mine}/copy", {}).ok()["name"] == "Copy of Mine"
    assert google.send("DELETE", mine).status == 204
    created = google.send("POST", "/v4/spreadsheets", {"properties": {"title": "Fresh"}}).ok()
    assert created["sheets"][0]["properties"]["title"] == "Sheet1"


def test_state_survives_a_dump_and_a_copy_keeps_the_past(google: Client) -> None:
    service = google.service
    google.batch({"addNamedRange": {"namedRange": {"name": "all", "range": {"sheetId": 0}}}}).ok()
    state = json.loads(json.dumps(service.dump()))
    past = copy.deepcopy(service, {id(thing): thing for thing in (service.clock, *service.present)})
    other = GoogleService(service.clock, service.rng, service.base_url)
    other.load(state)
    assert other.dump() == service.dump()
    google.write("Tasks!A2", [["changed"]]).ok()
    assert first_text(past) == first_text(other) == "a1"
    assert first_text(service) == "changed"
    assert past.tokens is service.tokens


def first_text(service: GoogleService) -> Any:
    return service.page_model()["spreadsheets"][0]["sheets"][0]["rows"][1][0]


def test_what_counts_as_a_write(google: Client) -> None:
    def writes(method: str, path: str) -> bool:
        return google.service.is_write(Call(method, path, (), {}, b""))

    assert not writes("POST", "/token")
    assert not writes("POST", "/v4/spreadsheets/x/developerMetadata:search")
    assert not writes("GET", "/v4/spreadsheets/x/values/A1")
    assert writes("POST", "/v4/spreadsheets/x/values/A1:append")
    assert writes("DELETE", "/drive/v3/files/x")
