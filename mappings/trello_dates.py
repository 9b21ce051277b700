"""Trello knows only instants: how a whole local day is told from a time of day, and back."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from syncer.core.model import When

_DUE_MARKS = (time(23, 59), time(23, 0), time(12, 0))
_START_MARKS = (time(12, 0), time(15, 0), time(9, 0))
_NOT_A_DAY = timedelta(milliseconds=1)


def encode_due(when: When, zone: ZoneInfo) -> str:
    """A day as 23:59 of that day; a time as it is, a millisecond later where it would read as a day.

    Raises ValueError for a day that the zone skipped.
    """
    if not isinstance(when, datetime):
        return _text(_mark(when, zone, _DUE_MARKS))
    moment = when.astimezone(UTC)
    return _text(moment + _NOT_A_DAY if _is_mark(moment, zone) else moment)


def decode_due(text: str, zone: ZoneInfo) -> When:
    """The day whose mark it is, otherwise the instant to the second. Raises ValueError if it is no time."""
    moment = instant(text)
    if _is_mark(moment, zone):
        return moment.astimezone(zone).date()
    return moment.replace(microsecond=0)


def encode_start(when: When, zone: ZoneInfo) -> str:
    """Noon of the local day: Trello shows a start only as a day. Raises ValueError for a day that the zone skipped."""
    day = when.astimezone(zone).date() if isinstance(when, datetime) else when
    return _text(_mark(day, zone, _START_MARKS))


def decode_start(text: str, zone: ZoneInfo) -> date:
    """The local day of any instant. Raises ValueError if it is no time."""
    try:
        return instant(text).astimezone(zone).date()
    except OverflowError:
        raise ValueError(f"{text} is beyond the calendar") from None


def instant(text: str) -> datetime:
    """A time as Trello writes it, in UTC. Raises ValueError for anything else."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text} has no zone")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"{text} is beyond the calendar") from None


def _is_mark(moment: datetime, zone: ZoneInfo) -> bool:
    try:
        return _mark(moment.astimezone(zone).date(), zone, _DUE_MARKS) == moment
    except (ValueError, OverflowError):
        return False


def _mark(day: date, zone: ZoneInfo, marks: tuple[time, ...]) -> datetime:
    """The first of the marks that happens exactly once on that day."""
    for mark in marks:
        local = datetime.combine(day, mark, zone)
        moment = local.astimezone(UTC)
        once = local.utcoffset() == local.replace(fold=1).utcoffset()
        if once and moment.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
            return moment
    raise ValueError(f"there is no {day.isoformat()} in {zone.key}; choose another day")


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
