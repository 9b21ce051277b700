"""Every change to a book goes through an Edit, which knows who makes it and what is protected from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from adapters.sandbox.google.a1 import column_name, exceeds_grid
from adapters.sandbox.google.book import Book, Sheet
from adapters.sandbox.google.boxes import EDGES, Box, bounded
from adapters.sandbox.google.errors import PROTECTED, Invalid

MAX_CELLS = 10_000_000
MAX_COLUMNS = 18_278


@dataclass
class Edit:
    """A change in the making: `book` is a copy that becomes the present one when all of the request went well."""

    book: Book
    who: str
    rng: Random

    def sheet(self, sheet_id: int) -> Sheet:
        """The tab; raises when there is none of that id."""
        return sheet_of(self.book, sheet_id)

    def area(self, area: Mapping[str, Any]) -> tuple[Sheet, Box]:
        """A GridRange as tab and cells; its start has to lie inside the grid, its end is clipped."""
        return resolved(self.book, area)

    def guarded_area(self, area: Mapping[str, Any]) -> tuple[Sheet, Box]:
        """The same for a change: raises as well when a protected cell is among them."""
        sheet, box = self.area(area)
        self.guard(sheet, box)
        return sheet, box

    def guard(self, sheet: Sheet, box: Box) -> None:
        """Raises when the caller may not edit some cell of the box."""
        for protection in sheet.protected:
            if not protection.get("warningOnly") and not self.may_edit(protection) and _covers(protection, sheet, box):
                raise Invalid(PROTECTED)

    def may_edit(self, protection: Mapping[str, Any]) -> bool:
        """The owner of the file and the named editors may edit protected cells."""
        return edits(protection, self.who, self.book.owner)

    def new_id(self, taken: set[int]) -> int:
        """A random positive number that is not in use."""
        while True:
            number = self.rng.randrange(1, 2**31)
            if number not in taken:
                return number

    def check_size(self) -> None:
        """Raises when the grids together hold more cells than a spreadsheet may."""
        if self.book.size() > MAX_CELLS:
            message = "This action would increase the number of cells in the workbook above the limit of"
            raise Invalid(f"{message} {MAX_CELLS} cells.")
        if any(sheet.columns > MAX_COLUMNS for sheet in self.book.sheets):
            raise Invalid(f"This action would increase the number of columns above the limit of {MAX_COLUMNS} columns.")


def sheet_of(book: Book, sheet_id: int) -> Sheet:
    """The tab of that id; raises when there is none."""
    sheet = book.sheet_by_id(sheet_id)
    if sheet is None:
        raise Invalid(f"No grid with id: {sheet_id}")
    return sheet


def resolved(book: Book, area: Mapping[str, Any]) -> tuple[Sheet, Box]:
    """A GridRange as tab and cells; raises when it is turned round or starts outside the grid."""
    sheet = sheet_of(book, area.get("sheetId", 0))
    for first, last in EDGES.values():
        start, end = area.get(first, 0), area.get(last)
        if start < 0 or (end is not None and end < start):
            raise Invalid(f"range.{last}[{end}] must not be before range.{first}[{start}], and neither negative")
    box = bounded(area, sheet.rows, sheet.columns)
    if box.top >= sheet.rows or box.left >= sheet.columns:
        raise exceeds_grid(sheet, _open_range(area))
    return sheet, box


def edits(protection: Mapping[str, Any], who: str, owner: str) -> bool:
    """Whether the protection lets somebody edit."""
    return who == owner or who in protection.get("editors", {}).get("users", [])


def _covers(protection: Mapping[str, Any], sheet: Sheet, box: Box) -> bool:
    if not bounded(protection.get("range", {}), sheet.rows, sheet.columns).meets(box):
        return False
    free = [bounded(area, sheet.rows, sheet.columns) for area in protection.get("unprotectedRanges", [])]
    return not any(box.within(area) for area in free)


def _open_range(area: Mapping[str, Any]) -> str:
    """The GridRange in A1 notation as it was asked for, open ends left open."""
    first = column_name(area.get("startColumnIndex", 0)) + str(area.get("startRowIndex", 0) + 1)
    last = _edge(area.get("endColumnIndex"), column_name) + _edge(area.get("endRowIndex"), lambda row: str(row + 1))
    return f"{first}:{last}" if last and last != first else first


def _edge(end: int | None, name: Any) -> str:
    return "" if end is None else str(name(end - 1))
