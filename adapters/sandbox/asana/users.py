"""Users and the workspace: read only, as far as the emulator goes."""

from adapters.sandbox.asana.answers import Answer, Many, One, Row, by_gid
from adapters.sandbox.asana.ask import Ask
from adapters.sandbox.asana.lookup import in_path, in_query, user_in_path
from adapters.sandbox.asana.values import Ref
from adapters.sandbox.asana.visit import Visit
from adapters.sandbox.asana.world import Workspace

MOST_IN_WORKSPACE = 2000


def get_user(visit: Visit, ask: Ask) -> Answer:
    """GET /users/{user}, the user being a gid, an e-mail address or `me`."""
    return One(Ref("user", user_in_path(visit, ask).gid))


def list_users(visit: Visit, ask: Ask) -> Answer:
    """GET /users, by gid."""
    if "workspace" in ask.query:
        in_query(visit, ask, Workspace, "workspace")
    return by_gid("user", list(visit.world.users))


def workspace_users(visit: Visit, ask: Ask) -> Answer:
    """GET /workspaces/{workspace}/users, by name, at most 2,000 of them."""
    in_path(visit, ask, Workspace)
    rows = [Row((user.name.lower(), int(user.gid)), Ref("user", user.gid)) for user in visit.world.users.values()]
    rows.sort(key=lambda row: row.key)
    return Many(rows[:MOST_IN_WORKSPACE], most=MOST_IN_WORKSPACE)


def list_workspaces(visit: Visit, _: Ask) -> Answer:
    """GET /workspaces."""
    return by_gid("workspace", [visit.world.workspace.gid])


def get_workspace(visit: Visit, ask: Ask) -> Answer:
    """GET /workspaces/{workspace}."""
    return One(Ref("workspace", in_path(visit, ask, Workspace).gid))
