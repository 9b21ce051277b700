"""What the emulated Trello holds: tables of JSON documents by id, and what follows from touching them."""

import random
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from adapters.sandbox.trello.ids import Mint
from adapters.sandbox.trello.params import iso
from adapters.sandbox.wire import SandboxClock

Doc = dict[str, Any]
Table = dict[str, Doc]
TABLES = ("members", "boards", "lists", "cards", "labels", "checklists", "custom_fields", "actions")


class Store:
    """The tables. Time is held still while one request is answered or a seed is sown: all its marks agree."""

    def __init__(self, clock: SandboxClock, rng: random.Random) -> None:
        self.clock = clock
        self.mint = Mint(rng)
        self._held: datetime | None = None
        self.clear()

    def clear(self) -> None:
        """Empties all tables."""
        self.members: Table = {}
        self.boards: Table = {}
        self.lists: Table = {}
        self.cards: Table = {}
        self.labels: Table = {}
        self.checklists: Table = {}
        self.custom_fields: Table = {}
        self.actions: Table = {}
        self.short_links: dict[str, str] = {}
        self.mint.process = ""

    def now(self) -> datetime:
        """The moment that new things bear."""
        return self._held or self.clock.now()

    def hold(self, moment: datetime | None = None) -> None:
        """Holds time still, now or at another moment."""
        self._held = moment or self.clock.now()

    def let_go(self) -> None:
        """Lets time go on."""
        self._held = None

    def new_id(self) -> str:
        """A new id of this moment."""
        return self.mint.object_id(self.now())

    def short_link(self, object_id: str) -> str:
        """A new short link for a card or board."""
        link = self.mint.short_link()
        self.short_links[link] = object_id
        return link

    def full_id(self, id_or_link: str) -> str:
        """The id behind an id or a short link."""
        return self.short_links.get(id_or_link, id_or_link.lower())

    def touch(self, card: Doc) -> None:
        """Moves the last activity of a card and its board."""
        card["dateLastActivity"] = iso(self.now())
        self.touch_board(card["idBoard"])

    def touch_board(self, board_id: str) -> None:
        """Moves the last activity of a board."""
        self.boards[board_id]["dateLastActivity"] = iso(self.now())

    def lists_of(self, board_id: str) -> list[Doc]:
        """A board's lists from left to right, archived ones too."""
        return by_pos(one for one in self.lists.values() if one["idBoard"] == board_id)

    def cards_of_list(self, list_id: str) -> list[Doc]:
        """A list's cards from top to bottom, archived ones too."""
        return by_pos(card for card in self.cards.values() if card["idList"] == list_id)

    def cards_of_board(self, board_id: str) -> list[Doc]:
        """A board's cards in board order: left to right, top to bottom."""
        order = {one["id"]: place for place, one in enumerate(self.lists_of(board_id))}
        found = [card for card in self.cards.values() if card["idBoard"] == board_id]
        return sorted(found, key=lambda card: (order[card["idList"]], card["pos"], card["id"]))

    def labels_of(self, board_id: str) -> list[Doc]:
        """A board's labels, oldest first."""
        return [label for label in self.labels.values() if label["idBoard"] == board_id]

    def checklists_of(self, card: Doc) -> list[Doc]:
        """A card's checklists from top to bottom."""
        return by_pos(self.checklists[one] for one in card["idChecklists"])

    def check_items(self, card: Doc) -> Iterator[Doc]:
        """All check items of a card."""
        for checklist in self.checklists_of(card):
            yield from by_pos(checklist["checkItems"])

    def member_named(self, username: str) -> Doc | None:
        """The member with this username."""
        return next((member for member in self.members.values() if member["username"] == username), None)

    def dump(self) -> Doc:
        """All of it as JSON-able values."""
        tables: Doc = {name: getattr(self, name) for name in TABLES}
        mint = {"process": self.mint.process, "counter": self.mint.counter}
        return {**tables, "short_links": self.short_links, "mint": mint}

    def load(self, state: Doc) -> None:
        """Takes back what `dump` gave."""
        for name in (*TABLES, "short_links"):
            setattr(self, name, state[name])
        self.mint.process = state["mint"]["process"]
        self.mint.counter = state["mint"]["counter"]


def by_pos(documents: Iterable[Doc]) -> list[Doc]:
    """In the order people see; equal positions by age."""
    return sorted(documents, key=lambda one: (one["pos"], one["id"]))
