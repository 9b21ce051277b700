"""How a task is shown: default fields, opt-in fields, dates in the caller's zone, the permanent link."""

from datetime import datetime
from zoneinfo import ZoneInfo

from adapters.sandbox.asana.values import Ref, Value, refs
from adapters.sandbox.asana.view import View, fixed, many, one, plains, workspace
from adapters.sandbox.asana.visit import Visit
from adapters.sandbox.asana.world import Task


def local_date(visit: Visit, moment: str) -> str:
    """The date of a UTC time in the zone of the token's user."""
    return datetime.fromisoformat(moment).astimezone(ZoneInfo(visit.switches.zone)).date().isoformat()


def due_on(visit: Visit, task: Task) -> str | None:
    """The due date; for a task with a due time, the caller's date of it."""
    return local_date(visit, task.due_at) if task.due_at else task.due_on


def start_on(visit: Visit, task: Task) -> str | None:
    """The start date; for a task with a start time, the caller's date of it."""
    return local_date(visit, task.start_at) if task.start_at else task.start_on


def permalink(visit: Visit, task: Task) -> str:
    """The link form of 2026: with the first project, if there is one."""
    project = next(iter(task.homes), None)
    middle = f"/project/{project}" if project else ""
    return f"https://app.asana.com/1/{visit.world.workspace.gid}{middle}/task/{task.gid}"


def _memberships(_: Visit, task: Task) -> Value:
    return [{"project": Ref("project", p), "section": Ref("section", s)} for p, s in task.homes.items()]


def _likes(_: Visit, task: Task) -> Value:
    return [{"user": Ref("user", gid)} for gid in task.likes]


def _liked(visit: Visit, task: Task) -> Value:
    return visit.caller in task.likes


def _like_count(_: Visit, task: Task) -> Value:
    return len(task.likes)


def dependents(visit: Visit, task: Task) -> list[str]:
    """The gids of the tasks that wait for this one."""
    return [each.gid for each in visit.world.tasks.values() if task.gid in each.dependencies]


TASK = View(
    kind="task",
    compact=("name", "resource_type", "resource_subtype"),
    full=(
        *("actual_time_minutes", "approval_status", "assignee", "assignee_status", "completed", "completed_at"),
        *("completed_by", "created_at", "custom_fields", "due_at", "due_on", "followers", "hearted", "hearts"),
        *("liked", "likes", "memberships", "modified_at", "name", "notes", "num_hearts", "num_likes", "parent"),
        *("permalink_url", "projects", "resource_type", "start_at", "start_on", "tags", "resource_subtype"),
        "workspace",
    ),
    readers={
        **plains("approval_status", "completed", "completed_at", "created_at", "due_at", "html_notes", "modified_at"),
        **plains("name", "notes", "resource_subtype", "start_at"),
        "actual_time_minutes": fixed(None),
        "assigned_by": fixed(None),
        "assignee": one("user", "assignee"),
        "assignee_status": fixed("upcoming"),
        "completed_by": one("user", "completed_by"),
        "created_by": one("user", "created_by"),
        "custom_fields": fixed([]),
        "dependencies": many("task", "dependencies"),
        "dependents": lambda visit, task: refs("task", dependents(visit, task)),
        "due_on": due_on,
        "followers": many("user", "followers"),
        "hearted": _liked,
        "hearts": _likes,
        "is_rendered_as_separator": fixed(False),
        "liked": _liked,
        "likes": _likes,
        "memberships": _memberships,
        "num_hearts": _like_count,
        "num_likes": _like_count,
        "num_subtasks": lambda _visit, task: len(task.subtasks),
        "parent": one("task", "parent"),
        "permalink_url": permalink,
        "projects": lambda _visit, task: refs("project", list(task.homes)),
        "start_on": start_on,
        "tags": many("tag", "tags"),
        "workspace": workspace,
    },
    only_if={"approval_status": lambda task: task.resource_subtype == "approval"},
)
