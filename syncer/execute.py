"""The only writer of remote effects: intent durable first, then the request, then remote id and base in one step."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import structlog

from syncer.core.actions import Action
from syncer.core.errors import PlaceError
from syncer.core.fields import empty
from syncer.core.model import Agreed, EffectKind, Field, Link, LinkState, Notice, Value
from syncer.core.policy import Policy
from syncer.ports import Clock, Effect, Intent, IntentState, Outcome, Replica, Result, Store

MOST_DOUBTS = 3
"""After so many lost answers in one pass a replica is left alone until the next: each may have cost a long wait."""

_STATES = {
    Result.MOVED: IntentState.ABANDONED,
    Result.GONE: IntentState.ABANDONED,
    Result.NOT_SENT: IntentState.ABANDONED,
    Result.REFUSED: IntentState.REFUSED,
}


@dataclass
class Tally:
    """What became of a plan's actions."""

    done: list[Action] = field(default_factory=list)
    again: int = 0
    """Actions whose object had moved on: to be planned again."""
    in_doubt: int = 0
    refused: list[Notice] = field(default_factory=list)
    failures: dict[str, PlaceError] = field(default_factory=dict)
    skipped: int = 0

    def count(self, *kinds: EffectKind) -> int:
        """How many actions of these kinds were confirmed."""
        return sum(action.kind in kinds for action in self.done)


@dataclass
class Executor:
    """Carries out the actions of one campaign's plan."""

    policy: Policy
    replicas: Mapping[str, Replica]
    store: Store
    clock: Clock
    new_id: Callable[[], str]
    stopping: Callable[[], bool]
    run: str
    log: structlog.stdlib.BoundLogger

    def carry_out(
        self, actions: Sequence[Action], links: Mapping[tuple[str, str], Link], since: Mapping[str, datetime | None]
    ) -> Tally:
        """Do the actions in order, each only when what it needs is there. `links`: all known links by
        (replica, item); `since`: the newest creation time each replica's reading showed."""
        work = _Work(self, dict(links), since, OrderedDict(enumerate(actions)))
        while work.pending and not self.stopping():
            batch = work.next_batch()
            if batch:
                work.carry_out(batch)
            elif not work.let_an_orphan_go():
                break
        work.tally.skipped += len(work.pending)
        return work.tally


