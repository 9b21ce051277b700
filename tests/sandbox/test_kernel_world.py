"""The sandbox's control calls, clock, lag, state over restarts, page and announcement."""

import json
import os
import signal
import stat
import subprocess
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests

from adapters.sandbox.seeds import SeedFault
from adapters.sandbox.server import RunningSandbox
from adapters.sandbox.world import StateUnreadable, World
from tests.sandbox.trello_client import SEED, Trello


@pytest.mark.parametrize(
    ("path", "document", "key"),
    [
        ("reset", {}, "seed"),
        ("reset", {"seed": "no-such-seed"}, "seed"),
        ("reset", {"seed": 1}, "seed"),
        ("faults", {"colour": "red"}, "colour"),
        ("faults", {"at": "later"}, "at"),
        ("faults", {"action": "explode"}, "action"),
        ("faults", {"path": "("}, "path"),
        ("faults", {"times": 0}, "times"),
        ("faults", {"times": True}, "times"),
        ("faults", {"skip": -1}, "skip"),
        ("faults", {"status": 99}, "status"),
        ("faults", {"headers": {"x": "a\r\nb"}}, "headers"),
        ("faults", {"headers": {"Content-Length": "1"}}, "headers"),
        ("faults", {"service": "jira"}, "service"),
        ("clock", {"now": "noon"}, "now"),
        ("clock", {}, ""),
        ("clock", {"advance": 1e300}, "advance"),
        ("limits", {"service": "trello", "scale": 0}, "scale"),
        ("lag", {"service": "trello"}, "reads"),
        ("lag", {"service": "trello", "reads": -1}, "reads"),
        ("revoke", {"service": "x"}, "service"),
    ],
)
def test_a_wrong_control_document_is_told_by_its_key(
    trello: Trello, path: str, document: dict[str, object], key: str
) -> None:
    refused = trello.control(path, expect=400, **document)
    assert (refused["ok"], refused["key"]) == (False, key)
    assert refused["error"].startswith(key)


def test_an_unknown_control_call_is_404(trello: Trello) -> None:
    assert trello.control("nothing", expect=404)["ok"] is False


def test_the_clock_moves_every_service(trello: Trello) -> None:
    trello.control("clock", now="2030-01-01T00:00:00+08:00")
    now = trello.control("clock", verb="GET")["now"]
    assert now.startswith("2029-12-31T16:00:")
    trello.control("clock", advance=3600)
    made = trello.post("cards", idList=trello.list_id("To do"))
    assert made["dateLastActivity"].startswith("2029-12-31T17:00:")
    assert datetime.fromtimestamp(int(made["id"][:8], 16), UTC).strftime("%Y-%m-%d %H") == "2029-12-31 17"


def test_lagging_reads_show_the_past_for_so_long(trello: Trello) -> None:
    trello.control("lag", service="trello", reads=30)
    card = trello.card("Write the copy")["id"]
    assert trello.put(f"cards/{card}", name="Fresh")["name"] == "Fresh"
    assert trello.get(f"cards/{card}")["name"] == "Write the copy"
    trello.control("clock", advance=20)
    trello.put(f"cards/{card}", name="Fresher")
    trello.control("clock", advance=10)
    assert trello.get(f"cards/{card}")["name"] == "Fresh"
    trello.control("clock", advance=20)
    assert trello.get(f"cards/{card}")["name"] == "Fresher"
    trello.control("lag", service="trello", reads=0)


def test_lag_ends_at_once_when_it_is_switched_off(trello: Trello) -> None:
    trello.control("lag", service="trello", reads=3600)
    made = trello.post("cards", idList=trello.list_id("To do"))["id"]
    assert trello.get(f"cards/{made}", status=404)
    trello.control("lag", service="trello", reads=0)
    assert trello.get(f"cards/{made}")["id"] == made


