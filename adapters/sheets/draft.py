"""Effects as one atomic batch of requests, drawn up against a reading taken a moment ago."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from adapters.sheets.finding import barred, differing, headings, locate_all, shown
from adapters.sheets.layout import Request, put, tick
from adapters.sheets.moves import Mover
from adapters.sheets.tables import Tables
from mappings.cells import HEADERS, MAX_TEXT, Cell, is_blank, is_formula, text_cell, text_of, write
from mappings.entries import Entry, row_of
from mappings.grid import Book, Table
from mappings.parents import Titles, cell_of, titles_of
from mappings.sheets import View
from syncer.core.model import Field, Value
from syncer.ports import Effect, EffectKind, Outcome, Result


class Sent(NamedTuple):
    """An effect whose requests are in the batch."""

    effect: Effect
    written: Mapping[Field, Value]
    """The fields the batch leaves with these values."""
    before: Entry | None
    """The row as it was."""


@dataclass
class Draft:
    """What a batch is going to do."""

    decided: dict[str, Outcome] = field(default_factory=dict)
    """Effects that need no request, or get none; by intent."""
    sent: dict[str, Sent] = field(default_factory=dict)
    """Effects that do; by intent."""
    requests: list[Request] = field(default_factory=list)
    causes: list[str | None] = field(default_factory=list)
    """The intent that each request belongs to; None if it belongs to all."""

    def add(self, requests: Iterable[Request], cause: str | None) -> None:
        """Put requests at the end of the batch."""
        for request in requests:
            self.requests.append(request)
            self.causes.append(cause)


class _Stop(Exception):
    """An effect that gets no requests."""

    def __init__(self, result: Result, reason: str = "", fields: Mapping[Field, Value] | None = None) -> None:
        super().__init__(reason)
        self.result = result
        self.reason = reason
        self.fields = fields or {}


def draft_of(book: Book, view: View, tab: str, effects: Sequence[Effect]) -> Draft:
    """The batch for these effects; a title or an ID that is not going to be written is none for the others either."""
    void: frozenset[str] = frozenset()
    while True:
        draft = _Drafter(view, Tables(book, view, tab), void).draft(effects)
        failed = {effect.intent for effect in effects if _names(effect)} & draft.decided.keys() - void
        if not failed:
            return draft
        void |= failed


def _names(effect: Effect) -> bool:
    return Field.TITLE in effect.fields or effect.kind is EffectKind.IDENTIFY


class _Drafter:
    def __init__(self, view: View, tables: Tables, void: frozenset[str]) -> None:
        self._view = view
        self._void = void
        self._tables = tables
        self._draft = Draft()
        self._titles = Titles({}, {})
        self._alias: dict[str, str] = {}
        self._creates: list[tuple[Effect, Mapping[Field, Value], dict[str, Cell]]] = []
        self._mover = Mover(tables)

    def draft(self, effects: Sequence[Effect]) -> Draft:
        """The batch: cells, then new rows, then rows copied between tabs, then rows deleted from the bottom up."""
        found = locate_all(self._view, effects)
        self._settle_names(effects, found)
        for effect in effects:
            try:
                self._take(effect, found.get(effect.intent))
            except _Stop as stop:
                stopped = Outcome(effect.intent, stop.result, self._name(effect), stop.fields, reason=stop.reason)
                self._draft.decided[effect.intent] = stopped
        self._finish()
        return self._draft

    def _settle_names(self, effects: Sequence[Effect], found: Mapping[str, Entry]) -> None:
        """Know every ID and title the tab is going to have before a parent is written by its title."""
        here = titles_of(entry for entry in self._view.entries if not entry.item.archived)
        away = titles_of(entry for entry in self._view.entries if entry.item.archived)
        for effect in effects:
            entry = found.get(effect.intent)
            if effect.intent in self._void:
                continue
            if effect.kind is EffectKind.IDENTIFY and entry is not None:
                here[effect.item] = here.pop(entry.item.remote_id, "")
                self._alias[entry.item.remote_id] = effect.item
            if Field.TITLE in effect.fields and (entry is not None or effect.kind is EffectKind.CREATE):
                family = away if entry is not None and entry.item.archived else here
                family[self._name(effect)] = str(effect.fields[Field.TITLE]).strip()
        self._titles = Titles(here, away)

    def _name(self, effect: Effect) -> str:
        if effect.kind in (EffectKind.CREATE, EffectKind.IDENTIFY):
            return effect.item
        return effect.remote_id or effect.item

    def _take(self, effect: Effect, entry: Entry | None) -> None:
        if effect.kind is EffectKind.CREATE:
            self._create(effect, entry)
            return
        if entry is None:
            missing = row_of(effect.remote_id or "")
            if missing is None:
                raise _Stop(Result.GONE, "The row is not there any more.")
            raise _Stop(Result.MOVED, f"Row {missing + 1} holds something else now.")
        if effect.kind is EffectKind.IDENTIFY and not entry.item.nameless:
            raise _Stop(Result.CONFIRMED, fields=shown(entry, effect.fields))
        moved = differing(effect.expected, entry)
        if moved:
            raise _Stop(Result.MOVED, f"Somebody has changed {headings(moved)} of {entry.item.place} meanwhile.")
        self._change(effect, entry)

    def _change(self, effect: Effect, entry: Entry) -> None:
        match effect.kind:
            case EffectKind.UPDATE | EffectKind.IDENTIFY | EffectKind.FLAG:
                self._write(effect, entry)
            case EffectKind.DELETE:
                self._mover.delete(effect.intent, entry)
                self._send(effect, {}, entry)
            case _:
                self._move(effect, entry)

    def _move(self, effect: Effect, entry: Entry) -> None:
        putting_away = effect.kind is EffectKind.ARCHIVE
        if entry.item.archived == putting_away:
            raise _Stop(Result.CONFIRMED)
        if putting_away and self._view.archive_fault:
            raise _Stop(Result.REFUSED, str(self._view.archive_fault))
        self._mover.move(effect.intent, entry)
        self._send(effect, {}, entry)

    def _create(self, effect: Effect, entry: Entry | None) -> None:
        if entry is not None and entry.item.archived:
            raise _Stop(Result.MOVED, f"The task is on the tab {entry.table.tab.title!r}.")
        if entry is not None:
            raise _Stop(Result.CONFIRMED, fields=shown(entry, effect.fields))
        table = self._tables.tasks()
        cells = self._cells(effect, table)
        written = {name: effect.fields[name] for name in effect.fields if HEADERS[name] in cells}
        if "Done" in table.header.columns:
            cells.setdefault("Done", write(Field.DONE, False, self._view.zone))
        cells |= {"ID": text_cell(effect.item), "Link": text_cell(effect.link or "")}
        self._creates.append((effect, written, cells))
        self._send(effect, {name: self._meant(written[name], name) for name in written}, None)

    def _write(self, effect: Effect, entry: Entry) -> None:
        table = self._tables.with_id(entry.table)
        cells = self._cells(effect, table)
        if effect.kind is EffectKind.IDENTIFY:
            cells["ID"] = text_cell(effect.item)
            if effect.link and is_blank(entry.cell("Link")):
                cells["Link"] = text_cell(effect.link)
        if effect.kind is EffectKind.FLAG:
            cells["Flag"] = text_cell(effect.text)
        kept = {heading: why for heading in cells if (why := barred(entry, table, heading))}
        essential = {EffectKind.IDENTIFY: "ID", EffectKind.FLAG: "Flag"}.get(effect.kind)
        free = {heading: cells[heading] for heading in cells if heading not in kept}
        if essential in kept or (kept and not free):
            raise _Stop(Result.REFUSED, " ".join(kept.values()))
        written = {name: self._meant(effect.fields[name], name) for name in effect.fields if HEADERS[name] in free}
        changed = {heading: cell for heading, cell in free.items() if self._differs(entry, heading, cell, written)}
        if not changed:
            raise _Stop(Result.CONFIRMED, fields=shown(entry, written))
        at = table.header.columns
        self._draft.add(put(table.tab, entry.row, {at[name]: changed[name] for name in changed}), effect.intent)
        self._send(effect, written, entry)

    def _differs(self, entry: Entry, heading: str, cell: Cell, written: Mapping[Field, Value]) -> bool:
        name = next((name for name in written if HEADERS[name] == heading), None)
        if name is not None:
            return entry.item.fields[name] != written[name]
        return text_of(entry.cell(heading)) != text_of(cell)

    def _cells(self, effect: Effect, table: Table) -> dict[str, Cell]:
        """The cells of the effect's fields by heading. Raises _Stop for what a cell cannot hold."""
        cells: dict[str, Cell] = {}
        for name, value in effect.fields.items():
            if HEADERS[name] not in table.header.columns and effect.kind is EffectKind.CREATE:
                continue
            cell = cell_of(name, self._meant(value, name), self._view.zone, self._titles)
            if cell is None:
                raise _Stop(Result.REFUSED, "Its parent is not in the sheet, or its title is there more than once.")
            if len(text_of(cell)) > MAX_TEXT:
                reason = f"{HEADERS[name]} is longer than the {MAX_TEXT:,} characters a cell can hold; shorten it."
                raise _Stop(Result.REFUSED, reason)
            cells[HEADERS[name]] = cell
        return cells

    def _meant(self, value: Value, name: Field) -> Value:
        return self._alias.get(value, value) if name is Field.PARENT and isinstance(value, str) else value

    def _send(self, effect: Effect, written: Mapping[Field, Value], before: Entry | None) -> None:
        self._draft.sent[effect.intent] = Sent(effect, written, before)

    def _finish(self) -> None:
        draft = self._draft
        self._retitle_parents()
        table = self._tables.tasks() if self._creates else None
        if table is not None:
            self._tables.reserve(table, len(self._creates))
        for number, (effect, _, cells) in enumerate(self._creates):
            assert table is not None
            draft.add(_new_row(table, table.end + number, cells), effect.intent)
        for intent, requests in self._mover.copies(len(self._creates)):
            draft.add(requests, intent)
        for intent, request in self._mover.leaving():
            draft.add([request], intent)
        prelude = self._tables.prelude()
        draft.requests[:0] = prelude
        draft.causes[:0] = [None] * len(prelude)

    def _retitle_parents(self) -> None:
        """Where a title changes or is no longer the only one, children that name it keep their parent."""
        cause = next((one.effect.intent for one in self._draft.sent.values() if Field.TITLE in one.written), None)
        busy = {
            one.before.item.remote_id for one in self._draft.sent.values() if one.before and Field.PARENT in one.written
        }
        for entry in self._view.entries if cause else ():
            parent, text = entry.item.fields.get(Field.PARENT), text_of(entry.cell("Parent")).strip()
            if not isinstance(parent, str) or text == parent or entry.item.remote_id in busy:
                continue
            wanted = self._titles.text_for(self._alias.get(parent, parent))
            if wanted and wanted != text and not is_formula(entry.cell("Parent")):
                at = entry.table.header.columns["Parent"]
                self._draft.add(put(entry.table.tab, entry.row, {at: text_cell(wanted)}), cause)


def _new_row(table: Table, row: int, cells: Mapping[str, Cell]) -> list[Request]:
    columns = table.header.columns
    wanted = {columns[heading]: cell for heading, cell in cells.items() if heading in columns and cell}
    free = {column: cell for column, cell in wanted.items() if not is_formula(table.tab.cell(row, column))}
    ticks = [tick(table.tab, row, columns["Done"])] if columns.get("Done") in free else []
    return [*ticks, *put(table.tab, row, free)]
