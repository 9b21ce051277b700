"""Lists of tasks: board order in projects and sections, the exactly-one rule of GET /tasks, and its time filters."""

from collections.abc import Callable, Iterable
from typing import TypeAlias

from adapters.sandbox.asana.answers import Answer, Many, Row
from adapters.sandbox.asana.ask import Ask
from adapters.sandbox.asana.dates import read_time
from adapters.sandbox.asana.errors import bad
from adapters.sandbox.asana.lookup import in_path, in_query, is_gid, user
from adapters.sandbox.asana.values import Ref
from adapters.sandbox.asana.visit import Visit
from adapters.sandbox.asana.world import Project, Section, Tag, Task, Workspace

NO_FILTER = "You should specify one of workspace, project, tag, section, user_task_list"
NOT_ONE_FILTER = "Must specify exactly one of project, tag, section, user task list, or assignee + workspace"
SOURCES = ("project", "tag", "section", "user_task_list")
Test: TypeAlias = Callable[[Task], bool]


def list_tasks(visit: Visit, ask: Ask) -> Answer:
    """GET /tasks."""
    rows = _source(visit, ask)
    return _kept(visit, rows, [_completed_since(ask), _modified_since(ask)])


def project_tasks(visit: Visit, ask: Ask) -> Answer:
    """GET /projects/{project}/tasks; `modified_since` is not a parameter here."""
    return _kept(visit, _of_project(visit, in_path(visit, ask, Project)), [_completed_since(ask)])


def section_tasks(visit: Visit, ask: Ask) -> Answer:
    """GET /sections/{section}/tasks."""
    return _kept(visit, _of_section(in_path(visit, ask, Section)), [_completed_since(ask)])


def tag_tasks(visit: Visit, ask: Ask) -> Answer:
    """GET /tags/{tag}/tasks."""
    return Many(_of_tag(visit, in_path(visit, ask, Tag)))


def subtasks(visit: Visit, ask: Ask) -> Answer:
    """GET /tasks/{task}/subtasks, in their order."""
    ranks = in_path(visit, ask, Task).subtasks.ranks
    return Many([Row((rank,), Ref("task", gid)) for gid, rank in ranks.items()])


def _source(visit: Visit, ask: Ask) -> list[Row]:
    named = [name for name in SOURCES if name in ask.query]
    people = [name for name in ("assignee", "workspace") if name in ask.query]
    if not named and not people:
        raise bad(NO_FILTER)
    if len(named) > 1 or (named and people) or len(people) == 1:
        raise bad(NOT_ONE_FILTER)
    if not named:
        return _of_assignee(visit, ask)
    if named == ["project"]:
        return _of_project(visit, in_query(visit, ask, Project, "project"))
    if named == ["section"]:
        return _of_section(in_query(visit, ask, Section, "section"))
    if named == ["tag"]:
        return _of_tag(visit, in_query(visit, ask, Tag, "tag"))
    return _of_user_task_list(ask.query["user_task_list"])


def _of_project(visit: Visit, project: Project) -> list[Row]:
    return [
        Row((rank, *row.key), row.value)
        for gid, rank in project.sections.ranks.items()
        for row in _of_section(visit.world.sections[gid])
    ]


def _of_section(section: Section) -> list[Row]:
    return [Row((rank,), Ref("task", gid)) for gid, rank in section.tasks.ranks.items()]


def _of_tag(visit: Visit, tag: Tag) -> list[Row]:
    return _by_gid(task for task in visit.world.tasks.values() if tag.gid in task.tags)


def _of_assignee(visit: Visit, ask: Ask) -> list[Row]:
    in_query(visit, ask, Workspace, "workspace")
    found = user(visit, ask.query["assignee"])
    if found is None:
        raise bad(f"assignee: Not a user in Organization: {ask.query['assignee']}")
    return _by_gid(task for task in visit.world.tasks.values() if task.assignee == found.gid)


def _of_user_task_list(gid: str) -> list[Row]:
    # My Tasks lists are not emulated, so no gid names one.
    raise bad(f"user_task_list: Unknown object: {gid}" if is_gid(gid) else "user_task_list: Not a Long")


def _by_gid(tasks: Iterable[Task]) -> list[Row]:
    return [Row((int(task.gid),), Ref("task", task.gid)) for task in tasks]


def _kept(visit: Visit, rows: list[Row], tests: list[Test]) -> Many:
    return Many([row for row in rows if all(test(_task(visit, row)) for test in tests)])


def _task(visit: Visit, row: Row) -> Task:
    assert isinstance(row.value, Ref)
    return visit.world.tasks[row.value.gid]


def _completed_since(ask: Ask) -> Test:
    asked = ask.query.get("completed_since")
    if asked is None:
        return lambda _: True
    if asked == "now":
        return lambda task: not task.completed
    since = read_time(asked, "completed_since") or ""
    return lambda task: task.completed_at is None or task.completed_at >= since


def _modified_since(ask: Ask) -> Test:
    since = read_time(ask.query.get("modified_since"), "modified_since") or ""
    return lambda task: task.modified_at >= since
