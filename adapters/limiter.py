"""What a credential may spend: requests within the service's quota, and repeats within a share of its successes."""

from __future__ import annotations

from collections import deque
from threading import Lock
from typing import NamedTuple

from syncer.core.errors import Unavailable
from syncer.ports import Clock

SHARE = 0.9
"""The part of a quota Syncer takes; the rest is left to the people who use the same credential."""
LONGEST_WAIT = 60.0
"""Seconds a request waits for a pause to end; a longer pause ends the pass instead."""
LONGEST_PAUSE = 3600.0
"""Seconds; a service that names a longer wait than this is asked again after it."""
SHORTEST_SLEEP = 0.001
"""Seconds; a clock that has run for long cannot tell shorter ones from none."""


class Quota(NamedTuple):
    """How many requests a service allows within how many seconds."""

    requests: int
    seconds: float


class Limiter:
    """Lets requests through so that no window holds more than `SHARE` of the quota. Safe to share between threads."""

    def __init__(self, quota: Quota, clock: Clock) -> None:
        self.quota = quota
        self._clock = clock
        self._allowed = max(1, int(quota.requests * SHARE))
        self._sent: deque[float] = deque()
        self._paused_until = float("-inf")
        self._lock = Lock()

    def acquire(self) -> None:
        """Wait for a free place and take it.

        Raises Unavailable, with nothing sent, where a pause lasts too long or the process is asked to stop.
        """
        while wait := self._take():
            if wait > max(LONGEST_WAIT, self.quota.seconds) + SHORTEST_SLEEP:
                raise Unavailable("The service asked to be left alone.", f"Try again in {wait:.0f} s.", wait)
            rest(self._clock, wait)

    def pause(self, seconds: float | None = None) -> float:
        """Send nothing for so many seconds (None: a whole window) after the service said "too many".

        Returns the seconds taken, at most `LONGEST_PAUSE`.
        """
        wait = self.quota.seconds if seconds is None else min(max(seconds, 0.0), LONGEST_PAUSE)
        with self._lock:
            self._paused_until = max(self._paused_until, self._clock.monotonic() + wait)
        return wait

    def _take(self) -> float:
        """Take a place now and return 0, or return the seconds to wait for one."""
        with self._lock:
            now = self._clock.monotonic()
            while self._sent and now - self._sent[0] >= self.quota.seconds:
                self._sent.popleft()
            wait = self._paused_until - now
            if len(self._sent) >= self._allowed:
                wait = max(wait, self.quota.seconds - (now - self._sent[0]))
            if wait > 0:
                return wait
            self._sent.append(now)
            return 0.0


class RepeatBudget:
    """Ends the repeating of requests while everything fails: a repeat costs 1, a success gives back a tenth."""

    FULL = 10.0

    def __init__(self) -> None:
        self._left = self.FULL
        self._lock = Lock()

    def spend(self) -> bool:
        """Whether one more repeat may be made; if so it is paid for."""
        with self._lock:
            if self._left < 1.0:
                return False
            self._left -= 1.0
            return True

    def refund(self) -> None:
        """A request succeeded."""
        with self._lock:
            self._left = min(self.FULL, self._left + 0.1)


def rest(clock: Clock, seconds: float) -> None:
    """Sleep. Raises Unavailable if the sleep was cut short because the process is asked to stop."""
    begun = clock.monotonic()
    asked = max(seconds, SHORTEST_SLEEP)
    clock.sleep(asked)
    if clock.monotonic() - begun < asked * 0.9:
        raise Unavailable("Stopped while waiting to send a request.", "Start again to go on.", seconds)
