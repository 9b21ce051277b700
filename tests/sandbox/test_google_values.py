"""The values collection keeps the recorded rules: trimming, null and "", bounds, echoes, tables, typed input."""

from collections.abc import Iterator
from typing import Any

import pytest

from adapters.sandbox.wire import Call
from tests.sandbox.google_client import PEOPLE, Client, running


@pytest.fixture(scope="module")
def served() -> Iterator[Client]:
    with running() as client:
        yield client


@pytest.fixture
def google(served: Client) -> Client:
    return served.restart()


def test_formatted_values_are_trimmed_texts(google: Client) -> None:
    assert google.read("Tasks").ok() == {
        "range": "Tasks!A1:Z1000",
        "majorDimension": "ROWS",
        "values": [
            ["ID", "Task", "Due", "Done", "Cost"],
            ["a1", "Brief", "2026-12-01", "FALSE", "12.5"],
            ["a2", "Poster", "2026-12-02 15:30", "TRUE", "100"],
            ["", "007", "", "", "112.5"],
        ],
    }


def test_an_empty_range_has_no_values(google: Client) -> None:
    assert google.read("'Two Words'!B2:C3").ok() == {"range": "'Two Words'!B2:C3", "majorDimension": "ROWS"}


@pytest.mark.parametrize(
    ("rendering", "dates", "due", "cost"),
    [
        ("FORMATTED_VALUE", "SERIAL_NUMBER", "2026-12-01", "112.5"),
        ("UNFORMATTED_VALUE", "SERIAL_NUMBER", 46357, 112.5),
        ("UNFORMATTED_VALUE", "FORMATTED_STRING", "2026-12-01", 112.5),
        ("FORMULA", "SERIAL_NUMBER", 46357, "=SUM(E2:E3)"),
    ],
)
def test_render_options(google: Client, rendering: str, dates: str, due: Any, cost: Any) -> None:
    options = {"valueRenderOption": rendering, "dateTimeRenderOption": dates}
    assert google.read("Tasks!C2", **options).ok()["values"] == [[due]]
    assert google.read("Tasks!E4", **options).ok()["values"] == [[cost]]


@pytest.mark.parametrize(
    ("asked", "echoed"),
    [
        ("'Tasks'", "Tasks!A1:Z1000"),
        ("Tasks!A1:C", "Tasks!A1:C1000"),
        ("Tasks!A2:2", "Tasks!A2:Z2"),
        ("Tasks!1:1", "Tasks!A1:Z1"),
        ("Tasks!D4:A1", "Tasks!A1:D4"),
        ("Tasks!A1:A1", "Tasks!A1"),
        ("A1:B2", "Tasks!A1:B2"),
        ("tasks!R2C3", "Tasks!C2"),
        ("'Two Words'!$B:$C", "'Two Words'!B1:C1000"),
    ],
)
def test_echoed_ranges_are_bounded_and_plain(google: Client, asked: str, echoed: str) -> None:
    assert google.read(asked).ok()["range"] == echoed


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("NOPE!A1", "Unable to parse range: NOPE!A1"),
        ("Tasks!", "Unable to parse range: Tasks!"),
        ("Tasks!A0", "Unable to parse range: Tasks!A0"),
        ("Tasks!A100000", "Range (Tasks!A100000) exceeds grid limits. Max rows: 1000, max columns: 26"),
        ("Tasks!AA1", "Range (Tasks!AA1) exceeds grid limits. Max rows: 1000, max columns: 26"),
    ],
)
def test_ranges_that_name_nothing(google: Client, asked: str, message: str) -> None:
    got = google.read(asked)
    assert (got.status, got.message) == (400, message)


def test_a_sheet_titled_like_a_cell_is_reached_with_quotes(google: Client) -> None:
    google.batch({"addSheet": {"properties": {"title": "D3"}}}).ok()
    google.write("'D3'!A1", [["own"]]).ok()
    assert google.read("'D3'").ok() == {"range": "'D3'!A1:Z1000", "majorDimension": "ROWS", "values": [["own"]]}
    assert google.read("D3").ok()["range"] == "Tasks!D3"


def test_batch_get_keeps_the_order_and_columns_turn_the_values(google: Client) -> None:
    got = google.sheet("GET", "/values:batchGet", ranges=["Tasks!B2:B3", "Tasks!A2:A3"], majorDimension="COLUMNS").ok()
    assert [entry["values"] for entry in got["valueRanges"]] == [[["Brief", "Poster"]], [["a1", "a2"]]]


def test_null_keeps_and_an_empty_text_clears(google: Client) -> None:
    got = google.write("Tasks!A2:C2", [["a9", None, ""]]).ok()
    assert got == {
        "spreadsheetId": google.book,
        "updatedRange": "Tasks!A2:C2",
        "updatedRows": 1,
        "updatedColumns": 2,
        "updatedCells": 2,
    }
    assert google.read("Tasks!A2:C2").ok()["values"] == [["a9", "Brief"]]


