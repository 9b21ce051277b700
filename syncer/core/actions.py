"""The plan of one pass as a frozen value: what would be done to which object, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2s
from typing import TypeVar

from syncer.core.fields import encode
from syncer.core.model import Conflict, EffectKind, Field, Known, Link, Notice, Value

T = TypeVar("T")


@dataclass(frozen=True)
class Change:
    """One field's change in one replica."""

    old: Value
    """What the replica shows now, in canonical terms."""
    new: Value


@dataclass(frozen=True)
class Action:
    """One change to one object, in canonical terms."""

    replica: str
    kind: EffectKind
    item: str
    title: str
    remote_id: str | None
    cause: str
    """Why, in words: `edited in trello`."""
    changes: Mapping[Field, Change] = field(default_factory=dict)
    hub: Mapping[Field, Value] = field(default_factory=dict)
    """The hub values that the new ones stand for."""
    needs: tuple[tuple[str, str], ...] = ()
    """(replica, item) pairs whose create or identify must have been confirmed first."""
    text: str = ""
    place: str = ""
    """Where a person finds the object."""
    raw: Mapping[Field, Value] = field(default_factory=dict)
    """What the object showed in the replica's own terms: if it shows something else at the time, nothing is written."""
    link: Link | None = None
    """The link as it stands before the action; None for `create`."""

    @property
    def key(self) -> tuple[str, str]:
        """Where it acts: one replica's object for one task."""
        return (self.replica, self.item)

    @property
    def parent(self) -> tuple[str, str] | None:
        """The object that has to be there for the child to be put under it."""
        change = self.changes.get(Field.PARENT)
        return (self.replica, str(change.new)) if change and change.new else None

    def orphaned(self) -> Action:
        """The same without the parent, which a later pass will see to."""
        needs = tuple(need for need in self.needs if need != self.parent)
        return replace(
            self,
            changes=_without_parent(self.changes),
            hub=_without_parent(self.hub),
            raw=_without_parent(self.raw),
            needs=needs,
        )


def _without_parent(fields: Mapping[Field, T]) -> dict[Field, T]:
    rest = dict(fields)
    rest.pop(Field.PARENT, None)
    return rest


@dataclass(frozen=True)
class Refusal:
    """A guard said no; nothing it guards was done."""

    guard: str
    reason: str
    replica: str | None = None


@dataclass(frozen=True)
class Plan:
    """The ordered actions of one pass, derived from bases and readings and nothing else."""

    campaign: str
    actions: tuple[Action, ...] = ()
    settled: tuple[Known, ...] = ()
    """What was observed and needs no remote effect: recorded before any action is carried out."""
    conflicts: tuple[Conflict, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    notices: tuple[Notice, ...] = ()
    unchanged: int = 0
    """Tasks that need nothing."""
    waiting: int = 0
    """Tasks that could not be judged in this pass (a lagging read, an unconfirmed absence, an unmapped stage)."""
    held: int = 0
    """Those among them that wait for a person, not for the next pass."""


def digest(plan: Plan) -> str:
    """A short name of exactly these actions, to tell whether a plan made later is the same."""
    parts = [
        "\x1f".join((a.replica, a.kind, a.item, a.title, a.remote_id or "", a.cause, a.text, _changes(a)))
        for a in plan.actions
    ]
    text = "\x1e".join((plan.campaign, *parts))
    return blake2s(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _changes(action: Action) -> str:
    return "\x1d".join(f"{f}:{encode(c.old)!r}:{encode(c.new)!r}" for f, c in sorted(action.changes.items()))


_ORDER = {
    EffectKind.IDENTIFY: 0,
    EffectKind.CREATE: 1,
    EffectKind.RESTORE: 2,
    EffectKind.UPDATE: 3,
    EffectKind.FLAG: 4,
    EffectKind.ARCHIVE: 5,
    EffectKind.DELETE: 6,
}


def ordered(actions: list[Action], replicas: tuple[str, ...]) -> tuple[Action, ...]:
    """The one order of a set of actions, whatever order they were found in: what others need comes first."""
    pending = sorted(actions, key=lambda a: (_ORDER[a.kind], replicas.index(a.replica), a.title, a.item))
    makes = {action.key for action in pending if action.kind in (EffectKind.IDENTIFY, EffectKind.CREATE)}
    placed: set[tuple[str, str]] = set()
    result: list[Action] = []
    while pending:
        ready = [a for a in pending if all(need in placed or need not in makes for need in a.needs)]
        if not ready:  # a cycle of parents: the services would refuse it too
            ready = pending[:1]
        result += ready
        placed.update(action.key for action in ready)
        chosen = set(map(id, ready))
        pending = [action for action in pending if id(action) not in chosen]
    return tuple(result)
