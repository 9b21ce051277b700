"""The demonstration's proof: all three services read back through their own APIs and compared, task by task."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from syncer.cli.demo_edits import Edit
from syncer.cli.demo_places import Places, Seen

COMPARED = ("stage", "due", "done")
OWN_COLUMN = "Agency cost (¥)"
"""A column that the team added to its sheet; Syncer has no business there."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d)?")

World = Mapping[str, Mapping[str, Seen]]
"""Place → title → what it shows there."""


@dataclass(frozen=True)
class Proof:
    """What the comparison came to."""

    tasks: int
    """Tasks that are the same in all three places."""
    differences: tuple[str, ...]
    not_dates: tuple[str, ...]
    """Due cells of the sheet that hold something else than a date; Syncer leaves them to their author."""

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        return {"tasks": self.tasks, "differences": list(self.differences), "not_dates": list(self.not_dates)}


def read_back(places: Places) -> World:
    """Everything that the three services show now."""
    return {"Trello": places.cards(), "Asana": places.tasks(), "Sheets": places.rows()}


def compare(world: World) -> Proof:
    """Title, stage, due and done of every task, over all places."""
    titles = sorted({title for seen in world.values() for title in seen})
    not_dates = tuple(title for title, row in world["Sheets"].items() if row.due and not _DAY.fullmatch(row.due))
    differing = {title: _difference(title, world, title in not_dates) for title in titles}
    found = tuple(text for text in differing.values() if text)
    return Proof(len(titles) - len(found), found, not_dates)


def _difference(title: str, world: World, not_a_date: bool) -> str:
    missing = [place for place, seen in world.items() if title not in seen]
    if missing:
        return f"“{title}” is not in {' and '.join(missing)}"
    for what in COMPARED:
        shown = {place: getattr(seen[title], what) for place, seen in world.items()}
        if what == "due" and not_a_date:
            del shown["Sheets"]
        if what == "stage" and not shown["Asana"]:  # a subtask that is not in the project itself stands in no section
            del shown["Asana"]
        if len(set(shown.values())) > 1:
            return f"“{title}”, {what}: " + ", ".join(f"{place} {value or '–'}" for place, value in shown.items())
    return ""


def arrived(edits: Sequence[Edit], world: World) -> list[str]:
    """What of the people's edits is not to be seen somewhere."""
    return [text for edit in edits for place, seen in world.items() if (text := _lacking(edit, place, seen))]


def _lacking(edit: Edit, place: str, seen: Mapping[str, Seen]) -> str:
    if edit.gone:
        return f"“{edit.title}” is still in {place}" if edit.title in seen else ""
    if edit.title not in seen:
        return f"“{edit.title}” is not in {place}"
    for what, wanted in edit.shows.items():
        value = getattr(seen[edit.title], what)
        if wanted not in value if what == "labels" else wanted != value:
            return f"“{edit.title}” in {place} has the {what} {value or '–'}, not {wanted}"
    return ""


def own_cells(places: Places) -> dict[str, Any]:
    """The team's own column by title, formulas as formulas."""
    head, *lines = places.grid("FORMULA")
    at, title = head.index(OWN_COLUMN), head.index("Task")
    return {line[title]: line[at] for line in lines if len(line) > at and line[at] != ""}
