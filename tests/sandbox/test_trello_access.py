"""The emulated Trello's door: routes, ids, credentials, quotas, each in the order and the words of the live service."""

import pytest
import requests

from adapters.sandbox.server import RunningSandbox
from adapters.sandbox.trello.auth import KEY, token_of
from tests.sandbox.trello_client import Trello

TOKEN = token_of("syncer")
NOBODY = "0" * 24


def bare(sandbox: RunningSandbox, method: str, path: str, **how: object) -> requests.Response:
    """A request with no credentials but those given."""
    return requests.request(method, f"{sandbox.trello_url}/1/{path}", timeout=10, **how)


def test_credentials_may_come_in_header_query_or_body(trello: Trello, sandbox: RunningSandbox) -> None:
    pair = {"key": KEY, "token": TOKEN}
    place = trello.list_id("To do")
    assert bare(sandbox, "GET", "members/me", params=pair).status_code == 200
    assert bare(sandbox, "POST", "cards", data={"idList": place, **pair}).status_code == 200
    assert bare(sandbox, "POST", "cards", json={"idList": place, **pair}).status_code == 200
    assert bare(sandbox, "GET", "members/me", headers=dict(trello.session.headers)).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "pair", "words"),
    [
        ("GET", f"cards/{NOBODY}", {}, "unauthorized card permission requested"),
        ("GET", f"boards/{NOBODY}", {}, "unauthorized permission requested"),
        ("DELETE", f"boards/{NOBODY}", {"key": KEY, "token": ""}, "unauthorized permission requested"),
        ("POST", "cards", {"key": KEY}, '{"message":"missing scopes"}'),
        ("POST", "cards", {"key": "", "token": TOKEN}, "invalid key"),
        ("GET", "members/me", {"key": KEY, "token": "f" * 64}, "invalid token"),
        ("GET", "members/me", {"key": KEY, "token": "short"}, "invalid app token"),
    ],
)
def test_each_401_has_its_words(
    trello: Trello, sandbox: RunningSandbox, method: str, path: str, pair: dict[str, str], words: str
) -> None:
    answer = bare(sandbox, method, path, params=pair)
    assert (answer.status_code, answer.text) == (401, words)


def test_a_revoked_token_is_refused_until_it_is_restored(trello: Trello) -> None:
    trello.control("revoke", service="trello")
    assert trello.get("members/me", status=401) == "invalid token"
    trello.control("restore", service="trello")
    assert trello.get("members/me")["username"] == "syncer"


def test_what_may_not_be_seen_is_401(trello: Trello, sandbox: RunningSandbox) -> None:
    with Trello(sandbox, "mei") as mei:
        private = next(one["id"] for one in mei.get("members/me/boards") if one["name"] == "Private")
        card = mei.post("cards", idList=mei.get(f"boards/{private}/lists")[0]["id"])["id"]
    assert trello.get(f"boards/{private}", status=401) == "unauthorized permission requested"
    assert trello.get(f"cards/{card}", status=401) == "unauthorized card permission requested"


def test_the_checks_come_in_trellos_order(trello: Trello, sandbox: RunningSandbox) -> None:
    assert bare(sandbox, "GET", "cards/xyz").text == "invalid id"
    assert bare(sandbox, "GET", f"cards/{NOBODY}x").status_code == 400
    assert bare(sandbox, "GET", f"cards/{NOBODY}").status_code == 401
    assert trello.get(f"cards/{NOBODY}", status=404) == "The requested resource was not found."


def test_an_unknown_route_echoes_its_target(trello: Trello, sandbox: RunningSandbox) -> None:
    answer = bare(sandbox, "GET", "fake?key=K&token=T")
    assert (answer.status_code, answer.text) == (404, "Cannot GET /1/fake?key=K&token=T")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert trello.post(f"lists/{NOBODY}", status=404).startswith("Cannot POST /1/lists/")


@pytest.mark.parametrize("wrong", ["", "xyz", "Ab3dEf7h", NOBODY])
def test_a_card_needs_a_real_list(trello: Trello, wrong: str) -> None:
    assert trello.post("cards", status=400, idList=wrong) == "invalid value for idList"


def test_a_body_that_is_not_json_is_refused(trello: Trello) -> None:
    answer = trello.ask("POST", "cards", data=b"{", headers={"content-type": "application/json"})
    assert answer.status_code == 400


def test_credentials_in_a_url_are_noted_but_not_kept(trello: Trello, sandbox: RunningSandbox) -> None:
    bare(sandbox, "GET", "members/me", params={"key": KEY, "token": TOKEN, "fields": "id"})
    trello.get("members/me")
    log = trello.control("requests", verb="GET")["requests"]
    assert [entry.get("url_credentials", False) for entry in log] == [True, False]
    assert log[0]["query"] == [["fields", "id"]]
    assert TOKEN not in str(log)


def test_every_answer_tells_the_quotas(trello: Trello) -> None:
    trello.control("clock", now="2026-11-11T00:00:00Z")
    first = trello.ask("GET", f"boards/{trello.board}").headers
    assert first["x-rate-limit-api-key-max"] == "300"
    assert first["x-rate-limit-api-token-remaining"] == "99"
    assert first["x-rate-limit-api-token-interval-ms"] == "10000"
    refused = trello.ask("GET", "cards/x").headers
    assert refused["x-rate-limit-api-token-max"] == "100"
    assert refused["x-server-time"].isdecimal()


def test_the_hundred_and_first_request_is_one_too_many(trello: Trello) -> None:
    trello.control("limits", service="trello", scale=0.1)
    trello.control("clock", now="2026-11-11T00:00:00Z")
    path = f"boards/{trello.board}"
    statuses = [trello.ask("GET", path).status_code for _ in range(11)]
    assert statuses == [200] * 10 + [429]
    refused = trello.get(path, status=429)
    assert refused == {"error": "API_TOKEN_LIMIT_EXCEEDED", "message": "Rate limit exceeded"}
    trello.control("clock", advance=10)
    trello.get(path)


def test_the_key_has_a_quota_over_all_tokens(trello: Trello, sandbox: RunningSandbox) -> None:
    trello.control("limits", service="trello", scale=0.01)
    trello.control("clock", now="2026-11-11T00:00:00Z")
    path = f"boards/{trello.board}"
    with Trello(sandbox, "liwei") as li, Trello(sandbox, "mei") as mei:
        assert [one.ask("GET", path).status_code for one in (trello, li, mei, mei)] == [200, 200, 200, 429]
        assert mei.get(path, status=429)["error"] == "API_KEY_LIMIT_EXCEEDED"


def test_members_have_a_slower_quota_of_their_own(trello: Trello) -> None:
    trello.control("limits", service="trello", scale=0.04)
    trello.control("clock", now="2026-11-11T00:00:00Z")
    for _ in range(4):
        trello.get("members/me")
        trello.control("clock", advance=10)
    assert trello.get("members/me", status=429)["error"] == "RATE_LIMIT_EXCEEDED"
    trello.control("clock", advance=10)
    trello.get("members/me/boards")


def test_limits_can_be_off(trello: Trello) -> None:
    trello.control("limits", service="trello", off=True)
    assert {trello.ask("GET", f"boards/{trello.board}?fields=id").status_code for _ in range(120)} == {200}
