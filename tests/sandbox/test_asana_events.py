"""The events feed: a first 412, a token that moves on, what bubbles up, what is told."""

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


def bootstrap(asana: Client, resource: str) -> str:
    got = asana.get("/events", resource=resource)
    assert got.status == 412
    return str(got.body["sync"])


def told(rows: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    """Type, action, and the field or the parent's type of each event that is not about a story."""
    return [
        (
            row["type"],
            row["action"],
            row["change"]["field"] if "change" in row else (row["parent"] or {}).get("resource_type", ""),
        )
        for row in rows
        if row["type"] != "story"
    ]


@pytest.mark.parametrize("sync", [None, "", "de4774f6915eae04714ca93bb2f5ee81"])
def test_without_a_good_token_a_412_gives_one(asana: Client, sync: str | None) -> None:
    query = {"resource": asana.project} | ({} if sync is None else {"sync": sync})
    got = asana.get("/events", **query)
    assert got.status == 412
    assert set(got.body) == {"errors", "sync"}
    assert list(got.body["errors"][0]) == ["message"]
    assert got.message.startswith("Sync token invalid or too old.")
    assert asana.get("/events", resource=asana.project, sync=got.body["sync"]).body["data"] == []


def test_a_token_is_for_one_resource(asana: Client) -> None:
    token = bootstrap(asana, asana.project)
    assert asana.get("/events", resource=asana.task("Brief"), sync=token).status == 412
    assert asana.get("/events").status == 400
    assert asana.get("/events", resource="12").status == 400


def test_a_token_lives_a_day(asana: Client) -> None:
    token = bootstrap(asana, asana.project)
    asana.clock.advance(23 * 3600)
    assert asana.get("/events", resource=asana.project, sync=token).status == 200
    asana.clock.advance(2 * 3600)
    assert asana.get("/events", resource=asana.project, sync=token).status == 412


def test_the_same_token_gives_the_same_and_the_next_goes_on(asana: Client) -> None:
    project = asana.project
    token = bootstrap(asana, project)
    asana.put(f"/tasks/{asana.task('Brief')}", name="New")
    first = asana.get("/events", resource=project, sync=token).body
    assert told(first["data"]) == [("task", "changed", "name")]
    assert asana.get("/events", resource=project, sync=token).body["data"] == first["data"]
    assert asana.get("/events", resource=project, sync=first["sync"]).body["data"] == []


def test_no_more_than_a_hundred_events_a_token(asana: Client) -> None:
    project, path = asana.project, f"/tasks/{asana.task('Brief')}/stories"
    sync = bootstrap(asana, project)
    for number in range(250):
        asana.post(path, text=str(number))
    sizes = []
    more = True
    while more:
        got = asana.get("/events", resource=project, sync=sync).body
        sizes.append(len(got["data"]))
        sync, more = got["sync"], got["has_more"]
    assert sizes == [100, 100, 50]


def test_changes_of_subtasks_and_comments_bubble_up_to_the_project(asana: Client) -> None:
    project = asana.project
    draft = asana.gid(f"/tasks/{asana.task('Poster')}/subtasks", "Draft")
    token = bootstrap(asana, project)
    asana.post(f"/tasks/{draft}/stories", text="hello")
    asana.put(f"/tasks/{draft}", completed=True)
    rows = asana.get("/events", resource=project, sync=token).data
    assert rows[0]["resource"]["resource_type"] == "story"
    assert rows[0]["parent"] == {
        "gid": draft,
        "name": "Draft",
        "resource_type": "task",
        "resource_subtype": "default_task",
    }
    assert told(rows) == [("task", "changed", "completed"), ("task", "changed", "completed_at")]


def test_events_name_objects_but_never_scalar_values(asana: Client) -> None:
    project, brief = asana.project, asana.task("Brief")
    token = bootstrap(asana, project)
    asana.put(f"/tasks/{brief}", assignee="anna@example.com", name="B")
    changes = [row["change"] for row in asana.get("/events", resource=project, sync=token).data if "change" in row]
    anna = {"gid": asana.person("Anna Berg"), "name": "Anna Berg", "resource_type": "user"}
    assert changes == [
        {"field": "name", "action": "changed"},
        {"field": "assignee", "action": "changed", "new_value": anna},
    ]


def test_moves_creations_and_deletions_are_told(asana: Client) -> None:
    project, brief = asana.project, asana.task("Brief")
    token = bootstrap(asana, project)
    asana.post(f"/sections/{asana.section('Doing')}/addTask", task=brief)
    asana.post("/tasks", projects=[project], name="New")
    asana.post(f"/tasks/{asana.task('Go live')}/removeProject", project=project)
    asana.delete(f"/tasks/{brief}")
    got = asana.get("/events", resource=project, sync=token)
    assert told(got.data) == [
        ("task", "removed", "section"),
        ("task", "changed", "memberships"),
        ("task", "added", "section"),
        ("task", "added", "project"),
        ("task", "added", "section"),
        ("task", "removed", "project"),
        ("task", "deleted", ""),
    ]
    assert got.data[-1]["resource"]["name"] == "Brief"
    assert got.data[-1]["user"]["name"] == "Syncer"


def test_other_projects_hear_nothing(asana: Client) -> None:
    other = asana.gid("/projects", "Other")
    token = bootstrap(asana, other)
    asana.put(f"/tasks/{asana.task('Brief')}", name="New")
    assert asana.get("/events", resource=other, sync=token).data == []


def test_opt_fields_reach_into_events(asana: Client) -> None:
    project, brief = asana.project, asana.task("Brief")
    token = bootstrap(asana, project)
    asana.put(f"/tasks/{brief}", completed=True)
    got = asana.get("/events", resource=project, sync=token, opt_fields="action,resource.name,change.field", limit=100)
    assert got.data[0] == {
        "action": "changed",
        "resource": {"gid": brief, "name": "Brief"},
        "change": {"field": "completed"},
    }


def test_changes_show_after_the_lag(asana: Client) -> None:
    asana.restart(event_lag=60)
    project = asana.project
    asana.clock.advance(120)
    token = bootstrap(asana, project)
    asana.put(f"/tasks/{asana.task('Brief')}", name="New")
    early = asana.get("/events", resource=project, sync=token).body
    assert early["data"] == []
    asana.clock.advance(61)
    assert told(asana.get("/events", resource=project, sync=early["sync"]).data) == [("task", "changed", "name")]
