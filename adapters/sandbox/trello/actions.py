"""Trello's activity: one action a change, listed newest first by date, filtered and paged."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from adapters.sandbox.trello import errors, ids, views
from adapters.sandbox.trello.params import Params, iso, moment
from adapters.sandbox.trello.store import Doc, Store

CARD_DEFAULT = "commentCard,updateCard:idList"
PAGE = 50
MOST = 1000
# Trello's guide to action types: these reach webhooks and answer by id, but no listing shows them.
UNLISTED = frozenset(
    [
        "addLabelToCard",
        "removeLabelFromCard",
        "createLabel",
        "updateLabel",
        "deleteLabel",
        "createCheckItem",
        "updateCheckItem",
        "deleteCheckItem",
        "updateComment",
        "deleteComment",
        "deleteAttachmentFromCard",
    ]
)
_COMMENT_LIMITS = {
    "reactions": {
        "perAction": {"status": "ok", "disableAt": 900, "warnAt": 720},
        "uniquePerAction": {"status": "ok", "disableAt": 17, "warnAt": 14},
    }
}


def board_ref(board: Doc) -> Doc:
    """A board as actions name it."""
    return {key: board[key] for key in ("id", "name", "shortLink")}


def card_ref(card: Doc) -> Doc:
    """A card as actions name it."""
    return {key: card[key] for key in ("id", "name", "idShort", "shortLink")}


def ref(thing: Doc) -> Doc:
    """A list or checklist as actions name it."""
    return {"id": thing["id"], "name": thing["name"]}


def record(store: Store, me: str, kind: str, data: Doc, *, earlier: float = 0.0, member: str | None = None) -> Doc:
    """Writes an action of `me`, dated `earlier` seconds before now; `member` is whom it was done to."""
    action: Doc = {
        "id": store.new_id(),
        "idMemberCreator": me,
        "data": data,
        "appCreator": None,
        "type": kind,
        "date": iso(store.now() - timedelta(seconds=earlier)),
        "limits": _COMMENT_LIMITS if kind == "commentCard" else {},
    }
    if member is not None:
        action["idMember"] = member
    store.actions[action["id"]] = action
    return action


def on_card(store: Store, me: str, kind: str, card: Doc, data: Doc, **how: Any) -> Doc:
    """Writes an action about a card, its board named beside what `data` says."""
    place = {"card": card_ref(card), "board": board_ref(store.boards[card["idBoard"]])}
    return record(store, me, kind, {**place, **data}, **how)


def changed(store: Store, me: str, card: Doc, field: str, old: object, *, earlier: float = 0.0) -> None:
    """Writes the `updateCard` of one changed field."""
    if field == "idList":
        before, after = store.lists[str(old)], store.lists[card["idList"]]
        place = {"listBefore": ref(before), "listAfter": ref(after)}
    else:
        place = {"list": ref(store.lists[card["idList"]])}
    data = {"card": {field: card[field], **card_ref(card)}, "old": {field: old}, **place}
    on_card(store, me, "updateCard", card, data, earlier=earlier)


def view(store: Store, action: Doc) -> Doc:
    """An action as listings show it."""
    shown = {key: value for key, value in action.items() if key != "idMember"}
    shown["memberCreator"] = views.member(store.members[action["idMemberCreator"]])
    if "idMember" in action:
        shown["member"] = views.member(store.members[action["idMember"]])
    return shown


def single_view(store: Store, action: Doc) -> Doc:
    """An action on its own: with what is needed to show it."""
    shown = view(store, action)
    entities = {"memberCreator": _member_entity(shown["memberCreator"])}
    if action["type"] != "commentCard":
        return {**shown, "display": {"translationKey": "unknown", "entities": entities}}
    card, text = action["data"]["card"], action["data"]["text"]
    entities = {
        "contextOn": {
            "type": "translatable",
            "translationKey": "action_on",
            "hideIfContext": True,
            "idContext": card["id"],
        },
        "card": _card_entity(card),
        "comment": {"type": "comment", "text": text},
        **entities,
    }
    return {**shown, "display": {"translationKey": "action_comment_on_card", "entities": entities}}


def new_comment_view(store: Store, action: Doc) -> Doc:
    """A comment as the answer to its POST."""
    shown = single_view(store, action)
    card, text = action["data"]["card"], action["data"]["text"]
    on = {"type": "text", "text": "on", "hideIfContext": True, "idContext": card["id"]}
    comment = {"type": "comment", "text": text}
    return {**shown, "entities": [_member_entity(shown["memberCreator"]), on, _card_entity(card), comment]}


def _member_entity(member: Doc) -> Doc:
    return {"type": "member", "id": member["id"], "username": member["username"], "text": member["fullName"]}


def _card_entity(card: Doc) -> Doc:
    shown = {"type": "card", "hideIfContext": True, "id": card["id"]}
    return {**shown, "shortLink": card["shortLink"], "text": card["name"]}


@dataclass(frozen=True)
class Query:
    """Which actions are asked for, from the parameters of a route or of a nested reading."""

    kinds: list[str]
    limit: int
    page: int
    before: str
    since: str
    fields: list[str]
    creator: bool
    count: bool

    @classmethod
    def of(cls, params: Params, default: str = "all") -> "Query":
        """As the parameters of an actions route say."""
        return cls(
            kinds=params.words("filter", default),
            limit=params.number("limit", PAGE, MOST),
            page=params.number("page", 0, MOST),
            before=params.text("before"),
            since=params.text("since"),
            fields=params.words("fields", "all"),
            creator=params.flag("memberCreator", True),
            count=params.text("format") == "count",
        )

    @classmethod
    def nested(cls, params: Params) -> "Query":
        """As the parameters of a board or card reading say."""
        return cls(
            kinds=params.words("actions", "none"),
            limit=params.number("actions_limit", PAGE, MOST),
            page=0,
            before="",
            since=params.text("actions_since"),
            fields=params.words("action_fields", "all"),
            creator=params.flag("action_memberCreator", True),
            count=False,
        )

    def wants(self, action: Doc) -> bool:
        """Whether the filter lets this action through."""
        if action["type"] in UNLISTED:
            return False
        return any(_is_kind(kind, action) for kind in self.kinds)


def _is_kind(kind: str, action: Doc) -> bool:
    name, _, field = kind.partition(":")
    if name not in ("all", action["type"]):
        return False
    return not field or field in action["data"].get("old", {})


def listing(store: Store, chosen: Iterable[Doc], query: Query) -> list[Doc]:
    """One page of actions, newest first."""
    since = _bound(store, "since", query.since)
    before = _bound(store, "before", query.before)
    found = [action for action in chosen if query.wants(action)]
    found = [action for action in found if since is None or _key(action) > since]
    found = [action for action in found if before is None or _key(action) < before]
    found.sort(key=_key, reverse=True)
    start = query.page * query.limit
    return [_shown(store, action, query) for action in found[start : start + query.limit]]


def _shown(store: Store, action: Doc, query: Query) -> Doc:
    shown = views.pick(view(store, action), [*query.fields, "memberCreator", "member"])
    if not query.creator:
        shown.pop("memberCreator", None)
    return shown


def _key(action: Doc) -> tuple[str, str]:
    return action["date"], action["id"]


def _bound(store: Store, name: str, value: str) -> tuple[str, str] | None:
    if not value or value == "null":
        return None
    if ids.is_object_id(value):
        action = store.actions.get(value.lower())
        return _key(action) if action else (iso(ids.created(value)), value.lower())
    return iso(_moment(name, value)), ""


def _moment(name: str, value: str) -> datetime:
    try:
        return moment(value)
    except ValueError as error:
        raise errors.invalid_value(name) from error


def about(store: Store, kind: str, object_id: str) -> list[Doc]:
    """All actions about one board, list or card."""
    if kind != "list":
        return [action for action in store.actions.values() if action["data"].get(kind, {}).get("id") == object_id]
    places = ("list", "listBefore", "listAfter")
    return [
        action
        for action in store.actions.values()
        if any(action["data"].get(place, {}).get("id") == object_id for place in places)
    ]
