"""What a run did, as values: printed for people and as the JSON of `sync --json`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from syncer.core.actions import Action, Refusal
from syncer.core.errors import PlaceError, Unauthorised
from syncer.core.fields import encode
from syncer.core.model import Conflict, ConflictState, EffectKind, Notice

CREATES = (EffectKind.CREATE,)
UPDATES = (EffectKind.UPDATE, EffectKind.IDENTIFY, EffectKind.RESTORE, EffectKind.FLAG)
ARCHIVES = (EffectKind.ARCHIVE, EffectKind.DELETE)


@dataclass
class ReplicaReport:
    """One replica in one run."""

    complete: bool = False
    items: int = 0
    requests: int = 0
    writes: int = 0
    failure: PlaceError | None = None


@dataclass
class CampaignReport:
    """One campaign in one run."""

    key: str
    replicas: dict[str, ReplicaReport] = field(default_factory=dict)
    planned: tuple[Action, ...] = ()
    """The actions of the last plan made."""
    done: list[Action] = field(default_factory=list)
    unchanged: int = 0
    waiting: int = 0
    held: int = 0
    """Tasks left out until a person acts: an unmapped stage, no title, titles that cannot be told apart."""
    in_doubt: int = 0
    conflicts: list[Conflict] = field(default_factory=list)
    open_conflicts: int = 0
    refused_items: list[Notice] = field(default_factory=list)
    refusals: tuple[Refusal, ...] = ()
    notices: tuple[Notice, ...] = ()
    finished: bool = False
    """Everything that was planned was carried out."""

    @property
    def complete(self) -> bool:
        """Every place was read whole and everything planned was done."""
        return self.finished and not self.in_doubt and self.seen_whole

    @property
    def seen_whole(self) -> bool:
        """Every place was read whole."""
        return all(replica.complete for replica in self.replicas.values())

    def count(self, kinds: Sequence[EffectKind]) -> int:
        """How many actions of these kinds were confirmed."""
        return sum(action.kind in kinds for action in self.done)

    @property
    def exit(self) -> int:
        """The campaign's exit code: 5 authentication, 4 a guard, 1 incomplete, 3 a person is waited for, 0 clean."""
        if any(isinstance(replica.failure, Unauthorised) for replica in self.replicas.values()):
            return 5
        if self.refusals:
            return 4
        if not self.complete:
            return 1
        return 3 if self.open_conflicts or self.refused_items or self.held else 0

    def as_json(self) -> dict[str, Any]:
        """The campaign's part of the JSON report."""
        return {
            "key": self.key,
            "complete": self.complete,
            "created": self.count(CREATES),
            "updated": self.count(UPDATES),
            "archived": self.count(ARCHIVES),
            "unchanged": self.unchanged,
            "waiting": self.waiting,
            "in_doubt": self.in_doubt,
            "conflicts": len(self.conflicts),
            "open_conflicts": self.open_conflicts,
            "quarantined": len(self.refused_items) + self.held,
            "refused": [{"guard": r.guard, "reason": r.reason} for r in self.refusals],
            "notices": [notice_json(n) for n in (*self.refused_items, *self.notices)],
            "replicas": {name: _replica_json(replica) for name, replica in self.replicas.items()},
        }


def notice_json(notice: Notice) -> dict[str, str]:
    """A notice for JSON."""
    return {"place": notice.place, "problem": notice.problem, "remedy": notice.remedy}


def _replica_json(replica: ReplicaReport) -> dict[str, Any]:
    result: dict[str, Any] = {
        "complete": replica.complete,
        "items": replica.items,
        "requests": replica.requests,
        "writes": replica.writes,
    }
    if replica.failure:
        result["failure"] = str(replica.failure)
    return result


def action_json(campaign: str, action: Action) -> dict[str, Any]:
    """An action for JSON: `fields` old → new."""
    return {
        "campaign": campaign,
        "replica": action.replica,
        "kind": str(action.kind),
        "item": action.item,
        "title": action.title,
        "fields": {str(f): {"old": encode(c.old), "new": encode(c.new)} for f, c in sorted(action.changes.items())},
        "cause": action.cause,
        "remote_id": action.remote_id,
    }


@dataclass
class RunReport:
    """A whole run over all campaigns."""

    run: str
    campaigns: list[CampaignReport] = field(default_factory=list)

    @property
    def exit(self) -> int:
        """The worst of the campaigns' exit codes: 5 before 4 before 1 before 3 before 0."""
        codes = {campaign.exit for campaign in self.campaigns}
        return next((code for code in (5, 4, 1, 3) if code in codes), 0)

    @property
    def plan_exit(self) -> int:
        """For a look that carries nothing out: 5 where a credential was refused, 4 where a guard would stop something
        a person has not just been shown, 1 where a place could not be read, else 0."""
        if self.exit == 5:
            return 5
        if any(r.guard != "adoption" for c in self.campaigns for r in c.refusals):
            return 4
        return 0 if all(campaign.seen_whole for campaign in self.campaigns) else 1

    def as_json(self, actions: bool = False) -> dict[str, Any]:
        """The JSON document of `sync --json`; with the actions that of `plan --json`."""
        if actions:
            return self._plan_json()
        return {
            "run": self.run,
            "complete": all(campaign.complete for campaign in self.campaigns),
            "exit": self.exit,
            "campaigns": [campaign.as_json() for campaign in self.campaigns],
        }

    def _plan_json(self) -> dict[str, Any]:
        """As nothing is carried out, complete means that every place was read whole."""
        return {
            "run": self.run,
            "complete": all(campaign.seen_whole for campaign in self.campaigns),
            "exit": self.plan_exit,
            "campaigns": [{**campaign.as_json(), "complete": campaign.seen_whole} for campaign in self.campaigns],
            "actions": [action_json(c.key, a) for c in self.campaigns for a in c.planned],
        }


def open_count(conflicts: Sequence[Conflict]) -> int:
    """How many of the conflicts wait for a person."""
    return sum(conflict.state is ConflictState.OPEN for conflict in conflicts)
