"""Trello's rate limits: 300 requests a key and 100 a token in 10 s, 100 in 900 s on members, and their headers.

From Trello's rate-limit guide; the windows are fixed here, as the recorded headers suggest.
"""

from dataclasses import dataclass, field
from datetime import datetime

from adapters.sandbox.wire import Pairs, Reply, SandboxClock

KEY = ("api-key", 10, 300)
TOKEN = ("api-token", 10, 100)
MEMBER = ("member", 10, 375)
MEMBERS_ROUTE = ("members-route", 900, 100)
# The guide: more 429 answers than this in one window lock the key until the window's end.
REFUSALS_UNTIL_LOCK = 200
_EXPOSED = ", ".join(
    f"x-rate-limit-api-{who}-{what}" for who in ("key", "token") for what in ("interval-ms", "max", "remaining")
)

Quota = tuple[str, int, int]


@dataclass
class Quotas:
    """Counts requests against the quotas. It belongs to the present: lagging reads count here too."""

    clock: SandboxClock
    scale: float | None = 1.0
    retry_after: bool = False
    _windows: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    _refused: dict[int, int] = field(default_factory=dict)

    def clear(self) -> None:
        """Starts all windows anew."""
        self._windows.clear()
        self._refused.clear()

    def refusal(self, key: str, token: str, members_route: bool) -> Reply | None:
        """Counts one request; the 429 when it is one too many."""
        now = self.clock.now()
        spent = [self._spend(KEY, key, now), self._spend(TOKEN, token, now), self._spend(MEMBER, token, now)]
        over_members = members_route and self._spend(MEMBERS_ROUTE, token, now)
        if self.scale is None:
            return None
        if spent[0] or self._locked(now):
            return self._refuse("API_KEY_LIMIT_EXCEEDED", "Rate limit exceeded", KEY, now)
        if spent[1] or spent[2]:
            return self._refuse("API_TOKEN_LIMIT_EXCEEDED", "Rate limit exceeded", TOKEN, now)
        if over_members:
            return self._refuse("RATE_LIMIT_EXCEEDED", "Exceeded rate limit to /1/member", MEMBERS_ROUTE, now)
        return None

    def headers(self, key: str, token: str) -> Pairs:
        """What Trello sends with every answer, errors included."""
        now = self.clock.now()
        pairs: list[tuple[str, str]] = [
            ("x-trello-version", "1.2510.0"),
            ("x-trello-environment", "Production"),
            ("x-server-time", str(int(now.timestamp() * 1000))),
            ("cache-control", "max-age=0, no-cache, no-store"),
            ("access-control-expose-headers", _EXPOSED),
        ]
        for quota, who in ((KEY, key), (TOKEN, token), (MEMBER, token)):
            pairs.extend(self._triple(quota, who, now))
        return tuple(pairs)

    def _triple(self, quota: Quota, who: str, now: datetime) -> Pairs:
        name, seconds, _ = quota
        most = self._most(quota)
        left = max(most - self._used(quota, who, now), 0)
        values = (("interval-ms", seconds * 1000), ("max", most), ("remaining", left))
        return tuple((f"x-rate-limit-{name}-{what}", str(value)) for what, value in values)

    def _most(self, quota: Quota) -> int:
        return max(int(quota[2] * (1.0 if self.scale is None else self.scale)), 1)

    def _used(self, quota: Quota, who: str, now: datetime) -> int:
        window, used = self._windows.get((quota[0], who), (0, 0))
        return used if window == _window(quota, now) else 0

    def _spend(self, quota: Quota, who: str, now: datetime) -> bool:
        used = self._used(quota, who, now) + 1
        self._windows[quota[0], who] = (_window(quota, now), used)
        return used > self._most(quota)

    def _locked(self, now: datetime) -> bool:
        return self._refused.get(_window(KEY, now), 0) > REFUSALS_UNTIL_LOCK

    def _refuse(self, error: str, message: str, quota: Quota, now: datetime) -> Reply:
        window = _window(KEY, now)
        self._refused = {window: self._refused.get(window, 0) + 1}
        wait = quota[1] - now.timestamp() % quota[1]
        headers = (("retry-after", str(int(wait) + 1)),) if self.retry_after else ()
        return Reply.json(429, {"error": error, "message": message}, headers)


def _window(quota: Quota, now: datetime) -> int:
    return int(now.timestamp() // quota[1])
