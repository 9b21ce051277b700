"""How Trello shows what it holds: the answers' key sets are those of recorded traffic."""

from collections.abc import Collection
from typing import Any

from adapters.sandbox.trello.ids import slug
from adapters.sandbox.trello.store import Doc, Store, by_pos

COLOURS = ("green", "yellow", "orange", "red", "purple", "blue", "sky", "lime", "pink", "black")
SHADES = ("", "_light", "_dark")
LABEL_COLOURS = frozenset(colour + shade for colour in COLOURS for shade in SHADES)
BOARD_DEFAULT = [
    "name",
    "desc",
    "descData",
    "closed",
    "idOrganization",
    "idEnterprise",
    "pinned",
    "url",
    "shortUrl",
    "prefs",
    "labelNames",
]
_PREFS: Doc = {
    "permissionLevel": "private",
    "hideVotes": False,
    "voting": "disabled",
    "comments": "members",
    "invitations": "members",
    "selfJoin": True,
    "cardCovers": True,
    "isTemplate": False,
    "cardAging": "regular",
    "calendarFeedEnabled": False,
    "background": "blue",
    "backgroundImage": None,
    "backgroundImageScaled": None,
    "backgroundTile": False,
    "backgroundBrightness": "dark",
    "backgroundColor": "#0079BF",
    "backgroundBottomColor": "#0079BF",
    "backgroundTopColor": "#0079BF",
    "canBePublic": True,
    "canBeEnterprise": True,
    "canBeOrg": True,
    "canBePrivate": True,
    "canInvite": True,
}
_COVER: Doc = {
    "idAttachment": None,
    "color": None,
    "idUploadedBackground": None,
    "size": "normal",
    "brightness": "dark",
    "idPlugin": None,
}


def pick(document: Doc, fields: Collection[str]) -> Doc:
    """The fields asked for; the id always."""
    if "all" in fields:
        return document
    return {name: value for name, value in document.items() if name == "id" or name in fields}


def board(store: Store, one: Doc) -> Doc:
    """A board with all its fields."""
    short = f"https://trello.com/b/{one['shortLink']}"
    return {
        "id": one["id"],
        "name": one["name"],
        "desc": one["desc"],
        "descData": None,
        "closed": one["closed"],
        "idOrganization": None,
        "idEnterprise": None,
        "pinned": False,
        "url": f"{short}/{slug(one['name'])}",
        "shortUrl": short,
        "prefs": _PREFS,
        "labelNames": _label_names(store, one),
        "shortLink": one["shortLink"],
        "dateLastActivity": one["dateLastActivity"],
        "dateLastView": None,
        "dateClosed": None,
        "idMemberCreator": one["idMemberCreator"],
        "memberships": memberships(one),
        "starred": False,
        "subscribed": False,
        "powerUps": [],
        "idTags": [],
        "limits": {},
    }


def _label_names(store: Store, one: Doc) -> dict[str, str]:
    names = {colour + shade: "" for shade in SHADES for colour in COLOURS}
    for label in reversed(store.labels_of(one["id"])):
        if label["color"]:
            names[label["color"]] = label["name"]
    return names


def memberships(one: Doc) -> list[Doc]:
    """Who belongs to a board; a membership's id is made of the member's and the board's."""
    return [
        {
            "id": one["id"][:12] + member[12:],
            "idMember": member,
            "memberType": "normal",
            "unconfirmed": False,
            "deactivated": False,
        }
        for member in one["idMembers"]
    ]


def list_(one: Doc, *, listed: bool = False) -> Doc:
    """A list; in a board's listing with two more keys."""
    shown = {key: one[key] for key in ("id", "name", "closed", "pos", "idBoard")}
    return {**shown, "softLimit": None, "subscribed": False} if listed else shown


def label(one: Doc) -> Doc:
    """A label."""
    return {key: one[key] for key in ("id", "idBoard", "name", "color")}


def check_item(one: Doc) -> Doc:
    """A check item."""
    return dict(one)


