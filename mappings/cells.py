"""One cell of a sheet as a value and back: typed numbers, ticks and plain text, never anything Sheets would parse."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from syncer.core.model import Field, Shown, TaskKind, Unreadable, Value, When

Cell = Mapping[str, Any]
"""`CellData` of the Sheets API, as far as the reading's field mask asks for it."""

HEADERS: Mapping[Field, str] = {
    Field.TITLE: "Task",
    Field.KIND: "Type",
    Field.STAGE: "Stage",
    Field.OWNERS: "Owner",
    Field.START: "Start",
    Field.DUE: "Due",
    Field.DONE: "Done",
    Field.LABELS: "Labels",
    Field.DESCRIPTION: "Description",
    Field.PARENT: "Parent",
}
"""The column that holds each field."""

MAX_TEXT = 50_000
"""Characters a cell can hold."""

_EPOCH = datetime.combine(date(1899, 12, 30), time())
_DAY = 86_400
_YES = frozenset({"true", "yes", "是", "x", "✓", "✔"})
_NO = frozenset({"false", "no", "否"})
_WHEN = re.compile(
    r"(?P<date>[0-9]{4}([-/])[0-9]{1,2}\2[0-9]{1,2})"
    r"(?:[ T](?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?)?"
)
_LISTED = re.compile(r'\s*(?:"(?P<quoted>(?:[^"]|"")*)"\s*|(?P<plain>[^,]*))(?:,|$)')


def is_formula(cell: Cell) -> bool:
    """Whether the cell's content comes from a formula, its own or one that spills into it."""
    entered = cell.get("userEnteredValue") or {}
    return "formulaValue" in entered or (not entered and bool(cell.get("effectiveValue")))


def text_of(cell: Cell) -> str:
    """What the cell says: its text, or a number, tick or error as the sheet shows it."""
    value = _effective(cell)
    text = value["stringValue"] if "stringValue" in value else cell.get("formattedValue", "") if value else ""
    return str(text).replace("\r\n", "\n").replace("\r", "\n")


def is_blank(cell: Cell) -> bool:
    """Whether a person sees nothing in the cell."""
    value = _effective(cell)
    return not str(value["stringValue"]).strip() if "stringValue" in value else not value


def read(field: Field, cell: Cell, zone: tzinfo) -> Shown:
    """The field's value as the cell shows it, times being local to `zone`. A parent comes as the text it is."""
    if "errorValue" in _effective(cell):
        shown = text_of(cell)
        return Unreadable(shown, f"{HEADERS[field]} shows the error {shown}; mend its formula")
    return _READERS[field](field, cell, zone)


def write(field: Field, value: Value, zone: tzinfo) -> Cell:
    """The cell that reads back as `value`; a date brings the number format it needs. A parent is given as text."""
    if isinstance(value, datetime):
        pattern = "yyyy-mm-dd hh:mm:ss" if value.second else "yyyy-mm-dd hh:mm"
        return _dated((value.astimezone(zone).replace(tzinfo=None) - _EPOCH), "DATE_TIME", pattern)
    if isinstance(value, date):
        return _dated(datetime.combine(value, time()) - _EPOCH, "DATE", "yyyy-mm-dd")
    if field is Field.DONE:
        return {"userEnteredValue": {"boolValue": bool(value)}}
    text = joined(value) if isinstance(value, frozenset) else str(value or "")
    return text_cell(text)


def text_cell(text: str) -> Cell:
    """A cell of plain text: a leading `=` stays text; nothing written is an empty cell."""
    return {"userEnteredValue": {"stringValue": text}} if text else {}


def settled(field: Field, value: Value, zone: tzinfo) -> Shown:
    """What `value` reads back as once it is written; only times that occur twice in `zone` change."""
    if not isinstance(value, datetime):
        return value
    return read(field, write(field, value, zone), zone)


def number_type(cell: Cell) -> str:
    """The cell's number format type (`DATE`, `DATE_TIME`, …), or an empty text for the automatic format."""
    for kind in ("effectiveFormat", "userEnteredFormat"):
        found = ((cell.get(kind) or {}).get("numberFormat") or {}).get("type")
        if found:
            return str(found)
    return ""


def joined(names: Iterable[str]) -> str:
    """Names as one line of CSV with a space behind each comma, in alphabetical order."""
    return ", ".join(_quoted(name) for name in sorted(names))


