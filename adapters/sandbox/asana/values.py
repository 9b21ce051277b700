"""What a field of a record can be before it is written out: a scalar, a reference, a structure, or a list."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Ref:
    """A reference to a record; shown compact, or as far as `opt_fields` asks."""

    kind: str
    gid: str


Scalar: TypeAlias = bool | int | float | str | None
Value: TypeAlias = "Scalar | Ref | dict[str, Value] | list[Value]"


def ref(kind: str, gid: str | None) -> Value:
    """A reference, or None for no gid."""
    return None if gid is None else Ref(kind, gid)


def refs(kind: str, gids: list[str]) -> list[Value]:
    """References in the given order."""
    return [Ref(kind, gid) for gid in gids]
