"""The emulator's answers have the keys, and its refusals the words, of recorded answers of the real service."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.asana_client import Client, running

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples" / "asana"
pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the recorded samples of the real service are not here")
TASK_FIELDS = "gid,name,completed,due_on,assignee.name,permalink_url,created_at,modified_at,notes"
STORY_FIELDS = "gid,created_at,created_by.name,text,type,resource_subtype"


@pytest.fixture
def asana() -> Iterator[Client]:
    with running() as client:
        yield client.restart()


def recorded(name: str) -> Any:
    return json.loads((SAMPLES / "doo_connector" / f"{name}.json").read_text(encoding="utf-8"))


def shape(value: Any) -> Any:
    """The keys, whatever the values; a list has the shape of its first entry."""
    if isinstance(value, dict):
        return {name: shape(each) for name, each in value.items()}
    return [shape(value[0])] if isinstance(value, list) and value else None


def test_the_bot(asana: Client) -> None:
    got = asana.get("/users/me", opt_fields="gid,email,name,workspaces.name")
    assert shape(got.body) == shape(recorded("get_current_user"))


def test_a_list_of_users_without_limit(asana: Client) -> None:
    assert shape(asana.get("/users", opt_fields="gid,email,name").body) == shape(recorded("list_users"))


def test_a_list_of_projects_with_limit(asana: Client) -> None:
    fields = "archived,color,created_at,modified_at,name,notes,owner.name,permalink_url,workspace.name"
    got = asana.get("/projects", opt_fields=fields, limit=50)
    assert shape(got.body) == shape(recorded("list_projects"))


def test_a_list_of_sections(asana: Client) -> None:
    got = asana.get(f"/projects/{asana.project}/sections", opt_fields="created_at,name")
    assert shape(got.body) == shape(recorded("list_project_sections"))


def test_a_list_of_tasks(asana: Client) -> None:
    asana.put(f"/tasks/{asana.task('Brief')}", assignee=None, due_on=None)
    got = asana.get(f"/projects/{asana.project}/tasks", opt_fields=TASK_FIELDS, limit=50)
    assert shape(got.body) == shape(recorded("list_project_tasks"))


def test_a_created_and_an_updated_task(asana: Client) -> None:
    query = f"?opt_fields={TASK_FIELDS},projects.name"
    made = asana.post(f"/tasks{query}", name="Synthetic", projects=[asana.project])
    assert (made.status, shape(made.body)) == (201, shape(recorded("create_task")))
    updated = asana.put(f"/tasks/{made.data['gid']}{query}", notes="Synthetic notes.")
    assert shape(updated.body) == shape(recorded("update_task"))


def test_stories_of_a_task(asana: Client) -> None:
    task = asana.post("/tasks", name="Synthetic", projects=[asana.project]).data["gid"]
    made = asana.post(f"/tasks/{task}/stories?opt_fields={STORY_FIELDS}", text="Synthetic comment.")
    assert shape(made.body) == shape(recorded("add_comment"))
    asana.put(f"/tasks/{task}", completed=True)
    got = asana.get(f"/tasks/{task}/stories", opt_fields=STORY_FIELDS, limit=50)
    real = recorded("list_comments")
    assert shape(got.body) == shape(real)
    kinds = [row["resource_subtype"] for row in got.data]
    assert kinds == [row["resource_subtype"] for row in real["data"]]
    assert got.data[-1]["text"] == "Syncer marked this task complete"


def test_an_unknown_task(asana: Client) -> None:
    got = asana.get("/tasks/0")
    assert (got.status, got.body) == (404, recorded("error_not_found"))


def test_a_full_task_has_the_keys_of_the_old_default_record(asana: Client) -> None:
    old = json.loads((SAMPLES / "task_full_default_record_cognigy_readme.json").read_text(encoding="utf-8"))
    now = asana.get(f"/tasks/{asana.task('Brief')}").data
    # My Tasks sections are not emulated; the other two came after the record of 2022.
    assert set(old) - {"assignee_section"} == set(now) - {"actual_time_minutes", "completed_by"}


def test_the_words_of_the_documented_refusals(asana: Client) -> None:
    rows = [json.loads(line) for line in (SAMPLES / "error_bodies.jsonl").read_text(encoding="utf-8").splitlines()]
    known = {row["message"] for row in rows}
    said = {
        asana.post("/tasks", name="x").message,
        asana.get("/tasks").message,
        asana.get("/tasks", workspace=asana.workspace).message,
        asana.get("/tasks", project="").message,
        asana.post("/tags", name="x").message,
        asana.get("/users", limit="1", offset="x").message,
        asana.put(f"/tasks/{asana.task('Brief')}", due_on="2026-12-01", due_at="2026-12-01T10:00:00Z").message,
        asana.get("/events", resource=asana.project).message,
        asana.get("/nothing").message,
    }
    assert said <= known
