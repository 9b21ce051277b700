"""Lagging reads: a service is read as it was some seconds ago, never as it was before the lag was set."""

import copy
from collections import deque
from datetime import datetime, timedelta

from adapters.sandbox.wire import SandboxClock, Service


class History:
    """Past copies of one service, kept only while some part of it lags."""

    def __init__(self, service: Service, clock: SandboxClock) -> None:
        self._service = service
        self._clock = clock
        self._copies: deque[tuple[datetime, Service]] = deque()
        self._reads: dict[str, float] = {}

    def lag(self, name: str, seconds: float) -> None:
        """Lets the API called `name` be read `seconds` late; 0 ends that."""
        self._reads.pop(name, None)
        if seconds:
            self._reads[name] = seconds
        if not self._reads:
            self._copies.clear()
        elif not self._copies:
            self.remember()

    def clear(self) -> None:
        """Ends every lag."""
        self._reads.clear()
        self._copies.clear()

    def remember(self) -> None:
        """Keeps a copy of how the service is now; called after each write."""
        if self._reads:
            self._copies.append((self._clock.now(), past_copy(self._service, self._clock)))
            self._forget()

    def readable(self, names: tuple[str, str]) -> Service:
        """What a read sees: the service itself, or its copy of that long ago."""
        seconds = max((self._reads.get(name, 0.0) for name in names), default=0.0)
        if not seconds:
            return self._service
        moment = self._clock.now() - timedelta(seconds=seconds)
        past = [service for at, service in self._copies if at <= moment]
        return past[-1] if past else self._copies[0][1]

    def _forget(self) -> None:
        oldest = self._clock.now() - timedelta(seconds=max(self._reads.values()))
        while len(self._copies) > 1 and self._copies[1][0] <= oldest:
            self._copies.popleft()


def past_copy(service: Service, clock: SandboxClock) -> Service:
    """A copy that keeps its data to itself but shares the clock and what belongs to the present, such as quotas."""
    present = [clock, *getattr(service, "present", ())]
    return copy.deepcopy(service, {id(thing): thing for thing in present})
