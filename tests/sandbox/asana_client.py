"""A small client for the emulated Asana, and the workspace the tests start from."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, urlencode, urlsplit

import requests

from adapters.sandbox.asana.service import AsanaService
from adapters.sandbox.server import RunningSandbox
from adapters.sandbox.wire import Call, SandboxClock

Answer: TypeAlias = tuple[int, Mapping[str, str], bytes]
Exchange: TypeAlias = Callable[[str, str, dict[str, str], bytes], Answer]

SEED: dict[str, Any] = {
    "timezone": "Asia/Shanghai",
    "people": [
        {"name": "Li Wei", "asana": "liwei@example.com"},
        {"name": "Anna Berg", "asana": "anna@example.com"},
        {"name": "No Asana", "trello": "only-trello"},
    ],
    "asana": {
        "workspace": "Campaigns",
        "projects": [
            {
                "name": "Spring launch",
                "sections": ["To do", "Doing", "Done"],
                "tasks": [
                    {"name": "Brief", "section": "To do", "assignee": "liwei@example.com", "due_on": "2026-12-01"},
                    {"name": "Poster", "section": "Doing", "tags": ["Print"], "subtasks": ["Draft", "Proof"]},
                    {"name": "Go live", "section": "Done", "resource_subtype": "milestone", "completed": True},
                ],
            },
            {"name": "Other", "sections": ["Inbox", "Later"], "tasks": []},
        ],
    },
}


@dataclass(frozen=True)
class Got:
    """One reply: header names are lower case."""

    status: int
    headers: dict[str, str]
    body: Any

    @property
    def data(self) -> Any:
        """What is under `data` of a reply that must be a success."""
        assert self.status in (200, 201), self.body
        return self.body["data"]

    @property
    def message(self) -> str:
        """The one message of a refusal."""
        assert self.status >= 400, self.body
        return str(self.body["errors"][0]["message"])


class Client:
    """Speaks for the bot, or for another token."""

    def __init__(self, exchange: Exchange, service: AsanaService, clock: SandboxClock) -> None:
        self.service = service
        self.clock = clock
        self.token = service.credentials()["SYNCER_ASANA__TOKEN"]
        self._exchange = exchange

    def restart(self, **switches: Any) -> "Client":
        """The seeded workspace anew, with other switches if any; to be called while no request is under way."""
        self.service.reset()
        self.service.limits(1.0)
        self.service.restore()
        self.service.seed({**SEED, "asana": {**SEED["asana"], "switches": switches}})
        return self

    def send(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None, token: str | None = None
    ) -> Got:
        """Any request; `path` may carry a query. An empty token sends none."""
        chosen = self.token if token is None else token
        sent = {**({"authorization": f"Bearer {chosen}"} if chosen else {}), **(headers or {})}
        status, received, content = self._exchange(method, path, sent, body)
        return Got(status, {name.lower(): value for name, value in received.items()}, json.loads(content))

    def get(self, path: str, token: str | None = None, **query: Any) -> Got:
        """A GET with query parameters."""
        return self.send("GET", f"{path}?{urlencode(query)}" if query else path, token=token)

    def post(self, path: str, token: str | None = None, **data: Any) -> Got:
        """A POST with `data`."""
        return self._write("POST", path, data, token)

    def put(self, path: str, token: str | None = None, **data: Any) -> Got:
        """A PUT with `data`."""
        return self._write("PUT", path, data, token)

    def delete(self, path: str, token: str | None = None) -> Got:
        """A DELETE with the empty object official clients send."""
        return self.send("DELETE", path, b"{}", {"content-type": "application/json"}, token)

    def gid(self, path: str, name: str) -> str:
        """The gid of the entry called `name` in a list."""
        return str(next(row["gid"] for row in self.get(path).data if row["name"] == name))

    @property
    def workspace(self) -> str:
        """The gid of the workspace."""
        return str(self.get("/workspaces").data[0]["gid"])

    @property
    def project(self) -> str:
        """The gid of "Spring launch"."""
        return self.gid("/projects", "Spring launch")

    def section(self, name: str) -> str:
        """The gid of a section of "Spring launch"."""
        return self.gid(f"/projects/{self.project}/sections", name)

    def task(self, name: str) -> str:
        """The gid of a task of "Spring launch"."""
        return self.gid(f"/projects/{self.project}/tasks", name)

    def person(self, name: str) -> str:
        """The gid of a user."""
        return self.gid("/users", name)

    def token_of(self, name: str) -> str:
        """A token that speaks for a seeded person."""
        return f"0/sandbox-user-{self.person(name)}"

    def _write(self, method: str, path: str, data: dict[str, Any], token: str | None) -> Got:
        body = json.dumps({"data": data}).encode()
        return self.send(method, path, body, {"content-type": "application/json"}, token)


@contextmanager
def running() -> Iterator[Client]:
    """A client of a running sandbox, over HTTP."""
    with RunningSandbox() as sandbox, requests.Session() as session:

        def exchange(method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
            url = sandbox.asana_url + path
            reply = session.request(method, url, data=body, headers=headers, timeout=30, allow_redirects=False)
            return reply.status_code, reply.headers, reply.content

        yield Client(exchange, sandbox.world.asana, sandbox.world.clock)


def direct(service: AsanaService, clock: SandboxClock) -> Client:
    """A client of a service that no server serves, for what HTTP cannot show: copies, restarts, hostile bytes."""

    def exchange(method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        parts = urlsplit(path)
        query = tuple(parse_qsl(parts.query, keep_blank_values=True))
        reply = service.handle(Call(method, parts.path, query, headers, body, parts.query))
        return reply.status, dict(reply.headers), reply.body

    return Client(exchange, service, clock)
