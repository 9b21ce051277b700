"""How long the state takes to read and to record a whole campaign, in a file on this machine's disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from syncer.store.opening import open_store
from tests.bench import tasks
from tests.bench.measuring import MIB, peak, show, timed
from tests.paper import PaperClock

pytestmark = pytest.mark.bench
SIZES = (1_000, 10_000)


def measured(file: Path, count: int) -> tuple[object, ...]:
    store = open_store(f"sqlite:///{file}", PaperClock())
    campaign = [tasks.known(number) for number in range(count)]
    recording, _ = timed(lambda: store.settle("launch", campaign, ()))
    again, _ = timed(lambda: store.settle("launch", campaign, ()))
    one, _ = timed(lambda: store.settle("launch", campaign[:1], ()))
    reading, found = timed(lambda: store.known("launch"))
    assert list(found) == campaign
    memory = peak(lambda: store.known("launch"))
    store.dispose()
    return count, recording, again, one, reading, memory, file.stat().st_size / MIB


def test_state(tmp_path: Path) -> None:
    rows = [measured(tmp_path / f"{count}.db", count) for count in SIZES]
    header = ("tasks", "settle new s", "settle again s", "settle one s", "known s", "known MiB", "file MiB")
    show(__file__, "State: three links a task", header, rows)
