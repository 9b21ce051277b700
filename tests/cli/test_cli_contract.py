"""Commands, options, exit codes and JSON documents are those of the contract."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.blackbox import Done, Site, everywhere, seed, wait_for

RUN_KEYS = {"run", "complete", "exit", "campaigns"}
CAMPAIGN_KEYS = {"key", "complete", "created", "updated", "archived", "unchanged", "conflicts", "quarantined"}
CAMPAIGN_KEYS |= {"refused", "replicas"}
REPLICA_KEYS = {"complete", "items", "requests", "writes"}
ACTION_KEYS = {"campaign", "replica", "kind", "item", "title", "fields"}
CARDS = [{"name": "Poster", "desc": "A1"}, {"name": "Flyer"}]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("contract"), seed(CARDS))
    yield site
    site.stop()


@pytest.fixture
def site(shared: Site) -> Site:
    shared.prepare()
    shared.forget()
    return shared


def writes(site: Site) -> list[dict[str, Any]]:
    """The requests that meant to change something."""
    return [request for request in site.requests() if request["write"]]


def state_of(site: Site) -> dict[str, bytes]:
    """The files of the state."""
    return {file.name: file.read_bytes() for file in site.folder.glob("state.db*")}


def configured(site: Site, old: str, new: str) -> None:
    """The configuration with a part replaced."""
    file = site.folder / "syncer.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def failed_document(done: Done) -> dict[str, Any]:
    """The JSON of a command that could not begin."""
    document: dict[str, Any] = done.json
    assert document["exit"] == done.exit
    assert document["error"]
    assert all(problem in done.err for problem in document["problems"])
    return document


# The documents.


@pytest.mark.parametrize("arguments", [("--json", "sync"), ("sync", "--json")])
def test_sync_prints_one_document_and_nothing_else_there(site: Site, arguments: tuple[str, ...]) -> None:
    done = site.syncer(*arguments)
    assert done.exit == 0
    (campaign,) = done.json["campaigns"]
    assert done.json.keys() >= RUN_KEYS
    assert campaign.keys() >= CAMPAIGN_KEYS
    assert list(campaign["replicas"]) == ["trello", "asana", "sheets"]
    assert all(replica.keys() >= REPLICA_KEYS for replica in campaign["replicas"].values())
    assert (done.json["complete"], done.json["exit"], campaign["created"], campaign["refused"]) == (True, 0, 4, [])
    assert all(json.loads(line)["event"] for line in done.err.splitlines())


def test_plan_prints_the_actions_as_well(site: Site) -> None:
    done = site.syncer("plan", "--json")
    assert (done.exit, done.json["exit"], done.json["complete"]) == (0, 0, True)
    assert all(action.keys() >= ACTION_KEYS for action in done.json["actions"])
    poster = next(a for a in done.json["actions"] if a["replica"] == "sheets" and a["title"] == "Poster")
    assert (poster["kind"], poster["campaign"]) == ("create", "launch")
    assert poster["fields"]["description"] == {"old": "", "new": "A1"}


def test_people_are_shown_each_field(site: Site) -> None:
    assert site.syncer("sync").exit == 0
    site.trello("PUT", f"/cards/{site.card('Poster')['id']}", desc="A2")
    done = site.syncer("plan")
    assert "description: A1 → A2" in done.out
    assert "Nothing was written anywhere." in done.out


def test_text_from_people_is_printed_as_it_is_but_for_what_steers_a_terminal(site: Site) -> None:
    site.trello("PUT", f"/cards/{site.card('Poster')['id']}", name="[red]x[/red] \x1b[31m \u202egnp")
    done = site.syncer("plan")
    assert "[red]x[/red] \ufffd[31m \ufffdgnp" in done.out
    assert not {"\x1b", "\u202e"} & set(done.out)


def test_values_are_written_as_the_contract_says(site: Site) -> None:
    card = site.card("Flyer")
    site.trello("PUT", f"/cards/{card['id']}", due="2026-11-20T09:30:00.000Z", dueComplete=True)
    site.trello("POST", f"/cards/{card['id']}/idLabels", value=label(site, "print"))
    site.trello("PUT", f"/cards/{site.card('Poster')['id']}", due="2026-11-11T15:59:00.000Z")
    actions = site.syncer("plan", "--json").json["actions"]
    new = {
        action["title"]: {name: change["new"] for name, change in action["fields"].items()}
        for action in actions
        if action["replica"] == "sheets"
    }
    assert (new["Flyer"]["due"], new["Flyer"]["done"], new["Flyer"]["labels"]) == (
        "2026-11-20T09:30:00Z", True, ["print"],
    )  # fmt: skip
    assert new["Poster"]["due"] == "2026-11-11"


def label(site: Site, name: str) -> str:
    """A label's id."""
    rows = site.trello("GET", f"/boards/{site.sandbox.places['board']}/labels")
    return str(next(row["id"] for row in rows if row["name"] == name))


