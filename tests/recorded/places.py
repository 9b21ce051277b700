"""The places that were recorded, and how each of the three replicas opens its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from adapters.asana.replica import AsanaReplica
from adapters.sheets.replica import open_replica as open_sheet
from adapters.trello.replica import open_replica as open_board
from syncer.core.model import Field, Value
from syncer.core.people import People, Person
from syncer.ports import Replica
from tests.contract.rig import Site

RECORDED_AT = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
STAGES = ["To do", "Doing"]
ROWS = [["Task", "Stage", "Labels", "Due", "ID"], ["Poster 海报", "To do", "print", "", "t-1"]]
SEED: Mapping[str, Any] = {
    "people": [{"name": "Li Wei", "trello": "liwei", "asana": "liwei@example.com", "email": "liwei@example.com"}],
    "trello": {
        "boards": [
            {
                "name": "Launch",
                "members": ["liwei"],
                "lists": [{"name": stage} for stage in STAGES],
                "labels": [{"name": "print", "color": "red"}],
                "cards": [{"name": "Poster 海报", "list": "To do", "labels": ["print"]}],
            }
        ]
    },
    "asana": {
        "workspace": "Team",
        "projects": [
            {
                "name": "Launch",
                "sections": STAGES,
                "tasks": [{"name": "Poster 海报", "section": "To do", "tags": ["print"]}],
            }
        ],
    },
    "google": {
        "spreadsheets": [
            {
                "title": "Launch",
                "timeZone": "Asia/Shanghai",
                "sheets": [
                    {
                        "title": "Tasks",
                        "rows": [
                            ["Task", "Stage", "Labels", "Due", "ID"],
                            ["Poster 海报", "To do", "print", "", "t-1"],
                        ],
                    }
                ],
            }
        ]
    },
}
NEW: Mapping[Field, Value] = {
    Field.TITLE: "Flyer “双十一”",
    Field.STAGE: "To do",
    Field.LABELS: frozenset({"print"}),
    Field.DUE: date(2026, 11, 11),
}
CHANGED: Mapping[Field, Value] = {Field.TITLE: "Leaflet", Field.STAGE: "Doing"}
_PEOPLE = People([Person("Li Wei", trello="liwei", asana="liwei@example.com")])
_ZONE = ZoneInfo("Asia/Shanghai")


@dataclass
class StoppedClock:
    """The moment of the recording, for ever; waiting only moves it."""

    slept: float = 0.0

    def now(self) -> datetime:
        """The moment of the recording, in UTC."""
        return RECORDED_AT

    def monotonic(self) -> float:
        """The seconds slept."""
        return self.slept

    def sleep(self, seconds: float) -> None:
        """Lets so much time pass at once."""
        self.slept += seconds


def _board(site: Site, place: str) -> Replica:
    key, token = site.env["SYNCER_TRELLO__KEY"], site.env["SYNCER_TRELLO__TOKEN"]
    return open_board("trello", place, site.trello_url, key, token, _PEOPLE, _ZONE, StoppedClock())


def _project(site: Site, place: str) -> Replica:
    token = site.env["SYNCER_ASANA__TOKEN"]
    return AsanaReplica("asana", place, site.asana_url, token, _PEOPLE, _ZONE, StoppedClock())


def _spreadsheet(site: Site, place: str) -> Replica:
    file = Path(site.env["SYNCER_GOOGLE__CREDENTIALS_FILE"])
    urls = (site.sheets_url, site.drive_url)
    return open_sheet("sheets", place, "Tasks", *urls, file, _PEOPLE, _ZONE, StoppedClock())


_OPEN = {"trello": ("board", _board), "asana": ("project", _project), "sheets": ("spreadsheet", _spreadsheet)}
SERVICES = tuple(_OPEN)


def opened(service: str, site: Site, place: str = "") -> Replica:
    """The replica of the recorded place, or of another one."""
    kind, opening = _OPEN[service]
    return opening(site, place or site.places[kind])
