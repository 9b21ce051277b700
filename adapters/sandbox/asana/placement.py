"""Where a task stands: its sections and projects, and the stories and events a move leaves."""

from dataclasses import dataclass

from adapters.sandbox.asana.body import Data
from adapters.sandbox.asana.errors import bad
from adapters.sandbox.asana.journal import added, changed, removed, tell
from adapters.sandbox.asana.order import Order
from adapters.sandbox.asana.values import Ref
from adapters.sandbox.asana.visit import Visit
from adapters.sandbox.asana.world import Project, Section, Task

MOST_PROJECTS = 20


@dataclass(frozen=True)
class Spot:
    """A place in an order: before or after an anchor, else at the start or the end."""

    before: str | None = None
    after: str | None = None
    at_start: bool = False

    @property
    def anchor(self) -> str | None:
        """The gid the place is relative to."""
        return self.before or self.after

    def put(self, order: Order, gid: str) -> None:
        """Puts the gid there; the anchor must be in the order."""
        if gid == self.anchor:
            return
        if self.before:
            order.before(gid, self.before)
        elif self.after:
            order.after(gid, self.after)
        elif self.at_start:
            order.first(gid)
        else:
            order.last(gid)


def read_spot(data: Data, *, default_start: bool, before: str = "insert_before", after: str = "insert_after") -> Spot:
    """The place a request names; null before means the end, null after the start; 400 for both anchors."""
    if data.has(before) and data.has(after):
        raise bad(f"You may only provide one of {before} or {after}!")
    for name in (before, after):
        if not isinstance(data.get(name), str | None):
            raise bad(f"{name}: Not a recognized ID: {data.get(name)}")
    if data.has(after):
        return Spot(after=data.get(after), at_start=True)
    if data.has(before):
        return Spot(before=data.get(before))
    return Spot(at_start=default_start)


def require_anchor(spot: Spot, order: Order, name: str) -> None:
    """400 when the anchor is not in the order."""
    if spot.anchor is not None and spot.anchor not in order:
        raise bad(f"{name}: Unknown object: {spot.anchor}")


def sections_of(visit: Visit, project: Project) -> list[Section]:
    """In the order of the board."""
    return [visit.world.sections[gid] for gid in project.sections.gids()]


def put_in(visit: Visit, task: Task, section: Section, spot: Spot, *, quiet: bool = False) -> None:
    """Makes the section the task's only one in its project. `quiet` leaves no story (a new task has its own)."""
    old = visit.world.sections.get(task.homes.get(section.project, ""))
    if old is None:
        _refuse_too_many(task)
    if old is not None and old is not section:
        old.tasks.remove(task.gid)
    spot.put(section.tasks, task.gid)
    task.homes[section.project] = section.gid
    if old is not section:
        _record_move(visit, task, old, section, quiet=quiet)


def take_out(visit: Visit, task: Task, project: Project) -> None:
    """Takes the task out of the project; no error when it is not in it."""
    home = task.homes.pop(project.gid, None)
    if home is None:
        return
    visit.world.sections[home].tasks.remove(task.gid)
    removed(visit, Ref("task", task.gid), Ref("project", project.gid))
    tell(visit, task, "removed_from_project", f"removed this task from {project.name}")
    moved(visit, task)


def moved(visit: Visit, task: Task) -> None:
    """`modified_at` after a change of container or tag, as switched."""
    if visit.switches.moves_modify:
        task.modified_at = visit.now


def _refuse_too_many(task: Task) -> None:
    if len(task.homes) >= MOST_PROJECTS:
        raise bad(f"projects: A task can be in at most {MOST_PROJECTS} projects")


def _record_move(visit: Visit, task: Task, old: Section | None, new: Section, *, quiet: bool) -> None:
    project, me = visit.world.projects[new.project], Ref("task", task.gid)
    if old is None:
        added(visit, me, Ref("project", project.gid))
        if not quiet:
            tell(visit, task, "added_to_project", f"added this task to {project.name}")
    else:
        removed(visit, me, Ref("section", old.gid))
        changed(visit, me, "memberships")
        tell(visit, task, "section_changed", f'moved this Task from "{old.name}" to "{new.name}" in {project.name}')
    added(visit, me, Ref("section", new.gid))
    moved(visit, task)
