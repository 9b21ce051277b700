"""Requests of `spreadsheets.batchUpdate`, each touching just the cells, rows or columns it names."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from mappings.cells import Cell, number_type, text_cell
from mappings.grid import COLUMNS, Tab, Table, fresh_table

Request = Mapping[str, Any]
Pairs = Sequence[tuple[int, int]]
"""Columns: where from, where to."""

_NEW_ROWS = 1000
_VALUE = "userEnteredValue"
_DATED = "userEnteredValue,userEnteredFormat.numberFormat"


def put(tab: Tab, row: int, cells: Mapping[int, Cell]) -> Iterator[Request]:
    """Write cells of one row, neighbours together; a number format only where the cell has not that kind already."""
    run: list[Cell] = []
    start = last = -2
    mask = ""
    for column, cell in sorted(cells.items()):
        asked = _mask(cell, tab.cell(row, column))
        if run and (column != last + 1 or asked != mask):
            yield _update(tab, row, start, run, mask)
            run = []
        if not run:
            start, mask = column, asked
        run.append(cell if asked == _DATED else {key: cell[key] for key in cell if key == _VALUE})
        last = column
    if run:
        yield _update(tab, row, start, run, mask)


def tick(tab: Tab, row: int, column: int) -> Request:
    """Show a cell as a checkbox."""
    rule = {"condition": {"type": "BOOLEAN"}, "strict": True, "showCustomUi": True}
    return {"setDataValidation": {"range": _range(tab, row, column, 1), "rule": rule}}


def grow(tab: Tab, dimension: str, needed: int) -> Iterator[Request]:
    """Make the tab large enough; `dimension` is `ROWS` or `COLUMNS`."""
    missing = needed - (tab.row_count if dimension == "ROWS" else tab.column_count)
    if missing > 0:
        yield {"appendDimension": {"sheetId": tab.sheet_id, "dimension": dimension, "length": missing}}


def drop(tab: Tab, row: int) -> Request:
    """Delete a row."""
    return {"deleteDimension": {"range": _lines(tab, "ROWS", row)}}


def copy(source: Tab, row: int, target: Tab, to: int, pairs: Pairs) -> Iterator[Request]:
    """Copy a row with its formats and formulas, column by column where the two tabs differ."""
    for start, goal, length in _runs(pairs):
        yield {
            "copyPaste": {
                "source": _range(source, row, start, length),
                "destination": _range(target, to, goal, length),
                "pasteType": "PASTE_NORMAL",
                "pasteOrientation": "NORMAL",
            }
        }


def align(source: Table, target: Table) -> list[tuple[int, int]]:
    """Each column of the source with the target's column of the same heading, or a new one behind the last."""
    free: dict[str, deque[int]] = defaultdict(deque)
    width = target.width
    for column, heading in enumerate(_padded(target, width)):
        free[heading].append(column)
    pairs: list[tuple[int, int]] = []
    for column, heading in enumerate(_padded(source, source.width)):
        if free[heading]:
            pairs.append((column, free[heading].popleft()))
        else:
            pairs.append((column, width))
            width += 1
    return pairs


def new_tab(title: str, tabs: Iterable[Tab], columns: int) -> tuple[Tab, Request]:
    """A tab to be made, with an id nobody has yet and its first row frozen."""
    taken = {tab.sheet_id for tab in tabs}
    sheet_id = next(number for number in range(1, len(taken) + 2) if number not in taken)
    tab = Tab(sheet_id, title, _NEW_ROWS, columns)
    size = {"rowCount": _NEW_ROWS, "columnCount": columns, "frozenRowCount": 1}
    return tab, {"addSheet": {"properties": {"sheetId": sheet_id, "title": title, "gridProperties": size}}}


def head(tab: Tab) -> Iterator[Request]:
    """Write all our headings into the first row of an empty tab."""
    yield from grow(tab, "COLUMNS", len(COLUMNS))
    yield from put(tab, 0, {column: text_cell(heading) for column, heading in enumerate(COLUMNS)})
    yield from finish(fresh_table(tab))


def finish(table: Table) -> Iterator[Request]:
    """Freeze the rows down to the header and hide the ID column."""
    frozen = {"sheetId": table.tab.sheet_id, "gridProperties": {"frozenRowCount": table.header.row + 1}}
    yield {"updateSheetProperties": {"properties": frozen, "fields": "gridProperties.frozenRowCount"}}
    yield hide(table.tab, table.header.columns["ID"])


def hide(tab: Tab, column: int) -> Request:
    """Hide a column."""
    at = _lines(tab, "COLUMNS", column)
    return {"updateDimensionProperties": {"range": at, "properties": {"hiddenByUser": True}, "fields": "hiddenByUser"}}


def _mask(cell: Cell, present: Cell) -> str:
    wanted = number_type({"userEnteredFormat": cell.get("userEnteredFormat")})
    return _DATED if wanted and wanted != number_type(present) else _VALUE


def _update(tab: Tab, row: int, column: int, cells: Sequence[Cell], mask: str) -> Request:
    at = _range(tab, row, column, len(cells))
    return {"updateCells": {"rows": [{"values": list(cells)}], "fields": mask, "range": at}}


def _range(tab: Tab, row: int, column: int, length: int) -> Mapping[str, int]:
    return {
        "sheetId": tab.sheet_id,
        "startRowIndex": row,
        "endRowIndex": row + 1,
        "startColumnIndex": column,
        "endColumnIndex": column + length,
    }


def _lines(tab: Tab, dimension: str, index: int) -> Mapping[str, Any]:
    return {"sheetId": tab.sheet_id, "dimension": dimension, "startIndex": index, "endIndex": index + 1}


def _padded(table: Table, width: int) -> tuple[str, ...]:
    texts = table.header.texts
    return texts[:width] + ("",) * (width - len(texts))


def _runs(pairs: Pairs) -> Iterator[tuple[int, int, int]]:
    start = 0
    for end in range(1, len(pairs) + 1):
        here, before = pairs[end] if end < len(pairs) else None, pairs[end - 1]
        if here != (before[0] + 1, before[1] + 1):
            yield pairs[start][0], pairs[start][1], end - start
            start = end
