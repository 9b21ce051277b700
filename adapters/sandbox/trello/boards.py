"""Boards: reading one with everything nested, its collections, its activity, making and changing boards."""

from collections.abc import Callable
from typing import Any

from adapters.sandbox.trello import actions, card_reading, custom_fields, errors, views
from adapters.sandbox.trello.ask import Ask
from adapters.sandbox.trello.params import iso
from adapters.sandbox.trello.positions import STEP
from adapters.sandbox.trello.router import Route
from adapters.sandbox.trello.store import Doc, Store

LABELS_SHOWN = 50
_NEW_LABELS = ("green", "yellow", "orange", "red", "purple", "blue")
_NEW_LISTS = ("To Do", "Doing", "Done")


def new_board(store: Store, me: str, name: str, desc: str = "") -> Doc:
    """An empty board of one member."""
    board_id = store.new_id()
    board: Doc = {
        "id": board_id,
        "name": name,
        "desc": desc,
        "closed": False,
        "shortLink": store.short_link(board_id),
        "idMemberCreator": me,
        "idMembers": [me],
        "nextShort": 1,
        "dateLastActivity": iso(store.now()),
    }
    store.boards[board_id] = board
    actions.record(store, me, "createBoard", {"board": actions.board_ref(board)})
    return board


def new_list(store: Store, board: Doc, name: str, pos: float) -> Doc:
    """A list of a board; writes no action."""
    made: Doc = {"id": store.new_id(), "name": name, "closed": False, "pos": pos, "idBoard": board["id"]}
    store.lists[made["id"]] = made
    return made


def new_label(store: Store, board: Doc, name: str, color: str | None) -> Doc:
    """A label of a board; writes no action."""
    made: Doc = {"id": store.new_id(), "idBoard": board["id"], "name": name, "color": color}
    store.labels[made["id"]] = made
    return made


def _create(ask: Ask) -> Doc:
    params = ask.params
    board = new_board(ask.store, ask.me, params.text("name", least=1), params.text("desc"))
    if params.flag("defaultLabels", True):
        for color in _NEW_LABELS:
            new_label(ask.store, board, "", color)
    if params.flag("defaultLists", True):
        for place, name in enumerate(_NEW_LISTS, 1):
            new_list(ask.store, board, name, place * STEP)
    return {**views.pick(views.board(ask.store, board), views.BOARD_DEFAULT), "limits": {}}


def _read(ask: Ask) -> Doc:
    board = ask.board()
    fields = ask.params.words("fields", ",".join(views.BOARD_DEFAULT))
    return views.pick(views.board(ask.store, board), fields) | _nested(ask, board)


def _nested(ask: Ask, board: Doc) -> Doc:
    store, params = ask.store, ask.params
    collections: dict[str, Callable[[], Any]] = {
        "lists": lambda: _lists(ask, params.text("lists"), "list_fields"),
        "cards": lambda: card_reading.nested(ask, store.cards_of_board(board["id"])),
        "labels": lambda: _labels(ask, "labels_limit", "label_fields"),
        "members": lambda: _members(ask, "member_fields"),
        "memberships": lambda: views.memberships(board),
        "checklists": lambda: _checklists(ask, "checklist_fields"),
        "actions": lambda: actions.listing(
            store, actions.about(store, "board", board["id"]), actions.Query.nested(params)
        ),
        "customFields": lambda: custom_fields.of_board(store, board["id"]),
        "pluginData": list,
    }
    wanted = {name for name in collections if params.text(name, "none") not in ("none", "false", "")}
    return {name: read() for name, read in collections.items() if name in wanted}


def _update(ask: Ask) -> Doc:
    board, params, store = ask.board(), ask.params, ask.store
    changes: Doc = {}
    if "name" in params:
        changes["name"] = params.text("name", least=1)
    if "desc" in params:
        changes["desc"] = params.text("desc")
    if "closed" in params:
        changes["closed"] = params.flag("closed")
    for field, value in changes.items():
        if board[field] != value:
            old, board[field] = board[field], value
            store.touch_board(board["id"])
            data = {"board": {field: value, **actions.board_ref(board)}, "old": {field: old}}
            actions.record(store, ask.me, "updateBoard", data)
    return views.pick(views.board(store, board), views.BOARD_DEFAULT)


