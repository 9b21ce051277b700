"""A field mask selects parts of an answer or of a write: `a(b,c),d.e,f/g,*`."""

from collections.abc import Mapping
from typing import Any

from adapters.sandbox.google.errors import Invalid, bad_field
from adapters.sandbox.google.schema import SCALARS, camel_names, types

Mask = dict[str, Any]  # field -> Mask; an empty Mask means the whole field
EVERYTHING: Mask = {}


class _Reader:
    """Reads one mask text; the grammar is small enough for one character of look-ahead."""

    def __init__(self, text: str) -> None:
        self.text = text.replace(" ", "")
        self.at = 0

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def list(self) -> Mask:
        mask: Mask = {}
        while True:
            _merge(mask, self.path())
            if self.peek() != ",":
                return mask
            self.at += 1

    def path(self) -> Mask:
        name = self.name()
        rest: Mask = {}
        if self.peek() in (".", "/") and self.peek():
            self.at += 1
            rest = self.path()
        elif self.peek() == "(":
            self.at += 1
            rest = self.list()
            if self.peek() != ")":
                raise _unreadable(self.text)
            self.at += 1
        return {name: rest}

    def name(self) -> str:
        start = self.at
        while self.peek() and self.peek() not in ",./()":
            self.at += 1
        if start == self.at:
            raise _unreadable(self.text)
        return self.text[start : self.at]


def _unreadable(text: str) -> Invalid:
    message = f"Invalid field mask '{text}'"
    return Invalid("Request contains an invalid argument.", (("fields", message),))


def _merge(mask: Mask, more: Mask) -> None:
    for name, rest in more.items():
        if name in mask and (not rest or not mask[name]):
            mask[name] = {}
        elif name in mask:
            _merge(mask[name], rest)
        else:
            mask[name] = rest


def parse(text: str, type_name: str) -> Mask:
    """The mask as a tree with canonical names; raises when a path does not exist in the type."""
    reader = _Reader(text)
    tree = reader.list()
    if reader.at != len(reader.text):
        raise _unreadable(text)
    return _canonical(tree, type_name, "")


def parse_loose(text: str) -> Mask:
    """The mask as a tree, without knowing the type (Drive)."""
    return _Reader(text).list()


def _canonical(tree: Mask, type_name: str, path: str) -> Mask:
    result: Mask = {}
    for given, rest in tree.items():
        if given == "*":
            return {}
        here = f"{path}.{given}".lstrip(".")
        name = camel_names(type_name).get(given)
        if name is None:
            raise bad_field(here)
        result[name] = _below(types()[type_name][name].lstrip("*"), rest, here)
    return result


def _below(kind: str, rest: Mask, path: str) -> Mask:
    if not rest or kind == "any":
        return {}
    if kind in SCALARS:
        raise bad_field(f"{path}.{next(iter(rest))}")
    return _canonical(rest, kind, path)


def apply(value: Any, mask: Mask) -> Any:
    """The selected part; structure stays as empty objects where nothing is set."""
    if not mask or "*" in mask:
        return value
    if isinstance(value, list):
        return [apply(entry, mask) for entry in value]
    if isinstance(value, Mapping):
        return {name: apply(entry, mask[name]) for name, entry in value.items() if name in mask}
    return value


def wants(mask: Mask, *path: str) -> bool:
    """Whether the mask selects anything at the path."""
    for name in path:
        if not mask:
            return True
        if name not in mask:
            return False
        mask = mask[name]
    return True


def below(mask: Mask, *path: str) -> Mask:
    """The mask that holds at the path; meant for paths that the mask wants."""
    for name in path:
        if not mask:
            return {}
        mask = mask[name]
    return mask


def replace(old: Mapping[str, Any], new: Mapping[str, Any], mask: Mask) -> dict[str, Any]:
    """`old` with the masked fields taken from `new`; a masked field that `new` lacks is removed."""
    if not mask:
        return dict(new)
    result = dict(old)
    for name, rest in mask.items():
        value = _replaced(old.get(name), new.get(name), rest)
        if value is None or value == {}:
            result.pop(name, None)
        else:
            result[name] = value
    return result


def _replaced(old: Any, new: Any, mask: Mask) -> Any:
    if not mask or isinstance(new, list):
        return new
    return replace(old or {}, new or {}, mask)
