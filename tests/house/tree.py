"""What belongs to the project: the files that are in git or would be, and copies of them to build and to break."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("adapters", "mappings", "syncer")
_MADE = {"__pycache__", "build", "dist", "secrets", "var", ".env"}


def files() -> list[str]:
    """Every file of the project by its path from the root: git's and those it would take; sorted."""
    names = _from_git() if (ROOT / ".git").exists() and shutil.which("git") else _from_disk()
    return sorted(name for name in names if (ROOT / name).is_file())


def python_files(*folders: str) -> list[Path]:
    """The Python files below the folders."""
    return [ROOT / name for name in files() if name.endswith(".py") and name.split("/")[0] in folders]


def copy(target: Path, *tops: str) -> Path:
    """A copy of the project, or of these entries of its top level, in a folder of its own."""
    for name in files():
        if not tops or name.split("/")[0] in tops:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target / name)
    return target


def _from_git() -> list[str]:
    # A checkout that belongs to somebody else, as in a container, is no reason for git to refuse to list it.
    command = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "-co", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
    return [name for name in done.stdout.split("\0") if name]


def _from_disk() -> Iterator[str]:
    for file in ROOT.rglob("*"):
        parts = file.relative_to(ROOT).parts
        if not _MADE & set(parts) and not any(part.startswith(".") for part in {*parts[:-1]} - {".ci"}):
            yield "/".join(parts)
