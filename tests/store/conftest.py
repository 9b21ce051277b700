"""What every test of the store starts from: a clock that stands still and a state in an empty folder."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from syncer.store.opening import open_store
from syncer.store.sql import SqlStore


class StillClock:
    """A clock that moves only when it is slept on."""

    def now(self) -> datetime:
        return datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

    def monotonic(self) -> float:
        return 0.0

    def sleep(self, seconds: float) -> None:
        del seconds


@pytest.fixture(scope="session")
def clock() -> StillClock:
    return StillClock()


@pytest.fixture(scope="session")
def store(clock: StillClock) -> Iterator[SqlStore]:
    """One state in memory for all tests of a session: each keeps to campaigns and runs of its own."""
    opened = open_store("sqlite://", clock)
    yield opened
    opened.dispose()


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Where a state may be made."""
    return tmp_path / "var" / "syncer.db"


@pytest.fixture
def made(state: Path, clock: StillClock) -> Path:
    """A state file that holds nothing yet."""
    open_store(f"sqlite:///{state}", clock).dispose()
    return state