def test_a_cell_is_an_origin_and_a_range_is_a_bound(google: Client) -> None:
    assert google.write("Tasks!A8", [[1, 2], [3, 4]]).ok()["updatedRange"] == "Tasks!A8:B9"
    wide = google.write("Tasks!A1:B1", [["a", "b", "c"]])
    assert wide.message == "Requested writing within range [Tasks!A1:B1], but tried writing to column [C]"
    long = google.write("Tasks!A1:B1", [["a"], ["b"]])
    assert long.message == "Requested writing within range [Tasks!A1:B1], but tried writing to row [2]"
    assert google.write("Tasks!A1:B2", [["ID", "Task"]]).ok()["updatedRange"] == "Tasks!A1:B1"
    beyond = google.write("Tasks!A1000", [["x"], ["y"]])
    assert beyond.message == "Range (Tasks!A1000:A1001) exceeds grid limits. Max rows: 1000, max columns: 26"


def test_wrong_bodies_and_missing_options_are_refused(google: Client) -> None:
    assert google.sheet("PUT", "/values/A1", {"values": [[1]]}).message == (
        "'valueInputOption' is required but not specified"
    )
    assert google.write("Tasks!A1", "x").message == (
        "Invalid value at 'data.values' (type.googleapis.com/google.protobuf.ListValue), \"x\""
    )
    assert google.write("Tasks!A1", [["a", ["b"]]]).message.startswith("Invalid values[0][1]: list_value")
    unknown = google.sheet("PUT", "/values/A1", {"valuez": [[1]]}, valueInputOption="RAW")
    assert "Unknown name \"valuez\" at 'data': Cannot find field." in unknown.message
    assert 'Unknown name "bogus"' in google.read("Tasks!A1", bogus=1).message
    body = {"values": [[1]], "range": "Tasks!B1"}
    other = google.sheet("PUT", "/values/Tasks!A1", body, valueInputOption="RAW")
    assert other.message == "Request range[Tasks!A1] does not match value's range[Tasks!B1]"


def test_a_cell_holds_fifty_thousand_characters(google: Client) -> None:
    assert google.write("Tasks!A1", [["x" * 50_000]]).status == 200
    got = google.sheet(
        "POST",
        "/values:batchUpdate",
        {
            "valueInputOption": "RAW",
            "data": [{"range": "A1", "values": [[1]]}, {"range": "A2", "values": [["x" * 50_001]]}],
        },
    )
    assert got.message == (
        "Invalid data[1]: Your input contains more than the maximum of 50000 characters in a single cell."
    )
    assert google.read("Tasks!A1").ok()["values"] == [["x" * 50_000]]


def test_batch_update_counts_distinct_rows_and_columns(google: Client) -> None:
    data = [{"range": f"Tasks!A{row}:D{row}", "values": [[1, 2, 3, 4]]} for row in (6, 9)]
    got = google.sheet("POST", "/values:batchUpdate", {"valueInputOption": "RAW", "data": data}).ok()
    counts = {name: value for name, value in got.items() if name.startswith("total")}
    assert counts == {
        "totalUpdatedRows": 2,
        "totalUpdatedColumns": 4,
        "totalUpdatedCells": 8,
        "totalUpdatedSheets": 1,
    }
    assert [entry["updatedRange"] for entry in got["responses"]] == ["Tasks!A6:D6", "Tasks!A9:D9"]


@pytest.mark.parametrize("text", ["=1+2", "+1", "007", "'quoted", "TRUE", "2026-01-02"])
def test_raw_text_stays_text(google: Client, text: str) -> None:
    google.write("'Two Words'!A1", [[text]]).ok()
    assert google.read("'Two Words'!A1", valueRenderOption="UNFORMATTED_VALUE").ok()["values"] == [[text]]


@pytest.mark.parametrize(
    ("typed", "value", "shown"),
    [
        ("=1+2", 3, "3"),
        ("007", 7, "7"),
        ("'007", "007", "007"),
        ("true", True, "TRUE"),
        ("2026-12-01", 46357, "2026-12-01"),
        ("12/1/2026", 46357, "12/1/2026"),
        ("Dec 1 2026", 46357, "Dec 1 2026"),
        ("2026-12-01 18:00", 46357.75, "2026-12-01 18:00"),
        ("18:00", 0.75, "18:00"),
        ("$100.15", 100.15, "$100.15"),
        ("1,234", 1234, "1,234"),
        ("12.5%", 0.125, "12.50%"),
        ("1e3", 1000, "1000"),
        ("2026-13-45", "2026-13-45", "2026-13-45"),
        ("plain", "plain", "plain"),
        ("=NOPE(1)", "#NAME?", "#NAME?"),
        ("=1/0", "#DIV/0!", "#DIV/0!"),
        ("=(", "#ERROR!", "#ERROR!"),
    ],
)
def test_user_entered_is_read_as_if_typed(google: Client, typed: str, value: Any, shown: str) -> None:
    google.write("'Two Words'!B2", [[typed]], "USER_ENTERED").ok()
    assert google.read("'Two Words'!B2", valueRenderOption="UNFORMATTED_VALUE").ok()["values"] == [[value]]
    assert google.read("'Two Words'!B2").ok()["values"] == [[shown]]


