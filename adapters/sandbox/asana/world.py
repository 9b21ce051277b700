"""What the emulated Asana holds: plain records by gid, times as the strings Asana shows."""

from dataclasses import dataclass, field
from typing import Any, TypeAlias

from adapters.sandbox.asana.order import Order
from adapters.sandbox.asana.switches import Switches


@dataclass
class Workspace:
    """The one workspace; no organization, so projects need no team."""

    gid: str
    name: str


@dataclass
class User:
    """A member of the workspace."""

    gid: str
    name: str
    email: str


@dataclass
class Project:
    """A project; `sections` is the board's order."""

    gid: str
    name: str
    created_at: str
    modified_at: str
    owner: str | None
    notes: str = ""
    html_notes: str = "<body></body>"
    archived: bool = False
    color: str | None = None
    default_view: str = "board"
    due_on: str | None = None
    start_on: str | None = None
    privacy_setting: str = "public_to_workspace"
    sections: Order = field(default_factory=Order)
    members: list[str] = field(default_factory=list)


@dataclass
class Section:
    """A column of one project; `tasks` is their order in it."""

    gid: str
    name: str
    project: str
    created_at: str
    tasks: Order = field(default_factory=Order)


@dataclass
class Task:
    """A task or subtask; `homes` names its section in each of its projects.

    Of `due_on` and `due_at` only the one that was written is kept, the same for the start.
    """

    gid: str
    created_at: str
    modified_at: str
    created_by: str
    name: str = ""
    notes: str = ""
    html_notes: str = "<body></body>"
    resource_subtype: str = "default_task"
    completed: bool = False
    completed_at: str | None = None
    completed_by: str | None = None
    approval_status: str | None = None
    due_on: str | None = None
    due_at: str | None = None
    start_on: str | None = None
    start_at: str | None = None
    assignee: str | None = None
    parent: str | None = None
    subtasks: Order = field(default_factory=Order)
    homes: dict[str, str] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    followers: list[str] = field(default_factory=list)
    likes: list[str] = field(default_factory=list)
    dependencies: list[str] = field(default_factory=list)
    # Values of custom fields belong here once fields are emulated: {field gid: value}.


@dataclass
class Tag:
    """A tag; names are not unique."""

    gid: str
    name: str
    created_at: str
    color: str | None = None
    notes: str = ""


@dataclass
class Story:
    """A comment, or the service's own note of a change."""

    gid: str
    task: str
    created_at: str
    created_by: str
    type: str
    resource_subtype: str
    text: str
    html_text: str
    is_edited: bool = False
    is_pinned: bool = False


@dataclass
class Event:
    """One change as the events feed tells it; `streams` are the gids of all resources whose feed carries it."""

    seq: int
    created_at: str
    user: str
    kind: str
    gid: str
    name: str | None
    subtype: str | None
    action: str
    streams: list[str]
    parent: tuple[str, str] | None = None
    change: dict[str, Any] | None = None


Record: TypeAlias = Workspace | User | Project | Section | Task | Tag | Story


@dataclass
class World:
    """Everything there is. `last_gid` only grows, so no gid is given twice."""

    last_gid: int
    secret: str
    bot: str
    workspace: Workspace
    switches: Switches = field(default_factory=Switches)
    users: dict[str, User] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)
    sections: dict[str, Section] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    tags: dict[str, Tag] = field(default_factory=dict)
    stories: dict[str, Story] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    last_event: int = 0

    def find(self, kind: str, gid: str) -> Record | None:
        """The record of that kind ("task", "user", ...), None when there is none."""
        tables: dict[str, dict[str, Any]] = {
            "workspace": {self.workspace.gid: self.workspace},
            "user": self.users,
            "project": self.projects,
            "section": self.sections,
            "task": self.tasks,
            "tag": self.tags,
            "story": self.stories,
        }
        found: Record | None = tables[kind].get(gid)
        return found

    def stories_of(self, task: str) -> list[Story]:
        """Oldest first."""
        return [story for story in self.stories.values() if story.task == task]
