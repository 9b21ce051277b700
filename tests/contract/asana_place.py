"""A seeded Asana project, the replica under test, and a person's hands on both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest
import requests

from adapters.asana.replica import AsanaReplica
from adapters.sandbox import faults
from adapters.sandbox.server import RunningSandbox
from syncer.core.model import Field, Item, Reading, Value
from syncer.core.people import People, Person
from syncer.ports import EffectKind, Outcome
from tests.contract.rig import MovedClock, SandboxRig, effect

SECTIONS = ["Untitled section", "To do", "Doing", "Archived"]
TASKS: list[dict[str, Any]] = [
    {"name": "Poster", "section": "To do", "tags": ["Print"], "assignee": "bo@example.org"},
    {"name": "Video", "section": "Doing", "due_on": "2026-11-11", "subtasks": [{"name": "Cut", "subtasks": ["Music"]}]},
    {"name": "Old", "section": "Archived", "completed": True},
    {"name": "Loose", "section": "Untitled section"},
]
PROJECTS: list[dict[str, Any]] = [
    {"name": "Launch", "sections": SECTIONS, "tasks": TASKS},
    {"name": "Big", "sections": ["To do"], "tasks": [{"name": f"T{n}", "section": "To do"} for n in range(230)]},
]


class Place:
    """The seeded project, the replica under test, and a person's hands on both."""

    def __init__(self, sandbox: RunningSandbox) -> None:
        self._sandbox = sandbox
        self.token = sandbox.env["SYNCER_ASANA__TOKEN"]
        self.project = sandbox.places["project"]
        self.replica = self.opened(self.project)

    def opened(self, project: str) -> AsanaReplica:
        people = People([Person("Ada Fields", asana="ada@example.org")])
        zone, clock = ZoneInfo("Asia/Shanghai"), MovedClock()
        return AsanaReplica("asana", project, self._sandbox.asana_url, self.token, people, zone, clock)

    def ask(self, method: str, path: str, data: Any = None, **params: str) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"}
        body = None if data is None else {"data": data}
        url = self._sandbox.asana_url + path
        reply = requests.request(method, url, params=params, json=body, headers=headers, timeout=10)
        reply.raise_for_status()
        return reply.json()["data"]

    def fail(self, **fault: Any) -> None:
        """Let the next such request fail."""
        self._sandbox.world.faults.add(faults.from_document({"service": "asana", **fault}))

    def requests(self) -> list[tuple[str, str]]:
        """The method and path of every request since the last time."""
        journal = self._sandbox.world.journal
        entries = [(entry["method"], entry["path"]) for entry in journal.entries()]
        journal.clear()
        return entries

    def item(self, title: str) -> Item:
        return by_title(self.replica.read())[title]

    def do(self, kind: EffectKind, gid: str | None = None, fields: Any = None, text: str = "") -> Outcome:
        (outcome,) = self.replica.apply([effect(kind, gid, fields=fields or {}, text=text)])
        return outcome

    def create(self, **fields: Value) -> Outcome:
        named = {Field(name): value for name, value in fields.items()}
        return self.do(EffectKind.CREATE, fields={Field.TITLE: "Flyer", **named})

    def update(self, gid: str, **fields: Value) -> Outcome:
        return self.do(EffectKind.UPDATE, gid, {Field(name): value for name, value in fields.items()})


def by_title(reading: Reading) -> dict[str, Item]:
    return {str(item.fields[Field.TITLE]): item for item in reading.items}


class SeededProject(SandboxRig):
    """Gives each test of a subclass the project as it was seeded."""

    service: ClassVar[str] = "asana"
    seed: ClassVar[Mapping[str, Any]] = {"workspace": "Sandbox", "projects": PROJECTS}

    @pytest.fixture
    def place(self, sandbox: RunningSandbox) -> Place:
        return Place(sandbox)