# Exit codes.


def test_1_incomplete_then_0(site: Site) -> None:
    site.fail(service="asana", method="GET", path="/tasks", times=20, status=503)
    done = site.syncer("sync", "--json")
    assert (done.exit, done.json["exit"], done.json["complete"]) == (1, 1, False)
    assert "503" in done.json["campaigns"][0]["replicas"]["asana"]["failure"]
    site.heal()
    assert site.syncer("sync").exit == 0


def test_2_every_fault_of_the_configuration_at_once(site: Site) -> None:
    configured(site, 'timezone = "Asia/Shanghai"', 'timezone = "Asia/Shangai"')
    configured(site, 'key = "launch"', 'key = "launch"\ncolour = "red"')
    configured(site, "[trello]\n", '[trello]\ntoken = "never-here"\n')
    done = site.syncer("sync", "--json")
    assert done.exit == 2
    problems = failed_document(done)["problems"]
    assert [any(word in problem for problem in problems) for word in ("Asia/Shangai", "colour", "token")] == [True] * 3
    assert "never-here" not in done.out + done.err
    assert site.requests() == []


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("sync", "--allow", "everything"), "everything"),
        (("sync", "--campaign", "lunch"), "lunch"),
        (("plan", "--campaign", "lunch"), "lunch"),
        (("snyc",), "snyc"),
        (("sync", "--alow", "adoption"), "--alow"),
        (("sync", "--apply", "nowhere.json"), "nowhere.json"),
        (("sync", "--apply", "syncer.toml"), "syncer.toml"),
        (("plan", "--out", "no/such/folder/plan.json"), "no/such/folder"),
        (("--config", "nowhere.toml", "sync"), "nowhere.toml"),
    ],
)
def test_2_for_what_does_not_exist(site: Site, arguments: tuple[str, ...], named: str) -> None:
    done = site.syncer(*arguments)
    assert (done.exit, done.out) == (2, "")
    assert named in done.err
    assert "Traceback" not in done.err
    assert writes(site) == []


@pytest.mark.parametrize("arguments", [("snyc", "--json"), ("sync", "--json", "--alow", "x")])
def test_usage_errors_are_json_too_when_asked(site: Site, arguments: tuple[str, ...]) -> None:
    done = site.syncer(*arguments)
    assert done.exit == 2
    assert arguments[0 if arguments[0] == "snyc" else 2] in failed_document(done)["error"]


def test_no_command_shows_the_help_and_is_a_usage_error(site: Site) -> None:
    done = site.syncer()
    assert done.exit == 2
    assert "Usage" in done.out + done.err


