"""How long the executor takes for its own part: replicas on paper that answer at once, and a state in memory."""

from __future__ import annotations

import itertools

import pytest
import structlog

from syncer.core.plan import plan
from syncer.execute import Executor
from syncer.store.opening import open_store
from tests.bench import tasks
from tests.bench.measuring import show, timed
from tests.paper import PaperClock, PaperReplica

pytestmark = pytest.mark.bench
SIZES = (500, 1_000, 5_000)


def carried_out(count: int) -> tuple[float, int]:
    """The seconds that carrying out a first plan takes, and its actions."""
    clock, ids = PaperClock(), itertools.count(1)
    store = open_store("sqlite:///:memory:", clock)
    replicas = {name: PaperReplica(name, clock, batch=500 if name == "sheets" else 1) for name in tasks.REPLICAS}
    log = structlog.wrap_logger(structlog.ReturnLogger())
    made = plan(tasks.first(count), tasks.POLICY)
    store.settle("launch", made.settled, ())
    executor = Executor(tasks.POLICY, replicas, store, clock, lambda: f"i{next(ids)}", lambda: False, "r1", log)
    links = {(name, task.item): link for task in made.settled for name, link in task.links.items()}
    seconds, tally = timed(lambda: executor.carry_out(made.actions, links, {}))
    store.dispose()
    assert len(tally.done) == len(made.actions) == 2 * count
    return seconds, len(made.actions)


def test_carrying_out() -> None:
    rows = []
    for count in SIZES:
        seconds, actions = carried_out(count)
        rows.append((count, actions, seconds, seconds / actions * 1e6))
    show(
        __file__,
        "Executor: a first plan, services that answer at once",
        ("tasks", "actions", "s", "µs an action"),
        rows,
    )
