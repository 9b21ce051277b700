"""Asana's REST API in payloads: every list is read to its end, every answer is checked to be what was asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote

from adapters.http import Doubtful, Http
from syncer.core.errors import Malformed

Json = dict[str, Any]

PAGE: Final = 100
"""Rows a page; the most Asana gives. Without a limit it refuses lists of about 1,000 rows."""

_ALWAYS: Final = (
    *("name", "notes", "completed", "due_on", "due_at", "assignee", "tags"),
    *("memberships", "resource_subtype", "parent", "num_subtasks"),
)
"""What every task has, even if null; a start may be lacking, for it is a paid feature."""
_TASK: Final = ",".join(
    (
        "gid,name,notes,completed,due_on,due_at,start_on,start_at,assignee.gid,assignee.email,assignee.name",
        "tags.gid,tags.name,memberships.project.gid,memberships.section.gid,memberships.section.name",
        "resource_subtype,parent.gid,num_subtasks,created_at,created_by.gid,modified_at,permalink_url",
    )
)
_WHEREABOUTS: Final = "memberships.project.gid,memberships.section.name,parent.gid"


class AsanaClient:
    """The calls Syncer makes. Reads raise Malformed, writes Doubtful, where an answer is none of Asana's."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def me(self) -> Json:
        """The user the token belongs to."""
        return self._one("/users/me", "gid,email,name")

    def project(self, gid: str) -> Json:
        """A project's name, state and workspace."""
        found = self._one(f"/projects/{_segment(gid)}", "name,archived,workspace.gid,permalink_url")
        workspace = found.get("workspace")
        if not isinstance(workspace, dict) or not isinstance(workspace.get("gid"), str):
            raise _malformed("names no workspace")
        return found

    def sections(self, project: str) -> list[Json]:
        """A project's sections in its order."""
        return _with_names(self._rows(f"/projects/{_segment(project)}/sections", "name"))

    def tasks(self, project: str) -> list[Json]:
        """A project's tasks in its order; of the subtasks only those that are in the project themselves."""
        return _whole_tasks(self._rows(f"/projects/{_segment(project)}/tasks", _TASK))

    def subtasks(self, parent: str) -> list[Json]:
        """The direct subtasks of a task."""
        return _whole_tasks(self._rows(f"/tasks/{_segment(parent)}/subtasks", _TASK))

    def users(self, workspace: str) -> list[Json]:
        """Everybody a task in the workspace can be assigned to."""
        return self._rows("/users", "email,name", workspace=workspace)

    def tags(self, workspace: str) -> list[Json]:
        """The workspace's tags; their names need not differ."""
        return _with_names(self._rows(f"/workspaces/{_segment(workspace)}/tags", "name"))

    def task(self, gid: str) -> Json:
        """One task as it is now."""
        return _whole_tasks([self._one(f"/tasks/{_segment(gid)}", _TASK)])[0]

    def whereabouts(self, gid: str) -> Json:
        """One task's memberships and parent."""
        found = self._one(f"/tasks/{_segment(gid)}", _WHEREABOUTS)
        if "memberships" not in found or "parent" not in found:
            raise _malformed("lacks memberships or parent")
        return found

    def create_task(self, data: Json) -> Json:
        """A new task. Not repeatable."""
        return self._changed("POST", "/tasks", data)

    def create_subtask(self, parent: str, data: Json) -> Json:
        """A new subtask, in no project. Not repeatable."""
        return self._changed("POST", f"/tasks/{_segment(parent)}/subtasks", data)

    def update_task(self, gid: str, data: Json) -> Json:
        """Set the named fields and no others."""
        return self._changed("PUT", f"/tasks/{_segment(gid)}", data)

    def set_parent(self, gid: str, parent: str | None) -> Json:
        """Make a task a subtask of another, or of none."""
        return self._changed("POST", f"/tasks/{_segment(gid)}/setParent", {"parent": parent}, repeatable=True)

    def delete_task(self, gid: str) -> None:
        """Put a task into the trash, from which a person can take it for 30 days."""
        self._http.send("DELETE", f"/tasks/{_segment(gid)}")

    def add_to_section(self, section: str, task: str) -> None:
        """Move a task to the top of a section of a project it is in."""
        self._do(f"/sections/{_segment(section)}/addTask", {"task": task})

    def add_to_project(self, task: str, project: str, section: str) -> None:
        """Put a task at the end of a section of a project."""
        self._do(f"/tasks/{_segment(task)}/addProject", {"project": project, "section": section})

    def add_tag(self, task: str, tag: str) -> None:
        """Put a tag on a task."""
        self._do(f"/tasks/{_segment(task)}/addTag", {"tag": tag})

    def remove_tag(self, task: str, tag: str) -> None:
        """Take a tag off a task."""
        self._do(f"/tasks/{_segment(task)}/removeTag", {"tag": tag})

    def create_section(self, project: str, name: str) -> Json:
        """A new section at the end of a project. Not repeatable."""
        return self._made(f"/projects/{_segment(project)}/sections", {"name": name})

    def create_tag(self, workspace: str, name: str) -> Json:
        """A new tag. Not repeatable."""
        return self._made("/tags", {"name": name, "workspace": workspace})

    def _one(self, path: str, fields: str) -> Json:
        return _object(self._http.send("GET", path, params={"opt_fields": fields}))

    def _rows(self, path: str, fields: str, **query: str) -> list[Json]:
        """Every row once: a row that moves between two pages while they are read comes twice."""
        rows = self._paged(path, {**query, "opt_fields": fields, "limit": str(PAGE)})
        return list({row["gid"]: row for row in rows}.values())

    def _paged(self, path: str, query: Mapping[str, str]) -> Iterator[Json]:
        offset: str | None = None
        used: set[str] = set()
        while True:
            body = self._http.send("GET", path, params={**query, "offset": offset} if offset else query)
            rows = _list(body)
            yield from rows
            offset = _following(body, len(rows))
            if offset is None:
                return
            if offset in used:
                raise _malformed("leads back to a page already read")
            used.add(offset)

    def _changed(self, method: str, path: str, data: Json, repeatable: bool | None = None) -> Json:
        """A write that answers with the task."""
        body = self._http.send(method, path, params={"opt_fields": _TASK}, json={"data": data}, repeatable=repeatable)
        try:
            return _whole_tasks([_object(body)])[0]
        except Malformed as error:
            raise Doubtful(error.message) from None

    def _made(self, path: str, data: Json) -> Json:
        body = self._http.send("POST", path, params={"opt_fields": "name"}, json={"data": data})
        try:
            return _with_names([_object(body)])[0]
        except Malformed as error:
            raise Doubtful(error.message) from None

    def _do(self, path: str, data: Json) -> None:
        """An action that may be repeated and answers nothing."""
        self._http.send("POST", path, json={"data": data}, repeatable=True)


