"""The service as the sandbox uses it: seeds, state files, past copies, the page."""

import copy
import json
from random import Random
from typing import Any

import pytest

from adapters.sandbox.asana.service import AsanaService
from adapters.sandbox.wire import Call, SandboxClock
from tests.sandbox.asana_client import SEED, Client, direct


def service(number: int = 7) -> AsanaService:
    return AsanaService(SandboxClock(), Random(number))


def client(emulator: AsanaService) -> Client:
    return direct(emulator, SandboxClock())


def test_the_same_random_numbers_give_the_same_gids() -> None:
    assert service().seed(SEED) == service().seed(SEED)
    assert service(7).seed(SEED) != service(8).seed(SEED)


def test_a_reset_service_seeded_from_the_same_numbers_has_the_same_gids() -> None:
    rng = Random(7)
    emulator = AsanaService(SandboxClock(), rng)
    places = []
    for _ in range(2):
        emulator.reset()
        rng.seed("demo")
        places.append(emulator.seed(SEED))
    assert places[0] == places[1]


def test_a_state_goes_through_json_and_back() -> None:
    first = service()
    first.seed(SEED)
    asana = client(first)
    asana.post(f"/tasks/{asana.task('Brief')}/stories", text="a")
    state = json.loads(json.dumps(first.dump()))
    second = service(8)
    second.load(state)
    assert second.credentials() == first.credentials()
    assert second.dump() == first.dump()
    assert (
        client(second).get(f"/projects/{asana.project}/tasks").data
        == asana.get(f"/projects/{asana.project}/tasks").data
    )


def test_a_copy_keeps_the_past_but_shares_tokens_and_limits() -> None:
    emulator = service()
    emulator.seed(SEED)
    past = copy.deepcopy(emulator)
    asana = client(emulator)
    brief = asana.task("Brief")
    asana.put(f"/tasks/{brief}", name="New")
    assert client(past).get(f"/tasks/{brief}").data["name"] == "Brief"
    emulator.limits(0)
    assert client(past).get("/users/me").status == 429
    emulator.limits(None)
    emulator.revoke()
    assert client(past).get("/users/me").status == 401


def test_a_reset_workspace_holds_the_bot_alone() -> None:
    emulator = service()
    emulator.seed(SEED)
    emulator.reset()
    assert [row["name"] for row in client(emulator).get("/users").data] == ["Syncer"]
    assert client(emulator).get("/projects").data == []
    assert emulator.page_model()["sections"] == []


def test_the_page_shows_the_first_project() -> None:
    emulator = service()
    emulator.seed(SEED)
    model = emulator.page_model()
    assert model["name"] == "Spring launch"
    assert [section["name"] for section in model["sections"]] == ["To do", "Doing", "Done"]
    assert model["sections"][0]["tasks"] == [
        {
            "name": "Brief",
            "assignee": "Li Wei",
            "due": "2026-12-01",
            "completed": False,
            "kind": "default_task",
            "subtasks": 0,
        }
    ]
    assert model["columns"][1]["items"] == [{"title": "Poster", "detail": "2 subtasks"}]


def test_seeded_work_was_made_by_the_first_person() -> None:
    emulator = service()
    emulator.seed(SEED)
    asana = client(emulator)
    got = asana.get(f"/projects/{asana.project}/tasks", opt_fields="created_by.name")
    assert {row["created_by"]["name"] for row in got.data} == {"Li Wei"}


@pytest.mark.parametrize("field", ["assignee", "section"])
def test_a_seed_that_names_nobody_and_nothing_says_so(field: str) -> None:
    tasks = [{"name": "Brief", field: "nothing@example.com"}]
    with pytest.raises(ValueError, match=r"'Brief'.*'nothing@example\.com'"):
        service().seed({"asana": {"projects": [{"name": "P", "tasks": tasks}]}})


def call(method: str, path: str, body: object = None) -> Call:
    return Call(method, path, (), {}, b"" if body is None else json.dumps(body).encode())


def test_what_counts_as_a_write() -> None:
    emulator = service()
    assert not emulator.is_write(call("GET", "/tasks"))
    assert emulator.is_write(call("POST", "/tasks"))
    assert emulator.is_write(call("DELETE", "/tasks/1"))
    reads = {"data": {"actions": [{"method": "get", "relative_path": "/tasks/1"}]}}
    assert not emulator.is_write(call("POST", "/batch", reads))
    writes = {"data": {"actions": [{"method": "delete", "relative_path": "/tasks/1"}]}}
    assert emulator.is_write(call("POST", "/batch", writes))


def test_nothing_a_client_sends_raises() -> None:
    emulator = service()
    emulator.seed(SEED)
    asana = client(emulator)
    bodies = [b"", b"[]", b"null", b'{"data": []}', b'{"data": {"actions": [5]}}', b'{"data": {"memberships": [5]}}']
    bodies += [b'{"data": {"name": "\\ud800"}}', b"[" * 100_000, b'{"data": ' * 50_000, b"\xff"]
    paths = ["/tasks", "/projects", "/batch", f"/tasks/{asana.task('Brief')}/addProject", "/tags"]
    for path in paths:
        for body in bodies:
            assert asana.send("POST", path, body).status == 400


@pytest.mark.parametrize("value", [5, 1.5, True, [], ["x"], {}, {"a": 1}, "", "x", "-1", "9" * 5000, "<" * 50])
def test_no_value_of_any_field_raises(value: Any) -> None:
    emulator = service()
    emulator.seed(SEED)
    asana = client(emulator)
    brief, section = f"/tasks/{asana.task('Brief')}", f"/sections/{asana.section('Doing')}"
    names = ("name", "notes", "html_notes", "due_on", "due_at", "assignee", "completed", "liked", "resource_subtype")
    for name in (*names, "approval_status", "custom_fields", "projects", "memberships", "tags", "followers", "parent"):
        assert asana.post("/tasks", **{"workspace": asana.workspace, name: value}).status in (201, 400)
        assert asana.put(brief, **{name: value}).status in (200, 400)
    for name in ("insert_before", "insert_after"):
        assert asana.post(f"{section}/addTask", **{"task": asana.task("Poster"), name: value}).status in (200, 400)
    for name in ("limit", "offset", "opt_fields"):
        assert asana.get("/users", **{name: value}).status in (200, 400)


def test_deep_nesting_is_refused() -> None:
    emulator = service()
    emulator.seed(SEED)
    asana = client(emulator)
    deep = "<body>" + "<strong>" * 20_000 + "</strong>" * 20_000 + "</body>"
    assert asana.put(f"/tasks/{asana.task('Brief')}", html_notes=deep).status == 400
    assert asana.get("/users/me", opt_fields="(" * 20_000).status == 400
