"""spreadsheets.batchUpdate: one reply a request, all or nothing, and every kind of request does what Google's does."""

from collections.abc import Iterator
from typing import Any

import pytest

from adapters.sandbox.google.tokens import ACCOUNT
from tests.sandbox.google_client import Client, running


@pytest.fixture(scope="module")
def served() -> Iterator[Client]:
    with running() as client:
        yield client


@pytest.fixture
def google(served: Client) -> Client:
    return served.restart()


def rows(start: int, end: int, **more: Any) -> dict[str, Any]:
    return {"sheetId": 0, "dimension": "ROWS", "startIndex": start, "endIndex": end, **more}


def cells(top: int, bottom: int, left: int, right: int) -> dict[str, int]:
    edges = {"startRowIndex": top, "endRowIndex": bottom, "startColumnIndex": left, "endColumnIndex": right}
    return {"sheetId": 0, **edges}


def account_token(google: Client) -> str:
    """A token of the service account, issued without the exchange that other tests are about."""
    google.service.tokens.issued["account"] = ["https://www.googleapis.com/auth/spreadsheets"]
    return "account"


def column(google: Client, text: str) -> list[Any]:
    got = google.read(text, majorDimension="COLUMNS", valueRenderOption="FORMULA").ok()
    return list(got.get("values", [[]])[0])


def test_replies_match_requests_and_a_fault_undoes_all(google: Client) -> None:
    add = {"addSheet": {"properties": {"title": "New"}}}
    got = google.batch({"deleteDimension": {"range": rows(1, 2)}}, {"deleteSheet": {"sheetId": 99}})
    assert got.message == "Invalid requests[1].deleteSheet: No grid with id: 99"
    assert column(google, "Tasks!A1:A")[1] == "a1"
    replies = google.batch(add, {"deleteDimension": {"range": rows(1, 2)}}).ok()["replies"]
    assert (replies[0]["addSheet"]["properties"]["title"], replies[1]) == ("New", {})


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        ({"requests": []}, 400, "Must specify at least one request."),
        (
            {"requests": [{"frobnicate": {}}]},
            400,
            "Invalid JSON payload received. Unknown name \"frobnicate\" at 'requests[0]': Cannot find field.",
        ),
        (
            {"requests": [{"addSheet": {"titel": "x"}}]},
            400,
            "Invalid JSON payload received. Unknown name \"titel\" at 'requests[0].add_sheet': Cannot find field.",
        ),
        (
            {"requests": [{"deleteSheet": {"sheetId": "x"}}]},
            400,
            "Invalid value at 'requests[0].delete_sheet.sheet_id' (TYPE_INT32), \"x\"",
        ),
        ({"requests": [{}]}, 400, "Invalid requests[0]: No request set."),
        (
            {"requests": [{"repeatCell": {"range": {"sheetId": 0}, "cell": {}}}]},
            400,
            (
                "Invalid requests[0].repeatCell: At least one field must be listed in 'fields'. "
                "(Use '*' to indicate all fields.)"
            ),
        ),
        (
            {"requests": [{"repeatCell": {"range": {"sheetId": 0, "startRowIndex": 1000}, "fields": "note"}}]},
            400,
            "Invalid requests[0].repeatCell: Range (Tasks!A1001) exceeds grid limits. Max rows: 1000, max columns: 26",
        ),
        (
            {"requests": [{"addSheet": {"properties": {"title": "tasks"}}}]},
            400,
            'Invalid requests[0].addSheet: A sheet with the name "tasks" already exists. Please enter another name.',
        ),
        (
            {"requests": [{"addSheet": {"properties": {"title": "x" * 101}}}]},
            400,
            "Invalid requests[0].addSheet: The sheet name cannot be greater than 100 characters.",
        ),
        (
            {"requests": [{"addSheet": {"properties": {"gridProperties": {"rowCount": 9_999_999}}}}]},
            400,
            (
                "Invalid requests[0].addSheet: This action would increase the number of cells in the workbook above "
                "the limit of 10000000 cells."
            ),
        ),
    ],
)
def test_faulty_batches_are_refused_in_googles_words(
    google: Client, body: dict[str, Any], status: int, message: str
) -> None:
    got = google.sheet("POST", ":batchUpdate", body)
    assert (got.status, got.message) == (status, message)


