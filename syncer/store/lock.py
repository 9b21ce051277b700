"""One writer a state: the lock is the kernel's, so it ends with the process that holds it, however that dies."""

from __future__ import annotations

import json
import os
from pathlib import Path
from types import TracebackType

from filelock import FileLock, Timeout

from syncer.core.errors import LockHeld
from syncer.core.fields import encode
from syncer.ports import Clock
from syncer.store.faults import translated
from syncer.store.location import state_file


class WriterLock:
    """`with WriterLock(url, clock):` keeps other processes, and other locks of this one, from writing the state.

    Entering raises LockHeld at once where another holds it, saying which process and since when; StateFault where the
    lock file `<file>.lock` cannot be made. A state in memory needs no lock.
    """

    def __init__(self, url: str, clock: Clock, base: Path = Path()) -> None:
        self._clock = clock
        self._state = state_file(url, base)
        self._lock = self._file_lock(self._state) if self._state else None

    def __enter__(self) -> WriterLock:
        if self._state and self._lock:
            with translated(str(self._state)):
                self._acquire(self._state, self._lock)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._lock:
            self._lock.release()

    def _file_lock(self, state: Path) -> FileLock:
        # A soft lock, the library's substitute on systems without flock, would outlive a killed process.
        return FileLock(
            _lock_file(state),
            timeout=0,
            mode=0o600,
            thread_local=False,
            fallback_to_soft=False,
            on_acquired=self._sign,
        )

    def _acquire(self, state: Path, lock: FileLock) -> None:
        state.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            lock.acquire()
        except Timeout as error:
            words = f"Another run writes the state {state} ({_holder(_lock_file(state))})."
            raise LockHeld(words, "Wait until it has ended, or stop it, then run again.") from error

    def _sign(self, handle: int) -> None:
        holder = {"pid": os.getpid(), "since": encode(self._clock.now())}
        os.ftruncate(handle, 0)
        os.pwrite(handle, json.dumps(holder).encode(), 0)


def _lock_file(state: Path) -> Path:
    return state.with_name(f"{state.name}.lock")


def _holder(file: Path) -> str:
    try:
        holder = json.loads(file.read_text("utf-8"))
        return f"process {int(holder['pid'])}, since {holder['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "process unknown"
