"""Who may import whom: the contracts of pyproject.toml hold, and each is seen to fail when it is broken."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.house import tree

CONTRACTS: list[dict[str, Any]] = tomllib.loads((tree.ROOT / "pyproject.toml").read_text("utf-8"))["tool"][
    "importlinter"
]["contracts"]
NAMES = {contract["id"]: contract["name"] for contract in CONTRACTS}

SEEDS = [
    ("core", "syncer.core.plan", "syncer.ports"),
    ("core", "syncer.core.merge", "syncer.settings"),
    ("core", "syncer.core.guards", "mappings.asana"),
    ("core", "syncer.core.model", "adapters.http"),
    ("engine", "syncer.ports", "syncer.settings"),
    ("engine", "syncer.cycle", "syncer.store.sql"),
    ("engine", "syncer.cycle", "syncer.settings"),
    ("engine", "syncer.execute", "syncer.report"),
    ("engine", "syncer.execute", "adapters.http"),
    ("engine", "syncer.report", "syncer.settings"),
    ("engine", "syncer.store.codec", "syncer.settings"),
    ("engine", "syncer.store.codec", "mappings.trello"),
    ("mappings", "mappings.trello", "syncer.ports"),
    ("mappings", "mappings.sheets", "adapters.http"),
    ("mappings-asana", "mappings.asana", "mappings.cells"),
    ("mappings-asana", "mappings.asana", "mappings.trello"),
    ("mappings-trello", "mappings.trello_dates", "mappings.asana"),
    ("mappings-sheets", "mappings.grid", "mappings.trello"),
    ("adapters", "adapters.http", "syncer.settings"),
    ("adapters", "adapters.trello.replica", "syncer.store.sql"),
    ("adapters", "adapters.asana.replica", "syncer.cycle"),
    ("services", "adapters.asana.replica", "adapters.trello.client"),
    ("services", "adapters.trello.replica", "adapters.sheets.client"),
    ("services", "adapters.sheets.replica", "adapters.asana.client"),
    ("clients", "adapters.asana.client", "syncer.core.model"),
    ("clients", "adapters.sheets.client", "syncer.ports"),
    ("clients", "adapters.trello.client", "mappings.trello"),
    ("wiring", "syncer.settings", "adapters.http"),
    ("wiring", "syncer.cli", "adapters.trello.client"),
    ("wiring", "syncer.daemon", "adapters.sandbox.server"),
    ("payloads", "syncer.settings", "mappings.asana"),
    ("sandbox", "adapters.sandbox.world", "syncer.core.model"),
    ("sandbox", "adapters.sandbox.page", "mappings.trello"),
    ("sandbox", "adapters.sandbox.asana.service", "adapters.http"),
]
"""(contract, the module that imports, the module it may not import)"""

HIDING_PLACES = {
    "syncer.core.plan": "def seeded() -> None:\n    import syncer.settings\n",
    "syncer.core.merge": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import syncer.settings\n",
    "syncer.core.guards": "try:\n    from syncer import settings\nexcept ImportError:\n    pass\n",
    "syncer.core.fields": "from .. import settings\n",
}

PURE = {
    "__future__",
    "collections",
    "dataclasses",
    "datetime",
    "decimal",
    "difflib",
    "enum",
    "functools",
    "hashlib",
    "itertools",
    "math",
    "re",
    "statistics",
    "types",
    "typing",
    "unicodedata",
    "zoneinfo",
}
"""What of the standard library gives the same answer for the same question, and tells nobody."""

IMPURE_CALLS = {"open", "print", "input", "exec", "eval", "now", "utcnow", "today"}


def lint(folder: Path) -> tuple[bool, str]:
    """Whether the tree in the folder keeps every contract, and import-linter's report."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
    environment = {"PATH": os.environ["PATH"], "COLUMNS": "400", "PYTHONPATH": str(folder)}
    options = ["--no-cache", "--no-logo"]
    done = subprocess.run(
        command + options, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    return done.returncode == 0, done.stdout + done.stderr


def complaints(report: str) -> dict[str, str]:
    """By contract id, what the report says about each that is broken."""
    _, _, broken = report.partition("Broken contracts")
    sections: dict[str, str] = {}
    owner = ""
    ids = {name: identity for identity, name in NAMES.items()}
    for line in broken.splitlines():
        owner = ids.get(line.strip(), owner)
        sections[owner] = sections.get(owner, "") + line.strip() + "\n"
    return sections


def file_of(folder: Path, module: str) -> Path:
    """Where a module of the tree is."""
    path = folder.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


@pytest.fixture(name="copied", scope="module")
def _copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tree.copy(tmp_path_factory.mktemp("tree"), *tree.PACKAGES, "pyproject.toml")


def seeded(folder: Path, seeds: Iterable[tuple[str, str]]) -> dict[str, str]:
    """By contract, the complaints about the tree while each of these modules has this line at its end."""
    before = {file: file.read_text("utf-8") for file in {file_of(folder, module) for module, _ in seeds}}
    for module, line in seeds:
        with file_of(folder, module).open("a", encoding="utf-8") as file:
            file.write(f"\n{line}")
    kept, report = lint(folder)
    for changed, text in before.items():
        changed.write_text(text, "utf-8")
    assert not kept, report
    return complaints(report)


def links(section: str) -> set[str]:
    """The imports that a contract's section of the report calls illegal in themselves."""
    return set(re.findall(r"^- +(\S+ -> \S+) \(l\.", section, re.MULTILINE))


def test_the_house_keeps_its_contracts(copied: Path) -> None:
    kept, report = lint(copied)
    assert kept, report


@pytest.mark.parametrize("contract", NAMES)
def test_an_illegal_import_is_seen(copied: Path, contract: str) -> None:
    seeds = [(importer, imported) for broken, importer, imported in SEEDS if broken == contract]
    found = seeded(copied, [(importer, f"import {imported}\n") for importer, imported in seeds])
    assert seeds
    assert links(found.get(contract, "")) >= {f"{importer} -> {imported}" for importer, imported in seeds}


def test_an_import_is_seen_wherever_it_hides(copied: Path) -> None:
    found = seeded(copied, HIDING_PLACES.items())
    assert links(found["core"]) >= {f"{module} -> syncer.settings" for module in HIDING_PLACES}


def test_every_mapping_belongs_to_one_service() -> None:
    """A module of mappings that no contract names could be imported by two services unseen."""
    services = [contract for contract in CONTRACTS if contract["id"].startswith("mappings-")]
    named = [module for contract in services for module in contract["source_modules"]]
    found = [f"mappings.{file.stem}" for file in tree.python_files("mappings") if file.stem != "__init__"]
    assert sorted(named) == sorted(found)
    for contract in services:
        assert sorted(contract["source_modules"] + contract["forbidden_modules"]) == sorted(found), contract["name"]


def test_every_service_is_kept_apart() -> None:
    apart = next(contract["modules"] for contract in CONTRACTS if contract["id"] == "services")
    folders = {file.relative_to(tree.ROOT).parts[1] for file in tree.python_files("adapters")}
    services = {folder for folder in folders if (tree.ROOT / "adapters" / folder).is_dir()} - {"sandbox"}
    assert sorted(apart) == sorted(f"adapters.{service}" for service in services)


def impurities(source: str) -> list[str]:
    """What a module of the core may not do: import beyond the pure part of the standard library, or touch the world."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if not _pure(alias.name)]
        elif isinstance(node, ast.ImportFrom) and (node.level or not _pure(node.module or "")):
            found.append("." * node.level + (node.module or ""))
        elif isinstance(node, ast.Call) and _called(node) in IMPURE_CALLS:
            found.append(f"{_called(node)}()")
    return found


def _pure(module: str) -> bool:
    return module.split(".")[0] in PURE or module == "syncer.core" or module.startswith("syncer.core.")


def _called(node: ast.Call) -> str:
    called = node.func
    return called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""


def test_the_core_is_pure() -> None:
    core = [file for file in tree.python_files("syncer") if file.is_relative_to(tree.ROOT / "syncer" / "core")]
    assert core
    assert {file.name: found for file in core if (found := impurities(file.read_text("utf-8")))} == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import pydantic", ["pydantic"]),
        ("from sqlalchemy.orm import Session", ["sqlalchemy.orm"]),
        ("import time\ntime.sleep(1)", ["time"]),
        ("from random import choice", ["random"]),
        ("import logging", ["logging"]),
        ("from pathlib import Path", ["pathlib"]),
        ("import syncer", ["syncer"]),
        ("from syncer import ports", ["syncer"]),
        ("from . import model", ["."]),
        ("from .. import ports", [".."]),
        ("def f():\n    import os", ["os"]),
        ("from datetime import datetime\ndatetime.now()", ["now()"]),
        ("import datetime as d\nd.date.today()", ["today()"]),
        ("open('x')", ["open()"]),
        ("print(1)", ["print()"]),
        ("from syncer.core.model import Item\nimport re", []),
    ],
)
def test_an_impurity_is_seen(source: str, found: list[str]) -> None:
    assert impurities(source) == found


def hidden_imports(source: str) -> list[str]:
    """Imports by a name made at run time, which no contract can see."""
    calls = [_called(node) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [call for call in calls if call in ("import_module", "__import__")]


def test_nothing_is_imported_behind_the_contracts() -> None:
    files = tree.python_files(*tree.PACKAGES)
    assert [str(file) for file in files if hidden_imports(file.read_text("utf-8"))] == []
    assert hidden_imports("import importlib\nimportlib.import_module('adapters.' + name)") == ["import_module"]
    assert hidden_imports("__import__('syncer.settings')") == ["__import__"]
