"""Fills an empty Trello from a seed document; ids come from the generator and a fixed day, not from the clock."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from adapters.sandbox.trello import actions, boards, card_moves, cards, checklists, comments, custom_fields
from adapters.sandbox.trello.ask import Ask
from adapters.sandbox.trello.params import Params, iso, moment
from adapters.sandbox.trello.positions import STEP
from adapters.sandbox.trello.store import Doc, Store

SEEDED = datetime(2026, 9, 1, 1, 0, tzinfo=UTC)
_PLAIN = ("desc", "dueComplete", "closed")


def sow(store: Store, bot: str, data: Mapping[str, Any]) -> dict[str, str]:
    """Makes the people, then the boards with all that is in them; returns the first board as a place."""
    store.hold(SEEDED)
    try:
        for person in data.get("people", []):
            if person.get("trello"):
                add_member(store, person["trello"], person["name"])
        made = [_board(store, bot, one) for one in data.get("trello", {}).get("boards", [])]
    finally:
        store.let_go()
    return {"board": made[0]["id"]} if made else {}


def add_member(store: Store, username: str, name: str) -> Doc:
    """A member of the emulated Trello."""
    member = {"id": store.new_id(), "username": username, "fullName": name}
    store.members[member["id"]] = member
    return member


def _board(store: Store, bot: str, data: Mapping[str, Any]) -> Doc:
    people = [_member_id(store, username) for username in data.get("members", [])]
    board = boards.new_board(store, people[0] if people else bot, data["name"], data.get("desc", ""))
    board["idMembers"] = people + ([bot] if data.get("bot", True) else [])
    labels = {
        one["name"]: boards.new_label(store, board, one["name"], one.get("color"))["id"]
        for one in data.get("labels", [])
    }
    lists = {}
    for place, one in enumerate(data.get("lists", []), 1):
        lists[one["name"]] = boards.new_list(store, board, one["name"], place * STEP)
        lists[one["name"]]["closed"] = one.get("closed", False)
    for place, one in enumerate(data.get("customFields", []), 1):
        _custom_field(store, board, one, place * STEP)
    for one in data.get("cards", []):
        store.hold(store.now() + timedelta(seconds=1))
        _card(store, board["idMemberCreator"], lists[one["list"]], labels, one)
    return board


def _member_id(store: Store, username: str) -> str:
    member = store.member_named(username)
    if member is None:
        raise ValueError(f"The seed puts {username!r} on a board, but no person has that Trello username.")
    return str(member["id"])


def _card(store: Store, maker: str, place: Doc, labels: Mapping[str, str], data: Mapping[str, Any]) -> None:
    last = max((card["pos"] for card in store.cards_of_list(place["id"])), default=0)
    card = cards.new_card(store, place, data["name"], round(last) + STEP)
    card.update({key: data[key] for key in _PLAIN if key in data})
    card.update({key: iso(moment(data[key])) for key in ("due", "start") if data.get(key)})
    actions.on_card(store, maker, "createCard", card, {"list": actions.ref(place)})
    ask = Ask(store, Params({}), {}, maker)
    for username in data.get("members", []):
        card_moves.add_member(ask, card, _member_id(store, username))
    for name, value in data.get("customFields", {}).items():
        _custom_value(store, card, name, value)
    for name in data.get("labels", []):
        card_moves.add_label(ask, card, labels[name])
    for one in data.get("checklists", []):
        _checklist(store, card, one)
    for comment in data.get("comments", []):
        author = comment["member"] if isinstance(comment, Mapping) else None
        text = comment["text"] if isinstance(comment, Mapping) else comment
        comments.add(store, _member_id(store, author) if author else maker, card, text)


def _custom_field(store: Store, board: Doc, data: Mapping[str, Any], pos: float) -> None:
    field = custom_fields.new_field(store, board, data["name"], data["type"], pos)
    for place, text in enumerate(data.get("options", []), 1):
        custom_fields.new_option(store, field, text, place * STEP)


def _custom_value(store: Store, card: Doc, name: str, value: str) -> None:
    """The seed says a list's value by the option's text, any other as the string that is stored."""
    fields = [one for one in store.custom_fields.values() if (one["idBoard"], one["name"]) == (card["idBoard"], name)]
    if not fields:
        raise ValueError(f"The seed gives a card the custom field {name!r}, which its board does not have.")
    option = next((one["id"] for one in fields[0]["options"] if one["value"]["text"] == value), None)
    kind = custom_fields.VALUE_KEYS[fields[0]["type"]]
    stored = custom_fields.understood(fields[0], {kind: value}, option)
    custom_fields.set_value(store, card, fields[0], *stored)


def _checklist(store: Store, card: Doc, data: Mapping[str, Any]) -> None:
    made = checklists.new_checklist(store, card, data["name"], (len(card["idChecklists"]) + 1) * STEP)
    for place, item in enumerate(data.get("items", []), 1):
        checklists.new_item(store, made, item["name"], place * STEP, item.get("state", "incomplete"))
