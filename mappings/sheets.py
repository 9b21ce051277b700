"""Rows of a sheet as tasks and back; a row is known by its ID cell alone, never by its place or its title."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mappings.cells import HEADERS, is_blank, read, text_of
from mappings.entries import Entry, handle
from mappings.grid import Book, Table, table_of
from mappings.parents import with_parents
from syncer.core.errors import HeaderFault
from syncer.core.model import Field, Item, Notice, Shown, Unreadable
from syncer.core.people import People

_OFFSET = re.compile(r"(?:GMT|UTC)([+-])(\d{1,2}):?(\d{2})")


@dataclass(frozen=True)
class View:
    """A spreadsheet understood: the tasks of one tab and of its archive."""

    zone: tzinfo
    tasks: Table | None
    """None while the tab is missing or empty."""
    archive: Table | None
    """None while there is none that can be used; `archive_fault` tells why if there is one all the same."""
    archive_fault: HeaderFault | None
    entries: tuple[Entry, ...]
    notices: tuple[Notice, ...]
    named: Mapping[str, Entry] = field(default_factory=dict)
    """By remote id."""

    @property
    def holds(self) -> frozenset[Field]:
        """The fields that have a column; all while there is no header yet."""
        return self.tasks.holds if self.tasks else frozenset(HEADERS)

    @property
    def identified(self) -> bool:
        """Whether the tab has an ID column."""
        return self.tasks is not None and "ID" in self.tasks.header.columns

    def stages(self) -> tuple[str, ...]:
        """The stages that rows of the tab are in, in the order of their first use."""
        shown = (entry.item.fields.get(Field.STAGE) for entry in self.entries if not entry.item.archived)
        return tuple(dict.fromkeys(stage for stage in shown if isinstance(stage, str)))


def archive_title(tab: str) -> str:
    """The tab that takes the rows put away: `Archive`, or one of its own for each further task tab of a spreadsheet."""
    return "Archive" if tab == "Tasks" else f"Archive {tab}"


def view_of(book: Book, tab: str, people: People, zone: ZoneInfo) -> View:
    """Understand a spreadsheet; `zone` counts where the spreadsheet's own is unknown. Raises HeaderFault."""
    wall, notices = _zone(book, tab, zone)
    found = book.tab(tab)
    tasks = table_of(found) if found else None
    archive, fault = _archive(book, archive_title(tab))
    if fault:
        notices.append(Notice(archive_title(tab), f"{fault.message} Its rows were left out", fault.remedy))
    present = _entries(tasks, wall, notices)
    taken = {entry.item.remote_id for entry in present}
    away = [entry for entry in _archived(archive, wall) if entry.item.remote_id not in taken]
    entries = with_parents(present, away)
    notices += _strangers(entries, people)
    named = {entry.item.remote_id: entry for entry in entries}
    return View(wall, tasks, archive, fault, entries, tuple(notices), named)


def _zone(book: Book, tab: str, fallback: ZoneInfo) -> tuple[tzinfo, list[Notice]]:
    try:
        return ZoneInfo(book.time_zone), []
    except (ZoneInfoNotFoundError, ValueError, OSError):
        offset = _OFFSET.fullmatch(book.time_zone)
    if offset:
        shift = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
        return timezone(-shift if offset[1] == "-" else shift), []
    problem = f"The spreadsheet's time zone {book.time_zone!r} is unknown; its times were read as {fallback.key}"
    return fallback, [Notice(tab, problem, "choose a time zone of a place under File > Settings")]


def _archive(book: Book, title: str) -> tuple[Table | None, HeaderFault | None]:
    tab = book.tab(title)
    if tab is None:
        return None, None
    try:
        table = table_of(tab)
    except HeaderFault as fault:
        return None, fault
    if table is not None and "ID" not in table.header.columns:
        return None, HeaderFault(f"The tab {title!r} has no column headed ID.", "Rename the tab, or put ID back.")
    return table, None


def _entries(table: Table | None, zone: tzinfo, notices: list[Notice]) -> list[Entry]:
    entries: list[Entry] = []
    seen: dict[str, int] = {}
    for row in _rows(table):
        assert table is not None
        key = text_of(table.cell(row, "ID")).strip()
        if not key and is_blank(table.cell(row, "Task")):
            continue
        copied = key in seen
        if copied:
            problem = f"Row {row + 1} repeats the ID of row {seen[key] + 1}; it is taken for a new task"
            notices.append(Notice(table.name(row, "Task"), problem, "delete the row if it was copied by mistake"))
        elif key:
            seen[key] = row
        entries.append(_entry(table, row, zone, "" if copied else key))
    return entries


def _archived(table: Table | None, zone: tzinfo) -> Iterator[Entry]:
    seen: set[str] = set()
    for row in _rows(table):
        assert table is not None
        key = text_of(table.cell(row, "ID")).strip()
        if key and key not in seen:
            seen.add(key)
            entry = _entry(table, row, zone, key)
            yield replace(entry, item=replace(entry.item, archived=True))


def _rows(table: Table | None) -> range:
    return range(table.header.row + 1, len(table.tab.rows)) if table else range(0)


def _entry(table: Table, row: int, zone: tzinfo, key: str) -> Entry:
    if _wiped(table, row):
        reason = f"{table.name(row, 'Task')}: the row is empty but for its ID; delete the whole row, or fill it again"
        fields: dict[Field, Shown] = dict.fromkeys(table.holds, Unreadable("", reason))
    else:
        fields = {name: _shown(table, row, name, zone) for name in Field if name in table.holds}
    remote_id = key or handle(row, text_of(table.cell(row, "Task")))
    spots: dict[Field, str] = {
        name: table.name(row, HEADERS[name]) for name in (Field.STAGE, Field.PARENT) if name in fields
    }
    return Entry(Item(remote_id, fields, table.name(row, "Task"), nameless=not key, spots=spots), table, row)


def _wiped(table: Table, row: int) -> bool:
    """Whether somebody emptied all our cells but the hidden ID: that says nothing about any one field."""
    cells = [table.cell(row, HEADERS[name]) for name in table.holds if name is not Field.DONE]
    return len(cells) > 1 and all(is_blank(cell) for cell in cells)


def _shown(table: Table, row: int, name: Field, zone: tzinfo) -> Shown:
    cell = table.cell(row, HEADERS[name])
    value = read(name, cell, zone)
    if name is Field.TITLE and is_blank(cell):
        value = Unreadable("", "the task has no title; write one, or delete the row")
    if isinstance(value, Unreadable):
        return Unreadable(value.raw, f"{table.name(row, HEADERS[name])}: {value.reason}")
    return value


def _strangers(entries: Iterable[Entry], people: People) -> Iterator[Notice]:
    met: set[str] = set()
    for entry in entries:
        owners = entry.item.fields.get(Field.OWNERS)
        for name in sorted(owners if isinstance(owners, frozenset) else ()):
            if name in met or people.knows(name) or name.startswith(("trello:", "asana:")):
                continue
            met.add(name)
            place = entry.table.name(entry.row, "Owner")
            remedy = f'add [[people]] with name = "{name}" to the configuration, or correct the cell'
            yield Notice(place, f"nobody called {name!r} is known", remedy)
