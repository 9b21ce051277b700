"""What may be believed of an HTTP reply: whole JSON of a sane size; everything said about it is free of secrets."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple
from urllib.parse import quote

import requests

from syncer.core.errors import Malformed
from syncer.ports import Clock

LARGEST_BODY = 64 * 1024 * 1024
"""Bytes after decompression; the largest board or sheet is far below it."""
LONGEST_BODY_TIME = 120.0
"""Seconds that a body may take to arrive, however steadily it drips."""
LONGEST_MESSAGE = 300
_SECRET_PAIR = re.compile(r"(?i)\b([\w-]*(?:key|token|secret))=\"?[^&\s\"',]+")
_SECRET_HEADER = re.compile(r"(?i)\b(bearer)\s+[^\s\",]+")


class Reply(NamedTuple):
    """A reply read to its end."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def read_whole(response: requests.Response, clock: Clock) -> Reply:
    """The reply with its whole body. Raises Malformed above `LARGEST_BODY` or after `LONGEST_BODY_TIME`."""
    begun = clock.monotonic()
    body = bytearray()
    for chunk in response.iter_content(65536):
        body += chunk
        if len(body) > LARGEST_BODY:
            raise Malformed(f"The answer is larger than {LARGEST_BODY // 2**20} MB.", "Check the service's address.")
        if clock.monotonic() - begun > LONGEST_BODY_TIME:
            raise Malformed(f"The answer took longer than {LONGEST_BODY_TIME:.0f} s.", "Try again.")
    return Reply(response.status_code, response.headers, bytes(body))


def document(reply: Reply) -> Any:
    """The JSON document of a successful reply, None for "no content". Raises Malformed for anything else."""
    if reply.status == 204:
        return None
    kind = reply.headers.get("Content-Type", "")
    if "json" not in kind.lower():
        raise Malformed(
            f"The answer is {kind or 'of no type'}, not JSON.", "Check the service's address, then try again."
        )
    try:
        return json.loads(reply.body, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Malformed("The answer is cut or no JSON.", "Try again.") from None


def _no_constant(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


def complaint(reply: Reply) -> tuple[str, Any]:
    """What an error reply says in words, and its JSON document if it has one."""
    try:
        said = json.loads(reply.body)
    except (ValueError, RecursionError):
        return _plain(reply), None
    return _message(said) or f"HTTP {reply.status}", said


def _plain(reply: Reply) -> str:
    text = reply.body[:4096].decode("utf-8", "replace").strip()
    if text.startswith("Cannot "):
        return "no such address"  # Trello repeats the whole request in this answer, credentials included
    if not text or text.startswith("<") or "html" in reply.headers.get("Content-Type", "").lower():
        return f"HTTP {reply.status}"
    return text


def _message(said: Any) -> str:
    """The message in Trello's `message`, Asana's `errors` list or Google's `error` object."""
    if isinstance(said, str):
        return said
    if isinstance(said, list):
        return "; ".join(filter(None, map(_message, said)))
    if not isinstance(said, Mapping):
        return ""
    return next(filter(None, (_message(said.get(name)) for name in ("message", "errors", "error"))), "")


def redact(text: str, secrets: Iterable[str]) -> str:
    """The text in one printable line without secrets, at most `LONGEST_MESSAGE` characters long."""
    text = text[: 20 * LONGEST_MESSAGE]
    for secret in filter(None, secrets):
        for spelling in {secret, quote(secret, safe=""), quote(secret)}:
            text = text.replace(spelling, "***")
    text = _SECRET_HEADER.sub(r"\1 ***", _SECRET_PAIR.sub(r"\1=***", text))
    line = " ".join("".join(mark if mark.isprintable() else " " for mark in text).split())
    return line if len(line) <= LONGEST_MESSAGE else line[: LONGEST_MESSAGE - 1] + "…"


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds to wait by the Retry-After header (seconds or HTTP date); None if absent or senseless."""
    raw = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"[0-9]{1,12}(\.[0-9]+)?", raw):
        return float(raw)
    try:
        named = parsedate_to_datetime(raw)
    except (ValueError, OverflowError, IndexError, TypeError):
        return None
    return max(0.0, ((named if named.tzinfo else named.replace(tzinfo=UTC)) - now).total_seconds())


def causes(error: BaseException) -> Sequence[BaseException]:
    """The error, what it wraps and what it was raised from, outermost first."""
    found: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, BaseException) and one not in found:
            found.append(one)
            waiting += [getattr(one, "reason", None), *one.args, one.__cause__, one.__context__]
    return found
