"""Lists: made, renamed, moved, archived, never deleted; archiving a list leaves its cards open."""

from typing import Any

from adapters.sandbox.trello import actions, boards, card_moves, card_reading, errors, views
from adapters.sandbox.trello.ask import Ask
from adapters.sandbox.trello.positions import position
from adapters.sandbox.trello.router import Route
from adapters.sandbox.trello.store import Doc

MOST_OPEN = 500


def _create(ask: Ask) -> Doc:
    name = ask.params.text("name", least=1)
    board = ask.board_param()
    siblings = ask.store.lists_of(board["id"])
    if sum(not one["closed"] for one in siblings) >= MOST_OPEN:
        raise errors.too_many("lists")
    # Recorded: without `pos` a new list lands on the left.
    made = boards.new_list(ask.store, board, name, position(ask.params, (one["pos"] for one in siblings), "top"))
    ask.store.touch_board(board["id"])
    _record(ask, "createList", made, {"list": actions.ref(made)})
    return {**views.list_(made), "limits": {}}


def _record(ask: Ask, kind: str, one: Doc, data: Doc) -> None:
    board = ask.store.boards[one["idBoard"]]
    actions.record(ask.store, ask.me, kind, {**data, "board": actions.board_ref(board)})


def _read(ask: Ask) -> Doc:
    one = ask.list_()
    shown = views.pick(views.list_(one), ask.params.words("fields", "all"))
    if ask.params.text("cards", "none") != "none":
        shown["cards"] = card_reading.nested(ask, ask.store.cards_of_list(one["id"]))
    return shown


def _update(ask: Ask) -> Doc:
    one, params = ask.list_(), ask.params
    changes: Doc = {}
    if "name" in params:
        changes["name"] = params.text("name", least=1)
    if "closed" in params:
        changes["closed"] = params.flag("closed")
    if "pos" in params:
        others = (other["pos"] for other in ask.store.lists_of(one["idBoard"]) if other is not one)
        changes["pos"] = position(params, others)
    for field, value in changes.items():
        _change(ask, one, field, value)
    return views.list_(one)


def _change(ask: Ask, one: Doc, field: str, value: object) -> None:
    if one[field] == value:
        return
    old, one[field] = one[field], value
    ask.store.touch_board(one["idBoard"])
    _record(ask, "updateList", one, {"list": {field: value, **actions.ref(one)}, "old": {field: old}})


def _update_field(ask: Ask) -> Doc:
    return _update(ask.of_field("listField"))


def _field(ask: Ask) -> Doc:
    return {"_value": ask.list_()[ask.path["listField"]]}


def _cards(ask: Ask) -> list[Doc]:
    return card_reading.listing(ask, ask.store.cards_of_list(ask.list_()["id"]))


def _actions(ask: Ask) -> Any:
    query = actions.Query.of(ask.params)
    shown = actions.listing(ask.store, actions.about(ask.store, "list", ask.list_()["id"]), query)
    return {"_value": len(shown)} if query.count else shown


def _archive_cards(ask: Ask) -> Doc:
    for card in ask.store.cards_of_list(ask.list_()["id"]):
        if not card["closed"]:
            card["closed"] = True
            ask.store.touch(card)
            actions.changed(ask.store, ask.me, card, "closed", False)
    return {}


def _move_cards(ask: Ask) -> list[Doc]:
    source, target = ask.list_(), ask.list_param()
    if target["idBoard"] != ask.params.object_id("idBoard"):
        raise errors.invalid_value("idList")
    cards = [card for card in ask.store.cards_of_list(source["id"]) if not card["closed"]]
    for card in cards:
        card_moves.move(ask, card, target, card["pos"])
    return [{key: card[key] for key in ("id", "idBoard", "idList", "pos")} for card in cards]


ROUTES: tuple[Route, ...] = (
    ("POST", "lists", _create),
    ("POST", "boards/{board}/lists", lambda ask: _create(ask.about("idBoard", ask.board()["id"]))),
    ("GET", "lists/{list}", _read),
    ("PUT", "lists/{list}", _update),
    ("GET", "lists/{list}/{listField}", _field),
    ("PUT", "lists/{list}/{listField}", _update_field),
    ("GET", "lists/{list}/cards", _cards),
    ("GET", "lists/{list}/cards/{cardFilter}", _cards),
    ("GET", "lists/{list}/actions", _actions),
    ("POST", "lists/{list}/archiveAllCards", _archive_cards),
    ("POST", "lists/{list}/moveAllCards", _move_cards),
)
