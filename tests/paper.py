"""A replica on paper: the `Replica` port over a dictionary, for generated worlds in which only our engine is on trial.

It is lossy in the ways the services are (capabilities), follows the port's rules, and can be told to lie about nothing.
The services themselves are judged over HTTP in tests/contract.
"""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from syncer.core.errors import PlaceError
from syncer.core.fields import empty
from syncer.core.model import Capabilities, Field, Item, Presence, Reading, TaskKind, Value
from syncer.core.policy import Policy
from syncer.core.projection import project
from syncer.core.stages import Stage, StageMap
from syncer.cycle import Campaign, Cycle
from syncer.ports import Effect, EffectKind, Outcome, Result, Traffic
from syncer.store.opening import open_store
from syncer.textmerge import merge_lines

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
STAGES = StageMap([Stage("To do"), Stage("Doing"), Stage("Done", done=True)])
ALL = frozenset(Field)
TRELLO = Capabilities(dated_only=frozenset({Field.START}), owners=frozenset({"Li Wei", "Ana", "Bo"}))
ASANA = Capabilities(
    owners=frozenset({"Li Wei", "Ana", "Bo"}),
    max_owners=1,
    kinds_without_start=frozenset({"milestone"}),
    start_needs_due=True,
    start_before_due=True,
    timed_start_needs_timed_due=True,
)
SHEETS = Capabilities(makes_stages=False)
HOLDS = {"trello": ALL - {Field.KIND, Field.PARENT}, "asana": ALL, "sheets": ALL}
CAPS = {"trello": TRELLO, "asana": ASANA, "sheets": SHEETS}


@dataclass
class PaperClock:
    """A clock that only tests move."""

    time: datetime = START

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return (self.time - START).total_seconds()

    def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@dataclass
class Paper:
    """One object."""

    fields: dict[Field, Value]
    version: int
    archived: bool = False
    changed_at: datetime = START
    nameless: bool = False