def split(text: str) -> frozenset[str]:
    """The names in a line of CSV; spaces around unquoted names and empty places do not count."""
    names: set[str] = set()
    position = 0
    while position < len(text):
        found = _LISTED.match(text, position)
        assert found is not None, "the plain branch takes whatever stands before the next comma"
        quoted = found["quoted"]
        names.add(found["plain"].strip() if quoted is None else quoted.replace('""', '"'))
        position = max(found.end(), position + 1)
    return frozenset(names - {""})


def _quoted(name: str) -> str:
    if name == name.strip() and not any(mark in name for mark in ',"\n'):
        return name
    return '"' + name.replace('"', '""') + '"'


def _effective(cell: Cell) -> Mapping[str, Any]:
    return cell.get("effectiveValue") or cell.get("userEnteredValue") or {}


def _dated(since: timedelta, kind: str, pattern: str) -> Cell:
    serial = since.days + since.seconds / _DAY if since.seconds else since.days
    return {
        "userEnteredValue": {"numberValue": serial},
        "userEnteredFormat": {"numberFormat": {"type": kind, "pattern": pattern}},
    }


def _read_text(_field: Field, cell: Cell, _zone: tzinfo) -> Shown:
    return text_of(cell)


def _read_name(_field: Field, cell: Cell, _zone: tzinfo) -> Shown:
    return None if is_blank(cell) else text_of(cell)


def _read_names(_field: Field, cell: Cell, _zone: tzinfo) -> Shown:
    return split(text_of(cell))


def _read_done(field: Field, cell: Cell, _zone: tzinfo) -> Shown:
    value = _effective(cell)
    if "boolValue" in value:
        return bool(value["boolValue"])
    text = text_of(cell)
    word = text.strip().casefold()
    if "numberValue" in value or (word and word not in _YES | _NO):
        return Unreadable(text, f"{HEADERS[field]} {text!r} is neither yes nor no; write TRUE or FALSE")
    return word in _YES


def _read_kind(field: Field, cell: Cell, _zone: tzinfo) -> Shown:
    text = text_of(cell)
    word = text.strip().casefold()
    if not word:
        return TaskKind.TASK
    if word not in set(TaskKind):
        return Unreadable(text, f"{HEADERS[field]} {text!r} is unknown; write task, milestone or approval")
    return TaskKind(word)


def _read_when(field: Field, cell: Cell, zone: tzinfo) -> Shown:
    if is_blank(cell):
        return None
    value = _effective(cell)
    try:
        found = _of_serial(value["numberValue"], cell, zone) if "numberValue" in value else _of_text(cell, zone)
    except (ValueError, OverflowError):
        found = None
    if found is None:
        text = text_of(cell)
        return Unreadable(text, f"{HEADERS[field]} {text!r} is no date; write it as 2026-11-11")
    return found


def _of_serial(serial: float, cell: Cell, zone: tzinfo) -> When | None:
    kind = number_type(cell)
    if kind not in ("DATE", "DATE_TIME"):
        return None
    seconds = round(serial * _DAY)
    moment = _EPOCH + timedelta(seconds=seconds)
    return moment.date() if kind == "DATE" and seconds % _DAY == 0 else _instant(moment, zone)


def _of_text(cell: Cell, zone: tzinfo) -> When | None:
    found = _WHEN.fullmatch(text_of(cell).strip())
    if found is None:
        return None
    year, month, day = (int(part) for part in re.split("[-/]", found["date"]))
    if found["hour"] is None:
        return date(year, month, day)
    clock = time(int(found["hour"]), int(found["minute"]), int(found["second"] or 0))
    return _instant(datetime.combine(date(year, month, day), clock), zone)


def _instant(moment: datetime, zone: tzinfo) -> datetime:
    return moment.replace(tzinfo=zone, fold=0).astimezone(UTC)


_READERS: Mapping[Field, Callable[[Field, Cell, tzinfo], Shown]] = {
    Field.TITLE: _read_text,
    Field.DESCRIPTION: _read_text,
    Field.STAGE: _read_name,
    Field.PARENT: _read_name,
    Field.OWNERS: _read_names,
    Field.LABELS: _read_names,
    Field.DONE: _read_done,
    Field.KIND: _read_kind,
    Field.START: _read_when,
    Field.DUE: _read_when,
}
