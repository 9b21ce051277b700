"""The replica contract on Trello."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import ClassVar

from adapters.sandbox.server import RunningSandbox
from syncer.core.model import Field, Value
from syncer.ports import EffectKind, Replica
from tests.contract.replica_contract import ReplicaContract
from tests.contract.trello_place import TrelloRig


class TestTrelloReplica(TrelloRig, ReplicaContract):
    stages = ("To do", "Doing", "Done")
    full: ClassVar[Mapping[Field, Value]] = {
        Field.TITLE: "Poster — 海报 🎨",
        Field.DESCRIPTION: "First\n\n- *second*\n= third",
        Field.STAGE: "Doing",
        Field.DONE: True,
        Field.START: date(2026, 11, 2),
        Field.DUE: date(2026, 11, 30),
        Field.OWNERS: frozenset({"Ada Fields", "Bo Chen 陈"}),
        Field.LABELS: frozenset({"Print", "New, with comma"}),
    }
    changed: ClassVar[Mapping[Field, Value]] = {
        Field.TITLE: "+Flyer",
        Field.DESCRIPTION: "x" * 16000,
        Field.STAGE: "A new list",
        Field.DONE: False,
        Field.START: date(2026, 3, 29),
        Field.DUE: datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        Field.OWNERS: frozenset({"Bo Chen 陈"}),
        Field.LABELS: frozenset({"Another new one"}),
    }
    cleared: ClassVar[Mapping[Field, Value]] = {
        Field.DESCRIPTION: "",
        Field.DONE: False,
        Field.START: None,
        Field.DUE: None,
        Field.OWNERS: frozenset(),
        Field.LABELS: frozenset(),
    }
    secrets = ("SYNCER_TRELLO__KEY", "SYNCER_TRELLO__TOKEN")
    read_path = r"^/1/boards/[^/]+\?"
    create_path = "^/1/cards$"
    idle_requests = 1

    def test_a_changed_card_takes_one_look_and_one_write(self, replica: Replica) -> None:
        remote_id = self.create(replica)
        before = replica.traffic()
        self.do(replica, EffectKind.UPDATE, remote_id, fields={Field.TITLE: "New", Field.DONE: False})
        after = replica.traffic()
        assert (after.requests - before.requests, after.writes - before.writes) == (2, 1)

    def test_credentials_are_never_in_an_address(self, replica: Replica, sandbox: RunningSandbox) -> None:
        self.create(replica)
        assert not [entry for entry in sandbox.world.journal.entries() if "url_credentials" in entry]
