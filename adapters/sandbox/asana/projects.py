"""Projects: a new one has one section, "Untitled section"; deleting one leaves its tasks."""

from typing import Any

from adapters.sandbox.asana.answers import Answer, Created, Done, One, by_gid
from adapters.sandbox.asana.ask import Ask
from adapters.sandbox.asana.body import Data
from adapters.sandbox.asana.dates import read_date
from adapters.sandbox.asana.errors import bad
from adapters.sandbox.asana.journal import added, changed, deleted
from adapters.sandbox.asana.lookup import in_body, in_path, in_query, user_in_body
from adapters.sandbox.asana.mentions import read_html
from adapters.sandbox.asana.placement import Spot, sections_of
from adapters.sandbox.asana.richtext import from_plain
from adapters.sandbox.asana.sections import new_section
from adapters.sandbox.asana.values import Ref
from adapters.sandbox.asana.visit import Visit
from adapters.sandbox.asana.world import Project, Workspace

READ_ONLY = ("gid", "resource_type", "created_at", "modified_at", "completed", "completed_at", "permalink_url")
VIEWS = ("list", "board", "calendar", "timeline", "gantt")
UNTITLED = "Untitled section"


def list_projects(visit: Visit, ask: Ask) -> Answer:
    """GET /projects, archived ones included unless `archived=false`."""
    if "workspace" in ask.query:
        in_query(visit, ask, Workspace, "workspace")
    return _projects(visit, ask)


def workspace_projects(visit: Visit, ask: Ask) -> Answer:
    """GET /workspaces/{workspace}/projects."""
    in_path(visit, ask, Workspace)
    return _projects(visit, ask)


def get_project(visit: Visit, ask: Ask) -> Answer:
    """GET /projects/{project}."""
    return One(Ref("project", in_path(visit, ask, Project).gid))


def create_project(visit: Visit, ask: Ask) -> Answer:
    """POST /projects."""
    in_body(visit, Workspace, ask.data.required("workspace"), "workspace")
    return _create(visit, ask)


def create_in_workspace(visit: Visit, ask: Ask) -> Answer:
    """POST /workspaces/{workspace}/projects."""
    in_path(visit, ask, Workspace)
    return _create(visit, ask)


def new_project(visit: Visit, name: str) -> Project:
    """A project of the caller's, without sections yet."""
    project = Project(gid=visit.new_gid(), name=name, created_at=visit.now, modified_at=visit.now, owner=visit.caller)
    project.members = [visit.caller]
    visit.world.projects[project.gid] = project
    added(visit, Ref("project", project.gid), Ref("workspace", visit.world.workspace.gid))
    return project


def update_project(visit: Visit, ask: Ask) -> Answer:
    """PUT /projects/{project}: only what is sent."""
    project = in_path(visit, ask, Project)
    for name, value in _changes(visit, ask.data).items():
        if getattr(project, name) != value:
            setattr(project, name, value)
            project.modified_at = visit.now
            changed(visit, Ref("project", project.gid), name)
    return One(Ref("project", project.gid))


def delete_project(visit: Visit, ask: Ask) -> Answer:
    """DELETE /projects/{project}."""
    project = in_path(visit, ask, Project)
    deleted(visit, Ref("project", project.gid))
    for section in sections_of(visit, project):
        for gid in section.tasks.gids():
            del visit.world.tasks[gid].homes[project.gid]
        del visit.world.sections[section.gid]
    del visit.world.projects[project.gid]
    return Done()


def _projects(visit: Visit, ask: Ask) -> Answer:
    asked = ask.query.get("archived")
    kept = [
        project.gid
        for project in visit.world.projects.values()
        if asked is None or project.archived == (asked == "true")
    ]
    return by_gid("project", kept)


def _create(visit: Visit, ask: Ask) -> Answer:
    if ask.data.get("team") is not None:
        raise bad(f"team: Unknown object: {ask.data.get('team')}")
    changes = _changes(visit, ask.data)
    project = new_project(visit, changes.pop("name", ""))
    for name, value in changes.items():
        setattr(project, name, value)
    new_section(visit, project, UNTITLED, Spot())
    return Created(Ref("project", project.gid))


def _changes(visit: Visit, data: Data) -> dict[str, Any]:
    for name in READ_ONLY:
        if data.has(name):
            raise bad(f"{name}: Cannot write this property")
    changes: dict[str, Any] = {name: data.text(name) for name in ("name", "privacy_setting") if data.has(name)}
    if data.has("color"):
        changes["color"] = data.get("color")
    if data.has("archived"):
        changes["archived"] = data.flag("archived")
    if data.has("owner"):
        owner = data.get("owner")
        changes["owner"] = None if owner is None else user_in_body(visit, owner, "owner").gid
    return changes | _view(data) | _notes(visit, data) | _dates(data)


def _view(data: Data) -> dict[str, Any]:
    if not data.has("default_view"):
        return {}
    if data.get("default_view") not in VIEWS:
        raise bad(f"default_view: Value must be one of {', '.join(VIEWS)}, not: {data.get('default_view')}")
    return {"default_view": data.get("default_view")}


def _notes(visit: Visit, data: Data) -> dict[str, Any]:
    if data.has("html_notes"):
        html, notes = read_html(visit, data.get("html_notes"), "html_notes")
        return {"notes": notes, "html_notes": html}
    if data.has("notes"):
        return {"notes": data.text("notes"), "html_notes": from_plain(data.text("notes"))}
    return {}


def _dates(data: Data) -> dict[str, Any]:
    changes = {name: read_date(data, name) for name in ("due_on", "start_on") if data.has(name)}
    if "start_on" not in changes:
        return changes
    start, due = changes["start_on"], changes.get("due_on")
    if "due_on" not in changes or (start and not due):
        raise bad("due_on must be present in the request when setting or unsetting start_on")
    if start and due and start >= due:
        raise bad("The start date must come before the due date")
    return changes
