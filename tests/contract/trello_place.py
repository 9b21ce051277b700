"""A board for the tests of the Trello replica, and what a person does to it in Trello."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest
import requests

from adapters.trello.replica import TrelloReplica, open_replica
from syncer.core.people import People, Person
from tests.contract.rig import MovedClock, SandboxRig, Site

ZONE = ZoneInfo("Europe/Berlin")
KNOWN = People([Person("Ada Fields", trello="adafields"), Person("Bo Chen 陈", trello="BoChen")])
LISTS = [{"name": "To do"}, {"name": "Old", "closed": True}, {"name": "Doing"}, {"name": "Done"}]
LABELS = [{"name": "Print", "color": "red"}, {"name": "", "color": "blue"}]


class TrelloUser:
    """Somebody who works in Trello with the same credential."""

    def __init__(self, site: Site) -> None:
        self._url = f"{site.trello_url}/1"
        self._session = requests.Session()
        self._session.trust_env = False
        key, token = site.env["SYNCER_TRELLO__KEY"], site.env["SYNCER_TRELLO__TOKEN"]
        self._session.headers["Authorization"] = f'OAuth oauth_consumer_key="{key}", oauth_token="{token}"'

    def ask(self, method: str, path: str, **body: Any) -> Any:
        """One request that must succeed."""
        answer = self._session.request(method, self._url + path, json=body or None, timeout=10)
        answer.raise_for_status()
        return answer.json()

    def close(self) -> None:
        """Hangs up."""
        self._session.close()


def open_board(
    site: Site, clock: MovedClock, board: str, people: People = KNOWN, token: str = "", zone: ZoneInfo = ZONE
) -> TrelloReplica:
    """The replica of a board."""
    key, right = site.env["SYNCER_TRELLO__KEY"], site.env["SYNCER_TRELLO__TOKEN"]
    return open_replica("board", board, site.trello_url, key, token or right, people, zone, clock)


class TrelloRig(SandboxRig):
    """An empty board, and a second one."""

    service = "trello"
    seed: ClassVar[Mapping[str, Any]] = {
        "boards": [
            {
                "name": "Autumn launch",
                "members": ["adafields", "bochen"],
                "lists": LISTS,
                "labels": LABELS,
                "cards": [],
            },
            {"name": "Other", "members": ["adafields"], "lists": [{"name": "Inbox"}], "labels": [], "cards": []},
        ]
    }

    def open(self, site: Site, clock: MovedClock) -> TrelloReplica:
        return open_board(site, clock, site.places["board"])

    @pytest.fixture
    def user(self, site: Site) -> Any:
        user = TrelloUser(site)
        yield user
        user.close()
