"""One pass over one campaign: read → recover → look up what is missing → plan → settle → execute, until quiet."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

import structlog

from syncer.core.actions import Plan, Refusal, digest
from syncer.core.errors import HeaderFault, PlaceError, Unavailable
from syncer.core.model import EffectKind, Field, HubValue, Item, Known, LastReading, Presence, Reading
from syncer.core.plan import MOVED, Material, blocked, plan, suspects
from syncer.core.policy import Policy
from syncer.core.recovery import Lost, match, recovered
from syncer.core.stages import StageMap
from syncer.execute import Executor, Tally
from syncer.ports import Clock, ConflictState, Intent, IntentState, Replica, Store
from syncer.reading import Readers
from syncer.report import CampaignReport, ReplicaReport, open_count

ROUNDS = 3
"""A pass plans anew at most this often when the world moved while it worked."""
SETTLING = 2.0
"""Seconds a service gets to finish a request whose outcome is unknown before its effect is looked for."""

_NO_STAGE = HubValue(None, "")


@dataclass(frozen=True)
class Campaign:
    """One campaign with its places."""

    policy: Policy
    replicas: Mapping[str, Replica]
    """In rank order."""
    configured_stages: bool = False

    @cached_property
    def readers(self) -> Readers:
        """What reads the replicas, from pass to pass."""
        return Readers(self.replicas)


@dataclass
class World:
    """What one round found."""

    readings: dict[str, Reading] = field(default_factory=dict)
    failures: dict[str, PlaceError] = field(default_factory=dict)


@dataclass
class Cycle:
    """Passes over one campaign."""

    campaign: Campaign
    store: Store
    clock: Clock
    log: structlog.stdlib.BoundLogger
    new_id: Callable[[], str]
    stopping: Callable[[], bool] = lambda: False
    resting: Collection[str] = ()
    """Replicas left out of this pass because they failed lately."""
    patience: float | None = None
    """Seconds to wait for a replica's reading before the others go on without it; None: as long as it takes."""

    def look(self) -> CampaignReport:
        """What a pass would do; writes nothing anywhere."""
        report = self._new_report()
        with self._counting(report):
            world = self._read(report)
            key = self.campaign.policy.campaign
            made, _, _ = self._plan(world, self.store.known(key), report, _in_doubt(self.store.open_intents(key)))
        self._take_down(made, report)
        return report

    def run(self, run: str, accepted: str | None = None) -> CampaignReport:
        """One whole pass. `accepted` is the digest of the plan that a person has accepted (`sync --apply`): exactly
        that plan is carried out, or nothing if the world moved since."""
        report = self._new_report()
        with self._counting(report):
            for _ in range(ROUNDS):
                again = self._round(run, report, accepted)
                if not again or accepted is not None or self.stopping():
                    break
        return report

    @contextmanager
    def _counting(self, report: CampaignReport) -> Iterator[None]:
        """Report what is sent meanwhile."""
        before = {name: replica.traffic() for name, replica in self.campaign.replicas.items()}
        yield
        for name, replica in self.campaign.replicas.items():
            now = replica.traffic()
            report.replicas[name].requests = now.requests - before[name].requests
            report.replicas[name].writes = now.writes - before[name].writes

    def _round(self, run: str, report: CampaignReport, accepted: str | None) -> bool:
        """One reading, plan and execution. Returns whether the world moved meanwhile, so that another is due."""
        key = self.campaign.policy.campaign
        self._let_settle()
        world = self._read(report)
        pending = self._recover(world)
        known = self.store.known(key)
        made, policy, material = self._plan(world, known, report, pending)
        made = _as_accepted(made, accepted)
        self._take_down(made, report)
        if blocked(made):
            return False
        self.store.settle(key, made.settled, made.conflicts)
        self._note_readings(world, made)
        tally = self._execute(run, made, policy, material)
        return self._tell(tally, made, report)

    def _read(self, report: CampaignReport) -> World:
        awake = [name for name in self.campaign.replicas if name not in self.resting]
        world = World(*self.campaign.readers.read(awake, self.patience))
        for name in self.resting:
            world.failures[name] = Unavailable(f"{name} failed lately and is left alone for a while.")
        for name in self.campaign.replicas:
            reading, entry = world.readings.get(name), report.replicas[name]
            entry.failure = world.failures.get(name)
            entry.complete = reading is not None and reading.complete
            entry.items = sum(not item.archived for item in reading.items) if reading else 0
        return world

    def _plan(
        self, world: World, known: Sequence[Known], report: CampaignReport,
        pending: frozenset[tuple[str, str]] = frozenset(),
    ) -> tuple[Plan, Policy, Material]:  # fmt: skip
        policy = self._policy(world.readings, known)
        key = policy.campaign
        material = Material(
            known=known,
            readings=world.readings,
            capabilities={name: self.campaign.replicas[name].capabilities() for name in policy.replicas},
            now=self.clock.now(),
            last={n: last for n in policy.replicas if (last := self.store.last_reading(key, n)) is not None},
            open_conflicts=self.store.conflicts(key, ConflictState.OPEN),
            pending=pending,
        )
        missing, refusals = suspects(material, policy)
        material = replace(material, presences=self._look_up(missing, world, report))
        made = plan(material, policy)
        headers = [Refusal("header", str(e), name) for name, e in world.failures.items() if isinstance(e, HeaderFault)]
        return replace(made, refusals=tuple(dict.fromkeys([*headers, *refusals, *made.refusals]))), policy, material

    def _policy(self, readings: Mapping[str, Reading], known: Sequence[Known]) -> Policy:
        """The policy with the stages found, where none are configured: lists and sections are stages, and what is
        typed into a sheet only where there are neither."""
        policy = self.campaign.policy
        if self.campaign.configured_stages:
            return policy
        offered = {name: readings[name].stages for name in policy.replicas if name in readings}
        places = [n for n in offered if self.campaign.replicas[n].capabilities().makes_stages and offered[n]]
        found = {name: offered[name] for name in places or offered}
        used = sorted(
            {str(task.hub[Field.STAGE].value) for task in known if task.hub.get(Field.STAGE, _NO_STAGE).value}
        )
        return replace(policy, stages=StageMap.discovered(found, used))

    def _look_up(
        self, missing: Sequence[tuple[str, str]], world: World, report: CampaignReport
    ) -> dict[tuple[str, str], Presence]:
        """Confirm absences one by one; a replica that cannot say proves nothing."""
        found: dict[tuple[str, str], Presence] = {}
        for name, remote_id in missing:
            if name in world.failures:
                continue
            try:
                found[name, remote_id] = self.campaign.replicas[name].find(remote_id)
            except PlaceError as error:
                world.failures[name] = report.replicas[name].failure = error
                report.replicas[name].complete = False
        return found

    def _let_settle(self) -> None:
        creates = [i for i in self.store.open_intents(self.campaign.policy.campaign) if i.kind is EffectKind.CREATE]
        if creates:
            age = (self.clock.now() - max(intent.at for intent in creates)).total_seconds()
            self.clock.sleep(min(SETTLING, max(0.0, SETTLING - age)))

    def _recover(self, world: World) -> frozenset[tuple[str, str]]:
        """Find out what became of the effects in doubt; what cannot be known yet stays in doubt."""
        pending: set[tuple[str, str]] = set()
        creates: dict[str, list[Intent]] = {}
        for intent in self.store.open_intents(self.campaign.policy.campaign):
            if intent.kind is not EffectKind.CREATE:
                reason = "outcome unknown; planned again from what the service shows"
                self.store.close(intent.id, IntentState.ABANDONED, reason)
            elif intent.replica in world.readings:
                creates.setdefault(intent.replica, []).append(intent)
            else:
                pending.add((intent.replica, intent.item))
        for name, intents in creates.items():
            pending |= self._find_created(name, intents, world)
        return frozenset(pending)

    def _find_created(self, name: str, intents: Sequence[Intent], world: World) -> set[tuple[str, str]]:
        linked = {
            task.links[name].remote_id for task in self.store.known(self.campaign.policy.campaign) if name in task.links
        }
        strangers = [item for item in world.readings[name].items if item.remote_id not in linked]
        lost = [Lost(i.id, i.item, i.fields, i.since) for i in intents]
        try:
            ours = self.campaign.replicas[name].ours(strangers)
        except PlaceError as error:
            world.failures[name] = error
            del world.readings[name]
            return {(name, intent.item) for intent in intents}
        found = match(lost, strangers, ours)
        pending = set()
        for intent, gone in zip(intents, lost, strict=True):
            item = found.get(intent.id)
            if item is None and not world.readings[name].complete:
                pending.add((name, intent.item))
            elif item is None:
                self.store.close(intent.id, IntentState.ABANDONED, "looked for and not found: it was never applied")
            else:
                self.store.confirm(intent.id, name, recovered(gone, item))
            self.log.info("recovered", intent=intent.id, replica=name, item=intent.item, found=item is not None)
        return pending

    def _note_readings(self, world: World, made: Plan) -> None:
        doubted = {refusal.replica for refusal in made.refusals}
        for name, reading in world.readings.items():
            if reading.complete and name not in doubted:
                live = sum(not item.archived for item in reading.items)
                self.store.note_reading(made.campaign, name, LastReading(reading.taken_at, live))

    def _execute(self, run: str, made: Plan, policy: Policy, material: Material) -> Tally:
        executor = Executor(
            policy, self.campaign.replicas, self.store, self.clock, self.new_id, self.stopping, run, self.log
        )
        tasks = {task.item: task for task in (*material.known, *made.settled)}
        links = {(replica, item): link for item, task in tasks.items() for replica, link in task.links.items()}
        since = {name: _newest(reading.items) for name, reading in material.readings.items()}
        return executor.carry_out(made.actions, links, since)

    def _tell(self, tally: Tally, made: Plan, report: CampaignReport) -> bool:
        report.done += tally.done
        report.conflicts += [c for c in made.conflicts if c.id not in {known.id for known in report.conflicts}]
        report.refused_items = tally.refused
        report.in_doubt = len(self.store.open_intents(made.campaign))
        report.finished = not (tally.again or tally.in_doubt or tally.skipped or tally.failures)
        for name, error in tally.failures.items():
            report.replicas[name].failure = error
            report.replicas[name].complete = False
        report.open_conflicts = open_count(self.store.conflicts(made.campaign, ConflictState.OPEN))
        return bool(tally.again or tally.in_doubt or (tally.skipped and tally.done)) and not tally.failures

    def _take_down(self, made: Plan, report: CampaignReport) -> None:
        report.planned = made.actions
        report.unchanged, report.waiting, report.held = made.unchanged, made.waiting, made.held
        report.refusals, report.notices = made.refusals, made.notices

    def _new_report(self) -> CampaignReport:
        key = self.campaign.policy.campaign
        return CampaignReport(key, {name: ReplicaReport() for name in self.campaign.replicas})


def _as_accepted(made: Plan, accepted: str | None) -> Plan:
    """A plan that a person has looked at and accepted needs no leave for a first link; any other plan is refused."""
    if accepted is None:
        return made
    if digest(made) != accepted:
        reason = "the world has moved since that plan was made; nothing was done: look at a new plan"
        return replace(made, refusals=(*made.refusals, Refusal(MOVED, reason)))
    return replace(made, refusals=tuple(r for r in made.refusals if r.guard != "adoption"))


def _in_doubt(intents: Sequence[Intent]) -> frozenset[tuple[str, str]]:
    """Where something may have been created that is not known yet."""
    return frozenset((intent.replica, intent.item) for intent in intents if intent.kind is EffectKind.CREATE)


def _newest(items: Sequence[Item]) -> datetime | None:
    return max((item.created_at for item in items if item.created_at), default=None)
