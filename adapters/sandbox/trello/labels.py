"""Labels of a board, and who and what is on a card: repeating a membership is refused, which makes it a claim."""

from adapters.sandbox.trello import actions, boards, card_moves, errors, views
from adapters.sandbox.trello.ask import Ask
from adapters.sandbox.trello.router import Route
from adapters.sandbox.trello.store import Doc

MOST = 1000


def _create(ask: Ask) -> Doc:
    return _make(ask, ask.board_param())


def _make(ask: Ask, board: Doc) -> Doc:
    if "name" not in ask.params:
        raise errors.invalid_value("name")
    name, color = ask.params.text("name"), _color(ask)
    if len(ask.store.labels_of(board["id"])) >= MOST:
        raise errors.too_many("labels")
    label = boards.new_label(ask.store, board, name, color)
    ask.store.touch_board(board["id"])
    _record(ask, label, "createLabel", {"label": views.pick(label, ["name", "color"])})
    return {**views.label(label), "limits": {}}


def _color(ask: Ask) -> str | None:
    color = ask.params.raw("color")
    if color in (None, "", "null"):
        return None
    if not isinstance(color, str) or color not in views.LABEL_COLOURS:
        raise errors.invalid_value("color")
    return color


def _record(ask: Ask, label: Doc, kind: str, data: Doc) -> None:
    board = ask.store.boards[label["idBoard"]]
    actions.record(ask.store, ask.me, kind, {**data, "board": actions.board_ref(board)})


def _update(ask: Ask) -> Doc:
    label, params = ask.label(), ask.params
    changes: Doc = {}
    if "name" in params:
        changes["name"] = params.text("name")
    if "color" in params:
        changes["color"] = _color(ask)
    for field, value in changes.items():
        if label[field] != value:
            old, label[field] = label[field], value
            ask.store.touch_board(label["idBoard"])
            shown = views.pick(label, ["name", "color"])
            _record(ask, label, "updateLabel", {"label": shown, "old": {field: old}})
    return views.label(label)


def _update_field(ask: Ask) -> Doc:
    return _update(ask.of_field("labelField"))


def _delete(ask: Ask) -> Doc:
    label, store = ask.label(), ask.store
    for card in store.cards.values():
        if label["id"] in card["idLabels"]:
            card["idLabels"].remove(label["id"])
    del store.labels[label["id"]]
    store.touch_board(label["idBoard"])
    _record(ask, label, "deleteLabel", {"label": {"id": label["id"]}})
    return {"limits": {}}


def _put_on_card(ask: Ask) -> list[str]:
    card, label = ask.card(), ask.params.object_id("value")
    if ask.store.labels.get(label, {}).get("idBoard") != card["idBoard"]:
        raise errors.text(400, "label not found")
    if label in card["idLabels"]:
        raise errors.text(400, "that label is already on the card")
    card_moves.add_label(ask, card, label)
    ask.store.touch(card)
    return list(card["idLabels"])


def _take_off_card(ask: Ask) -> Doc:
    card, label = ask.card(), ask.path["label"].lower()
    if label not in card["idLabels"]:
        raise errors.not_found()
    card_moves.remove_label(ask, card, label)
    ask.store.touch(card)
    return {"_value": None}


def _make_on_card(ask: Ask) -> Doc:
    card = ask.card()
    named = ask if "name" in ask.params else ask.about("name", "")
    made = _make(named, ask.store.boards[card["idBoard"]])
    card_moves.add_label(ask, card, made["id"])
    ask.store.touch(card)
    return made


def _join(ask: Ask) -> list[Doc]:
    card, member = ask.card(), ask.params.object_id("value")
    if member not in ask.store.boards[card["idBoard"]]["idMembers"]:
        raise errors.invalid_object_id()
    if member in card["idMembers"]:
        raise errors.text(400, "member is already on the card")
    card_moves.add_member(ask, card, member)
    ask.store.touch(card)
    return _card_members(ask, card)


def _leave(ask: Ask) -> list[Doc]:
    card, member = ask.card(), ask.member()["id"]
    if member not in card["idMembers"]:
        raise errors.text(400, "member is not on the card")
    card_moves.remove_member(ask, card, member)
    ask.store.touch(card)
    return _card_members(ask, card)


def _card_members(ask: Ask, card: Doc) -> list[Doc]:
    return [views.member(ask.store.members[one]) for one in card["idMembers"]]


ROUTES: tuple[Route, ...] = (
    ("POST", "labels", _create),
    ("POST", "boards/{board}/labels", lambda ask: _make(ask, ask.board())),
    ("GET", "labels/{label}", lambda ask: views.label(ask.label())),
    ("PUT", "labels/{label}", _update),
    ("PUT", "labels/{label}/{labelField}", _update_field),
    ("DELETE", "labels/{label}", _delete),
    ("POST", "cards/{card}/idLabels", _put_on_card),
    ("DELETE", "cards/{card}/idLabels/{label}", _take_off_card),
    ("POST", "cards/{card}/labels", _make_on_card),
    ("POST", "cards/{card}/idMembers", _join),
    ("DELETE", "cards/{card}/idMembers/{member}", _leave),
    ("GET", "cards/{card}/members", lambda ask: _card_members(ask, ask.card())),
)
