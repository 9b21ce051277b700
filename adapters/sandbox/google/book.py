"""The spreadsheets as the sandbox keeps them: cells are never changed in place, so a copy of a book is cheap."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self

from adapters.sandbox.google.boxes import Box

Cell = Mapping[str, Any]  # the writable part of Google's CellData; replaced as a whole, never changed
Place = tuple[int, int]  # row, column; zero-based
EMPTY: Cell = {}


@dataclass
class Sheet:
    """One tab: its grid, the cells that hold anything, and what lies over them."""

    sheet_id: int
    title: str
    rows: int = 1000
    columns: int = 26
    cells: dict[Place, Cell] = field(default_factory=dict)
    properties: dict[str, Any] = field(default_factory=dict)  # hidden, tabColor ...
    grid: dict[str, Any] = field(default_factory=dict)  # frozenRowCount ...
    row_properties: dict[int, dict[str, Any]] = field(default_factory=dict)
    column_properties: dict[int, dict[str, Any]] = field(default_factory=dict)
    merges: list[dict[str, Any]] = field(default_factory=list)
    basic_filter: dict[str, Any] = field(default_factory=dict)
    conditional: list[dict[str, Any]] = field(default_factory=list)
    protected: list[dict[str, Any]] = field(default_factory=list)

    def cell(self, place: Place) -> Cell:
        """The cell, empty when nothing was ever written there."""
        return self.cells.get(place, EMPTY)

    def put(self, place: Place, cell: Cell) -> None:
        """Replaces the cell; an empty one is forgotten."""
        if cell:
            self.cells[place] = cell
        else:
            self.cells.pop(place, None)

    def whole(self) -> Box:
        """The whole grid."""
        return Box(0, 0, self.rows, self.columns)

    def filled(self, place: Place) -> bool:
        """Whether the cell holds a value."""
        return "userEnteredValue" in self.cell(place)

    @property
    def hidden(self) -> bool:
        """Whether people do not see its tab."""
        return bool(self.properties.get("hidden"))

    def copy(self) -> Self:
        """A sheet that shares only the unchangeable cells."""
        result = copy.copy(self)
        result.cells = dict(self.cells)
        for name in _CHANGEABLE:
            setattr(result, name, copy.deepcopy(getattr(self, name)))
        return result

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self.copy()

    def dump(self) -> dict[str, Any]:
        """JSON-able values."""
        state = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        state["cells"] = [[row, column, cell] for (row, column), cell in self.cells.items()]
        return state

    @classmethod
    def load(cls, state: Mapping[str, Any]) -> Self:
        """Takes back what `dump` gave, JSON's text keys included."""
        values = dict(state)
        values["cells"] = {(row, column): cell for row, column, cell in state["cells"]}
        for name in ("row_properties", "column_properties"):
            values[name] = {int(index): entry for index, entry in state[name].items()}
        return cls(**values)


_CHANGEABLE = (
    "properties",
    "grid",
    "row_properties",
    "column_properties",
    "merges",
    "basic_filter",
    "conditional",
    "protected",
)


@dataclass
class Book:
    """One spreadsheet with its Drive side."""

    id: str
    title: str
    owner: str
    created: str
    modified: str
    sheets: list[Sheet] = field(default_factory=list)
    locale: str = "en_US"
    time_zone: str = "Etc/GMT"
    auto_recalc: str = "ON_CHANGE"
    named: list[dict[str, Any]] = field(default_factory=list)
    metadata: list[dict[str, Any]] = field(default_factory=list)
    permissions: list[dict[str, Any]] = field(default_factory=list)
    version: int = 1
    last_user: str = ""

    def sheet_by_id(self, sheet_id: int) -> Sheet | None:
        """The sheet of this id, or None."""
        return next((sheet for sheet in self.sheets if sheet.sheet_id == sheet_id), None)

    def sheet_by_title(self, title: str) -> Sheet | None:
        """The tab of that title; Google does not tell upper from lower case."""
        wanted = title.casefold()
        return next((sheet for sheet in self.sheets if sheet.title.casefold() == wanted), None)

    def first_visible(self) -> Sheet:
        """The sheet that a range without a sheet name means."""
        return next((sheet for sheet in self.sheets if not sheet.hidden), self.sheets[0])

    def size(self) -> int:
        """The grid's cells, empty ones included."""
        return sum(sheet.rows * sheet.columns for sheet in self.sheets)

    def copy(self) -> Self:
        """A book that shares only the unchangeable cells."""
        result = copy.copy(self)
        result.sheets = [sheet.copy() for sheet in self.sheets]
        for name in ("named", "metadata", "permissions"):
            setattr(result, name, copy.deepcopy(getattr(self, name)))
        return result

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self.copy()

    def dump(self) -> dict[str, Any]:
        """JSON-able values."""
        state = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        return state | {"sheets": [sheet.dump() for sheet in self.sheets]}

    @classmethod
    def load(cls, state: Mapping[str, Any]) -> Self:
        """Takes back what `dump` gave."""
        return cls(**{**state, "sheets": [Sheet.load(sheet) for sheet in state["sheets"]]})
