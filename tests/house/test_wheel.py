"""The wheel is whole: installed where no source folder can be reached, it has everything and works from anywhere."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.house import tree

BUILT_FROM = (*tree.PACKAGES, "config", "pyproject.toml", "README.md", "LICENSE", ".gitignore")
TIMEOUT = 120


def run(command: Sequence[str | Path], folder: Path) -> str:
    """What a command prints that has nothing of this process's environment; it must end well."""
    environment = {"PATH": os.defpath, "HOME": str(folder), "LC_ALL": "C.UTF-8", "COLUMNS": "200"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=TIMEOUT)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(name="wheel", scope="module")
def _wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy that is gone afterwards."""
    folder = tmp_path_factory.mktemp("wheel")
    source = tree.copy(folder / "source", *BUILT_FROM)
    run([sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", folder, source], folder)
    shutil.rmtree(source)
    return next(folder.glob("*.whl"))


@pytest.fixture(name="content", scope="module")
def _content(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(name="installed", scope="module")
def _installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The commands of a fresh environment that has the wheel, and the dependencies that this one has."""
    folder = tmp_path_factory.mktemp("installed") / "venv"
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    pip: list[str | Path] = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "--python", python]
    run([*pip, "install", "--no-deps", "--no-index", wheel], folder.parent)
    # Folders that a .pth file names are searched, but their own .pth files are not read: the one of the editable
    # install, which leads to the source folders, has no effect here.
    places = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    site = run([python, "-Ic", "import sysconfig; print(sysconfig.get_path('purelib'), end='')"], folder.parent)
    (Path(site) / "dependencies.pth").write_text("\n".join(sorted(places)), "utf-8")
    return folder / "bin"


@pytest.fixture(name="nowhere")
def _nowhere(tmp_path: Path) -> Path:
    """A folder with nothing in it to run from."""
    empty = tmp_path / "nowhere"
    empty.mkdir()
    return empty


def expected() -> set[str]:
    """What the wheel is to hold besides its metadata: the packages as they are, and the examples and seeds."""
    names = [name for name in tree.files() if name.split("/")[0] in (*tree.PACKAGES, "config")]
    return {f"syncer/{name}" if name.startswith("config/") else name for name in names}


def test_it_holds_the_packages_and_the_seeds_and_nothing_else(content: set[str]) -> None:
    assert {name for name in content if ".dist-info/" not in name} == expected()


@pytest.mark.parametrize(
    "name",
    [
        "syncer/config/seeds/empty.json",
        "syncer/config/syncer.example.toml",
        "syncer/store/migrations/script.py.mako",
        "syncer/store/migrations/env.py",
        "syncer/store/migrations/versions/0001_first.py",
    ],
)
def test_it_holds_what_is_no_module(content: set[str], name: str) -> None:
    assert name in content


def test_it_carries_its_licence_and_no_tests(content: set[str]) -> None:
    assert [name for name in content if name.endswith(".dist-info/licenses/LICENSE")]
    assert not [name for name in content if "tests" in name.split("/") or "__pycache__" in name]


def test_the_command_starts(installed: Path, nowhere: Path) -> None:
    assert "Usage: syncer" in run([installed / "syncer", "--help"], nowhere)


def test_every_module_can_be_imported(installed: Path, nowhere: Path, content: set[str]) -> None:
    """But for the migrations, which opening a state runs, and what `python -m` starts."""
    modules = [Path(name) for name in content if name.endswith(".py") and "migrations/" not in name]
    files = [file for file in modules if file.stem != "__main__"]
    parts = [file.parent.parts if file.stem == "__init__" else file.with_suffix("").parts for file in files]
    names = sorted(".".join(part) for part in parts)
    script = f"""
import importlib, json, sys
for name in {names!r}: importlib.import_module(name)
print(json.dumps([m.__file__ for n, m in sys.modules.items() if n.split(".")[0] in {tree.PACKAGES!r}]))
"""
    loaded = json.loads(run([installed / "python", "-I", "-W", "error", "-c", script], nowhere))
    assert len(loaded) >= len(names) > 100
    assert [file for file in loaded if not Path(file).is_relative_to(installed.parent)] == []


def test_a_new_state_can_be_made(installed: Path, nowhere: Path) -> None:
    script = """
from pathlib import Path
from syncer.clock import SystemClock
from syncer.store.opening import open_store
open_store("sqlite:///new.db", SystemClock(), Path.cwd())
"""
    run([installed / "python", "-I", "-W", "error", "-c", script], nowhere)
    assert (nowhere / "new.db").stat().st_size > 0


def test_the_seeds_are_found(installed: Path, nowhere: Path) -> None:
    script = (
        "import json; from adapters.sandbox import seeds; print(json.dumps([seeds.document(n) for n in seeds.names()]))"
    )
    found = json.loads(run([installed / "python", "-I", "-c", script], nowhere))
    assert len(found) == len(list((tree.ROOT / "config" / "seeds").glob("*.json"))) > 0


def test_nothing_leads_back_to_the_source(installed: Path, nowhere: Path) -> None:
    path = json.loads(run([installed / "python", "-Ic", "import json, sys; print(json.dumps(sys.path))"], nowhere))
    assert str(tree.ROOT) not in path
    assert sysconfig.get_path("purelib") in path
