"""Custom fields: their definitions on a board, and their values on cards, which are strings whatever their type."""

import hashlib
import math
from collections.abc import Mapping
from typing import Any

from adapters.sandbox.trello import actions, errors
from adapters.sandbox.trello.ask import Ask
from adapters.sandbox.trello.params import iso, moment
from adapters.sandbox.trello.positions import STEP, position
from adapters.sandbox.trello.router import Route
from adapters.sandbox.trello.store import Doc, Store, by_pos

MOST = 50
VALUE_KEYS = {"text": "text", "number": "number", "date": "date", "checkbox": "checked", "list": "idValue"}
_LIMITS = {"customFieldOptions": {"perField": {"status": "ok", "disableAt": 50, "warnAt": 40}}}


def new_field(store: Store, board: Doc, name: str, kind: str, pos: float) -> Doc:
    """A field of a board; writes no action."""
    made: Doc = {"id": store.new_id(), "idBoard": board["id"], "name": name, "type": kind, "pos": pos}
    made |= {"cardFront": True, "options": []}
    store.custom_fields[made["id"]] = made
    return made


def new_option(store: Store, field: Doc, text: str, pos: float) -> Doc:
    """A choice of a list field."""
    option: Doc = {"id": store.new_id(), "idCustomField": field["id"], "value": {"text": text}, "color": "none"}
    option["pos"] = pos
    field["options"].append(option)
    return option


def view(field: Doc, *, single: bool = False) -> Doc:
    """A field as boards list it; on its own with its limits."""
    shown: Doc = {
        "id": field["id"],
        "idModel": field["idBoard"],
        "modelType": "board",
        "fieldGroup": hashlib.sha256(f"{field['name']}/{field['type']}".encode()).hexdigest(),
        "display": {"cardFront": field["cardFront"]},
        "name": field["name"],
        "pos": field["pos"],
        "type": field["type"],
        "isSuggestedField": False,
    }
    if field["type"] == "list":
        shown["options"] = [dict(option) for option in by_pos(field["options"])]
    return {**shown, "limits": _LIMITS} if single else shown


def of_board(store: Store, board_id: str) -> list[Doc]:
    """The fields of a board in their order."""
    return [view(field) for field in by_pos(_fields(store, board_id))]


def _fields(store: Store, board_id: str) -> list[Doc]:
    return [field for field in store.custom_fields.values() if field["idBoard"] == board_id]


def items(card: Doc) -> list[Doc]:
    """The values on a card; a field without a value has no item."""
    return [dict(item) for item in card["customFieldItems"]]


def set_value(
    store: Store, card: Doc, field: Doc, value: Mapping[str, str] | None, option: str | None
) -> tuple[Doc, Doc]:
    """Sets a value, or clears it; gives the item as it was and as it is. Writes no action."""
    kept = [item for item in card["customFieldItems"] if item["idCustomField"] != field["id"]]
    old = next((item for item in card["customFieldItems"] if item not in kept), None)
    item: Doc = {
        "id": old["id"] if old else store.new_id(),
        "value": dict(value) if value else None,
        "idValue": option,
        "idCustomField": field["id"],
        "idModel": card["id"],
        "modelType": "card",
    }
    card["customFieldItems"] = [*kept, item] if value or option else kept
    return old or {**item, "value": None, "idValue": None}, item


def _wrong_value() -> errors.Refusal:
    return errors.text(400, "Invalid custom field item value.")


def understood(field: Doc, value: object, option: object) -> tuple[dict[str, str] | None, str | None]:
    """A value and an option as they are stored; raises the refusal for what does not fit the field's type."""
    if field["type"] == "list":
        if option in (None, ""):
            return None, None
        if option not in [one["id"] for one in field["options"]]:
            raise _wrong_value()
        return None, str(option)
    if value in (None, ""):
        return None, None
    key = VALUE_KEYS[field["type"]]
    if not isinstance(value, Mapping) or list(value) != [key]:
        raise _wrong_value()
    return {key: _string(field["type"], value[key])}, None


def _string(kind: str, given: object) -> str:
    if isinstance(given, bool):
        given = str(given).lower()
    if not isinstance(given, str | int | float):
        raise _wrong_value()
    text = str(given)
    try:
        if kind == "date":
            return iso(moment(text))
        wrong = kind == "number" and not math.isfinite(float(text))
    except (ValueError, OverflowError) as error:
        raise _wrong_value() from error
    if wrong or (kind == "checkbox" and text not in ("true", "false")):
        raise _wrong_value()
    return text


def _enabled(ask: Ask) -> None:
    if not ask.quirks.custom_fields:
        # Trello's guide: the Custom Fields Power-Up must be on; the live words are not documented.
        raise errors.document(403, "custom fields are not enabled on this board")


def _create(ask: Ask) -> Doc:
    _enabled(ask)
    params = ask.params
    board_id, kind = params.object_id("idModel"), params.text("type")
    if board_id not in ask.store.boards or params.text("modelType") != "board":
        raise errors.invalid_value("idModel")
    board, siblings = ask.seen_board(board_id), _fields(ask.store, board_id)
    if kind not in VALUE_KEYS:
        raise errors.invalid_value("type")
    if len(siblings) >= MOST:
        raise errors.too_many("customFields")
    name, pos = params.text("name", least=1), position(params, (one["pos"] for one in siblings))
    field = new_field(ask.store, board, name, kind, pos)
    field["cardFront"] = params.flag("display_cardFront", True)
    for place, option in enumerate(_options(ask), 1):
        new_option(ask.store, field, option, place * STEP)
    ask.store.touch_board(board_id)
    data = {"board": actions.board_ref(board), "customField": actions.ref(field)}
    actions.record(ask.store, ask.me, "createCustomField", data)
    return view(field, single=True)


