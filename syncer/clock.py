"""The real clock: the only place that asks the machine for the time."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from threading import Event


class SystemClock:
    """Wall and monotonic time of this machine; sleeping ends early when the process is asked to stop."""

    def __init__(self) -> None:
        self._stop = Event()

    def now(self) -> datetime:
        """The time in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that never run back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait, but not longer than until `stop`."""
        self._stop.wait(seconds)

    def stop(self) -> None:
        """End every sleep, now and from now on."""
        self._stop.set()

    def stopping(self) -> bool:
        """Whether the process was asked to stop."""
        return self._stop.is_set()