def _update_field(ask: Ask) -> Doc:
    return _update(ask.of_field("boardField"))


def _delete(ask: Ask) -> Doc:
    board, store = ask.board(), ask.store
    for table in (store.lists, store.cards, store.labels, store.checklists, store.custom_fields):
        for gone in [key for key, one in table.items() if one["idBoard"] == board["id"]]:
            del table[gone]
    for action in actions.about(store, "board", board["id"]):
        del store.actions[action["id"]]
    del store.boards[board["id"]]
    return {"_value": None}


def _field(ask: Ask) -> Doc:
    return {"_value": views.board(ask.store, ask.board())[ask.path["boardField"]]}


def _lists(ask: Ask, name: str, fields: str) -> list[Doc]:
    if name not in ("all", "closed", "none", "open"):
        raise errors.invalid_value("filter")
    found = [one for one in ask.store.lists_of(ask.board()["id"]) if name in ("all", ("open", "closed")[one["closed"]])]
    wanted = ask.params.words(fields, "all")
    return [views.pick(views.list_(one, listed=True), wanted) for one in found]


def _read_lists(ask: Ask) -> list[Doc]:
    name = ask.path.get("listFilter") or ask.params.text("filter", "open")
    shown = _lists(ask, name, "fields")
    if ask.params.text("cards", "none") != "none":
        for one in shown:
            one["cards"] = card_reading.nested(ask, ask.store.cards_of_list(one["id"]))
    return shown


def _read_cards(ask: Ask) -> list[Doc]:
    return card_reading.listing(ask, ask.store.cards_of_board(ask.board()["id"]))


def _labels(ask: Ask, limit: str, fields: str) -> list[Doc]:
    most = ask.params.number(limit, LABELS_SHOWN, 1000)
    wanted = ask.params.words(fields, "all")
    return [views.pick(views.label(one), wanted) for one in ask.store.labels_of(ask.board()["id"])[:most]]


def _members(ask: Ask, fields: str) -> list[Doc]:
    wanted = ask.params.words(fields, "username,fullName")
    members = (ask.store.members[one] for one in ask.board()["idMembers"])
    return [views.pick(views.member(one), wanted) for one in members]


def _checklists(ask: Ask, fields: str) -> list[Doc]:
    wanted = [*ask.params.words(fields, "all"), "checkItems"]
    cards = ask.store.cards_of_board(ask.board()["id"])
    return [views.pick(views.checklist(one), wanted) for card in cards for one in ask.store.checklists_of(card)]


def _actions(ask: Ask) -> Any:
    found = actions.about(ask.store, "board", ask.board()["id"])
    query = actions.Query.of(ask.params)
    shown = actions.listing(ask.store, found, query)
    return {"_value": len(shown)} if query.count else shown


def _nothing(ask: Ask) -> list[Doc]:
    ask.board()
    return []


ROUTES: tuple[Route, ...] = (
    ("POST", "boards", _create),
    ("GET", "boards/{board}", _read),
    ("PUT", "boards/{board}", _update),
    ("DELETE", "boards/{board}", _delete),
    ("GET", "boards/{board}/{boardField}", _field),
    ("PUT", "boards/{board}/{boardField}", _update_field),
    ("GET", "boards/{board}/lists", _read_lists),
    ("GET", "boards/{board}/lists/{listFilter}", _read_lists),
    ("GET", "boards/{board}/cards", _read_cards),
    ("GET", "boards/{board}/cards/{cardFilter}", _read_cards),
    ("GET", "boards/{board}/labels", lambda ask: _labels(ask, "limit", "fields")),
    ("GET", "boards/{board}/members", lambda ask: _members(ask, "fields")),
    ("GET", "boards/{board}/members/{memberFilter}", lambda ask: _members(ask, "fields")),
    ("GET", "boards/{board}/memberships", lambda ask: views.memberships(ask.board())),
    ("GET", "boards/{board}/checklists", lambda ask: _checklists(ask, "fields")),
    ("GET", "boards/{board}/actions", _actions),
    ("GET", "boards/{board}/pluginData", _nothing),
)
