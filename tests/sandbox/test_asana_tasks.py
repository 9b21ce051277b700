"""Tasks: what a create needs, what an update refuses, completion, approval, deletion."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.sandbox.asana_client import Client, running


@pytest.fixture(scope="module")
def served() -> Iterator[Client]:
    with running() as client:
        yield client


@pytest.fixture
def asana(served: Client) -> Client:
    return served.restart()


def test_gids_are_sixteen_digits_and_only_grow(asana: Client) -> None:
    first = asana.post("/tasks", workspace=asana.workspace).data["gid"]
    asana.delete(f"/tasks/{first}")
    second = asana.post("/tasks", workspace=asana.workspace).data["gid"]
    assert len(first) == len(second) == 16
    assert int(second) > int(first)


def test_a_create_needs_workspace_parent_or_projects(asana: Client) -> None:
    got = asana.post("/tasks", name="x")
    assert (got.status, got.message) == (400, "You should specify one of workspace, parent, projects")


def test_a_create_puts_the_task_into_the_section_of_its_membership(asana: Client) -> None:
    project, doing = asana.project, asana.section("Doing")
    got = asana.post(
        "/tasks", projects=[project], memberships=[{"project": project, "section": doing}], assignee="me", name="New"
    )
    assert got.data["memberships"][0]["section"]["gid"] == doing
    assert got.data["assignee"]["name"] == "Syncer"
    assert [row["name"] for row in asana.get(f"/sections/{doing}/tasks").data] == ["Poster", "New"]


def test_a_membership_in_a_foreign_section_is_refused(asana: Client) -> None:
    other = asana.gid("/projects", "Other")
    entry = {"project": other, "section": asana.section("Doing")}
    assert asana.post("/tasks", workspace=asana.workspace, memberships=[entry]).status == 400


def test_with_a_parent_projects_are_silently_dropped(asana: Client) -> None:
    got = asana.post("/tasks", parent=asana.task("Brief"), projects=[asana.project], name="Sub")
    assert got.status == 201
    assert got.data["projects"] == []
    assert got.data["parent"]["name"] == "Brief"


def test_with_a_parent_projects_are_kept_when_switched(asana: Client) -> None:
    asana.restart(parent_drops_projects=False)
    got = asana.post("/tasks", parent=asana.task("Brief"), projects=[asana.project], name="Sub")
    assert [row["name"] for row in got.data["projects"]] == ["Spring launch"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"projects": ["12"]}, "projects: [0]: Unknown object: 12"),
        ({"parent": "12"}, "parent: Unknown object: 12"),
        ({"assignee": "nobody@example.com"}, "assignee: Not a user in Organization: nobody@example.com"),
        ({"custom_fields": 5}, "custom_fields: Value is not a JSON object: 5"),
        ({"custom_fields": {"77": "x"}}, "Custom field with ID 77 is not on given object"),
        ({"completed_at": None}, "completed_at: Cannot write this property"),
        ({"due_on": "1.12.2026"}, "due_on: Date must be in ISO-8601 (yyyy-mm-dd) format, not: 1.12.2026"),
    ],
)
def test_a_bad_field_is_a_400_and_nothing_is_made(asana: Client, data: dict[str, Any], message: str) -> None:
    before = asana.get("/tasks", assignee="me", workspace=asana.workspace).data
    got = asana.post("/tasks", **{"workspace": asana.workspace, "assignee": "me", **data})
    assert (got.status, got.message) == (400, message)
    assert asana.get("/tasks", assignee="me", workspace=asana.workspace).data == before


@pytest.mark.parametrize("name", ["projects", "memberships", "parent", "tags", "followers", "workspace"])
def test_create_only_fields_cannot_be_updated(asana: Client, name: str) -> None:
    data: dict[str, Any] = {name: []}
    got = asana.put(f"/tasks/{asana.task('Brief')}", **data)
    assert (got.status, got.message) == (400, f"{name}: Cannot write this property")


def test_an_update_changes_only_what_is_sent(asana: Client) -> None:
    path = f"/tasks/{asana.task('Brief')}"
    before = asana.get(path).data
    asana.clock.advance(1)
    after = asana.put(path, name="Brief, signed").data
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"name", "modified_at"}


def test_an_update_that_changes_nothing_leaves_modified_at(asana: Client) -> None:
    path = f"/tasks/{asana.task('Brief')}"
    before = asana.get(path).data
    asana.clock.advance(60)
    assert asana.put(path, name="Brief", due_on="2026-12-01").data == before


def test_completing_notes_when_and_who(asana: Client) -> None:
    path = f"/tasks/{asana.task('Brief')}"
    done = asana.put(path, token=asana.token_of("Anna Berg"), completed=True).data
    assert done["completed_by"]["name"] == "Anna Berg"
    assert done["completed_at"] == done["modified_at"]
    asana.clock.advance(60)
    assert asana.put(path, completed=True).data["completed_at"] == done["completed_at"]
    undone = asana.put(path, completed=False).data
    assert (undone["completed_at"], undone["completed_by"]) == (None, None)


@pytest.mark.parametrize(
    ("status", "completed"), [("pending", False), ("approved", True), ("rejected", True), ("changes_requested", True)]
)
def test_approval_status_and_completed_are_one(asana: Client, status: str, completed: bool) -> None:
    gid = asana.post("/tasks", workspace=asana.workspace, resource_subtype="approval").data["gid"]
    assert asana.get(f"/tasks/{gid}").data["approval_status"] == "pending"
    assert asana.put(f"/tasks/{gid}", approval_status=status).data["completed"] is completed


def test_completing_an_approval_approves_it(asana: Client) -> None:
    gid = asana.post("/tasks", workspace=asana.workspace, resource_subtype="approval").data["gid"]
    assert asana.put(f"/tasks/{gid}", completed=True).data["approval_status"] == "approved"
    assert asana.put(f"/tasks/{gid}", completed=False).data["approval_status"] == "pending"


def test_only_approvals_have_an_approval_status(asana: Client) -> None:
    assert asana.put(f"/tasks/{asana.task('Brief')}", approval_status="approved").status == 400


def test_a_deleted_task_is_a_404_and_leaves_every_list(asana: Client) -> None:
    gid = asana.task("Poster")
    child = asana.get(f"/tasks/{gid}/subtasks").data[0]["gid"]
    assert asana.delete(f"/tasks/{gid}").body == {"data": {}}
    got = asana.get(f"/tasks/{gid}")
    assert (got.status, got.message) == (404, f"task: Not a recognized ID: {gid}")
    assert asana.get(f"/tasks/{child}").status == 404
    assert [row["name"] for row in asana.get(f"/projects/{asana.project}/tasks").data] == ["Brief", "Go live"]
    assert asana.delete(f"/tasks/{gid}").status == 404


def test_subtasks_survive_their_parent_when_switched(asana: Client) -> None:
    asana.restart(parent_delete_cascades=False)
    gid = asana.task("Poster")
    child = asana.get(f"/tasks/{gid}/subtasks").data[0]["gid"]
    asana.delete(f"/tasks/{gid}")
    assert asana.get(f"/tasks/{child}").data["parent"] is None


def test_get_tasks_takes_exactly_one_source(asana: Client) -> None:
    none = asana.get("/tasks")
    assert none.message == "You should specify one of workspace, project, tag, section, user_task_list"
    only = "Must specify exactly one of project, tag, section, user task list, or assignee + workspace"
    assert asana.get("/tasks", workspace=asana.workspace).message == only
    assert asana.get("/tasks", assignee="me").message == only
    assert asana.get("/tasks", project=asana.project, assignee="me").message == only
    assert asana.get("/tasks", project="").message == "project: Not a Long"
    assert asana.get("/tasks", project="12").status == 400


def test_get_tasks_by_each_source(asana: Client) -> None:
    def names(**query: str) -> list[str]:
        return [row["name"] for row in asana.get("/tasks", **query).data]

    assert names(project=asana.project) == ["Brief", "Poster", "Go live"]
    assert names(section=asana.section("Doing")) == ["Poster"]
    assert names(tag=asana.gid("/tags", "Print")) == ["Poster"]
    assert names(assignee="liwei@example.com", workspace=asana.workspace) == ["Brief"]


def test_modified_since_and_completed_since(asana: Client) -> None:
    project = asana.project
    asana.clock.advance(3600)
    renamed = asana.put(f"/tasks/{asana.task('Poster')}", name="Poster A2").data
    since = renamed["modified_at"]
    assert [row["name"] for row in asana.get("/tasks", project=project, modified_since=since).data] == ["Poster A2"]
    zoneless = since.removesuffix("Z")
    assert [row["name"] for row in asana.get("/tasks", project=project, modified_since=zoneless).data] == ["Poster A2"]
    assert asana.get("/tasks", project=project, modified_since="yesterday").status == 400
    open_ones = asana.get(f"/projects/{project}/tasks", completed_since="now").data
    assert [row["name"] for row in open_ones] == ["Brief", "Poster A2"]
    assert len(asana.get(f"/projects/{project}/tasks", completed_since="2020-01-01T00:00:00Z").data) == 3
