"""What the engine needs from the outside, and the values that cross that line."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from syncer.core.model import Capabilities as Capabilities
from syncer.core.model import Conflict as Conflict
from syncer.core.model import ConflictState as ConflictState
from syncer.core.model import ConflictValue as ConflictValue
from syncer.core.model import EffectKind as EffectKind
from syncer.core.model import Field, Item, Known, Link, Presence, Reading, Value
from syncer.core.model import LastReading as LastReading


@dataclass(frozen=True)
class Effect:
    """One change to one object of one replica, in that replica's terms, ready to be carried out."""

    intent: str
    """Key of the journalled intent."""
    kind: EffectKind
    item: str
    """The task's key; what a sheet's ID column holds."""
    title: str
    remote_id: str | None
    """None for `create`; the provisional handle for `identify`."""
    fields: Mapping[Field, Value] = field(default_factory=dict)
    """What to write: stage by the service's name, parent by remote id, owners and labels by canonical name."""
    expected: Mapping[Field, Value] = field(default_factory=dict)
    """What the plan saw in the fields to be written (same terms); if the object shows something else now, answer MOVED.
    For `identify` also the title the row had."""
    text: str = ""
    """For `flag`: the words of the flag."""
    link: str | None = None
    """An address of the task in another service, for a sheet's `Link` column on `create` and `identify`."""


class Result(StrEnum):
    """How an effect ended."""

    CONFIRMED = "confirmed"
    """The service has answered that it is done."""
    MOVED = "moved"
    """Somebody changed the object since it was read; nothing was written; plan again."""
    GONE = "gone"
    """The object does not exist any more; nothing was written."""
    REFUSED = "refused"
    """The service said no to this very change (4xx); repeating it unchanged is useless."""
    IN_DOUBT = "in doubt"
    """Time-out, reset, 5xx or a cut reply: it may or may not have been applied."""
    NOT_SENT = "not sent"
    """Certainly not applied; may be tried again."""


@dataclass(frozen=True)
class Outcome:
    """What became of one effect."""

    intent: str
    result: Result
    remote_id: str | None = None
    fields: Mapping[Field, Value] = field(default_factory=dict)
    """What the service shows now in the fields that were written (replica terms)."""
    version: str | None = None
    url: str | None = None
    reason: str = ""
    """For people, where the result is not CONFIRMED."""


@dataclass(frozen=True)
class Traffic:
    """What a replica has sent."""

    requests: int
    writes: int
    """Requests that can change something in the service."""


class Replica(Protocol):
    """One service's copy of a campaign's tasks."""

    name: str
    service: str
    batch: int
    """How many effects one call of `apply` may carry (one request, all or nothing)."""

    def read(self) -> Reading:
        """Read everything with few requests. Raises a PlaceError if that cannot be done whole."""

    def capabilities(self) -> Capabilities:
        """What can be held, as known from the last `read`."""

    def find(self, remote_id: str) -> Presence:
        """Look one object up by its id. Raises a PlaceError if no sure answer can be had."""

    def ours(self, items: Collection[Item]) -> frozenset[str]:
        """The remote ids among these that this credential created."""

    def traffic(self) -> Traffic:
        """Everything sent since the replica was made, retries included."""

    def apply(self, effects: Sequence[Effect]) -> Sequence[Outcome]:
        """Carry out up to `batch` effects; exactly one outcome each.

        Raises a PlaceError only if certainly nothing of the call was applied; an unknown outcome is IN_DOUBT.
        """


class IntentState(StrEnum):
    """Life of an intent; all but IN_DOUBT are terminal."""

    IN_DOUBT = "in doubt"
    DONE = "done"
    REFUSED = "refused"
    ABANDONED = "abandoned"


@dataclass(frozen=True)
class Intent:
    """A journalled remote effect, durable before its first byte leaves."""

    id: str
    run: str
    campaign: str
    replica: str
    item: str
    title: str
    kind: EffectKind
    remote_id: str | None
    fields: Mapping[Field, Value]
    """In canonical terms: what the hub wants there."""
    old: Mapping[Field, Value]
    cause: str
    """Why: `edited in trello`, `new in sheets`, …"""
    at: datetime
    since: datetime | None = None
    """For a create: the newest creation time the replica's reading showed (its own clock), or None if it was empty."""
    state: IntentState = IntentState.IN_DOUBT
    reason: str = ""
    attempts: int = 0


@dataclass(frozen=True)
class Run:
    """One run of a command that passes over campaigns."""

    id: str
    command: str
    started_at: datetime
    ended_at: datetime | None = None
    exit: int | None = None
    report: str = ""
    """The JSON report as printed by `--json`."""


class Store(Protocol):
    """What must survive the process. Every method that writes is one durable transaction when it returns."""

    def known(self, campaign: str) -> tuple[Known, ...]:
        """Every task of the campaign, tombstones included, ordered by item."""

    def settle(self, campaign: str, knowns: Sequence[Known], conflicts: Sequence[Conflict]) -> None:
        """Record what was observed and agreed without a remote effect; a conflict with a known id is replaced."""

    def intend(self, intents: Sequence[Intent]) -> None:
        """Journal intents as in doubt."""

    def confirm(self, intent: str, replica: str, link: Link) -> None:
        """Close the intent as done and record the task's link (remote id and base) in the same transaction."""

    def close(self, intent: str, state: IntentState, reason: str) -> None:
        """Close an intent that was not carried out."""

    def open_intents(self, campaign: str) -> tuple[Intent, ...]:
        """Intents still in doubt, oldest first."""

    def history(self, campaign: str | None = None, run: str | None = None) -> tuple[Intent, ...]:
        """Journalled effects, newest first."""

    def conflicts(self, campaign: str | None = None, state: ConflictState | None = None) -> tuple[Conflict, ...]:
        """Conflicts, newest first."""

    def last_reading(self, campaign: str, replica: str) -> LastReading | None:
        """The last complete reading, or None before the first."""

    def note_reading(self, campaign: str, replica: str, reading: LastReading) -> None:
        """Remember a complete reading."""

    def begin(self, run: Run) -> None:
        """Record the start of a run."""

    def finish(self, run: Run) -> None:
        """Record its end and report."""

    def last_run(self) -> Run | None:
        """The newest finished run."""


class Clock(Protocol):
    """Where time comes from."""

    def now(self) -> datetime:
        """Aware, in UTC."""

    def monotonic(self) -> float:
        """Seconds that never run back."""

    def sleep(self, seconds: float) -> None:
        """Wait; returns early when the process is asked to stop."""
