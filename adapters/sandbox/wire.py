"""What the sandbox's server and its services say to each other: one request read to the end, one reply, one clock."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, Protocol
from urllib.parse import parse_qsl

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Call:
    """One request. `path` is below the service's prefix and still percent-encoded; header names are lower case."""

    method: str
    path: str
    query: Pairs
    headers: Mapping[str, str]
    body: bytes
    raw_query: str = ""

    def json(self) -> Any:
        """The body as JSON; raises ValueError when it is not."""
        return self._document

    @cached_property
    def _document(self) -> Any:
        return json.loads(self.body)

    def form(self) -> Pairs:
        """The body's URL-encoded pairs in their order; bytes that are no UTF-8 become replacement characters."""
        return tuple(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))


@dataclass(frozen=True)
class Reply:
    """What a service answers. A content type belongs into `headers`; the length is added on the way out."""

    status: int
    body: bytes = b""
    headers: Pairs = ()

    @classmethod
    def json(cls, status: int, value: object, headers: Pairs = ()) -> "Reply":
        """A JSON document, UTF-8, unescaped; `headers` come after the content type."""
        body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        return cls(status, body, (("content-type", "application/json; charset=utf-8"), *headers))

    @classmethod
    def text(cls, status: int, text: str, headers: Pairs = ()) -> "Reply":
        """Plain text, UTF-8."""
        return cls(status, text.encode(), (("content-type", "text/plain; charset=utf-8"), *headers))


class SandboxClock:
    """The sandbox's own clock: real time plus an offset that control calls and tests move."""

    def __init__(self, offset: timedelta = timedelta(0)) -> None:
        self.offset = offset

    def now(self) -> datetime:
        """The moment it is in the sandbox, aware, UTC."""
        return datetime.now(UTC) + self.offset

    def set(self, now: datetime) -> None:
        """Makes it `now` (aware) in the sandbox; time goes on from there."""
        self.offset = now - datetime.now(UTC)

    def advance(self, seconds: float) -> None:
        """Moves the clock by `seconds`, backwards when negative."""
        self.offset += timedelta(seconds=seconds)


class Service(Protocol):
    """One emulated service. The server calls it with one request at a time and may deep-copy it.

    Two attributes are optional: `present`, the objects that a copy of the past shares with the service (quotas,
    credentials), and `page_model()`, what the page for people shows (its shape is told in page.py).
    """

    name: str

    def handle(self, call: Call) -> Reply:
        """Answers one request; never raises for bad input."""

    def is_write(self, call: Call) -> bool:
        """Whether the request means to change something."""

    def seed(self, data: Mapping[str, Any]) -> dict[str, str]:
        """Fills an empty service from a whole seed document and returns its places, such as {"board": id}."""

    def reset(self) -> None:
        """Empties the service, credentials stay."""

    def dump(self) -> dict[str, Any]:
        """The whole state as JSON-able values."""

    def load(self, state: dict[str, Any]) -> None:
        """Takes back what `dump` gave."""

    def limits(self, scale: float | None) -> None:
        """Multiplies the real quotas by `scale`; None switches them off, 1.0 is the default."""

    def credentials(self) -> dict[str, str]:
        """The SYNCER_* variables that let a client in."""

    def revoke(self) -> None:
        """Makes every present credential stop working."""

    def restore(self) -> None:
        """Makes the credentials work again."""
