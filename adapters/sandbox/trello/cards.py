"""Cards: made, read, changed field by field, moved, archived and deleted; two equal POSTs make two cards."""

from collections.abc import Callable
from typing import Any

from adapters.sandbox.trello import actions, card_moves, card_reading, errors, views
from adapters.sandbox.trello.ask import Ask
from adapters.sandbox.trello.params import Params, iso
from adapters.sandbox.trello.positions import position
from adapters.sandbox.trello.router import Route
from adapters.sandbox.trello.store import Doc, Store

_Step = Callable[[Ask, Doc, str], None]
MOST_OPEN = 5000
_READERS: dict[str, Callable[[Params], Any]] = {
    "name": lambda params: params.text("name", least=1),
    "desc": lambda params: params.text("desc"),
    "closed": lambda params: params.flag("closed"),
    "due": lambda params: params.date("due"),
    "start": lambda params: params.date("start"),
    "dueComplete": lambda params: params.flag("dueComplete"),
    "dueReminder": lambda params: params.minutes("dueReminder"),
}


def new_card(store: Store, place: Doc, name: str, pos: float) -> Doc:
    """A bare card in a list; writes no action."""
    card_id, board = store.new_id(), store.boards[place["idBoard"]]
    card: Doc = {
        "id": card_id,
        "idBoard": board["id"],
        "idList": place["id"],
        "idShort": board["nextShort"],
        "shortLink": store.short_link(card_id),
        "name": name,
        "pos": pos,
        "desc": "",
        "closed": False,
        "due": None,
        "start": None,
        "dueComplete": False,
        "dueReminder": None,
        "idMembers": [],
        "idLabels": [],
        "idChecklists": [],
        "attachments": [],
        "customFieldItems": [],
        "comments": 0,
        "dateLastActivity": iso(store.now()),
    }
    board["nextShort"] += 1
    store.cards[card_id] = card
    return card


def _create(ask: Ask) -> Doc:
    params, store = ask.params, ask.store
    place = ask.list_param()
    name = params.text("name")
    changes = {field: read(params) for field, read in _READERS.items() if field in params and field != "name"}
    members, labels = _members(ask, place["idBoard"]), _labels(ask, place["idBoard"])
    pos = position(params, (card["pos"] for card in store.cards_of_list(place["id"])))
    if sum(not card["closed"] for card in store.cards_of_board(place["idBoard"])) >= MOST_OPEN:
        raise errors.too_many("cards")
    card = new_card(store, place, name, pos)
    card.update(changes)
    store.touch(card)
    _record_creation(ask, card)
    for member in members or ():
        card_moves.add_member(ask, card, member)
    for label in labels or ():
        card_moves.add_label(ask, card, label)
    return {**views.card(store, card), "attachments": [], "stickers": [], "limits": {}}


def _record_creation(ask: Ask, card: Doc) -> None:
    # Recorded: the due date's own action has a smaller id and an earlier date than the card's creation.
    if card["due"]:
        actions.changed(ask.store, ask.me, card, "due", None, earlier=0.03)
    place = actions.ref(ask.store.lists[card["idList"]])
    actions.on_card(ask.store, ask.me, "createCard", card, {"list": place})


def _members(ask: Ask, board_id: str) -> list[str] | None:
    if "idMembers" not in ask.params:
        return None
    found = ask.params.object_ids("idMembers")
    if not set(found) <= set(ask.store.boards[board_id]["idMembers"]):
        raise errors.invalid_object_id()
    return found if len(found) == len(set(found)) else _twice()


def _labels(ask: Ask, board_id: str) -> list[str] | None:
    if "idLabels" not in ask.params:
        return None
    found = ask.params.object_ids("idLabels")
    known = {label["id"] for label in ask.store.labels_of(board_id)}
    return found if set(found) <= known and len(found) == len(set(found)) else _twice()


def _twice() -> list[str]:
    # The live service has said this for an id given twice since 2025.
    raise errors.text(400, "label not found")


def _read(ask: Ask) -> Doc:
    card = ask.card()
    view = card_reading.shown(ask, card, listed=False)
    if ask.params.flag("list"):
        view["list"] = views.list_(ask.store.lists[card["idList"]])
    if ask.params.flag("board"):
        view["board"] = views.pick(views.board(ask.store, ask.store.boards[card["idBoard"]]), views.BOARD_DEFAULT)
    return view


def _field(ask: Ask) -> Doc:
    return {"_value": views.card(ask.store, ask.card())[ask.path["cardField"]]}


