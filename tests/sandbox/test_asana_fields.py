"""What is shown: exactly what `opt_fields` asks, else the compact or the full record."""

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


def test_lists_are_compact_and_single_records_full(asana: Client) -> None:
    row = asana.get(f"/projects/{asana.project}/tasks").data[0]
    assert set(row) == {"gid", "name", "resource_type", "resource_subtype"}
    task = asana.get(f"/tasks/{row['gid']}").data
    assert task["custom_fields"] == []
    assert task["assignee"] == {"gid": asana.person("Li Wei"), "name": "Li Wei", "resource_type": "user"}
    assert [set(m) for m in task["memberships"]] == [{"project", "section"}]
    assert task["memberships"][0]["section"]["name"] == "To do"


@pytest.mark.parametrize(
    "name", ["html_notes", "num_subtasks", "dependencies", "dependents", "created_by", "approval_status"]
)
def test_opt_in_fields_are_hidden_until_asked(asana: Client, name: str) -> None:
    assert name not in asana.get(f"/tasks/{asana.task('Poster')}").data


def test_exactly_the_asked_fields_and_the_gid(asana: Client) -> None:
    gid = asana.task("Brief")
    got = asana.get(f"/tasks/{gid}", opt_fields="name,assignee.name,this.completed,parent.name,no_such_field")
    assert got.data == {
        "gid": gid,
        "name": "Brief",
        "assignee": {"gid": asana.person("Li Wei"), "name": "Li Wei"},
        "completed": False,
        "parent": None,
    }


def test_a_reference_without_a_subfield_is_gid_and_type(asana: Client) -> None:
    got = asana.get(f"/tasks/{asana.task('Brief')}", opt_fields="assignee")
    assert got.data["assignee"] == {"gid": asana.person("Li Wei"), "resource_type": "user"}


def test_dots_reach_into_memberships(asana: Client) -> None:
    got = asana.get(f"/projects/{asana.project}/tasks", opt_fields="memberships.section.name,num_subtasks")
    assert [row["memberships"][0]["section"]["name"] for row in got.data] == ["To do", "Doing", "Done"]
    assert [row["num_subtasks"] for row in got.data] == [0, 2, 0]
    assert "project" not in got.data[0]["memberships"][0]


def test_groups_spread_over_their_choices(asana: Client) -> None:
    got = asana.get(f"/tasks/{asana.task('Brief')}", opt_fields="this.(assignee|followers).email,(name|notes)")
    person = {"gid": asana.person("Li Wei"), "email": "liwei@example.com"}
    assert got.data == {
        "gid": asana.task("Brief"),
        "assignee": person,
        "followers": [person],
        "name": "Brief",
        "notes": "",
    }


def test_nested_groups_and_open_groups_do_no_harm(asana: Client) -> None:
    path = f"/tasks/{asana.task('Brief')}"
    got = asana.get(path, opt_fields="memberships.(section.(name|created_at)|project.name)")
    assert set(got.data["memberships"][0]["section"]) == {"gid", "name", "created_at"}
    assert asana.get(path, opt_fields="(name|notes").data == {"gid": asana.task("Brief"), "name": "Brief", "notes": ""}


def test_pretty_output_is_the_same_document(asana: Client) -> None:
    assert asana.get("/users/me", opt_pretty="true").data == asana.get("/users/me").data


def test_users_are_found_by_gid_mail_and_me(asana: Client) -> None:
    li_wei = asana.get("/users/liwei%40example.com").data
    assert asana.get(f"/users/{li_wei['gid']}").data == li_wei
    assert li_wei["workspaces"] == [{"gid": asana.workspace, "name": "Campaigns", "resource_type": "workspace"}]
    assert asana.get("/users/me").data["name"] == "Syncer"
    assert [row["name"] for row in asana.get(f"/workspaces/{asana.workspace}/users").data] == [
        "Anna Berg",
        "Li Wei",
        "Syncer",
    ]


@pytest.mark.parametrize("path", ["/tasks/0", "/tasks/abc", "/tasks/external%3Aa%2Fb", "/projects/12", "/users/13"])
def test_an_unknown_gid_in_the_path_is_a_404_that_names_it(asana: Client, path: str) -> None:
    got = asana.get(path)
    kind = path.split("/")[1].removesuffix("s")
    assert got.status == 404
    assert got.message.startswith(f"{kind}: Not a recognized ID: ")


def test_the_permanent_link_names_workspace_and_project(asana: Client) -> None:
    gid = asana.task("Brief")
    link = asana.get(f"/tasks/{gid}").data["permalink_url"]
    assert link == f"https://app.asana.com/1/{asana.workspace}/project/{asana.project}/task/{gid}"
