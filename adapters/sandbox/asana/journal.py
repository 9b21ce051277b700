"""Every change leaves an event for the feeds it bubbles up to, and the main ones leave a system story."""

from datetime import datetime, timedelta
from typing import Any

from adapters.sandbox.asana.richtext import from_plain
from adapters.sandbox.asana.values import Ref
from adapters.sandbox.asana.visit import Visit
from adapters.sandbox.asana.world import Event, Section, Story, Task, World

KEPT = timedelta(hours=24)


def changed(visit: Visit, ref: Ref, field: str, value: Ref | None = None, action: str = "changed") -> None:
    """A field changed; `value` goes along only if it is an object, as Asana does."""
    change: dict[str, Any] = {"field": field, "action": action}
    if value is not None:
        word = {"changed": "new_value", "added": "added_value", "removed": "removed_value"}[action]
        change[word] = [value.kind, value.gid]
    _append(visit, ref, "changed", change=change)


def added(visit: Visit, ref: Ref, parent: Ref) -> None:
    """A record came under a parent."""
    _append(visit, ref, "added", parent=parent)


def removed(visit: Visit, ref: Ref, parent: Ref) -> None:
    """A record left a parent; the parent's feed is told although the bond is gone already."""
    _append(visit, ref, "removed", parent=parent)


def deleted(visit: Visit, ref: Ref) -> None:
    """A record is about to be deleted; to be called while it is still there."""
    _append(visit, ref, "deleted")


def tell(visit: Visit, task: Task, subtype: str, text: str) -> Story:
    """A system story; the words after the name are Asana's of 2026."""
    return add_story(visit, task, "system", subtype, f"{visit.me.name} {text}")


def add_story(visit: Visit, task: Task, kind: str, subtype: str, text: str, html: str | None = None) -> Story:
    """A story by the caller, and its event."""
    story = Story(
        gid=visit.new_gid(),
        task=task.gid,
        created_at=visit.now,
        created_by=visit.caller,
        type=kind,
        resource_subtype=subtype,
        text=text,
        html_text=from_plain(text) if html is None else html,
    )
    visit.world.stories[story.gid] = story
    added(visit, Ref("story", story.gid), Ref("task", task.gid))
    return story


def _append(
    visit: Visit, ref: Ref, action: str, parent: Ref | None = None, change: dict[str, Any] | None = None
) -> None:
    world = visit.world
    record = world.find(ref.kind, ref.gid)
    world.last_event += 1
    streams = _streams(world, ref) | (_streams(world, parent) if parent else set())
    event = Event(
        seq=world.last_event,
        created_at=visit.now,
        user=visit.caller,
        kind=ref.kind,
        gid=ref.gid,
        name=getattr(record, "name", None),
        subtype=getattr(record, "resource_subtype", None),
        action=action,
        streams=sorted(streams),
        parent=(parent.kind, parent.gid) if parent else None,
        change=change,
    )
    world.events.append(event)
    _forget_old(visit)


def _forget_old(visit: Visit) -> None:
    events = visit.world.events
    while events and visit.moment - datetime.fromisoformat(events[0].created_at) > KEPT:
        del events[0]


def _streams(world: World, ref: Ref) -> set[str]:
    record = world.find(ref.kind, ref.gid)
    if isinstance(record, Story):
        return _task_streams(world, world.tasks[record.task])
    if isinstance(record, Task):
        return _task_streams(world, record)
    if isinstance(record, Section):
        return {record.gid, record.project}
    return {ref.gid}


def _task_streams(world: World, task: Task) -> set[str]:
    above = _task_streams(world, world.tasks[task.parent]) if task.parent else set()
    return {task.gid, *task.homes, *above}
