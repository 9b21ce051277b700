"""A small client for the emulated Google APIs, and the spreadsheet the tests start from."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import requests

from adapters.sandbox.google.service import GoogleService
from adapters.sandbox.server import RunningSandbox

SEED: dict[str, Any] = {
    "people": [{"name": "Li Wei", "email": "liwei@example.com"}, {"name": "Anna Berg", "email": "anna@example.com"}],
    "google": {
        "spreadsheets": [
            {
                "title": "Campaigns",
                "timeZone": "Asia/Shanghai",
                "sheets": [
                    {
                        "title": "Tasks",
                        "rows": [
                            ["ID", "Task", "Due", "Done", "Cost"],
                            ["a1", "Brief", {"date": "2026-12-01"}, False, 12.5],
                            ["a2", "Poster", {"datetime": "2026-12-02T15:30"}, True, 100],
                            [None, "007", None, None, {"formula": "=SUM(E2:E3)"}],
                        ],
                    },
                    {"title": "Two Words", "rows": []},
                ],
            }
        ]
    },
}
PEOPLE = "people-token"


@dataclass(frozen=True)
class Got:
    """One reply."""

    status: int
    body: Any

    def ok(self) -> Any:
        """The body of a reply that must be a success."""
        assert self.status == 200, self.body
        return self.body

    @property
    def message(self) -> str:
        """The message of a refusal."""
        assert self.status >= 400, self.body
        return str(self.body["error"]["message"])


class Client:
    """Speaks for one bearer token to one running sandbox."""

    def __init__(self, sandbox: RunningSandbox, token: str = PEOPLE) -> None:
        self.sandbox = sandbox
        self.token = token
        self.session = requests.Session()

    @property
    def service(self) -> GoogleService:
        return self.sandbox.world.google

    @property
    def book(self) -> str:
        """The seeded spreadsheet's id."""
        return next(iter(self.service.files.books))

    def restart(self) -> "Client":
        """Back to the seed, quotas off."""
        self.service.reset()
        self.service.restore()
        self.service.limits(None)
        self.service.seed(SEED)
        return self

    def send(self, method: str, path: str, json: Any = None, token: str | None = None, **params: Any) -> Got:
        """Any request below the Google prefix."""
        token = self.token if token is None else token
        headers = {"authorization": f"Bearer {token}"} if token else {}
        url = self.sandbox.sheets_url + path
        reply = self.session.request(method, url, params=params, json=json, headers=headers, timeout=10)
        is_json = "json" in reply.headers.get("content-type", "")
        return Got(reply.status_code, reply.json() if is_json else reply.text)

    def sheet(self, method: str, rest: str = "", json: Any = None, token: str | None = None, **params: Any) -> Got:
        """A request about the seeded spreadsheet."""
        return self.send(method, f"/v4/spreadsheets/{self.book}{rest}", json, token, **params)

    def read(self, range_text: str, **params: Any) -> Got:
        return self.sheet("GET", f"/values/{quote(range_text, safe='')}", **params)

    def write(self, range_text: str, values: Any, option: str = "RAW", token: str | None = None, **params: Any) -> Got:
        path = f"/values/{quote(range_text, safe='')}"
        return self.sheet("PUT", path, {"values": values}, token, valueInputOption=option, **params)

    def append(self, range_text: str, values: Any, **params: Any) -> Got:
        path = f"/values/{quote(range_text, safe='')}:append"
        return self.sheet("POST", path, {"values": values}, **{"valueInputOption": "RAW", **params})

    def batch(self, *requests_: Any, token: str | None = None) -> Got:
        """spreadsheets.batchUpdate"""
        return self.sheet("POST", ":batchUpdate", {"requests": list(requests_)}, token)


@contextmanager
def running() -> Iterator[Client]:
    """A sandbox in a thread, with the seed of this module."""
    with RunningSandbox() as sandbox:
        yield Client(sandbox).restart()
