"""Seed data into an empty world: people, projects, sections and tasks, written without the API's refusals."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from adapters.sandbox.asana.order import Order
from adapters.sandbox.asana.placement import Spot, put_in
from adapters.sandbox.asana.projects import UNTITLED, new_project
from adapters.sandbox.asana.richtext import from_plain
from adapters.sandbox.asana.sections import new_section
from adapters.sandbox.asana.tags import new_tag
from adapters.sandbox.asana.visit import Visit
from adapters.sandbox.asana.world import Project, Task, User

PLAIN = ("name", "resource_subtype", "due_on", "due_at", "start_on", "start_at")


def fill(visit: Visit, data: Mapping[str, Any]) -> dict[str, str]:
    """Adds what the document says; returns the gid of the first project, if there is one.

    The document's `timezone` becomes the zone of the token's user; `asana.switches` may set any other switch.
    """
    part = data.get("asana", {})
    zone = {"zone": data["timezone"]} if "timezone" in data else {}
    visit.world.switches = replace(visit.world.switches, **zone, **part.get("switches", {}))
    visit.world.workspace.name = part.get("workspace", visit.world.workspace.name)
    people = [User(visit.new_gid(), row["name"], row["asana"]) for row in data.get("people", ()) if row.get("asana")]
    visit.world.users |= {user.gid: user for user in people}
    # What was there before Syncer came was made by people, not by its bot.
    author = replace(visit, caller=people[0].gid) if people else visit
    projects = [_project(author, entry) for entry in part.get("projects", ())]
    visit.world.events.clear()
    return {"project": projects[0].gid} if projects else {}


def _project(visit: Visit, entry: Mapping[str, Any]) -> Project:
    project = new_project(visit, entry["name"])
    project.members = list(visit.world.users)
    sections = [new_section(visit, project, name, Spot()) for name in entry.get("sections") or [UNTITLED]]
    by_name = {section.name: section for section in sections}
    for row in entry.get("tasks", ()):
        section = by_name.get(row.get("section", sections[0].name))
        if section is None:
            raise ValueError(f"The seed puts {row['name']!r} into an unknown section: {row['section']!r}.")
        put_in(visit, _task(visit, row), section, Spot())
    return project


def _task(visit: Visit, row: Mapping[str, Any], parent: Task | None = None) -> Task:
    task = Task(visit.new_gid(), visit.now, visit.now, visit.caller, subtasks=Order())
    visit.world.tasks[task.gid] = task
    for name in PLAIN:
        setattr(task, name, row.get(name, getattr(task, name)))
    task.notes = row.get("notes", "")
    task.html_notes = from_plain(task.notes)
    task.assignee = _assignee(visit, row)
    task.followers = [task.assignee] if task.assignee else []
    task.tags = [_tag(visit, name) for name in row.get("tags", ())]
    _state(visit, task, completed=bool(row.get("completed")))
    if parent is not None:
        task.parent = parent.gid
        parent.subtasks.last(task.gid)
    for child in row.get("subtasks", ()):
        _task(visit, {"name": child} if isinstance(child, str) else child, task)
    return task


def _state(visit: Visit, task: Task, *, completed: bool) -> None:
    if completed:
        task.completed, task.completed_at, task.completed_by = True, visit.now, visit.caller
    if task.resource_subtype == "approval":
        task.approval_status = "approved" if completed else "pending"


def _assignee(visit: Visit, row: Mapping[str, Any]) -> str | None:
    email = row.get("assignee")
    if email is None:
        return None
    gids = [user.gid for user in visit.world.users.values() if user.email == email]
    if not gids:
        raise ValueError(f"The seed assigns {row['name']!r} to {email!r}, who is not among its people.")
    return gids[0]


def _tag(visit: Visit, name: str) -> str:
    known = (tag.gid for tag in visit.world.tags.values() if tag.name == name)
    return next(known, None) or new_tag(visit, name).gid
