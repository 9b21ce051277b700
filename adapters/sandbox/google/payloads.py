"""A request body is refused as a whole when it carries a name or a kind of value that the API does not know."""

import json
import math
from collections.abc import Mapping
from typing import Any

from adapters.sandbox.google.errors import Invalid
from adapters.sandbox.google.schema import ANYTHING, SCALARS, camel_names, snake, types
from adapters.sandbox.wire import Call

INT32 = 2**31
TYPE_NAMES = {"int": "TYPE_INT32", "num": "TYPE_DOUBLE", "bool": "TYPE_BOOL", "str": "TYPE_STRING"}


def read_body(call: Call, type_name: str, path: str = "") -> dict[str, Any]:
    """The body as an object of the named type, without null members; `path` is where the message holds the body."""
    if not call.body.strip():
        return {}
    try:
        document = call.json()
    except ValueError as error:
        raise Invalid(
            f"Invalid JSON payload received. {error}.", (("", f"Invalid JSON payload received. {error}."),)
        ) from error
    if not isinstance(document, dict):
        raise _unknown_name("", "")
    return read_object(document, type_name, path)


def read_object(document: Mapping[str, Any], type_name: str, path: str) -> dict[str, Any]:
    """Checks one object; `path` is where it stands in the body, in Google's spelling."""
    names = camel_names(type_name)
    result: dict[str, Any] = {}
    for given, value in document.items():
        if given not in names:
            raise _unknown_name(given, path)
        if value is None:
            continue
        name = names[given]
        kind = types()[type_name][name]
        result[name] = _read(value, kind, f"{path}.{snake(name)}".lstrip("."))
    return result


def _read(value: Any, kind: str, path: str) -> Any:
    if kind.startswith("*"):
        return _read_list(value, kind[1:], path)
    if kind in SCALARS:
        return _read_scalar(value, kind, path)
    if kind == "Request":
        return value
    if not isinstance(value, dict):
        raise wrong_value(path, f"type.googleapis.com/google.apps.sheets.v4.{kind}", value)
    return read_object(value, kind, path)


def _read_list(value: Any, kind: str, path: str) -> Any:
    if isinstance(value, list):
        return [_read(entry, kind, f"{path}[{number}]") for number, entry in enumerate(value)]
    if kind == f"*{ANYTHING}":
        raise wrong_value(path, "type.googleapis.com/google.protobuf.ListValue", value)
    return [_read(value, kind, path)]


def _read_scalar(value: Any, kind: str, path: str) -> Any:
    if kind == ANYTHING or _fits(value, kind):
        return value
    if kind in ("int", "num") and isinstance(value, str):
        return _number(value, kind, path)
    raise wrong_value(path, TYPE_NAMES.get(kind, "TYPE_ENUM"), value)


def _fits(value: Any, kind: str) -> bool:
    if kind == "bool":
        return isinstance(value, bool)
    if kind == "num":
        return isinstance(value, int | float) and not isinstance(value, bool) and finite(value)
    if kind == "int":
        return isinstance(value, int) and not isinstance(value, bool) and -INT32 <= value < INT32
    return isinstance(value, str)


def finite(number: float) -> bool:
    """Whether the number fits a double; JSON texts may carry NaN, Infinity and endless integers."""
    try:
        return math.isfinite(number)
    except OverflowError:
        return False


def _number(text: str, kind: str, path: str) -> int | float:
    try:
        number = int(text) if kind == "int" else float(text)
    except ValueError:
        raise wrong_value(path, TYPE_NAMES[kind], text) from None
    if not _fits(number, kind):
        raise wrong_value(path, TYPE_NAMES[kind], text)
    return number


def wrong_value(path: str, type_text: str, value: Any) -> Invalid:
    """A value of the wrong kind; Google quotes scalars and leaves the quote off for structures."""
    quoted = f", {json.dumps(value, ensure_ascii=False)}" if not isinstance(value, dict | list) else ""
    message = f"Invalid value at '{path}' ({type_text}){quoted}"
    return Invalid(message, ((path, message),))


def _unknown_name(name: str, path: str) -> Invalid:
    place = f" at '{path}'" if path else ""
    message = f'Invalid JSON payload received. Unknown name "{name}"{place}: Cannot find field.'
    return Invalid(message, ((path, message),))


def refuse_unknown_request(kind: str, path: str) -> Invalid:
    """A batch entry of a kind that does not exist."""
    return _unknown_name(kind, path)


def check_choice(value: str, choices: tuple[str, ...], path: str, enum: str) -> str:
    """An enumeration's value, the first choice when it is empty."""
    if not value:
        return choices[0]
    if value not in choices:
        raise wrong_value(path, f"type.googleapis.com/google.apps.sheets.v4.{enum}", value)
    return value


def check_query(call: Call, allowed: frozenset[str]) -> None:
    """The Sheets API refuses query parameters it does not know."""
    for name, _ in call.query:
        if name not in allowed and name not in STANDARD:
            message = (
                f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter. '
                f"Field '{name}' could not be found in request message."
            )
            raise Invalid(message, (("", message),))


STANDARD = frozenset(
    (
        *("$.xgafv", "access_token", "alt", "callback", "fields", "key", "oauth_token", "prettyPrint", "quotaUser"),
        *("uploadType", "upload_protocol"),
    )
)


def parameter(call: Call, name: str, default: str = "") -> str:
    """A query parameter's last value."""
    values = [value for key, value in call.query if key == name]
    return values[-1] if values else default


def parameters(call: Call, name: str) -> list[str]:
    """All values of a repeated query parameter."""
    return [value for key, value in call.query if key == name]


def flag(call: Call, name: str) -> bool:
    """A boolean query parameter in any case, as Python clients send `True`."""
    text = parameter(call, name, "false").lower()
    if text in ("true", "1", ""):
        return True
    if text in ("false", "0"):
        return False
    raise wrong_value(name, "TYPE_BOOL", parameter(call, name))
