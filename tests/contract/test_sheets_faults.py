"""Google saying no, saying nothing, or saying it late: what was applied is told, and nothing is applied twice."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from adapters.limiter import Quota
from adapters.sandbox.server import RunningSandbox
from adapters.sheets.replica import SheetsReplica
from syncer.core.errors import Malformed, PlaceMissing, Unauthorised, Unavailable
from syncer.core.model import Field, Presence
from syncer.ports import Effect, EffectKind, Outcome, Result
from tests.contract.replica_contract import effect
from tests.contract.sheet_editor import Editor, spreadsheet

READ = r"/v4/spreadsheets/[^:/]+\?"
WRITE = r":batchUpdate$"
TOKEN = r"/token$"
ROWS = [["Task", "Due", "Flag", "ID"], ["Poster", "", "", "k1"], ["Flyer", "", "", "k2"], ["Banner", "", "", "k3"]]
LOST: tuple[Mapping[str, Any], ...] = ({"action": "reset"}, {"action": "status", "status": 503}, {"action": "garbage"})


@pytest.fixture(scope="module")
def running() -> Iterator[RunningSandbox]:
    with RunningSandbox() as running:
        yield running


@pytest.fixture
def editor(running: RunningSandbox, tmp_path: Path) -> Editor:
    return spreadsheet(running, tmp_path, ("Tasks", ROWS))


@pytest.fixture
def replica(editor: Editor) -> SheetsReplica:
    replica = editor.replica(linked=True)
    replica.read()
    editor.requests()
    return replica


def renamed(key: str, title: str) -> Effect:
    return effect(EffectKind.UPDATE, key, fields={Field.TITLE: title})


def new(key: str, title: str) -> Effect:
    return effect(EffectKind.CREATE, item=key, fields={Field.TITLE: title})


def everything() -> list[Effect]:
    return [
        new("n1", "New"),
        renamed("k1", "Poster 2"),
        effect(EffectKind.FLAG, "k1", text="Overdue"),
        effect(EffectKind.ARCHIVE, "k2"),
        effect(EffectKind.DELETE, "k3"),
    ]


def results(outcomes: list[Outcome] | Any) -> list[Result]:
    return [outcome.result for outcome in outcomes]


@pytest.mark.parametrize("fault", LOST, ids=["reset", "503", "garbage"])
def test_a_lost_answer_is_settled_by_looking(editor: Editor, replica: SheetsReplica, fault: Mapping[str, Any]) -> None:
    editor.fail("POST", WRITE, at="after", **fault)
    outcomes = replica.apply(everything())
    assert results(outcomes) == [Result.CONFIRMED] * 5
    assert outcomes[1].fields == {Field.TITLE: "Poster 2"}
    assert sum(line.endswith("batchUpdate") for line in editor.requests()) == 1
    assert [row[0] for row in editor.rows()] == ["Task", "Poster 2", "New"]


@pytest.mark.parametrize("fault", LOST, ids=["reset", "503", "garbage"])
def test_what_cannot_be_seen_stays_in_doubt(editor: Editor, replica: SheetsReplica, fault: Mapping[str, Any]) -> None:
    before = editor.rows()
    editor.fail("POST", WRITE, **fault)
    outcomes = replica.apply(everything())
    assert results(outcomes) == [Result.IN_DOUBT] * 5
    assert all(outcome.reason for outcome in outcomes)
    assert editor.rows() == before


def test_a_doubt_nobody_can_look_into_stays_one(editor: Editor, replica: SheetsReplica) -> None:
    editor.fail("POST", WRITE, at="after", action="reset")
    editor.fail("GET", READ, skip=1, times=50, status=503)
    assert results(replica.apply(everything())) == [Result.IN_DOUBT] * 5


def test_an_acknowledged_write_needs_no_look_to_be_done(editor: Editor, replica: SheetsReplica) -> None:
    editor.fail("GET", READ, skip=1, times=50, status=503)
    due = {Field.DUE: date(2026, 11, 11)}
    (outcome,) = replica.apply([effect(EffectKind.UPDATE, "k1", fields=due)])
    assert (outcome.result, outcome.fields) == (Result.CONFIRMED, due)


def test_a_look_into_the_past_does_not_deny_a_write(editor: Editor, replica: SheetsReplica) -> None:
    editor.sandbox.world.lag(("google", "sheets"), 3600.0)
    first, second = replica.apply([renamed("k1", "Poster 2"), new("n1", "New")])
    assert (first.result, first.fields) == (Result.CONFIRMED, {Field.TITLE: "Poster 2"})
    assert (second.result, second.remote_id, second.fields) == (Result.CONFIRMED, "n1", {Field.TITLE: "New"})


def test_the_refused_request_is_left_out_and_the_rest_written(editor: Editor, replica: SheetsReplica) -> None:
    error = {"error": {"code": 400, "message": "Invalid requests[1].updateCells: no.", "status": "INVALID_ARGUMENT"}}
    editor.fail("POST", WRITE, status=400, body=error)
    outcomes = replica.apply([renamed(key, f"{key} new") for key in ("k1", "k2", "k3")])
    assert results(outcomes) == [Result.CONFIRMED, Result.REFUSED, Result.CONFIRMED]
    assert "no." in outcomes[1].reason
    assert [row[0] for row in editor.rows()[1:]] == ["k1 new", "Flyer", "k3 new"]


def test_a_protected_row_holds_up_nobody_else(editor: Editor, replica: SheetsReplica) -> None:
    row = {"sheetId": 0, "startRowIndex": 2, "endRowIndex": 3}
    owners = {"range": row, "editors": {"users": ["owner@example.com"]}}
    editor.change({"addProtectedRange": {"protectedRange": owners}})
    outcomes = replica.apply([renamed(key, f"{key} new") for key in ("k1", "k2", "k3")])
    assert results(outcomes) == [Result.CONFIRMED, Result.REFUSED, Result.CONFIRMED]
    assert "protect" in outcomes[1].reason


def test_a_refusal_without_a_number_is_found_by_halving(editor: Editor, replica: SheetsReplica) -> None:
    editor.fail("POST", WRITE, status=400, body={"error": {"code": 400, "message": "Something is wrong."}})
    editor.fail("POST", WRITE, status=400, body={"error": {"code": 400, "message": "Something is wrong."}})
    outcomes = replica.apply([renamed(key, f"{key} new") for key in ("k1", "k2", "k3")])
    assert results(outcomes) == [Result.REFUSED, Result.CONFIRMED, Result.CONFIRMED]


def test_endless_refusals_end(editor: Editor, replica: SheetsReplica) -> None:
    editor.fail("POST", WRITE, status=400, times=500, body={"error": {"code": 400, "message": "Something is wrong."}})
    outcomes = replica.apply([new(f"n{number}", "New") for number in range(40)])
    assert set(results(outcomes)) == {Result.REFUSED, Result.NOT_SENT}
    assert len(editor.requests()) < 40


def test_a_failure_after_a_part_was_applied_is_told_as_not_sent(editor: Editor, replica: SheetsReplica) -> None:
    editor.fail("POST", WRITE, status=400, body={"error": {"code": 400, "message": "Something is wrong."}})
    editor.fail("GET", READ, skip=3, times=50, status=503)
    outcomes = replica.apply([renamed("k1", "A"), renamed("k2", "B")])
    assert results(outcomes) == [Result.CONFIRMED, Result.NOT_SENT]


def test_text_that_no_cell_can_hold_is_refused_before_it_is_sent(editor: Editor, replica: SheetsReplica) -> None:
    long, fine = new("n1", "x" * 50_001), new("n2", "x" * 50_000)
    outcomes = replica.apply([long, fine])
    assert results(outcomes) == [Result.REFUSED, Result.CONFIRMED]
    assert "50,000" in outcomes[0].reason
    assert len(editor.requests()) == 3


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (404, {"error": {"code": 404, "message": "Requested entity was not found."}}, "between /d/ and /edit"),
        (
            403,
            {"error": {"code": 403, "message": "The caller does not have permission"}},
            "iam.gserviceaccount.com as Editor",
        ),
        (403, {"error": {"code": 403, "message": "x", "details": [{"reason": "SERVICE_DISABLED"}]}}, "Enable it"),
    ],
)
def test_a_missing_place_says_what_to_do(
    editor: Editor, replica: SheetsReplica, status: int, body: dict[str, Any], words: str
) -> None:
    for method, path in (("GET", READ), ("POST", WRITE)):
        editor.fail(method, path, status=status, body=body)
        with pytest.raises(PlaceMissing, match=words):
            replica.apply([renamed("k1", "A")])
    assert results(replica.apply([renamed("k1", "A")])) == [Result.CONFIRMED]


def test_an_unknown_or_unshared_spreadsheet_is_missing(editor: Editor) -> None:
    with pytest.raises(PlaceMissing, match="There is no spreadsheet"):
        editor.replica(spreadsheet="nowhere").read()


def test_a_refused_token_is_renewed_once(editor: Editor, replica: SheetsReplica) -> None:
    editor.fail("POST", WRITE, status=401, body={"error": {"code": 401, "message": "bad token"}})
    assert results(replica.apply([renamed("k1", "A")])) == [Result.CONFIRMED]
    assert sum(line.endswith("/token") for line in editor.requests()) == 1
    editor.fail("GET", READ, status=401, times=2, body={"error": {"code": 401, "message": "bad token"}})
    with pytest.raises(Unauthorised):
        replica.find("k1")


def test_a_token_is_renewed_before_it_runs_out(editor: Editor, replica: SheetsReplica) -> None:
    for seconds, tokens in ((3200, 0), (200, 1), (200, 0)):
        editor.clock.sleep(seconds)
        replica.read()
        assert sum(line.endswith("/token") for line in editor.requests()) == tokens


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"status": 400, "body": {"error": "invalid_grant", "error_description": "Invalid JWT"}}, Unauthorised),
        ({"status": 503}, Unavailable),
        ({"status": 200, "body": {"expires_in": 5}}, Malformed),
        ({"status": 200, "body": {"access_token": "t", "expires_in": "soon"}}, Malformed),
        ({"action": "reset"}, Unavailable),
    ],
)
def test_no_token_no_pass(editor: Editor, fault: dict[str, Any], error: type[Exception]) -> None:
    json_type = {"headers": {"Content-Type": "application/json"}} if "body" in fault else {}
    editor.fail("POST", TOKEN, service="google", times=50, **json_type, **fault)
    before = editor.rows()
    with pytest.raises(error):
        editor.replica().apply([renamed("k1", "A")])
    assert editor.rows() == before


@pytest.mark.parametrize("content", [None, "", "{}", "[]", "null", "sheets", '{"client_email": "x", "private_key": 1}'])
def test_a_useless_credentials_file_is_named(editor: Editor, content: str | None) -> None:
    file = editor.folder / "account.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(Unauthorised, match=r"account\.json.*SYNCER_GOOGLE__CREDENTIALS_FILE"):
        editor.replica(credentials_file=file).read()


def test_a_key_google_does_not_know_is_told_with_the_account(editor: Editor) -> None:
    info = json.loads(editor.credentials.read_text(encoding="utf-8"))
    file = editor.folder / "account.json"
    file.write_text(json.dumps(info | {"client_email": "other@example.com"}), encoding="utf-8")
    with pytest.raises(Unauthorised, match=r"other@example\.com.*invalid_grant"):
        editor.replica(credentials_file=file).read()


def test_signing_in_starts_nothing_in_the_background(editor: Editor) -> None:
    before = set(threading.enumerate())
    editor.replica().read()
    assert set(threading.enumerate()) == before


def test_reads_and_writes_have_quotas_of_their_own(editor: Editor) -> None:
    replica = editor.replica(quota=Quota(10, 60.0), linked=True)
    for _ in range(9):
        replica.read()
    assert editor.clock.slept == []
    replica.read()
    assert editor.clock.slept == [60.0]


def test_a_quota_that_is_used_up_all_the_same_is_waited_for(editor: Editor, replica: SheetsReplica) -> None:
    editor.fail("POST", WRITE, status=429, body={"error": {"code": 429, "status": "RESOURCE_EXHAUSTED"}})
    assert results(replica.apply([renamed("k1", "A")])) == [Result.CONFIRMED]
    assert sum(editor.clock.slept) >= 60.0


def test_the_drill_of_an_empty_call_sends_nothing(editor: Editor, replica: SheetsReplica) -> None:
    assert list(replica.apply([])) == []
    assert editor.requests() == []


def test_an_effect_that_is_done_already_is_not_written(editor: Editor, replica: SheetsReplica) -> None:
    same = [renamed("k1", "Poster"), replace(renamed("k2", "Flyer"), expected={Field.TITLE: "Flyer"})]
    assert results(replica.apply(same)) == [Result.CONFIRMED] * 2
    assert [line.split()[0] for line in editor.requests()] == ["GET"]
    assert replica.find("k1") is Presence.PRESENT
