"""A parent is written by its title where that tells who is meant, else by its ID; what cannot be told is reported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import tzinfo

from mappings.cells import Cell, text_of, write
from mappings.entries import Entry, row_of
from syncer.core.model import Field, Shown, Unreadable, Value


class Titles:
    """The titles of the rows of the tab and of its archive, each by remote id, for writing parents by their titles."""

    def __init__(self, here: Mapping[str, str], away: Mapping[str, str]) -> None:
        self._here, self._away = here, away
        self._count = {id(here): Counter(here.values()), id(away): Counter(away.values())}

    def text_for(self, parent: Value) -> str | None:
        """What to write for a parent: its title, its ID where the title does not tell; None if no row can be told."""
        if parent is None:
            return ""
        key = str(parent)
        family = self._here if key in self._here else self._away
        title = family.get(key)
        if title is None:
            return None
        hidden = family is self._away and title in self._count[id(self._here)]
        if title and self._count[id(family)][title] == 1 and not hidden and not self._is_id(title):
            return title
        return None if row_of(key) is not None else key

    def _is_id(self, text: str) -> bool:
        return text in self._here or text in self._away


def cell_of(name: Field, value: Value, zone: tzinfo, titles: Titles) -> Cell | None:
    """The cell to write for a field's value; None if it is a parent that cannot be told in the sheet."""
    if name is not Field.PARENT:
        return write(name, value, zone)
    text = titles.text_for(value)
    return None if text is None else write(name, text, zone)


def titles_of(entries: Iterable[Entry]) -> dict[str, str]:
    """The rows' titles by remote id."""
    return {entry.item.remote_id: text_of(entry.cell("Task")).strip() for entry in entries}


def with_parents(entries: Sequence[Entry], away: Sequence[Entry]) -> tuple[Entry, ...]:
    """The rows of the tab and of its archive, each parent's remote id in place of the text that names it."""
    here, there = _Family(entries), _Family(away)
    return tuple(_with_parent(entry, here, there) for entry in (*entries, *away))


class _Family:
    """Who can be meant by a text in the Parent column."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.titles = titles_of(entries)
        self.count = Counter(self.titles.values())
        self.by_title = {title: remote_id for remote_id, title in self.titles.items() if title}

    def find(self, text: str) -> str | None:
        if text in self.titles:
            return text
        return self.by_title.get(text)


def _with_parent(entry: Entry, here: _Family, there: _Family) -> Entry:
    raw = entry.item.fields.get(Field.PARENT)
    if not isinstance(raw, str):
        return entry
    text = raw.strip()
    family = here if here.find(text) is not None else there
    found = family.find(text)
    if found is None:
        problem = f"no task is called {text!r}; write a task's title as it stands in its Task cell"
    elif found != text and family.count[text] > 1:
        problem = f"{family.count[text]} tasks are called {text!r}; write the ID of the one that is meant (column ID)"
    elif found == entry.item.remote_id:
        problem = "a task cannot be its own parent; write another task's title, or nothing"
    else:
        return _with(entry, found)
    return _with(entry, Unreadable(raw, f"{entry.table.name(entry.row, 'Parent')}: {problem}"))


def _with(entry: Entry, parent: Shown) -> Entry:
    return replace(entry, item=replace(entry.item, fields={**entry.item.fields, Field.PARENT: parent}))
