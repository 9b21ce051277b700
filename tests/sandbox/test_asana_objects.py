"""Projects, tags, followers, dependencies, stories."""

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


def test_a_project_is_made_changed_archived_deleted(asana: Client) -> None:
    made = asana.post("/projects", workspace=asana.workspace, name="P", notes="a < b")
    assert made.status == 201
    path = f"/projects/{made.data['gid']}"
    assert asana.get(path, opt_fields="html_notes").data["html_notes"] == "<body>a &lt; b</body>"
    assert asana.put(path, archived=True, color="light-green").data["archived"] is True
    assert [row["name"] for row in asana.get("/projects", archived="false").data] == ["Spring launch", "Other"]
    assert asana.put(path, start_on="2026-12-01").status == 400
    assert asana.put(path, start_on="2026-12-01", due_on="2026-12-01").status == 400
    assert asana.delete(path).body == {"data": {}}
    assert asana.get(path).status == 404


def test_a_project_needs_its_workspace(asana: Client) -> None:
    assert asana.post("/projects", name="P").message == "workspace: Missing input"
    assert asana.post(f"/workspaces/{asana.workspace}/projects", name="P").status == 201


def test_tasks_survive_their_project(asana: Client) -> None:
    brief = asana.task("Brief")
    asana.delete(f"/projects/{asana.project}")
    assert asana.get(f"/tasks/{brief}").data["memberships"] == []


def test_tags_may_share_a_name(asana: Client) -> None:
    for _ in range(2):
        assert asana.post("/tags", workspace=asana.workspace, name="Overdue").status == 201
    assert asana.post(f"/workspaces/{asana.workspace}/tags", name="Overdue").status == 201
    assert [row["name"] for row in asana.get("/tags").data].count("Overdue") == 3


def test_a_tag_is_added_once_and_removed(asana: Client) -> None:
    brief, tag = asana.task("Brief"), asana.gid("/tags", "Print")
    for _ in range(2):
        assert asana.post(f"/tasks/{brief}/addTag", tag=tag).body == {"data": {}}
    assert [row["name"] for row in asana.get(f"/tasks/{brief}").data["tags"]] == ["Print"]
    asana.post(f"/tasks/{brief}/removeTag", tag=tag)
    assert asana.get(f"/tasks/{brief}/tags").data == []
    assert asana.post(f"/tasks/{brief}/addTag", tag="12").message == "tag: Unknown object: 12"


def test_a_deleted_tag_leaves_its_tasks(asana: Client) -> None:
    asana.delete(f"/tags/{asana.gid('/tags', 'Print')}")
    assert asana.get(f"/tasks/{asana.task('Poster')}").data["tags"] == []


def test_followers_come_and_go_and_the_task_comes_back(asana: Client) -> None:
    path = f"/tasks/{asana.task('Poster')}"
    got = asana.post(f"{path}/addFollowers", followers=["me", "anna@example.com"])
    assert [row["name"] for row in got.data["followers"]] == ["Syncer", "Anna Berg"]
    got = asana.post(f"{path}/removeFollowers", followers="me")
    assert [row["name"] for row in got.data["followers"]] == ["Anna Berg"]


def test_dependencies_show_on_both_sides(asana: Client) -> None:
    brief, poster = asana.task("Brief"), asana.task("Poster")
    assert asana.post(f"/tasks/{poster}/addDependencies", dependencies=[brief]).body == {"data": {}}
    assert asana.post(f"/tasks/{brief}/addDependents", dependents=[poster]).status == 200
    assert [row["gid"] for row in asana.get(f"/tasks/{poster}/dependencies").data] == [brief]
    assert [row["gid"] for row in asana.get(f"/tasks/{brief}/dependents").data] == [poster]
    asana.post(f"/tasks/{brief}/removeDependents", dependents=[poster])
    assert asana.get(f"/tasks/{poster}", opt_fields="dependencies").data["dependencies"] == []


def test_a_task_has_at_most_thirty_dependencies_and_dependents(asana: Client) -> None:
    gids = [asana.post("/tasks", workspace=asana.workspace).data["gid"] for _ in range(31)]
    path = f"/tasks/{asana.task('Brief')}"
    assert asana.post(f"{path}/addDependencies", dependencies=gids).status == 400
    assert asana.post(f"{path}/addDependencies", dependencies=gids[:20]).status == 200
    assert asana.post(f"{path}/addDependents", dependents=gids[20:]).status == 400


def test_a_comment_is_by_the_caller_and_changes_the_task(asana: Client) -> None:
    poster = asana.task("Poster")
    before = asana.get(f"/tasks/{poster}").data["modified_at"]
    asana.clock.advance(5)
    got = asana.post(f"/tasks/{poster}/stories", text="Looks < good")
    assert got.status == 201
    assert (got.data["type"], got.data["resource_subtype"]) == ("comment", "comment_added")
    assert got.data["created_by"]["name"] == "Syncer"
    assert asana.get(f"/stories/{got.data['gid']}", opt_fields="html_text").data["html_text"] == (
        "<body>Looks &lt; good</body>"
    )
    assert asana.get(f"/tasks/{poster}").data["modified_at"] > before


def test_a_comment_needs_words_and_one_form_of_them(asana: Client) -> None:
    path = f"/tasks/{asana.task('Poster')}/stories"
    assert asana.post(path).status == 400
    assert asana.post(path, text="  ").status == 400
    assert asana.post(path, text="a", html_text="<body>a</body>").status == 400
    assert asana.post(path, html_text="<body><h1>a</h1></body>").status == 400


def test_only_ones_own_comments_are_changed_or_deleted(asana: Client) -> None:
    poster = asana.task("Poster")
    asana.put(f"/tasks/{poster}", completed=True)
    system = asana.get(f"/tasks/{poster}/stories").data[-1]
    assert system["resource_subtype"] == "marked_complete"
    assert asana.delete(f"/stories/{system['gid']}").status == 403
    comment = f"/stories/{asana.post(f'/tasks/{poster}/stories', text='a').data['gid']}"
    assert asana.put(comment, token=asana.token_of("Anna Berg"), text="b").status == 403
    assert asana.put(comment, text="b").data["is_edited"] is True
    assert asana.delete(comment).body == {"data": {}}
    assert asana.get(comment).status == 404


def test_changes_leave_system_stories_in_order(asana: Client) -> None:
    brief = asana.task("Brief")
    asana.put(f"/tasks/{brief}", assignee="anna@example.com", name="B", notes="n", due_on="2026-12-09")
    asana.post(f"/sections/{asana.section('Doing')}/addTask", task=brief)
    asana.put(f"/tasks/{brief}", assignee=None)
    kinds = [row["resource_subtype"] for row in asana.get(f"/tasks/{brief}/stories").data]
    expected = ["name_changed", "notes_changed", "due_date_changed", "assigned", "section_changed", "unassigned"]
    assert kinds[-6:] == expected
