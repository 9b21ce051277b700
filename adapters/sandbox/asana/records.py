"""How every kind of record but the task is shown, and the table of all of them."""

from typing import Any

from adapters.sandbox.asana.task_view import TASK
from adapters.sandbox.asana.values import Value
from adapters.sandbox.asana.view import Reader, View, fixed, many, one, plain, plains, workspace
from adapters.sandbox.asana.visit import Visit
from adapters.sandbox.asana.world import Project, Story

NAMED = ("name", "resource_type")


def _link(kind: str) -> Reader:
    def read(visit: Visit, record: Any) -> Value:
        return f"https://app.asana.com/1/{visit.world.workspace.gid}/{kind}/{record.gid}"

    return read


def _public(_: Visit, project: Project) -> Value:
    return project.privacy_setting == "public_to_workspace"


def _editable(visit: Visit, story: Story) -> Value:
    return story.created_by == visit.caller


def _is_comment(story: Story) -> bool:
    return story.type == "comment"


WORKSPACE = View(
    kind="workspace",
    compact=NAMED,
    full=("email_domains", "is_organization", *NAMED),
    readers={**plains("name"), "email_domains": fixed([]), "is_organization": fixed(False)},
)
USER = View(
    kind="user",
    compact=NAMED,
    full=("email", "name", "photo", "resource_type", "workspaces"),
    readers={
        **plains("email", "name"),
        "photo": fixed(None),
        "workspaces": lambda visit, user: [workspace(visit, user)],
    },
)
PROJECT = View(
    kind="project",
    compact=NAMED,
    full=(
        *("archived", "color", "completed", "completed_at", "completed_by", "created_at", "created_from_template"),
        *("current_status", "current_status_update", "custom_field_settings", "custom_fields"),
        *("default_access_level", "default_view", "due_date", "due_on", "followers", "icon", "members"),
        *("modified_at", "name", "notes", "owner", "permalink_url", "privacy_setting", "project_brief", "public"),
        *("resource_type", "start_on", "team", "workspace"),
    ),
    readers={
        **plains("archived", "color", "created_at", "default_view", "due_on", "html_notes", "modified_at", "name"),
        **plains("notes", "privacy_setting", "start_on"),
        "completed": fixed(False),
        "completed_at": fixed(None),
        "completed_by": fixed(None),
        "created_from_template": fixed(None),
        "current_status": fixed(None),
        "current_status_update": fixed(None),
        "custom_field_settings": fixed([]),
        "custom_fields": fixed([]),
        "default_access_level": fixed("editor"),
        "due_date": plain("due_on"),
        "followers": many("user", "members"),
        "icon": fixed("list"),
        "members": many("user", "members"),
        "owner": one("user", "owner"),
        "permalink_url": _link("project"),
        "project_brief": fixed(None),
        "public": _public,
        "team": fixed(None),
        "workspace": workspace,
    },
)
SECTION = View(
    kind="section",
    compact=NAMED,
    full=("created_at", "name", "project", "projects", "resource_type"),
    readers={
        **plains("created_at", "name"),
        "project": one("project", "project"),
        "projects": lambda visit, section: [one("project", "project")(visit, section)],
    },
)
TAG = View(
    kind="tag",
    compact=NAMED,
    full=("color", "created_at", "followers", "name", "notes", "permalink_url", "resource_type", "workspace"),
    readers={
        **plains("color", "created_at", "name", "notes"),
        "followers": fixed([]),
        "permalink_url": _link("tag"),
        "workspace": workspace,
    },
)
STORY = View(
    kind="story",
    compact=("created_at", "created_by", "resource_type", "text", "type", "resource_subtype"),
    full=(
        *("created_at", "created_by", "hearted", "hearts", "is_editable", "is_edited", "is_pinned", "liked", "likes"),
        *("num_hearts", "num_likes", "previews", "resource_type", "source", "target", "text", "type"),
        "resource_subtype",
    ),
    readers={
        **plains("created_at", "html_text", "is_edited", "is_pinned", "resource_subtype", "text", "type"),
        "created_by": one("user", "created_by"),
        "hearted": fixed(False),
        "hearts": fixed([]),
        "is_editable": _editable,
        "liked": fixed(False),
        "likes": fixed([]),
        "num_hearts": fixed(0),
        "num_likes": fixed(0),
        "previews": fixed([]),
        "source": fixed("api"),
        "target": one("task", "task"),
        "task": one("task", "task"),
    },
    only_if=dict.fromkeys(("is_editable", "is_edited", "is_pinned"), _is_comment),
)
# A custom field's view belongs here once fields are emulated.
VIEWS = {view.kind: view for view in (WORKSPACE, USER, PROJECT, SECTION, TASK, TAG, STORY)}
