"""What is journalled survives a kill, and only one process writes at a time."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from syncer.core.errors import LockHeld, StateFault
from syncer.ports import Clock, IntentState
from syncer.store.lock import WriterLock
from syncer.store.opening import open_store, open_store_readonly

ROOT = Path(__file__).parents[2]

CHILD = """
import sys, time
from datetime import UTC, datetime
from syncer.core.model import Field, Link
from syncer.ports import EffectKind, Intent
from syncer.store.lock import WriterLock
from syncer.store.opening import open_store

class Clock:
    def now(self): return datetime(2026, 3, 1, 8, tzinfo=UTC)

def intent(name):
    fields = {Field.TITLE: "Poster"}
    return Intent(name, "r", "c", "asana", name, "Poster", EffectKind.CREATE, None, fields, {}, "new", Clock().now())

with WriterLock(sys.argv[1], Clock()):
    store = open_store(sys.argv[1], Clock())
    store.intend([intent("done"), intent("doubtful")])
    store.confirm("done", "asana", Link("gid"))
    print("ready", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def child(state: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock and has journalled two intents."""
    command = [sys.executable, "-c", CHILD, f"sqlite:///{state}"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        process.kill()


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()


def test_a_killed_process_leaves_its_intents(child: subprocess.Popen[str], state: Path, clock: Clock) -> None:
    kill(child)
    with WriterLock(f"sqlite:///{state}", clock):
        store = open_store(f"sqlite:///{state}", clock)
        assert [(intent.id, intent.state) for intent in store.open_intents("c")] == [("doubtful", IntentState.IN_DOUBT)]
        assert [known.item for known in store.known("c")] == ["done"]
        store.dispose()


def test_a_killed_process_can_be_looked_at_without_a_change(child: subprocess.Popen[str], state: Path) -> None:
    kill(child)
    wal = state.with_name("syncer.db-wal")
    before = (state.read_bytes(), wal.read_bytes())
    store = open_store_readonly(f"sqlite:///{state}")
    assert [intent.id for intent in store.open_intents("c")] == ["doubtful"]
    store.dispose()
    assert (state.read_bytes(), wal.read_bytes()) == before


def test_a_state_at_work_can_be_looked_at(child: subprocess.Popen[str], state: Path) -> None:
    store = open_store_readonly(f"sqlite:///{state}")
    assert len(store.history("c")) == 2
    store.dispose()


def test_the_lock_says_who_holds_it(child: subprocess.Popen[str], state: Path, clock: Clock) -> None:
    with pytest.raises(LockHeld, match=f"process {child.pid}, since 2026-03-01T08:00:00Z"):
        WriterLock(f"sqlite:///{state}", clock).__enter__()


def test_the_lock_ends_with_its_process(child: subprocess.Popen[str], state: Path, clock: Clock) -> None:
    kill(child)
    with WriterLock(f"sqlite:///{state}", clock):
        holder = json.loads(state.with_name("syncer.db.lock").read_text())
    assert holder == {"pid": os.getpid(), "since": "2026-03-02T09:30:00Z"}


def test_two_locks_of_one_process_exclude_each_other(state: Path, clock: Clock) -> None:
    url = f"sqlite:///{state}"
    with WriterLock(url, clock), pytest.raises(LockHeld, match="Wait until it has ended"):
        WriterLock(url, clock).__enter__()
    with WriterLock(url, clock):
        assert stat.S_IMODE(state.with_name("syncer.db.lock").stat().st_mode) == 0o600
        assert stat.S_IMODE(state.parent.stat().st_mode) == 0o700


def test_one_state_has_one_lock_by_whatever_path(state: Path, clock: Clock) -> None:
    alias = state.parent.parent / "alias"
    state.parent.mkdir()
    alias.symlink_to(state.parent)
    with WriterLock(f"sqlite:///{state}", clock), pytest.raises(LockHeld):
        WriterLock("sqlite:///alias/syncer.db", clock, base=alias.parent).__enter__()


def test_an_unsigned_lock_is_still_a_lock(state: Path, clock: Clock) -> None:
    with WriterLock(f"sqlite:///{state}", clock):
        state.with_name("syncer.db.lock").write_text("?")
        with pytest.raises(LockHeld, match="process unknown"):
            WriterLock(f"sqlite:///{state}", clock).__enter__()


def test_a_state_in_memory_needs_no_lock(clock: Clock) -> None:
    with WriterLock("sqlite://", clock), WriterLock("sqlite://", clock):
        pass


def test_a_lock_that_cannot_be_made_is_a_state_fault(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StateFault, match="cannot be used"):
        WriterLock(f"sqlite:///{tmp_path}/file/syncer.db", clock).__enter__()


def test_a_busy_state_is_another_writer(made: Path, clock: Clock) -> None:
    store = open_store(f"sqlite:///{made}", clock)
    other = sqlite3.connect(made, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with store._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=0")
    with pytest.raises(LockHeld, match="being written by another process"):
        store.settle("c", (), ())
    other.close()
    store.settle("c", (), ())
    store.dispose()
