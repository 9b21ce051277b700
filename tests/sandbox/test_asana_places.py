"""Places: sections, projects, parents, the order in them, and what a move does to `modified_at`."""

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


def names(asana: Client, path: str) -> list[str]:
    return [row["name"] for row in asana.get(path).data]


def columns(asana: Client) -> dict[str, list[str]]:
    sections = asana.get(f"/projects/{asana.project}/sections").data
    return {row["name"]: names(asana, f"/sections/{row['gid']}/tasks") for row in sections}


def test_add_task_puts_on_top_and_takes_out_of_the_old_section(asana: Client) -> None:
    got = asana.post(f"/sections/{asana.section('Doing')}/addTask", task=asana.task("Brief"))
    assert got.body == {"data": {}}
    assert columns(asana) == {"To do": [], "Doing": ["Brief", "Poster"], "Done": ["Go live"]}


def test_add_task_next_to_an_anchor_of_the_section(asana: Client) -> None:
    doing = asana.section("Doing")
    asana.post(f"/sections/{doing}/addTask", task=asana.task("Brief"), insert_after=asana.task("Poster"))
    asana.post(f"/sections/{doing}/addTask", task=asana.task("Go live"), insert_before=asana.task("Brief"))
    assert columns(asana)["Doing"] == ["Poster", "Go live", "Brief"]
    poster, brief = asana.task("Poster"), asana.task("Brief")
    both = asana.post(f"/sections/{doing}/addTask", task=brief, insert_before=poster, insert_after=poster)
    assert both.status == 400
    foreign = asana.post(f"/sections/{asana.section('Done')}/addTask", task=brief, insert_after=poster)
    assert foreign.status == 400


def test_add_task_needs_a_known_task(asana: Client) -> None:
    path = f"/sections/{asana.section('Doing')}/addTask"
    assert asana.post(path).message == "task: Missing input"
    assert asana.post(path, task="12").message == "task: Unknown object: 12"


def test_add_project_goes_to_the_bottom_or_to_the_place_named(asana: Client) -> None:
    project, brief, doing = asana.project, asana.task("Brief"), asana.section("Doing")
    asana.post(f"/tasks/{brief}/addProject", project=project, section=doing)
    assert columns(asana)["Doing"] == ["Poster", "Brief"]
    asana.post(f"/tasks/{brief}/addProject", project=project, section=doing, insert_after=None)
    assert columns(asana)["Doing"] == ["Brief", "Poster"]
    asana.post(f"/tasks/{brief}/addProject", project=project, insert_before=None)
    assert columns(asana)["Done"] == ["Go live", "Brief"]
    asana.post(f"/tasks/{brief}/addProject", project=project, insert_before=asana.task("Poster"))
    assert columns(asana)["Doing"] == ["Brief", "Poster"]
    foreign = asana.post(f"/tasks/{brief}/addProject", project=asana.gid("/projects", "Other"), section=doing)
    assert foreign.status == 400


def test_a_task_in_two_projects_leaves_one(asana: Client) -> None:
    brief, other = asana.task("Brief"), asana.gid("/projects", "Other")
    asana.post(f"/tasks/{brief}/addProject", project=other)
    assert names(asana, f"/tasks/{brief}/projects") == ["Spring launch", "Other"]
    assert asana.post(f"/tasks/{brief}/removeProject", project=asana.project).body == {"data": {}}
    assert [row["project"]["name"] for row in asana.get(f"/tasks/{brief}").data["memberships"]] == ["Other"]
    assert columns(asana)["To do"] == []


def test_a_task_is_in_at_most_twenty_projects(asana: Client) -> None:
    brief = asana.task("Brief")
    gids = [asana.post("/projects", workspace=asana.workspace, name=f"p{n}").data["gid"] for n in range(20)]
    statuses = [asana.post(f"/tasks/{brief}/addProject", project=gid).status for gid in gids]
    assert statuses == [200] * 19 + [400]


@pytest.mark.parametrize("moves_modify", [False, True])
def test_a_move_bumps_modified_at_only_when_switched(asana: Client, moves_modify: bool) -> None:
    asana.restart(moves_modify=moves_modify)
    brief = asana.task("Brief")
    before = asana.get(f"/tasks/{brief}").data["modified_at"]
    asana.clock.advance(60)
    asana.post(f"/sections/{asana.section('Doing')}/addTask", task=brief)
    assert (asana.get(f"/tasks/{brief}").data["modified_at"] != before) is moves_modify


def test_subtasks_keep_their_order_and_stay_out_of_the_project(asana: Client) -> None:
    poster = asana.task("Poster")
    asana.post(f"/tasks/{poster}/subtasks", name="Print")
    assert names(asana, f"/tasks/{poster}/subtasks") == ["Draft", "Proof", "Print"]
    assert "Print" not in names(asana, f"/projects/{asana.project}/tasks")


def test_set_parent_places_detaches_and_refuses_circles(asana: Client) -> None:
    poster, brief = asana.task("Poster"), asana.task("Brief")
    draft = asana.gid(f"/tasks/{poster}/subtasks", "Draft")
    got = asana.post(f"/tasks/{brief}/setParent", parent=poster, insert_before=draft)
    assert got.data["parent"]["gid"] == poster
    assert names(asana, f"/tasks/{poster}/subtasks") == ["Brief", "Draft", "Proof"]
    assert asana.post(f"/tasks/{poster}/setParent", parent=draft).status == 400
    assert asana.post(f"/tasks/{poster}/setParent").message == "parent: Missing input"
    assert asana.post(f"/tasks/{draft}/setParent", parent=None).data["parent"] is None
    assert names(asana, f"/tasks/{poster}/subtasks") == ["Brief", "Proof"]


def test_sections_are_made_moved_renamed(asana: Client) -> None:
    path = f"/projects/{asana.project}/sections"
    made = asana.post(path, name="Review", insert_after=asana.section("Doing"))
    assert made.status == 201
    assert made.data["project"]["name"] == "Spring launch"
    assert asana.post(path, name="").status == 400
    gid = made.data["gid"]
    asana.put(f"/sections/{gid}", name="Check")
    moved = asana.post(f"{path}/insert", section=gid, before_section=asana.section("To do"))
    assert moved.body == {"data": {}}
    assert names(asana, path) == ["Check", "To do", "Doing", "Done"]
    assert asana.post(f"{path}/insert", section=gid).status == 400


def test_only_empty_sections_and_not_the_last_one_are_deleted(asana: Client) -> None:
    assert asana.delete(f"/sections/{asana.section('Doing')}").status == 400
    project = asana.post("/projects", workspace=asana.workspace, name="P").data["gid"]
    section = asana.gid(f"/projects/{project}/sections", "Untitled section")
    assert asana.delete(f"/sections/{section}").status == 400
    asana.post(f"/projects/{project}/sections", name="Second")
    assert asana.delete(f"/sections/{section}").body == {"data": {}}
    assert asana.get(f"/sections/{section}").status == 404


def test_many_insertions_at_one_place_keep_the_order(asana: Client) -> None:
    asana.service.limits(None)
    doing, poster = asana.section("Doing"), asana.task("Poster")
    for number in range(70):
        gid = asana.post("/tasks", workspace=asana.workspace, name=str(number)).data["gid"]
        asana.post(f"/sections/{doing}/addTask", task=gid, insert_after=poster)
    assert names(asana, f"/sections/{doing}/tasks") == ["Poster", *(str(number) for number in range(69, -1, -1))]
