"""The Asana replica keeps what the engine relies on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from adapters.asana.replica import AsanaReplica
from syncer.core.model import Field, TaskKind, Value
from syncer.core.people import People, Person
from tests.contract.replica_contract import ReplicaContract
from tests.contract.rig import PEOPLE, MovedClock, Site


class TestAsanaReplica(ReplicaContract):
    service: ClassVar[str] = "asana"
    seed: ClassVar[Mapping[str, Any]] = {
        "workspace": "Campaigns",
        "projects": [
            {"name": "Launch", "sections": ["Untitled section", "To do", "Doing", "Archived"]},
            {"name": "Other", "sections": ["To do"], "tasks": [{"name": "Elsewhere", "tags": ["Print", "海报"]}]},
        ],
    }
    secrets: ClassVar[tuple[str, ...]] = ("SYNCER_ASANA__TOKEN",)
    stages: ClassVar[tuple[str, ...]] = ("To do", "Doing")
    full: ClassVar[Mapping[Field, Value]] = {
        Field.TITLE: '=Poster, "A1" 海报 🎉',
        Field.DESCRIPTION: "# Size\n\n- A1 & <b>A2</b>\n שלום",
        Field.STAGE: "To do",
        Field.DONE: False,
        Field.START: date(2026, 11, 2),
        Field.DUE: date(2026, 11, 11),
        Field.OWNERS: frozenset({"Ada Fields"}),
        Field.LABELS: frozenset({"Print", "海报"}),
        Field.KIND: TaskKind.TASK,
        Field.PARENT: None,
    }
    changed: ClassVar[Mapping[Field, Value]] = {
        Field.TITLE: "Flyer",
        Field.DESCRIPTION: "Smaller",
        Field.STAGE: "Doing",
        Field.DONE: True,
        Field.DUE: datetime(2026, 11, 11, 1, 30, tzinfo=UTC),
        Field.START: datetime(2026, 11, 1, 23, 0, tzinfo=UTC),
        Field.OWNERS: frozenset({"Bo Chen 陈"}),
        Field.LABELS: frozenset({"Print", "Web"}),
        Field.KIND: TaskKind.APPROVAL,
    }
    cleared: ClassVar[Mapping[Field, Value]] = {
        Field.DESCRIPTION: "",
        Field.STAGE: None,
        Field.DONE: False,
        Field.START: None,
        Field.DUE: None,
        Field.OWNERS: frozenset(),
        Field.LABELS: frozenset(),
        Field.KIND: TaskKind.TASK,
        Field.PARENT: None,
    }
    read_path: ClassVar[str] = r"^/projects/\d+/tasks"
    create_path: ClassVar[str] = r"^/tasks(\?|$)"
    idle_requests: ClassVar[int] = 2

    def open(self, site: Site, clock: MovedClock) -> AsanaReplica:
        people = People(Person(person["name"], asana=person["asana"]) for person in PEOPLE)
        token = site.env["SYNCER_ASANA__TOKEN"]
        zone = ZoneInfo("Asia/Shanghai")
        return AsanaReplica("asana", site.places["project"], site.asana_url, token, people, zone, clock)
