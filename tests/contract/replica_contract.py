"""What the engine may rely on in every replica, tried over real HTTP against the sandbox."""

from __future__ import annotations

import re
import socket
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

import pytest

from adapters.sandbox.server import RunningSandbox
from syncer.core.errors import Malformed, PlaceError, Unauthorised, Unavailable
from syncer.core.model import Field, Presence, Value
from syncer.ports import EffectKind, Replica, Result
from tests.contract.rig import PEOPLE, MovedClock, SandboxRig, Site, effect

__all__ = ["PEOPLE", "MovedClock", "ReplicaContract", "Site", "effect"]


lost_answers = pytest.mark.parametrize(
    "fault",
    [
        {"at": "after", "action": "reset"},
        {"at": "after", "action": "status", "status": 500},
        {"at": "after", "action": "garbage"},
        {"at": "half"},
    ],
    ids=["reset", "500", "garbage", "half"],
)
"""The ways in which a request is applied and its answer does not arrive."""


class ReplicaContract(SandboxRig):
    """A subclass says which values its service can hold, and what its requests look like."""

    stages: ClassVar[tuple[str, ...]]
    """The stages the seeded place offers."""
    full: ClassVar[Mapping[Field, Value]]
    """A value for every field that the service holds."""
    changed: ClassVar[Mapping[Field, Value]]
    """Another value for every field that can change."""
    cleared: ClassVar[Mapping[Field, Value]]
    """The empty value of every field that can be emptied."""
    secrets: ClassVar[tuple[str, ...]]
    """The variables that hold the secrets the replica was given."""
    read_path: ClassVar[str]
    """A pattern that the address of the request that reads the tasks matches."""
    read_method: ClassVar[str] = "GET"
    create_path: ClassVar[str]
    """A pattern that the address of the request that makes a task matches."""
    create_method: ClassVar[str] = "POST"
    idle_requests: ClassVar[int]
    """How many requests a reading without news may take."""

    def fail_create(self, sandbox: RunningSandbox, **fault: Any) -> None:
        """Let the next request that makes a task fail."""
        self.fail(sandbox, self.create_method, self.create_path, **fault)

    def fail_read(self, sandbox: RunningSandbox, **fault: Any) -> None:
        """Let the next request that reads the tasks fail."""
        self.fail(sandbox, self.read_method, self.read_path, **fault)

    def create(self, replica: Replica, fields: Mapping[Field, Value] | None = None) -> str:
        """Make a task and return its id."""
        outcome = self.do(replica, EffectKind.CREATE, fields=fields or self.full)
        assert outcome.result is Result.CONFIRMED, outcome
        assert outcome.remote_id
        return outcome.remote_id

    # Reading

    def test_an_empty_place_reads_as_complete_and_empty(self, replica: Replica) -> None:
        reading = replica.read()
        assert (reading.complete, reading.items, reading.replica) == (True, (), replica.name)
        assert reading.stages == self.stages
        assert reading.holds == frozenset(self.full)

    def test_reading_twice_shows_the_same_and_writes_nothing(self, replica: Replica, sandbox: RunningSandbox) -> None:
        self.create(replica)
        before = self.writes(sandbox)
        assert replica.read().items == replica.read().items
        assert self.writes(sandbox) == before

    def test_an_idle_reading_takes_a_handful_of_requests(self, replica: Replica) -> None:
        for number in range(5):
            self.create(replica, {**self.full, Field.TITLE: f"Task {number}"})
        replica.read()
        before = replica.traffic()
        assert len(replica.read().items) == 5
        after = replica.traffic()
        assert after.requests - before.requests <= self.idle_requests
        assert after.writes == before.writes

    def test_a_failure_before_the_reading_is_repeated(
        self, replica: Replica, sandbox: RunningSandbox, clock: MovedClock
    ) -> None:
        remote_id = self.create(replica)
        self.fail_read(sandbox, status=500)
        assert self.only(replica).remote_id == remote_id
        assert clock.slept

    @pytest.mark.parametrize("status", [500, 502, 503, 504])
    def test_a_lasting_failure_makes_the_replica_unavailable(
        self, replica: Replica, sandbox: RunningSandbox, status: int
    ) -> None:
        self.fail_read(sandbox, status=status, times=50)
        with pytest.raises(Unavailable):
            replica.read()

    def test_too_many_requests_are_waited_out(
        self, replica: Replica, sandbox: RunningSandbox, clock: MovedClock
    ) -> None:
        self.fail_read(sandbox, status=429, headers={"Retry-After": "7"}, body={"message": "slow down"})
        begun = clock.monotonic()
        replica.read()
        assert clock.monotonic() - begun >= 7

    def test_a_page_that_is_none_is_never_read_as_empty(self, replica: Replica, sandbox: RunningSandbox) -> None:
        self.create(replica)
        self.fail_read(sandbox, action="garbage", times=50)
        with pytest.raises(Malformed):
            replica.read()

    @pytest.mark.parametrize("body", ["[]", "{}", "null", '"nothing"', '{"data": null}'])
    def test_json_of_another_shape_is_never_read_as_empty(
        self, replica: Replica, sandbox: RunningSandbox, body: str
    ) -> None:
        self.create(replica)
        json_type = {"Content-Type": "application/json"}
        self.fail_read(sandbox, status=200, body=body, headers=json_type, times=50)
        with pytest.raises(Malformed):
            replica.read()

    def test_a_cut_page_is_an_error_and_not_fewer_tasks(self, replica: Replica, sandbox: RunningSandbox) -> None:
        self.create(replica)
        self.fail_read(sandbox, at="half", times=50)
        with pytest.raises(PlaceError):
            replica.read()

    # Writing

    def test_a_new_task_shows_what_was_written(self, replica: Replica) -> None:
        outcome = self.do(replica, EffectKind.CREATE, fields=self.full)
        assert (outcome.result, dict(outcome.fields)) == (Result.CONFIRMED, dict(self.full))
        item = self.only(replica)
        assert (item.remote_id, item.version) == (outcome.remote_id, outcome.version)
        assert {name: item.fields[name] for name in self.full} == dict(self.full)
        assert not item.archived
        assert not item.nameless

    def test_what_this_credential_made_is_ours(self, replica: Replica) -> None:
        remote_id = self.create(replica)
        assert replica.ours([self.only(replica)]) == {remote_id}

    def test_every_field_can_be_changed_alone(self, replica: Replica) -> None:
        remote_id = self.create(replica)
        expected = dict(self.full)
        for name, value in self.changed.items():
            was = {name: expected[name]}
            outcome = self.do(replica, EffectKind.UPDATE, remote_id, fields={name: value}, expected=was)
            assert (outcome.result, dict(outcome.fields)) == (Result.CONFIRMED, {name: value}), outcome
            expected[name] = value
            shown = self.only(replica).fields
            assert {key: shown[key] for key in expected} == expected

    def test_every_field_can_be_emptied(self, replica: Replica) -> None:
        remote_id = self.create(replica)
        for name, value in self.cleared.items():
            outcome = self.do(replica, EffectKind.UPDATE, remote_id, fields={name: value})
            assert (outcome.result, dict(outcome.fields)) == (Result.CONFIRMED, {name: value}), outcome
        shown = self.only(replica).fields
        assert {name: shown[name] for name in self.cleared} == dict(self.cleared)

    def test_what_somebody_changed_meanwhile_is_not_overwritten(
        self, replica: Replica, other: Replica, sandbox: RunningSandbox
    ) -> None:
        remote_id = self.create(replica)
        other.read()
        theirs = {Field.TITLE: self.changed[Field.TITLE]}
        assert self.do(other, EffectKind.UPDATE, remote_id, fields=theirs).result is Result.CONFIRMED
        before = self.writes(sandbox)
        saw = {Field.TITLE: self.full[Field.TITLE]}
        for kind in (EffectKind.UPDATE, EffectKind.ARCHIVE, EffectKind.DELETE):
            outcome = self.do(replica, kind, remote_id, fields={Field.TITLE: "Ours"}, expected=saw)
            assert (outcome.result, bool(outcome.reason)) == (Result.MOVED, True)
        assert self.writes(sandbox) == before
        assert self.only(replica).fields[Field.TITLE] == self.changed[Field.TITLE]

    def test_a_deleted_task_is_gone(self, replica: Replica, other: Replica, sandbox: RunningSandbox) -> None:
        remote_id = self.create(replica)
        other.read()
        assert replica.find(remote_id) is Presence.PRESENT
        assert self.do(other, EffectKind.DELETE, remote_id).result is Result.CONFIRMED
        assert replica.find(remote_id) is Presence.GONE
        before = self.writes(sandbox)
        outcome = self.do(replica, EffectKind.UPDATE, remote_id, fields={Field.TITLE: "Again"})
        assert outcome.result is Result.GONE
        assert self.writes(sandbox) == before
        assert replica.read().items == ()

    def test_a_task_can_be_put_away_and_brought_back(self, replica: Replica) -> None:
        remote_id = self.create(replica)
        assert self.do(replica, EffectKind.ARCHIVE, remote_id).result is Result.CONFIRMED
        assert all(item.archived for item in replica.read().items)
        assert replica.find(remote_id) is Presence.ARCHIVED
        back = {Field.STAGE: self.full[Field.STAGE]}
        assert self.do(replica, EffectKind.RESTORE, remote_id, fields=back).result is Result.CONFIRMED
        assert replica.find(remote_id) is Presence.PRESENT
        item = self.only(replica)
        assert (item.archived, item.fields[Field.TITLE]) == (False, self.full[Field.TITLE])

    def test_a_flag_is_no_label_and_can_be_taken_off(self, replica: Replica) -> None:
        remote_id = self.create(replica)
        for text in ("Deleted in somewhere", "Overdue", ""):
            assert self.do(replica, EffectKind.FLAG, remote_id, text=text).result is Result.CONFIRMED
            shown = self.only(replica).fields
            assert {name: shown[name] for name in self.full} == dict(self.full)

    def test_a_refusal_is_an_outcome(self, replica: Replica, sandbox: RunningSandbox) -> None:
        self.fail_create(sandbox, status=400, body={"message": "not like this"})
        outcome = self.do(replica, EffectKind.CREATE, fields=self.full)
        assert (outcome.result, bool(outcome.reason)) == (Result.REFUSED, True)
        assert replica.read().items == ()

    # Who may, and what is never known

    def test_a_revoked_credential_is_named(self, replica: Replica, sandbox: RunningSandbox) -> None:
        service = "google" if self.service in ("sheets", "drive") else self.service
        sandbox.world.services[service].revoke()
        with pytest.raises(Unauthorised):
            replica.read()
        with pytest.raises(Unauthorised):
            self.do(replica, EffectKind.CREATE, fields=self.full)

    def test_nobody_listening_is_unavailable(self, site: Site, clock: MovedClock) -> None:
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            dead = f"http://127.0.0.1:{closed.getsockname()[1]}"
        nowhere = replace(site, trello_url=dead, asana_url=dead, sheets_url=dead, drive_url=dead)
        replica = self.open(nowhere, clock)
        with pytest.raises(Unavailable):
            replica.read()
        with pytest.raises(Unavailable):
            self.do(replica, EffectKind.CREATE, fields=self.full)

    @lost_answers
    def test_a_create_with_a_lost_answer_is_in_doubt_and_made_once(
        self, replica: Replica, sandbox: RunningSandbox, fault: Mapping[str, Any]
    ) -> None:
        self.fail_create(sandbox, **fault)
        outcome = self.do(replica, EffectKind.CREATE, fields=self.full)
        assert (outcome.result, bool(outcome.reason)) == (Result.IN_DOUBT, True)
        assert self.only(replica).fields[Field.TITLE] == self.full[Field.TITLE]

    @pytest.mark.parametrize("fault", [{"action": "reset"}, {"status": 500}, {"status": 503}])
    def test_a_create_is_never_sent_twice(
        self, replica: Replica, sandbox: RunningSandbox, fault: Mapping[str, Any]
    ) -> None:
        sandbox.world.journal.clear()
        self.fail_create(sandbox, **fault)
        assert self.do(replica, EffectKind.CREATE, fields=self.full).result is Result.IN_DOUBT
        sent = [entry for entry in sandbox.world.journal.entries() if entry["method"] == self.create_method]
        assert sum(bool(re.search(self.create_path, entry["path"])) for entry in sent) == 1
        assert replica.read().items == ()

    def test_no_error_tells_a_secret(self, replica: Replica, sandbox: RunningSandbox, site: Site) -> None:
        secrets = [site.env[name] for name in self.secrets]
        leak = " ".join(secrets)
        said: list[str] = []
        for status in (400, 403, 404, 409, 500):
            self.fail_read(sandbox, status=status, body=f"Cannot GET /x?{leak}", times=1 if status < 500 else 50)
            with pytest.raises(PlaceError) as raised:
                replica.read()
            said += [str(raised.value), repr(raised.value), str(raised.value.__cause__)]
        sandbox.world.faults.clear()
        for status in (400, 403, 404, 409, 500):
            self.fail_create(sandbox, status=status, body={"message": f"what is {leak}?"})
            said.append(self.do(replica, EffectKind.CREATE, fields=self.full).reason)
        assert all(said)
        assert not [text for text in said for secret in secrets if secret in text]
