"""A task and the row it stands in; a row without an ID has only a name for the time being."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mappings.cells import Cell
from mappings.grid import Table
from syncer.core.model import Item

_HANDLE = re.compile(r"row (?P<row>[0-9]+): ", re.DOTALL)


@dataclass(frozen=True)
class Entry:
    """A task and the row it stands in."""

    item: Item
    table: Table
    row: int

    def cell(self, column: str) -> Cell:
        """The row's cell in one of our columns."""
        return self.table.cell(self.row, column)


def handle(row: int, title: str) -> str:
    """What a row without an ID is called for the time being."""
    return f"row {row + 1}: {title}"


def row_of(remote_id: str) -> int | None:
    """The row that `handle` named, None for a lasting id."""
    found = _HANDLE.match(remote_id)
    return int(found["row"]) - 1 if found else None
