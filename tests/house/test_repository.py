"""The repository is tidy: nothing strange at the top, everything installed pinned by hash, no trace of a machine."""

from __future__ import annotations

import os
import re
import tomllib
from urllib.parse import urlsplit

import pytest
from packaging.requirements import Requirement

from tests.house import tree

TOP = {
    *tree.PACKAGES,
    *("tests", "config", "pyproject.toml", "Makefile", "Dockerfile", "compose.yaml"),
    *("README.md", "LICENSE", "CHANGELOG.md", "SECURITY.md"),
    *("requirements.lock", "requirements-build.lock", "requirements-dev.lock"),
}
LOCKS = {"requirements.lock": "", "requirements-build.lock": "build", "requirements-dev.lock": "dev"}
"""Each lock file and the extra of pyproject.toml that it adds to the dependencies."""

# Written in pieces, so that this file does not break its own rule.
HOMES = "|".join(("work", "root", "home", "Users", "tmp", "mnt"))
MACHINE_PATH = re.compile(rf"(?<![\w.~-])(?:/(?:{HOMES})/|[A-Z]:\\Users\\)\S*")
REGISTRIES = ("py" + "pi.org", "python" + "hosted.org")
INDEX_VARIABLES = re.compile(r"^(PIP|UV)_\w*(INDEX|FIND_LINKS)\w*$")


def strange(names: list[str]) -> list[str]:
    """Entries of the top level that nobody expects there; those that begin with a dot are tools' own."""
    tops = {name.split("/")[0] for name in names}
    return sorted(top for top in tops - TOP if not top.startswith("."))


def entries(lock: str) -> list[str]:
    """The requirements of a lock file, each with its continued lines on one."""
    lines = [line for line in lock.splitlines() if not line.lstrip().startswith("#")]
    return [line for line in re.sub(r"\\\n", " ", "\n".join(lines)).splitlines() if line.strip()]


def loose(lock: str) -> list[str]:
    """Entries that are not one exact version with a hash."""
    pinned = re.compile(r"^[\w.-]+(\[[\w,.-]+\])?==\S+( ;[^\\]+?)?(\s+--hash=sha256:[0-9a-f]{64})+\s*$")
    return [entry.split("--hash")[0].strip() for entry in entries(lock) if not pinned.match(entry)]


def versions(lock: str) -> set[tuple[str, str]]:
    """(name, version) of every requirement; one may have several, each for other machines."""
    return {(found[1], found[2]) for found in re.finditer(r"^([\w.-]+)(?:\[\S+\])?==([^\s;]+)", lock, re.MULTILINE)}


def hosts() -> set[str]:
    """The package registries: the public ones, and whatever this machine is told to use instead."""
    told = [address for name, value in os.environ.items() if INDEX_VARIABLES.match(name) for address in value.split()]
    return {*REGISTRIES, *(host for address in told if (host := urlsplit(address).hostname))}


def traces(text: str, registries: set[str]) -> list[str]:
    """Paths of somebody's machine and names of package registries."""
    return MACHINE_PATH.findall(text) + [host for host in sorted(registries) if host in text]


def read(name: str) -> str:
    """A file of the project."""
    return (tree.ROOT / name).read_text("utf-8")


def test_the_top_level_holds_what_is_expected() -> None:
    assert strange(tree.files()) == []
    assert strange(["notes.txt", "scripts/run.py", ".gitignore", "syncer/ports.py"]) == ["notes.txt", "scripts"]


def test_the_licence_and_the_changelog_are_there() -> None:
    assert {"LICENSE", "CHANGELOG.md", "README.md"} <= set(tree.files())


def test_config_holds_no_program() -> None:
    assert tree.python_files("config") == []


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_pins_everything_by_hash(name: str) -> None:
    assert len(entries(read(name))) > 20
    assert loose(read(name)) == []


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_address(name: str) -> None:
    text = read(name)
    assert "://" not in text
    assert not re.search(r"^\s*-(-index|-extra|-find|-trusted|e\b|i\b|f\b)", text, re.MULTILINE)


@pytest.mark.parametrize(("name", "extra"), LOCKS.items())
def test_a_lock_satisfies_the_project(name: str, extra: str) -> None:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    wanted = project["dependencies"] + (project["optional-dependencies"][extra] if extra else [])
    locked = dict(versions(read(name)))
    asked = [Requirement(text) for text in wanted]
    assert [str(one) for one in asked if not one.specifier.contains(locked.get(one.name, "0"))] == []


@pytest.mark.parametrize("name", ["requirements-build.lock", "requirements-dev.lock"])
def test_what_is_tested_is_what_runs(name: str) -> None:
    assert versions(read("requirements.lock")) <= versions(read(name))


def test_a_loose_lock_is_seen() -> None:
    digest = "0" * 64
    hashed = f" \\\n    --hash=sha256:{digest}"
    good = f"a[b]==1.0 ; sys_platform == 'win32'{hashed}{hashed}\n    # via c\n"
    assert loose(good) == []
    assert versions(good) == {("a", "1.0")}
    assert loose(good + "d==2.0\n") == ["d==2.0"]
    assert loose(f"d>=2.0{hashed}\n") == ["d>=2.0"]


def test_no_file_knows_a_machine() -> None:
    texts = {name: (tree.ROOT / name).read_bytes().decode("utf-8", "replace") for name in tree.files()}
    assert {name: found for name, text in texts.items() if (found := traces(text, hosts()))} == {}


def test_a_trace_is_seen() -> None:
    for path in ("/wo" + "rk/main/x", "/ho" + "me/li/y", "C:" + r"\Users\li"):
        assert traces(f"see {path} there", set()) == [path]
    assert traces("from mirror.example.com", {"mirror.example.com"}) == ["mirror.example.com"]
    assert traces("../shared/apis and https://example.com/home/ and ~/tmp/", set()) == []
