"""Replicas are read side by side; one that takes long is not waited for, and its reading is used when it has come."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait

from syncer.core.errors import PlaceError, Unavailable
from syncer.core.model import Reading
from syncer.ports import Replica


class Readers:
    """Reads a campaign's replicas, each in a thread of its own."""

    def __init__(self, replicas: Mapping[str, Replica]) -> None:
        self._replicas = replicas
        self._under_way: dict[str, Future[Reading]] = {}

    def read(self, names: Collection[str], patience: float | None) -> tuple[dict[str, Reading], dict[str, PlaceError]]:
        """The readings of the named replicas, and why others have none. `patience`: seconds to wait; None: for all.

        A reading that comes later is kept for the next call; nothing is written to its replica meanwhile.
        """
        begun = [name for name in names if name not in self._under_way]
        pool = ThreadPoolExecutor(max_workers=max(1, len(begun)), thread_name_prefix="reading")
        self._under_way |= {name: pool.submit(self._replicas[name].read) for name in begun}
        pool.shutdown(wait=False)
        wait([self._under_way[name] for name in names], patience)
        readings: dict[str, Reading] = {}
        failures: dict[str, PlaceError] = {}
        for name in names:
            if not self._under_way[name].done():
                failures[name] = Unavailable(f"{name} has not answered yet.", "The others go on without it meanwhile.")
                continue
            try:
                readings[name] = self._under_way.pop(name).result()
            except PlaceError as error:
                failures[name] = error
        return readings, failures
