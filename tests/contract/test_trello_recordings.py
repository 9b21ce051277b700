"""Answers that others recorded from the live Trello are understood."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from mappings.trello import Lens
from mappings.trello_shapes import Board, Card, Column, Label, Member, Shape
from syncer.core.model import Field, Unreadable
from syncer.core.people import People

SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples" / "trello"
BERLIN = ZoneInfo("Europe/Berlin")
CARDS = (
    "object-card-2023",
    "object-board-cards-2023",
    "recorded-rest/card-create",
    "recorded-rest/card-create-due-datetime",
    "recorded-rest/card-get",
    "recorded-rest/card-update",
    "recorded-rest/card-close",
    "recorded-rest/board-cards",
)


def recorded(name: str) -> Iterator[dict[str, Any]]:
    """The objects in one recorded answer."""
    file = SAMPLES / f"{name}.json"
    if not file.is_file():
        pytest.skip(f"the recording {name} is not beside this checkout")
    sample = json.loads(file.read_text(encoding="utf-8"))
    body = sample.get("response", sample)["body"]
    yield from body if isinstance(body, list) else [body]


@pytest.mark.parametrize("name", CARDS)
def test_recorded_cards_are_understood(name: str) -> None:
    lens = Lens(Board(id="0" * 24, name="", closed=False, lists=[], labels=[], members=[], cards=[]), People(), BERLIN)
    for payload in recorded(name):
        card = Card.model_validate({"start": None, **payload})  # cards had no start before 2021
        item = lens.item(card)
        assert item.remote_id == payload["id"]
        assert item.fields[Field.TITLE] == payload["name"]
        assert not [value for value in item.fields.values() if isinstance(value, Unreadable)]
        assert (item.fields[Field.DUE] is None) == (payload["due"] is None)
        assert item.changed_at
        assert item.created_at
        assert item.created_at <= item.changed_at


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("object-lists-2023", Column),
        ("recorded-rest/board-lists", Column),
        ("recorded-rest/list-create", Column),
        ("recorded-rest/board-labels", Label),
        ("recorded-rest/label-create", Label),
        ("recorded-rest/board-members", Member),
    ],
)
def test_recorded_parts_of_a_board_are_understood(name: str, shape: type[Shape]) -> None:
    payloads = list(recorded(name))
    assert payloads
    for payload in payloads:
        assert shape.model_validate(payload).model_dump(by_alias=True).items() <= payload.items()