def checklist(one: Doc) -> Doc:
    """A checklist with its items in order."""
    shown = {key: one[key] for key in ("id", "name", "idBoard", "idCard", "pos")}
    return {**shown, "checkItems": [check_item(item) for item in by_pos(one["checkItems"])]}


def check_item_states(store: Store, card_: Doc) -> list[Doc]:
    """The complete items of a card, with the odd id that the live service gives them."""
    done = (item for item in store.check_items(card_) if item["state"] == "complete")
    return [{"id": "[object Object]", "idCheckItem": item["id"], "state": "complete"} for item in done]


def card(store: Store, one: Doc, *, listed: bool = False) -> Doc:
    """A card with its default fields; in listings the states of its check items are left out."""
    short = f"https://trello.com/c/{one['shortLink']}"
    return {
        "id": one["id"],
        "badges": _badges(store, one),
        "checkItemStates": None if listed else check_item_states(store, one),
        "closed": one["closed"],
        "dueComplete": one["dueComplete"],
        "dateLastActivity": one["dateLastActivity"],
        "desc": one["desc"],
        "descData": {"emoji": {}} if one["desc"] else None,
        "due": one["due"],
        "dueReminder": one["dueReminder"],
        "email": None,
        "idBoard": one["idBoard"],
        "idChecklists": [checklist_["id"] for checklist_ in store.checklists_of(one)],
        "idList": one["idList"],
        "idMembers": list(one["idMembers"]),
        "idMembersVoted": [],
        "idShort": one["idShort"],
        "idAttachmentCover": None,
        "labels": [label(store.labels[label_id]) for label_id in one["idLabels"]],
        "idLabels": list(one["idLabels"]),
        "manualCoverAttachment": False,
        "name": one["name"],
        "pos": one["pos"],
        "shortLink": one["shortLink"],
        "shortUrl": short,
        "start": one["start"],
        "subscribed": False,
        "url": f"{short}/{one['idShort']}-{slug(one['name'])}",
        "cover": dict(_COVER),
        "isTemplate": False,
        "cardRole": None,
    }


def _badges(store: Store, one: Doc) -> Doc:
    items = list(store.check_items(one))
    dues = [item["due"] for item in items if item["due"] and item["state"] == "incomplete"]
    return {
        "attachmentsByType": {"trello": {"board": 0, "card": 0}},
        "location": False,
        "votes": 0,
        "viewingMemberVoted": False,
        "subscribed": False,
        "fogbugz": "",
        "checkItems": len(items),
        "checkItemsChecked": sum(item["state"] == "complete" for item in items),
        "checkItemsEarliestDue": min(dues, default=None),
        "comments": one["comments"],
        "attachments": len(one["attachments"]),
        "description": bool(one["desc"]),
        "due": one["due"],
        "dueComplete": one["dueComplete"],
        "start": one["start"],
    }


def named_member(one: Doc) -> Doc:
    """A member as a board lists them."""
    return {key: one[key] for key in ("id", "username", "fullName")}


def member(one: Doc) -> Doc:
    """A member as actions and a card's members show them."""
    return {
        "id": one["id"],
        "activityBlocked": False,
        "avatarHash": None,
        "avatarUrl": None,
        "fullName": one["fullName"],
        "idMemberReferrer": None,
        "initials": "".join(word[0] for word in one["fullName"].split()).upper()[:4],
        "nonPublic": {},
        "nonPublicAvailable": True,
        "username": one["username"],
    }


def whole_member(store: Store, one: Doc) -> Doc:
    """A member as /members/{id} shows them."""
    boards = [board_["id"] for board_ in store.boards.values() if one["id"] in board_["idMembers"]]
    rest: dict[str, Any] = {
        "bio": "",
        "bioData": None,
        "confirmed": True,
        "memberType": "normal",
        "idEnterprise": None,
        "idEnterprisesDeactivated": [],
        "idPremOrgsAdmin": [],
        "products": [],
        "url": f"https://trello.com/{one['username']}",
        "status": "disconnected",
        "email": None,
        "idBoards": boards,
        "idOrganizations": [],
        "loginTypes": None,
        "limits": {},
        "prefs": {"locale": "en-US", "timezone": ""},
    }
    return member(one) | rest
