"""The request body: only `data` and `options` at the top of JSON, or a flat form; each field read with its type."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.sandbox.asana.errors import bad
from adapters.sandbox.wire import Call

FORM = "application/x-www-form-urlencoded"
NOT_JSON = "Could not parse request data, invalid JSON"


@dataclass(frozen=True)
class Data:
    """The fields of a request. In a form every value is text, so booleans, null and lists are read from text."""

    values: Mapping[str, Any]
    from_form: bool = False

    def has(self, name: str) -> bool:
        """Whether the request names the field, be it with null."""
        return name in self.values

    def get(self, name: str) -> Any:
        """The value as sent; None when absent."""
        value = self.values.get(name)
        return None if self.from_form and value == "null" else value

    def required(self, name: str) -> Any:
        """The value as sent; 400 when absent, null or empty."""
        value = self.get(name)
        if value is None or value == "":
            raise bad(f"{name}: Missing input")
        return value

    def text(self, name: str) -> str:
        """Text; null reads as empty; 400 for anything else."""
        value = self.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise bad(f"{name}: Value is not a string: {value}")
        return value

    def flag(self, name: str) -> bool:
        """True or false; 400 for anything else."""
        value = self.get(name)
        if self.from_form:
            value = {"true": True, "false": False}.get(str(value), value)
        if not isinstance(value, bool):
            raise bad(f"{name}: Value is not a boolean: {value}")
        return value

    def idents(self, name: str) -> list[str]:
        """A list of gids or other identifiers; a comma-separated text is one too; null and absent are empty."""
        value = self.get(name)
        if value is None or value == "":
            return []
        if isinstance(value, str):
            return value.split(",")
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise bad(f"{name}: Value is not an array of strings: {value}")
        return value


@dataclass(frozen=True)
class Body:
    """What a request carries: its fields and its output options."""

    data: Data
    options: Mapping[str, Any]


def read_body(call: Call) -> Body:
    """Reads the body; a GET has none. Raises 400 for broken JSON and foreign top-level keys."""
    if call.method == "GET" or not call.body.strip():
        return Body(Data({}), {})
    if call.headers.get("content-type", "").startswith(FORM):
        return _read_form(call)
    try:
        document = call.json()
        # A lone surrogate is JSON but no text that could be answered.
        json.dumps(document, ensure_ascii=False).encode()
    except ValueError:
        raise bad(NOT_JSON) from None
    if not isinstance(document, dict):
        raise bad(NOT_JSON)
    return _read_document(document)


def _read_document(document: dict[str, Any]) -> Body:
    for key in document:
        if key not in ("data", "options"):
            raise bad(
                f"Unrecognized request field {key} . The only allowed keys at the top level are: data, options. "
                "Fields of the object go inside data."
            )
    data = document.get("data", {})
    options = document.get("options", {})
    for name, value in (("data", data), ("options", options)):
        if not isinstance(value, dict):
            raise bad(f"{name}: Value is not a JSON object: {value}")
    return Body(Data(data), options)


def _read_form(call: Call) -> Body:
    values: dict[str, str] = {}
    options: dict[str, str] = {}
    for name, value in call.form():
        if name.startswith("opt_"):
            options[name.removeprefix("opt_")] = value
        else:
            values[name] = value
    return Body(Data(values, from_form=True), options)
