"""What a Trello card means as a task, and what to write on a card so that it means the task."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from mappings.trello_dates import decode_due, decode_start, encode_due, encode_start, instant
from mappings.trello_shapes import Board, Card, Column
from syncer.core.model import Field, Item, Notice, Shown, Unreadable, Value
from syncer.core.people import People

SERVICE = "trello"
HOLDS = frozenset(
    {
        Field.TITLE,
        Field.DESCRIPTION,
        Field.STAGE,
        Field.DONE,
        Field.START,
        Field.DUE,
        Field.OWNERS,
        Field.LABELS,
    }
)
MAX_TEXT = 16384
"""Characters in a card's name or description, by Trello's parameter documentation."""


def is_flag(label: str) -> bool:
    """Whether a label is one that Syncer puts on cards for people to see."""
    return label == "Overdue" or label.startswith("Deleted in ")


@dataclass(frozen=True)
class Lens:
    """Reads the cards of one board, and writes them with the lists, labels and members the board has."""

    board: Board
    people: People
    zone: ZoneInfo

    @cached_property
    def open_lists(self) -> tuple[Column, ...]:
        """From left to right; of several with one name only the first."""
        first: dict[str, Column] = {}
        for column in self._columns():
            first.setdefault(column.name, column)
        return tuple(first.values())

    @cached_property
    def owners(self) -> frozenset[str]:
        """The canonical names of the people who can be put on a card."""
        return frozenset(self._owner(id_) for id_ in self._usernames)

    def item(self, card: Card) -> Item:
        """The card as an item."""
        changed = card.date_last_activity
        column = self._lists_by_id.get(card.id_list)
        return Item(
            remote_id=card.id,
            fields=self.fields(card),
            place=_place(card),
            version=changed,
            changed_at=instant(changed) if changed else None,
            created_at=created_at(card.id),
            archived=card.closed or column is None or column.closed,
            url=card.short_url,
        )

    def fields(self, card: Card) -> dict[Field, Shown]:
        """What the card shows."""
        column = self._lists_by_id.get(card.id_list)
        return {
            Field.TITLE: card.name if card.name.strip() else Unreadable(card.name, "the card has no name; give it one"),
            Field.DESCRIPTION: (card.desc or "").replace("\r\n", "\n").replace("\r", "\n"),
            Field.STAGE: column.name if column else None,
            Field.DONE: card.due_complete,
            Field.START: self._time(card.start, decode_start),
            Field.DUE: self._time(card.due, decode_due),
            Field.OWNERS: frozenset(self._owner(id_) for id_ in card.id_members),
            Field.LABELS: frozenset(label.name for label in card.labels if label.name and not is_flag(label.name)),
        }

    def body(self, fields: Mapping[Field, Value], card: Card | None = None) -> dict[str, Any]:
        """The JSON body that writes the fields on a new card or on `card` as it is now.

        Lists and labels that do not exist are left out; see `stage_to_make` and `labels_to_make`. Raises ValueError,
        in words for people, for a value that Trello cannot hold.
        """
        written: dict[str, Any] = {}
        for field, value in fields.items():
            written |= self._written(field, value, card)
        return written

    def stage_to_make(self, fields: Mapping[Field, Value]) -> str | None:
        """The list that is needed to write the fields and does not exist."""
        stage = fields.get(Field.STAGE)
        return stage if isinstance(stage, str) and all(column.name != stage for column in self.open_lists) else None

    def labels_to_make(self, fields: Mapping[Field, Value]) -> tuple[str, ...]:
        """The labels that are needed to write the fields and do not exist."""
        wanted = fields.get(Field.LABELS)
        return self.labels_missing(_labels(wanted)) if isinstance(wanted, frozenset) else ()

    def labels_missing(self, names: Iterable[str]) -> tuple[str, ...]:
        """Those of the names that no label of the board has."""
        return tuple(sorted(set(names) - {label.name for label in self.board.labels}))

    def flagged(self, card: Card, flag: str) -> list[str]:
        """The ids of the card's labels with the flag added, or without any flag if it is empty."""
        wanted = {label.name for label in card.labels}
        wanted = wanted | {flag} if flag else {name for name in wanted if not is_flag(name)}
        return self._label_ids(wanted, card)

    def notices(self) -> Iterator[Notice]:
        """What people should mend on the board or in the configuration."""
        yield from self._twins()
        yield from self._strangers()

    def _twins(self) -> Iterator[Notice]:
        for name, times in Counter(column.name for column in self._columns()).items():
            if times > 1:
                yield Notice(
                    f'list "{name}"', f"{times} open lists have this name; the first one counts", "rename them"
                )

    def _strangers(self) -> Iterator[Notice]:
        seen: set[str] = set()
        for card in self.board.cards:
            for id_ in card.id_members:
                name = self._owner(id_)
                if name not in seen and not self.people.knows(name):
                    account = name.removeprefix(f"{SERVICE}:")
                    remedy = f'add a [[people]] entry with trello = "{account}"'
                    yield Notice(_place(card), f"nobody is known by the Trello account {account}", remedy)
                seen.add(name)

    def _columns(self) -> list[Column]:
        return sorted((column for column in self.board.lists if not column.closed), key=lambda column: column.pos)

    @cached_property
    def _lists_by_id(self) -> dict[str, Column]:
        return {column.id: column for column in self.board.lists}

    @cached_property
    def _usernames(self) -> dict[str, str]:
        return {member.id: member.username for member in self.board.members}

    def _owner(self, id_: str) -> str:
        return self.people.name_of(SERVICE, self._usernames.get(id_), id_)

    def _time(self, text: str | None, decode: Any) -> Shown:
        if text is None:
            return None
        try:
            shown: Shown = decode(text, self.zone)
        except ValueError:
            return Unreadable(text, "this is no time; set the date again")
        return shown

    def _written(self, field: Field, value: Value, card: Card | None) -> dict[str, Any]:
        match field, value:
            case Field.TITLE, str():
                return {"name": value}
            case Field.DESCRIPTION, _:
                return {"desc": value or ""}
            case Field.DONE, _:
                return {"dueComplete": bool(value)}
            case Field.DUE, _:
                return {"due": encode_due(value, self.zone) if isinstance(value, date) else None}
            case Field.START, _:
                return {"start": encode_start(value, self.zone) if isinstance(value, date) else None}
            case Field.STAGE, str():
                return self._list_for(value, card)
            case Field.OWNERS, frozenset():
                return {"idMembers": self._member_ids(value, card)}
            case Field.LABELS, frozenset():
                return {"idLabels": self._label_ids(_labels(value) | _flags(card), card)}
        return {}

    def way_out(self, card: Card) -> dict[str, str]:
        """The body that takes a card out of a closed list: into the open one of the same name, or the first."""
        column = self._lists_by_id.get(card.id_list)
        if column and not column.closed:
            return {}
        namesakes = [other for other in self.open_lists if column and other.name == column.name]
        targets = namesakes or self.open_lists
        return {"idList": targets[0].id} if targets else {}

    def _list_for(self, stage: str, card: Card | None) -> dict[str, str]:
        """The card's own list where it has the name already, though it may not be the first that has it."""
        here = self._lists_by_id.get(card.id_list) if card else None
        candidates = (*((here,) if here and not here.closed else ()), *self.open_lists)
        return next(({"idList": column.id} for column in candidates if column.name == stage), {})

    def _member_ids(self, names: frozenset[str], card: Card | None) -> list[str]:
        """Those on the card first, in the order they have there."""
        there = card.id_members if card else []
        return [id_ for id_ in dict.fromkeys([*there, *sorted(self._usernames)]) if self._owner(id_) in names]

    def _label_ids(self, names: Iterable[str], card: Card | None) -> list[str]:
        """The labels with these names, those on the card first; nameless ones stay on it."""
        wanted = set(names)
        ids = [label.id for label in (card.labels if card else []) if not label.name or label.name in wanted]
        missing = wanted - {label.name for label in (card.labels if card else [])}
        for label in sorted(self.board.labels, key=lambda label: label.id):
            if label.name in missing:
                missing.discard(label.name)
                ids.append(label.id)
        return list(dict.fromkeys(ids))


def created_at(id_: str) -> datetime:
    """When an object was made: its id begins with the Unix time in seconds."""
    return datetime.fromtimestamp(int(id_[:8], 16), UTC)


def _place(card: Card) -> str:
    return f'card "{card.name.strip() or card.short_url}"'


def _labels(value: frozenset[str]) -> frozenset[str]:
    """The names that can be labels: a flag cannot, as it would not be read back."""
    return frozenset(name for name in value if name and not is_flag(name))


def _flags(card: Card | None) -> frozenset[str]:
    return frozenset(label.name for label in card.labels if is_flag(label.name)) if card else frozenset()
