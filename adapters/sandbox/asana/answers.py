"""What a handler answers with, before `opt_fields` and paging are applied."""

from dataclasses import dataclass, field
from typing import Any, TypeAlias

from adapters.sandbox.asana.values import Ref, Value


@dataclass(frozen=True)
class One:
    """A single record, shown in full."""

    ref: Ref


@dataclass(frozen=True)
class Created:
    """A new record, shown in full: 201 with its address."""

    ref: Ref


Key: TypeAlias = tuple[int | str, ...]


@dataclass(frozen=True)
class Row:
    """One entry of a list and its place; places are comparable within the list and outlive moves of other rows."""

    key: Key
    value: Value


@dataclass(frozen=True)
class Many:
    """A list, shown compact; `most` is what one answer may hold without `limit`."""

    rows: list[Row]
    most: int = 1000


@dataclass(frozen=True)
class Done:
    """An action without a record to show: `{"data": {}}`."""


@dataclass(frozen=True)
class Feed:
    """A list that brings its own top-level keys."""

    rows: list[Value]
    beside: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Ready:
    """A list of finished documents."""

    documents: list[Any]


Answer: TypeAlias = One | Created | Many | Done | Feed | Ready


def by_gid(kind: str, gids: list[str]) -> Many:
    """The records in the order of their gids."""
    return Many([Row((int(gid),), Ref(kind, gid)) for gid in gids])


def by_place(kind: str, gids: list[str]) -> Many:
    """A short list in a given order, whose places are positions."""
    return Many([Row((at,), Ref(kind, gid)) for at, gid in enumerate(gids)])
