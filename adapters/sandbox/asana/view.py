"""How one kind of record is shown: which fields there are, which show by default, how each is read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from adapters.sandbox.asana.values import Ref, Value, ref, refs
from adapters.sandbox.asana.visit import Visit

Reader: TypeAlias = Callable[[Visit, Any], Value]


@dataclass(frozen=True)
class View:
    """`compact` and `full` name the fields of the default records; `only_if` keeps a field off some records.

    Fields with a reader that stand in neither are Asana's opt-in fields.
    """

    kind: str
    compact: tuple[str, ...]
    full: tuple[str, ...]
    readers: Mapping[str, Reader]
    only_if: Mapping[str, Callable[[Any], bool]] = field(default_factory=dict)

    def knows(self, name: str) -> bool:
        """Whether records of this kind have the field."""
        return name == "resource_type" or name in self.readers

    def applies(self, name: str, record: Any) -> bool:
        """Whether this very record has the field."""
        return name not in self.only_if or self.only_if[name](record)

    def read(self, name: str, visit: Visit, record: Any) -> Value:
        """The value of the field."""
        return self.kind if name == "resource_type" else self.readers[name](visit, record)


def plain(name: str) -> Reader:
    """The record's attribute as it is."""

    def read(_: Visit, record: Any) -> Value:
        value: Value = getattr(record, name)
        return value

    return read


def plains(*names: str) -> dict[str, Reader]:
    """Attributes shown under their own names."""
    return {name: plain(name) for name in names}


def fixed(value: Value) -> Reader:
    """A field this emulator never fills."""
    return lambda _visit, _record: value


def one(kind: str, name: str) -> Reader:
    """The record the attribute's gid refers to, or null."""
    return lambda _visit, record: ref(kind, getattr(record, name))


def many(kind: str, name: str) -> Reader:
    """The records the attribute's gids refer to."""
    return lambda _visit, record: refs(kind, list(getattr(record, name)))


def workspace(visit: Visit, _: Any) -> Value:
    """There is one workspace, and everything is in it."""
    return Ref("workspace", visit.world.workspace.gid)
