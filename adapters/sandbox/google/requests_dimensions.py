"""Batch requests that insert, delete, move and size rows and columns."""

from collections.abc import Mapping
from typing import Any

from adapters.sandbox.google import dimensions
from adapters.sandbox.google.book import Place, Sheet
from adapters.sandbox.google.boxes import COLUMNS, ROWS, Box
from adapters.sandbox.google.editing import Edit
from adapters.sandbox.google.errors import Invalid
from adapters.sandbox.google.formulas import Calculation
from adapters.sandbox.google.masks import wants
from adapters.sandbox.google.reading import formatted
from adapters.sandbox.google.requests_sheets import required_mask

Body = Mapping[str, Any]
WORDS = {ROWS: "row", COLUMNS: "column"}
FROZEN = {ROWS: "frozenRowCount", COLUMNS: "frozenColumnCount"}


def _size(sheet: Sheet, dimension: str) -> int:
    return sheet.rows if dimension == ROWS else sheet.columns


def _dimension(body: Body) -> str:
    dimension = str(body.get("dimension", ""))
    if dimension not in WORDS:
        raise Invalid("Dimension must be specified as ROWS or COLUMNS.")
    return dimension


def _span(edit: Edit, area: Body) -> tuple[Sheet, str, int, int]:
    """A DimensionRange as tab, dimension and half-open bounds."""
    sheet, dimension = edit.sheet(area.get("sheetId", 0)), _dimension(area)
    start, end = area.get("startIndex", 0), area.get("endIndex", _size(sheet, dimension))
    if start < 0 or end <= start:
        raise Invalid(f"range.endIndex[{end}] must be after range.startIndex[{start}]")
    return sheet, dimension, start, end


def _box(sheet: Sheet, dimension: str, start: int, end: int) -> Box:
    return Box(start, 0, end, sheet.columns) if dimension == ROWS else Box(0, start, sheet.rows, end)


def append_dimension(edit: Edit, body: Body) -> dict[str, Any]:
    """appendDimension"""
    sheet, dimension, length = edit.sheet(body.get("sheetId", 0)), _dimension(body), body.get("length", 0)
    if length < 1:
        raise Invalid("Length must be greater than 0.")
    dimensions.insert(edit.book, sheet, dimension, _size(sheet, dimension), length)
    edit.check_size()
    return {}


def insert_dimension(edit: Edit, body: Body) -> dict[str, Any]:
    """insertDimension: the new cells take over the format of the neighbours, before or after."""
    sheet, dimension, start, end = _span(edit, body.get("range", {}))
    size, before = _size(sheet, dimension), body.get("inheritFromBefore", False)
    if before and start == 0:
        raise Invalid("inheritFromBefore cannot be true when inserting at index 0.")
    if start >= size:
        raise Invalid(f"range.startIndex[{start}] must be less than the number of {WORDS[dimension]}s[{size}]")
    _guard_inside(edit, sheet, dimension, start)
    formats = _formats(sheet, dimension, start - 1 if before else start)
    dimensions.insert(edit.book, sheet, dimension, start, end - start)
    edit.check_size()
    for index in range(start, end):
        for other, own in formats.items():
            sheet.put(_place(dimension, index, other), {"userEnteredFormat": own})
    return {}


def _guard_inside(edit: Edit, sheet: Sheet, dimension: str, at: int) -> None:
    if at > 0:
        edit.guard(sheet, _box(sheet, dimension, at - 1, at))
    edit.guard(sheet, _box(sheet, dimension, at, at + 1))


def _place(dimension: str, index: int, other: int) -> Place:
    return (index, other) if dimension == ROWS else (other, index)


def _formats(sheet: Sheet, dimension: str, index: int) -> dict[int, dict[str, Any]]:
    others = range(sheet.columns if dimension == ROWS else sheet.rows)
    cells = {other: sheet.cell(_place(dimension, index, other)) for other in others}
    return {other: cell["userEnteredFormat"] for other, cell in cells.items() if "userEnteredFormat" in cell}


def delete_dimension(edit: Edit, body: Body) -> dict[str, Any]:
    """deleteDimension: at least one row and column that is not frozen has to stay."""
    sheet, dimension, start, end = _span(edit, body.get("range", {}))
    size, word = _size(sheet, dimension), WORDS[dimension]
    if end > size:
        raise Invalid(
            f"Cannot delete a {word} that doesn't exist. "
            f"Tried to delete {word} index {end - 1} but there are only {size} {word}s."
        )
    frozen = sheet.grid.get(FROZEN[dimension], 0)
    if end - max(start, frozen) >= size - frozen:
        raise Invalid(f"Sorry, it is not possible to delete all non-frozen {word}s.")
    edit.guard(sheet, _box(sheet, dimension, start, end))
    dimensions.delete(edit.book, sheet, dimension, start, end)
    if start < frozen:
        sheet.grid[FROZEN[dimension]] = frozen - (min(end, frozen) - start)
    return {}


def move_dimension(edit: Edit, body: Body) -> dict[str, Any]:
    """moveDimension: the destination counts before the move."""
    sheet, dimension, start, end = _span(edit, body.get("source", {}))
    size, destination = _size(sheet, dimension), body.get("destinationIndex", 0)
    if end > size or not 0 <= destination <= size:
        raise Invalid(
            f"Cannot move a {WORDS[dimension]} that doesn't exist. There are only {size} {WORDS[dimension]}s."
        )
    if start <= destination < end:
        return {}
    edit.guard(sheet, _box(sheet, dimension, min(start, destination), max(end, destination)))
    dimensions.move(edit.book, sheet, dimension, start, end, destination)
    return {}


def update_dimension_properties(edit: Edit, body: Body) -> dict[str, Any]:
    """updateDimensionProperties: hiddenByUser and pixelSize."""
    mask = required_mask(body.get("fields", ""), "DimensionProperties")
    sheet, dimension, start, end = _span(edit, body.get("range", {}))
    if start >= _size(sheet, dimension):
        size, word = _size(sheet, dimension), WORDS[dimension]
        raise Invalid(f"range.startIndex[{start}] must be less than the number of {word}s[{size}]")
    target = sheet.row_properties if dimension == ROWS else sheet.column_properties
    names = [name for name in ("hiddenByUser", "pixelSize") if wants(mask, name)]
    given = {name: body.get("properties", {}).get(name) for name in names}
    for index in range(start, min(end, _size(sheet, dimension))):
        merged = {**target.get(index, {}), **given}
        target[index] = {name: value for name, value in merged.items() if value}
    return {}


def auto_resize_dimensions(edit: Edit, body: Body) -> dict[str, Any]:
    """autoResizeDimensions: columns become as wide as their longest text, about seven pixels a character."""
    sheet, dimension, start, end = _span(edit, body.get("dimensions", {}))
    if dimension == ROWS:
        return {}
    calculation = Calculation(edit.book)
    for column in range(start, min(end, sheet.columns)):
        texts = [formatted(calculation, sheet, place) for place in sheet.cells if place[1] == column]
        longest = max(map(len, texts), default=0)
        if longest:
            sheet.column_properties[column] = {**sheet.column_properties.get(column, {}), "pixelSize": 10 + 7 * longest}
    return {}
