"""Names to records: an unknown gid is a 404 in the path and a 400 in the body or the query."""

from typing import TypeVar

from adapters.sandbox.asana.ask import Ask
from adapters.sandbox.asana.errors import RefusedError, bad, refused
from adapters.sandbox.asana.visit import Visit
from adapters.sandbox.asana.world import Project, Section, Story, Tag, Task, User, Workspace

KINDS: dict[type, str] = {
    Workspace: "workspace",
    User: "user",
    Project: "project",
    Section: "section",
    Task: "task",
    Tag: "tag",
    Story: "story",
}
R = TypeVar("R", Workspace, User, Project, Section, Task, Tag, Story)


def is_gid(value: object) -> bool:
    """Whether the value has the form of a gid: a string of digits."""
    return isinstance(value, str) and value.isascii() and value.isdigit()


def in_path(visit: Visit, ask: Ask, kind: type[R]) -> R:
    """The record the path names; 404 when there is none."""
    name = KINDS[kind]
    found = visit.world.find(name, ask.params[name])
    if not isinstance(found, kind):
        raise refused(404, f"{name}: Not a recognized ID: {ask.params[name]}")
    return found


def in_body(visit: Visit, kind: type[R], value: object, name: str) -> R:
    """The record a field of the body names; 400 when there is none."""
    found = visit.world.find(KINDS[kind], value) if isinstance(value, str) else None
    if not isinstance(found, kind):
        raise _unknown(name, value)
    return found


def in_query(visit: Visit, ask: Ask, kind: type[R], name: str) -> R:
    """The record a query parameter names; 400 when it is no gid or names nothing."""
    value = ask.query.get(name, "")
    if not is_gid(value):
        raise bad(f"{name}: Not a Long")
    return in_body(visit, kind, value, name)


def user(visit: Visit, value: object) -> User | None:
    """The user a gid, an e-mail address or `me` stands for."""
    if not isinstance(value, str):
        return None
    if value == "me":
        return visit.me
    by_email = (each for each in visit.world.users.values() if each.email.lower() == value.lower())
    return visit.world.users.get(value) or next(by_email, None)


def user_in_path(visit: Visit, ask: Ask) -> User:
    """The user the path names by gid, e-mail or `me`; 404 when there is none."""
    found = user(visit, ask.params["user"])
    if found is None:
        raise refused(404, f"user: Not a recognized ID: {ask.params['user']}")
    return found


def user_in_body(visit: Visit, value: object, name: str) -> User:
    """The user a field of the body names; 400 when there is none."""
    found = user(visit, value)
    if found is None:
        raise _unknown(name, value)
    return found


def each_in_body(visit: Visit, ask: Ask, kind: type[R], name: str) -> list[R]:
    """The records a list in the body names, each once; the 400 tells which entry is unknown."""
    found = [in_body(visit, kind, value, f"{name}: [{at}]") for at, value in enumerate(ask.data.idents(name))]
    return list({each.gid: each for each in found}.values())


def users_in_body(visit: Visit, ask: Ask, name: str) -> list[User]:
    """The users a list in the body names, each once; the 400 tells which entry is unknown."""
    found = [user_in_body(visit, value, f"{name}: [{at}]") for at, value in enumerate(ask.data.idents(name))]
    return list({each.gid: each for each in found}.values())


def _unknown(name: str, value: object) -> RefusedError:
    return bad(f"{name}: {'Unknown object' if is_gid(value) else 'Not a recognized ID'}: {value}")
