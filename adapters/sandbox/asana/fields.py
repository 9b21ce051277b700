"""`opt_fields`: exactly the named fields and the gid; dots, `this.` and `(a|b)` groups; unknown names are ignored."""

from collections.abc import Iterable
from typing import Any, TypeAlias

from adapters.sandbox.asana.errors import bad
from adapters.sandbox.asana.records import VIEWS
from adapters.sandbox.asana.values import Ref, Value
from adapters.sandbox.asana.view import View
from adapters.sandbox.asana.visit import Visit

Tree: TypeAlias = dict[str, "Tree"]
# Each group multiplies the paths, so a few dozen of them would never end.
MOST_GROUPS = 8


def field_tree(asked: Iterable[str]) -> Tree:
    """The paths as one tree, `this` removed."""
    tree: Tree = {}
    for text in asked:
        for path in _paths(text.strip()):
            node = tree
            for name in path:
                if name and name != "this":
                    node = node.setdefault(name, {})
    return tree


def written(visit: Visit, value: Value, tree: Tree | None, *, full: bool) -> Any:
    """The value as JSON: the full or compact record without a tree, else what the tree asks."""
    if tree is not None:
        return _picked(visit, value, tree, top=True)
    if isinstance(value, Ref):
        view = VIEWS[value.kind]
        return _default(visit, value, view.full if full else view.compact)
    return _compact(visit, value)


def _default(visit: Visit, ref: Ref, names: tuple[str, ...]) -> dict[str, Any]:
    view, record = VIEWS[ref.kind], visit.world.find(ref.kind, ref.gid)
    shown: dict[str, Any] = {"gid": ref.gid}
    for name in names:
        if view.applies(name, record):
            shown[name] = _compact(visit, view.read(name, visit, record))
    return shown


def _compact(visit: Visit, value: Value) -> Any:
    if isinstance(value, Ref):
        return _default(visit, value, VIEWS[value.kind].compact)
    if isinstance(value, dict):
        return {name: _compact(visit, each) for name, each in value.items()}
    if isinstance(value, list):
        return [_compact(visit, each) for each in value]
    return value


def _picked(visit: Visit, value: Value, tree: Tree, *, top: bool = False) -> Any:
    if isinstance(value, list):
        return [_picked(visit, each, tree) for each in value]
    if isinstance(value, Ref):
        return _picked_record(visit, value, tree if tree or top else {"resource_type": {}})
    if isinstance(value, dict):
        return {
            name: _picked(visit, each, tree.get(name, {})) for name, each in value.items() if not tree or name in tree
        }
    return value


def _picked_record(visit: Visit, ref: Ref, tree: Tree) -> dict[str, Any]:
    view: View = VIEWS[ref.kind]
    record = visit.world.find(ref.kind, ref.gid)
    shown: dict[str, Any] = {"gid": ref.gid}
    for name, below in tree.items():
        if view.knows(name) and view.applies(name, record):
            shown[name] = _picked(visit, view.read(name, visit, record), below)
    return shown


def _paths(text: str) -> list[list[str]]:
    """Every path a text with groups stands for; a group left open ends with the text."""
    if text.count("(") > MOST_GROUPS:
        raise bad(f"opt_fields: A field may have at most {MOST_GROUPS} groups")
    if "(" not in text:
        return [text.split(".")]
    head, _, rest = text.partition("(")
    inside, tail = _closed(rest)
    before = [name for name in head.split(".") if name]
    after = _paths(tail.lstrip(".")) if tail.lstrip(".") else [[]]
    middle = [path for choice in _choices(inside) for path in _paths(choice)]
    return [[*before, *path, *end] for path in middle for end in after]


def _closed(rest: str) -> tuple[str, str]:
    depth = 1
    for at, letter in enumerate(rest):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if depth == 0:
            return rest[:at], rest[at + 1 :]
    return rest, ""


def _choices(inside: str) -> list[str]:
    choices, depth = [""], 0
    for letter in inside:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "|" and depth == 0:
            choices.append("")
        else:
            choices[-1] += letter
    return choices
