"""A routed request, read: path parameters, query, fields, and the output options from wherever they were sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from adapters.sandbox.asana.body import Body, Data, read_body
from adapters.sandbox.asana.errors import bad
from adapters.sandbox.wire import Call

PREFIX = "/asana/api/1.0"
REAL_BASE = "https://app.asana.com/api/1.0"


@dataclass(frozen=True)
class Ask:
    """What a handler reads. Unknown query parameters are kept and ignored."""

    call: Call
    params: Mapping[str, str]
    query: Mapping[str, str]
    data: Data
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def base(self) -> str:
        """The address this service was called at, without a trailing slash."""
        host = self.call.headers.get("host")
        return f"http://{host}{PREFIX}" if host else REAL_BASE

    @property
    def fields(self) -> list[str] | None:
        """What `opt_fields` names, in the query, the form or `options`; None when nothing is asked."""
        asked = self._option("fields")
        if asked is None:
            return None
        if isinstance(asked, list):
            return [str(each) for each in asked]
        return str(asked).split(",")

    @property
    def pretty(self) -> bool:
        """Whether the answer is to be indented."""
        return self._option("pretty") in (True, "", "true")

    @property
    def limit(self) -> int | None:
        """The page size, 1..100; None when not asked; 400 outside."""
        asked = self._paging("limit")
        if asked is None:
            return None
        if not (asked.isascii() and asked.isdigit() and len(asked) <= 3 and 1 <= int(asked) <= 100):
            raise bad(f"limit: Value must be an integer between 1 and 100, not: {asked}")
        return int(asked)

    @property
    def offset(self) -> str | None:
        """The page token; None when not sent."""
        return self._paging("offset")

    def _option(self, name: str) -> Any:
        return self.query.get(f"opt_{name}", self.options.get(name))

    def _paging(self, name: str) -> str | None:
        asked = self.query.get(name, self.options.get(name))
        return None if asked is None else str(asked)


def read_ask(call: Call, params: Mapping[str, str]) -> Ask:
    """Reads the request; raises 400 for a body Asana would not read."""
    body: Body = read_body(call)
    return Ask(call, params, dict(call.query), body.data, body.options)
