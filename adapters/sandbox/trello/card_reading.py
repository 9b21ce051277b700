"""Reading cards: which of them, in which order, with which fields and what is nested in them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.sandbox.trello import actions, custom_fields, errors, ids, views
from adapters.sandbox.trello.ask import Ask
from adapters.sandbox.trello.params import Params, moment
from adapters.sandbox.trello.store import Doc, Store

MOST = 1000


@dataclass(frozen=True)
class Page:
    """Which part of the cards is wanted; `paged` says that the parameters asked for a part at all."""

    limit: int
    before: str
    since: str
    newest_first: bool
    paged: bool

    @classmethod
    def of(cls, params: Params) -> "Page":
        """As the parameters of a route that lists cards say."""
        sort = params.text("sort")
        if sort not in ("", "-id", "id"):
            raise errors.invalid_value("sort")
        return cls(
            limit=params.number("limit", MOST, MOST),
            before=params.text("before"),
            since=params.text("since"),
            newest_first=sort == "-id",
            paged=any(name in params for name in ("limit", "before", "since")),
        )


WHOLE = Page(MOST, "", "", newest_first=False, paged=False)


def chosen(store: Store, cards: Iterable[Doc], name: str) -> list[Doc]:
    """The cards a filter lets through."""
    if name not in ("all", "closed", "complete", "incomplete", "none", "open", "visible"):
        raise errors.invalid_value("filter")
    return [card for card in cards if _passes(store, card, name)]


def _passes(store: Store, card: Doc, name: str) -> bool:
    if name in ("all", "none"):
        return name == "all"
    if name in ("complete", "incomplete"):
        return bool(card["dueComplete"]) == (name == "complete")
    if name == "visible":
        return not card["closed"] and not store.lists[card["idList"]]["closed"]
    return bool(card["closed"]) == (name == "closed")


def part(cards: list[Doc], page: Page, *, same_second: bool) -> list[Doc]:
    """At most `limit` cards, the newest of those asked for; the order stays unless newest first is asked for."""
    if page.before:
        cards = [card for card in cards if _precedes(card["id"], page.before, "before", same_second)]
    if page.since:
        cards = [card for card in cards if _precedes(page.since, card["id"], "since", same_second)]
    kept = sorted(cards, key=lambda card: str(card["id"]), reverse=True)[: page.limit]
    if page.newest_first:
        return kept
    newest = {card["id"] for card in kept}
    return [card for card in cards if card["id"] in newest]


def _precedes(one: str, other: str, name: str, same_second: bool) -> bool:
    if ids.is_object_id(one) and ids.is_object_id(other) and not same_second:
        return one.lower() < other.lower()
    return _second(one, name) < _second(other, name)


def _second(id_or_moment: str, name: str) -> datetime:
    if ids.is_object_id(id_or_moment):
        return ids.created(id_or_moment)
    try:
        # A moment means everything since it: ids know only whole seconds.
        return moment(id_or_moment) - (timedelta(microseconds=1) if name == "since" else timedelta(0))
    except ValueError as error:
        raise errors.invalid_value(name) from error


def shown(ask: Ask, card: Doc, prefix: str = "", *, listed: bool = True) -> Doc:
    """A card with the fields and nested things the parameters ask for; their names begin with `prefix`."""
    store, params = ask.store, ask.params
    fields = params.words(f"{prefix}fields", "all") or ["id"]
    view = views.pick(views.card(store, card, listed=listed), fields)
    if _asked(params, f"{prefix}attachments"):
        view["attachments"] = [dict(one) for one in card["attachments"]]
    if _asked(params, f"{prefix}checklists"):
        names = params.words("checklist_fields", "all")
        view["checklists"] = [
            views.pick(views.checklist(one), [*names, "checkItems"]) for one in store.checklists_of(card)
        ]
    if _asked(params, f"{prefix}members"):
        view["members"] = [views.named_member(store.members[one]) for one in card["idMembers"]]
    if _asked(params, f"{prefix}customFieldItems"):
        view["customFieldItems"] = custom_fields.items(card)
    for name in ("pluginData", "stickers"):
        if _asked(params, f"{prefix}{name}"):
            view[name] = []
    if not prefix and _asked(params, "actions"):
        view["actions"] = actions.listing(store, actions.about(store, "card", card["id"]), actions.Query.nested(params))
    return view


def _asked(params: Params, name: str) -> bool:
    return params.text(name, "none") not in ("none", "false", "")


def listing(ask: Ask, cards: Iterable[Doc], default: str = "open") -> list[Doc]:
    """The answer of a route that lists cards."""
    name = ask.path.get("cardFilter") or ask.params.text("filter", default)
    page = Page.of(ask.params)
    found = part(chosen(ask.store, cards, name), page, same_second=ask.quirks.same_second)
    if _asked(ask.params, "actions") and len(found) > ask.quirks.crowded:
        raise errors.document(403, "Too many cards requested with actions", "API_TOO_MANY_CARDS_REQUESTED")
    return [shown(ask, card) for card in found]


def nested(ask: Ask, cards: Iterable[Doc]) -> list[Doc]:
    """The cards inside the answer of a board or list."""
    found = chosen(ask.store, cards, ask.params.text("cards", "none"))
    return [shown(ask, card, "card_") for card in part(found, WHOLE, same_second=False)]