@dataclass
class _Work:
    """The state of one `carry_out`."""

    executor: Executor
    links: dict[tuple[str, str], Link]
    since: Mapping[str, datetime | None]
    pending: OrderedDict[int, Action]
    tally: Tally = field(default_factory=Tally)
    confirmed: set[tuple[str, str]] = field(default_factory=set)
    refused: set[tuple[str, str]] = field(default_factory=set)
    doubts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._items = {(replica, link.remote_id): item for (replica, item), link in self.links.items()}

    def next_batch(self) -> list[Action]:
        """Take the next actions of one replica that one call may carry; needs that are linked already are fulfilled."""
        batch: dict[int, Action] = {}
        objects: set[tuple[str, str]] = set()
        size = 1
        for place, action in self.pending.items():
            if (batch and action.replica != next(iter(batch.values())).replica) or not self._ready(action):
                continue
            if action.key not in objects:
                batch[place] = action
                objects.add(action.key)
                size = self.executor.replicas[action.replica].batch
            if len(batch) >= size:
                break
        for place in batch:
            del self.pending[place]
        return list(batch.values())

    def _ready(self, action: Action) -> bool:
        return all(need in self.confirmed or self._linked(need) for need in action.needs)

    def _linked(self, need: tuple[str, str]) -> bool:
        link = self.links.get(need)
        return link is not None and link.state in (LinkState.LIVE, LinkState.ARCHIVED)

    def let_an_orphan_go(self) -> bool:
        """Nothing can go on: let the first child whose parent cannot come go without it."""
        waited_for = {action.key for action in self.pending.values()}
        for place, action in self.pending.items():
            parent = action.parent
            if parent and (parent in self.refused or parent in waited_for) and self._ready(action.orphaned()):
                self.pending[place] = action.orphaned()
                if not self.pending[place].changes:
                    del self.pending[place]
                return True
        return False

    def _give_up(self, replica: str) -> None:
        """Nothing more is sent to this replica in this pass."""
        for place in [place for place, action in self.pending.items() if action.replica == replica]:
            del self.pending[place]
            self.tally.skipped += 1

    def carry_out(self, batch: Sequence[Action]) -> None:
        """Journal, send, settle."""
        run, replica = self.executor, batch[0].replica
        intents = {run.new_id(): action for action in batch}
        run.store.intend([self._intent(key, action) for key, action in intents.items()])
        try:
            outcomes = run.replicas[replica].apply([self._effect(key, action) for key, action in intents.items()])
        except PlaceError as error:
            self.tally.failures[replica] = error
            for key in intents:
                run.store.close(key, IntentState.ABANDONED, error.message)
            self._give_up(replica)
            return
        for outcome in outcomes:
            self._settle(intents[outcome.intent], outcome)

    def _settle(self, action: Action, outcome: Outcome) -> None:
        store, tally = self.executor.store, self.tally
        self._log(action, outcome)
        if outcome.result is Result.CONFIRMED:
            link = self._link_after(action, outcome)
            store.confirm(outcome.intent, action.replica, link)
            self.links[action.key] = link
            self._items[action.replica, link.remote_id] = action.item
            self.confirmed.add(action.key)
            tally.done.append(action)
        elif outcome.result is Result.IN_DOUBT:
            tally.in_doubt += 1
            self.doubts[action.replica] += 1
            if self.doubts[action.replica] == MOST_DOUBTS:
                self._give_up(action.replica)
        else:
            store.close(outcome.intent, _STATES[outcome.result], outcome.reason)
            tally.again += outcome.result is not Result.REFUSED
        if outcome.result is Result.REFUSED:
            self.refused.add(action.key)
            remedy = "change it as the service asks, or remove it; it is tried again at the next pass"
            place = action.place or f'"{action.title}" for {action.replica}'
            tally.refused.append(Notice(place, f"{action.replica} refused it: {outcome.reason}", remedy))

    def _log(self, action: Action, outcome: Outcome) -> None:
        self.executor.log.info(
            "write",
            intent=outcome.intent,
            replica=action.replica,
            kind=str(action.kind),
            item=action.item,
            fields=sorted(action.changes),
            cause=action.cause,
            result=str(outcome.result),
            **({"reason": outcome.reason} if outcome.reason else {}),
        )

    def _intent(self, key: str, action: Action) -> Intent:
        run = self.executor
        return Intent(
            id=key,
            run=run.run,
            campaign=run.policy.campaign,
            replica=action.replica,
            item=action.item,
            title=action.title,
            kind=action.kind,
            remote_id=action.remote_id,
            fields={of: change.new for of, change in action.changes.items()},
            old={of: change.old for of, change in action.changes.items()},
            cause=action.cause,
            at=run.clock.now(),
            since=self.since.get(action.replica),
        )

    def _effect(self, key: str, action: Action) -> Effect:
        current = self.links.get(action.key)
        remote_id = current.remote_id if current and action.kind is EffectKind.UPDATE else action.remote_id
        return Effect(
            intent=key,
            kind=action.kind,
            item=action.item,
            title=action.title,
            remote_id=remote_id,
            fields=dict(self._spoken(action)) if action.kind is not EffectKind.IDENTIFY else {},
            expected=action.raw,
            text=action.text,
            link=self._address(action),
        )

    def _spoken(self, action: Action) -> Iterator[tuple[Field, Value]]:
        """The new values in the replica's own terms."""
        policy = self.executor.policy
        for of, change in action.changes.items():
            if of is Field.STAGE and change.new is not None:
                service = policy.services[action.replica]
                yield of, policy.stages.spoken(str(change.new), action.replica, service)
            elif of is Field.PARENT and change.new is not None:
                yield of, self.links[action.replica, str(change.new)].remote_id
            else:
                yield of, change.new

    def _address(self, action: Action) -> str | None:
        urls = (self.links.get((replica, action.item)) for replica in self.executor.policy.replicas)
        return next((link.url for link in urls if link and link.url), None)

    def _link_after(self, action: Action, outcome: Outcome) -> Link:
        link = self.links.get(action.key) or action.link or Link("")
        if action.kind is EffectKind.CREATE:
            link = Link("")
        agreed = dict(link.agreed)
        shown = dict(self._canonical(action, outcome))
        for of, hub in action.hub.items():
            change = action.changes.get(of)
            unsaid = empty(of) if change is None else change.old if action.kind is EffectKind.UPDATE else change.new
            agreed[of] = Agreed(shown.get(of, unsaid), hub)
        return replace(
            link,
            remote_id=outcome.remote_id or link.remote_id,
            state=_STATE_AFTER.get(action.kind, link.state),
            version=outcome.version or link.version,
            url=outcome.url or link.url,
            agreed=agreed,
            missing_since=None,
        )

    def _canonical(self, action: Action, outcome: Outcome) -> Iterator[tuple[Field, Value]]:
        """What the service answered, in canonical terms."""
        policy, replica = self.executor.policy, action.replica
        for of, value in outcome.fields.items():
            if of is Field.STAGE and isinstance(value, str):
                yield of, policy.stages.canonical(value, replica, policy.services[replica])
            elif of is Field.PARENT and isinstance(value, str):
                yield of, self._items.get((replica, value))
            else:
                yield of, value


_STATE_AFTER = {
    EffectKind.CREATE: LinkState.LIVE,
    EffectKind.IDENTIFY: LinkState.LIVE,
    EffectKind.RESTORE: LinkState.LIVE,
    EffectKind.ARCHIVE: LinkState.ARCHIVED,
    EffectKind.DELETE: LinkState.GONE,
}
