"""Opening a state: it is checked whole before anything is touched, made if it is missing, and brought up to date."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Connection, Engine, insert, update

from syncer.ports import Clock
from syncer.store.codec import stamp
from syncer.store.engines import file_engine, memory_engine
from syncer.store.faults import translated
from syncer.store.health import APPLICATION, require_absent, require_writable, revision_of
from syncer.store.location import MEMORY, state_file
from syncer.store.schema import head, upgrade
from syncer.store.snapshot import copy_to, in_memory, keep_entry
from syncer.store.sql import SqlStore
from syncer.store.tables import state_info

_NEVER = "1970-01-01T00:00:00.000000+00:00"


def new_state_id() -> str:
    """A random name for a new state."""
    return uuid4().hex


def open_store(url: str, clock: Clock, base: Path = Path(), new_id: Callable[[], str] = new_state_id) -> SqlStore:
    """The state at `url` for reading and writing, made with mode 0600 where it is missing.

    A relative path starts at `base`. A file of an older revision is copied to `<file>.before-<revision>`, then
    migrated; hold a WriterLock meanwhile. Raises ConfigurationFault for a URL that is not supported, LockHeld where
    another process keeps the file busy, and StateFault, nothing touched, where it cannot be trusted or written.
    """
    path = state_file(url, base)
    now = stamp(clock.now())
    if path is None:
        return SqlStore(_new(memory_engine(), new_id(), now))
    with translated(str(path)):
        if not os.path.lexists(path):
            require_absent(path)
            _make(path, new_id(), now)
        return _open_existing(path, now)


def open_store_readonly(url: str, base: Path = Path()) -> SqlStore:
    """The state at `url` as it is now, copied into memory: nothing is written, made or migrated on the disk.

    A missing file is an empty state. Every writing method of the store raises StateFault. Raises like `open_store`.
    """
    path = state_file(url, base)
    if path is None or not os.path.lexists(path):
        if path is not None:
            require_absent(path)
        return _frozen(_new(memory_engine(), MEMORY, _NEVER), MEMORY)
    revision = revision_of(path)
    with translated(str(path)):
        engine = memory_engine(in_memory(path))
        if revision != head():
            _write(engine, upgrade)
    return _frozen(engine, f"{path} (opened for reading only)")


def _open_existing(path: Path, now: str) -> SqlStore:
    revision = revision_of(path)
    require_writable(path)
    if revision != head():
        copy_to(path, path.with_name(f"{path.name}.before-{head()}"))
    engine = file_engine(path)
    try:
        _write(engine, lambda connection: _note_opening(connection, revision, now))
    except BaseException:
        engine.dispose()
        raise
    return SqlStore(engine)


def _note_opening(connection: Connection, revision: str, now: str) -> None:
    # This write also proves, before any service is asked for anything, that intents can be journalled.
    if revision != head():
        upgrade(connection)
    connection.execute(update(state_info), {"opened_at": now})


def _make(path: Path, state_id: str, now: str) -> None:
    """A new file appears under its name only when it is whole, so that a crash leaves none that is empty."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.new-")
    os.close(handle)
    whole = Path(name)
    try:
        _new(file_engine(whole), state_id, now).dispose()
        _give_name(whole, path)
    finally:
        for ending in ("", "-wal", "-shm"):
            whole.with_name(f"{whole.name}{ending}").unlink(missing_ok=True)


def _give_name(whole: Path, path: Path) -> None:
    try:
        path.hardlink_to(whole)
    except FileExistsError:
        # Somebody else has made the state at the same moment: theirs is as good and may be in use.
        return
    keep_entry(path)


def _new(engine: Engine, state_id: str, now: str) -> Engine:
    try:
        _write(engine, lambda connection: _build(connection, state_id, now))
    except BaseException:
        engine.dispose()
        raise
    return engine


def _build(connection: Connection, state_id: str, now: str) -> None:
    upgrade(connection)
    birth = {"id": 1, "application": APPLICATION, "revision": head(), "state_id": state_id}
    connection.execute(insert(state_info), birth | {"created_at": now, "opened_at": now})


def _write(engine: Engine, change: Callable[[Connection], None]) -> None:
    with engine.execution_options(writing=True).begin() as connection:
        change(connection)


def _frozen(engine: Engine, where: str) -> SqlStore:
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only=ON")
    return SqlStore(engine, where)
