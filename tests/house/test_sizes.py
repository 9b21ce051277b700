"""Small functions, small files, plain names: measured over the whole tree, and each rule is seen to catch."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import pytest

from tests.house import tree

MAX_FUNCTION, MEDIAN_FUNCTION = 50, 9
MAX_FILE, MEDIAN_FILE = 400, 200
VAGUE = {"util", "utils", "helper", "helpers", "manager", "managers", "common", "base", "misc"}
CLOCKS = {"syncer/clock.py", "adapters/sandbox/wire.py"}
"""The two clocks: the one that is passed in everywhere, and the sandbox's, which can be moved."""
CLOCK_READ = re.compile(
    r"\b(datetime\.(now|utcnow|today)|date\.today|time\.(time|time_ns|monotonic|localtime|gmtime))$"
)

CODE = tree.python_files(*tree.PACKAGES)
EVERYTHING = tree.python_files(*tree.PACKAGES, "tests")

Function = ast.FunctionDef | ast.AsyncFunctionDef
Public = Function | ast.ClassDef


def nodes(source: str) -> Iterator[ast.AST]:
    """Every node of a module."""
    return ast.walk(ast.parse(source))


def functions(source: str) -> dict[str, int]:
    """The lines of each function from its `def` to its end, methods and inner functions too."""
    return {
        f"{node.name}:{node.lineno}": (node.end_lineno or node.lineno) - node.lineno + 1
        for node in nodes(source)
        if isinstance(node, Function)
    }


def long_functions(source: str) -> list[str]:
    """Functions over the cap."""
    return [name for name, lines in functions(source).items() if lines > MAX_FUNCTION]


def long_file(source: str) -> list[str]:
    """How long the file is, if it is over the cap."""
    lines = len(source.splitlines())
    return [f"{lines} lines"] if lines > MAX_FILE else []


def vague_names(path: str) -> list[str]:
    """Words in a file's or folder's name that say nothing of what is inside."""
    return [word for part in Path(path).with_suffix("").parts for word in part.split("_") if word in VAGUE]


def abstract_classes(source: str) -> list[str]:
    """Classes named for being abstract."""
    return [node.name for node in nodes(source) if isinstance(node, ast.ClassDef) and node.name.startswith("Abstract")]


def marks(source: str) -> list[str]:
    """Notes to self in comments and docstrings."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    prose = [t.string for t in tokens if t.type == tokenize.COMMENT or t.string.startswith(('"""', "'''"))]
    return [mark for text in prose for mark in re.findall(r"\b(?:TODO|FIXME|XXX|HACK)\b", text)]


def bare_excepts(source: str) -> list[str]:
    """Handlers that also catch the request to stop."""
    handlers = [node for node in nodes(source) if isinstance(node, ast.ExceptHandler)]
    return [f"line {node.lineno}" for node in handlers if node.type is None]


def undocumented(source: str) -> list[str]:
    """The module, and its public classes, functions and methods, where they have no docstring."""
    module = ast.parse(source)
    silent = ["module"] if module.body and not ast.get_docstring(module) else []
    return silent + [name for name, node in _public(module.body) if not ast.get_docstring(node)]


def _public(body: list[ast.stmt], prefix: str = "") -> Iterator[tuple[str, Public]]:
    for node in body:
        if isinstance(node, Public) and not node.name.startswith("_"):
            yield prefix + node.name, node
            if isinstance(node, ast.ClassDef):
                yield from _public(node.body, f"{node.name}.")


def clock_reads(source: str) -> list[str]:
    """Where the time is taken from the machine rather than from the clock that is passed in."""
    calls = [ast.unparse(node.func) for node in nodes(source) if isinstance(node, ast.Call)]
    taken = [f"from {n.module} import" for n in nodes(source) if isinstance(n, ast.ImportFrom) and n.module == "time"]
    return taken + [call for call in calls if CLOCK_READ.search(call)]


