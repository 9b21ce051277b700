"""The lens laws of the Trello mapping: what was written is read back; writing what was read changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import assume, given
from hypothesis import strategies as st

from mappings.trello import Lens, is_flag
from mappings.trello_dates import decode_due, decode_start, encode_due, encode_start, instant
from mappings.trello_shapes import Board, Card
from syncer.core.model import Field, Value
from syncer.core.people import People, Person


@cache
def zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def ids(first: int, size: int) -> list[str]:
    return [f"{first + number:024x}" for number in range(size)]


BOARD, CARD = ids(1, 2)
LISTS, MEMBERS, LABELS = ids(100, 4), ids(200, 5), ids(300, 8)
STAGES = ["To do", "进行中", "Done ✅", "To do"]
NAMES = ["Print", "Web, mobile", '"quoted"', "=1+1", "שלום", "Print", "", "Overdue"]
PEOPLE = People([Person("Ada Fields", trello="user0"), Person("陈", trello="USER1")])
OWNERS = ["Ada Fields", "陈", "trello:user2", "trello:user3", "trello:user4"]
LABEL_PAYLOADS = [{"id": id_, "name": name} for id_, name in zip(LABELS, NAMES, strict=True)]
BOARD_PAYLOAD = {
    "id": BOARD,
    "name": "Launch",
    "closed": False,
    "lists": [
        {"id": id_, "name": name, "closed": False, "pos": place}
        for place, (id_, name) in enumerate(zip(LISTS, STAGES, strict=True))
    ],
    "labels": LABEL_PAYLOADS,
    "members": [{"id": id_, "username": f"user{number}"} for number, id_ in enumerate(MEMBERS)],
    "cards": [],
}
WHOLE_BOARD = Board.model_validate(BOARD_PAYLOAD)

zones = st.sampled_from(sorted(available_timezones())).map(zone)
days = st.dates(date(1970, 1, 2), date(9998, 12, 30))
# The seconds from 1970-01-02 to 9998-12-30.
times = st.integers(86_400, 253_370_592_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
whens = days | times
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60).map(lambda text: text.replace("\r", "\n"))
titles = texts.filter(str.strip)
labels = st.frozensets(st.sampled_from([name for name in NAMES if name and not is_flag(name)]))
values = st.fixed_dictionaries(
    {},
    optional={
        Field.TITLE: titles,
        Field.DESCRIPTION: texts,
        Field.STAGE: st.sampled_from(STAGES),
        Field.DONE: st.booleans(),
        Field.START: st.none() | days,
        Field.DUE: st.none() | whens,
        Field.OWNERS: st.frozensets(st.sampled_from(OWNERS)),
        Field.LABELS: labels,
    },
)


def instants(step: str = "000") -> st.SearchStrategy[str]:
    return times.map(lambda moment: moment.isoformat(timespec="seconds").replace("+00:00", f".{step}Z"))


payloads = st.fixed_dictionaries(
    {
        "id": st.just(CARD),
        "name": titles,
        "desc": st.text(max_size=40),
        "closed": st.booleans(),
        "idBoard": st.just(BOARD),
        "idList": st.sampled_from(LISTS),
        "due": st.none() | instants() | instants("001"),
        "dueComplete": st.booleans(),
        "start": st.none() | instants(),
        "idMembers": st.lists(st.sampled_from(MEMBERS), unique=True),
        "labels": st.lists(st.sampled_from(LABEL_PAYLOADS), unique_by=lambda label: label["id"]),
        "dateLastActivity": st.just("2026-11-22T10:00:00.000Z"),
        "shortUrl": st.just("https://trello.com/c/abcdefgh"),
    }
)


def written(payload: Mapping[str, Any], body: Mapping[str, Any]) -> dict[str, Any]:
    """The card as Trello shows it after the body was written on it."""
    after = {**payload, **body}
    if "idLabels" in body:
        assert len(set(body["idLabels"])) == len(body["idLabels"])
        chosen = after.pop("idLabels")
        after["labels"] = [label for label in LABEL_PAYLOADS if label["id"] in chosen]
    return after


def lens(where: ZoneInfo) -> Lens:
    return Lens(WHOLE_BOARD, PEOPLE, where)


def exists(day: date, where: ZoneInfo) -> bool:
    """Whether the day happened in the zone; Samoa, for one, skipped a day."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=where)
    return noon.astimezone(UTC).astimezone(where).date() == day


def holdable(fields: Mapping[Field, Value], where: ZoneInfo) -> bool:
    given_days = [fields.get(Field.START), fields.get(Field.DUE)]
    return all(exists(day, where) for day in given_days if isinstance(day, date) and not isinstance(day, datetime))


@given(payloads, values, zones)
def test_what_was_written_is_read_back(payload: dict[str, Any], fields: dict[Field, Value], where: ZoneInfo) -> None:
    assume(holdable(fields, where))
    view = lens(where)
    before = Card.model_validate(payload)
    after = Card.model_validate(written(payload, view.body(fields, before)))
    assert view.fields(after) == {**view.fields(before), **fields}


@given(payloads, zones)
def test_writing_what_was_read_changes_nothing(payload: dict[str, Any], where: ZoneInfo) -> None:
    view = lens(where)
    card = Card.model_validate(payload)
    shown = view.fields(card)
    assume(holdable(shown, where))
    after = Card.model_validate(written(payload, view.body(shown, card)))
    assert view.fields(after) == shown
    assert (after.name, after.id_list, after.due_complete) == (card.name, card.id_list, card.due_complete)
    assert after.id_members == card.id_members
    assert {label.id for label in after.labels} == {label.id for label in card.labels}


@given(payloads, st.sampled_from(["Overdue", ""]), zones)
def test_a_flag_changes_no_field(payload: dict[str, Any], flag: str, where: ZoneInfo) -> None:
    view = lens(where)
    card = Card.model_validate(payload)
    after = Card.model_validate(written(payload, {"idLabels": view.flagged(card, flag)}))
    assert view.fields(after) == view.fields(card)
    assert any(is_flag(label.name) for label in after.labels) == bool(flag)
    assert {label.id for label in card.labels if not is_flag(label.name)} <= {label.id for label in after.labels}


@given(whens, zones)
def test_a_due_survives_every_zone(when: date, where: ZoneInfo) -> None:
    assume(isinstance(when, datetime) or exists(when, where))
    back = decode_due(encode_due(when, where), where)
    assert (back, type(back)) == (when, type(when))


@given(days, zones)
def test_a_time_at_the_mark_of_a_day_stays_a_time(day: date, where: ZoneInfo) -> None:
    assume(exists(day, where))
    moment = instant(encode_due(day, where))
    assert decode_due(encode_due(moment, where), where) == moment


@given(instants(), zones)
def test_writing_back_a_due_keeps_its_instant(text: str, where: ZoneInfo) -> None:
    assert encode_due(decode_due(text, where), where) == text


@given(days, zones)
def test_a_start_survives_every_zone(day: date, where: ZoneInfo) -> None:
    assume(exists(day, where))
    assert decode_start(encode_start(day, where), where) == day
