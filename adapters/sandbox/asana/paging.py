"""Pages: `limit` 1..100 and a token that names the last row's place, is bound to its query and lives 15 minutes."""

import hashlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from adapters.sandbox.asana.answers import Key, Many, Row
from adapters.sandbox.asana.ask import Ask
from adapters.sandbox.asana.errors import bad
from adapters.sandbox.asana.signing import opened, sealed
from adapters.sandbox.asana.visit import Visit

TOKEN_SECONDS = 15 * 60
TOO_LARGE = "The result is too large. You should use pagination (may require specifying a workspace)!"


@dataclass(frozen=True)
class Page:
    """The rows of one answer; `extra` is empty without `limit`, else it holds `next_page`."""

    rows: list[Row]
    extra: dict[str, Any]


def paged(visit: Visit, ask: Ask, listing: Many) -> Page:
    """Cuts the page that is asked; raises 400 for a bad limit, a bad token, or a long list without `limit`."""
    limit = ask.limit
    rows = sorted(listing.rows, key=lambda row: row.key)
    if limit is None:
        if ask.offset is not None:
            raise bad("offset: Your pagination token is invalid.")
        if len(rows) > listing.most:
            raise bad(TOO_LARGE)
        return Page(rows, {})
    if ask.offset is not None:
        border = _border(visit, ask, ask.offset)
        rows = [row for row in rows if row.key > border]
    page = rows[:limit]
    return Page(page, {"next_page": _next_page(visit, ask, page[-1].key) if len(rows) > limit else None})


def _border(visit: Visit, ask: Ask, token: str) -> Key:
    payload = opened(visit.world.secret, token)
    if payload is None or payload.get("query") != _query_mark(ask):
        raise bad("offset: Your pagination token is invalid.")
    if visit.moment.timestamp() > payload["exp"]:
        raise bad("offset: Your pagination token has expired.")
    return tuple(payload["border_rank"])


def _next_page(visit: Visit, ask: Ask, border: Key) -> dict[str, str]:
    expires = visit.moment.timestamp() + TOKEN_SECONDS
    token = sealed(visit.world.secret, {"border_rank": border, "exp": expires, "query": _query_mark(ask)})
    pairs = [(name, value) for name, value in ask.call.query if name != "offset"]
    path = f"{ask.call.path}?{urlencode([*pairs, ('offset', token)])}"
    return {"offset": token, "path": path, "uri": ask.base + path}


def _query_mark(ask: Ask) -> str:
    pairs = sorted((n, v) for n, v in ask.query.items() if n not in ("limit", "offset") and not n.startswith("opt_"))
    return hashlib.sha256(repr((ask.call.path, pairs)).encode()).hexdigest()[:16]
