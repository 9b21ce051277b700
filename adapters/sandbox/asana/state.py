"""The world as JSON and back, so that a sandbox can stop and go on."""

from dataclasses import asdict
from typing import Any

from adapters.sandbox.asana.order import Order
from adapters.sandbox.asana.switches import Switches
from adapters.sandbox.asana.world import Event, Project, Section, Story, Tag, Task, User, Workspace, World


def dumped(world: World) -> dict[str, Any]:
    """Every record as JSON-able values."""
    return asdict(world)


def loaded(state: dict[str, Any]) -> World:
    """The world that `dumped` gave; the state may have been through JSON."""
    return World(
        last_gid=state["last_gid"],
        secret=state["secret"],
        bot=state["bot"],
        workspace=Workspace(**state["workspace"]),
        switches=Switches(**state["switches"]),
        users={gid: User(**row) for gid, row in state["users"].items()},
        projects={gid: Project(**_ordered(row, "sections")) for gid, row in state["projects"].items()},
        sections={gid: Section(**_ordered(row, "tasks")) for gid, row in state["sections"].items()},
        tasks={gid: Task(**_ordered(row, "subtasks")) for gid, row in state["tasks"].items()},
        tags={gid: Tag(**row) for gid, row in state["tags"].items()},
        stories={gid: Story(**row) for gid, row in state["stories"].items()},
        events=[_event(row) for row in state["events"]],
        last_event=state["last_event"],
    )


def _ordered(row: dict[str, Any], name: str) -> dict[str, Any]:
    return {**row, name: Order(dict(row[name]["ranks"]))}


def _event(row: dict[str, Any]) -> Event:
    parent = row["parent"]
    return Event(**{**row, "parent": None if parent is None else (parent[0], parent[1])})
