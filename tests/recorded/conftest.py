"""Calls of the adapters are replayed from cassettes with the network blocked; `make record` records them anew.

They are matched on method, address and body. Recording goes to the sandbox, at a stopped clock and from a fixed seed:
without a change in the adapters, or in what the sandbox answers them, it yields the same files.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from adapters.sandbox.server import RunningSandbox
from adapters.sandbox.wire import SandboxClock
from tests.contract.rig import Site
from tests.recorded.cassette_rules import CASSETTES, PLACES, PUBLIC, TOKEN_URI, Scrubber
from tests.recorded.places import RECORDED_AT, SEED, SERVICES


class _StoppedSandboxClock(SandboxClock):
    """Ids and times made by it are the same at every recording."""

    def now(self) -> Any:
        return RECORDED_AT + self.offset


@pytest.fixture(params=SERVICES)
def service(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(name="running")
def _running(record_mode: str, tmp_path: Path) -> Iterator[RunningSandbox | None]:
    """The sandbox to record; none where cassettes are replayed."""
    if record_mode == "none":
        yield None
        return
    seed = tmp_path / "recorded.json"
    seed.write_text(json.dumps(SEED), encoding="utf-8")
    with RunningSandbox(str(seed), clock=_StoppedSandboxClock()) as running:
        yield running


@pytest.fixture
def site(running: RunningSandbox | None, tmp_path: Path, account_file: Path) -> Site:
    """Where the recorded places are: in the sandbox, or where the services really are."""
    if running is not None:
        CASSETTES.mkdir(exist_ok=True)
        PLACES.write_text(json.dumps(running.places, indent=2) + "\n", encoding="utf-8")
        urls = (running.trello_url, running.asana_url, running.sheets_url, running.drive_url)
        return Site(*urls, places=running.places, env=running.env)
    env = dict.fromkeys(("SYNCER_TRELLO__KEY", "SYNCER_TRELLO__TOKEN", "SYNCER_ASANA__TOKEN"), "replayed")
    env["SYNCER_GOOGLE__CREDENTIALS_FILE"] = str(account_file)
    return replace(PUBLIC, places=json.loads(PLACES.read_text(encoding="utf-8")), env=env)


@pytest.fixture(scope="session")
def account_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A service account that nobody knows: what is signed with it is never looked at again."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    info = {
        "type": "service_account",
        "client_email": "nobody@example.com",
        "private_key": key.private_bytes(*form).decode(),
        "token_uri": TOKEN_URI,
    }
    file = tmp_path_factory.mktemp("account") / "account.json"
    file.write_text(json.dumps(info), encoding="utf-8")
    return file


@pytest.fixture
def vcr_config(running: RunningSandbox | None) -> dict[str, Any]:
    scrubber = Scrubber(running)
    return {
        "match_on": ["method", "uri", "raw_body"],
        "before_record_request": scrubber.request,
        "before_record_response": scrubber.response,
        "decode_compressed_response": True,
    }


@pytest.fixture(scope="module")
def vcr_cassette_dir() -> str:
    return str(CASSETTES)


@pytest.fixture
def default_cassette_name(request: pytest.FixtureRequest, service: str) -> str:
    """One cassette for each service and kind of call."""
    mark = request.node.get_closest_marker("default_cassette")
    assert mark, "a test of recorded calls names the kind of call"
    return f"{service}-{mark.args[0]}"


@pytest.fixture
def everything_played(vcr: Any, record_mode: str) -> Iterator[None]:
    """No recorded request is left unsent at the end."""
    yield
    if record_mode == "none":
        assert vcr.all_played, f"{vcr.play_count} of {len(vcr)} recorded requests were sent"
