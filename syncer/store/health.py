"""Whether a file may be trusted as Syncer's state; finding out changes nothing."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from syncer.core.errors import StateFault
from syncer.store.faults import RESTORE, translated
from syncer.store.schema import head, revisions
from syncer.store.snapshot import look

APPLICATION = "syncer"
_MAGIC = b"SQLite format 3\0"
_WRITE_BITS = 0o222
_ANOTHER = "Give another file in the `state` setting."


def revision_of(path: Path) -> str:
    """The schema revision of a sound state file.

    Raises StateFault where the file is none, damaged, another application's, or of a newer revision.
    """
    with translated(str(path)):
        _check_form(path)
        found = look(path, lambda connection: _check_content(connection, path))
    if isinstance(found, StateFault):
        raise found
    return found


def require_absent(path: Path) -> None:
    """Raises StateFault where there is no state file but changes that belonged to one."""
    if path.with_name(f"{path.name}-wal").exists():
        raise StateFault(f"The state {path} is missing, but its latest changes ({path.name}-wal) are there.", RESTORE)


def require_writable(path: Path) -> None:
    """Raises StateFault where the file or its folder cannot be written; a file without write bits is meant so."""
    meant = path.stat().st_mode & _WRITE_BITS
    if not (meant and os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        remedy = "Give the user that runs Syncer leave to write the file and its folder, then run again."
        raise StateFault(f"The state {path} is read-only.", remedy)


def _check_form(path: Path) -> None:
    if not path.is_file():
        raise StateFault(f"The state {path} is not a file.", _ANOTHER)
    with path.open("rb") as file:
        start = file.read(len(_MAGIC))
    if not start:
        raise StateFault(f"The state {path} is empty: it holds 0 bytes.", RESTORE)
    if start != _MAGIC:
        raise StateFault(f"The state {path} is not a SQLite file.", f"{_ANOTHER} If it was Syncer's: {RESTORE}")


def _check_content(connection: sqlite3.Connection, path: Path) -> str | StateFault:
    # Faults are returned, not raised: `look` must see the end to know whether somebody wrote meanwhile.
    answers = [str(row[0]) for row in connection.execute("PRAGMA quick_check")]
    if answers != ["ok"]:
        return StateFault(f"The state {path} is damaged: {answers[0]}.", RESTORE)
    revision = _marked_revision(connection)
    if revision is None:
        return StateFault(f"The file {path} belongs to another application.", _ANOTHER)
    if revision not in revisions():
        words = f"The state {path} was written by a newer version (revision {revision}, known here: up to {head()})."
        return StateFault(words, "Run that newer version, or restore a backup made by this one.")
    return revision


def _marked_revision(connection: sqlite3.Connection) -> str | None:
    tables = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('state_info', 'alembic_version')"
    if connection.execute(tables).fetchone() != (2,):
        return None
    marked = connection.execute("SELECT revision FROM state_info WHERE application = ?", (APPLICATION,)).fetchone()
    return None if marked is None else str(marked[0])