def _options(ask: Ask) -> list[str]:
    given = ask.params.raw("options")
    texts = [one["value"]["text"] for one in given if _is_option(one)] if isinstance(given, list) else []
    return [str(text) for text in texts]


def _is_option(one: object) -> bool:
    return isinstance(one, dict) and isinstance(one.get("value"), dict) and "text" in one["value"]


def _update(ask: Ask) -> Doc:
    field, params = ask.custom_field(), ask.params
    if "name" in params:
        field["name"] = params.text("name", least=1)
    if "display/cardFront" in params:
        field["cardFront"] = params.flag("display/cardFront")
    if "pos" in params:
        others = (one["pos"] for one in _fields(ask.store, field["idBoard"]) if one is not field)
        field["pos"] = position(params, others)
    ask.store.touch_board(field["idBoard"])
    return view(field, single=True)


def _delete(ask: Ask) -> Doc:
    field = ask.custom_field()
    for card in ask.store.cards.values():
        card["customFieldItems"] = [item for item in card["customFieldItems"] if item["idCustomField"] != field["id"]]
    del ask.store.custom_fields[field["id"]]
    ask.store.touch_board(field["idBoard"])
    return {}


def _add_option(ask: Ask) -> Doc:
    field = ask.custom_field()
    value = _value_param(ask)
    if field["type"] != "list" or not isinstance(value, Mapping) or not value.get("text"):
        raise errors.invalid_value("value")
    if len(field["options"]) >= MOST:
        raise errors.too_many("customFieldOptions")
    pos = position(ask.params, (one["pos"] for one in field["options"]))
    return dict(new_option(ask.store, field, str(value["text"]), pos))


def _read_options(ask: Ask) -> list[Doc]:
    # Recorded: only in this listing the id is called `_id`.
    options = by_pos(ask.custom_field()["options"])
    return [{"color": one["color"], "pos": one["pos"], "_id": one["id"], "value": one["value"]} for one in options]


def _option(ask: Ask) -> Doc:
    wanted = ask.path["option"].lower()
    found: Doc | None = next((one for one in ask.custom_field()["options"] if one["id"] == wanted), None)
    if found is None:
        raise errors.not_found()
    return found


def _delete_option(ask: Ask) -> Doc:
    gone = _option(ask)
    ask.custom_field()["options"].remove(gone)
    for card in ask.store.cards.values():
        card["customFieldItems"] = [item for item in card["customFieldItems"] if item["idValue"] != gone["id"]]
    return {}


def _value_param(ask: Ask) -> object:
    """The parameter `value`: a JSON object, or `value[text]=…` in a form."""
    for key in VALUE_KEYS.values():
        if f"value[{key}]" in ask.params:
            return {key: ask.params.raw(f"value[{key}]")}
    return ask.params.raw("value")


def _put_item(ask: Ask) -> Doc:
    _enabled(ask)
    card, field = ask.card(), ask.custom_field()
    if field["idBoard"] != card["idBoard"]:
        raise errors.not_found()
    stored = understood(field, _value_param(ask), ask.params.raw("idValue"))
    return _write_item(ask, card, field, *stored)


def _write_item(ask: Ask, card: Doc, field: Doc, value: dict[str, str] | None, option: str | None) -> Doc:
    old, item = set_value(ask.store, card, field, value, option)
    ask.store.touch(card)
    data = {
        "old": {"value": old["value"]} if field["type"] != "list" else {"idValue": old["idValue"]},
        "customField": {key: field[key] for key in ("id", "name", "type")},
        "customFieldItem": dict(item),
    }
    actions.on_card(ask.store, ask.me, "updateCustomFieldItem", card, data)
    return item


def _put_items(ask: Ask) -> list[Doc]:
    """Several values at once; all are checked before one is written."""
    _enabled(ask)
    card, given = ask.card(), ask.params.raw("customFieldItems")
    if not isinstance(given, list):
        raise errors.invalid_value("customFieldItems")
    checked: list[tuple[Doc, dict[str, str] | None, str | None]] = []
    for one in given:
        known: Any = isinstance(one, dict) and ask.store.custom_fields.get(str(one.get("idCustomField")))
        if not known or known["idBoard"] != card["idBoard"]:
            raise errors.invalid_value("customFieldItems")
        checked.append((known, *understood(known, one.get("value"), one.get("idValue"))))
    return [_write_item(ask, card, *one) for one in checked]


ROUTES: tuple[Route, ...] = (
    ("POST", "customFields", _create),
    ("GET", "customFields/{customField}", lambda ask: view(ask.custom_field(), single=True)),
    ("PUT", "customFields/{customField}", _update),
    ("DELETE", "customFields/{customField}", _delete),
    ("GET", "customFields/{customField}/options", _read_options),
    ("POST", "customFields/{customField}/options", _add_option),
    ("GET", "customFields/{customField}/options/{option}", lambda ask: dict(_option(ask))),
    ("DELETE", "customFields/{customField}/options/{option}", _delete_option),
    ("GET", "boards/{board}/customFields", lambda ask: of_board(ask.store, ask.board()["id"])),
    ("GET", "cards/{card}/customFieldItems", lambda ask: items(ask.card())),
    ("PUT", "cards/{card}/customField/{customField}/item", _put_item),
    ("PUT", "cards/{card}/customFields", _put_items),
)
