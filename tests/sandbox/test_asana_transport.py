"""The outermost rules: routes before tokens, the envelope, forms, the rate limit, batches."""

import json
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


HELP = (
    "For more information on API status codes and how to handle them, read the docs on errors: "
    "https://developers.asana.com/docs/errors"
)


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/nothing/here"), ("PATCH", "/users/me"), ("DELETE", "/workspaces")]
)
@pytest.mark.parametrize("token", ["", "0/bogus"])
def test_an_unknown_path_or_method_is_a_404_before_the_token_matters(
    asana: Client, method: str, path: str, token: str
) -> None:
    got = asana.send(method, path, token=token)
    assert got.status == 404
    assert got.body == {"errors": [{"message": "No matching route for request", "help": HELP}]}


@pytest.mark.parametrize("token", ["", "0/bogus"])
def test_a_missing_and_a_bogus_token_get_the_recorded_401(asana: Client, token: str) -> None:
    got = asana.get("/users/me", token=token)
    assert got.status == 401
    assert got.body == {"errors": [{"message": "Not Authorized", "help": HELP}]}
    assert got.headers["content-type"] == "application/json; charset=UTF-8"


def test_revoked_tokens_fail_until_restored(asana: Client) -> None:
    asana.service.revoke()
    assert asana.get("/users/me").status == 401
    asana.service.restore()
    assert asana.get("/users/me").status == 200


def test_only_data_and_options_are_taken_at_the_top(asana: Client) -> None:
    got = asana.send("POST", "/tasks", b'{"name": "x"}')
    assert got.status == 400
    assert got.message.startswith("Unrecognized request field name . The only allowed keys at the top level are:")


def test_broken_json_is_refused(asana: Client) -> None:
    got = asana.send("POST", "/tasks", b'{"data": ')
    assert (got.status, got.message) == (400, "Could not parse request data, invalid JSON")


def test_a_form_carries_fields_at_the_top_and_options_as_opt(asana: Client) -> None:
    body = f"name=From+a+form&completed=true&opt_fields=name,completed&projects={asana.project}".encode()
    got = asana.send("POST", "/tasks", body, {"content-type": "application/x-www-form-urlencoded"})
    assert got.status == 201
    assert got.data == {"gid": got.data["gid"], "name": "From a form", "completed": True}


def test_options_in_the_body_choose_the_fields(asana: Client) -> None:
    body = json.dumps({"data": {"name": "New"}, "options": {"fields": ["name"]}}).encode()
    assert asana.send("PUT", f"/tasks/{asana.task('Brief')}", body).data == {"gid": asana.task("New"), "name": "New"}


def test_unknown_query_parameters_are_ignored(asana: Client) -> None:
    assert asana.get("/users/me", body="{}", foo="bar").status == 200


def test_the_rate_limit_counts_refused_requests_and_tells_when_to_come_back(asana: Client) -> None:
    asana.service.limits(3 / 1500)
    assert [asana.get("/users/me").status for _ in range(5)] == [200, 200, 200, 429, 429]
    refused = asana.get("/users/me")
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert "help" not in refused.body["errors"][0]
    assert refused.message.startswith("You've made too many requests and hit a rate limit.")
    asana.clock.advance(61)
    assert asana.get("/users/me").status == 200


def test_the_rate_limit_is_per_token_and_can_be_switched_off(asana: Client) -> None:
    person = asana.token_of("Li Wei")
    asana.service.limits(0)
    assert asana.get("/users/me").status == 429
    assert asana.get("/users/me", token=person).status == 429
    asana.service.limits(None)
    assert asana.get("/users/me").status == 200


def test_a_batch_answers_each_action_on_its_own(asana: Client) -> None:
    project = asana.project
    actions = [
        {"method": "get", "relative_path": "/users/me", "options": {"fields": ["name"]}},
        {"method": "post", "relative_path": "/tasks", "data": {"projects": [project], "name": "Batched"}},
        {"method": "get", "relative_path": "/tasks/1"},
        {"method": "get", "relative_path": f"/projects/{project}/tasks", "options": {"limit": 1}},
        {"method": "post", "relative_path": "/batch", "data": {}},
    ]
    got = asana.post("/batch", actions=actions)
    assert got.status == 200
    assert [each["status_code"] for each in got.data] == [200, 201, 404, 200, 400]
    assert got.data[0]["body"]["data"]["name"] == "Syncer"
    assert got.data[1]["headers"] == {"location": f"/tasks/{asana.task('Batched')}"}
    assert got.data[3]["body"]["next_page"]["offset"]


@pytest.mark.parametrize("count", [0, 11])
def test_a_batch_holds_one_to_ten_actions(asana: Client, count: int) -> None:
    assert asana.post("/batch", actions=[{"method": "get", "relative_path": "/users/me"}] * count).status == 400


def test_a_batch_over_the_rate_limit_is_refused_as_a_whole(asana: Client) -> None:
    asana.service.limits(2 / 1500)
    assert asana.post("/batch", actions=[{"method": "get", "relative_path": "/users/me"}] * 3).status == 429


def test_a_created_object_has_its_address(asana: Client) -> None:
    got = asana.post("/tasks", name="x", workspace=asana.workspace)
    assert got.status == 201
    assert got.headers["location"].endswith(f"/asana/api/1.0/tasks/{got.data['gid']}")
