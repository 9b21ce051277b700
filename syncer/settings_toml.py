"""Where in a TOML text each key stands: the parser says what a text means, but not where it says so."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

KeyPath = tuple[str | int, ...]

_SECRET_KEY = re.compile(r"""(token|secret|password|credential|key)\w*["']?\s*=""", re.IGNORECASE)


def lines(text: str) -> dict[KeyPath, int]:
    """The line, counted from 1, of every key, table and list entry of a valid TOML text.

    What stands in a statement of several lines is found at the statement's first line.
    """
    found: dict[KeyPath, int] = {}
    lists: dict[KeyPath, int] = {}
    table: KeyPath = ()
    for line, statement in _statements(text):
        if statement.lstrip().startswith("["):
            table = _enter(statement, lists)
            inside: Any = {}
        else:
            inside = tomllib.loads(statement)
        for path in _paths(inside, table):
            found.setdefault(path, line)
    return found


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Headers and `key = value`, each with the line it begins on: the fewest lines that are valid alone."""
    begun, held = 0, ""
    for number, line in enumerate(text.split("\n"), 1):
        if not held and re.match(r"\s*(#|$)", line):
            continue
        begun, held = (begun, f"{held}\n{line}") if held else (number, line)
        try:
            tomllib.loads(held)
        except tomllib.TOMLDecodeError:
            continue
        yield begun, held
        held = ""


def _enter(header: str, lists: dict[KeyPath, int]) -> KeyPath:
    """The path of the table that a header opens; `lists` counts the entries of each list of tables."""
    parsed: Any = tomllib.loads(header)
    path: KeyPath = ()
    while parsed:
        key, parsed = next(iter(parsed.items()))
        path = (*path, key)
        if isinstance(parsed, list):
            lists[path] = lists.get(path, -1) + 1
            return (*path, lists[path])
        if path in lists:
            path = (*path, lists[path])
    return path


def _paths(value: Any, path: KeyPath) -> Iterator[KeyPath]:
    """The value's path, those above it and those within it."""
    yield from (path[:length] for length in range(1, len(path) + 1))
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from _paths(one, (*path, key))


def syntax_error(text: str, error: tomllib.TOMLDecodeError) -> tuple[int, str]:
    """The line and a description of a syntax error; a value that may be a secret is not shown."""
    rows = text.split("\n")
    place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)", str(error))
    line = int(place[1]) if place and place[1] else len(text.rstrip().split("\n"))
    what = re.sub(r" [(]at .*[)]$", "", str(error))
    return line, f"{what} in: {_without_secrets(rows[line - 1].strip(), text)}"


def _without_secrets(row: str, text: str) -> str:
    """The row up to a value that may be a secret; nothing of it where it may be the inside of a longer text."""
    secret = _SECRET_KEY.search(row)
    if secret:
        return f"{row[: secret.end()]} ..."
    return "..." if re.search("\"{3}|'{3}", text) else row
