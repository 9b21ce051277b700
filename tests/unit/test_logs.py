"""No secret reaches the log, one event is one line, and third parties keep quiet."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from typing import Any, Literal
from urllib.parse import quote

import pytest
import structlog

from syncer.logs import REDACTED, Redactor, configure

CANARY = "can/ary+7 3&x"
NOW = datetime(2026, 11, 11, 8, 0, tzinfo=UTC)


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def start(stream: StringIO, form: Literal["auto", "human", "json"] = "auto", **options: Any) -> Redactor:
    return configure(stream, now=lambda: NOW, form=form, secrets=[CANARY], **options)


def events(stream: StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_json_lines_where_nobody_watches() -> None:
    stream = StringIO()
    start(stream)
    structlog.get_logger("syncer.cycle").info("pass done", campaign="双十一", created=3)
    assert events(stream) == [
        {
            "event": "pass done",
            "campaign": "双十一",
            "created": 3,
            "logger": "syncer.cycle",
            "level": "info",
            "timestamp": "2026-11-11T08:00:00Z",
        }
    ]


@pytest.mark.parametrize(("stream", "colour", "coloured"), [(Terminal(), None, True), (Terminal(), False, False)])
def test_lines_for_people_on_a_terminal(stream: StringIO, colour: bool | None, coloured: bool) -> None:
    start(stream, colour=colour)
    structlog.get_logger("syncer").info("pass done", created=3)
    assert "pass done" in stream.getvalue()
    assert ("\x1b[" in stream.getvalue()) is coloured


def test_lines_for_people_have_no_colour_in_a_file() -> None:
    stream = StringIO()
    start(stream, "human")
    structlog.get_logger("syncer").info("pass done", created=3)
    assert stream.getvalue() == "2026-11-11T08:00:00Z [info] pass done [syncer] created=3\n"


@pytest.mark.parametrize(("verbose", "seen"), [(False, ["warning", "info"]), (True, ["warning", "info", "debug"])])
def test_verbose_adds_detail_of_ours(verbose: bool, seen: list[str]) -> None:
    stream = StringIO()
    start(stream, verbose=verbose)
    logger = structlog.get_logger("syncer")
    for level in ("warning", "info", "debug"):
        getattr(logger, level)("x")
    assert [event["level"] for event in events(stream)] == seen


@pytest.mark.parametrize("name", ["urllib3.connectionpool", "google.auth", "requests"])
def test_third_parties_are_heard_from_warnings_on(name: str) -> None:
    logging.getLogger(name).setLevel(logging.DEBUG)
    stream = StringIO()
    start(stream, verbose=True)
    logging.getLogger(name).info("GET /1/boards?key=%s", CANARY)
    logging.getLogger(name).warning("Retrying after %s: /1/boards?token=abcdef", CANARY)
    (event,) = events(stream)
    assert event["event"] == f"Retrying after {REDACTED}: /1/boards?token={REDACTED}"
    assert event["logger"] == name


@pytest.mark.parametrize("form", ["human", "json"])
@pytest.mark.parametrize(
    "fields",
    [
        {"detail": f"sent {CANARY}."},
        {"detail": f"GET /x?q={quote(CANARY, safe='')}"},
        {"detail": "GET /x?q=can%2Fary%2B7+3%26x"},
        {"detail": {"inner": [{"deep": CANARY}]}},
        {"detail": (CANARY, {CANARY})},
        {"detail": ValueError(CANARY)},
        {"detail": CANARY.encode()},
        {"detail": {CANARY: 1}},
        {CANARY: 1},
    ],
)
def test_registered_secrets_are_taken_out_wherever_they_are(
    form: Literal["human", "json"], fields: dict[str, Any]
) -> None:
    stream = StringIO()
    start(stream, form)
    structlog.get_logger("syncer").warning("event", **fields)
    assert "ary" not in stream.getvalue()
    assert REDACTED in stream.getvalue()


def test_secrets_in_events_and_tracebacks() -> None:
    stream = StringIO()
    start(stream)
    logger = structlog.get_logger("syncer")
    try:
        raise ValueError(CANARY)
    except ValueError:
        logger.exception("failed with %s", CANARY)
        logging.getLogger("urllib3").exception("failed")
    assert "ary" not in stream.getvalue()
    first, second = events(stream)
    assert first["event"] == f"failed with {REDACTED}"
    assert f"ValueError: {REDACTED}" in first["exception_text"]
    assert f"ValueError: {REDACTED}" in second["exception_text"]


@pytest.mark.parametrize("key", ["token", "key", "secret", "Authorization", "api_key", "x-api-key", "oauth.token"])
def test_values_of_telling_names_are_taken_out(key: str) -> None:
    stream = StringIO()
    start(stream)
    structlog.get_logger("syncer").info("event", headers={key: "unregistered"}, **{key: "unregistered"})
    (event,) = events(stream)
    assert (event[key], event["headers"]) == (REDACTED, {key: REDACTED})


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer unregistered.jwt",
        'OAuth oauth_consumer_key="unregistered", oauth_token="unregistered"',
        "GET https://api.example.com/1/x?key=unregistered&token=unregistered",
        "postgresql://u:unregistered@h/db",
    ],
)
def test_what_looks_like_a_credential_is_taken_out(text: str) -> None:
    assert "unregistered" not in Redactor().text(text)


def test_secrets_can_be_registered_later() -> None:
    stream = StringIO()
    redactor = start(stream)
    redactor.register(["learned-later", ""])
    structlog.get_logger("syncer").info("got learned-later")
    assert events(stream)[0]["event"] == f"got {REDACTED}"


def test_a_secret_made_of_digits_is_taken_out_as_a_number_too() -> None:
    assert Redactor(["1208345678901234"]).value([1208345678901234, 5, None, True]) == [REDACTED, 5, None, True]


@pytest.mark.parametrize("form", ["human", "json"])
def test_one_event_is_one_line(form: Literal["human", "json"]) -> None:
    stream = StringIO()
    start(stream, form)
    evil = "a\nlevel=error\r\x1b[2J\x85\u2028\u202egnp\u2066\x00"
    logger = structlog.get_logger("syncer")
    logger.info(f"title {evil}", title=evil, nested={evil: [evil]})
    try:
        raise ValueError(evil)
    except ValueError:
        logger.exception("failed", stack_info=True)
    text = stream.getvalue()
    assert len(text.splitlines()) == 2
    assert not set(text) & set("\r\x1b\x85\u2028\u202e\u2066\x00")
    assert "\\u202egnp" in text
