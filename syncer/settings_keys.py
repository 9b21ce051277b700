"""Every key there is, by walking the models: what may stand in a table, which values are secret, what each means."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import Enum
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from syncer.core.policy import Limit
from syncer.settings_values import ceiling_text

Path = tuple[str | int, ...]
"""Where a value stands: keys of tables, and indexes of lists."""

_TYPES = {str: "text", bool: "true or false", int: "whole number", float: "number", date: "date", SecretStr: "secret"}


def bare(annotation: Any) -> Any:
    """An annotation without `Annotated` and `None`."""
    if get_origin(annotation) is Annotated:
        return bare(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return bare(next(part for part in get_args(annotation) if part is not type(None)))
    return annotation


def element(annotation: Any) -> Any:
    """What a list holds, or the annotation itself where it is no list."""
    inner = bare(annotation)
    return element(get_args(inner)[0]) if get_origin(inner) is tuple else inner


def at(root: Any, path: Path) -> Any:
    """The annotation of what stands at a path, or None where nothing known can stand there."""
    here = element(root)
    for part in path:
        if isinstance(part, int):
            continue
        if get_origin(here) is dict:
            here = element(get_args(here)[1])
        elif is_table(here) and part in here.model_fields:
            here = element(here.model_fields[part].annotation)
        else:
            return None
    return here


def is_table(annotation: Any) -> bool:
    """Whether it is one of our models."""
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def known_keys(root: Any, path: Path) -> list[str]:
    """The keys that may stand in the table at a path; empty where any may, or where there is no table."""
    here = at(root, path)
    if is_table(here):
        return list(here.model_fields)
    if get_origin(here) is dict:
        keys = bare(get_args(here)[0])
        return [str(one.value) for one in keys] if isinstance(keys, type) and issubclass(keys, Enum) else []
    return []


def example(root: Any, path: Path) -> str | None:
    """An example for the key at a path, as TOML."""
    table = at(root, path[:-1])
    info = table.model_fields.get(path[-1]) if is_table(table) else None
    if info is None or not info.examples:
        return None
    text = info.examples[0]
    return text if text.startswith("[") else f'"{text}"'


def _fields(root: type[BaseModel], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], FieldInfo]]:
    """Every leaf with its path; lists add `[]` to their key, tables with free keys add `*`."""
    for name, info in root.model_fields.items():
        inner = bare(info.annotation)
        held = element(inner)
        if get_origin(held) is dict and is_table(element(get_args(held)[1])):
            yield from _fields(element(get_args(held)[1]), (*above, name, "*"))
        elif is_table(held):
            yield from _fields(held, (*above, name + ("[]" if held is not inner else "")))
        else:
            yield (*above, name), info


def homes(root: type[BaseModel], name: str) -> list[str]:
    """The tables, as written in a header, that know a key of this name; not those that every campaign has."""
    return [".".join(path[:-1]) for path, _ in _fields(root) if path[-1] == name and len(path) == 2]


def secret_paths(root: type[BaseModel]) -> frozenset[tuple[str, ...]]:
    """Where secrets stand."""
    return frozenset(path for path, info in _fields(root) if bare(info.annotation) is SecretStr)


def is_secret(root: type[BaseModel], path: Path) -> bool:
    """Whether the value at a path must never be shown."""
    return tuple(part for part in path if isinstance(part, str)) in secret_paths(root)


def secret_values(model: BaseModel) -> frozenset[str]:
    """The values of all secrets that are set, and the password of any URL among the texts."""
    found: set[str] = set()
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, SecretStr):
            found.add(value.get_secret_value())
        elif isinstance(value, BaseModel):
            found |= secret_values(value)
        elif isinstance(value, str) and "://" in value:
            found |= _passwords(value)
    return frozenset(found - {""})


def _passwords(url: str) -> set[str]:
    password = urlsplit(url).password
    return {password, unquote(password)} if password else set()


def describe(root: type[BaseModel]) -> list[tuple[str, str, str, str]]:
    """Every setting as (key, type, default, meaning)."""
    return [
        (".".join(path), _type_name(info.annotation), _default(info), str(info.description))
        for path, info in _fields(root)
    ] + [("campaigns[].stages.*.<service or replica>", "text or list of text", "", "What the stage is called there.")]


def _type_name(annotation: Any) -> str:
    inner = bare(annotation)
    if get_origin(inner) is Literal:
        return ", ".join(str(choice) for choice in get_args(inner))
    if get_origin(inner) is tuple:
        return f"list of {_TYPES.get(element(inner), 'values')}"
    if get_origin(inner) is dict:
        return "table"
    return 'share ("10%") or number' if inner is Limit else _TYPES.get(inner, "text")


def _default(info: FieldInfo) -> str:
    """The default as TOML; empty for none, `required` where there is none to have."""
    if info.is_required():
        return "required"
    value = info.get_default()
    if value is None or value in ((), {}):
        return ""
    if isinstance(value, Limit):
        return f'"{ceiling_text(value)}"'
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else f"{value:g}"
