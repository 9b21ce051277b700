"""The two tables of a spreadsheet that rows are written to, and what must be made before they can be."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import chain

from adapters.sheets.layout import Request, copy, grow, head, hide, new_tab, put
from mappings.cells import text_cell
from mappings.grid import Book, Header, Tab, Table, fresh_table
from mappings.sheets import View, archive_title


class Tables:
    """Makes a tab, a header or the ID column the moment something is to be written there, not before."""

    def __init__(self, book: Book, view: View, title: str) -> None:
        self._book = book
        self._title = title
        self._tasks = view.tasks
        self._archive = view.archive
        self._made: list[Request] = []
        self._rows: Counter[int] = Counter()
        self._leaving: Counter[int] = Counter()
        self._tables: dict[int, Table] = {}

    def prelude(self) -> list[Request]:
        """The requests that come before all others."""
        growth = [grow(table.tab, "ROWS", self._rows_of(table)) for table in self._tables.values()]
        return [*self._made, *chain.from_iterable(growth)]

    def reserve(self, table: Table, rows: int) -> None:
        """Have room for so many more rows below the table."""
        self._rows[table.tab.sheet_id] += rows
        self._tables[table.tab.sheet_id] = table

    def outlast(self, table: Table, rows: int) -> None:
        """Have a row left below the header when so many are deleted: Sheets keeps at least one that is not frozen."""
        self._leaving[table.tab.sheet_id] += rows
        self._tables.setdefault(table.tab.sheet_id, table)

    def tasks(self) -> Table:
        """The table of tasks, with an ID column."""
        if self._tasks is None:
            tab = self._tab(self._title, 0)
            self._made += head(tab)
            self._tasks = fresh_table(tab)
        return self.with_id(self._tasks)

    def with_id(self, table: Table) -> Table:
        """The table, with an ID column if it is that of the tasks."""
        tasks = self._tasks
        if tasks is None or table.tab.sheet_id != tasks.tab.sheet_id:
            return table
        if "ID" not in tasks.header.columns:
            tasks = self._tasks = self._add_id(tasks)
        return tasks

    def archive(self) -> Table:
        """The table of tasks put away; a new one gets the headings of the tasks' tab, people's own among them."""
        if self._archive is None:
            tasks = self.tasks()
            width = tasks.width
            tab = self._tab(archive_title(self._title), width)
            self._made += grow(tab, "COLUMNS", width)
            self._made += copy(tasks.tab, tasks.header.row, tab, 0, [(n, n) for n in range(width)])
            self._made.append(hide(tab, tasks.header.columns["ID"]))
            self._archive = Table(tab, replace(tasks.header, row=0))
        return self._archive

    def widen(self, table: Table, columns: int) -> None:
        """Have room for so many columns."""
        self._made += grow(table.tab, "COLUMNS", columns)

    def _rows_of(self, table: Table) -> int:
        key = table.tab.sheet_id
        used = table.end + self._rows[key] if self._rows[key] else 0
        return max(used, table.header.row + 2 + self._leaving[key] if self._leaving[key] else 0)

    def _tab(self, title: str, columns: int) -> Tab:
        tab = self._book.tab(title)
        if tab is None:
            tab, request = new_tab(title, self._taken(), max(columns, 26))
            self._made.append(request)
        return tab

    def _taken(self) -> list[Tab]:
        made = [table.tab for table in (self._tasks, self._archive) if table]
        return [*self._book.tabs, *made]

    def _add_id(self, table: Table) -> Table:
        tab, header = table.tab, table.header
        column = table.width
        self._made += grow(tab, "COLUMNS", column + 1)
        self._made += put(tab, header.row, {column: text_cell("ID")})
        self._made.append(hide(tab, column))
        texts = header.texts + ("",) * (column - len(header.texts))
        return Table(tab, Header(header.row, {**header.columns, "ID": column}, (*texts[:column], "ID")))
