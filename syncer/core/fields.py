"""One text form for every value: in the state, in plan files and in JSON."""

from __future__ import annotations

from datetime import UTC, date, datetime

from syncer.core.model import Field, TaskKind, Unreadable, Value

SETS = frozenset({Field.OWNERS, Field.LABELS})
TEXTS = frozenset({Field.DESCRIPTION})
TIMES = frozenset({Field.START, Field.DUE})

Encoded = str | bool | list[str] | None


def encode(value: Value | Unreadable) -> Encoded:
    """The JSON form: dates `YYYY-MM-DD`, times `YYYY-MM-DDTHH:MM:SSZ`, sets as sorted lists."""
    if isinstance(value, Unreadable):
        return value.raw
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")
    if isinstance(value, date):
        return value.isoformat()
    return value


def decode(field: Field, raw: Encoded) -> Value:
    """The value that `encode` wrote.

    Raises ValueError where the text is none of that field's.
    """
    if field in SETS:
        return frozenset(raw) if isinstance(raw, list) else _refuse(field, raw)
    if field is Field.DONE:
        return raw if isinstance(raw, bool) else _refuse(field, raw)
    if raw is None:
        return None
    if not isinstance(raw, str):
        return _refuse(field, raw)
    if field is Field.KIND:
        return TaskKind(raw)
    return _decode_time(raw) if field in TIMES else raw


def _decode_time(raw: str) -> Value:
    if len(raw) == len("YYYY-MM-DD"):
        return date.fromisoformat(raw)
    return datetime.fromisoformat(raw).astimezone(UTC)


def _refuse(field: Field, raw: Encoded) -> Value:
    raise ValueError(f"{raw!r} is no value of {field}")


def empty(field: Field) -> Value:
    """What a field holds when nobody has filled it in."""
    if field in SETS:
        return frozenset()
    if field is Field.DONE:
        return False
    if field is Field.KIND:
        return TaskKind.TASK
    return "" if field in (Field.TITLE, Field.DESCRIPTION) else None
