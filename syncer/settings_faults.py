"""Turns every fault of the configuration into one sentence: key, origin, what is wrong, what to write instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings

from syncer import settings_keys
from syncer.settings_keys import Path
from syncer.settings_sources import Fault, Found, Layer
from syncer.settings_values import UNSEEN, WRONG, masked, nearest

Model = TypeVar("Model", bound=BaseSettings)

_EXPECTED = {
    "int": ("a whole number", "Write a number such as 60, without quotes."),
    "float": ("a number", "Write a number such as 60, without quotes."),
    "finite": ("a number", "Write a number such as 60, without quotes."),
    "bool": ("true or false", "Write true or false, without quotes."),
    "string": ("a text", "Write the text in double quotes."),
    "date": ("a date", "Write a date such as 2026-11-11."),
    "tuple": ("a list", "Write a list in square brackets."),
    "dict": ("a table", "Write a table, { ... } or one with a header of its own."),
    "model": ("a table", "Write a table, { ... } or one with a header of its own."),
}
_BOUNDS = {
    "greater_than": ("gt", "more than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}
_ROUNDS = 10
"""More than the deepest table: each round of mending can bring to light what stood above."""


def build(model: type[Model], found: Found) -> tuple[Model | None, list[Fault]]:
    """The settings and no fault; or what remains of them without the faulty values, and every fault of form.

    The remains let the checks between values run as well, so that nobody mends one fault only to meet the next.
    """
    try:
        return model(layers=found.layers), []
    except ValidationError as error:
        details = error.errors(include_url=False)
    data = found.merged()
    return _remains(model, deepcopy(data), details), [_fault(model, data, detail) for detail in details]


def sentences(found: Found, faults: Iterable[Fault]) -> list[str]:
    """The faults as people read them, each once, one line each."""
    data = found.merged()
    lines = (_sentence(found, data, fault) for fault in faults)
    return list(dict.fromkeys(UNSEEN.sub("\N{REPLACEMENT CHARACTER}", line) for line in lines))


def _sentence(found: Found, data: Mapping[str, Any], fault: Fault) -> str:
    origin = fault.origin or found.origin(fault.key)
    place = f"{shown_key(data, fault.key)} ({origin})" if fault.key else origin
    return f"{place}: {fault.what}. {fault.instead}"


def shown_key(data: Any, path: Path) -> str:
    """The key with dots; entries of a list by their key or name, else by their place counted from 1."""
    text = ""
    for part in path:
        inner = _step(data, part)
        if isinstance(part, int):
            text += f"[{_label(inner) or part + 1}]"
        else:
            text += f".{part}" if text else part
        data = inner
    return text


def _label(entry: Any) -> str | None:
    names = (entry.get("key"), entry.get("name")) if isinstance(entry, dict) else ()
    return next((name for name in names if isinstance(name, str) and name), None)


def _step(data: Any, part: str | int) -> Any:
    try:
        return data[part]
    except (KeyError, IndexError, TypeError):
        return None


def _raw_path(data: Any, loc: tuple[int | str, ...]) -> Path:
    """Where pydantic's location stands in what people wrote: a single value read as a list has no index."""
    path: list[int | str] = []
    for part in loc:
        if part == "[key]" or (isinstance(part, int) and not isinstance(data, list)):
            continue
        path.append(part)
        data = _step(data, part)
    return tuple(path)


def _remains(model: type[Model], data: dict[str, Any], details: list[ErrorDetails]) -> Model | None:
    for _ in range(_ROUNDS):
        for path, kind in sorted(
            ((_raw_path(data, one["loc"]), one["type"]) for one in details), key=repr, reverse=True
        ):
            _mend(data, path, kind)
        try:
            return model(layers=(Layer(data, {}),))
        except ValidationError as error:
            details = error.errors(include_url=False)
    return None


def _mend(data: Any, path: Path, kind: str) -> None:
    """Fill in what is missing, take out what is wrong."""
    for part in path[:-1]:
        data = _step(data, part)
    last = path[-1]
    if kind == "missing" and isinstance(data, dict):
        data[last] = "missing-" + "-".join(str(part) for part in path)
    elif isinstance(data, dict):
        data.pop(last, None)
    elif isinstance(data, list) and isinstance(last, int) and last < len(data):
        del data[last]


def _fault(model: type[BaseModel], data: Mapping[str, Any], detail: ErrorDetails) -> Fault:
    path = _raw_path(data, detail["loc"])
    kind = detail["type"]
    if kind == WRONG:
        return Fault(path, detail["ctx"]["what"], detail["ctx"]["instead"])
    if kind == "extra_forbidden" or "[key]" in detail["loc"]:
        return Fault(path, "there is no such setting", _meant(model, path))
    if kind == "missing":
        sample = settings_keys.example(model, path)
        return Fault(path, "is missing", f"Write {path[-1]} = {sample}" if sample else "Add it.")
    value = "the value" if settings_keys.is_secret(model, path) else _written(detail["input"])
    what, instead = _value_fault(kind, detail.get("ctx", {}), value)
    return Fault(path, what, instead)


def _written(value: Any) -> str:
    """What people wrote, where it is a single value; a list or table may hold anything."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list | tuple):
        return "a table" if isinstance(value, dict) else "a list"
    return masked(value) if isinstance(value, str) else str(value)


def _value_fault(kind: str, ctx: Mapping[str, Any], value: str) -> tuple[str, str]:
    """(what is wrong, what to write instead) for pydantic's kind of error."""
    if kind in ("literal_error", "enum"):
        return f"{value} is none of the choices", f"Write one of: {ctx['expected'].replace(chr(39), chr(34))}."
    if kind in _BOUNDS:
        key, words = _BOUNDS[kind]
        return f"{value} is out of range", f"It must be {words} {ctx[key]:g}."
    if kind == "string_pattern_mismatch":
        return f"{value} has not the right form", 'Write two capital letters, such as "CN".'
    if kind == "too_short":
        return "the list is empty", "Write at least one entry, or leave the key out."
    expected, instead = _EXPECTED.get(
        kind.partition("_")[0], ("what can stand here", "See config/syncer.example.toml.")
    )
    return f"{value} is not {expected}", instead


def _meant(model: type[BaseModel], path: Path) -> str:
    """What may have been meant by an unknown key."""
    *above, last = path
    known = settings_keys.known_keys(model, tuple(above))
    close = nearest(str(last), known)
    if close:
        return f'Did you mean "{close}"?'
    homes = settings_keys.homes(model, str(last))
    if homes:
        return f"It belongs into [{homes[0]}]."
    return f"Known here: {', '.join(known)}." if known else "Remove it."
