"""What single Trello cards mean, and what is written on them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from mappings.trello import Lens, created_at, is_flag
from mappings.trello_dates import decode_due, decode_start, encode_due, encode_start
from mappings.trello_shapes import Board, Card
from syncer.core.model import Field, Unreadable
from syncer.core.people import People, Person

BERLIN = ZoneInfo("Europe/Berlin")
BOARD, TODO, DONE, OLD = (f"{number:024x}" for number in range(1, 5))
ADA, BO, LEFT = (f"{number:024x}" for number in range(11, 14))
PRINT, WEB, BLUE, FLAG = (f"{number:024x}" for number in range(21, 25))
CARD_ID = "65f0c0de" + "0" * 16
CARD: dict[str, Any] = {
    "id": CARD_ID,
    "name": "Poster",
    "desc": "",
    "closed": False,
    "idBoard": BOARD,
    "idList": TODO,
    "due": None,
    "dueComplete": False,
    "start": None,
    "idMembers": [],
    "labels": [],
    "dateLastActivity": "2026-11-22T10:00:00.123Z",
    "shortUrl": "https://trello.com/c/abcdefgh",
}
BOARD_PAYLOAD: dict[str, Any] = {
    "id": BOARD,
    "name": "Launch",
    "closed": False,
    "lists": [
        {"id": DONE, "name": "Done", "closed": False, "pos": 32768},
        {"id": TODO, "name": "To do", "closed": False, "pos": 16384.5},
        {"id": OLD, "name": "Old", "closed": True, "pos": 1},
    ],
    "labels": [
        {"id": WEB, "name": "Web", "color": None},
        {"id": PRINT, "name": "Print", "color": "red"},
        {"id": BLUE, "name": "", "color": "blue"},
        {"id": FLAG, "name": "Overdue", "color": "red"},
    ],
    "members": [{"id": ADA, "username": "ada", "fullName": "Ada"}, {"id": BO, "username": "bo"}],
    "cards": [],
}
LABELS = {label["id"]: label for label in BOARD_PAYLOAD["labels"]}


def card(**changes: Any) -> Card:
    if "labels" in changes:
        changes["labels"] = [LABELS[id_] for id_ in changes["labels"]]
    return Card.model_validate({**CARD, **changes})


def lens(*cards: Card, people: People | None = None, **changes: Any) -> Lens:
    board = Board.model_validate({**BOARD_PAYLOAD, **changes}).model_copy(update={"cards": list(cards)})
    return Lens(board, people or People([Person("Ada Fields", trello="Ada")]), BERLIN)


def shown(field: Field, **changes: Any) -> Any:
    return lens().fields(card(**changes))[field]


def test_the_open_lists_are_offered_from_left_to_right() -> None:
    assert [column.name for column in lens().open_lists] == ["To do", "Done"]


@pytest.mark.parametrize(
    ("due", "means"),
    [
        (None, None),
        ("2026-11-30T22:59:00.000Z", date(2026, 11, 30)),
        ("2026-06-30T21:59:00.000Z", date(2026, 6, 30)),
        ("2026-11-30T22:59:00.001Z", datetime(2026, 11, 30, 22, 59, tzinfo=UTC)),
        ("2026-11-30T11:00:00.000Z", datetime(2026, 11, 30, 11, 0, tzinfo=UTC)),
        ("2026-11-30T12:00:00.999+01:00", datetime(2026, 11, 30, 11, 0, tzinfo=UTC)),
        ("9999-12-31T23:59:00.000Z", datetime(9999, 12, 31, 23, 59, tzinfo=UTC)),
    ],
)
def test_a_due_at_the_last_minute_of_a_day_is_the_day(due: str | None, means: object) -> None:
    assert shown(Field.DUE, due=due) == means


@pytest.mark.parametrize("due", ["soon", "", "2026-11-30", "9999-12-31T23:59:59-12:00"])
def test_a_due_that_is_no_time_is_unreadable(due: str) -> None:
    for name in (Field.DUE, Field.START):
        value = shown(name, due=due, start=due)
        assert isinstance(value, Unreadable)
        assert (value.raw, "set the date again" in value.reason) == (due, True)


@pytest.mark.parametrize(
    ("zone", "day", "instant"),
    [
        ("Europe/Berlin", date(2026, 10, 25), "2026-10-25T22:59:00.000Z"),
        # Chile's clocks went from midnight back to 23:00: 23:59 and 23:00 happened twice, noon once.
        ("America/Santiago", date(2026, 4, 4), "2026-04-04T15:00:00.000Z"),
        # Greenland's went from 22:00 to 23:00, which leaves the last hour whole.
        ("America/Nuuk", date(2023, 3, 25), "2023-03-26T01:59:00.000Z"),
    ],
)
def test_a_day_is_marked_at_a_time_that_happens_once(zone: str, day: date, instant: str) -> None:
    assert encode_due(day, ZoneInfo(zone)) == instant
    assert decode_due(instant, ZoneInfo(zone)) == day


def test_a_day_that_a_zone_skipped_cannot_be_written() -> None:
    for encode in (encode_due, encode_start):
        with pytest.raises(ValueError, match="there is no 2011-12-30 in Pacific/Apia; choose another day"):
            encode(date(2011, 12, 30), ZoneInfo("Pacific/Apia"))


def test_a_time_that_looks_like_a_day_stays_a_time() -> None:
    time = datetime(2026, 11, 30, 22, 59, tzinfo=UTC)
    assert encode_due(time, BERLIN) == "2026-11-30T22:59:00.001Z"
    assert decode_due("2026-11-30T22:59:00.001Z", BERLIN) == time


def test_a_start_is_the_local_day() -> None:
    assert encode_start(date(2026, 7, 1), BERLIN) == "2026-07-01T10:00:00.000Z"
    assert encode_start(datetime(2026, 7, 1, 23, 0, tzinfo=UTC), BERLIN) == "2026-07-02T10:00:00.000Z"
    assert decode_start("2026-07-01T22:30:00.000Z", BERLIN) == date(2026, 7, 2)


def test_line_ends_are_one_and_a_missing_description_is_empty() -> None:
    assert shown(Field.DESCRIPTION, desc="a\r\nb\rc\n") == "a\nb\nc\n"
    assert shown(Field.DESCRIPTION, desc=None) == ""


@pytest.mark.parametrize("name", ["", "  ", "\n"])
def test_a_card_without_a_name_is_unreadable(name: str) -> None:
    assert isinstance(shown(Field.TITLE, name=name), Unreadable)
    assert lens().item(card(name=name)).place == 'card "https://trello.com/c/abcdefgh"'


def test_owners_are_known_by_name_or_by_account() -> None:
    owners = shown(Field.OWNERS, idMembers=[BO, ADA, LEFT])
    assert owners == {"Ada Fields", "trello:bo", f"trello:{LEFT}"}


def test_owners_keep_their_order_and_new_ones_come_last() -> None:
    body = lens().body({Field.OWNERS: frozenset({"Ada Fields", "trello:bo", "Nobody"})}, card(idMembers=[BO]))
    assert body == {"idMembers": [BO, ADA]}
    gone = lens().body({Field.OWNERS: frozenset({f"trello:{LEFT}"})}, card(idMembers=[ADA, LEFT]))
    assert gone == {"idMembers": [LEFT]}


def test_labels_without_name_and_flags_are_no_labels_and_stay() -> None:
    there = card(labels=[FLAG, BLUE, PRINT])
    assert lens().fields(there)[Field.LABELS] == {"Print"}
    assert lens().body({Field.LABELS: frozenset({"Web"})}, there) == {"idLabels": [FLAG, BLUE, WEB]}


def test_flags_come_and_go_without_touching_labels() -> None:
    there = card(labels=[BLUE, PRINT])
    assert lens().flagged(there, "Overdue") == [BLUE, PRINT, FLAG]
    assert lens().flagged(card(labels=[BLUE, FLAG, PRINT]), "") == [BLUE, PRINT]
    assert [is_flag(name) for name in ("Overdue", "Deleted in Asana", "overdue", "Deleted")] == [
        True,
        True,
        False,
        False,
    ]


def test_what_is_missing_is_named() -> None:
    wanted = {Field.STAGE: "Review", Field.LABELS: frozenset({"Web", "New", "Overdue", ""})}
    assert lens().stage_to_make(wanted) == "Review"
    assert lens().labels_to_make(wanted) == ("New",)
    assert lens().stage_to_make({Field.STAGE: "Old"}) == "Old"
    assert lens().stage_to_make({Field.STAGE: "Done"}) is None
    assert lens().stage_to_make({Field.STAGE: None}) is None


def test_nothing_asked_for_writes_nothing() -> None:
    assert lens().body({}) == {}
    assert lens().body({Field.STAGE: None}) == {}


def test_a_card_in_a_closed_list_is_put_away() -> None:
    assert lens().item(card(idList=OLD)).archived
    assert lens().item(card(closed=True)).archived
    assert not lens().item(card()).archived
    assert lens().way_out(card(idList=OLD)) == {"idList": TODO}
    assert lens().way_out(card(idList=DONE)) == {}


def test_an_id_tells_when_it_was_made() -> None:
    assert created_at(CARD_ID) == datetime(2024, 3, 12, 20, 53, 50, tzinfo=UTC)


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "../../boards"},
        {"name": None},
        {"closed": "false"},
        {"dueComplete": None},
        {"idMembers": None},
        {"labels": [{"id": PRINT}]},
        {"idList": TODO.upper() + "g"},
    ],
)
def test_a_payload_of_another_shape_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Card.model_validate({**CARD, **wrong})
