"""Checklists and their items: made, renamed, ticked, moved and deleted."""

from typing import Any

from adapters.sandbox.trello import actions, errors, views
from adapters.sandbox.trello.ask import Ask
from adapters.sandbox.trello.positions import position
from adapters.sandbox.trello.router import Route
from adapters.sandbox.trello.store import Doc, Store, by_pos

MOST_PER_CARD = 500
MOST_ITEMS = 200
_STATES = {"complete": "complete", "true": "complete", "incomplete": "incomplete", "false": "incomplete"}


def new_checklist(store: Store, card: Doc, name: str, pos: float) -> Doc:
    """An empty checklist on a card; writes no action."""
    made: Doc = {"id": store.new_id(), "name": name, "idBoard": card["idBoard"], "idCard": card["id"], "pos": pos}
    made["checkItems"] = []
    store.checklists[made["id"]] = made
    card["idChecklists"].append(made["id"])
    return made


def new_item(store: Store, checklist: Doc, name: str, pos: float, state: str = "incomplete") -> Doc:
    """An item at the end of a checklist's storage; writes no action."""
    made: Doc = {
        "id": store.new_id(),
        "name": name,
        "nameData": {"emoji": {}},
        "pos": pos,
        "due": None,
        "dueReminder": None,
        "idMember": None,
        "idChecklist": checklist["id"],
        "state": state,
    }
    checklist["checkItems"].append(made)
    return made


def _create(ask: Ask) -> Doc:
    if "card" in ask.path:
        return _make(ask, ask.card())
    card = ask.store.cards.get(ask.params.object_id("idCard"))
    if card is None:
        raise errors.invalid_value("idCard")
    ask.seen_board(card["idBoard"])
    return _make(ask, card)


def _make(ask: Ask, card: Doc) -> Doc:
    name = ask.params.text("name", "Checklist", least=1)
    siblings = ask.store.checklists_of(card)
    if len(siblings) >= MOST_PER_CARD:
        raise errors.too_many("checklists")
    made = new_checklist(ask.store, card, name, position(ask.params, (one["pos"] for one in siblings)))
    _record(ask, made, "addChecklistToCard", {})
    return {**views.checklist(made), "limits": {}}


def _record(ask: Ask, checklist: Doc, kind: str, data: Doc) -> None:
    card = ask.store.cards[checklist["idCard"]]
    ask.store.touch(card)
    actions.on_card(ask.store, ask.me, kind, card, {"checklist": actions.ref(checklist), **data})


def _update(ask: Ask) -> Doc:
    checklist, params = ask.checklist(), ask.params
    card = ask.store.cards[checklist["idCard"]]
    name = params.text("name", least=1) if "name" in params else checklist["name"]
    if "pos" in params:
        others = (one["pos"] for one in ask.store.checklists_of(card) if one is not checklist)
        checklist["pos"] = position(params, others)
        ask.store.touch(card)
    if name != checklist["name"]:
        old, checklist["name"] = checklist["name"], name
        _record(ask, checklist, "updateChecklist", {"old": {"name": old}})
    return views.checklist(checklist)


def _update_field(ask: Ask) -> Doc:
    return _update(ask.of_field("checklistField"))


def _delete(ask: Ask) -> Doc:
    checklist = ask.checklist()
    if "card" in ask.path and checklist["idCard"] != ask.card()["id"]:
        raise errors.not_found()
    _record(ask, checklist, "removeChecklistFromCard", {})
    ask.store.cards[checklist["idCard"]]["idChecklists"].remove(checklist["id"])
    del ask.store.checklists[checklist["id"]]
    return {"limits": {}}


def _add_item(ask: Ask) -> Doc:
    checklist, params = ask.checklist(), ask.params
    name, state = params.text("name", least=1), _state(ask, "checked")
    due, member = params.date("due"), _member(ask)
    if len(checklist["checkItems"]) >= MOST_ITEMS:
        raise errors.too_many("checkItems")
    pos = position(params, (item["pos"] for item in checklist["checkItems"]))
    item = new_item(ask.store, checklist, name, pos, state or "incomplete")
    item |= {"due": due, "idMember": member}
    _record(ask, checklist, "createCheckItem", {"checkItem": _item_ref(item)})
    return {**views.check_item(item), "limits": {}}


def _state(ask: Ask, name: str) -> str | None:
    if name not in ask.params:
        return None
    value = str(ask.params.raw(name)).lower()
    if value not in _STATES:
        raise errors.invalid_value(name)
    return _STATES[value]


