"""`syncer demo` run as its users run it, once on a terminal's terms and once for a program."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from adapters.sandbox import seeds
from syncer.cli.demo_edits import EDITS, FILTER, Edit
from syncer.cli.demo_places import Seen
from syncer.cli.demo_proof import arrived, compare
from syncer.core.model import LinkState
from syncer.store.opening import open_store_readonly

TASKS = 68
SECRET = re.compile(r"[0-9a-f]{64}|0/sandbox|PRIVATE KEY|ya29\.|people-token|oauth_token=\"[0-9a-f]")


def demo(*options: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    command = [sys.executable, "-m", "syncer", *options]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that a run leaves behind."""
    return tmp_path_factory.mktemp("demo") / "kept"


@pytest.fixture(scope="module")
def told(kept: Path) -> str:
    """What a run that keeps its files prints."""
    done = demo("demo", "--keep", str(kept))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    return done.stdout


@pytest.fixture(scope="module")
def document() -> Any:
    """What a run prints for programs."""
    done = demo("demo", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    "sentence",
    [
        "75 cards, tasks and rows are 68 tasks: 7 were in two places",
        "`syncer sync` now says no (exit 4, guard “adoption”)",
        "129 created, 14 rows given an ID, 11 updated",
        "3 conflicts: the newer value wins",
        "0 writes; 68 tasks needed nothing",
        "due: Trello 2026-10-22, Asana 2026-10-26 ✓",
        "archived, deleted in trello",
        "restored after an edit",
        "Tasks!F4: Due 'next week' is no date",
        'add a [[people]] entry with trello = "linxiaoman"',
        "68 tasks are the same in all three places",
        "Every edit of the morning has arrived",
        "is untouched, its formula too",
    ],
)
def test_says(told: str, sentence: str) -> None:
    assert " ".join(sentence.split()) in " ".join(told.split())


def test_names_everybody_who_edits(told: str) -> None:
    assert {edit.who for edit in EDITS} == {name for name in {edit.who for edit in EDITS} if f"\n  {name} " in told}


def test_fits_a_small_terminal(told: str, kept: Path) -> None:
    lines = [line for line in told.splitlines() if str(kept) not in line]
    assert max(map(cell_len, lines)) <= 80


def test_shows_and_keeps_no_secret(told: str, kept: Path) -> None:
    names = {"syncer.toml", "plan.json", "syncer.log"}
    texts = [told, *((kept / name).read_text(encoding="utf-8") for name in names)]
    assert [found for text in texts if (found := SECRET.search(text))] == []


def test_leaves_a_state_in_which_every_task_is_linked_everywhere(told: str, kept: Path) -> None:
    assert "Where to look next" in told
    store = open_store_readonly(f"sqlite:///{kept / 'syncer.db'}", kept)
    try:
        known, doubted = store.known("double-11"), store.open_intents("double-11")
    finally:
        store.dispose()
    states = Counter(frozenset(link.state for link in task.links.values()) for task in known)
    assert states[frozenset({LinkState.LIVE})] == TASKS
    assert len(known) == TASKS + 1
    assert doubted == ()


def test_an_occupied_folder_is_refused(told: str, kept: Path) -> None:
    assert told
    refused = demo("demo", "--keep", str(kept))
    assert refused.returncode == 2
    assert "not empty" in refused.stderr


def test_tells_programs_the_same(document: Any) -> None:
    assert document["exit"] == 0
    assert [run["exit"] for run in document["runs"]] == [4, 0, 0, 0, 0]
    assert document["proof"] == {"tasks": TASKS, "differences": [], "not_dates": ["Radio spots, 30 s"]}
    assert document["failures"] == []
    assert len(document["edits"]) == len(EDITS)


def test_passes_without_news_write_nothing(document: Any) -> None:
    refused, _, again, _, quiet = (run["campaigns"][0]["replicas"] for run in document["runs"])
    written = [replica["writes"] for run in (refused, again, quiet) for replica in run.values()]
    assert written == [0] * 9
    assert {replica["items"] for replica in quiet.values()} == {TASKS}


def test_the_plan_shown_is_the_plan_done(document: Any) -> None:
    accepted = document["runs"][1]["campaigns"][0]
    kinds = Counter(action["kind"] for action in document["plan"]["actions"])
    assert accepted["created"] == kinds["create"] == 129
    assert accepted["updated"] == kinds["update"] + kinds["identify"]


def test_the_campaign_is_spread_over_the_services_as_a_team_would() -> None:
    seed = seeds.document("double-11")
    cards = seed["trello"]["boards"][0]["cards"]
    tasks = seed["asana"]["projects"][0]["tasks"]
    tasks = tasks + [below for task in tasks for below in task.get("subtasks", [])]
    rows = seed["google"]["spreadsheets"][0]["sheets"][0]["rows"][1:]
    titles = {card["name"] for card in cards} | {task["name"] for task in tasks} | {row[0] for row in rows}
    assert (len(cards), len(tasks), len(rows), len(titles)) == (32, 29, 14, TASKS)
    assert sum(task.get("resource_subtype") == "milestone" for task in tasks) == 8


def world(**sheet: Any) -> dict[str, dict[str, Seen]]:
    """One task in three places; `sheet` is what the sheet shows of it otherwise."""
    shows = {"id": "1", "title": "Poster", "stage": "Review", "due": "2026-10-09", "done": False}
    return {
        "Trello": {"Poster": Seen(**shows)},
        "Asana": {"Poster": Seen(**shows)},
        "Sheets": {"Poster": Seen(**{**shows, **sheet})},
    }


@pytest.mark.parametrize(
    ("sheet", "difference"),
    [
        ({"stage": "To do"}, "“Poster”, stage: Trello Review, Asana Review, Sheets To do"),
        ({"due": "2026-10-10"}, "“Poster”, due: Trello 2026-10-09, Asana 2026-10-09, Sheets 2026-10-10"),
        ({"done": True}, "“Poster”, done: Trello –, Asana –, Sheets True"),
    ],
)
def test_the_proof_tells_differences(sheet: dict[str, Any], difference: str) -> None:
    assert compare(world()).differences == ()
    proof = compare(world(**sheet))
    assert (proof.tasks, proof.differences) == (0, (difference,))


def test_the_proof_misses_a_task() -> None:
    places = world()
    del places["Asana"]["Poster"]
    assert compare(places).differences == ("“Poster” is not in Asana",)


def test_the_proof_leaves_out_a_cell_that_is_no_date() -> None:
    proof = compare(world(due="next week"))
    assert (proof.differences, proof.not_dates) == ((), ("Poster",))


@pytest.mark.parametrize(
    ("edit", "lacking"),
    [
        (Edit("Ana", "", lambda _: None, "Poster", {"stage": "Review"}), 0),
        (Edit("Ana", "", lambda _: None, "Poster", {"stage": "Done"}), 3),
        (Edit("Ana", "", lambda _: None, "Poster", {"labels": "print"}), 3),
        (Edit("Ana", "", lambda _: None, FILTER), 3),
        (Edit("Ana", "", lambda _: None, FILTER, gone=True), 0),
        (Edit("Ana", "", lambda _: None, "Poster", gone=True), 3),
    ],
)
def test_the_proof_misses_edits(edit: Edit, lacking: int) -> None:
    assert len(arrived([edit], world())) == lacking
