"""Reading and writing values by data filter, so that a row is found wherever it stands by now."""

from typing import Any

from adapters.sandbox.google.book import Book
from adapters.sandbox.google.boxes import ROWS
from adapters.sandbox.google.editing import Edit
from adapters.sandbox.google.formulas import Calculation
from adapters.sandbox.google.metadata import areas
from adapters.sandbox.google.payloads import read_body
from adapters.sandbox.google.reading import Reading, value_range
from adapters.sandbox.google.values import clear_values, totals
from adapters.sandbox.google.writing import check_option, rows_of, write_rows
from adapters.sandbox.wire import Call


def batch_get(book: Book, call: Call) -> dict[str, Any]:
    """values.batchGetByDataFilter"""
    body = read_body(call, "BatchGetValuesByDataFilterRequest")
    how, calculation = Reading.from_body(body), Calculation(book)
    found = [
        {"valueRange": value_range(calculation, area, how), "dataFilters": [one]}
        for one in body.get("dataFilters", [])
        for area in areas(book, one)
    ]
    return {"spreadsheetId": book.id} | ({"valueRanges": found} if found else {})


def batch_update(edit: Edit, call: Call) -> dict[str, Any]:
    """values.batchUpdateByDataFilter: a filter that finds several ranges writes all of them."""
    body = read_body(call, "BatchUpdateValuesByDataFilterRequest")
    option = check_option(body.get("valueInputOption", ""))
    echo = Reading.from_body(body, "response") if body.get("includeValuesInResponse") else None
    done, responses = [], []
    for entry in body.get("data", []):
        for area in areas(edit.book, entry.get("dataFilter", {})):
            written = write_rows(edit, area, rows_of(entry), option)
            done.append(written)
            answer = written.summary(edit.book.id) | {"dataFilter": entry.get("dataFilter", {})}
            answer.pop("spreadsheetId")
            if echo:
                how = Reading(entry.get("majorDimension") or ROWS, echo.rendering, echo.dates)
                answer["updatedData"] = value_range(Calculation(edit.book), written.area, how)
            responses.append(answer)
    return {"spreadsheetId": edit.book.id, **totals(done)} | ({"responses": responses} if responses else {})


def batch_clear(edit: Edit, call: Call) -> dict[str, Any]:
    """values.batchClearByDataFilter"""
    body = read_body(call, "BatchClearValuesByDataFilterRequest")
    cleared = []
    for one in body.get("dataFilters", []):
        for area in areas(edit.book, one):
            edit.guard(area.sheet, area.box)
            clear_values(area.sheet, area.box)
            cleared.append(area.echo)
    return {"spreadsheetId": edit.book.id} | ({"clearedRanges": cleared} if cleared else {})