@dataclass
class PaperReplica:
    """A board, project or sheet on paper."""

    name: str
    clock: PaperClock
    service: str = ""
    """The same as the name unless given."""
    holds: frozenset[Field] = frozenset()
    caps: Capabilities = field(default_factory=Capabilities)
    offers: tuple[str, ...] = tuple(stage.name for stage in STAGES.stages)
    """The stages it has; a sheet has none of its own."""
    objects: dict[str, Paper] = field(default_factory=dict)
    batch: int = 1
    failing: PlaceError | None = None
    complete: bool = True
    hidden: set[str] = field(default_factory=set)
    """Objects that a listing leaves out although they exist."""
    elsewhere: set[str] = field(default_factory=set)
    """Objects that were moved to another place of the same service."""
    dropped: dict[int, Result] = field(default_factory=dict)
    """Write number → the outcome to give; IN_DOUBT applies the write first if `apply_lost`."""
    apply_lost: bool = True
    writes: int = 0
    reads: int = 0
    lookups: int = 0
    log: list[tuple[EffectKind, str]] = field(default_factory=list)
    _ids: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.service = self.service or self.name
        self.holds = self.holds or HOLDS[self.service]
        self.caps = CAPS[self.service] if self.caps == Capabilities() else self.caps

    def add(self, **fields: Value) -> str:
        """A person makes an object."""
        values = {of: empty(of) for of in self.holds} | {Field(k): v for k, v in fields.items()}
        nameless = self.service == "sheets"
        remote_id = f"{self.name}-{next(self._ids)}"
        self.objects[remote_id] = Paper(self._as_shown(values), 1, changed_at=self.clock.now(), nameless=nameless)
        return remote_id

    def edit(self, remote_id: str, **fields: Value) -> None:
        """A person edits an object."""
        paper = self.objects[remote_id]
        paper.fields = self._as_shown(paper.fields | {Field(k): v for k, v in fields.items()})
        paper.version += 1
        paper.changed_at = self.clock.now()

    def by_title(self, title: str) -> str:
        """The id of the one living object with this title."""
        (found,) = [key for key, p in self.objects.items() if p.fields[Field.TITLE] == title and not p.archived]
        return found

    def shown(self, title: str) -> dict[Field, Value]:
        return self.objects[self.by_title(title)].fields

    def read(self) -> Reading:
        self.reads += 1
        if self.failing:
            raise self.failing
        items = [
            self._item(key, paper) for key, paper in self.objects.items() if key not in self.hidden | self.elsewhere
        ]
        stages = () if self.service == "sheets" else self.offers
        return Reading(self.name, self.complete, tuple(items), stages, self.clock.now(), self.holds)

    def _item(self, key: str, paper: Paper) -> Item:
        has_versions = self.service != "sheets"
        return Item(
            key,
            {of: value for of, value in paper.fields.items() if of in self.holds},
            f"{self.name} {paper.fields[Field.TITLE]}",
            version=f"{paper.version:08d}" if has_versions else None,
            changed_at=paper.changed_at if has_versions else None,
            created_at=START + timedelta(seconds=int(key.split("-")[1])) if has_versions else None,
            archived=paper.archived,
            nameless=paper.nameless,
        )

    def capabilities(self) -> Capabilities:
        return self.caps

    def find(self, remote_id: str) -> Presence:
        self.lookups += 1
        if remote_id not in self.objects:
            return Presence.GONE
        if remote_id in self.elsewhere:
            return Presence.ELSEWHERE
        return Presence.ARCHIVED if self.objects[remote_id].archived else Presence.PRESENT

    def ours(self, items: Collection[Item]) -> frozenset[str]:
        return frozenset(item.remote_id for item in items)

    def traffic(self) -> Traffic:
        return Traffic(self.reads + self.lookups + self.writes, self.writes)

    def apply(self, effects: Sequence[Effect]) -> Sequence[Outcome]:
        return [self._apply(effect) for effect in effects]

    def _apply(self, effect: Effect) -> Outcome:
        if self.failing:
            raise self.failing
        self.writes += 1
        fate = self.dropped.pop(self.writes, None)
        if fate is not None and not (fate is Result.IN_DOUBT and self.apply_lost):
            return Outcome(effect.intent, fate, reason="as the test said")
        outcome = self._create(effect) if effect.kind is EffectKind.CREATE else self._change(effect)
        return Outcome(effect.intent, Result.IN_DOUBT, reason="the reply was lost") if fate else outcome

    def _create(self, effect: Effect) -> Outcome:
        remote_id = effect.item if self.service == "sheets" else f"{self.name}-{next(self._ids)}"
        assert remote_id not in self.objects, "a twin"
        fields = self._as_shown({of: empty(of) for of in self.holds} | dict(effect.fields))
        self.objects[remote_id] = Paper(fields, 1, changed_at=self.clock.now())
        self.log.append((effect.kind, remote_id))
        return Outcome(effect.intent, Result.CONFIRMED, remote_id, dict(fields), version=f"{1:08d}")

    def _change(self, effect: Effect) -> Outcome:
        paper = self.objects.get(effect.remote_id or "")
        if paper is None:
            return Outcome(effect.intent, Result.GONE)
        if any(paper.fields.get(of) != value for of, value in effect.expected.items()):
            return Outcome(effect.intent, Result.MOVED, reason="edited meanwhile")
        self.log.append((effect.kind, effect.remote_id or ""))
        remote_id = self._do(effect, paper)
        paper.fields = self._as_shown(paper.fields | dict(effect.fields))
        paper.version += 1
        paper.changed_at = self.clock.now()
        shown = {of: paper.fields[of] for of in effect.fields}
        version = None if self.service == "sheets" else f"{paper.version:08d}"
        return Outcome(effect.intent, Result.CONFIRMED, remote_id, shown, version=version)

    def _do(self, effect: Effect, paper: Paper) -> str:
        remote_id = effect.remote_id or ""
        if effect.kind is EffectKind.IDENTIFY:
            self.objects[effect.item] = self.objects.pop(remote_id)
            paper.nameless = False
            for other in self.objects.values():  # a sheet names parents by title
                if other.fields.get(Field.PARENT) == remote_id:
                    other.fields[Field.PARENT] = effect.item
            return effect.item
        if effect.kind is EffectKind.DELETE:
            del self.objects[remote_id]
        paper.archived = effect.kind is EffectKind.ARCHIVE or (paper.archived and effect.kind is not EffectKind.RESTORE)
        return remote_id

    def _as_shown(self, fields: dict[Field, Value]) -> dict[Field, Value]:
        """What the service makes of what is written, be it by us or by a person."""
        kind = {Field.KIND: fields.get(Field.KIND, TaskKind.TASK)}
        return {of: project(of, kind | fields, self.caps, ZONE, value) for of, value in fields.items()}


