"""The words of the domain as frozen values: what replicas show, what was agreed, what is known of a task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Field(StrEnum):
    """The fields of a task that Syncer carries."""

    TITLE = "title"
    DESCRIPTION = "description"
    STAGE = "stage"
    DONE = "done"
    START = "start"
    DUE = "due"
    OWNERS = "owners"
    LABELS = "labels"
    KIND = "kind"
    PARENT = "parent"


class TaskKind(StrEnum):
    """What sort of work a task is."""

    TASK = "task"
    MILESTONE = "milestone"
    APPROVAL = "approval"


When = date | datetime
"""A `date` is a whole local day without a zone; a `datetime` is aware and in UTC, to the second. Never mixed up."""

Value = str | bool | date | datetime | frozenset[str] | None
"""title, description: str · stage: its name or None · done: bool · start, due: `When` or None · owners, labels: set of
names · kind: a `TaskKind` · parent: in a `Reading` the parent's remote id, everywhere else the parent's item id."""


@dataclass(frozen=True)
class Unreadable:
    """What a replica shows in a field that has no meaning here; it is kept there, reported, and never overwritten."""

    raw: str
    reason: str
    """What is wrong and what to write instead, in a sentence for people."""


Shown = Value | Unreadable


@dataclass(frozen=True)
class Item:
    """One remote object (card, task, row) as a replica shows it."""

    remote_id: str
    """Stable id in the service. For a sheet's row: its ID cell, or a provisional handle while `nameless`."""
    fields: Mapping[Field, Shown]
    """Only fields the replica holds. Stage by the service's own name, parent by remote id."""
    place: str
    """Where a person finds it: `card "Poster"`, `Tasks!A12`."""
    version: str | None = None
    """The service's own change time in a form that sorts, or None where the service gives none."""
    changed_at: datetime | None = None
    """When the service says it was last changed."""
    changed_by: str | None = None
    created_at: datetime | None = None
    """When the service says it was created."""
    archived: bool = False
    """Put away by somebody: a closed card, a task in the archive section, a row on the archive tab."""
    nameless: bool = False
    """The replica cannot hold on to it until an identity has been written into it (a new row of a sheet)."""
    url: str | None = None
    spots: Mapping[Field, str] = field(default_factory=dict)
    """Where a field stands, if that is told apart from the object's place: `Tasks!C12`."""


@dataclass(frozen=True)
class Notice:
    """Something a person should know or mend; nothing was lost."""

    place: str
    problem: str
    remedy: str


@dataclass(frozen=True)
class Reading:
    """What a replica showed in one pass. An incomplete reading proves no absence."""

    replica: str
    complete: bool
    items: tuple[Item, ...]
    stages: tuple[str, ...]
    """The stages the place offers now, by the service's names, in its order."""
    taken_at: datetime
    holds: frozenset[Field]
    """The fields that can be read and written there at present."""
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True)
class Agreed:
    """The base of one field of one replica."""

    base: Value
    """The value last agreed, in the form this replica reads back."""
    hub: Value
    """The hub value that `base` stands for; while it equals the hub nothing is pending there."""


class LinkState(StrEnum):
    """How a task stands in one replica."""

    LIVE = "live"
    ARCHIVED = "archived"
    GONE = "gone"
    UNLINKED = "unlinked"


@dataclass(frozen=True)
class Link:
    """A task's object in one replica and what was agreed with it."""

    remote_id: str
    state: LinkState = LinkState.LIVE
    version: str | None = None
    """The service's version of the last confirmed write; an older read is stale."""
    url: str | None = None
    missing_since: datetime | None = None
    agreed: Mapping[Field, Agreed] = field(default_factory=dict)


@dataclass(frozen=True)
class HubValue:
    """A field's canonical value and where it came from."""

    value: Value
    source: str
    at: datetime | None = None
    by: str | None = None


@dataclass(frozen=True)
class Known:
    """All that is known of one task before a pass."""

    item: str
    hub: Mapping[Field, HubValue] = field(default_factory=dict)
    links: Mapping[str, Link] = field(default_factory=dict)
    """By replica name."""
    away: bool = False
    """Put away by somebody in one replica; the others follow by the deletion policy."""
    dead: bool = False
    """A tombstone: gone everywhere, never to come back by itself."""
    reopen_stage: str | None = None
    """The last stage that was not a finished one, where a reopened task returns to."""

    @property
    def title(self) -> str:
        """The task's title, for people."""
        known = self.hub.get(Field.TITLE)
        return str(known.value) if known else self.item


class Presence(StrEnum):
    """What fetching an object by its id showed."""

    PRESENT = "present"
    ARCHIVED = "archived"
    ELSEWHERE = "elsewhere"
    GONE = "gone"


@dataclass(frozen=True)
class Capabilities:
    """What a replica can hold; the planner projects hub values through it."""

    owners: frozenset[str] | None = None
    """The canonical names it can show as owners (see people.py); None: any text."""
    max_owners: int | None = None
    dated_only: frozenset[Field] = frozenset()
    """Time fields that hold only a day (Trello's start)."""
    kinds_without_start: frozenset[str] = frozenset()
    """Kinds that cannot have a start (Asana's milestone)."""
    start_needs_due: bool = False
    """A start cannot stand without a due (Asana)."""
    timed_start_needs_timed_due: bool = False
    """A start with a time needs a due with a time (Asana); otherwise the start is shown as its day."""
    start_before_due: bool = False
    """A start on the very day of the due is not taken (seen with Asana in 2019, unknown today): it is left out."""
    max_text: int | None = None
    """Longest title and description in characters; longer ones are reported, never cut."""
    makes_stages: bool = True
    """Missing stages can be created by writing them (lists, sections); in a sheet a stage is only text."""


class EffectKind(StrEnum):
    """What an effect does to one object."""

    CREATE = "create"
    IDENTIFY = "identify"
    UPDATE = "update"
    ARCHIVE = "archive"
    RESTORE = "restore"
    DELETE = "delete"
    FLAG = "flag"


class ConflictState(StrEnum):
    """Whether a conflict still waits for a person."""

    OPEN = "open"
    SETTLED = "settled"


@dataclass(frozen=True)
class ConflictValue:
    """One side of a conflict."""

    replica: str
    value: Value
    at: datetime | None
    by: str | None


@dataclass(frozen=True)
class Conflict:
    """Two replicas changed one field of one task to different values; both values are kept."""

    id: str
    campaign: str
    item: str
    title: str
    field: Field
    values: tuple[ConflictValue, ...]
    chosen: str | None
    state: ConflictState
    at: datetime


@dataclass(frozen=True)
class LastReading:
    """The last complete reading of a replica."""

    at: datetime
    items: int
