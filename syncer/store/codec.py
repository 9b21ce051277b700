"""The stored form of every value: JSON of core.fields for what tasks hold, UTC to the microsecond for our own times."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from syncer.core.fields import decode, encode
from syncer.core.model import Agreed, Field, HubValue, Value
from syncer.ports import ConflictValue

_Part = dict[str, Any]


def stamp(at: datetime) -> str:
    """A text that sorts like the time. Raises ValueError for a time without a zone."""
    if at.tzinfo is None:
        raise ValueError(f"{at} has no zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def moment(raw: str) -> datetime:
    """The time that `stamp` wrote."""
    return datetime.fromisoformat(raw).astimezone(UTC)


def maybe_stamp(at: datetime | None) -> str | None:
    """`stamp`, or None for None."""
    return None if at is None else stamp(at)


def maybe_moment(raw: str | None) -> datetime | None:
    """`moment`, or None for None."""
    return None if raw is None else moment(raw)


def words(text: str) -> str:
    """Text for people as UTF-8 can hold it: half a surrogate pair, as a cut emoji leaves it, becomes `?`."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _dump(value: object) -> str:
    # ASCII: half a surrogate pair survives in JSON's escapes, and nowhere else in a UTF-8 database.
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def _value(field: Field, raw: Any) -> Value:
    return None if raw is None else decode(field, raw)


def dump_text(text: str) -> str:
    """A text that must come back letter by letter, as JSON."""
    return _dump(text)


def load_text(raw: str) -> str:
    """What `dump_text` wrote."""
    return str(json.loads(raw))


def dump_values(values: Mapping[Field, Value]) -> str:
    """Fields and their values as JSON."""
    return _dump({field.value: encode(value) for field, value in values.items()})


def load_values(raw: str) -> dict[Field, Value]:
    """What `dump_values` wrote."""
    return {Field(name): _value(Field(name), value) for name, value in json.loads(raw).items()}


def dump_hub(hub: Mapping[Field, HubValue]) -> str:
    """A task's hub values as JSON."""
    return _dump({field.value: _from_hub(value) for field, value in hub.items()})


def _from_hub(value: HubValue) -> _Part:
    return {"value": encode(value.value), "source": value.source, "at": maybe_stamp(value.at), "by": value.by}


def load_hub(raw: str) -> dict[Field, HubValue]:
    """What `dump_hub` wrote."""
    return {Field(name): _to_hub(Field(name), part) for name, part in json.loads(raw).items()}


def _to_hub(field: Field, part: _Part) -> HubValue:
    return HubValue(_value(field, part["value"]), part["source"], maybe_moment(part["at"]), part["by"])


def dump_agreed(agreed: Mapping[Field, Agreed]) -> str:
    """A link's bases as JSON."""
    return _dump({field.value: _from_agreed(value) for field, value in agreed.items()})


def _from_agreed(value: Agreed) -> _Part:
    return {
        "base": encode(value.base),
        "hub": encode(value.hub),
    }


def load_agreed(raw: str) -> dict[Field, Agreed]:
    """What `dump_agreed` wrote."""
    return {Field(name): _to_agreed(Field(name), part) for name, part in json.loads(raw).items()}


def _to_agreed(field: Field, part: _Part) -> Agreed:
    return Agreed(
        base=_value(field, part["base"]),
        hub=_value(field, part["hub"]),
    )


def dump_sides(sides: Sequence[ConflictValue]) -> str:
    """A conflict's values as JSON."""
    return _dump([_from_side(side) for side in sides])


def _from_side(side: ConflictValue) -> _Part:
    return {"replica": side.replica, "value": encode(side.value), "at": maybe_stamp(side.at), "by": side.by}


def load_sides(field: Field, raw: str) -> tuple[ConflictValue, ...]:
    """What `dump_sides` wrote for a conflict over `field`."""
    return tuple(_to_side(field, part) for part in json.loads(raw))


def _to_side(field: Field, part: _Part) -> ConflictValue:
    return ConflictValue(part["replica"], _value(field, part["value"]), maybe_moment(part["at"]), part["by"])