def test_lagging_reads_still_count_against_the_quota(trello: Trello) -> None:
    trello.control("clock", now="2026-11-11T00:00:00Z")
    trello.control("lag", service="trello", reads=30)
    trello.control("limits", service="trello", scale=0.02)
    statuses = [trello.ask("GET", f"boards/{trello.board}").status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


def test_reset_empties_everything(trello: Trello, seed: str) -> None:
    trello.post("cards", idList=trello.list_id("To do"), name="Extra")
    trello.control("faults", path="/members", status=500)
    trello.control("clock", advance=10**8)
    trello.control("revoke", service="trello")
    places = trello.control("reset", seed=seed)["places"]
    assert places["board"] == trello.board
    assert trello.control("requests", verb="GET")["requests"] == []
    assert trello.get("members/me")["username"] == "syncer"
    assert "Extra" not in [card["name"] for card in trello.get(f"boards/{trello.board}/cards")]
    assert trello.control("clock", verb="GET")["now"] < datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.999Z")


def test_the_state_outlives_a_restart(tmp_path: Path, seed: str) -> None:
    state = tmp_path / "world.json"
    with RunningSandbox(seed, state) as first, Trello(first) as trello:
        trello.control("clock", advance=86400)
        made = trello.post("cards", idList=trello.list_id("To do"), name="Kept")
        places, env = first.places, first.env
        # It is written while the sandbox serves, not only when it ends.
        while not (state.exists() and "Kept" in state.read_text(encoding="utf-8")):
            pass
    with RunningSandbox("empty", state) as second, Trello(second) as trello:
        assert second.places == places
        assert trello.get(f"cards/{made['shortLink']}")["name"] == "Kept"
        assert trello.control("clock", verb="GET")["now"] > made["dateLastActivity"]
        again = trello.post("cards", idList=trello.list_id("To do"))
        assert again["id"] > made["id"]
        assert again["shortLink"] != made["shortLink"]
        assert second.env.keys() == env.keys()
    assert [file.name for file in tmp_path.iterdir()] == ["world.json"]


@pytest.mark.parametrize("content", ["precious", "[]", '{"version": 0}', '{"version": 1, "about": {}}'])
def test_a_file_that_is_no_state_is_refused_and_left_alone(tmp_path: Path, content: str) -> None:
    state = tmp_path / "world.json"
    state.write_text(content, encoding="utf-8")
    with pytest.raises(StateUnreadable, match=r"world\.json"):
        World("empty", state)
    assert state.read_text(encoding="utf-8") == content


def test_a_missing_seed_names_those_there_are() -> None:
    with pytest.raises(SeedFault, match="empty"):
        World("no-such-seed")


def test_a_seed_that_does_not_fit_is_told(trello: Trello, tmp_path: Path) -> None:
    file = tmp_path / "odd.json"
    file.write_text('{"trello": {"boards": [{"name": "x", "members": ["nobody"]}]}}', encoding="utf-8")
    assert "nobody" in trello.control("reset", expect=400, seed=str(file))["error"]


def test_the_page_shows_the_board_and_escapes_it(trello: Trello) -> None:
    trello.post("cards", idList=trello.list_id("To do"), name="<script>alert(1)</script>")
    page = requests.get(trello.sandbox.url, timeout=10)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "Write the copy" in page.text
    assert "&lt;script&gt;alert(1)" in page.text
    assert "<script>" not in page.text


def test_the_credentials_file_is_private(sandbox: RunningSandbox) -> None:
    file = Path(sandbox.env["SYNCER_GOOGLE__CREDENTIALS_FILE"])
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert json.loads(file.read_text(encoding="utf-8"))["token_uri"] == f"{sandbox.url}/google/token"


def test_the_configuration_points_at_the_sandbox_and_has_no_secret(sandbox: RunningSandbox, tmp_path: Path) -> None:
    file = tmp_path / "syncer.toml"
    sandbox.write_config(file)
    text = file.read_text(encoding="utf-8")
    config = tomllib.loads(text)
    assert config["trello"]["base_url"] == sandbox.announcement()["trello"] == f"{sandbox.url}/trello"
    assert config["people"][0] == {"name": "Li Wei", "trello": "liwei", "asana": "liwei@example.com"}
    assert config["campaigns"][0]["trello"] == {"board": sandbox.places["board"]}
    assert config["state"] == f"sqlite:///{tmp_path}/syncer.db"
    assert not any(value in text for value in sandbox.env.values())


def test_the_campaign_of_the_seed_is_configured(tmp_path: Path) -> None:
    stages = {"To do": {"trello": "To do"}, "完成": {"trello": "Old", "done": True}}
    campaign = {"key": "launch", "name": 'The "big" launch', "tab": "计划", "stages": stages}
    source, file = tmp_path / "seed.json", tmp_path / "syncer.toml"
    source.write_text(json.dumps({**SEED, "campaign": campaign, "timezone": "Asia/Shanghai"}), encoding="utf-8")
    with RunningSandbox(str(source)) as running:
        running.write_config(file)
    config = tomllib.loads(file.read_text(encoding="utf-8"))
    (written,) = config["campaigns"]
    assert (written["key"], written["name"], written["stages"]) == ("launch", 'The "big" launch', stages)
    assert config["timezone"] == "Asia/Shanghai"


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_serving_ends_cleanly_on_a_signal(tmp_path: Path, ending: signal.Signals) -> None:
    state, config = tmp_path / "world.json", tmp_path / "syncer.toml"
    command = [sys.executable, "-W", "error", "-m", "syncer", "sandbox", "--seed", "empty"]
    command += ["--state", str(state), "--config-out", str(config)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        announced = json.loads(process.stdout.readline())
        assert announced["places"].keys() == {"board", "project", "spreadsheet"}
        assert requests.get(announced["url"], timeout=10).status_code == 200
        assert config.exists()
        process.send_signal(ending)
        _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (0, "")
    assert state.exists()
    assert not Path(announced["env"]["SYNCER_GOOGLE__CREDENTIALS_FILE"]).exists()
