"""The log of served requests: what was asked and answered, and never a credential."""

from collections import deque
from typing import Any

from adapters.sandbox.wire import Call, SandboxClock

KEPT = 200_000
_CREDENTIALS = frozenset({"key", "token", "access_token", "oauth_token", "oauth_consumer_key"})


class Journal:
    """Every request served, oldest first; the oldest go when there are more than KEPT."""

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock
        self._entries: deque[dict[str, Any]] = deque(maxlen=KEPT)

    def add(self, service: str, call: Call, *, status: int, write: bool, fault: str = "") -> None:
        """Notes one request; status 0 says that no answer was sent."""
        entry: dict[str, Any] = {
            "service": service,
            "method": call.method,
            "path": call.path,
            "status": status,
            "time": self._clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "write": write,
        }
        if call.query:
            _note_query(entry, call)
        if fault:
            entry["fault"] = fault
        self._entries.append(entry)

    def entries(self) -> list[dict[str, Any]]:
        """A copy of the log."""
        return list(self._entries)

    def clear(self) -> None:
        """Empties the log."""
        self._entries.clear()


def _note_query(entry: dict[str, Any], call: Call) -> None:
    entry["query"] = [[name, value] for name, value in call.query if name not in _CREDENTIALS]
    if len(entry["query"]) != len(call.query):
        entry["url_credentials"] = True
