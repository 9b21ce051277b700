"""No credential is ever printed, logged, stored or put into an address."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.blackbox import Done, Site, seed


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("secrets"), seed([{"name": "Poster"}, {"name": "Flyer"}]))
    yield site
    site.stop()


def canaries(site: Site) -> set[str]:
    """Every credential, and every line of the private key."""
    env = site.sandbox.env
    account = json.loads(Path(env["SYNCER_GOOGLE__CREDENTIALS_FILE"]).read_text(encoding="utf-8"))
    lines = [line for line in account["private_key"].splitlines() if len(line) > 20 and "PRIVATE KEY" not in line]
    given = {value for name, value in env.items() if name.endswith(("KEY", "TOKEN", "SECRET"))}
    return {*given, *lines, *site.sandbox.world.google.tokens.issued}


def leaks(site: Site, *texts: str | bytes) -> list[str]:
    """Canaries that occur in any of the texts or in any file of the site's folder."""
    files = [file.read_bytes() for file in site.folder.iterdir() if file.is_file() and file.name != "seed.json"]
    everything = [*files, *(text.encode() if isinstance(text, str) else text for text in texts)]
    secrets = canaries(site)
    assert len(secrets) > 10
    return [secret for secret in secrets if any(secret.encode() in text for text in everything)]


def whole(done: Done) -> str:
    """All that a command said."""
    return done.out + done.err


def test_a_run_that_succeeds(site: Site) -> None:
    site.prepare()
    plan = site.syncer("plan", "--verbose", "--out", "plan.json")
    sync = site.syncer("sync", "--verbose", "--apply", "plan.json")
    rest = [site.syncer(command, "--verbose", "--json") for command in ("sync", "status", "plan")]
    assert [done.exit for done in (plan, sync, *rest)] == [0] * 5
    assert leaks(site, *map(whole, (plan, sync, *rest))) == []


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 401, "body": "invalid key: {key} and token {token}"},
        {"status": 400, "body": {"message": "you sent {token}", "errors": [{"message": "bad {token}"}]}},
        {"status": 501, "body": "{token}"},
        {"action": "garbage", "body": "<p>{key}</p>"},
    ],
)
def test_a_run_that_fails_and_a_service_that_repeats_the_credentials(site: Site, fault: dict[str, object]) -> None:
    site.prepare()
    key, token = (site.sandbox.env[f"SYNCER_TRELLO__{name}"] for name in ("KEY", "TOKEN"))
    asana = site.sandbox.env["SYNCER_ASANA__TOKEN"]
    for service, first, second in (("trello", key, token), ("asana", asana, asana)):
        said = json.loads(json.dumps(fault).replace("{key}", first).replace("{token}", second))
        site.fail(service=service, times=20, **said)
    site.fail(service="sheets", times=20, status=403, body={"error": {"message": "no"}})
    done = [site.syncer("sync", "--verbose"), site.syncer("plan", "--json"), site.syncer("status")]
    site.heal()
    assert done[0].exit in (1, 5)
    assert leaks(site, *map(whole, done)) == []


def test_a_configuration_that_holds_a_secret(site: Site) -> None:
    site.prepare()
    file = site.folder / "syncer.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("[asana]\n", '[asana]\ntoken = "1/0123:canary-in-the-file"\n'), encoding="utf-8")
    done = site.syncer("sync", "--verbose", "--json")
    assert done.exit == 2
    assert "SYNCER_ASANA__TOKEN" in done.err
    assert "canary-in-the-file" not in whole(done)


def test_addresses_never_carry_credentials(site: Site) -> None:
    site.prepare()
    site.forget()
    assert site.syncer("sync").exit == 0
    requests = site.requests()
    assert len(requests) > 5
    assert [request for request in requests if request.get("url_credentials")] == []
