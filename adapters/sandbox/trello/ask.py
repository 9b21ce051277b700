"""One understood request: who asks, with which parameters, and the objects its path names, when they may be seen."""

from dataclasses import dataclass, field, replace
from typing import Any

from adapters.sandbox.trello import errors
from adapters.sandbox.trello.params import Params
from adapters.sandbox.trello.store import Doc, Store


@dataclass
class Quirks:
    """Oddities of the live service that a test may turn on or off.

    `same_second`: `before` and `since` with a card's id count only whole seconds, so that siblings of the same second
    are lost (reported as an open bug). `crowded`: above so many cards, cards with nested actions are refused.
    `custom_fields`: whether the boards have the Custom Fields Power-Up.
    """

    same_second: bool = False
    crowded: int = 300
    custom_fields: bool = True


@dataclass(frozen=True)
class Ask:
    """`path` holds the ids and words that the route's placeholders caught; `me` is the asking member's id."""

    store: Store
    params: Params
    path: dict[str, str]
    me: str
    quirks: Quirks = field(default_factory=Quirks)

    def about(self, name: str, value: object) -> "Ask":
        """The same request with one more parameter."""
        return replace(self, params=self.params.having(name, value))

    def of_field(self, placeholder: str) -> "Ask":
        """The same request, its parameter `value` given to the field that the path names."""
        return replace(self, params=self.params.renamed("value", self.path[placeholder]))

    def board(self) -> Doc:
        """The board the path names."""
        return self.seen_board(self.store.full_id(self.path["board"]))

    def seen_board(self, board_id: str) -> Doc:
        """A board; 404 when there is none, 401 when the member is not on it."""
        board = self.store.boards.get(board_id)
        if board is None:
            raise errors.not_found()
        if self.me not in board["idMembers"]:
            raise errors.unauthorized("boards")
        return board

    def list_(self) -> Doc:
        """The list the path names."""
        return self._seen(self.store.lists, self.path["list"], "lists")

    def card(self) -> Doc:
        """The card the path names."""
        return self._seen(self.store.cards, self.store.full_id(self.path["card"]), "cards")

    def label(self) -> Doc:
        """The label the path names."""
        return self._seen(self.store.labels, self.path["label"], "labels")

    def checklist(self) -> Doc:
        """The checklist the path names."""
        return self._seen(self.store.checklists, self.path["checklist"], "checklists")

    def custom_field(self) -> Doc:
        """The custom field the path names."""
        return self._seen(self.store.custom_fields, self.path["customField"], "customFields")

    def action(self) -> Doc:
        """The action the path names."""
        action = self.store.actions.get(self.path["action"].lower())
        if action is None:
            raise errors.not_found()
        self.seen_board(action["data"]["board"]["id"])
        return action

    def member(self) -> Doc:
        """The member the path names, by id, username or `me`."""
        name = self.path["member"]
        found = self.store.members.get(self.me if name == "me" else name) or self.store.member_named(name)
        if found is None:
            raise errors.not_found()
        return found

    def board_param(self) -> Doc:
        """The board in the parameter idBoard."""
        board_id = self.params.object_id("idBoard")
        if board_id not in self.store.boards:
            raise errors.invalid_value("idBoard")
        return self.seen_board(board_id)

    def list_param(self) -> Doc:
        """The list in the parameter idList."""
        found = self.store.lists.get(self.params.object_id("idList"))
        if found is None:
            raise errors.invalid_value("idList")
        self.seen_board(found["idBoard"])
        return found

    def _seen(self, table: dict[str, Doc], object_id: str, resource: str) -> Doc:
        found: dict[str, Any] | None = table.get(object_id.lower())
        if found is None:
            raise errors.not_found()
        if self.me not in self.store.boards[found["idBoard"]]["idMembers"]:
            raise errors.unauthorized(resource)
        return found
