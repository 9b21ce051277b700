"""Whole rows, people's own columns among them, that change tabs or go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from adapters.sheets.layout import Request, align, copy, drop
from adapters.sheets.tables import Tables
from mappings.entries import Entry
from mappings.grid import Tab, Table


class Mover:
    """Collects rows to move and to delete; rows keep their numbers until the very end of the batch."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._moves: list[tuple[str, Entry, Table]] = []
        self._leaving: dict[int, tuple[Tab, dict[int, str]]] = {}
        self._pairs: dict[int, list[tuple[int, int]]] = {}

    def move(self, intent: str, entry: Entry) -> None:
        """Move a row to the other tab's end, unless it leaves already."""
        if entry.row in self._leaving.get(entry.table.tab.sheet_id, (None, {}))[1]:
            return
        target = self._tables.tasks() if entry.item.archived else self._tables.archive()
        self._tables.reserve(target, 1)
        self._moves.append((intent, entry, target))
        self.delete(intent, entry)

    def delete(self, intent: str, entry: Entry) -> None:
        """Delete a row."""
        tab = entry.table.tab
        self._tables.outlast(entry.table, 1)
        self._leaving.setdefault(tab.sheet_id, (tab, {}))[1].setdefault(entry.row, intent)

    def copies(self, created: int) -> Iterator[tuple[str, list[Request]]]:
        """The copying requests of each intent, below `created` new rows on the tasks' tab."""
        placed: dict[int, int] = defaultdict(int)
        for intent, entry, target in self._moves:
            if entry.item.archived and not placed[target.tab.sheet_id]:
                placed[target.tab.sheet_id] = created
            row = target.end + placed[target.tab.sheet_id]
            placed[target.tab.sheet_id] += 1
            yield intent, list(self._copy(entry, target, row))

    def leaving(self) -> Iterator[tuple[str, Request]]:
        """The deleting request of each intent, the lowest row first, so that each is still where it was read."""
        for tab, rows in self._leaving.values():
            for row in sorted(rows, reverse=True):
                yield rows[row], drop(tab, row)

    def _copy(self, entry: Entry, target: Table, row: int) -> Iterator[Request]:
        source = self._tables.with_id(entry.table)
        if target.tab.sheet_id not in self._pairs:
            pairs = self._pairs[target.tab.sheet_id] = align(source, target)
            self._tables.widen(target, max(to for _, to in pairs) + 1)
            new = [(column, to) for column, to in pairs if to >= target.width]
            yield from copy(source.tab, source.header.row, target.tab, target.header.row, new)
        yield from copy(source.tab, entry.row, target.tab, row, self._pairs[target.tab.sheet_id])
