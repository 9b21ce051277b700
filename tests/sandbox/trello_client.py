"""Asks a running sandbox's Trello and control calls over real sockets; tests say only what matters to them."""

import json
from pathlib import Path
from typing import Any, Self

import pytest
import requests

from adapters.sandbox.server import RunningSandbox
from adapters.sandbox.trello.auth import KEY, token_of

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples" / "trello"
SEED: dict[str, Any] = {
    "people": [
        {"name": "Li Wei", "trello": "liwei", "asana": "liwei@example.com", "email": "liwei@example.com"},
        {"name": "Mei Chen", "trello": "mei", "asana": "mei@example.com", "email": "mei@example.com"},
    ],
    "trello": {
        "boards": [
            {
                "name": "Launch",
                "members": ["liwei", "mei"],
                "lists": [{"name": "To do"}, {"name": "Doing"}, {"name": "Old", "closed": True}],
                "labels": [{"name": "Press", "color": "green"}, {"name": "Design", "color": "blue_light"}],
                "cards": [
                    {
                        "name": "Book the venue",
                        "list": "To do",
                        "desc": "The big one",
                        "due": "2026-11-01T09:00:00Z",
                        "members": ["liwei"],
                        "labels": ["Press"],
                        "checklists": [
                            {"name": "Steps", "items": [{"name": "Call"}, {"name": "Pay", "state": "complete"}]}
                        ],
                        "comments": ["Looks good"],
                    },
                    {"name": "Write the copy", "list": "Doing"},
                    {"name": "Archived", "list": "Doing", "closed": True},
                    {"name": "In an old list", "list": "Old"},
                ],
            },
            {"name": "Second", "members": ["liwei"], "lists": [{"name": "Inbox"}], "labels": [], "cards": []},
            {"name": "Private", "members": ["mei"], "bot": False, "lists": [{"name": "Mine"}], "cards": []},
        ]
    },
    "asana": {"workspace": "Sandbox", "projects": []},
    "google": {"spreadsheets": []},
}


def seed_file(folder: Path) -> str:
    """The seed above as a file."""
    file = folder / "launch.json"
    file.write_text(json.dumps(SEED), encoding="utf-8")
    return str(file)


def sample(name: str) -> Any:
    """The body of a recorded answer; skips where the recordings are not at hand."""
    file = SAMPLES / f"{name}.json"
    if not file.exists():
        pytest.skip("the recorded Trello answers are not beside this checkout")
    document = json.loads(file.read_text(encoding="utf-8"))
    return document["response"]["body"] if "response" in document else document.get("body", document)


class Trello:
    """Trello as one member sees it; every call checks the status and gives the body."""

    def __init__(self, sandbox: RunningSandbox, username: str = "syncer") -> None:
        self.sandbox = sandbox
        self.session = requests.Session()
        self.session.headers["Authorization"] = f'OAuth oauth_consumer_key="{KEY}", oauth_token="{token_of(username)}"'

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.session.close()

    def ask(self, method: str, path: str, **how: Any) -> requests.Response:
        """One request, its response as it came."""
        return self.session.request(method, f"{self.sandbox.trello_url}/1/{path}", timeout=10, **how)

    def get(self, path: str, status: int = 200, **params: Any) -> Any:
        return self._body(self.ask("GET", path, params=params), status)

    def post(self, path: str, status: int = 200, **values: Any) -> Any:
        return self._body(self.ask("POST", path, json=values), status)

    def put(self, path: str, status: int = 200, **values: Any) -> Any:
        return self._body(self.ask("PUT", path, json=values), status)

    def delete(self, path: str, status: int = 200) -> Any:
        return self._body(self.ask("DELETE", path), status)

    def control(self, call: str, /, *, verb: str = "POST", expect: int = 200, **document: Any) -> Any:
        """One control call."""
        answer = requests.request(verb, f"{self.sandbox.url}/_sandbox/{call}", json=document, timeout=10)
        assert answer.status_code == expect, answer.text
        return answer.json()

    def list_id(self, name: str) -> str:
        """The id of a list of the first board."""
        lists = self.get(f"boards/{self.board}/lists", filter="all")
        return str(next(one["id"] for one in lists if one["name"] == name))

    @property
    def board(self) -> str:
        """The id of the first board."""
        return self.sandbox.places["board"]

    def card(self, name: str) -> Any:
        """A card of the first board by its name."""
        return next(one for one in self.get(f"boards/{self.board}/cards", filter="all") if one["name"] == name)

    def _body(self, answer: requests.Response, status: int) -> Any:
        assert answer.status_code == status, f"{answer.request.method} {answer.url}: {answer.text}"
        return answer.json() if "json" in answer.headers["content-type"] else answer.text
