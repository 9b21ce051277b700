"""Every way a request can fail, over real sockets: what is repeated, what is raised, and what is never told."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.http import Doubtful, Http, Rejected
from adapters.limiter import LONGEST_PAUSE, SHARE, Limiter, Quota
from adapters.replies import LARGEST_BODY, redact
from syncer.core.errors import Malformed, PlaceError, Unauthorised, Unavailable
from syncer.ports import Traffic
from tests.contract.raw_server import RESET, SILENCE, RawServer, refusing, reply

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
OK = reply(200, '{"ok": true}')
SECRET = "s3cr3t+/token"
QUOTA = Quota(100, 10.0)


class VirtualClock:
    """Moves only when somebody sleeps; `awake` sleeps not at all, as when the process is asked to stop."""

    def __init__(self, awake: bool = False) -> None:
        self.passed = 0.0
        self.awake = awake

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.passed)

    def monotonic(self) -> float:
        return self.passed

    def sleep(self, seconds: float) -> None:
        self.passed += 0.0 if self.awake else seconds


def http(url: str, clock: VirtualClock, **more: Any) -> Http:
    headers = {"Authorization": f"Bearer {SECRET}"}
    return Http(url, headers, clock, Limiter(QUOTA, clock), "Trello", [SECRET], timeouts=(1.0, 0.2), **more)


class Sent:
    """One `send` to a server that gives these answers, and how it ended."""

    def __init__(self, method: str, *answers: bytes, clock: VirtualClock | None = None, **more: Any) -> None:
        self.clock = clock or VirtualClock()
        self.answer: Any = None
        self.error: Any = None
        with RawServer(answers) as server:
            client = http(server.url, self.clock)
            try:
                self.answer = client.send(method, "/thing", **more)
            except (PlaceError, Rejected, Doubtful) as error:
                self.error = error
        self.requests = server.requests
        self.traffic = client.traffic


WRITES = ["POST", "PUT", "DELETE"]
ALL = ["GET", *WRITES]
LOST = [RESET, reply(500, "oops"), reply(502, ""), reply(503, ""), reply(504, ""), reply(200, '{"a"', length=99)]


def test_an_answer_is_decoded_json_and_every_attempt_is_counted() -> None:
    sent = Sent("GET", RESET, OK)
    assert (sent.answer, sent.traffic) == ({"ok": True}, Traffic(2, 0))
    assert Sent("PUT", RESET, OK, json={}).traffic == Traffic(2, 2)


def test_credentials_travel_in_headers_and_bodies_as_json() -> None:
    (request,) = Sent("POST", OK, json={"name": "é 陈"}, params={"a": "b c"}).requests
    head, _, body = request.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /thing?a=b+c HTTP/1.1")
    assert f"Authorization: Bearer {SECRET}".encode() in head
    assert json.loads(body) == {"name": "é 陈"}


def test_no_content_is_none() -> None:
    assert Sent("DELETE", b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n").answer is None


@pytest.mark.parametrize("method", ALL)
def test_nobody_listening_is_unavailable_and_tried_again(method: str) -> None:
    clock = VirtualClock()
    with refusing() as url:
        client = http(url, clock)
        with pytest.raises(Unavailable, match="Trello: It could not be reached"):
            client.send(method, "/thing")
    assert client.traffic.requests == 4
    assert 0 < clock.passed <= 60


@pytest.mark.parametrize("lost", LOST)
def test_a_lost_answer_to_what_may_be_repeated_is_repeated(lost: bytes) -> None:
    for method in ("GET", "PUT", "DELETE"):
        sent = Sent(method, lost, lost, lost, OK)
        assert (sent.answer, len(sent.requests)) == ({"ok": True}, 4)


@pytest.mark.parametrize("lost", LOST)
def test_a_lost_answer_to_a_post_is_doubtful_and_never_repeated(lost: bytes) -> None:
    sent = Sent("POST", lost, OK)
    assert isinstance(sent.error, Doubtful)
    assert len(sent.requests) == 1


@pytest.mark.parametrize("lost", LOST)
def test_a_lasting_failure_is_unavailable_for_a_read_and_doubtful_for_a_write(lost: bytes) -> None:
    assert isinstance(Sent("GET", *[lost] * 9).error, Unavailable)
    for method in ("PUT", "DELETE"):
        sent = Sent(method, *[lost] * 9)
        assert isinstance(sent.error, Doubtful)
        assert len(sent.requests) == 4


def test_silence_is_a_time_out() -> None:
    assert Sent("GET", SILENCE, OK).answer == {"ok": True}
    sent = Sent("POST", SILENCE, OK)
    assert isinstance(sent.error, Doubtful)
    assert "did not answer in time" in str(sent.error)
    assert len(sent.requests) == 1


def test_a_post_may_be_declared_repeatable() -> None:
    assert Sent("POST", RESET, OK, repeatable=True).answer == {"ok": True}


def test_a_write_stays_doubtful_though_later_attempts_are_refused() -> None:
    assert isinstance(Sent("PUT", RESET, reply(401, '"no"')).error, Doubtful)
    assert isinstance(Sent("PUT", *[RESET, *[reply(429, "{}")] * 3]).error, Doubtful)


@pytest.mark.parametrize("status", [400, 403, 404, 409, 412, 422])
@pytest.mark.parametrize("method", ALL)
def test_a_refusal_is_never_repeated(method: str, status: int) -> None:
    sent = Sent(method, reply(status, '{"message": "not like this"}'), OK)
    assert isinstance(sent.error, Rejected)
    assert (sent.error.status, sent.error.message) == (status, "not like this")
    assert len(sent.requests) == 1


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('{"errors": [{"message": "one"}, {"message": "two"}]}', "one; two"),
        ('{"error": {"code": 400, "message": "google", "status": "X"}}', "google"),
        ('{"error": "ERROR", "message": "Invalid objectId"}', "Invalid objectId"),
        ("invalid id", "invalid id"),
        (f"Cannot GET /1/fake?key=abc&token={SECRET}", "no such address"),
        ("<html><body>Sorry</body></html>", "HTTP 404"),
        ("", "HTTP 404"),
        ("x" * 5000, "x" * 299 + "…"),
        ("a\x1b[31mred\r\nnext", "a [31mred next"),
    ],
)
def test_what_an_error_says_is_one_short_printable_line(body: str, message: str) -> None:
    assert Sent("GET", reply(404, body)).error.message == message


def test_a_refused_credential_is_named_and_nothing_else_happens() -> None:
    sent = Sent("POST", reply(401, "invalid token"), OK)
    assert isinstance(sent.error, Unauthorised)
    assert "invalid token" in str(sent.error)
    assert len(sent.requests) == 1


@pytest.mark.parametrize("token", ["ends in a line\n", "töken €"])
def test_a_credential_that_no_header_can_carry_is_refused_unsent(token: str) -> None:
    clock = VirtualClock()
    with RawServer([OK]) as server:
        headers = {"Authorization": f"Bearer {token}"}
        client = Http(server.url, headers, clock, Limiter(QUOTA, clock), "Trello", [token])
        with pytest.raises(Unauthorised, match="Copy it again") as raised:
            client.send("GET", "/thing")
    assert server.requests == []
    assert token.strip() not in f"{raised.value!r} {raised.value}"


@pytest.mark.parametrize("method", ALL)
def test_too_many_requests_are_waited_out_by_every_method(method: str) -> None:
    sent = Sent(method, reply(429, "{}", "Retry-After: 7"), OK)
    assert sent.answer == {"ok": True}
    assert sent.clock.passed >= 7


@pytest.mark.parametrize(
    ("header", "least"),
    [
        (f"Retry-After: {format_datetime(NOON + timedelta(seconds=20), usegmt=True)}", 20),
        (f"Retry-After: {format_datetime(NOON - timedelta(days=1), usegmt=True)}", 0),
        ("X-Other: 1", QUOTA.seconds),
        ("Retry-After: -1", QUOTA.seconds),
        ("Retry-After: soon", QUOTA.seconds),
        ("Retry-After: nan", QUOTA.seconds),
        ("Retry-After: Mon, 99 Foo 2026 99:99:99 GMT", QUOTA.seconds),
        ("Retry-After: 0", 0),
    ],
)
def test_the_wait_is_what_the_service_named_or_else_a_window(header: str, least: float) -> None:
    sent = Sent("GET", reply(429, "{}", header), OK)
    assert sent.answer == {"ok": True}
    assert least <= sent.clock.passed < least + 2


@pytest.mark.parametrize("seconds", ["61", "1000000000", "999999999999"])
def test_a_wait_beyond_patience_ends_the_pass_and_holds_for_later_requests(seconds: str) -> None:
    clock = VirtualClock()
    with RawServer([reply(429, "{}", f"Retry-After: {seconds}"), OK]) as server:
        client = http(server.url, clock)
        for _ in range(2):
            with pytest.raises(Unavailable) as raised:
                client.send("GET", "/thing")
            assert raised.value.retry_after == min(float(seconds), LONGEST_PAUSE)
        assert (len(server.requests), clock.passed) == (1, 0)
        clock.passed += LONGEST_PAUSE
        assert client.send("GET", "/thing") == {"ok": True}


def test_repeats_end_while_everything_fails() -> None:
    clock = VirtualClock()
    with refusing() as url:
        client = http(url, clock)
        for _ in range(20):
            with pytest.raises(Unavailable):
                client.send("GET", "/thing")
    assert client.traffic.requests == 20 + 10


def test_a_request_to_stop_ends_the_waiting() -> None:
    sent = Sent("GET", RESET, OK, clock=VirtualClock(awake=True))
    assert isinstance(sent.error, Unavailable)
    assert isinstance(Sent("PUT", RESET, OK, clock=VirtualClock(awake=True)).error, Doubtful)


@pytest.mark.parametrize(
    "garbage",
    [
        reply(200, "<html>We'll be right back</html>", kind="text/html"),
        reply(200, '{"ok": true}', kind="text/plain"),
        reply(200, '{"ok": tr'),
        reply(200, ""),
        reply(200, '{"n": NaN}'),
        reply(200, b'{"\xff": 1}'),
        reply(200, "[" * 100_000),
        reply(200, b"\x1f\x8bno gzip", "Content-Encoding: gzip"),
        reply(302, "{}", "Location: http://127.0.0.1:1/elsewhere"),
        reply(301, "{}", "Location: /elsewhere"),
    ],
    ids=["html", "text", "cut", "empty", "nan", "bytes", "deep", "gzip", "302", "301"],
)
def test_garbage_is_malformed_for_a_read_and_doubtful_for_a_write(garbage: bytes) -> None:
    sent = Sent("GET", *[garbage] * 4)
    assert isinstance(sent.error, Malformed)
    assert all(request.startswith(b"GET /thing") for request in sent.requests)
    assert isinstance(Sent("POST", garbage).error, Doubtful)


def test_a_body_that_swells_is_refused() -> None:
    bomb = gzip.compress(b"[" + b" " * (LARGEST_BODY + 1) + b"]")
    sent = Sent("GET", reply(200, bomb, "Content-Encoding: gzip"))
    assert isinstance(sent.error, Malformed)
    assert "larger than 64 MB" in str(sent.error)


def test_no_error_tells_a_secret() -> None:
    said = f'key=abcdef&token={SECRET} Bearer {SECRET} s3cr3t%2B%2Ftoken oauth_token="other" client_secret=hush'
    for status in (400, 401, 403, 404, 500):
        error = Sent("POST", reply(status, json.dumps({"message": said}))).error
        for text in (str(error), repr(error), str(error.__cause__), str(error.__context__)):
            assert not [word for word in (SECRET, "%2Ftoken", "abcdef", "other", "hush") if word in text]


@given(st.text(), st.text(min_size=6))
def test_redaction_leaves_no_secret(text: str, secret: str) -> None:
    assert secret.strip("*") == "" or secret not in redact(f"{text}{secret}{text}", [secret])


@given(
    quota=st.builds(Quota, st.integers(1, 120), st.floats(1.0, 900.0)),
    gaps=st.lists(st.floats(0.0, 30.0), max_size=300),
    pauses=st.dictionaries(st.integers(0, 300), st.none() | st.floats(0.0, 50.0), max_size=3),
)
def test_no_window_ever_holds_more_than_its_share_of_the_quota(
    quota: Quota, gaps: list[float], pauses: dict[int, float | None]
) -> None:
    clock = VirtualClock()
    limiter = Limiter(quota, clock)
    sent: list[float] = []
    for number, gap in enumerate(gaps):
        clock.passed += gap
        if number in pauses:
            resume = clock.passed + limiter.pause(pauses[number])
            limiter.acquire()
            assert clock.passed >= resume or abs(clock.passed - resume) < 1e-6
        else:
            limiter.acquire()
        sent.append(clock.passed)
    for first, moment in enumerate(sent):
        inside = sum(1 for other in sent[first:] if other - moment < quota.seconds - 1e-6)
        assert inside <= max(1, int(quota.requests * SHARE))
