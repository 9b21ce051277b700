"""No cassette holds a credential, an address of the machine that recorded it, or more than replaying needs."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from tests.recorded.cassette_rules import (
    CASSETTES,
    CREDENTIALS,
    HEADERS,
    HIDDEN,
    HOSTS,
    PLACES,
    Scrubber,
    interactions,
    leaks,
)
from tests.recorded.places import SERVICES

FILES = sorted(CASSETTES.glob("*.yaml"))
LARGEST = 24 * 1024
"""Bytes of a cassette."""


def document(file: Path) -> Any:
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def test_every_service_has_its_cassettes() -> None:
    kinds = ("read", "write", "missing")
    assert [file.stem for file in FILES] == sorted(f"{service}-{kind}" for service in SERVICES for kind in kinds)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_nothing_secret_is_kept(file: Path) -> None:
    known = json.loads(PLACES.read_text(encoding="utf-8")).values()
    assert leaks(file.read_text(encoding="utf-8"), known) == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_only_what_is_needed_is_kept(file: Path) -> None:
    assert file.stat().st_size <= LARGEST
    for request, response in interactions(document(file)):
        assert urlsplit(request["uri"]).hostname in HOSTS
        assert {name.lower() for name in (*request["headers"], *response["headers"])} <= HEADERS


SEEDED = {
    "a header that lets somebody in": "Authorization: [x]",
    "a Google token": "ya29.c.b0Aaek",
    "a signed assertion": "eyJhbGciOiJSUzI1NiJ9.e30.c2ln",
    "a private key": "-----BEGIN PRIVATE KEY-----",
    "an Asana token": "2/1200000000000001/1200000000000002:" + "0123456789abcdef" * 2,
    "a Trello token": "0123456789abcdef" * 4,
    "a Trello key": "0123456789abcdef" * 2,
    "a secret in a pair": "https://api.trello.com/1/members/me?key=abc",
    "a secret in a document": '{"access_token": "abc"}',
    "the machine it was recorded on": "http://127.0.0.1:4711/trello",
}


def test_a_credential_is_seen() -> None:
    assert SEEDED.keys() == CREDENTIALS.keys()
    assert {what: what in leaks(text, ()) for what, text in SEEDED.items()} == dict.fromkeys(SEEDED, True)
    word = "A1" * 20
    assert leaks(f"id: {word}", ()) == [word]
    assert leaks(f"id: {word}", {word}) == []


def test_what_is_hidden_is_no_leak() -> None:
    sent = SimpleNamespace(
        uri="https://x.example/?token=a&limit=1", body=b"assertion=eyJ9&a=1", headers={"Cookie": "a"}
    )
    kept = Scrubber(None).request(sent)
    assert (kept.uri, kept.body, kept.headers) == (
        f"https://x.example/?token={HIDDEN}&limit=1",
        f"assertion={HIDDEN}&a=1".encode(),
        {},
    )
    said = {"body": {"string": b'{"access_token":"ya29.x"}'}, "headers": {"Set-Cookie": ["a"]}}
    assert Scrubber(None).response(said)["body"]["string"] == b'{"access_token":"HIDDEN"}'
