"""The loop: the same pass again and again; a replica that fails rests alone, longer each time, and is tried again."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from syncer.cycle import Campaign
from syncer.daemon.health import Health
from syncer.passes import Passes
from syncer.ports import Clock
from syncer.report import RunReport

LONGEST_REST = 900.0
"""Seconds; a replica that keeps failing is tried again at least this often."""
JITTER = 0.1
"""The share of the interval by which a pass may come earlier or later, so that many daemons do not march in step."""
REOPEN = timedelta(hours=1)
"""After this long the places are opened anew, to learn of new members and tags."""

Place = tuple[str, str]


@dataclass
class Rests:
    """Which replicas rest, and until when."""

    interval: float
    failures: dict[Place, int] = field(default_factory=dict)
    until: dict[Place, datetime] = field(default_factory=dict)

    def at(self, now: datetime) -> dict[str, set[str]]:
        """Campaign → the replicas to leave out now."""
        resting: dict[str, set[str]] = {}
        for (campaign, replica), until in self.until.items():
            if now < until:
                resting.setdefault(campaign, set()).add(replica)
        return resting

    def note(self, report: RunReport, rested: dict[str, set[str]], now: datetime) -> list[tuple[str, str, str]]:
        """Learn from a pass. Returns (campaign, replica, `failed` or `recovered`) where that is new."""
        news = []
        for campaign in report.campaigns:
            for name, replica in campaign.replicas.items():
                place = (campaign.key, name)
                if name in rested.get(campaign.key, ()):
                    continue
                if replica.failure is None:
                    news += [(*place, "recovered")] if self.failures.pop(place, 0) else []
                    self.until.pop(place, None)
                    continue
                news += [] if place in self.failures else [(*place, "failed")]
                self.failures[place] = self.failures.get(place, 0) + 1
                wait = min(self.interval * 2 ** min(self.failures[place] - 1, 20), LONGEST_REST)
                self.until[place] = now + timedelta(seconds=wait)
        return news


@dataclass
class Loop:
    """Passes on an interval until asked to stop."""

    passes: Passes
    open_campaigns: Callable[[], Sequence[Campaign]]
    interval: float
    clock: Clock
    rng: random.Random
    health: Health
    log: structlog.stdlib.BoundLogger

    def run(self, stopping: Callable[[], bool]) -> None:
        """Pass, rest, pass; returns when asked to stop."""
        rests = Rests(self.interval)
        campaigns, opened = self.open_campaigns(), self.clock.now()
        linked = self._linked(campaigns)
        while not stopping():
            self._pass(campaigns, rests)
            if stopping():
                break
            self.clock.sleep(self.interval * self.rng.uniform(1 - JITTER, 1 + JITTER))
            if self.clock.now() - opened > REOPEN or linked != self._linked(campaigns):
                campaigns, opened = self.open_campaigns(), self.clock.now()
                linked = self._linked(campaigns)

    def _linked(self, campaigns: Sequence[Campaign]) -> set[Place]:
        """The places that hold linked tasks: a sheet that has some may not lose its ID column any more."""
        return {
            (campaign.policy.campaign, replica)
            for campaign in campaigns
            for task in self.passes.store.known(campaign.policy.campaign)
            for replica in task.links
        }

    def _pass(self, campaigns: Sequence[Campaign], rests: Rests) -> None:
        rested = rests.at(self.clock.now())
        report = self.passes.run("run", campaigns, resting=rested)
        now = self.clock.now()
        for campaign, replica, what in rests.note(report, rested, now):
            self.log.warning(what, campaign=campaign, replica=replica)
        self.health.note(report, now)
