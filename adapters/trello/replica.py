"""A Trello board as a replica of a campaign's tasks: one request reads it, one request writes a card."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from adapters.http import Http, Rejected
from adapters.limiter import Limiter, Quota
from adapters.trello.client import TrelloClient, authorisation, credential_refused, no_access, no_such_object
from adapters.trello.writing import CardWriter, shaped
from mappings.trello import HOLDS, MAX_TEXT, SERVICE, Lens, created_at
from mappings.trello_shapes import Board, Card
from syncer.core.errors import Malformed, PlaceMissing
from syncer.core.model import Capabilities, Field, Item, Presence, Reading
from syncer.core.people import People
from syncer.ports import Clock, Effect, Outcome, Traffic

TOKEN_QUOTA = Quota(100, 10.0)
"""Requests per token, by Trello's rate-limit guide."""


class TrelloReplica:
    """Implements `syncer.ports.Replica` on one board."""

    service = SERVICE
    batch = 1

    def __init__(self, name: str, http: Http, board: str, people: People, zone: ZoneInfo, clock: Clock) -> None:
        self.name = name
        self._http = http
        self._client = TrelloClient(http, board)
        self._people = people
        self._zone = zone
        self._clock = clock
        self._writer: CardWriter | None = None
        """Knows the board as last read."""

    def read(self) -> Reading:
        """The whole board. Raises PlaceMissing if it is closed or cannot be seen."""
        taken_at = self._clock.now()
        lens = self._look().lens
        return Reading(
            replica=self.name,
            complete=True,
            items=self._items(lens),
            stages=tuple(column.name for column in lens.open_lists),
            taken_at=taken_at,
            holds=HOLDS,
            notices=tuple(lens.notices()),
        )

    def capabilities(self) -> Capabilities:
        """Owners are the board's members."""
        owners = self._writer.lens.owners if self._writer else frozenset()
        return Capabilities(owners=owners, dated_only=frozenset({Field.START}), max_text=MAX_TEXT)

    def find(self, remote_id: str) -> Presence:
        """Whether the card is still on the board, in use or put away."""
        try:
            card: Card = shaped(Card, self._client.card(remote_id))
        except Rejected as refusal:
            if no_access(refusal):
                return Presence.ELSEWHERE
            if no_such_object(refusal):
                return Presence.GONE
            raise Malformed(f"Trello: The card's address was refused: {refusal}.", "Report this.") from None
        lens = (self._writer or self._look()).lens
        if card.id_board != lens.board.id:
            return Presence.ELSEWHERE
        return Presence.ARCHIVED if lens.item(card).archived else Presence.PRESENT

    def ours(self, items: Collection[Item]) -> frozenset[str]:
        """The cards whose "card created" action is by the token's account."""
        wanted = {item.remote_id for item in items}
        found: set[str] = set()
        creations = self._client.creations() if wanted else ()
        for action in creations:
            card = _card_of(action)
            if card in wanted and action.get("idMemberCreator") == self._me:
                found.add(card)
            wanted.discard(card)
            if all(created_at(str(action["id"])) < created_at(card) for card in wanted):
                break
        return frozenset(found)

    def traffic(self) -> Traffic:
        """Everything sent."""
        return self._http.traffic

    def apply(self, effects: Sequence[Effect]) -> Sequence[Outcome]:
        """Carry out one effect."""
        (effect,) = effects
        return [(self._writer or self._look()).carry_out(effect)]

    @cached_property
    def _me(self) -> str:
        return self._client.me()

    def _look(self) -> CardWriter:
        board: Board = shaped(Board, self._client.board())
        if board.closed:
            raise PlaceMissing(f'Trello: The board "{board.name}" is closed.', "Reopen it or name another board.")
        self._writer = CardWriter(self._client, board, self._people, self._zone)
        return self._writer

    def _items(self, lens: Lens) -> tuple[Item, ...]:
        try:
            return tuple({card.id: lens.item(card) for card in lens.board.cards}.values())
        except ValueError as error:
            raise Malformed(f"Trello: A card's time is wrong: {error}.", "Try again.") from None


def _card_of(action: Mapping[str, Any]) -> str:
    try:
        return str(action["data"]["card"]["id"])
    except (KeyError, TypeError):
        raise Malformed("Trello: An action names no card.", "Try again.") from None


def open_replica(
    name: str,
    board: str,
    base_url: str,
    key: str,
    token: str,
    people: People,
    zone: ZoneInfo,
    clock: Clock,
    limiter: Limiter | None = None,
) -> TrelloReplica:
    """The replica of a board, by its id or short link. Replicas with one token share its limiter."""
    http = Http(
        base_url.rstrip("/") + "/1",
        authorisation(key, token),
        clock,
        limiter or Limiter(TOKEN_QUOTA, clock),
        "Trello",
        [key, token],
        refuses=credential_refused,
    )
    return TrelloReplica(name, http, board, people, zone, clock)