def test_clear_takes_values_only(google: Client) -> None:
    got = google.sheet("POST", "/values/Tasks!A2:E2:clear").ok()
    assert got["clearedRange"] == "Tasks!A2:E2"
    google.write("Tasks!C2", [[46357]]).ok()
    assert google.read("Tasks!A2:E2").ok()["values"] == [["", "", "2026-12-01"]]
    both = google.sheet("POST", "/values:batchClear", {"ranges": ["Tasks!A1:A", "A2:2"]}).ok()
    assert both["clearedRanges"] == ["Tasks!A1:A1000", "Tasks!A2:Z2"]


def lay_out_two_tables(google: Client) -> None:
    """The two tables of Google's guide: A1:C2 and B4:D6."""
    google.batch({"addSheet": {"properties": {"sheetId": 7, "title": "Guide"}}}).ok()
    google.write("Guide!A1", [["x"] * 3] * 2).ok()
    google.write("Guide!B4", [["x"] * 3] * 3).ok()


@pytest.mark.parametrize(
    ("asked", "table", "lands"),
    [
        ("Guide", "Guide!B4:D6", "Guide!B7"),
        ("Guide!B4", "Guide!B4:D6", "Guide!B7"),
        ("Guide!C5:D5", "Guide!B4:D6", "Guide!B7"),
        ("Guide!B2:D4", "Guide!B4:D6", "Guide!B7"),
        ("Guide!A3:G10", "Guide!B4:D6", "Guide!B7"),
        ("Guide!A1", "Guide!A1:C2", "Guide!A3"),
        ("Guide!E4", None, "Guide!E4"),
        ("Guide!A4", None, "Guide!A4"),
    ],
)
def test_append_finds_the_table_as_in_the_guide(google: Client, asked: str, table: str | None, lands: str) -> None:
    lay_out_two_tables(google)
    got = google.append(asked, [["new"]]).ok()
    assert got.get("tableRange") == table
    assert got["updates"]["updatedRange"] == lands


def test_a_blank_cell_splits_a_table(google: Client) -> None:
    google.append("'Two Words'", [["x", "", "y"]]).ok()
    again = google.append("'Two Words'", [["x", "", "y"]]).ok()
    assert (again["tableRange"], again["updates"]["updatedRange"]) == ("'Two Words'!C1", "'Two Words'!C2:E2")


def test_append_grows_the_grid_and_insert_rows_shifts(google: Client) -> None:
    google.write("'Two Words'!A1000", [["last"]]).ok()
    assert google.append("'Two Words'!A1000", [["one"], ["more"]]).ok()["updates"]["updatedRange"] == (
        "'Two Words'!A1001:A1002"
    )
    lay_out_two_tables(google)
    google.append("Guide!A1", [["new"]], insertDataOption="INSERT_ROWS").ok()
    assert google.read("Guide!A3:D5").ok()["values"] == [["new"], [], ["", "x", "x", "x"]]


def test_an_append_that_fails_leaves_nothing(google: Client) -> None:
    got = google.append("Tasks!A1", [["ok"], ["x" * 50_001]])
    assert got.status == 400
    assert len(google.read("Tasks!A:A").ok()["values"]) == 3


@pytest.mark.parametrize("body", [b'{"values":[[NaN]]}', b'{"values":[[1e999]]}', b"{", b"[]", b'{"values":{}}'])
def test_a_body_that_no_cell_can_hold_is_a_400(google: Client, body: bytes) -> None:
    path = f"/v4/spreadsheets/{google.book}/values/A1"
    call = Call("PUT", path, (("valueInputOption", "RAW"),), {"authorization": f"Bearer {PEOPLE}"}, body)
    assert google.service.handle(call).status == 400


@pytest.mark.parametrize(("formula", "shown"), [("=9^999", "#NUM!"), ("=(0-8)^0.5", "#NUM!"), ("=A9", "#REF!")])
def test_results_that_are_no_numbers_are_errors(google: Client, formula: str, shown: str) -> None:
    google.write("'Two Words'!A9", [[formula]], "USER_ENTERED").ok()
    assert google.read("'Two Words'!A9").ok()["values"] == [[shown]]