def _member(ask: Ask) -> str | None:
    return ask.params.object_id("idMember") if ask.params.raw("idMember") not in (None, "", "null") else None


def _item_ref(item: Doc) -> Doc:
    return {key: item[key] for key in ("id", "name", "state")}


def _item(ask: Ask, checklist: Doc | None = None) -> tuple[Doc, Doc]:
    """The item the path names, and its checklist; on the path's card or in the path's checklist only."""
    store, wanted = ask.store, ask.path["checkItem"].lower()
    places = [checklist] if checklist else store.checklists_of(ask.card())
    for place in places:
        for item in place["checkItems"]:
            if item["id"] == wanted:
                return item, place
    raise errors.not_found()


def _read_item(ask: Ask) -> Doc:
    item, _ = _item(ask, ask.checklist() if "checklist" in ask.path else None)
    return views.check_item(item)


def _update_item(ask: Ask) -> Doc:
    item, checklist = _item(ask)
    params = ask.params
    changes: Doc = {}
    if "name" in params:
        changes["name"] = params.text("name", least=1)
    if "due" in params:
        changes["due"] = params.date("due")
    if "idMember" in params:
        changes["idMember"] = _member(ask)
    state, target = _state(ask, "state"), _target(ask, checklist)
    if target is not checklist or "pos" in params:
        others = [one["pos"] for one in target["checkItems"] if one is not item]
        _move_item(ask, item, checklist, target, position(params, others))
    for field, value in changes.items():
        _change_item(ask, item, target, field, value)
    if state and state != item["state"]:
        item["state"] = state
        data = {"checkItem": {**_item_ref(item), "textData": {"emoji": {}}}}
        _record(ask, target, "updateCheckItemStateOnCard", data)
    return {**views.check_item(item), "type": None, "creationMethod": None}


def _target(ask: Ask, checklist: Doc) -> Doc:
    if "idChecklist" not in ask.params:
        return checklist
    target = ask.store.checklists.get(ask.params.object_id("idChecklist"))
    if target is None or target["idCard"] != checklist["idCard"]:
        raise errors.invalid_value("idChecklist")
    return target


def _move_item(ask: Ask, item: Doc, source: Doc, target: Doc, pos: float) -> None:
    # Trello's guide: moves of items change the card's last activity but write no action.
    source["checkItems"].remove(item)
    target["checkItems"].append(item)
    item |= {"idChecklist": target["id"], "pos": pos}
    ask.store.touch(ask.store.cards[target["idCard"]])


def _change_item(ask: Ask, item: Doc, checklist: Doc, field: str, value: Any) -> None:
    if item[field] != value:
        old, item[field] = item[field], value
        _record(ask, checklist, "updateCheckItem", {"checkItem": _item_ref(item), "old": {field: old}})


def _delete_item(ask: Ask) -> Doc:
    item, checklist = _item(ask, ask.checklist() if "checklist" in ask.path else None)
    checklist["checkItems"].remove(item)
    _record(ask, checklist, "deleteCheckItem", {"checkItem": _item_ref(item)})
    # What the live service answers here is not documented; other deletions answer this.
    return {"limits": {}}


def _items(ask: Ask) -> list[Doc]:
    return [views.check_item(item) for item in by_pos(ask.checklist()["checkItems"])]


def _of_card(ask: Ask) -> list[Doc]:
    return [views.checklist(one) for one in ask.store.checklists_of(ask.card())]


ROUTES: tuple[Route, ...] = (
    ("POST", "checklists", _create),
    ("POST", "cards/{card}/checklists", _create),
    ("GET", "cards/{card}/checklists", _of_card),
    ("GET", "checklists/{checklist}", lambda ask: views.checklist(ask.checklist())),
    ("PUT", "checklists/{checklist}", _update),
    ("PUT", "checklists/{checklist}/{checklistField}", _update_field),
    ("DELETE", "checklists/{checklist}", _delete),
    ("DELETE", "cards/{card}/checklists/{checklist}", _delete),
    ("GET", "checklists/{checklist}/checkItems", _items),
    ("POST", "checklists/{checklist}/checkItems", _add_item),
    ("GET", "checklists/{checklist}/checkItems/{checkItem}", _read_item),
    ("DELETE", "checklists/{checklist}/checkItems/{checkItem}", _delete_item),
    ("GET", "cards/{card}/checkItem/{checkItem}", _read_item),
    ("PUT", "cards/{card}/checkItem/{checkItem}", _update_item),
    ("DELETE", "cards/{card}/checkItem/{checkItem}", _delete_item),
)
