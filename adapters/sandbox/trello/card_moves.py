"""Moving a card: to another list, and to another board, where labels and strangers stay behind."""

from adapters.sandbox.trello import actions
from adapters.sandbox.trello.ask import Ask
from adapters.sandbox.trello.store import Doc


def move(ask: Ask, card: Doc, target: Doc, pos: float) -> None:
    """Puts a card into a list at a position; writes the actions of each change."""
    if target["idBoard"] != card["idBoard"]:
        _change_board(ask, card, target)
    elif target["id"] != card["idList"]:
        old, card["idList"] = card["idList"], target["id"]
        actions.changed(ask.store, ask.me, card, "idList", old)
    if pos != card["pos"]:
        old_pos, card["pos"] = card["pos"], pos
        actions.changed(ask.store, ask.me, card, "pos", old_pos)
    ask.store.touch(card)


def _change_board(ask: Ask, card: Doc, target: Doc) -> None:
    store = ask.store
    source, destination = store.boards[card["idBoard"]], store.boards[target["idBoard"]]
    for member in [one for one in card["idMembers"] if one not in destination["idMembers"]]:
        remove_member(ask, card, member)
    card["idLabels"], card["customFieldItems"] = [], []
    left = {key: card[key] for key in ("id", "name", "idShort")}
    data = {"card": left, "list": actions.ref(store.lists[card["idList"]]), "boardTarget": {"id": destination["id"]}}
    actions.on_card(store, ask.me, "moveCardFromBoard", card, data)
    store.touch(card)
    card["idBoard"], card["idList"] = destination["id"], target["id"]
    for checklist in store.checklists_of(card):
        checklist["idBoard"] = destination["id"]
    came = {"boardSource": {"id": source["id"], "name": source["name"]}, "list": actions.ref(target)}
    actions.on_card(store, ask.me, "moveCardToBoard", card, came)


def add_member(ask: Ask, card: Doc, member: str) -> None:
    """Puts a member on a card."""
    card["idMembers"].append(member)
    _record(ask, card, member, "addMemberToCard", {})


def remove_member(ask: Ask, card: Doc, member: str) -> None:
    """Takes a member off a card."""
    card["idMembers"].remove(member)
    _record(ask, card, member, "removeMemberFromCard", {"deactivated": False})


def _record(ask: Ask, card: Doc, member: str, kind: str, data: Doc) -> None:
    name = ask.store.members[member]["fullName"]
    who = {"idMember": member, "member": {"id": member, "name": name}}
    actions.on_card(ask.store, ask.me, kind, card, {**who, **data}, member=member)


def add_label(ask: Ask, card: Doc, label: str) -> None:
    """Puts a label on a card."""
    card["idLabels"].append(label)
    _label_action(ask, card, label, "addLabelToCard")


def remove_label(ask: Ask, card: Doc, label: str) -> None:
    """Takes a label off a card."""
    card["idLabels"].remove(label)
    _label_action(ask, card, label, "removeLabelFromCard")


def _label_action(ask: Ask, card: Doc, label_id: str, kind: str) -> None:
    label = ask.store.labels[label_id]
    shown = {key: label[key] for key in ("id", "name", "color")}
    data = {"label": shown, "value": label["color"], "text": label["name"]}
    actions.on_card(ask.store, ask.me, kind, card, data)