def test_a_request_that_is_not_emulated_is_refused_as_such(google: Client) -> None:
    assert google.batch({"addChart": {}}).status == 501


def test_tabs_come_move_hide_and_go(google: Client) -> None:
    google.batch({"addSheet": {"properties": {"title": "First", "index": 0, "sheetId": 5}}}).ok()
    google.batch({"updateSheetProperties": {"properties": {"sheetId": 5, "index": 3}, "fields": "index"}}).ok()
    copy = google.batch({"duplicateSheet": {"sourceSheetId": 0}}).ok()["replies"][0]["duplicateSheet"]["properties"]
    titles = [sheet["properties"]["title"] for sheet in google.sheet("GET").ok()["sheets"]]
    assert (copy["title"], titles) == ("Copy of Tasks", ["Copy of Tasks", "Tasks", "Two Words", "First"])
    for sheet in google.sheet("GET").ok()["sheets"][1:]:
        google.batch({"deleteSheet": {"sheetId": sheet["properties"]["sheetId"]}}).ok()
    hide = {"properties": {"sheetId": copy["sheetId"], "hidden": True}, "fields": "hidden"}
    assert google.batch({"updateSheetProperties": hide}).message == (
        "Invalid requests[0].updateSheetProperties: You can't hide all the sheets in a document."
    )
    assert "can't remove all the sheets" in google.batch({"deleteSheet": {"sheetId": copy["sheetId"]}}).message


def test_renaming_a_tab_carries_formulas_along(google: Client) -> None:
    google.write("'Two Words'!A1", [["=Tasks!E2*2"]], "USER_ENTERED").ok()
    rename = {"properties": {"sheetId": 0, "title": "It's new"}, "fields": "title"}
    google.batch({"updateSheetProperties": rename}).ok()
    assert column(google, "'Two Words'!A1") == ["='It''s new'!E2*2"]
    assert google.read("'Two Words'!A1").ok()["values"] == [["25"]]


def test_resizing_loses_what_lies_outside(google: Client) -> None:
    grid = {"gridProperties": {"rowCount": 3, "columnCount": 2}}
    fields = "gridProperties/rowCount,gridProperties/columnCount"
    google.batch({"updateSheetProperties": {"properties": {"sheetId": 0, **grid}, "fields": fields}}).ok()
    assert google.read("Tasks").ok()["range"] == "Tasks!A1:B3"
    assert google.read("Tasks").ok()["values"] == [["ID", "Task"], ["a1", "Brief"], ["a2", "Poster"]]


def test_rows_inserted_and_deleted_move_formulas(google: Client) -> None:
    google.batch({"insertDimension": {"range": rows(2, 4)}}).ok()
    assert column(google, "Tasks!E1:E") == ["Cost", 12.5, "", "", 100, "=SUM(E2:E5)"]
    google.batch({"deleteDimension": {"range": rows(1, 2)}}).ok()
    assert column(google, "Tasks!E1:E")[-1] == "=SUM(E2:E4)"
    google.batch({"deleteDimension": {"range": rows(1, 4)}}).ok()
    assert google.read("Tasks!E2").ok()["values"] == [["#REF!"]]
    missing = google.batch({"deleteDimension": {"range": rows(900, 5000)}})
    assert "Tried to delete row index 4999 but there are only 998 rows." in missing.message
    assert (
        "all non-frozen rows"
        in google.batch({"deleteDimension": {"range": {"sheetId": 0, "dimension": "ROWS"}}}).message
    )


