"""How long one plan takes, and what it needs of memory, by the number of tasks in three replicas."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from syncer.core.actions import digest
from syncer.core.plan import Material, plan, suspects
from tests.bench import tasks
from tests.bench.measuring import peak, show, timed

pytestmark = pytest.mark.bench
SIZES = (1_000, 10_000)
CASES: Mapping[str, tuple[Callable[[int], Material], Callable[[int], int]]] = {
    "first pass, one full place": (tasks.first, lambda count: 2 * count),
    "nothing changed": (tasks.idle, lambda count: 0),
    "5 % edited in one place": (tasks.edited, lambda count: 2 * len(range(0, count, 20))),
}


def test_planning() -> None:
    rows: list[tuple[object, ...]] = []
    for name, (material, expected) in CASES.items():
        for count in SIZES:
            given = material(count)
            seconds, made = timed(lambda given=given: plan(given, tasks.POLICY))
            assert (len(made.actions), made.refusals) == (expected(count), ())
            looking, _ = timed(lambda given=given: suspects(given, tasks.POLICY))
            naming, _ = timed(lambda made=made: digest(made))
            memory = peak(lambda given=given: plan(given, tasks.POLICY))
            each = seconds / count * 1e6
            rows.append((name, count, len(made.actions), seconds, each, looking, naming, memory))
    header = ("plan", "tasks", "actions", "s", "µs a task", "suspects s", "digest s", "peak MiB")
    show(__file__, "Planner: three replicas, ten fields a task", header, rows)
