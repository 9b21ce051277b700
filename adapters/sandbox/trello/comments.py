"""Comments are actions that can be edited and deleted; attachments of links."""

from adapters.sandbox.trello import actions, errors
from adapters.sandbox.trello.ask import Ask
from adapters.sandbox.trello.params import iso
from adapters.sandbox.trello.positions import position
from adapters.sandbox.trello.router import Route
from adapters.sandbox.trello.store import Doc, Store

MOST_ATTACHMENTS = 1000
MOST_NAME = 256


def add(store: Store, me: str, card: Doc, text: str) -> Doc:
    """Writes a comment on a card."""
    place = {"list": actions.ref(store.lists[card["idList"]])}
    data = {"text": text, "textData": {"emoji": {}}, **place}
    card["comments"] += 1
    store.touch(card)
    return actions.on_card(store, me, "commentCard", card, data)


def _create(ask: Ask) -> Doc:
    card, text = ask.card(), ask.params.text("text", least=1)
    return actions.new_comment_view(ask.store, add(ask.store, ask.me, card, text))


def _comment(ask: Ask) -> Doc:
    action = ask.action()
    if action["type"] != "commentCard":
        # Trello's guide: only comments can be changed; the live words for others are not documented.
        raise errors.text(400, "action is not a comment")
    if "card" in ask.path and action["data"]["card"]["id"] != ask.card()["id"]:
        raise errors.not_found()
    if action["idMemberCreator"] != ask.me:
        raise errors.unauthorized("actions")
    return action


def _edit(ask: Ask) -> Doc:
    action = _comment(ask)
    text = ask.params.renamed("value", "text").text("text", least=1)
    card = ask.store.cards[action["data"]["card"]["id"]]
    old, action["data"]["text"] = action["data"]["text"], text
    action["data"]["dateLastEdited"] = iso(ask.store.now())
    ask.store.touch(card)
    data = {"action": {"id": action["id"], "text": text}, "old": {"text": old}}
    actions.on_card(ask.store, ask.me, "updateComment", card, data)
    return actions.single_view(ask.store, action)


def _delete(ask: Ask) -> Doc:
    action = _comment(ask)
    card = ask.store.cards[action["data"]["card"]["id"]]
    card["comments"] -= 1
    del ask.store.actions[action["id"]]
    ask.store.touch(card)
    actions.on_card(ask.store, ask.me, "deleteComment", card, {"action": {"id": action["id"]}})
    return {"_value": None}


def _attach(ask: Ask) -> Doc:
    card, params = ask.card(), ask.params
    url = params.text("url", least=1)
    if not url.startswith(("http://", "https://")):
        raise errors.invalid_value("url")
    name = params.text("name", url[:MOST_NAME], most=MOST_NAME) or url[:MOST_NAME]
    if len(card["attachments"]) >= MOST_ATTACHMENTS:
        raise errors.too_many("attachments")
    made: Doc = {
        "id": ask.store.new_id(),
        "bytes": None,
        "date": iso(ask.store.now()),
        "edgeColor": None,
        "idMember": ask.me,
        "isUpload": False,
        "mimeType": params.text("mimeType", most=MOST_NAME),
        "name": name,
        "previews": [],
        "url": url,
        "pos": position(params, (one["pos"] for one in card["attachments"])),
        "fileName": url.rsplit("/", 1)[-1],
    }
    card["attachments"].append(made)
    ask.store.touch(card)
    shown = {"id": made["id"], "name": name, "url": url}
    actions.on_card(ask.store, ask.me, "addAttachmentToCard", card, {"attachment": shown})
    return {**made, "limits": {}}


def _attachment(ask: Ask, card: Doc) -> Doc:
    wanted = ask.path["attachment"].lower()
    found: Doc | None = next((one for one in card["attachments"] if one["id"] == wanted), None)
    if found is None:
        raise errors.not_found()
    return found


def _detach(ask: Ask) -> Doc:
    card = ask.card()
    gone = _attachment(ask, card)
    card["attachments"].remove(gone)
    ask.store.touch(card)
    shown = {"id": gone["id"], "name": gone["name"]}
    actions.on_card(ask.store, ask.me, "deleteAttachmentFromCard", card, {"attachment": shown})
    return {"limits": {}}


ROUTES: tuple[Route, ...] = (
    ("POST", "cards/{card}/actions/comments", _create),
    ("PUT", "cards/{card}/actions/{action}/comments", _edit),
    ("DELETE", "cards/{card}/actions/{action}/comments", _delete),
    ("GET", "actions/{action}", lambda ask: actions.single_view(ask.store, ask.action())),
    ("PUT", "actions/{action}", _edit),
    ("PUT", "actions/{action}/text", _edit),
    ("DELETE", "actions/{action}", _delete),
    ("GET", "cards/{card}/attachments", lambda ask: ask.card()["attachments"]),
    ("POST", "cards/{card}/attachments", _attach),
    ("GET", "cards/{card}/attachments/{attachment}", lambda ask: _attachment(ask, ask.card())),
    ("DELETE", "cards/{card}/attachments/{attachment}", _detach),
)
