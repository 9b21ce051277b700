"""A spreadsheet as tabs of cells counted from A1, and where on a tab the columns are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from mappings.cells import HEADERS, Cell, is_blank, is_formula, text_of
from syncer.core.errors import HeaderFault, Malformed
from syncer.core.model import Field

COLUMNS = (*HEADERS.values(), "Comments", "Flag", "Link", "ID")
"""Our columns in the order a new tab gets them."""

_HEADER_ROWS = 10
_PLAIN_TITLE = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True)
class Tab:
    """One tab; rows and columns count from 0, cells outside what is filled are empty."""

    sheet_id: int
    title: str
    row_count: int
    column_count: int
    rows: tuple[tuple[Cell, ...], ...] = ()

    def cell(self, row: int, column: int) -> Cell:
        """The cell, empty where nothing is."""
        inside = row < len(self.rows) and column < len(self.rows[row])
        return self.rows[row][column] if inside else {}

    def name(self, row: int, column: int) -> str:
        """The cell's address as people write it: `Tasks!F12`."""
        title = self.title if _PLAIN_TITLE.fullmatch(self.title) else "'" + self.title.replace("'", "''") + "'"
        return f"{title}!{letters(column)}{row + 1}"

    @property
    def empty(self) -> bool:
        """Whether nobody has written anything on the tab."""
        return all(is_blank(cell) and not is_formula(cell) for row in self.rows for cell in row)

    def width(self) -> int:
        """Columns up to the last one with anything in it."""
        used = (n for row in self.rows for n, cell in enumerate(row, 1) if not is_blank(cell) or is_formula(cell))
        return max(used, default=0)


@dataclass(frozen=True)
class Header:
    """The header row of a tab."""

    row: int
    columns: Mapping[str, int]
    """Where each of our columns is."""
    texts: tuple[str, ...]
    """Every heading of the row, people's own among them."""


@dataclass(frozen=True)
class Table:
    """A tab whose header row is known."""

    tab: Tab
    header: Header

    def cell(self, row: int, column: str) -> Cell:
        """The cell of one of our columns, empty if the tab has no such column."""
        at = self.header.columns.get(column)
        return {} if at is None else self.tab.cell(row, at)

    def name(self, row: int, column: str) -> str:
        """The address of that cell, of the row's first cell if the tab has no such column."""
        return self.tab.name(row, self.header.columns.get(column, 0))

    @cached_property
    def holds(self) -> frozenset[Field]:
        """The fields that have a column."""
        return frozenset(field for field, heading in HEADERS.items() if heading in self.header.columns)

    @cached_property
    def width(self) -> int:
        """Columns up to the last one with a heading or anything else in it."""
        headed = max((n for n, heading in enumerate(self.header.texts, 1) if heading), default=0)
        return max(headed, self.tab.width())

    @cached_property
    def end(self) -> int:
        """The first row below everything people or Syncer have put there; prefilled empty ticks do not count."""
        used = (n for n in range(self.header.row + 1, len(self.tab.rows)) if self._in_use(n))
        return max(used, default=self.header.row) + 1

    def _in_use(self, row: int) -> bool:
        ours = (self.cell(row, "Task"), self.cell(row, "ID"))
        return any(is_formula(cell) for cell in ours) or any(_counts(cell) for cell in self.tab.rows[row])


@dataclass(frozen=True)
class Book:
    """A whole spreadsheet."""

    title: str
    time_zone: str
    tabs: tuple[Tab, ...]

    def tab(self, title: str) -> Tab | None:
        """The tab of that title; Google tells no two titles apart by case alone."""
        return next((tab for tab in self.tabs if tab.title.casefold() == title.casefold()), None)


def letters(column: int) -> str:
    """The column's name: 0 is `A`, 26 is `AA`."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def book_of(payload: Mapping[str, Any]) -> Book:
    """The answer of `spreadsheets.get`. Raises Malformed where it is not one: that is never an empty spreadsheet."""
    try:
        properties = payload["properties"]
        tabs = tuple(_tab(sheet) for sheet in payload["sheets"] if "gridProperties" in sheet["properties"])
        return Book(str(properties["title"]), str(properties.get("timeZone", "")), tabs)
    except (AttributeError, KeyError, TypeError, ValueError) as fault:
        raise Malformed("Google Sheets answered with something that is no spreadsheet.", "Try again.") from fault


def table_of(tab: Tab) -> Table | None:
    """The tab's table, None while nobody has written anything there.

    Raises HeaderFault where the header row cannot be told or a column is there twice.
    """
    if tab.empty:
        return None
    for row, cells in enumerate(tab.rows[:_HEADER_ROWS]):
        texts = tuple(text_of(cell).strip() for cell in cells)
        if "Task" in texts:
            return Table(tab, Header(row, _columns(tab, row, texts), texts))
    raise HeaderFault(
        f"The tab {tab.title!r} has content but no header row.",
        f"Write the headings into row 1, from {tab.name(0, 0)} on: {', '.join(COLUMNS[:-1])}.",
    )


def fresh_table(tab: Tab) -> Table:
    """The table an empty tab is going to be once the header is written."""
    return Table(tab, Header(0, {heading: n for n, heading in enumerate(COLUMNS)}, COLUMNS))


def _columns(tab: Tab, row: int, texts: Sequence[str]) -> Mapping[str, int]:
    columns: dict[str, int] = {}
    for column, heading in enumerate(texts):
        if heading in columns:
            places = f"{tab.name(row, columns[heading])} and {tab.name(row, column)}"
            raise HeaderFault(f"The heading {heading!r} is there twice: {places}.", "Rename the one that is not meant.")
        if heading in COLUMNS:
            columns[heading] = column
    return columns


def _counts(cell: Cell) -> bool:
    return not is_blank(cell) and (cell.get("effectiveValue") or {}).get("boolValue") is not False


def _tab(sheet: Mapping[str, Any]) -> Tab:
    properties = sheet["properties"]
    size = properties["gridProperties"]
    return Tab(
        sheet_id=int(properties.get("sheetId", 0)),
        title=str(properties["title"]),
        row_count=int(size.get("rowCount", 0)),
        column_count=int(size.get("columnCount", 0)),
        rows=_rows(sheet.get("data") or ()),
    )


def _rows(blocks: Sequence[Mapping[str, Any]]) -> tuple[tuple[Cell, ...], ...]:
    rows: list[list[Cell]] = []
    for block in blocks:
        top, left = int(block.get("startRow", 0)), int(block.get("startColumn", 0))
        for row, content in enumerate(block.get("rowData") or (), top):
            cells = content.get("values") or ()
            rows += [[] for _ in range(row + 1 - len(rows))]
            rows[row] += [{} for _ in range(left + len(cells) - len(rows[row]))]
            rows[row][left : left + len(cells)] = cells
    return tuple(tuple(row) for row in rows)
