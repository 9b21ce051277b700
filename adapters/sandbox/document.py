"""The control calls' JSON documents: an unknown key, a wrong type or a wrong value is refused with the key's name."""

import json
from collections.abc import Collection, Mapping
from typing import Any

Kinds = Mapping[str, tuple[type, ...]]


class BadDocument(Exception):
    """A control call's document is wrong at `key`; the message says what belongs there."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(f"{key}: {message}" if key else message)
        self.key = key


def read(body: bytes, kinds: Kinds) -> dict[str, Any]:
    """The JSON object in `body`, every key of it known and of its kind; raises BadDocument."""
    try:
        document = json.loads(body or b"{}")
    except ValueError as error:
        raise BadDocument("", f"the body is not JSON ({error})") from error
    if not isinstance(document, dict):
        raise BadDocument("", "the body must be a JSON object")
    for key, value in document.items():
        _check(key, value, kinds)
    return document


def _check(key: str, value: object, kinds: Kinds) -> None:
    if key not in kinds:
        raise BadDocument(key, f"unknown key; known are {', '.join(sorted(kinds)) or 'none'}")
    allowed = kinds[key]
    stray_bool = isinstance(value, bool) and bool not in allowed
    if stray_bool or not isinstance(value, allowed):
        raise BadDocument(key, f"must be {' or '.join(kind.__name__ for kind in allowed)}")


def one_of(key: str, value: str, choices: Collection[str]) -> str:
    """`value`, when it is one of `choices`; raises BadDocument."""
    if value not in choices:
        raise BadDocument(key, f"must be one of {', '.join(choices)}")
    return value


def at_least(key: str, value: float, least: float) -> None:
    """Raises BadDocument when `value` is below `least` or no number at all."""
    if not value >= least:
        raise BadDocument(key, f"must be at least {least:g}")
