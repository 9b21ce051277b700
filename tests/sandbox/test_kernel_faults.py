"""Injected faults over real sockets: on each side of the write, in each way of failing."""

import http.client
import socket
import threading

import pytest
import requests

from adapters.sandbox.server import RunningSandbox
from tests.sandbox.trello_client import Trello


def fault(trello: Trello, **document: object) -> None:
    """A fault on the making of cards, unless told otherwise."""
    trello.control("faults", **{"service": "trello", "method": "POST", "path": "^/1/cards", **document})


def post_card(trello: Trello) -> requests.Response:
    return trello.ask("POST", "cards", json={"idList": trello.list_id("To do"), "name": "New"})


def made(trello: Trello) -> int:
    """How many cards the faulty requests have really made."""
    return [card["name"] for card in trello.get(f"boards/{trello.board}/cards")].count("New")


@pytest.mark.parametrize(("at", "cards"), [("before", 0), ("after", 1)])
def test_a_status_comes_with_or_without_the_effect(trello: Trello, at: str, cards: int) -> None:
    fault(trello, at=at, action="status", status=503, headers={"Retry-After": "3"}, body="Try later")
    answer = post_card(trello)
    assert (answer.status_code, answer.text, answer.headers["retry-after"]) == (503, "Try later", "3")
    assert made(trello) == cards
    assert post_card(trello).status_code == 200


@pytest.mark.parametrize(("at", "cards"), [("before", 0), ("after", 1)])
def test_a_reset_breaks_the_connection(trello: Trello, at: str, cards: int) -> None:
    fault(trello, at=at, action="reset")
    with pytest.raises(requests.ConnectionError, match="reset by peer"):
        post_card(trello)
    assert made(trello) == cards


@pytest.mark.parametrize(("at", "cards"), [("before", 0), ("after", 1)])
def test_garbage_is_200_and_no_json(trello: Trello, at: str, cards: int) -> None:
    fault(trello, at=at, action="garbage")
    answer = post_card(trello)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert answer.text.startswith("<!DOCTYPE html>")
    assert made(trello) == cards


def test_half_of_the_reply_comes_after_the_effect(trello: Trello) -> None:
    fault(trello, at="half")
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        post_card(trello)
    assert made(trello) == 1


def test_half_of_the_reply_is_cut_in_the_middle_of_the_body(trello: Trello) -> None:
    fault(trello, at="half", method="GET", path="/members/me")
    connection = http.client.HTTPConnection(trello.sandbox.url.removeprefix("http://"), timeout=10)
    connection.request("GET", "/trello/1/members/me", headers=dict(trello.session.headers))
    answer = connection.getresponse()
    with pytest.raises(http.client.IncompleteRead) as error:
        answer.read()
    connection.close()
    assert len(error.value.partial) == int(answer.headers["content-length"]) // 2


@pytest.mark.parametrize(("at", "cards"), [("before", 0), ("after", 1)])
def test_a_held_request_is_let_go_when_faults_are_cleared(trello: Trello, at: str, cards: int) -> None:
    fault(trello, at=at, action="hang")
    outcome: list[object] = []
    waiting = threading.Thread(target=lambda: outcome.append(_outcome(trello)))
    waiting.start()
    while not any("fault" in entry for entry in trello.control("requests", verb="GET")["requests"]):
        pass
    assert waiting.is_alive()
    trello.control("faults", verb="DELETE")
    waiting.join(10)
    assert outcome == ["broken"]
    assert made(trello) == cards


def _outcome(trello: Trello) -> object:
    with Trello(trello.sandbox) as client:
        try:
            return post_card(client).status_code
        except requests.ConnectionError:
            return "broken"


def test_a_client_that_gives_up_leaves_the_sandbox_well(trello: Trello) -> None:
    fault(trello, action="hang", method="GET", path="/members/me")
    with pytest.raises(requests.exceptions.ReadTimeout):
        requests.get(f"{trello.sandbox.trello_url}/1/members/me", headers=trello.session.headers, timeout=0.05)
    trello.get("members/me")


def test_a_delay_alone_only_delays(trello: Trello) -> None:
    fault(trello, delay=0.01)
    assert post_card(trello).status_code == 200
    fault(trello, delay=0.01, at="after", status=500)
    assert post_card(trello).status_code == 500
    assert made(trello) == 2


def test_an_empty_status_has_no_body(trello: Trello) -> None:
    fault(trello, status=204)
    answer = post_card(trello)
    assert (answer.status_code, answer.content) == (204, b"")
    assert post_card(trello).status_code == 200


def test_skip_and_times_count_matching_requests(trello: Trello) -> None:
    fault(trello, method="GET", path="/lists/", skip=1, times=2, status=500)
    path = f"lists/{trello.list_id('Doing')}"
    assert [trello.ask("GET", path).status_code for _ in range(5)] == [200, 500, 500, 200, 200]


def test_the_path_is_searched_with_its_query_encoded_or_not(trello: Trello) -> None:
    fault(trello, method="", path=r"fields=name,pos$", status=500)
    assert trello.ask("GET", "members/me?fields=name%2Cpos").status_code == 500
    fault(trello, method="get", path=r"%2Cpos$", status=500)
    assert trello.ask("GET", "members/me?fields=name%2Cpos").status_code == 500


def test_a_fault_of_one_service_spares_the_others(trello: Trello) -> None:
    trello.control("faults", service="sheets", status=500)
    assert trello.ask("GET", "members/me").status_code == 200
    url = trello.sandbox.url
    assert requests.get(f"{url}/google/drive/v3/files/x", timeout=10).status_code != 500
    assert requests.get(f"{url}/google/v4/spreadsheets/x", timeout=10).status_code == 500


def test_the_log_tells_what_was_sent(trello: Trello) -> None:
    fault(trello, at="after", action="reset")
    with pytest.raises(requests.ConnectionError):
        post_card(trello)
    entry = trello.control("requests", verb="GET")["requests"][-1]
    assert entry.pop("time").endswith("Z")
    assert entry == {
        "service": "trello",
        "method": "POST",
        "path": "/1/cards",
        "status": 0,
        "write": True,
        "fault": "reset after",
    }
    trello.control("requests", verb="DELETE")
    assert trello.control("requests", verb="GET")["requests"] == []


def test_a_reset_is_a_tcp_reset(trello: Trello) -> None:
    fault(trello, method="GET", path="", action="reset")
    host, _, port = trello.sandbox.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as raw:
        raw.sendall(b"GET /trello/1/members/me HTTP/1.1\r\nHost: x\r\n\r\n")
        with pytest.raises(ConnectionResetError):
            raw.recv(100)


def test_stopping_lets_held_requests_go(seed: str) -> None:
    with RunningSandbox(seed) as running, Trello(running) as client:
        fault(client, action="hang")
        outcome: list[object] = []
        waiting = threading.Thread(target=lambda: outcome.append(_outcome(client)))
        waiting.start()
        while not any("fault" in entry for entry in client.control("requests", verb="GET")["requests"]):
            pass
    waiting.join(10)
    assert outcome == ["broken"]