class PaperWorld:
    """Replicas on paper, a real store in memory, and the real cycle over them."""

    def __init__(self, *names: str, **policy: object) -> None:
        self.clock = PaperClock()
        self.replicas: dict[str, PaperReplica] = {}
        self.resting: frozenset[str] = frozenset()
        self.configured_stages = True
        self.store = open_store("sqlite:///:memory:", self.clock)
        weakref.finalize(self, self.store.dispose)
        self._ids = itertools.count(1)
        settings = {"stages": STAGES, "zone": ZONE, "merge_text": merge_lines} | policy
        self.policy = Policy("launch", {}, **settings)
        for name in names or ("trello", "asana", "sheets"):
            self.join(name)

    def join(self, name: str, **traits: object) -> PaperReplica:
        """Add a place to the campaign: `trello`, or `design=trello` for one with a name of its own."""
        name, _, service = name.partition("=")
        replica = PaperReplica(name, self.clock, service, **traits)
        self.replicas[name] = replica
        self._take_part()
        return replica

    def leave(self, name: str) -> PaperReplica:
        """Take a place out of the campaign."""
        replica = self.replicas.pop(name)
        self._take_part()
        return replica

    def _take_part(self) -> None:
        services = {name: replica.service for name, replica in self.replicas.items()}
        self.policy = replace(self.policy, services=services)

    def change(self, **policy: object) -> None:
        """The configuration is changed."""
        self.policy = replace(self.policy, **policy)

    def __getitem__(self, name: str) -> PaperReplica:
        return self.replicas[name]

    def cycle(self, **changes: object) -> Cycle:
        policy = replace(self.policy, **changes)
        log = structlog.wrap_logger(structlog.ReturnLogger())
        campaign = Campaign(policy, self.replicas, configured_stages=self.configured_stages)
        return Cycle(campaign, self.store, self.clock, log, self._new_id, resting=self.resting)

    def _new_id(self) -> str:
        return f"i{next(self._ids):06d}"

    def sync(self, *allow: str):
        """One pass, a minute after the last."""
        self.clock.sleep(60)
        return self.cycle(allow=frozenset(allow)).run(f"r{next(self._ids)}")

    def total_writes(self) -> int:
        return sum(replica.writes for replica in self.replicas.values())


def linked(*names: str, **policy: object) -> PaperWorld:
    """A world in which ten tasks are the same everywhere."""
    world = PaperWorld(*names, **policy)
    first = next(iter(world.replicas.values()))
    for number in range(10):
        first.add(title=f"Task {number}", stage="To do", due=date(2026, 11, 1 + number))
    report = world.sync()
    assert report.exit == 0
    assert report.complete
    return world


def titles(world: PaperWorld, name: str) -> list[str]:
    return sorted(str(p.fields[Field.TITLE]) for p in world[name].objects.values() if not p.archived)
