"""The shape of Trello's answers as far as Syncer relies on it: extra keys are ignored, everything else is refused."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints
from pydantic.alias_generators import to_camel

Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{24}\z")]


class Shape(BaseModel):
    """Types as they are in JSON, nothing is converted; keys in Trello's spelling (`idList`)."""

    model_config = ConfigDict(strict=True, frozen=True, alias_generator=to_camel)


class Column(Shape):
    """A list of a board."""

    id: Id
    name: str
    closed: bool
    pos: float


class Label(Shape):
    """A label; `name` is empty where it has only a colour."""

    id: Id
    name: str


class Member(Shape):
    """Somebody who belongs to the board."""

    id: Id
    username: str


class Card(Shape):
    """A card."""

    id: Id
    name: str
    desc: str | None
    closed: bool
    id_board: Id
    id_list: Id
    due: str | None
    due_complete: bool
    start: str | None
    id_members: list[Id]
    labels: list[Label]
    date_last_activity: str | None
    short_url: str


class Board(Shape):
    """A board with all that is on it."""

    id: Id
    name: str
    closed: bool
    lists: list[Column]
    labels: list[Label]
    members: list[Member]
    cards: list[Card]
