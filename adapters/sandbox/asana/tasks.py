"""Creating, reading, changing and deleting tasks."""

from adapters.sandbox.asana.answers import Answer, Created, Done, One
from adapters.sandbox.asana.ask import Ask
from adapters.sandbox.asana.errors import bad
from adapters.sandbox.asana.journal import added, deleted, tell
from adapters.sandbox.asana.lookup import each_in_body, in_body, in_path, users_in_body
from adapters.sandbox.asana.placement import MOST_PROJECTS, Spot, put_in, sections_of
from adapters.sandbox.asana.values import Ref
from adapters.sandbox.asana.visit import Visit
from adapters.sandbox.asana.world import Project, Section, Tag, Task, Workspace
from adapters.sandbox.asana.writing import apply, read_changes, set_silently, tell_assignment

CREATE_ONLY = ("projects", "memberships", "parent", "tags", "followers", "workspace")


def get_task(visit: Visit, ask: Ask) -> Answer:
    """GET /tasks/{task}."""
    return One(Ref("task", in_path(visit, ask, Task).gid))


def create_task(visit: Visit, ask: Ask) -> Answer:
    """POST /tasks: needs a workspace, projects or a parent."""
    data = ask.data
    if not any(data.get(name) for name in ("workspace", "parent", "projects")):
        raise bad("You should specify one of workspace, parent, projects")
    if data.get("workspace"):
        in_body(visit, Workspace, data.get("workspace"), "workspace")
    parent = in_body(visit, Task, data.get("parent"), "parent") if data.get("parent") else None
    return _create(visit, ask, parent)


def create_subtask(visit: Visit, ask: Ask) -> Answer:
    """POST /tasks/{task}/subtasks."""
    return _create(visit, ask, in_path(visit, ask, Task))


def update_task(visit: Visit, ask: Ask) -> Answer:
    """PUT /tasks/{task}: only what is sent; create-only fields are refused."""
    task = in_path(visit, ask, Task)
    for name in CREATE_ONLY:
        if ask.data.has(name):
            raise bad(f"{name}: Cannot write this property")
    apply(visit, task, read_changes(visit, ask, task))
    return One(Ref("task", task.gid))


def delete_task(visit: Visit, ask: Ask) -> Answer:
    """DELETE /tasks/{task}: there is no way back through the API."""
    remove_task(visit, in_path(visit, ask, Task))
    return Done()


def remove_task(visit: Visit, task: Task) -> None:
    """Deletes the task, its stories, every reference to it and, as switched, its subtasks."""
    for gid in task.subtasks.gids():
        child = visit.world.tasks[gid]
        if visit.switches.parent_delete_cascades:
            remove_task(visit, child)
        else:
            child.parent = None
    deleted(visit, Ref("task", task.gid))
    for section in task.homes.values():
        visit.world.sections[section].tasks.remove(task.gid)
    if task.parent:
        visit.world.tasks[task.parent].subtasks.remove(task.gid)
    for story in visit.world.stories_of(task.gid):
        del visit.world.stories[story.gid]
    for other in visit.world.tasks.values():
        other.dependencies = [gid for gid in other.dependencies if gid != task.gid]
    del visit.world.tasks[task.gid]


def _create(visit: Visit, ask: Ask, parent: Task | None) -> Answer:
    task = Task(gid="", created_at=visit.now, modified_at=visit.now, created_by=visit.caller)
    changes = read_changes(visit, ask, task)
    places = _places(visit, ask)
    tags = each_in_body(visit, ask, Tag, "tags")
    followers = [each.gid for each in users_in_body(visit, ask, "followers")]
    if parent is not None and visit.switches.parent_drops_projects:
        places = []
    task.gid = visit.new_gid()
    visit.world.tasks[task.gid] = task
    set_silently(task, changes)
    task.tags = [tag.gid for tag in tags]
    task.followers = list(dict.fromkeys([visit.caller, *([task.assignee] if task.assignee else []), *followers]))
    _settle(visit, task, parent, places)
    return Created(Ref("task", task.gid))


def _settle(visit: Visit, task: Task, parent: Task | None, places: list[Section]) -> None:
    if parent is not None:
        task.parent = parent.gid
        parent.subtasks.last(task.gid)
        added(visit, Ref("task", task.gid), Ref("task", parent.gid))
    for section in places:
        put_in(visit, task, section, Spot())
    if not places and parent is None:
        added(visit, Ref("task", task.gid), Ref("workspace", visit.world.workspace.gid))
    if task.assignee:
        tell_assignment(visit, task, None)
    if task.completed:
        tell(visit, task, "marked_complete", "marked this task complete")


def _places(visit: Visit, ask: Ask) -> list[Section]:
    """The section in each project: the one `memberships` names, else the project's first."""
    chosen = {project.gid: sections_of(visit, project)[0] for project in each_in_body(visit, ask, Project, "projects")}
    memberships = ask.data.get("memberships") or []
    if not isinstance(memberships, list):
        raise bad(f"memberships: Value is not an array: {memberships}")
    for at, entry in enumerate(memberships):
        section = _member_section(visit, entry, f"memberships: [{at}]")
        chosen[section.project] = section
    if len(chosen) > MOST_PROJECTS:
        raise bad(f"projects: A task can be in at most {MOST_PROJECTS} projects")
    return list(chosen.values())


def _member_section(visit: Visit, entry: object, name: str) -> Section:
    if not isinstance(entry, dict):
        raise bad(f"{name}: Value is not a JSON object: {entry}")
    project = in_body(visit, Project, entry.get("project"), f"{name}: project")
    if entry.get("section") is None:
        return sections_of(visit, project)[0]
    section = in_body(visit, Section, entry["section"], f"{name}: section")
    if section.project != project.gid:
        raise bad(f"{name}: section: Unknown object: {section.gid}")
    return section
