"""Members: who the token belongs to, and which boards a member is on."""

from adapters.sandbox.trello import actions, card_reading, errors, views
from adapters.sandbox.trello.ask import Ask
from adapters.sandbox.trello.router import Route
from adapters.sandbox.trello.store import Doc


def _read(ask: Ask) -> Doc:
    view = views.whole_member(ask.store, ask.member())
    shown = views.pick(view, ask.params.words("fields", "all"))
    if ask.params.text("boards", "none") not in ("none", "false", ""):
        shown["boards"] = _visible(ask, ask.params.text("boards"), "board_fields")
    return shown


def _boards(ask: Ask) -> list[Doc]:
    return _visible(ask, ask.params.text("filter", "all"), "fields")


def _visible(ask: Ask, name: str, fields: str) -> list[Doc]:
    """The member's boards that the asking member may see too."""
    if name not in ("all", "closed", "members", "open", "organization", "public", "starred", "true"):
        raise errors.invalid_value("filter")
    both = {ask.member()["id"], ask.me}
    found = [board for board in ask.store.boards.values() if both <= set(board["idMembers"])]
    if name in ("open", "closed"):
        found = [board for board in found if board["closed"] == (name == "closed")]
    elif name in ("organization", "public", "starred"):
        found = []
    wanted = ask.params.words(fields, "all")
    return [views.pick(views.board(ask.store, board), wanted) for board in found]


def _cards(ask: Ask) -> list[Doc]:
    member = ask.member()["id"]
    seen = (card for card in ask.store.cards.values() if member in card["idMembers"])
    boards_ = ask.store.boards
    return card_reading.listing(ask, (card for card in seen if ask.me in boards_[card["idBoard"]]["idMembers"]))


def _join_board(ask: Ask) -> Doc:
    board, member = ask.board(), ask.member()["id"]
    if ask.params.text("type") not in ("admin", "normal", "observer"):
        raise errors.invalid_value("type")
    if member not in board["idMembers"]:
        board["idMembers"].append(member)
        ask.store.touch_board(board["id"])
        data = {"idMemberAdded": member, "memberType": ask.params.text("type"), "board": actions.board_ref(board)}
        actions.record(ask.store, ask.me, "addMemberToBoard", data, member=member)
    return {"id": board["id"], "members": [views.named_member(ask.store.members[one]) for one in board["idMembers"]]}


def _leave_board(ask: Ask) -> Doc:
    board, member = ask.board(), ask.member()["id"]
    if member not in board["idMembers"]:
        raise errors.not_found()
    board["idMembers"].remove(member)
    ask.store.touch_board(board["id"])
    data = {"idMember": member, "deactivated": False, "board": actions.board_ref(board)}
    actions.record(ask.store, ask.me, "removeMemberFromBoard", data, member=member)
    return views.pick(views.board(ask.store, board), views.BOARD_DEFAULT)


ROUTES: tuple[Route, ...] = (
    ("GET", "members/{member}", _read),
    ("GET", "members/{member}/boards", _boards),
    ("GET", "members/{member}/cards", _cards),
    ("PUT", "boards/{board}/members/{member}", _join_board),
    ("DELETE", "boards/{board}/members/{member}", _leave_board),
)
