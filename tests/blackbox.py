"""The product as a stranger sees it: the `syncer` command in a process of its own against a sandbox over HTTP.

People's edits are ordinary API calls with other credentials than Syncer's.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from adapters.sandbox.server import RunningSandbox
from tests.forking import forker

ROOT = Path(__file__).resolve().parent.parent
HEADERS = ["Task", "Type", "Stage", "Owner", "Start", "Due", "Done", "Labels", "Description", "Parent", "Comments"]
HEADERS += ["Flag", "Link", "ID"]


@dataclass
class Done:
    """A finished command."""

    exit: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its one JSON document."""
        return json.loads(self.out)


def seed(cards: Sequence[Mapping[str, Any]] = (), rows: Sequence[Sequence[Any]] = (), **more: Any) -> dict[str, Any]:
    """A seed with three stages in all places and the given cards and rows."""
    stages = ["To do", "Doing", "Done"]
    grid = [HEADERS, *rows] if rows else more.get("grid", [])
    return {
        "people": [
            {"name": "Li Wei", "trello": "liwei", "asana": "liwei@example.com", "email": "liwei@example.com"},
            {"name": "Ana Souza", "trello": "anasouza", "asana": "ana@example.com", "email": "ana@example.com"},
        ],
        "trello": {
            "boards": [
                {
                    "name": "Launch",
                    "members": ["liwei", "anasouza"],
                    "lists": [{"name": stage} for stage in stages],
                    "labels": [{"name": "print", "color": "red"}],
                    "cards": [{"list": "To do", **card} for card in cards],
                }
            ]
        },
        "asana": {
            "workspace": "Team",
            "projects": [{"name": "Launch", "sections": stages, "tasks": list(more.get("tasks", ()))}],
        },
        "google": {
            "spreadsheets": [
                {"title": "Launch", "timeZone": "Asia/Shanghai", "sheets": [{"title": "Tasks", "rows": grid}]}
            ]
        },
    }


def everywhere(*titles: str) -> dict[str, list[str]]:
    """What `Site.titles` says when all places show the same."""
    return {place: sorted(titles) for place in ("trello", "asana", "sheets")}


