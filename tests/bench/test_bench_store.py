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


def test_state(tmp_path: Path) -> None:
    rows = []
    for count in SIZES:
        file = tmp_path / f"{count}.db"
        store = open_store(f"sqlite:///{file}", PaperClock())
        campaign = [tasks.known(number) for number in range(count)]
        recording, _ = timed(lambda store=store, campaign=campaign: store.settle("launch", campaign, ()))
        again, _ = timed(lambda store=store, campaign=campaign: store.settle("launch", campaign, ()))
        reading, found = timed(lambda store=store: store.known("launch"))
        assert list(found) == campaign
        memory = peak(lambda store=store: store.known("launch"))
        one, _ = timed(lambda store=store, campaign=campaign: store.settle("launch", campaign[:1], ()))
        store.dispose()
        rows.append((count, recording, again, one, reading, memory, file.stat().st_size / MIB))
    header = ("tasks", "settle new s", "settle again s", "settle one s", "known s", "known MiB", "file MiB")
    show(__file__, "State: three links a task", header, rows)
