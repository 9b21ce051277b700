"""What a failing database means for people: one table from SQLite's error names to Syncer's errors."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from syncer.core.errors import LockHeld, StateFault, SyncerError

RESTORE = "Put a backup in its place with `syncer state restore FILE`, or run `syncer state rebuild`."
_WRITABLE = "Give the user that runs Syncer leave to write the file and its folder, then run again."
_REPORT = "What failed was undone. Please report this: it is a fault of Syncer."
_ROOM = "Free space on the disk, then run again."

_MEANINGS: tuple[tuple[str, str, str], ...] = (
    ("SQLITE_FULL", "there is no room left to write", _ROOM),
    ("SQLITE_READONLY", "it cannot be written", _WRITABLE),
    ("SQLITE_PERM", "it may not be used by this user", _WRITABLE),
    ("SQLITE_AUTH", "it may not be used by this user", _WRITABLE),
    ("SQLITE_CANTOPEN", "it cannot be opened", _WRITABLE),
    ("SQLITE_CORRUPT", "it is damaged", RESTORE),
    ("SQLITE_NOTADB", "it is not a SQLite file", RESTORE),
    ("SQLITE_IOERR", "the disk failed or is full", "Check the disk and the space left on it, then run again."),
    ("SQLITE_CONSTRAINT", "it refused a change that contradicts it", _REPORT),
)


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Turns errors of the database or disk at `where` into StateFault, or LockHeld where another process holds it."""
    try:
        yield
    except OSError as error:
        remedy = _ROOM if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) else _WRITABLE
        raise StateFault(f"The state {where} cannot be used: {error.strerror}.", remedy) from error
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise explain(error, where) from error


def explain(error: Exception, where: str) -> SyncerError:
    """The error for people that `error`, met at the state `where`, stands for."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    name = str(getattr(cause, "sqlite_errorname", ""))
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return LockHeld(f"The state {where} is being written by another process.", "Wait for it, then run again.")
    for prefix, words, remedy in _MEANINGS:
        if name.startswith(prefix):
            return StateFault(f"The state {where} cannot be used: {words} ({cause}).", remedy)
    return StateFault(f"The state {where} failed: {cause}.", _REPORT)