def test_3_when_something_waits_for_a_person(site: Site) -> None:
    assert site.syncer("sync").exit == 0
    configured(site, "[[campaigns]]", '[sync]\nconflict = "manual"\n[[campaigns]]')
    site.trello("PUT", f"/cards/{site.card('Poster')['id']}", due="2026-11-20T09:30:00.000Z")
    site.type_into("Poster", "Due", "2026-12-24")
    done = site.syncer("sync", "--json")
    assert (done.exit, done.json["exit"], done.json["campaigns"][0]["conflicts"]) == (3, 3, 1)
    assert "waits for you" in site.syncer("sync").out


def test_4_a_guard_refuses_and_is_lifted_by_name(site: Site) -> None:
    site.asana("POST", "/tasks", name="Already there", projects=[site.sandbox.places["project"]])
    done = site.syncer("sync", "--json")
    assert done.exit == 4
    assert [refusal["guard"] for refusal in done.json["campaigns"][0]["refused"]] == ["adoption"]
    assert writes_of(done) == 0
    assert site.syncer("sync", "--allow", "adoption").exit == 0
    assert site.titles() == everywhere("Already there", "Flyer", "Poster")


def writes_of(done: Done) -> int:
    """What the report says was written."""
    return sum(replica["writes"] for campaign in done.json["campaigns"] for replica in campaign["replicas"].values())


def test_5_authentication(site: Site) -> None:
    site.session.post(f"{site.sandbox.url}/_sandbox/revoke", json={"service": "asana"}, timeout=10)
    done = site.syncer("sync", "--json")
    assert (done.exit, done.json["exit"]) == (5, 5)


def test_6_another_run_holds_the_lock(site: Site) -> None:
    site.fail(service="trello", path="/boards/", action="hang")
    first = site.start("sync")
    wait_for(lambda: not len(site.sandbox.world.faults))
    second = site.syncer("sync", "--json")
    reading = [site.syncer(command).exit for command in ("status", "plan")]
    site.heal()
    out, err = first.communicate(timeout=60)
    assert (first.returncode, second.exit, reading) == (0, 6, [0, 0]), (out, err)
    assert str(first.pid) in failed_document(second)["error"]


def test_7_a_damaged_state_is_never_touched(site: Site) -> None:
    assert site.syncer("sync").exit == 0
    file = site.folder / "state.db"
    damaged = file.read_bytes()[:5000]
    file.write_bytes(damaged)
    site.forget()
    for command in ("sync", "plan", "status", "run"):
        done = site.syncer(command, "--json")
        assert done.exit == 7, done.err
        assert "state.db" in failed_document(done)["error"]
    assert file.read_bytes() == damaged
    assert site.requests() == []


@pytest.mark.parametrize("command", ["sync", "plan"])
def test_asked_twice_to_stop_it_ends_at_once(site: Site, command: str) -> None:
    site.fail(service="trello", path="/boards/", action="hang")
    process = site.start(command)
    wait_for(lambda: not len(site.sandbox.world.faults))
    wait_for(lambda: ended_by_asking(process), seconds=10)
    process.communicate()
    site.heal()
    assert process.returncode != 0
    assert site.syncer("sync").exit == 0


def ended_by_asking(process: subprocess.Popen[str]) -> bool:
    """Ask once more; two requests that come at the same moment are one."""
    process.send_signal(signal.SIGTERM)
    return process.poll() is not None


# Where the configuration is.


def test_the_configuration_is_found_by_option_variable_or_folder(site: Site, tmp_path: Path) -> None:
    elsewhere = tmp_path / "other.toml"
    (site.folder / "syncer.toml").rename(elsewhere)
    assert site.syncer("status").exit == 2
    assert site.syncer("status", f"--config={elsewhere}").exit == 0
    assert site.syncer("--config", str(elsewhere), "status").exit == 0
    site.env["SYNCER_CONFIG"] = str(elsewhere)
    try:
        assert site.syncer("status").exit == 0
    finally:
        del site.env["SYNCER_CONFIG"]


# Plans.