def _segment(gid: str) -> str:
    return quote(gid, safe="")


def _malformed(what: str) -> Malformed:
    return Malformed(f"Asana: The answer {what}.", "Check the service's address, then try again.")


def _object(body: Any) -> Json:
    found = body.get("data") if isinstance(body, dict) else None
    if not isinstance(found, dict) or not isinstance(found.get("gid"), str) or not found["gid"]:
        raise _malformed("is no object of Asana's")
    return found


def _list(body: Any) -> list[Json]:
    found = body.get("data") if isinstance(body, dict) else None
    if not isinstance(found, list):
        raise _malformed("is no list of Asana's")
    return [_object({"data": row}) for row in found]


def _following(body: Json, rows: int) -> str | None:
    """The offset of the next page, None after the last one, which says so."""
    following = body.get("next_page")
    if following is None:
        if rows >= PAGE and "next_page" not in body:
            raise _malformed("does not say whether more follows")
        return None
    offset = following.get("offset") if isinstance(following, dict) else None
    if not isinstance(offset, str) or not offset:
        raise _malformed("does not say where the next page is")
    return offset


def _whole_tasks(tasks: Iterable[Json]) -> list[Json]:
    """The tasks, unless one lacks a field that was asked for: a missing field must not look like an empty one."""
    found = list(tasks)
    for task in found:
        if lacking := set(_ALWAYS) - task.keys():
            raise _malformed(f"lacks {', '.join(sorted(lacking))}")
    return found


def _with_names(rows: list[Json]) -> list[Json]:
    if any(not isinstance(row.get("name"), str) for row in rows):
        raise _malformed("has an entry without a name")
    return rows