def _update(ask: Ask) -> Doc:
    """Everything is checked before anything is changed: the live service applies several fields together."""
    card, params, store = ask.card(), ask.params, ask.store
    target = _target(ask, card)
    changes = {field: read(params) for field, read in _READERS.items() if field in params}
    members, labels = _members(ask, target["idBoard"]), _labels(ask, target["idBoard"])
    moved = target["id"] != card["idList"]
    pos = card["pos"]
    if moved or "pos" in params:
        pos = position(params, (one["pos"] for one in store.cards_of_list(target["id"]) if one is not card))
    if moved or pos != card["pos"]:
        card_moves.move(ask, card, target, pos)
    for field, value in changes.items():
        _change(ask, card, field, value)
    _set_members(ask, card, members)
    _set_labels(ask, card, labels)
    return views.card(store, card)


def _target(ask: Ask, card: Doc) -> Doc:
    board_id = card["idBoard"]
    if "idBoard" in ask.params:
        board_id = ask.board_param()["id"]
    if "idList" in ask.params:
        target = ask.list_param()
        if target["idBoard"] != board_id:
            raise errors.invalid_value("idList")
        return target
    if board_id == card["idBoard"]:
        return ask.store.lists[card["idList"]]
    # Recorded: a move to a board without a list goes to its first list.
    first = next((one for one in ask.store.lists_of(board_id) if not one["closed"]), None)
    if first is None:
        raise errors.invalid_value("idBoard")
    return first


def _change(ask: Ask, card: Doc, field: str, value: object) -> None:
    if card[field] == value:
        return
    old, card[field] = card[field], value
    ask.store.touch(card)
    actions.changed(ask.store, ask.me, card, field, old)


def _set_members(ask: Ask, card: Doc, wanted: list[str] | None) -> None:
    _set(ask, card, "idMembers", wanted, card_moves.add_member, card_moves.remove_member)


def _set_labels(ask: Ask, card: Doc, wanted: list[str] | None) -> None:
    _set(ask, card, "idLabels", wanted, card_moves.add_label, card_moves.remove_label)


def _set(ask: Ask, card: Doc, field: str, wanted: list[str] | None, add: _Step, remove: _Step) -> None:
    """Take off what is not wanted any more, then put on what is new, each with its own action."""
    if wanted is None or wanted == card[field]:
        return
    for one in [one for one in card[field] if one not in wanted]:
        remove(ask, card, one)
    for one in [one for one in wanted if one not in card[field]]:
        add(ask, card, one)
    ask.store.touch(card)


def _update_field(ask: Ask) -> Doc:
    return _update(ask.of_field("cardField"))


def _delete(ask: Ask) -> Doc:
    card, store = ask.card(), ask.store
    data = {
        "card": {key: card[key] for key in ("id", "idShort", "shortLink")},
        "list": actions.ref(store.lists[card["idList"]]),
    }
    # Recorded: what was done to a deleted card is gone from the board's activity, its deletion stays.
    for action in actions.about(store, "card", card["id"]):
        del store.actions[action["id"]]
    actions.on_card(store, ask.me, "deleteCard", card, data)
    store.touch_board(card["idBoard"])
    for checklist in card["idChecklists"]:
        del store.checklists[checklist]
    del store.short_links[card["shortLink"]]
    del store.cards[card["id"]]
    return {"limits": {}}


def _actions(ask: Ask) -> Any:
    query = actions.Query.of(ask.params, actions.CARD_DEFAULT)
    shown = actions.listing(ask.store, actions.about(ask.store, "card", ask.card()["id"]), query)
    return {"_value": len(shown)} if query.count else shown


def _nothing(ask: Ask) -> list[Doc]:
    ask.card()
    return []


ROUTES: tuple[Route, ...] = (
    ("POST", "cards", _create),
    ("GET", "cards/{card}", _read),
    ("PUT", "cards/{card}", _update),
    ("DELETE", "cards/{card}", _delete),
    ("GET", "cards/{card}/{cardField}", _field),
    ("PUT", "cards/{card}/{cardField}", _update_field),
    ("GET", "cards/{card}/actions", _actions),
    ("GET", "cards/{card}/list", lambda ask: views.list_(ask.store.lists[ask.card()["idList"]])),
    ("GET", "cards/{card}/checkItemStates", lambda ask: views.check_item_states(ask.store, ask.card())),
    ("GET", "cards/{card}/pluginData", _nothing),
    ("GET", "cards/{card}/stickers", _nothing),
)
