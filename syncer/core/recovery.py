"""Creates whose outcome is unknown: which object of a fresh reading is the one we made?

First by the identity it carries, then among unlinked objects that this credential made since the intent, by title and
by how many of the written fields are the same. Times are compared only with the service's own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from syncer.core.model import Agreed, Field, Item, Link, Value


@dataclass(frozen=True)
class Lost:
    """A create in doubt."""

    intent: str
    item: str
    fields: Mapping[Field, Value]
    """What was to be written, in canonical terms."""
    since: datetime | None
    """The newest creation time the replica showed before it."""


def match(lost: Sequence[Lost], strangers: Collection[Item], ours: Collection[str]) -> dict[str, Item]:
    """Intent → the object it made. Every object is given to one intent at most; the oldest fitting one first."""
    free = sorted((item for item in strangers if not item.archived), key=lambda i: (_born(i), i.remote_id))
    found: dict[str, Item] = {}
    for intent in lost:
        fitting = [item for item in free if _fits(intent, item, ours)]
        if fitting:
            best = max(fitting, key=lambda item: _likeness(intent, item))
            found[intent.intent] = best
            free.remove(best)
    return found


def _fits(intent: Lost, item: Item, ours: Collection[str]) -> bool:
    if item.remote_id == intent.item:
        return True
    new = intent.since is None or item.created_at is None or item.created_at >= intent.since
    return item.remote_id in ours and new and item.fields.get(Field.TITLE) == intent.fields.get(Field.TITLE)


def _likeness(intent: Lost, item: Item) -> int:
    return sum(item.fields.get(field) == value for field, value in intent.fields.items())


def _born(item: Item) -> float:
    return item.created_at.timestamp() if item.created_at else 0.0


def recovered(intent: Lost, item: Item) -> Link:
    """The link of a found object: what was written is the base, so an edit made since is still seen as one."""
    agreed = {field: Agreed(value, value) for field, value in intent.fields.items()}
    return Link(item.remote_id, version=None, url=item.url, agreed=agreed)