def test_rows_are_moved_and_appended(google: Client) -> None:
    google.batch({"moveDimension": {"source": rows(1, 2), "destinationIndex": 3}}).ok()
    assert column(google, "Tasks!A1:A") == ["ID", "a2", "a1"]
    google.batch({"appendDimension": {"sheetId": 0, "dimension": "ROWS", "length": 5}}).ok()
    assert google.read("Tasks").ok()["range"] == "Tasks!A1:Z1005"


def test_update_cells_clears_the_masked_fields_it_does_not_give(google: Client) -> None:
    values = [{"userEnteredValue": {"stringValue": "b1"}, "note": "kept out"}]
    google.batch(
        {"updateCells": {"range": cells(1, 3, 0, 1), "rows": [{"values": values}], "fields": "userEnteredValue"}}
    ).ok()
    assert column(google, "Tasks!A1:A3") == ["ID", "b1"]
    wide = {"range": cells(0, 1, 0, 1), "rows": [{"values": [{}, {}]}], "fields": "note"}
    assert google.batch({"updateCells": wide}).message == (
        "Invalid requests[0].updateCells: Attempting to write column: 1, beyond the last requested column of: 0"
    )
    start = {"start": {"sheetId": 0, "rowIndex": 5, "columnIndex": 1}, "fields": "*"}
    google.batch({"updateCells": {**start, "rows": [{"values": [{"userEnteredValue": {"numberValue": 4}}]}]}}).ok()
    assert google.read("Tasks!B6").ok()["values"] == [["4"]]


def test_repeat_cell_shifts_relative_references(google: Client) -> None:
    cell = {"userEnteredValue": {"formulaValue": "=E2*$E$3"}}
    google.batch({"repeatCell": {"range": cells(1, 3, 5, 6), "cell": cell, "fields": "userEnteredValue"}}).ok()
    assert column(google, "Tasks!F2:F3") == ["=E2*$E$3", "=E3*$E$3"]
    assert google.read("Tasks!F2").ok()["values"] == [["1250"]]


def test_append_cells_goes_below_the_last_filled_row(google: Client) -> None:
    row = {"values": [{"userEnteredValue": {"stringValue": "z"}}]}
    google.batch({"appendCells": {"sheetId": 0, "rows": [row, row], "fields": "userEnteredValue"}}).ok()
    assert column(google, "Tasks!A5:A") == ["z", "z"]


def test_sorting_moves_contents_and_leaves_blanks_last(google: Client) -> None:
    spec = {"range": cells(1, 4, 0, 5), "sortSpecs": [{"dimensionIndex": 4, "sortOrder": "DESCENDING"}]}
    google.batch({"deleteDimension": {"range": rows(3, 4)}}, {"sortRange": spec}).ok()
    assert column(google, "Tasks!A1:A") == ["ID", "a2", "a1"]


def test_copy_cut_find_and_replace(google: Client) -> None:
    copy = {"source": cells(1, 2, 0, 2), "destination": cells(6, 8, 0, 2), "pasteType": "PASTE_NORMAL"}
    cut = {"source": cells(2, 3, 0, 2), "destination": {"sheetId": 0, "rowIndex": 9, "columnIndex": 0}}
    google.batch({"copyPaste": copy}, {"cutPaste": cut}).ok()
    assert column(google, "Tasks!A1:A") == ["ID", "a1", "", "", "", "", "a1", "a1", "", "a2"]
    got = google.batch({"findReplace": {"find": "A1", "replacement": "b1", "sheetId": 0}}).ok()["replies"][0]
    assert got["findReplace"] == {"valuesChanged": 3, "rowsChanged": 3, "sheetsChanged": 1, "occurrencesChanged": 3}


