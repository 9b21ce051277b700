"""Pages: opaque tokens that expire, belong to one query, and point at a place rather than a number of rows."""

from collections.abc import Iterator

import pytest

from tests.sandbox.asana_client import Client, running


@pytest.fixture(scope="module")
def served() -> Iterator[Client]:
    with running() as client:
        yield client


@pytest.fixture
def asana(served: Client) -> Client:
    return served.restart()


def fill(asana: Client, count: int) -> str:
    """A section with that many tasks, its gid."""
    asana.service.limits(None)
    section = str(asana.post(f"/projects/{asana.project}/sections", name="Many").data["gid"])
    for number in range(count):
        task = asana.post("/tasks", workspace=asana.workspace, name=f"t{number}").data["gid"]
        asana.post(f"/tasks/{task}/addProject", project=asana.project, section=section)
    return section


def test_without_limit_there_is_no_next_page_key(asana: Client) -> None:
    assert set(asana.get("/users").body) == {"data"}


def test_pages_follow_each_other_and_end_with_null(asana: Client) -> None:
    path = f"/sections/{fill(asana, 5)}/tasks"
    first = asana.get(path, limit=2, opt_fields="name")
    assert set(first.body["next_page"]) == {"offset", "path", "uri"}
    second = asana.send("GET", first.body["next_page"]["path"])
    third = asana.get(path, limit=2, opt_fields="name", offset=second.body["next_page"]["offset"])
    names = [[row["name"] for row in page.data] for page in (first, second, third)]
    assert names == [["t0", "t1"], ["t2", "t3"], ["t4"]]
    assert third.body["next_page"] is None
    assert first.body["next_page"]["uri"].endswith(f"/asana/api/1.0{first.body['next_page']['path']}")


def test_a_task_moved_to_the_top_between_pages_hides_no_other(asana: Client) -> None:
    section = fill(asana, 4)
    path = f"/sections/{section}/tasks"
    first = asana.get(path, limit=2)
    last = asana.get(path).data[-1]["gid"]
    asana.post(f"/sections/{section}/addTask", task=last)
    second = asana.get(path, limit=2, offset=first.body["next_page"]["offset"])
    assert [row["name"] for row in second.data] == ["t2"]


@pytest.mark.parametrize("limit", ["0", "101", "-1", "ten", ""])
def test_limits_outside_1_to_100_are_refused(asana: Client, limit: str) -> None:
    assert asana.get("/users", limit=limit).status == 400


def test_an_offset_lives_fifteen_minutes(asana: Client) -> None:
    offset = asana.get("/users", limit=1).body["next_page"]["offset"]
    asana.clock.advance(14 * 60)
    assert asana.get("/users", limit=1, offset=offset).status == 200
    asana.clock.advance(2 * 60)
    expired = asana.get("/users", limit=1, offset=offset)
    assert (expired.status, expired.message) == (400, "offset: Your pagination token has expired.")


def test_an_offset_belongs_to_its_query(asana: Client) -> None:
    offset = asana.get("/users", limit=1).body["next_page"]["offset"]
    for path in ("/projects", f"/projects/{asana.project}/tasks"):
        foreign = asana.get(path, limit=1, offset=offset)
        assert (foreign.status, foreign.message) == (400, "offset: Your pagination token is invalid.")
    assert asana.get("/users", limit=1, offset="eyJib3JkZXIi").status == 400


def test_more_than_a_thousand_rows_need_pages(asana: Client) -> None:
    rows = [{"name": f"t{number}"} for number in range(1001)]
    asana.service.seed({"asana": {"projects": [{"name": "Spring launch", "tasks": rows}]}})
    got = asana.get(f"/projects/{asana.project}/tasks")
    assert got.status == 400
    assert got.message == "The result is too large. You should use pagination (may require specifying a workspace)!"
    assert len(asana.get(f"/projects/{asana.project}/tasks", limit=100).data) == 100
