"""What a write makes of a task's own fields: read and checked first, then set at once with its events and stories."""

from dataclasses import asdict
from typing import Any, TypeAlias

from adapters.sandbox.asana.ask import Ask
from adapters.sandbox.asana.body import Data
from adapters.sandbox.asana.dates import Dates, new_dates
from adapters.sandbox.asana.errors import bad
from adapters.sandbox.asana.journal import changed, tell
from adapters.sandbox.asana.lookup import user
from adapters.sandbox.asana.mentions import read_html
from adapters.sandbox.asana.richtext import from_plain
from adapters.sandbox.asana.values import Ref
from adapters.sandbox.asana.visit import Visit
from adapters.sandbox.asana.world import Task

READ_ONLY = frozenset(
    {
        *("gid", "resource_type", "created_at", "created_by", "modified_at", "completed_at", "completed_by"),
        *("permalink_url", "num_subtasks", "num_likes", "likes", "hearts", "num_hearts"),
    }
)
SUBTYPES = ("default_task", "milestone", "approval")
APPROVALS = ("pending", "approved", "rejected", "changes_requested")
QUIET = frozenset({"completed_by", "approval_status", "likes", "notes"})
Changes: TypeAlias = dict[str, Any]


def read_changes(visit: Visit, ask: Ask, task: Task) -> Changes:
    """The new values of the task's own attributes; raises 400 before anything is changed."""
    data = ask.data
    for name in data.values:
        if name in READ_ONLY:
            raise bad(f"{name}: Cannot write this property")
    _refuse_custom_fields(data)
    parts = (_texts, _kind, _state, _dates, _assignee, _likes)
    changes: Changes = {}
    for part in parts:
        changes |= part(visit, data, task)
    _refuse_milestone_start(task, changes)
    return changes


def set_silently(task: Task, changes: Changes) -> list[str]:
    """Sets the attributes; tells which really changed."""
    names = [name for name, value in changes.items() if getattr(task, name) != value]
    for name in names:
        setattr(task, name, changes[name])
    return names


def apply(visit: Visit, task: Task, changes: Changes) -> None:
    """Sets the attributes of an existing task, with `modified_at`, events and stories; nothing new, nothing told."""
    old_assignee = task.assignee
    names = set_silently(task, changes)
    if not names:
        return
    if names != ["likes"]:
        task.modified_at = visit.now
    for name in names:
        if name not in QUIET:
            value = Ref("user", task.assignee) if name == "assignee" and task.assignee else None
            changed(visit, Ref("task", task.gid), name, value)
    if task.assignee and task.assignee not in task.followers:
        task.followers.append(task.assignee)
    _tell(visit, task, names, old_assignee)


def _tell(visit: Visit, task: Task, names: list[str], old_assignee: str | None) -> None:
    if "name" in names:
        tell(visit, task, "name_changed", f'changed the name to "{task.name}"')
    if "html_notes" in names:
        tell(visit, task, "notes_changed", "changed the description")
    if {"due_on", "due_at", "start_on", "start_at"} & set(names):
        due = task.due_at or task.due_on
        subtype = "start_date_changed" if {"start_on", "start_at"} & set(names) else "due_date_changed"
        tell(visit, task, subtype, f"changed the due date to {due}" if due else "removed the due date")
    if "assignee" in names:
        tell_assignment(visit, task, old_assignee)
    if "completed" in names:
        subtype = "marked_complete" if task.completed else "marked_incomplete"
        tell(visit, task, subtype, "marked this task complete" if task.completed else "marked incomplete")


def tell_assignment(visit: Visit, task: Task, old: str | None) -> None:
    """The story of a new assignee, or of none any more."""
    if task.assignee:
        tell(visit, task, "assigned", f"assigned to {visit.world.users[task.assignee].name}")
    elif old:
        tell(visit, task, "unassigned", f"unassigned from {visit.world.users[old].name}")


def _texts(visit: Visit, data: Data, _: Task) -> Changes:
    if data.has("notes") and data.has("html_notes"):
        raise bad("You may only provide one of notes or html_notes!")
    changes: Changes = {"name": data.text("name")} if data.has("name") else {}
    if data.has("notes"):
        notes = data.text("notes")
        changes |= {"notes": notes, "html_notes": from_plain(notes)}
    if data.has("html_notes"):
        html, notes = read_html(visit, data.get("html_notes"), "html_notes")
        changes |= {"notes": notes, "html_notes": html}
    return changes


def _kind(_visit: Visit, data: Data, task: Task) -> Changes:
    if not data.has("resource_subtype"):
        return {}
    kind = data.get("resource_subtype")
    if kind not in SUBTYPES:
        raise bad(f"resource_subtype: Value must be one of {', '.join(SUBTYPES)}, not: {kind}")
    if kind == task.resource_subtype:
        return {}
    pending = "approved" if task.completed else "pending"
    return {"resource_subtype": kind, "approval_status": pending if kind == "approval" else None}


def _state(visit: Visit, data: Data, task: Task) -> Changes:
    kind = data.get("resource_subtype") or task.resource_subtype
    if data.has("approval_status"):
        status = data.get("approval_status")
        if kind != "approval":
            raise bad("approval_status: Cannot write this property")
        if status not in APPROVALS:
            raise bad(f"approval_status: Value must be one of {', '.join(APPROVALS)}, not: {status}")
        return {"approval_status": status, **_completion(visit, task, status != "pending")}
    if not data.has("completed"):
        return {}
    completed = data.flag("completed")
    changes = _completion(visit, task, completed)
    if kind == "approval" and changes:
        changes["approval_status"] = "approved" if completed else "pending"
    return changes


def _completion(visit: Visit, task: Task, completed: bool) -> Changes:
    if completed == task.completed:
        return {}
    when, who = (visit.now, visit.caller) if completed else (None, None)
    return {"completed": completed, "completed_at": when, "completed_by": who}


def _dates(visit: Visit, data: Data, task: Task) -> Changes:
    old = Dates(task.due_on, task.due_at, task.start_on, task.start_at)
    switches = visit.switches
    return asdict(
        new_dates(data, old, due_clears_start=switches.due_clears_start, same_day_start=switches.same_day_start)
    )


def _assignee(visit: Visit, data: Data, _: Task) -> Changes:
    if not data.has("assignee"):
        return {}
    value = data.get("assignee")
    if value is None:
        return {"assignee": None}
    found = user(visit, value)
    if found is None:
        raise bad(f"assignee: Not a user in Organization: {value}")
    return {"assignee": found.gid}


def _likes(visit: Visit, data: Data, task: Task) -> Changes:
    if not data.has("liked"):
        return {}
    others = [gid for gid in task.likes if gid != visit.caller]
    return {"likes": [*others, visit.caller] if data.flag("liked") else others}


def _refuse_custom_fields(data: Data) -> None:
    # Values of custom fields are read here once fields are emulated; today no task has any.
    fields = data.get("custom_fields")
    if fields is None:
        return
    if not isinstance(fields, dict):
        raise bad(f"custom_fields: Value is not a JSON object: {fields}")
    for gid in fields:
        raise bad(f"Custom field with ID {gid} is not on given object")


def _refuse_milestone_start(task: Task, changes: Changes) -> None:
    after = {"resource_subtype": task.resource_subtype} | changes
    if after["resource_subtype"] == "milestone" and (after["start_on"] or after["start_at"]):
        raise bad("start_on: Milestones cannot have a start date")
