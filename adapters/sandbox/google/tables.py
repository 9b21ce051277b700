"""Appending looks for a table: a block of filled cells that no blank row or column splits."""

from collections.abc import Collection

from adapters.sandbox.google.book import Place, Sheet
from adapters.sandbox.google.boxes import Box


def table_in(sheet: Sheet, area: Box) -> Box | None:
    """The last table that shares a cell with the area."""
    found = [box for box in tables(sheet) if box.meets(area)]
    return max(found, key=lambda box: (box.bottom, box.right), default=None)


def tables(sheet: Sheet) -> list[Box]:
    """All tables of a sheet: filled cells that touch, also by a corner, belong together."""
    left = {place for place in sheet.cells if sheet.filled(place)}
    boxes: list[Box] = []
    while left:
        block = _block(left.pop(), left)
        rows, columns = [row for row, _ in block], [column for _, column in block]
        boxes.append(Box(min(rows), min(columns), max(rows) + 1, max(columns) + 1))
    return _united(boxes)


def _block(start: Place, left: set[Place]) -> Collection[Place]:
    block, edge = [start], [start]
    while edge:
        row, column = edge.pop()
        around = {(row + down, column + across) for down in (-1, 0, 1) for across in (-1, 0, 1)} & left
        left -= around
        block.extend(around)
        edge.extend(around)
    return block


def _united(boxes: list[Box]) -> list[Box]:
    """Blocks whose rectangles overlap are one table."""
    result: list[Box] = []
    for box in boxes:
        current = box
        while meeting := [other for other in result if other.meets(current)]:
            result = [other for other in result if other not in meeting]
            every = [current, *meeting]
            current = Box(
                min(one.top for one in every),
                min(one.left for one in every),
                max(one.bottom for one in every),
                max(one.right for one in every),
            )
        result.append(current)
    return result
