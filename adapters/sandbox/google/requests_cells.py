"""Batch requests that write cells; a field mask says which parts of a cell are meant."""

from collections.abc import Mapping
from typing import Any

from adapters.sandbox.google import dimensions
from adapters.sandbox.google.appearance import paired, stored
from adapters.sandbox.google.book import Cell, Place, Sheet
from adapters.sandbox.google.boxes import ROWS, Box
from adapters.sandbox.google.editing import Edit
from adapters.sandbox.google.entries import text
from adapters.sandbox.google.errors import Invalid
from adapters.sandbox.google.masks import Mask, replace
from adapters.sandbox.google.references import shifted
from adapters.sandbox.google.requests_sheets import required_mask

Body = Mapping[str, Any]
WRITABLE = frozenset({"userEnteredValue", "userEnteredFormat", "note", "dataValidation", "textFormatRuns"})


def written(old: Cell, new: Body, mask: Mask) -> dict[str, Any]:
    """The cell with the masked fields taken from `new`; read-only fields are passed over."""
    kept = {name: paired(rest) for name, rest in mask.items() if name in WRITABLE} or {name: {} for name in WRITABLE}
    if mask and not WRITABLE & set(mask):
        return dict(old)
    merged = replace(old, new, kept)
    return {name: value for name, value in merged.items() if name in WRITABLE and value not in ("", [], {})}


def readable(cell: Body) -> dict[str, Any]:
    """A cell of a request in the form in which it is kept; raises for a value that no cell can hold."""
    result = dict(cell)
    value = {name: part for name, part in cell.get("userEnteredValue", {}).items() if name != "errorValue"}
    if len(value) > 1:
        raise Invalid("A cell's userEnteredValue can have one value only.")
    if "stringValue" in value:
        value = text(value["stringValue"]).value or {}
    if "formulaValue" in value and not value["formulaValue"].startswith(("=", "+")):
        raise Invalid(f"Invalid formula: {value['formulaValue']}. A formula begins with '='.")
    if "userEnteredValue" in cell:
        result["userEnteredValue"] = value
    if "userEnteredFormat" in cell:
        result["userEnteredFormat"] = stored(cell["userEnteredFormat"])
    return result


def update_cells(edit: Edit, body: Body) -> dict[str, Any]:
    """updateCells: cells of the range that no row covers lose the masked fields."""
    mask = required_mask(body.get("fields", ""), "CellData")
    sheet, box = _bounds(edit, body)
    given = _given(body.get("rows", []), box)
    for place in box.places() if "range" in body else given:
        sheet.put(place, written(sheet.cell(place), given.get(place, {}), mask))
    return {}


def _bounds(edit: Edit, body: Body) -> tuple[Sheet, Box]:
    if "range" in body:
        return edit.guarded_area(body["range"])
    start = body.get("start", {})
    sheet = edit.sheet(start.get("sheetId", 0))
    top, left = start.get("rowIndex", 0), start.get("columnIndex", 0)
    if top < 0 or left < 0:
        raise Invalid("start.rowIndex and start.columnIndex must not be negative.")
    rows = body.get("rows", [])
    width = max((len(row.get("values", [])) for row in rows), default=0)
    edit.guard(sheet, Box(top, left, top + len(rows), left + width))
    return sheet, Box(top, left, sheet.rows, sheet.columns)


def _given(rows: list[dict[str, Any]], box: Box) -> dict[Place, dict[str, Any]]:
    given: dict[Place, dict[str, Any]] = {}
    for row, entry in enumerate(rows, box.top):
        if row >= box.bottom:
            raise Invalid(f"Attempting to write row: {row}, beyond the last requested row of: {box.bottom - 1}")
        for column, cell in enumerate(entry.get("values", []), box.left):
            if column >= box.right:
                last = box.right - 1
                raise Invalid(f"Attempting to write column: {column}, beyond the last requested column of: {last}")
            given[row, column] = readable(cell)
    return given


def repeat_cell(edit: Edit, body: Body) -> dict[str, Any]:
    """repeatCell: relative references of a formula move with the cell."""
    mask = required_mask(body.get("fields", ""), "CellData")
    sheet, box = edit.guarded_area(body.get("range", {}))
    cell = readable(body.get("cell", {}))
    formula = cell.get("userEnteredValue", {}).get("formulaValue")
    for row, column in box.places():
        if formula is not None:
            cell["userEnteredValue"] = {"formulaValue": shifted(formula, row - box.top, column - box.left)}
        sheet.put((row, column), written(sheet.cell((row, column)), cell, mask))
    return {}


def append_cells(edit: Edit, body: Body) -> dict[str, Any]:
    """appendCells: after the sheet's last row with data, rows are added as needed."""
    mask = required_mask(body.get("fields", ""), "CellData")
    sheet = edit.sheet(body.get("sheetId", 0))
    rows = body.get("rows", [])
    top = max((row for row, column in sheet.cells if sheet.filled((row, column))), default=-1) + 1
    missing = top + len(rows) - sheet.rows
    if missing > 0:
        dimensions.insert(edit.book, sheet, ROWS, sheet.rows, missing)
        edit.check_size()
    box = Box(top, 0, top + len(rows), sheet.columns)
    edit.guard(sheet, box)
    for place, cell in _given(rows, box).items():
        sheet.put(place, written(sheet.cell(place), cell, mask))
    return {}


def set_data_validation(edit: Edit, body: Body) -> dict[str, Any]:
    """setDataValidation: without a rule the validation is taken away."""
    sheet, box = edit.guarded_area(body.get("range", {}))
    rule = body.get("rule")
    if rule is not None and not rule.get("condition", {}).get("type"):
        raise Invalid("A data validation rule needs a condition with a type.")
    for place in box.places():
        old = sheet.cell(place)
        sheet.put(place, written(old, {"dataValidation": rule} if rule else {}, {"dataValidation": {}}))
    return {}
