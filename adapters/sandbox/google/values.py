"""The values collection of the Sheets API: get, update, append, clear and their batches."""

from collections.abc import Sequence
from typing import Any

from adapters.sandbox.google import dimensions
from adapters.sandbox.google.a1 import Area, read_range
from adapters.sandbox.google.book import Book, Sheet
from adapters.sandbox.google.boxes import COLUMNS, ROWS, Box
from adapters.sandbox.google.editing import Edit
from adapters.sandbox.google.errors import Invalid
from adapters.sandbox.google.formulas import Calculation
from adapters.sandbox.google.payloads import check_choice, check_query, flag, parameter, parameters, read_body
from adapters.sandbox.google.reading import DIMENSIONS, Reading, filled_places, value_range
from adapters.sandbox.google.tables import table_in
from adapters.sandbox.google.writing import Written, check_option, rows_of, write_range_values, write_rows
from adapters.sandbox.wire import Call

READ_OPTIONS = frozenset({"majorDimension", "valueRenderOption", "dateTimeRenderOption"})
WRITE_OPTIONS = frozenset(
    {"valueInputOption", "includeValuesInResponse", "responseValueRenderOption", "responseDateTimeRenderOption"}
)
INSERT_OPTIONS = ("OVERWRITE", "INSERT_ROWS")


def get(book: Book, range_text: str, call: Call) -> dict[str, Any]:
    """values.get"""
    check_query(call, READ_OPTIONS)
    return value_range(Calculation(book), read_range(book, range_text), _reading(call))


def batch_get(book: Book, call: Call) -> dict[str, Any]:
    """values.batchGet: the ranges in the order of the request."""
    check_query(call, READ_OPTIONS | {"ranges"})
    how, calculation = _reading(call), Calculation(book)
    areas = [read_range(book, text) for text in parameters(call, "ranges")]
    answer: dict[str, Any] = {"spreadsheetId": book.id}
    return answer | ({"valueRanges": [value_range(calculation, area, how) for area in areas]} if areas else {})


def _reading(call: Call) -> Reading:
    options = ("majorDimension", "valueRenderOption", "dateTimeRenderOption")
    return Reading.of(*(parameter(call, name) for name in options))


def update(edit: Edit, range_text: str, call: Call) -> dict[str, Any]:
    """values.update"""
    check_query(call, WRITE_OPTIONS)
    body = _value_body(call)
    option = check_option(parameter(call, "valueInputOption"))
    written = write_range_values(edit, range_text, body, option)
    return _answer(edit, written, _echoing(call), body.get("majorDimension", ""))


def _value_body(call: Call) -> dict[str, Any]:
    body = read_body(call, "ValueRange", "data")
    check_choice(body.get("majorDimension", ""), DIMENSIONS, "data.major_dimension", "Dimension")
    return body


Echo = Reading | None


def _echoing(call: Call) -> Echo:
    if not flag(call, "includeValuesInResponse"):
        return None
    return Reading.of("", parameter(call, "responseValueRenderOption"), parameter(call, "responseDateTimeRenderOption"))


def _answer(edit: Edit, written: Written, echo: Echo, major: str = "") -> dict[str, Any]:
    answer = written.summary(edit.book.id)
    if echo is not None:
        how = Reading(major or ROWS, echo.rendering, echo.dates)
        answer["updatedData"] = value_range(Calculation(edit.book), written.area, how)
    return answer


def batch_update(edit: Edit, call: Call) -> dict[str, Any]:
    """values.batchUpdate: all ranges or none."""
    check_query(call, frozenset())
    body = read_body(call, "BatchUpdateValuesRequest")
    option = check_option(body.get("valueInputOption", ""))
    echo = Reading.from_body(body, "response") if body.get("includeValuesInResponse") else None
    done = []
    for number, entry in enumerate(body.get("data", [])):
        try:
            done.append((write_range_values(edit, entry.get("range", ""), entry, option), entry))
        except Invalid as error:
            raise error.within(f"data[{number}]") from error
    responses = [_answer(edit, written, echo, entry.get("majorDimension", "")) for written, entry in done]
    return {"spreadsheetId": edit.book.id, **totals([written for written, _ in done]), "responses": responses}


