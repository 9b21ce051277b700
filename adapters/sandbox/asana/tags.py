"""Tags of the workspace; names are not unique."""

from adapters.sandbox.asana.answers import Answer, Created, Done, One, by_gid
from adapters.sandbox.asana.ask import Ask
from adapters.sandbox.asana.journal import changed, deleted
from adapters.sandbox.asana.lookup import in_body, in_path, in_query
from adapters.sandbox.asana.values import Ref
from adapters.sandbox.asana.visit import Visit
from adapters.sandbox.asana.world import Tag, Workspace


def list_tags(visit: Visit, ask: Ask) -> Answer:
    """GET /tags."""
    if "workspace" in ask.query:
        in_query(visit, ask, Workspace, "workspace")
    return by_gid("tag", list(visit.world.tags))


def workspace_tags(visit: Visit, ask: Ask) -> Answer:
    """GET /workspaces/{workspace}/tags."""
    in_path(visit, ask, Workspace)
    return by_gid("tag", list(visit.world.tags))


def create_tag(visit: Visit, ask: Ask) -> Answer:
    """POST /tags."""
    in_body(visit, Workspace, ask.data.required("workspace"), "workspace")
    return _create(visit, ask)


def create_in_workspace(visit: Visit, ask: Ask) -> Answer:
    """POST /workspaces/{workspace}/tags."""
    in_path(visit, ask, Workspace)
    return _create(visit, ask)


def new_tag(visit: Visit, name: str) -> Tag:
    """A tag without colour."""
    tag = Tag(gid=visit.new_gid(), name=name, created_at=visit.now)
    visit.world.tags[tag.gid] = tag
    return tag


def get_tag(visit: Visit, ask: Ask) -> Answer:
    """GET /tags/{tag}."""
    return One(Ref("tag", in_path(visit, ask, Tag).gid))


def update_tag(visit: Visit, ask: Ask) -> Answer:
    """PUT /tags/{tag}: name, colour, notes."""
    tag = in_path(visit, ask, Tag)
    _fill(tag, ask)
    changed(visit, Ref("tag", tag.gid), "name")
    return One(Ref("tag", tag.gid))


def delete_tag(visit: Visit, ask: Ask) -> Answer:
    """DELETE /tags/{tag}: it leaves every task."""
    tag = in_path(visit, ask, Tag)
    deleted(visit, Ref("tag", tag.gid))
    for task in visit.world.tasks.values():
        task.tags = [gid for gid in task.tags if gid != tag.gid]
    del visit.world.tags[tag.gid]
    return Done()


def _create(visit: Visit, ask: Ask) -> Answer:
    ask.data.required("name")
    ask.data.text("name")
    tag = new_tag(visit, "")
    _fill(tag, ask)
    return Created(Ref("tag", tag.gid))


def _fill(tag: Tag, ask: Ask) -> None:
    for name in ("name", "notes"):
        if ask.data.has(name):
            setattr(tag, name, ask.data.text(name))
    if ask.data.has("color"):
        tag.color = ask.data.get("color")
