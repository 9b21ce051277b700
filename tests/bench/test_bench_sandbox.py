"""How much the sandbox serves: single objects a second over one connection, and a board of 5,000 cards."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from adapters.limiter import Limiter, Quota
from adapters.trello.replica import open_replica
from syncer.core.people import People
from tests.bench.measuring import MIB, show, timed
from tests.bench.serving import Line, served, trello_headers
from tests.blackbox import seed
from tests.paper import ZONE, PaperClock

pytestmark = pytest.mark.bench
READS = 2_000
CARDS = 5_000


def cards(count: int) -> list[dict[str, Any]]:
    return [{"name": f"Card {number}", "desc": "A line of ordinary length\n" * 4} for number in range(count)]


def test_single_reads(tmp_path: Path) -> None:
    task = {"name": "Task", "section": "To do"}
    with served(tmp_path, seed(cards(1), [["Row"]], tasks=[task])) as said:
        rows = [_single(said, *each) for each in _objects(said)]
    show(__file__, "Sandbox: one object at a time, one connection", ("object", "reads", "s", "reads a second"), rows)


def _objects(said: dict[str, Any]) -> list[tuple[str, str, dict[str, str]]]:
    """Of each service an object, its path and the headers to read it."""
    trello, places = trello_headers(said), said["places"]
    asana = {"Authorization": f"Bearer {said['env']['SYNCER_ASANA__TOKEN']}"}
    line = Line(said["url"], trello)
    card = json.loads(line.ask("GET", f"/trello/1/boards/{places['board']}/cards"))[0]["id"]
    line.close()
    line = Line(said["url"], asana)
    task = json.loads(line.ask("GET", f"/asana/api/1.0/projects/{places['project']}/tasks?limit=1"))["data"][0]["gid"]
    line.close()
    row = f"/google/v4/spreadsheets/{places['spreadsheet']}/values/Tasks!A2:N2"
    return [
        ("Trello card", f"/trello/1/cards/{card}", trello),
        ("Asana task", f"/asana/api/1.0/tasks/{task}", asana),
        ("Sheets row", row, {"Authorization": "Bearer people-token"}),
    ]


def _single(said: dict[str, Any], name: str, path: str, headers: dict[str, str]) -> tuple[object, ...]:
    line = Line(said["url"], headers)
    seconds, _ = timed(lambda: [line.ask("GET", path) for _ in range(READS)])
    line.close()
    return name, READS, seconds, READS / seconds


def test_a_large_board(tmp_path: Path) -> None:
    with served(tmp_path, seed(cards(CARDS))) as said:
        rows = [_nested(said), _whole(said)]
    header = ("reading", "cards", "requests", "MiB", "s")
    show(__file__, f"Sandbox: a board of {CARDS:,} cards", header, rows)


def _nested(said: dict[str, Any]) -> tuple[object, ...]:
    """The board with its cards in one request; Trello gives at most 1,000 of them that way."""
    path = f"/trello/1/boards/{said['places']['board']}?cards=all&lists=all&labels=all&members=all"
    line = Line(said["url"], trello_headers(said))
    seconds, body = timed(lambda: line.ask("GET", path))
    line.close()
    return "one nested request", len(json.loads(body)["cards"]), 1, len(body) / MIB, seconds


def _whole(said: dict[str, Any]) -> tuple[object, ...]:
    """The adapter's reading: the nested request, and pages for what did not fit."""
    key, token = said["env"]["SYNCER_TRELLO__KEY"], said["env"]["SYNCER_TRELLO__TOKEN"]
    clock = PaperClock()
    place, limiter = said["places"]["board"], Limiter(Quota(10**6, 1.0), clock)
    replica = open_replica("trello", place, said["trello"], key, token, People(), ZONE, clock, limiter)
    seconds, reading = timed(replica.read)
    assert len(reading.items) == CARDS
    return "the adapter's reading", len(reading.items), replica.traffic().requests, "", seconds
