"""How the benchmarks measure and show: wall time and memory of one call, a table with the command that makes it."""

from __future__ import annotations

import gc
import time
import tracemalloc
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
MIB = 2**20


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """The seconds the work took, and what came of it."""
    gc.collect()
    begun = time.perf_counter()
    result = work()
    return time.perf_counter() - begun, result


def peak(work: Callable[[], object]) -> float:
    """The MiB that the work had allocated at most beyond what was there before. Measured apart: it slows the work."""
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        work()
        return (tracemalloc.get_traced_memory()[1] - before) / MIB
    finally:
        tracemalloc.stop()


def show(file: str, title: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table. `file` is the benchmark's `__file__`."""
    lines = [list(header), *([_cell(value) for value in row] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    print(f"\n\n{title}\n$ .venv/bin/python -m pytest -m bench -s tests/bench/{Path(file).name}\n")
    for number, line in enumerate(lines):
        first, *others = zip(line, widths, strict=True)
        print("  ".join([first[0].ljust(first[1]), *(text.rjust(width) for text, width in others)]).rstrip())
        if number == 0:
            print("  ".join("-" * width for width in widths))


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.1f}" if value >= 100 else f"{value:.3g}"
    return f"{value:,}" if isinstance(value, int) else str(value)
