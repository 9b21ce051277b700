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


def measured(name: str, count: int) -> tuple[object, ...]:
    material, expected = CASES[name]
    given = material(count)
    seconds, made = timed(lambda: plan(given, tasks.POLICY))
    assert (len(made.actions), made.refusals) == (expected(count), ())
    looking, _ = timed(lambda: suspects(given, tasks.POLICY))
    naming, _ = timed(lambda: digest(made))
    memory = peak(lambda: plan(given, tasks.POLICY))
    return name, count, len(made.actions), seconds, seconds / count * 1e6, looking, naming, memory


def test_planning() -> None:
    rows = [measured(name, count) for name in CASES for count in SIZES]
    header = ("plan", "tasks", "actions", "s", "µs a task", "suspects s", "digest s", "peak MiB")
    show(__file__, "Planner: three replicas, ten fields a task", header, rows)
