"""A board of 300 cards comes whole into an empty project and an empty spreadsheet, and is quiet afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.blackbox import Site, seed

COUNT = 300
STAGES = ("To do", "Doing", "Done")
ACCOUNTS = ("liwei", "anasouza")
PEOPLE = (("Li Wei", "liwei@example.com"), ("Ana Souza", "ana@example.com"))


def card(number: int) -> dict[str, Any]:
    """A card like no other."""
    day = f"2026-{number % 12 + 1:02}-{number % 28 + 1:02}"
    return {
        "name": f"Task {number:03} 双十一",
        "desc": f"First line {number}\n\n- second 🎉",
        "list": STAGES[number % 3],
        "due": f"{day}T15:59:00.000Z" if number % 2 else f"{day}T09:30:00.000Z",
        "members": [ACCOUNTS[number % 2]],
        "labels": ["print"] if number % 5 == 0 else [],
    }


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path, seed([card(number) for number in range(COUNT)]))
    yield site
    site.stop()


def test_three_hundred_cards_and_then_quiet(site: Site) -> None:
    first = site.syncer("sync", "--json")
    (campaign,) = first.json["campaigns"]
    assert (first.exit, campaign["created"], campaign["refused"], campaign["notices"]) == (0, 2 * COUNT, [], [])
    names = [card(number)["name"] for number in range(COUNT)]
    assert site.titles() == {"trello": names, "asana": names, "sheets": names}
    for number in (0, 7, 10, 299):
        says_the_same(site, number)
    is_quiet_and_cheap(site)


def says_the_same(site: Site, number: int) -> None:
    """What a card says is said in the other places in their own way."""
    wanted = card(number)
    name, email = PEOPLE[number % 2]
    task, row = site.task(wanted["name"]), site.row(wanted["name"])
    day = wanted["due"][:10]
    assert (task["due_on"], task["due_at"]) == (day, None if number % 2 else wanted["due"])
    assert row["Due"] == (day if number % 2 else f"{day} 17:30")
    assert (task["notes"], row["Description"]) == (wanted["desc"],) * 2
    assert (task["assignee"]["email"], row["Owner"]) == (email, name)
    assert ([tag["name"] for tag in task["tags"]], row["Labels"]) == (wanted["labels"], ", ".join(wanted["labels"]))
    assert task["memberships"][0]["section"]["name"] == row["Stage"] == wanted["list"]
    assert (task["completed"], row["Done"]) == ((True, "TRUE") if wanted["list"] == "Done" else (False, "FALSE"))


def is_quiet_and_cheap(site: Site) -> None:
    """The next pass writes nothing, and asks a handful of questions however many tasks there are."""
    site.forget()
    (campaign,) = site.syncer("sync", "--json").json["campaigns"]
    assert (campaign["unchanged"], campaign["created"], campaign["updated"]) == (COUNT, 0, 0)
    requests = site.requests()
    assert [request for request in requests if request["write"]] == []
    assert len(requests) <= 10
    assert site.syncer("status", "--json").json["idle"] is True
