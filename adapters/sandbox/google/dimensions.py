"""Rows and columns come, go and move: cells, their properties, ranges, metadata and formulas follow."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from adapters.sandbox.google.book import Book, Cell, Place, Sheet
from adapters.sandbox.google.boxes import ROWS, deleted, inserted, moved_index
from adapters.sandbox.google.references import Change, End, Ends, rewrite

Index = Callable[[int], int | None]  # old index -> new one, None when the row or column is gone
RangeChange = Callable[[Mapping[str, Any]], dict[str, Any] | None]
Properties = TypeVar("Properties")


def insert(book: Book, sheet: Sheet, dimension: str, at: int, count: int) -> None:
    """Inserts empty rows or columns before `at`."""
    _resize(sheet, dimension, count)

    def index(old: int) -> int:
        return old + count if old >= at else old

    _apply(book, sheet, dimension, index, lambda area: inserted(area, dimension, at, count))
    _rewrite(book, sheet, _on_axis(dimension, lambda first, last: (index(first), index(last))))


def delete(book: Book, sheet: Sheet, dimension: str, start: int, end: int) -> None:
    """Takes rows or columns away with all that stands in them."""
    _resize(sheet, dimension, start - end)

    def index(old: int) -> int | None:
        if start <= old < end:
            return None
        return old - (end - start) if old >= end else old

    def span(first: int, last: int) -> tuple[int, int] | None:
        new_first = start if start <= first < end else index(first)
        new_last = start - 1 if start <= last < end else index(last)
        if new_first is None or new_last is None or new_last < new_first:
            return None
        return new_first, new_last

    _apply(book, sheet, dimension, index, lambda area: deleted(area, dimension, start, end))
    _rewrite(book, sheet, _on_axis(dimension, span))


def move(book: Book, sheet: Sheet, dimension: str, start: int, end: int, destination: int) -> None:
    """Moves rows or columns; `destination` counts before the move."""

    def index(old: int) -> int:
        return moved_index(old, start, end, destination)

    _apply(book, sheet, dimension, index, dict)
    _rewrite(book, sheet, _on_axis(dimension, lambda first, last: (index(first), index(last))))


def _resize(sheet: Sheet, dimension: str, count: int) -> None:
    if dimension == ROWS:
        sheet.rows += count
    else:
        sheet.columns += count


def _apply(book: Book, sheet: Sheet, dimension: str, index: Index, change: RangeChange) -> None:
    sheet.cells = _moved_cells(sheet.cells, dimension, index)
    if dimension == ROWS:
        sheet.row_properties = _moved_keys(sheet.row_properties, index)
    else:
        sheet.column_properties = _moved_keys(sheet.column_properties, index)
    _change_ranges(book, sheet, change)
    book.metadata = [entry for entry in book.metadata if _follow(entry, sheet.sheet_id, dimension, index)]


def _moved_cells(cells: Mapping[Place, Cell], dimension: str, index: Index) -> dict[Place, Cell]:
    result: dict[Place, Cell] = {}
    for (row, column), cell in cells.items():
        new = index(row if dimension == ROWS else column)
        if new is not None:
            result[(new, column) if dimension == ROWS else (row, new)] = cell
    return result


def _moved_keys(properties: Mapping[int, Properties], index: Index) -> dict[int, Properties]:
    moved = ((index(old), value) for old, value in properties.items())
    return {new: value for new, value in moved if new is not None}


def _change_ranges(book: Book, sheet: Sheet, change: RangeChange) -> None:
    sheet.merges = [new for area in sheet.merges if (new := change(area)) is not None]
    if "range" in sheet.basic_filter:
        kept = _with_range(sheet.basic_filter, change)
        sheet.basic_filter = kept or {}
    sheet.protected = [new for entry in sheet.protected if (new := _with_range(entry, change))]
    sheet.conditional = [new for rule in sheet.conditional if (new := _with_ranges(rule, change))]
    here = [entry for entry in book.named if entry["range"].get("sheetId", 0) == sheet.sheet_id]
    changed = {entry["namedRangeId"]: _with_range(entry, change) for entry in here}
    book.named = [new for entry in book.named if (new := changed.get(entry["namedRangeId"], entry))]


def _with_range(entry: Mapping[str, Any], change: RangeChange) -> dict[str, Any] | None:
    new = change(entry["range"])
    return None if new is None else {**entry, "range": new}


def _with_ranges(rule: Mapping[str, Any], change: RangeChange) -> dict[str, Any] | None:
    ranges = [new for area in rule["ranges"] if (new := change(area)) is not None]
    return {**rule, "ranges": ranges} if ranges else None


def _follow(entry: Mapping[str, Any], sheet_id: int, dimension: str, index: Index) -> bool:
    """Moves metadata with its row or column; False when that is gone."""
    place = entry["location"].get("dimensionRange")
    if not place or place.get("sheetId", 0) != sheet_id or place["dimension"] != dimension:
        return True
    new = index(place["startIndex"])
    if new is None:
        return False
    place["startIndex"], place["endIndex"] = new, new + 1
    return True


Span = Callable[[int, int], tuple[int, int] | None]


def _on_axis(dimension: str, span: Span) -> Callable[[Ends], Ends | None]:
    """A change of first and last row (or column) as a change of a reference."""
    axis = "row" if dimension == ROWS else "column"

    def change(ends: Ends) -> Ends | None:
        values = [getattr(end, axis) for end in ends]
        known = [value for value in values if value is not None]
        if not known:
            return ends
        new = span(min(known), max(known))
        if new is None:
            return None
        places = dict(zip((min(known), max(known)), new, strict=True))
        return tuple(_at(end, axis, places) for end in ends)

    return change


def _at(end: End, axis: str, places: Mapping[int, int]) -> End:
    value = getattr(end, axis)
    if value is None:
        return end
    return end._replace(row=places[value]) if axis == "row" else end._replace(column=places[value])


def _rewrite(book: Book, changed: Sheet, change: Callable[[Ends], Ends | None]) -> None:
    for sheet in book.sheets:
        rewrite_formulas(sheet, _for_sheet(sheet, changed, change))


def _for_sheet(home: Sheet, changed: Sheet, change: Callable[[Ends], Ends | None]) -> Change:
    def changing(title: str, ends: Ends) -> Ends | None:
        named = title or home.title
        return change(ends) if named.casefold() == changed.title.casefold() else ends

    return changing


def rewrite_formulas(sheet: Sheet, change: Change) -> None:
    """Rewrites every formula of the sheet."""
    for place, cell in list(sheet.cells.items()):
        formula = cell.get("userEnteredValue", {}).get("formulaValue")
        if formula is None:
            continue
        new = rewrite(formula, change)
        if new != formula:
            sheet.cells[place] = {**cell, "userEnteredValue": {"formulaValue": new}}
