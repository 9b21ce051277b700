"""A request's parameters: query, form and JSON body mean the same, and the body wins over the query."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from adapters.sandbox.trello import errors, ids
from adapters.sandbox.wire import Call

MAX_TEXT = 16384
_MOST_DIGITS = 9
_TRUE = {"true", "1"}
_FALSE = {"false", "0", ""}


def length(text: str) -> int:
    """Trello counts UTF-16 units, as JavaScript does."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _whole(text: str) -> str:
    """JSON may hold half of a character; Node writes a replacement character for it."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def iso(moment: datetime) -> str:
    """A moment as Trello writes it: UTC, milliseconds, Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(text: str) -> datetime:
    """A moment from any of the forms Trello takes; one without a zone is UTC. Raises ValueError."""
    trimmed = text.strip().removesuffix("UTC").strip()
    head, _, offset = trimmed.rpartition(" ")
    joined = head.replace(" ", "T") + offset if offset[:1] in ("+", "-") and offset[1:] else trimmed
    parsed = datetime.fromisoformat(joined)
    return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)


class Params:
    """Typed reading of parameters; each reader raises the refusal the live service gives."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    @classmethod
    def of(cls, call: Call) -> "Params":
        """The parameters of a request; raises the refusal for a body that claims to be JSON and is not."""
        values: dict[str, Any] = dict(call.query)
        if call.body:
            values.update(_body(call))
        return cls(values)

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def renamed(self, old: str, new: str) -> "Params":
        """The same parameters, one of them under another name."""
        values = dict(self._values)
        if old in values:
            values[new] = values.pop(old)
        return Params(values)

    def having(self, name: str, value: object) -> "Params":
        """The same parameters and one more."""
        return Params({**self._values, name: value})

    def text(self, name: str, default: str = "", *, least: int = 0, most: int = MAX_TEXT) -> str:
        """A text of `least` to `most` characters."""
        value = self._values.get(name, default)
        if isinstance(value, bool | int | float):
            value = json.dumps(value)
        value = "" if value is None else value
        if not isinstance(value, str) or not least <= length(value) <= most:
            raise errors.invalid_value(name)
        return value if value.isascii() else _whole(value)

    def flag(self, name: str, default: bool = False) -> bool:
        """A truth value."""
        value = str(self._values.get(name, default)).lower()
        if value not in _TRUE | _FALSE:
            raise errors.invalid_value(name)
        return value in _TRUE

    def number(self, name: str, default: int, most: int) -> int:
        """A whole number from 0 to `most`."""
        value = self._values.get(name, default)
        digits = str(value)
        if not digits.isdecimal() or len(digits) > _MOST_DIGITS or int(digits) > most:
            raise errors.invalid_value(name)
        return int(digits)

    def words(self, name: str, default: str) -> list[str]:
        """A comma list."""
        value = self._values.get(name, default)
        parts = value if isinstance(value, list) else str(value).split(",")
        return [str(part).strip() for part in parts if str(part).strip()]

    def object_id(self, name: str) -> str:
        """One id; short links are refused outside paths."""
        value = self._values.get(name)
        if not isinstance(value, str) or not ids.is_object_id(value):
            raise errors.invalid_value(name)
        return value.lower()

    def object_ids(self, name: str) -> list[str]:
        """A list of ids, or a comma list."""
        if self._values.get(name) is None:
            return []
        found = self.words(name, "")
        if not all(ids.is_object_id(one) for one in found):
            raise errors.invalid_object_id()
        return [one.lower() for one in found]

    def date(self, name: str) -> str | None:
        """A moment in Trello's own form; null and nothing mean none."""
        value = self._values.get(name)
        if value in (None, "", "null"):
            return None
        try:
            return iso(moment(str(value)))
        except (ValueError, OverflowError) as error:
            raise errors.invalid_value(name) from error

    def minutes(self, name: str) -> int | None:
        """A whole number of minutes, -1 for none; null and nothing mean none too."""
        value = self._values.get(name)
        if value in (None, "", "null", -1, "-1"):
            return None
        return self.number(name, 0, 10 ** (_MOST_DIGITS - 1))

    def raw(self, name: str) -> Any:
        """The value as it came, None when it did not."""
        return self._values.get(name)


def _body(call: Call) -> Mapping[str, Any]:
    if "json" not in call.headers.get("content-type", ""):
        return dict(call.form())
    try:
        values = call.json()
    except ValueError as error:
        # The live service's words for this are not documented.
        raise errors.text(400, "Error parsing body: invalid JSON") from error
    if not isinstance(values, dict):
        raise errors.text(400, "Error parsing body: not an object")
    return values
