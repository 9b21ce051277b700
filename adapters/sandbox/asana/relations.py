"""Tags, followers and dependencies of a task."""

from adapters.sandbox.asana.answers import Answer, Done, One, by_place
from adapters.sandbox.asana.ask import Ask
from adapters.sandbox.asana.errors import bad
from adapters.sandbox.asana.journal import changed, tell
from adapters.sandbox.asana.lookup import each_in_body, in_body, in_path, users_in_body
from adapters.sandbox.asana.placement import moved
from adapters.sandbox.asana.task_view import dependents
from adapters.sandbox.asana.values import Ref
from adapters.sandbox.asana.visit import Visit
from adapters.sandbox.asana.world import Tag, Task

MOST_RELATED = 30


def add_tag(visit: Visit, ask: Ask) -> Answer:
    """POST /tasks/{task}/addTag; no error when it has the tag."""
    task = in_path(visit, ask, Task)
    tag = in_body(visit, Tag, ask.data.required("tag"), "tag")
    if tag.gid not in task.tags:
        task.tags.append(tag.gid)
        changed(visit, Ref("task", task.gid), "tags", Ref("tag", tag.gid), "added")
        tell(visit, task, "added_to_tag", f"added to {tag.name}")
        moved(visit, task)
    return Done()


def remove_tag(visit: Visit, ask: Ask) -> Answer:
    """POST /tasks/{task}/removeTag; no error when it has no such tag."""
    task = in_path(visit, ask, Task)
    tag = in_body(visit, Tag, ask.data.required("tag"), "tag")
    if tag.gid in task.tags:
        task.tags.remove(tag.gid)
        changed(visit, Ref("task", task.gid), "tags", Ref("tag", tag.gid), "removed")
        tell(visit, task, "removed_from_tag", f"removed from {tag.name}")
        moved(visit, task)
    return Done()


def task_tags(visit: Visit, ask: Ask) -> Answer:
    """GET /tasks/{task}/tags."""
    return by_place("tag", in_path(visit, ask, Task).tags)


def task_projects(visit: Visit, ask: Ask) -> Answer:
    """GET /tasks/{task}/projects."""
    return by_place("project", list(in_path(visit, ask, Task).homes))


def add_followers(visit: Visit, ask: Ask) -> Answer:
    """POST /tasks/{task}/addFollowers."""
    task = in_path(visit, ask, Task)
    for follower in _followers(visit, ask):
        if follower not in task.followers:
            task.followers.append(follower)
            changed(visit, Ref("task", task.gid), "followers", Ref("user", follower), "added")
    return One(Ref("task", task.gid))


def remove_followers(visit: Visit, ask: Ask) -> Answer:
    """POST /tasks/{task}/removeFollowers."""
    task = in_path(visit, ask, Task)
    for follower in _followers(visit, ask):
        if follower in task.followers:
            task.followers.remove(follower)
            changed(visit, Ref("task", task.gid), "followers", Ref("user", follower), "removed")
    return One(Ref("task", task.gid))


def list_dependencies(visit: Visit, ask: Ask) -> Answer:
    """GET /tasks/{task}/dependencies."""
    return by_place("task", in_path(visit, ask, Task).dependencies)


def list_dependents(visit: Visit, ask: Ask) -> Answer:
    """GET /tasks/{task}/dependents."""
    return by_place("task", dependents(visit, in_path(visit, ask, Task)))


def add_dependencies(visit: Visit, ask: Ask) -> Answer:
    """POST /tasks/{task}/addDependencies: the task waits for the named ones."""
    return _link(visit, [(in_path(visit, ask, Task), other) for other in _others(visit, ask, "dependencies")])


def add_dependents(visit: Visit, ask: Ask) -> Answer:
    """POST /tasks/{task}/addDependents: the named ones wait for the task."""
    return _link(visit, [(other, in_path(visit, ask, Task)) for other in _others(visit, ask, "dependents")])


def remove_dependencies(visit: Visit, ask: Ask) -> Answer:
    """POST /tasks/{task}/removeDependencies."""
    return _unlink([(in_path(visit, ask, Task), other) for other in _others(visit, ask, "dependencies")])


def remove_dependents(visit: Visit, ask: Ask) -> Answer:
    """POST /tasks/{task}/removeDependents."""
    return _unlink([(other, in_path(visit, ask, Task)) for other in _others(visit, ask, "dependents")])


def _followers(visit: Visit, ask: Ask) -> list[str]:
    ask.data.required("followers")
    return [user.gid for user in users_in_body(visit, ask, "followers")]


def _others(visit: Visit, ask: Ask, name: str) -> list[Task]:
    task = in_path(visit, ask, Task)
    ask.data.required(name)
    others = each_in_body(visit, ask, Task, name)
    if task in others:
        raise bad(f"{name}: A task cannot depend on itself")
    return others


def _link(visit: Visit, pairs: list[tuple[Task, Task]]) -> Answer:
    new = [(waiting, first) for waiting, first in pairs if first.gid not in waiting.dependencies]
    for task in {task.gid: task for pair in new for task in pair}.values():
        related = len(task.dependencies) + len(dependents(visit, task))
        if related + sum(task in pair for pair in new) > MOST_RELATED:
            raise bad(f"A task can have at most {MOST_RELATED} dependencies and dependents")
    for waiting, first in new:
        waiting.dependencies.append(first.gid)
        changed(visit, Ref("task", waiting.gid), "dependencies", Ref("task", first.gid), "added")
    return Done()


def _unlink(pairs: list[tuple[Task, Task]]) -> Answer:
    for waiting, first in pairs:
        if first.gid in waiting.dependencies:
            waiting.dependencies.remove(first.gid)
    return Done()
