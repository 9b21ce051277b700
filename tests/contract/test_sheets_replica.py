"""The sheets adapter keeps the contract of every replica."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest

from adapters.sandbox.server import RunningSandbox
from adapters.sheets.replica import SheetsReplica, open_replica
from syncer.core.errors import PlaceMissing
from syncer.core.model import Field, TaskKind, Value
from syncer.core.people import People, Person
from syncer.ports import EffectKind, Replica, Result
from tests.contract.replica_contract import PEOPLE, MovedClock, ReplicaContract, Site, lost_answers


class TestSheetsReplica(ReplicaContract):
    """An empty spreadsheet, in which the first write makes the tab."""

    service = "sheets"
    seed: ClassVar[Mapping[str, Any]] = {
        "spreadsheets": [{"title": "Plan", "timeZone": "Asia/Shanghai", "sheets": [{"title": "Sheet1", "rows": []}]}]
    }
    stages = ()
    full: ClassVar[Mapping[Field, Value]] = {
        Field.TITLE: "=Poster “双十一” 🎉",
        Field.DESCRIPTION: "First line\n\n- second, with **stars** & <tags>",
        Field.STAGE: "To do",
        Field.DONE: True,
        Field.START: date(2026, 10, 1),
        Field.DUE: datetime(2026, 11, 11, 10, 30, tzinfo=UTC),
        Field.OWNERS: frozenset({"Ada Fields", "Bo Chen 陈"}),
        Field.LABELS: frozenset({"print", 'a "big" one, really'}),
        Field.KIND: TaskKind.MILESTONE,
        Field.PARENT: None,
    }
    changed: ClassVar[Mapping[Field, Value]] = {
        Field.TITLE: "+49 Poster",
        Field.DESCRIPTION: "Other words",
        Field.STAGE: "Doing",
        Field.DONE: False,
        Field.START: datetime(2026, 10, 2, 16, tzinfo=UTC),
        Field.DUE: date(2026, 12, 1),
        Field.OWNERS: frozenset({"Ada Fields"}),
        Field.LABELS: frozenset({"web"}),
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
    }
    read_path = r"/v4/spreadsheets/[^:/]+\?"
    create_path = r":batchUpdate$"
    idle_requests = 1

    def open(self, site: Site, clock: MovedClock) -> SheetsReplica:
        people = People(Person(one["name"], one["trello"], one["asana"]) for one in PEOPLE)
        return open_replica(
            name="sheets",
            spreadsheet=site.places["spreadsheet"],
            tab="Tasks",
            sheets_url=site.sheets_url,
            drive_url=site.drive_url,
            credentials_file=Path(site.env["SYNCER_GOOGLE__CREDENTIALS_FILE"]),
            people=people,
            zone=ZoneInfo("Asia/Shanghai"),
            clock=clock,
        )

    def test_what_this_credential_made_is_ours(self, replica: Replica) -> None:
        """A row is known by its ID cell, not by who made it."""
        self.create(replica)
        assert replica.ours([self.only(replica)]) == frozenset()

    @lost_answers
    def test_a_create_with_a_lost_answer_is_in_doubt_and_made_once(
        self, replica: Replica, sandbox: RunningSandbox, fault: Mapping[str, Any]
    ) -> None:
        """The ID column tells at once that it was applied, so the doubt does not last."""
        self.fail_create(sandbox, **fault)
        outcome = self.do(replica, EffectKind.CREATE, fields=self.full)
        assert (outcome.result, dict(outcome.fields)) == (Result.CONFIRMED, dict(self.full))
        assert self.only(replica).remote_id == outcome.remote_id

    def test_no_error_tells_a_secret(self, replica: Replica, sandbox: RunningSandbox, site: Site) -> None:
        """A sheet that may not be written is missing for all tasks, not refused for one."""
        secrets = [value for name, value in site.env.items() if not name.endswith("_FILE")]
        leak = " ".join(f"key={secret}" for secret in secrets) + " Authorization: Bearer ya29.c.hidden-token"
        said: list[str] = []
        for status in (403, 404):
            self.fail_create(sandbox, status=status, body={"error": {"message": f"what is {leak}?"}})
            with pytest.raises(PlaceMissing) as missing:
                self.do(replica, EffectKind.CREATE, fields=self.full)
            said.append(str(missing.value))
        for status in (400, 409, 500):
            self.fail_create(sandbox, status=status, body={"error": {"message": f"what is {leak}?"}})
            said.append(self.do(replica, EffectKind.CREATE, fields=self.full).reason)
        assert all(said)
        assert not [text for text in said for secret in (*secrets, "hidden-token") if secret in text]