@dataclass
class Site:
    """A sandbox, a configuration and a state in a folder of their own."""

    folder: Path
    document: Mapping[str, Any]
    settings: str = ""
    env: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._seed = self.folder / "seed.json"
        self._seed.write_text(json.dumps(self.document), encoding="utf-8")
        self.sandbox = RunningSandbox(str(self._seed)).start()
        self.session = requests.Session()
        self.session.trust_env = False
        self.prepare()

    def prepare(self, **places: str) -> None:
        """Begin anew: the seed, no state, no faults, no limits."""
        self.sandbox.world.reset(str(self._seed))
        for service in self.sandbox.world.services.values():
            service.limits(None)
        for leftover in self.folder.glob("state.db*"):
            leftover.unlink()
        self.write_config(**places)

    def write_config(self, **places: str) -> None:
        """A configuration for the seeded places."""
        ids = {**self.sandbox.places, **places}
        text = f'''
timezone = "Asia/Shanghai"
state = "sqlite:///{self.folder}/state.db"
[trello]
base_url = "{self.sandbox.trello_url}"
quota = 1000000
[asana]
base_url = "{self.sandbox.asana_url}"
quota = 1000000
[google]
sheets_url = "{self.sandbox.sheets_url}"
drive_url = "{self.sandbox.drive_url}"
quota = 1000000
[[people]]
name = "Li Wei"
trello = "liwei"
asana = "liwei@example.com"
[[people]]
name = "Ana Souza"
trello = "anasouza"
asana = "ana@example.com"
{self.settings}
[[campaigns]]
key = "launch"
name = "Launch"
trello = {{ board = "{ids["board"]}" }}
asana = {{ project = "{ids["project"]}" }}
sheets = {{ spreadsheet = "{ids["spreadsheet"]}" }}
[campaigns.stages]
"To do" = {{}}
"Doing" = {{}}
"Done" = {{ done = true }}
'''
        (self.folder / "syncer.toml").write_text(text, encoding="utf-8")

    def environment(self) -> dict[str, str]:
        """What the command finds in its environment: the sandbox's credentials and nothing of the tester's own."""
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("SYNCER_")}
        return {**inherited, **self.sandbox.env, **self.env, "PYTHONPATH": str(ROOT)}

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """The command, running."""
        command = [sys.executable, "-m", "syncer", *arguments]
        pipe, env = subprocess.PIPE, self.environment()
        return subprocess.Popen(command, cwd=self.folder, env=env, stdout=pipe, stderr=pipe, text=True)

    def syncer(self, *arguments: str) -> Done:
        """The command, run to its end in a process of its own."""
        return Done(*forker().run(arguments, self.folder, self.environment()))

    def stop(self) -> None:
        """Everything ends."""
        self.session.close()
        self.sandbox.stop()

    # What people do and see.

    def trello(self, method: str, path: str, **body: Any) -> Any:
        """A person's call to Trello."""
        env = self.sandbox.env
        key, token = env["SYNCER_TRELLO__KEY"], env["SYNCER_TRELLO__TOKEN"]
        headers = {"Authorization": f'OAuth oauth_consumer_key="{key}", oauth_token="{token}"'}
        return self._call(method, f"{self.sandbox.trello_url}/1{path}", headers, body)

    def asana(self, method: str, path: str, **data: Any) -> Any:
        """A person's call to Asana."""
        headers = {"Authorization": f"Bearer {self.sandbox.env['SYNCER_ASANA__TOKEN']}"}
        return self._call(method, f"{self.sandbox.asana_url}{path}", headers, {"data": data} if data else {})["data"]

    def google(self, method: str, path: str, **body: Any) -> Any:
        """A person's call to Sheets."""
        url = f"{self.sandbox.sheets_url}/v4/spreadsheets/{self.sandbox.places['spreadsheet']}{path}"
        return self._call(method, url, {"Authorization": "Bearer people-token"}, body)

    def _call(self, method: str, url: str, headers: Mapping[str, str], body: Mapping[str, Any]) -> Any:
        reply = self.session.request(method, url, headers=headers, json=dict(body) or None, timeout=20)
        reply.raise_for_status()
        return reply.json()

    def cards(self) -> list[dict[str, Any]]:
        """The open cards."""
        return list(self.trello("GET", f"/boards/{self.sandbox.places['board']}/cards"))

    def card(self, title: str) -> dict[str, Any]:
        """The one card with a title."""
        (card,) = [card for card in self.cards() if card["name"] == title]
        return card

    def lists(self) -> dict[str, str]:
        """List name → id."""
        rows = self.trello("GET", f"/boards/{self.sandbox.places['board']}/lists")
        return {row["name"]: row["id"] for row in rows}

    def tasks(self) -> list[dict[str, Any]]:
        """The project's tasks that are not archived."""
        fields = "name,notes,completed,due_on,due_at,start_on,assignee.email,tags.name,memberships.section.name"
        rows: list[dict[str, Any]] = []
        path = f"/projects/{self.sandbox.places['project']}/tasks?limit=100&opt_fields={fields},resource_subtype"
        headers = {"Authorization": f"Bearer {self.sandbox.env['SYNCER_ASANA__TOKEN']}"}
        url: str | None = f"{self.sandbox.asana_url}{path}"
        while url:
            page = self._call("GET", url, headers, {})
            rows += page["data"]
            following = page.get("next_page")
            url = f"{self.sandbox.asana_url}{path}&offset={following['offset']}" if following else None
        return [row for row in rows if row["memberships"][0]["section"]["name"] != "Archived"]

    def task(self, title: str) -> dict[str, Any]:
        """The one task with a title."""
        (task,) = [task for task in self.tasks() if task["name"] == title]
        return task

    def grid(self, tab: str = "Tasks") -> list[list[Any]]:
        """A tab's formatted cells."""
        return list(self.google("GET", f"/values/{tab}").get("values", []))

    def rows(self) -> list[dict[str, Any]]:
        """The sheet's rows by header."""
        grid = self.grid()
        header = grid[0] if grid else []
        return [dict(zip(header, [*row, *[""] * len(header)], strict=False)) for row in grid[1:]]

    def row(self, title: str) -> dict[str, Any]:
        """The one row with a title."""
        (row,) = [row for row in self.rows() if row["Task"] == title]
        return row

    def type_into(self, title: str, column: str, value: Any) -> None:
        """A person types into a cell."""
        grid = self.grid()
        line = next(n for n, row in enumerate(grid) if row and row[grid[0].index("Task")] == title)
        cell = f"Tasks!{chr(ord('A') + grid[0].index(column))}{line + 1}"
        self.google("PUT", f"/values/{cell}?valueInputOption=USER_ENTERED", values=[[value]])

    def titles(self) -> dict[str, list[str]]:
        """What each place shows."""
        return {
            "trello": sorted(card["name"] for card in self.cards()),
            "asana": sorted(task["name"] for task in self.tasks()),
            "sheets": sorted(row["Task"] for row in self.rows() if row["Task"]),
        }

    def fail(self, **fault: Any) -> None:
        """Inject a fault."""
        reply = self.session.post(f"{self.sandbox.url}/_sandbox/faults", json=fault, timeout=10)
        reply.raise_for_status()

    def heal(self) -> None:
        """Take all faults away."""
        self.session.delete(f"{self.sandbox.url}/_sandbox/faults", timeout=10).raise_for_status()

    def requests(self) -> list[dict[str, Any]]:
        """Everything served since the last `forget`."""
        document = self.session.get(f"{self.sandbox.url}/_sandbox/requests", timeout=10).json()
        return list(document["requests"] if isinstance(document, dict) else document)

    def forget(self) -> None:
        """Empty the request log."""
        self.session.delete(f"{self.sandbox.url}/_sandbox/requests", timeout=10).raise_for_status()


def wait_for(what: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait until something outside this process has come about."""
    end = time.monotonic() + seconds
    while not what():
        if time.monotonic() > end:
            raise AssertionError("it never came about")
        time.sleep(0.01)
