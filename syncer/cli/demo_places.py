"""The demonstration's three services as their people use them: through the services' own APIs, not through Syncer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import requests

from adapters.sandbox.server import RunningSandbox
from syncer.core.stages import StageMap

TASK_FIELDS = (
    "name,completed,due_on,due_at,num_subtasks,tags.name,memberships.project.gid,memberships.section.name,parent.gid"
)
_EPOCH = datetime(1899, 12, 30, tzinfo=UTC)
"""What a sheet counts its days from; they are local, and the zone is only there to count in."""
_TIMEOUT = 30


@dataclass(frozen=True)
class Seen:
    """A task as one service shows it, in words that can be compared."""

    id: str
    """Of the card or the task; a sheet's row number."""
    title: str
    stage: str | None
    due: str
    """`YYYY-MM-DD`, local `YYYY-MM-DD HH:MM`, nothing, or what else somebody wrote there."""
    done: bool
    labels: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Places:
    """The board, the project and the spreadsheet of the one campaign."""

    sandbox: RunningSandbox
    stages: StageMap
    zone: ZoneInfo

    @cached_property
    def _session(self) -> requests.Session:
        session = requests.Session()
        session.trust_env = False
        return session

    def close(self) -> None:
        """Hang up."""
        self._session.close()

    def trello(self, username: str, method: str, path: str, **body: Any) -> Any:
        """One request to Trello in a member's name. Raises requests.RequestException."""
        own = self.sandbox.world.trello.credentials_of(username)
        header = f'OAuth oauth_consumer_key="{own["key"]}", oauth_token="{own["token"]}"'
        return self._ask(method, f"{self.sandbox.trello_url}/1{path}", header, json=body or None)

    def asana(self, gid: str, method: str, path: str, **data: Any) -> Any:
        """One request to Asana in a user's name; pages are put together. Raises requests.RequestException."""
        url, header = f"{self.sandbox.asana_url}{path}", f"Bearer 0/sandbox-user-{gid}"
        answer = self._ask(method, url, header, json={"data": data} if data else None)
        rows = answer["data"]
        while answer.get("next_page"):
            answer = self._ask(method, answer["next_page"]["uri"], header)
            rows += answer["data"]
        return rows

    def sheets(self, method: str, path: str, **more: Any) -> Any:
        """One request about the spreadsheet in a person's name. Raises requests.RequestException."""
        spreadsheet = self.sandbox.places["spreadsheet"]
        url = f"{self.sandbox.sheets_url}/v4/spreadsheets/{spreadsheet}{path}"
        return self._ask(method, url, "Bearer people-token", **more)

    def let_time_pass(self, seconds: float) -> None:
        """Move the services' clock, so that what happens next is later for certain."""
        url = f"{self.sandbox.url}/_sandbox/clock"
        self._session.post(url, json={"advance": seconds}, timeout=_TIMEOUT).raise_for_status()

    def cards(self) -> dict[str, Seen]:
        """The open cards by title."""
        board = f"/boards/{self.sandbox.places['board']}"
        lists = {one["id"]: one["name"] for one in self.trello("liwei", "GET", f"{board}/lists")}
        found = self.trello("liwei", "GET", f"{board}/cards")
        return {card["name"]: self._card(card, lists) for card in found}

    def tasks(self) -> dict[str, Seen]:
        """The project's tasks and their subtasks by title, but for those put away."""
        project, seen = self.sandbox.places["project"], {}
        waiting = self.asana(self.someone, "GET", f"/projects/{project}/tasks?limit=100&opt_fields={TASK_FIELDS}")
        for task in waiting:
            if task["num_subtasks"]:
                below = self.asana(self.someone, "GET", f"/tasks/{task['gid']}/subtasks?opt_fields={TASK_FIELDS}")
                waiting += [one for one in below if one["gid"] not in {known["gid"] for known in waiting}]
            seen[task["name"]] = self._task(task, project)
        return {title: task for title, task in seen.items() if task.stage != "Archived"}

    def rows(self) -> dict[str, Seen]:
        """The rows of the tab `Tasks` by title."""
        head, *lines = self.grid("UNFORMATTED_VALUE")
        filled = [dict(zip(head, line, strict=False)) | {"row": str(at)} for at, line in enumerate(lines, 2)]
        return {row["Task"]: self._row(row) for row in filled if row.get("Task")}

    def grid(self, render: str) -> list[list[Any]]:
        """All cells of the tab `Tasks`; `render` is the API's `valueRenderOption`."""
        values: list[list[Any]] = self.sheets("GET", "/values/Tasks", params={"valueRenderOption": render})["values"]
        return values

    @cached_property
    def users(self) -> Mapping[str, str]:
        """The gids of Asana's users by name."""
        bot = f"Bearer {self.sandbox.env['SYNCER_ASANA__TOKEN']}"
        answer = self._ask("GET", f"{self.sandbox.asana_url}/users?opt_fields=name", bot)
        return {user["name"]: user["gid"] for user in answer["data"]}

    @property
    def someone(self) -> str:
        """The gid of a user who can see the project."""
        return self.users["Ana Souza"]

    def _ask(self, method: str, url: str, authorization: str, **more: Any) -> Any:
        headers = {"Authorization": authorization}
        answer = self._session.request(method, url, headers=headers, timeout=_TIMEOUT, **more)
        answer.raise_for_status()
        return answer.json()

    def _card(self, card: Mapping[str, Any], lists: Mapping[str, str]) -> Seen:
        labels = frozenset(label["name"] for label in card["labels"])
        stage = self.stages.canonical(lists[card["idList"]], "trello")
        return Seen(card["id"], card["name"], stage, self._local(card["due"]), card["dueComplete"], labels)

    def _task(self, task: Mapping[str, Any], project: str) -> Seen:
        sections = [one["section"]["name"] for one in task["memberships"] if one["project"]["gid"] == project]
        stage = self.stages.canonical(sections[0], "asana") or sections[0] if sections else None
        due = self._local(task["due_at"]) if task["due_at"] else task["due_on"] or ""
        labels = frozenset(tag["name"] for tag in task["tags"])
        return Seen(task["gid"], task["name"], stage, due, task["completed"], labels)

    def _row(self, row: Mapping[str, Any]) -> Seen:
        stage = self.stages.canonical(row.get("Stage", ""), "sheets")
        labels = frozenset(text.strip() for text in row.get("Labels", "").split(",")) - {""}
        return Seen(row["row"], row["Task"], stage, _serial(row.get("Due", "")), row.get("Done") is True, labels)

    def _local(self, instant: str | None) -> str:
        """Trello's mark for a whole day is its last minute."""
        if not instant:
            return ""
        moment = datetime.fromisoformat(instant).astimezone(self.zone)
        return moment.strftime("%Y-%m-%d" if (moment.hour, moment.minute) == (23, 59) else "%Y-%m-%d %H:%M")


def _serial(value: str | float) -> str:
    """A cell's day, or its local time where it has one."""
    if isinstance(value, str):
        return value
    moment = _EPOCH + timedelta(minutes=round(value * 1440))
    return moment.strftime("%Y-%m-%d" if value == int(value) else "%Y-%m-%d %H:%M")


def column(head: Sequence[str], heading: str) -> str:
    """The letter of a heading's column."""
    return chr(ord("A") + list(head).index(heading))
