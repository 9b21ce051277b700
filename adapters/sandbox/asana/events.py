"""The events feed: a sync token per resource, 100 events a token, 24 hours; without a good token a 412 gives one."""

from typing import Any

from adapters.sandbox.asana.answers import Answer, Feed
from adapters.sandbox.asana.ask import Ask
from adapters.sandbox.asana.errors import bad, sync_needed
from adapters.sandbox.asana.lookup import is_gid
from adapters.sandbox.asana.signing import opened, sealed
from adapters.sandbox.asana.values import Ref, Value
from adapters.sandbox.asana.visit import Visit
from adapters.sandbox.asana.world import Event

MOST_PER_TOKEN = 100
TOKEN_SECONDS = 24 * 3600


def list_events(visit: Visit, ask: Ask) -> Answer:
    """GET /events?resource=&sync=."""
    resource = _resource(visit, ask)
    visible = [event for event in visit.world.events if event.created_at <= visit.ago(visit.switches.event_lag)]
    end = visible[-1].seq if visible else visit.world.last_event - len(visit.world.events)
    position = _position(visit, resource, ask.query.get("sync", ""))
    if position is None:
        raise sync_needed(_token(visit, resource, end))
    new = [event for event in visible if event.seq > position and resource in event.streams]
    page, more = new[:MOST_PER_TOKEN], len(new) > MOST_PER_TOKEN
    sync = _token(visit, resource, page[-1].seq if more else max(end, position))
    return Feed([_shown(visit, event) for event in page], {"sync": sync, "has_more": more})


def _resource(visit: Visit, ask: Ask) -> str:
    value = ask.query.get("resource")
    if value is None:
        raise bad("resource: Missing input")
    if not is_gid(value):
        raise bad("resource: Not a Long")
    if value not in visit.world.projects and value not in visit.world.tasks:
        raise bad(f"resource: Unknown object: {value}")
    return value


def _token(visit: Visit, resource: str, position: int) -> str:
    payload = {"resource": resource, "position": position, "issued": visit.moment.timestamp()}
    return sealed(visit.world.secret, payload)


def _position(visit: Visit, resource: str, token: str) -> int | None:
    payload = opened(visit.world.secret, token) or {}
    if payload.get("resource") != resource or visit.moment.timestamp() - payload["issued"] > TOKEN_SECONDS:
        return None
    return int(payload["position"])


def _shown(visit: Visit, event: Event) -> Value:
    shown: dict[str, Value] = {
        "user": Ref("user", event.user),
        "created_at": event.created_at,
        "type": event.kind,
        "action": event.action,
        "resource": _named(visit, event),
        "parent": _object(visit, event.parent),
    }
    if event.change is not None:
        shown["change"] = {name: _change_value(visit, value) for name, value in event.change.items()}
    return shown


def _named(visit: Visit, event: Event) -> Value:
    """The record itself, or what is remembered of a deleted one."""
    if visit.world.find(event.kind, event.gid) is not None:
        return Ref(event.kind, event.gid)
    gone: dict[str, Value] = {"gid": event.gid, "resource_type": event.kind, "name": event.name}
    return gone if event.subtype is None else {**gone, "resource_subtype": event.subtype}


def _object(visit: Visit, named: Any) -> Value:
    if named is None:
        return None
    kind, gid = named
    if visit.world.find(kind, gid) is not None:
        return Ref(kind, gid)
    return {"gid": gid, "resource_type": kind}


def _change_value(visit: Visit, value: Any) -> Value:
    return value if isinstance(value, str) else _object(visit, value)
