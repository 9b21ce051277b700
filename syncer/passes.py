"""A run: one pass over each campaign in turn, recorded in the state and in one log line a campaign."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import structlog

from syncer.cycle import Campaign, Cycle
from syncer.ports import Clock, Run, Store
from syncer.report import ARCHIVES, CREATES, UPDATES, CampaignReport, RunReport


@dataclass
class Passes:
    """Runs over campaigns with one store and one clock."""

    store: Store
    clock: Clock
    new_id: Callable[[], str]
    log: structlog.stdlib.BoundLogger
    stopping: Callable[[], bool] = field(default=lambda: False)
    patience: float | None = None
    """Seconds to wait for a place's reading before the others go on without it; None: as long as it takes."""

    def look(self, campaigns: Sequence[Campaign]) -> RunReport:
        """What a run would do; writes nothing anywhere."""
        report = RunReport(self.new_id())
        report.campaigns = [self._cycle(campaign).look() for campaign in campaigns]
        return report

    def run(
        self,
        command: str,
        campaigns: Sequence[Campaign],
        accepted: Mapping[str, str] | None = None,
        resting: Mapping[str, Collection[str]] | None = None,
    ) -> RunReport:
        """One pass over each campaign. `accepted`: campaign → digest of the plan a person accepted. `resting`:
        campaign → replicas that failed lately and are left out."""
        run = Run(self.new_id(), command, self.clock.now())
        self.store.begin(run)
        report = RunReport(run.id)
        for campaign in campaigns:
            if self.stopping():
                break
            begun = self.clock.monotonic()
            key = campaign.policy.campaign
            cycle = self._cycle(campaign, (resting or {}).get(key, ()))
            done = cycle.run(run.id, (accepted or {}).get(key))
            report.campaigns.append(done)
            self._log(run.id, done, self.clock.monotonic() - begun)
        document = json.dumps({**report.as_json(), "others": self._others(report)}, ensure_ascii=False)
        self.store.finish(replace(run, ended_at=self.clock.now(), exit=report.exit, report=document))
        return report

    def _others(self, report: RunReport) -> list[dict[str, Any]]:
        """What earlier runs said last of the campaigns that this one left out, so that `status` can tell."""
        last = self.store.last_run()
        before = json.loads(last.report) if last and last.report else {}
        done = {campaign.key for campaign in report.campaigns}
        return [part for part in (*before.get("campaigns", ()), *before.get("others", ())) if part["key"] not in done]

    def _cycle(self, campaign: Campaign, resting: Collection[str] = ()) -> Cycle:
        log = self.log.bind(campaign=campaign.policy.campaign)
        return Cycle(
            campaign, self.store, self.clock, log, self.new_id, self.stopping, frozenset(resting), self.patience
        )

    def _log(self, run: str, done: CampaignReport, seconds: float) -> None:
        """The pass's canonical line: everything about it in one event."""
        self.log.info(
            "pass",
            run=run,
            campaign=done.key,
            exit=done.exit,
            complete=done.complete,
            created=done.count(CREATES),
            updated=done.count(UPDATES),
            archived=done.count(ARCHIVES),
            unchanged=done.unchanged,
            waiting=done.waiting,
            in_doubt=done.in_doubt,
            conflicts=len(done.conflicts),
            refused=[refusal.guard for refusal in done.refusals],
            seconds=round(seconds, 3),
            **{
                name: {"items": r.items, "requests": r.requests, "writes": r.writes, "complete": r.complete}
                for name, r in done.replicas.items()
            },
            **{f"{name}_failure": str(r.failure) for name, r in done.replicas.items() if r.failure},
        )
