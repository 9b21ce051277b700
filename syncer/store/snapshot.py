"""Looking into a state file, and copying it, without changing a byte of it."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

T = TypeVar("T")


def look(path: Path, see: Callable[[sqlite3.Connection], T]) -> T:
    """What `see` finds in the file, the changes still in its `-wal` included; `see` may be called twice.

    Without such changes the file is read with neither locks nor files beside it; if somebody writes meanwhile, it is
    read again under SQLite's locks, which may renew its `-shm` file, an index that is no part of the state.
    Raises sqlite3.Error.
    """
    before = _trace(path)
    if not _pending(path):
        try:
            seen = _see(path, "mode=ro&immutable=1", see)
        except sqlite3.Error:
            if _trace(path) == before and not _pending(path):
                raise
        else:
            if _trace(path) == before and not _pending(path):
                return seen
    return _see(path, "mode=ro", see)


def in_memory(path: Path) -> sqlite3.Connection:
    """A copy of the file in memory, for use by any thread. Raises sqlite3.Error."""
    return look(path, _to_memory)


def copy_to(path: Path, target: Path) -> None:
    """Copy the file to `target` (mode 0600), whole or not at all, replacing what was there. Raises sqlite3.Error."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f"{target.name}.")
    os.close(handle)
    partial = Path(name)
    try:
        look(path, lambda source: _into(source, partial))
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    keep_entry(target)


def keep_entry(path: Path) -> None:
    """Make a new name in a folder survive a power cut, where the system can."""
    if os.name != "posix":
        return
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _see(path: Path, options: str, see: Callable[[sqlite3.Connection], T]) -> T:
    address = f"file:{quote(str(path))}?{options}"
    with closing(sqlite3.connect(address, uri=True, timeout=5, isolation_level=None)) as connection:
        return see(connection)


def _to_memory(source: sqlite3.Connection) -> sqlite3.Connection:
    copy = sqlite3.connect(":memory:", check_same_thread=False)
    try:
        source.backup(copy)
    except sqlite3.Error:
        copy.close()
        raise
    return copy


def _into(source: sqlite3.Connection, target: Path) -> None:
    with closing(sqlite3.connect(target)) as copy:
        copy.execute("PRAGMA synchronous=FULL")
        source.backup(copy)


def _trace(path: Path) -> tuple[int, int, int]:
    about = path.stat()
    return about.st_ino, about.st_size, about.st_mtime_ns


def _pending(path: Path) -> bool:
    beside = (path.with_name(f"{path.name}{ending}") for ending in ("-wal", "-journal"))
    return any(other.exists() and other.stat().st_size > 0 for other in beside)
