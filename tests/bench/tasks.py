"""A campaign of any size, as three readings and as what the store knows of it after a quiet pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from syncer.core.model import Agreed, Field, HubValue, Item, Known, LastReading, Link, Reading, TaskKind, Value
from syncer.core.plan import Material
from syncer.core.policy import Policy
from syncer.textmerge import merge_lines
from tests.paper import CAPS, HOLDS, STAGES, START, ZONE

REPLICAS = ("trello", "asana", "sheets")
POLICY = Policy("launch", {name: name for name in REPLICAS}, STAGES, ZONE, merge_lines)
FAMILY = 5
"""Every so many tasks one is the parent of those after it."""


def hub(number: int) -> dict[Field, Value]:
    """What people want of one task; its parent by key."""
    parent = None if number % FAMILY == 0 else key(number - number % FAMILY)
    return {
        Field.TITLE: f"Task {number} 海报",
        Field.DESCRIPTION: f"What it is for\n\nWho asked: {number}\n" + "A line of ordinary length, like this\n" * 4,
        Field.STAGE: "To do",
        Field.DONE: False,
        Field.START: None,
        Field.DUE: date(2026, 1, 1) + timedelta(days=number % 300),
        Field.OWNERS: frozenset({"Ana"}),
        Field.LABELS: frozenset({"print", f"wave {number % 7}"}),
        Field.KIND: TaskKind.TASK,
        Field.PARENT: parent,
    }


def key(number: int) -> str:
    """A task's identity."""
    return f"t-{number:012x}"


def remote(replica: str, number: int) -> str:
    """The id of its object."""
    return key(number) if replica == "sheets" else f"{replica}-{number}"


def item(replica: str, number: int, **changes: Value) -> Item:
    """Its object as the replica shows it, with some fields changed by a person."""
    held = {of: value for of, value in hub(number).items() if of in HOLDS[replica]}
    if held.get(Field.PARENT):
        held[Field.PARENT] = remote(replica, number - number % FAMILY)
    held |= {Field(name): value for name, value in changes.items()}
    born = START + timedelta(seconds=number)
    return Item(remote(replica, number), held, f"{replica} {number}", changed_at=born, created_at=born)


def known(number: int) -> Known:
    """What is known of it after a quiet pass."""
    wanted = hub(number)
    links = {
        replica: Link(
            remote(replica, number), agreed={of: Agreed(v, v) for of, v in wanted.items() if of in HOLDS[replica]}
        )
        for replica in REPLICAS
    }
    return Known(key(number), {of: HubValue(value, "trello", START) for of, value in wanted.items()}, links)


def reading(replica: str, items: Sequence[Item]) -> Reading:
    """A complete one."""
    stages = () if replica == "sheets" else tuple(stage.name for stage in STAGES.stages)
    return Reading(replica, True, tuple(items), stages, START, HOLDS[replica])


def first(count: int) -> Material:
    """A full project, an empty board and an empty sheet; nothing is known yet."""
    full = {"asana": [item("asana", number) for number in range(count)]}
    return _material((), {name: reading(name, full.get(name, ())) for name in REPLICAS})


def idle(count: int) -> Material:
    """All three show the same, and nothing has changed since the last pass."""
    full = {name: reading(name, [item(name, number) for number in range(count)]) for name in REPLICAS}
    last = {name: LastReading(START, count) for name in REPLICAS}
    return replace(_material([known(number) for number in range(count)], full), last=last)


def edited(count: int) -> Material:
    """One task in twenty has got another title on the board."""
    quiet = idle(count)
    changes = {number: {"title": f"Another {number}"} for number in range(0, count, 20)}
    board = reading("trello", [item("trello", number, **changes.get(number, {})) for number in range(count)])
    return replace(quiet, readings={**quiet.readings, "trello": board})


def _material(tasks: Sequence[Known], readings: dict[str, Reading]) -> Material:
    return Material(tasks, readings, CAPS, START)