def test_a_plan_writes_nothing(site: Site) -> None:
    assert site.syncer("plan").exit == 0
    assert (writes(site), state_of(site)) == ([], {})
    assert site.syncer("sync").exit == 0
    before = state_of(site)
    site.forget()
    site.trello("PUT", f"/cards/{site.card('Poster')['id']}", desc="A2")
    theirs = len(writes(site))
    assert len(site.syncer("plan", "--json").json["actions"]) == 2
    assert (len(writes(site)), state_of(site)) == (theirs, before)


def test_an_applied_plan_is_done_exactly(site: Site) -> None:
    site.asana("POST", "/tasks", name="Poster", notes="A3", projects=[site.sandbox.places["project"]])
    planned = site.syncer("plan", "--out", "plan.json", "--json")
    assert planned.exit == 0
    done = site.syncer("sync", "--apply", "plan.json", "--json")
    assert (done.exit, done.json["campaigns"][0]["created"]) == (0, 3)
    again = site.syncer("sync", "--json")
    assert (again.exit, writes_of(again)) == (0, 0)
    history = [action for action in planned.json["actions"] if action["kind"] == "create"]
    assert len(history) == 3


def test_a_plan_is_refused_when_the_world_has_moved(site: Site) -> None:
    assert site.syncer("plan", "--out", "plan.json").exit == 0
    site.trello("PUT", f"/cards/{site.card('Poster')['id']}", name="Renamed since")
    site.forget()
    done = site.syncer("sync", "--apply", "plan.json")
    assert done.exit == 4
    assert "the world has moved" in done.out
    assert writes(site) == []


# Status.


def test_status_before_between_and_after(site: Site) -> None:
    before = site.syncer("status", "--json")
    assert (before.exit, before.json["idle"], state_of(site)) == (0, False, {})
    assert "never" in site.syncer("status").out
    assert site.syncer("sync").exit == 0
    after = site.syncer("status", "--json").json
    assert after["idle"] is True
    assert all(replica["last_complete"].endswith("Z") for replica in after["campaigns"][0]["replicas"].values())
    assert "Nothing is pending." in site.syncer("status").out


def test_status_remembers_campaigns_that_the_last_run_left_out(site: Site) -> None:
    board = site.trello("POST", "/boards", name="Press", defaultLists=False)["id"]
    press = f'[[campaigns]]\nkey = "press"\nname = "Press"\ntrello = {{ board = "{board}" }}\n[[campaigns]]'
    configured(site, "[[campaigns]]", press)
    assert site.syncer("sync").exit == 0
    assert site.syncer("sync", "--campaign", "press").exit == 0
    status = site.syncer("status", "--json").json
    assert (status["idle"], [part["complete"] for part in status["campaigns"]]) == (True, [True, True])
    assert {replica["items"] for replica in status["campaigns"][1]["replicas"].values()} == {2}


def test_status_while_an_effect_is_in_doubt(site: Site) -> None:
    site.fail(service="asana", method="POST", path="^/tasks", at="after", action="hang")
    process = site.start("sync")
    wait_for(lambda: not len(site.sandbox.world.faults))
    process.kill()
    process.communicate()
    site.heal()
    doubt = site.syncer("status", "--json").json
    assert (doubt["idle"], doubt["campaigns"][0]["in_doubt"]) == (False, 1)
    assert "1 effects in doubt" in site.syncer("status").out
    assert site.syncer("sync").exit == 0
    assert site.syncer("status", "--json").json["idle"] is True


def test_status_names_the_place_that_failed(site: Site) -> None:
    assert site.syncer("sync").exit == 0
    site.fail(service="asana", path="/tasks", times=20, status=503)
    assert site.syncer("sync").exit == 1
    site.heal()
    status = site.syncer("status", "--json").json
    assert (status["idle"], status["campaigns"][0]["pauses"]) == (False, ["asana"])
    assert "503" in status["campaigns"][0]["replicas"]["asana"]["failure"]
