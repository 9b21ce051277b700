"""Rectangles of a grid: half-open, zero-based, and how they move when rows or columns come and go."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

GridRange = Mapping[str, Any]
ROWS = "ROWS"
COLUMNS = "COLUMNS"
EDGES = {ROWS: ("startRowIndex", "endRowIndex"), COLUMNS: ("startColumnIndex", "endColumnIndex")}


class Box(NamedTuple):
    """A bounded rectangle; `bottom` and `right` are outside."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def height(self) -> int:
        """How many rows it covers."""
        return self.bottom - self.top

    @property
    def width(self) -> int:
        """How many columns it covers."""
        return self.right - self.left

    def places(self) -> Iterator[tuple[int, int]]:
        """Every place, row by row."""
        return ((row, column) for row in range(self.top, self.bottom) for column in range(self.left, self.right))

    def holds(self, row: int, column: int) -> bool:
        """Whether the cell, counted from 0, lies in it."""
        return self.top <= row < self.bottom and self.left <= column < self.right

    def meets(self, other: "Box") -> bool:
        """Whether the two share a place."""
        rows = self.top < other.bottom and other.top < self.bottom
        return rows and self.left < other.right and other.left < self.right

    def within(self, other: "Box") -> bool:
        """Whether no cell of it lies outside the other box."""
        rows = other.top <= self.top and self.bottom <= other.bottom
        return rows and other.left <= self.left and self.right <= other.right


def bounded(area: GridRange, rows: int, columns: int) -> Box:
    """A GridRange whose open ends are the grid's."""
    return Box(
        area.get("startRowIndex", 0),
        area.get("startColumnIndex", 0),
        min(area.get("endRowIndex", rows), rows),
        min(area.get("endColumnIndex", columns), columns),
    )


def grid_range(sheet_id: int, box: Box) -> dict[str, int]:
    """The rectangle as a GridRange; Google leaves a sheetId of 0 out."""
    edges = {
        "startRowIndex": box.top,
        "endRowIndex": box.bottom,
        "startColumnIndex": box.left,
        "endColumnIndex": box.right,
    }
    return ({"sheetId": sheet_id} if sheet_id else {}) | edges


def without_zero_sheet(area: GridRange) -> dict[str, Any]:
    """The range as Google gives it back: a sheetId of 0 is left out."""
    return {name: value for name, value in area.items() if not (name == "sheetId" and value == 0)}


def inserted(area: GridRange, dimension: str, at: int, count: int) -> dict[str, Any]:
    """The range after `count` rows or columns came in before `at`; one that spans `at` grows."""
    first, last = EDGES[dimension]
    result = dict(area)
    if first in area and area[first] >= at:
        result[first] = area[first] + count
    if last in area and area[last] > at:
        result[last] = area[last] + count
    return result


def deleted(area: GridRange, dimension: str, start: int, end: int) -> dict[str, Any] | None:
    """The range after the rows or columns went; None when nothing of it is left."""
    first, last = EDGES[dimension]
    result = dict(area)
    for name in (first, last):
        if name in area:
            result[name] = _after_delete(area[name], start, end)
    if last in area and result[last] <= result.get(first, 0):
        return None
    return result


def _after_delete(index: int, start: int, end: int) -> int:
    if index <= start:
        return index
    return start if index <= end else index - (end - start)


def moved_index(index: int, start: int, end: int, destination: int) -> int:
    """Where a row or column stands after start..end moved before `destination` (counted before the move)."""
    size = end - start
    if start <= index < end:
        offset = destination if destination <= start else destination - size
        return offset + index - start
    if destination <= index < start:
        return index + size
    if end <= index < destination:
        return index - size
    return index