def test_protected_cells_are_kept_from_others(google: Client) -> None:
    protection = {"range": cells(0, 1, 0, 5), "editors": {"users": [ACCOUNT]}}
    replies = google.batch({"addProtectedRange": {"protectedRange": protection}}, token=account_token(google)).ok()[
        "replies"
    ]
    number = replies[0]["addProtectedRange"]["protectedRange"]["protectedRangeId"]
    refused = google.write("Tasks!A1", [["mine"]])
    assert refused.status == 400
    assert refused.message.startswith("You are trying to edit a protected cell or object. Please contact")
    assert google.write("Tasks!A2", [["yours"]]).status == 200
    assert "protected cell" in google.batch({"deleteDimension": {"range": rows(0, 1)}}).message
    assert "protected cell" in google.batch({"deleteProtectedRange": {"protectedRangeId": number}}).message


def test_filters_merges_names_and_rules_are_listed(google: Client) -> None:
    rule = {
        "ranges": [cells(1, 9, 2, 3)],
        "booleanRule": {"condition": {"type": "NOT_BLANK"}, "format": {"textFormat": {"bold": True}}},
    }
    named = google.batch(
        {"setBasicFilter": {"filter": {"range": {"sheetId": 0}}}},
        {"mergeCells": {"range": cells(20, 22, 0, 2), "mergeType": "MERGE_ALL"}},
        {"addConditionalFormatRule": {"rule": rule, "index": 0}},
        {"addNamedRange": {"namedRange": {"name": "header", "range": cells(0, 1, 0, 5)}}},
    ).ok()["replies"][3]["addNamedRange"]["namedRange"]
    sheet = google.sheet("GET").ok()["sheets"][0]
    assert sheet["basicFilter"]["range"] == {k: v for k, v in cells(0, 1000, 0, 26).items() if k != "sheetId"}
    assert "sheetId" not in sheet["merges"][0]
    assert len(sheet["conditionalFormats"]) == 1
    assert named["namedRangeId"].isdigit()
    assert google.read("header").ok()["range"] == "Tasks!A1:E1"
    google.batch(
        {"clearBasicFilter": {"sheetId": 0}},
        {"unmergeCells": {"range": {"sheetId": 0}}},
        {"deleteNamedRange": {"namedRangeId": named["namedRangeId"]}},
    ).ok()
    assert set(google.sheet("GET").ok()["sheets"][0]) == {"properties", "conditionalFormats"}


def test_row_metadata_follows_its_row_and_goes_with_it(google: Client) -> None:
    mark = {"metadataId": 42, "metadataKey": "k", "visibility": "DOCUMENT", "location": {"dimensionRange": rows(1, 2)}}
    made = google.batch({"createDeveloperMetadata": {"developerMetadata": mark}}).ok()["replies"][0]
    assert made["createDeveloperMetadata"]["developerMetadata"]["location"]["locationType"] == "ROW"
    google.batch({"insertDimension": {"range": rows(0, 1)}}).ok()
    lookup = {"dataFilters": [{"developerMetadataLookup": {"metadataKey": "k"}}]}
    found = google.sheet("POST", "/developerMetadata:search", lookup).ok()["matchedDeveloperMetadata"]
    assert found[0]["developerMetadata"]["location"]["dimensionRange"]["startIndex"] == 2
    values = google.sheet("POST", "/values:batchGetByDataFilter", lookup).ok()["valueRanges"][0]["valueRange"]
    assert values["range"] == "Tasks!A3:Z3"
    data = [{"dataFilter": lookup["dataFilters"][0], "majorDimension": "ROWS", "values": [["via mark"]]}]
    google.sheet("POST", "/values:batchUpdateByDataFilter", {"valueInputOption": "RAW", "data": data}).ok()
    assert google.read("Tasks!A3").ok()["values"] == [["via mark"]]
    google.batch({"deleteDimension": {"range": rows(2, 3)}}).ok()
    assert google.sheet("POST", "/developerMetadata:search", lookup).ok() == {}
    gone = google.sheet("GET", "/developerMetadata/42")
    assert (gone.status, gone.message) == (404, "No developer metadata with ID 42")
