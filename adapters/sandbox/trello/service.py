"""The emulated Trello: routes, then id formats, then credentials, then quotas, then the objects themselves."""

import random
from collections.abc import Mapping
from typing import Any

from adapters.sandbox.trello import (
    auth,
    boards,
    cards,
    checklists,
    comments,
    custom_fields,
    errors,
    labels,
    lists,
    members,
    seeding,
)
from adapters.sandbox.trello.ask import Ask, Quirks
from adapters.sandbox.trello.limits import Quotas
from adapters.sandbox.trello.params import Params
from adapters.sandbox.trello.router import Match, Router
from adapters.sandbox.trello.store import Doc, Store
from adapters.sandbox.wire import Call, Reply, SandboxClock

BOT = "syncer"
MOST_IN_BATCH = 10
_VERSION = "/1"


def _batch(ask: Ask) -> Any:
    """Never called: the service answers it itself, this keeps it among the routes."""
    return ask.params.raw("urls")


_ROUTER = Router(
    (
        *boards.ROUTES,
        *lists.ROUTES,
        *cards.ROUTES,
        *labels.ROUTES,
        *checklists.ROUTES,
        *comments.ROUTES,
        *custom_fields.ROUTES,
        *members.ROUTES,
        ("GET", "batch", _batch),
    )
)


class TrelloService:
    """Trello as the sandbox serves it. Its token belongs to the member `syncer`, who is nobody of the seeded people."""

    name = "trello"

    def __init__(self, clock: SandboxClock, rng: random.Random) -> None:
        self.quirks = Quirks()
        self._store = Store(clock, rng)
        self._gate = auth.Gate()
        self._quotas = Quotas(clock)

    @property
    def present(self) -> tuple[object, ...]:
        """What a past copy shares with the service: credentials and quotas have no past."""
        return self._gate, self._quotas, self.quirks

    def handle(self, call: Call) -> Reply:
        """Answers one request."""
        key = token = ""
        self._store.hold()
        try:
            params = Params.of(call)
            key, token = auth.credentials(call, params)
            reply = self._answer(call, params, key, token)
        except errors.Refusal as refusal:
            reply = refusal.reply
        finally:
            self._store.let_go()
        return Reply(reply.status, reply.body, (*reply.headers, *self._quotas.headers(key, token)))

    def _answer(self, call: Call, params: Params, key: str, token: str) -> Reply:
        match = self._match(call)
        if match.ill_formed:
            raise errors.text(400, "invalid id")
        username = self._gate.username(call, params, match.resource)
        # Trello's guide: routes below a member, such as their boards, do not count against the members' quota.
        refused = self._quotas.refusal(key, token, match.resource == "members" and call.path.count("/") == 3)
        if refused:
            return refused
        if match.handler is _batch:
            return Reply.json(200, self._batch(params, username))
        return Reply.json(200, match.handler(self._ask(match, params, username)))

    def _match(self, call: Call) -> Match:
        match = None
        if call.path.startswith(f"{_VERSION}/"):
            match = _ROUTER.find(call.method, call.path.removeprefix(_VERSION))
        if match is None:
            target = f"{call.path}?{call.raw_query}" if call.raw_query else call.path
            # The live service echoes the whole target, credentials included.
            raise errors.text(404, f"Cannot {call.method} {target}")
        return match

    def _ask(self, match: Match, params: Params, username: str) -> Ask:
        member = self._store.member_named(username)
        assert member is not None
        return Ask(self._store, params, match.path, member["id"], self.quirks)

    def _batch(self, params: Params, username: str) -> list[Doc]:
        urls = [url for url in params.text("urls").split(",") if url]
        if not 0 < len(urls) <= MOST_IN_BATCH:
            raise errors.invalid_value("urls")
        return [self._batched(url, username) for url in urls]

    def _batched(self, url: str, username: str) -> Doc:
        path, _, query = url.partition("?")
        call = Call("GET", f"{_VERSION}{path}", (), {}, query.encode(), query)
        try:
            match = self._match(call)
            if match.ill_formed or match.handler is _batch:
                raise errors.text(400, "invalid id")
            return {"200": match.handler(self._ask(match, Params(dict(call.form())), username))}
        except errors.Refusal as refusal:
            reply = refusal.reply
            return {"name": "Error", "message": reply.body.decode(), "statusCode": reply.status}

    def is_write(self, call: Call) -> bool:
        """Every verb but GET and HEAD changes something."""
        return call.method not in ("GET", "HEAD")

    def seed(self, data: Mapping[str, Any]) -> dict[str, str]:
        """Fills an empty service; see the seed documents for the format."""
        places = seeding.sow(self._store, self._bot_id(), data)
        for member in self._store.members.values():
            self._gate.admit(member["username"])
        for name, value in data.get("trello", {}).get("quirks", {}).items():
            setattr(self.quirks, name, value)
        return places

    def _bot_id(self) -> str:
        bot = self._store.member_named(BOT)
        if bot is None:
            self._store.hold(seeding.SEEDED)
            bot = seeding.add_member(self._store, BOT, "Syncer")
            self._store.let_go()
        return str(bot["id"])

    def reset(self) -> None:
        """Empties the service; its credentials stay."""
        self._store.clear()
        self._gate.clear()
        self._gate.admit(BOT)
        self._quotas.clear()
        self.quirks = Quirks()

    def dump(self) -> dict[str, Any]:
        """The whole state as JSON-able values."""
        return {"store": self._store.dump(), "open": self._gate.open}

    def load(self, state: dict[str, Any]) -> None:
        """Takes back what `dump` gave."""
        self._store.load(state["store"])
        self._gate.open = state["open"]
        for member in self._store.members.values():
            self._gate.admit(member["username"])

    def limits(self, scale: float | None) -> None:
        """Multiplies the real quotas; None switches them off."""
        self._quotas.scale = scale
        self._quotas.clear()

    def credentials(self) -> dict[str, str]:
        """The variables that let a client in as the bot."""
        return {
            "SYNCER_TRELLO__KEY": auth.KEY,
            "SYNCER_TRELLO__TOKEN": auth.token_of(BOT),
            "SYNCER_TRELLO__SECRET": auth.SECRET,
        }

    def credentials_of(self, username: str) -> dict[str, str]:
        """Key and token of one of the seeded people, to act as they would."""
        return {"key": auth.KEY, "token": auth.token_of(username)}

    def revoke(self) -> None:
        """Makes every token stop working."""
        self._gate.open = False

    def restore(self) -> None:
        """Makes the tokens work again."""
        self._gate.open = True

    def page_model(self) -> dict[str, Any]:
        """The open lists of the first board with their open cards."""
        board = next(iter(self._store.boards.values()), None)
        if board is None:
            return {"title": "Trello"}
        shown = [one for one in self._store.lists_of(board["id"]) if not one["closed"]]
        return {"title": f"Trello: {board['name']}", "columns": [self._column(one) for one in shown]}

    def _column(self, one: Doc) -> Doc:
        open_cards = [card for card in self._store.cards_of_list(one["id"]) if not card["closed"]]
        return {"title": one["name"], "items": [self._item(card) for card in open_cards]}

    def _item(self, card: Doc) -> Doc:
        people = [self._store.members[one]["fullName"] for one in card["idMembers"]]
        names = [self._store.labels[one]["name"] for one in card["idLabels"]]
        due = [f"due {card['due'][:10]}"] if card["due"] else []
        return {"title": card["name"], "detail": " · ".join([*due, *people, *names])}
