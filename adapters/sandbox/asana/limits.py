"""Requests per token and minute, as Asana's rate-limit guide counts them: refused requests count too."""

import math
from collections import deque
from datetime import datetime, timedelta

from adapters.sandbox.asana.errors import too_many

PAID_PER_MINUTE = 1500
WINDOW = timedelta(minutes=1)


class RateLimiter:
    """A sliding minute for each token. Concurrency and per-cost limits are not emulated."""

    def __init__(self, per_minute: int = PAID_PER_MINUTE) -> None:
        self._quota = per_minute
        self._allowed: int | None = per_minute
        self._spent: dict[str, deque[datetime]] = {}

    def scale(self, factor: float | None) -> None:
        """Multiplies the real quota; None switches the limit off."""
        self._allowed = None if factor is None else int(self._quota * factor)

    def clear(self) -> None:
        """Forgets what was spent."""
        self._spent.clear()

    def spend(self, token: str, now: datetime, requests: int = 1) -> None:
        """Counts the requests; raises 429 for all of them when one is too many."""
        if self._allowed is None:
            return
        spent = self._spent.setdefault(token, deque())
        while spent and not now - WINDOW < spent[0] <= now:
            spent.popleft()
        spent.extend([now] * requests)
        over = len(spent) - self._allowed
        if over > 0:
            free_at = spent[min(over, len(spent) - 1)] + WINDOW
            raise too_many(max(1, math.ceil((free_at - now).total_seconds())))