def not_clocks(files: list[Path]) -> list[Path]:
    """The files without the clocks themselves."""
    return [file for file in files if file.relative_to(tree.ROOT).as_posix() not in CLOCKS]


RULES: dict[str, tuple[Callable[[str], list[str]], list[Path]]] = {
    "functions": (long_functions, CODE),
    "files": (long_file, EVERYTHING),
    "abstract": (abstract_classes, EVERYTHING),
    "marks": (marks, EVERYTHING),
    "excepts": (bare_excepts, EVERYTHING),
    "docstrings": (undocumented, CODE),
    "clock": (clock_reads, not_clocks(CODE)),
}


@pytest.mark.parametrize("rule", RULES)
def test_the_house_keeps_the_rule(rule: str) -> None:
    check, files = RULES[rule]
    assert files
    found = {str(file.relative_to(tree.ROOT)): check(file.read_text("utf-8")) for file in files}
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_the_median_function_is_small() -> None:
    lengths = [lines for file in CODE for lines in functions(file.read_text("utf-8")).values()]
    assert median(lengths) <= MEDIAN_FUNCTION


def test_the_median_file_is_small() -> None:
    lengths = [len(file.read_text("utf-8").splitlines()) for file in CODE]
    assert median(length for length in lengths if length) <= MEDIAN_FILE


def test_every_name_says_something() -> None:
    named = {name: vague_names(name) for name in tree.files() if name.endswith(".py")}
    assert {name: words for name, words in named.items() if words} == {}


def test_the_clocks_exist() -> None:
    assert all((tree.ROOT / name).is_file() for name in CLOCKS)


BODY = "    pass\n"
SEEDS = [
    ("functions", "def f():\n" + BODY * 50, ["f:1"]),
    ("functions", "class C:\n  async def f(self):\n" + BODY * 50, ["f:2"]),
    ("functions", "def f():\n" + BODY * 49, []),
    ("files", "a = 1\n" * 401, ["401 lines"]),
    ("files", "a = 1\n" * 400, []),
    ("abstract", "class AbstractReplica: ...", ["AbstractReplica"]),
    ("marks", "a = 1  # TO" + "DO: later", ["TO" + "DO"]),
    ("marks", '"""Reads. FIX' + 'ME"""', ["FIX" + "ME"]),
    ("marks", 'TODO = "TODO"  # the first list', []),
    ("excepts", "try:\n    f()\nexcept:\n    pass", ["line 3"]),
    ("excepts", "try:\n    f()\nexcept OSError:\n    pass", []),
    ("docstrings", "a = 1", ["module"]),
    ("docstrings", '"""A."""\ndef f(): ...\nclass C:\n    def m(self): ...', ["f", "C", "C.m"]),
    ("docstrings", '"""A."""\ndef _f(): ...\nclass _C:\n    def m(self): ...', []),
    ("clock", "from datetime import datetime\ndatetime.now()", ["datetime.now"]),
    ("clock", "import datetime\ndatetime.datetime.now(UTC)", ["datetime.datetime.now"]),
    ("clock", "datetime.utcnow()", ["datetime.utcnow"]),
    ("clock", "import time\ntime.time()", ["time.time"]),
    ("clock", "date.today()", ["date.today"]),
    ("clock", "from time import time\ntime()", ["from time import"]),
    ("clock", "self._clock.now()\nself._clock.monotonic()", []),
]


@pytest.mark.parametrize(("rule", "source", "found"), SEEDS)
def test_a_breach_is_seen(rule: str, source: str, found: list[str]) -> None:
    assert RULES[rule][0](source) == found


def test_every_rule_has_been_broken_once() -> None:
    assert {rule for rule, _, found in SEEDS if found} == set(RULES)


@pytest.mark.parametrize("name", ["syncer/utils.py", "adapters/common/http.py", "adapters/asana_base.py"])
def test_a_vague_name_is_seen(name: str) -> None:
    assert vague_names(name)
    assert not vague_names("syncer/database.py")