def totals(done: Sequence[Written]) -> dict[str, int]:
    """The counts of a batch: rows and columns are counted once however many ranges touch them."""
    places = [(written.area.sheet.sheet_id, *place) for written in done for place in written.places]
    counts = {
        "totalUpdatedRows": len({(sheet, row) for sheet, row, _ in places}),
        "totalUpdatedColumns": len({(sheet, column) for sheet, _, column in places}),
        "totalUpdatedCells": len(places),
        "totalUpdatedSheets": len({sheet for sheet, _, _ in places}),
    }
    return {name: count for name, count in counts.items() if count}


def append(edit: Edit, range_text: str, call: Call) -> dict[str, Any]:
    """values.append: below the last table that the range touches, or at the range's start."""
    check_query(call, WRITE_OPTIONS | {"insertDataOption"})
    body = _value_body(call)
    option = check_option(parameter(call, "valueInputOption"))
    inserting = check_choice(
        parameter(call, "insertDataOption"), INSERT_OPTIONS, "insert_data_option", "InsertDataOption"
    )
    area = read_range(edit.book, range_text)
    table = table_in(area.sheet, area.box)
    rows = rows_of(body)
    top, left = (table.bottom, table.left) if table else (area.box.top, area.box.left)
    _make_room(edit, area.sheet, (top, left), rows, inserting == "INSERT_ROWS")
    origin = Area(area.sheet, Box(top, left, top + 1, left + 1), single=True)
    written = write_rows(edit, origin, rows, option)
    answer: dict[str, Any] = {"spreadsheetId": edit.book.id}
    if table:
        answer["tableRange"] = Area(area.sheet, table).echo
    return answer | {"updates": _answer(edit, written, _echoing(call), body.get("majorDimension", ""))}


def _make_room(edit: Edit, sheet: Sheet, at: tuple[int, int], rows: Sequence[Sequence[Any]], inserting: bool) -> None:
    top, left = at
    if inserting and rows and top < sheet.rows:
        edit.guard(sheet, Box(top, 0, top + 1, sheet.columns))
        dimensions.insert(edit.book, sheet, ROWS, top, len(rows))
    missing = top + max(len(rows), 1) - sheet.rows
    if missing > 0:
        dimensions.insert(edit.book, sheet, ROWS, sheet.rows, missing)
    missing = left + max(map(len, rows), default=0) - sheet.columns
    if missing > 0:
        dimensions.insert(edit.book, sheet, COLUMNS, sheet.columns, missing)
    edit.check_size()


def clear(edit: Edit, range_text: str, call: Call) -> dict[str, Any]:
    """values.clear"""
    check_query(call, frozenset())
    read_body(call, "ClearValuesRequest")
    return {"spreadsheetId": edit.book.id, "clearedRange": _cleared(edit, range_text)}


def batch_clear(edit: Edit, call: Call) -> dict[str, Any]:
    """values.batchClear"""
    check_query(call, frozenset())
    body = read_body(call, "BatchClearValuesRequest")
    cleared = [_cleared(edit, text) for text in body.get("ranges", [])]
    return {"spreadsheetId": edit.book.id} | ({"clearedRanges": cleared} if cleared else {})


def _cleared(edit: Edit, range_text: str) -> str:
    area = read_range(edit.book, range_text)
    edit.guard(area.sheet, area.box)
    clear_values(area.sheet, area.box)
    return area.echo


def clear_values(sheet: Sheet, box: Box) -> None:
    """Takes the values away; formats, notes and validation stay."""
    for place in filled_places(sheet, box):
        cell = sheet.cell(place)
        sheet.put(
            place, {name: part for name, part in cell.items() if name not in ("userEnteredValue", "textFormatRuns")}
        )
