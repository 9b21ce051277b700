"""A sandbox with one seeded place for a class of tests, and short words for what tests do to replicas."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, ClassVar

import pytest

from adapters.sandbox import faults
from adapters.sandbox.server import RunningSandbox
from syncer.core.model import Item
from syncer.ports import Effect, EffectKind, Outcome, Replica

PEOPLE = (
    {"name": "Ada Fields", "trello": "adafields", "asana": "ada@example.org", "email": "ada@example.org"},
    {"name": "Bo Chen 陈", "trello": "bochen", "asana": "bo@example.org", "email": "bo@example.org"},
)
_intents = count(1)


class MovedClock:
    """Real time of day; waiting takes no time and moves the monotonic clock."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def now(self) -> datetime:
        """Now, in UTC."""
        return datetime.now(UTC) + timedelta(seconds=sum(self.slept))

    def monotonic(self) -> float:
        """The seconds slept so far."""
        return sum(self.slept)

    def sleep(self, seconds: float) -> None:
        """Lets so much time pass at once."""
        self.slept.append(seconds)


@dataclass(frozen=True)
class Site:
    """Where the services are and how to get in."""

    trello_url: str
    asana_url: str
    sheets_url: str
    drive_url: str
    places: Mapping[str, str]
    env: Mapping[str, str]


def effect(kind: EffectKind, remote_id: str | None = None, **more: Any) -> Effect:
    """An effect with a new intent key."""
    number = next(_intents)
    item = more.pop("item", f"item-{number}")
    return Effect(f"intent-{number}", kind, item, "a task", remote_id, **more)


class SandboxRig:
    """A subclass says what is in the place and how to open its replica."""

    service: ClassVar[str]
    """The name of the sandbox's service."""
    seed: ClassVar[Mapping[str, Any]]
    """Its part of the seed document: one place without tasks, with the people of `PEOPLE`."""

    def open(self, site: Site, clock: MovedClock) -> Replica:
        """The replica of the seeded place."""
        raise AssertionError(f"{type(self).__name__} must say how to open its replica at {site} by {clock}")

    @pytest.fixture(scope="class")
    @classmethod
    def seed_file(cls, tmp_path_factory: pytest.TempPathFactory) -> Path:
        part = "google" if cls.service in ("sheets", "drive") else cls.service
        file = tmp_path_factory.mktemp("seed") / "contract.json"
        file.write_text(json.dumps({"people": PEOPLE, part: cls.seed}), encoding="utf-8")
        return file

    @pytest.fixture(scope="class")
    @classmethod
    def running(cls, seed_file: Path) -> Iterator[RunningSandbox]:
        with RunningSandbox(str(seed_file)) as running:
            yield running

    @pytest.fixture
    def sandbox(self, running: RunningSandbox, seed_file: Path) -> RunningSandbox:
        running.world.reset(str(seed_file))
        for service in running.world.services.values():
            service.limits(None)
        return running

    @pytest.fixture
    def clock(self) -> MovedClock:
        return MovedClock()

    @pytest.fixture
    def site(self, sandbox: RunningSandbox) -> Site:
        urls = (sandbox.trello_url, sandbox.asana_url, sandbox.sheets_url, sandbox.drive_url)
        return Site(*urls, places=sandbox.places, env=sandbox.env)

    @pytest.fixture
    def replica(self, site: Site, clock: MovedClock) -> Replica:
        replica = self.open(site, clock)
        replica.read()
        return replica

    @pytest.fixture
    def other(self, site: Site, clock: MovedClock) -> Replica:
        """Another program with the same credential."""
        other = self.open(site, clock)
        other.read()
        return other

    def fail(self, sandbox: RunningSandbox, method: str, path: str, **fault: Any) -> None:
        """Let requests fail from now on."""
        sandbox.world.faults.add(
            faults.from_document({"service": self.service, "method": method, "path": path, **fault})
        )

    def writes(self, sandbox: RunningSandbox) -> int:
        """How many requests that write have reached the service."""
        return sum(entry["write"] for entry in sandbox.world.journal.entries())

    def do(self, replica: Replica, kind: EffectKind, remote_id: str | None = None, **more: Any) -> Outcome:
        """Carry out one effect."""
        (outcome,) = replica.apply([effect(kind, remote_id, **more)])
        return outcome

    def only(self, replica: Replica) -> Item:
        """The only task there is."""
        (item,) = replica.read().items
        return item
