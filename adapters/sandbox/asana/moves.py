"""The actions that move a task: into a section, into and out of projects, under another parent."""

from adapters.sandbox.asana.answers import Answer, Done, One
from adapters.sandbox.asana.ask import Ask
from adapters.sandbox.asana.errors import bad
from adapters.sandbox.asana.journal import added, changed, removed
from adapters.sandbox.asana.lookup import in_body, in_path
from adapters.sandbox.asana.placement import Spot, moved, put_in, read_spot, require_anchor, sections_of, take_out
from adapters.sandbox.asana.values import Ref
from adapters.sandbox.asana.visit import Visit
from adapters.sandbox.asana.world import Project, Section, Task


def add_to_section(visit: Visit, ask: Ask) -> Answer:
    """POST /sections/{section}/addTask: at the top unless positioned."""
    section = in_path(visit, ask, Section)
    task = in_body(visit, Task, ask.data.required("task"), "task")
    spot = read_spot(ask.data, default_start=True)
    require_anchor(spot, section.tasks, "insert_before" if spot.before else "insert_after")
    put_in(visit, task, section, spot)
    return Done()


def add_to_project(visit: Visit, ask: Ask) -> Answer:
    """POST /tasks/{task}/addProject: at the end unless positioned."""
    task = in_path(visit, ask, Task)
    project = in_body(visit, Project, ask.data.required("project"), "project")
    spot = read_spot(ask.data, default_start=False)
    put_in(visit, task, _target(visit, ask, project, spot), spot)
    return Done()


def remove_from_project(visit: Visit, ask: Ask) -> Answer:
    """POST /tasks/{task}/removeProject: the task stays, even without any project."""
    task = in_path(visit, ask, Task)
    take_out(visit, task, in_body(visit, Project, ask.data.required("project"), "project"))
    return Done()


def set_parent(visit: Visit, ask: Ask) -> Answer:
    """POST /tasks/{task}/setParent: `parent` must be named, null detaches."""
    task = in_path(visit, ask, Task)
    if not ask.data.has("parent"):
        raise bad("parent: Missing input")
    value = ask.data.get("parent")
    parent = None if value is None else in_body(visit, Task, value, "parent")
    _refuse_cycle(visit, task, parent)
    spot = read_spot(ask.data, default_start=False)
    if parent is not None:
        require_anchor(spot, parent.subtasks, "insert_before" if spot.before else "insert_after")
    _reparent(visit, task, parent, spot)
    return One(Ref("task", task.gid))


def _target(visit: Visit, ask: Ask, project: Project, spot: Spot) -> Section:
    sections = sections_of(visit, project)
    if ask.data.get("section") is not None:
        named = in_body(visit, Section, ask.data.get("section"), "section")
        sections = [each for each in sections if each is named]
        if not sections:
            raise bad(f"section: Unknown object: {named.gid}")
    if spot.anchor is None:
        return sections[0] if spot.at_start else sections[-1]
    for section in sections:
        if spot.anchor in section.tasks:
            return section
    raise bad(f"{'insert_before' if spot.before else 'insert_after'}: Unknown object: {spot.anchor}")


def _reparent(visit: Visit, task: Task, parent: Task | None, spot: Spot) -> None:
    me, old = Ref("task", task.gid), visit.world.tasks.get(task.parent or "")
    if old is not None and old is not parent:
        old.subtasks.remove(task.gid)
        task.parent = None
        removed(visit, me, Ref("task", old.gid))
    if parent is not None:
        spot.put(parent.subtasks, task.gid)
        task.parent = parent.gid
    if old is parent:
        return
    changed(visit, me, "parent", Ref("task", parent.gid) if parent else None)
    if parent is not None:
        added(visit, me, Ref("task", parent.gid))
    moved(visit, task)


def _refuse_cycle(visit: Visit, task: Task, parent: Task | None) -> None:
    above = parent
    while above is not None:
        if above is task:
            raise bad("parent: A task cannot be a subtask of itself or of one of its subtasks")
        above = visit.world.tasks.get(above.parent or "")
