"""Translates between Asana's payloads and the model: what is written reads back, and what was read needs no write."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from syncer.core.model import Field, Item, Notice, Shown, TaskKind, Unreadable, Value
from syncer.core.people import People
from syncer.core.stages import stage_key

SERVICE = "asana"
UNTITLED = "Untitled section"
"""The section every new project has; a task there stands in no stage."""
ARCHIVED = "Archived"
"""The section that holds archived tasks; it is no stage."""

HOLDS = frozenset(Field)

KINDS_WITHOUT_START = frozenset({TaskKind.MILESTONE.value})

_KINDS = {
    "default_task": TaskKind.TASK,
    "milestone": TaskKind.MILESTONE,
    "approval": TaskKind.APPROVAL,
}
_SUBTYPES = {kind: subtype for subtype, kind in _KINDS.items()}

Payload = Mapping[str, Any]


class Unwritable(ValueError):
    """A value that Asana cannot show; the message says so to people and nothing was sent."""


@dataclass(frozen=True)
class TagChange:
    """What brings a task's tags to the wanted ones: names to add, gids to take off."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


def to_item(task: Payload, project: str, people: People) -> Item:
    """The task as an item. Raises ValueError where the payload is not a task's."""
    return Item(
        remote_id=_text(task, "gid"),
        fields=to_fields(task, project, people),
        place=_place(task),
        version=task.get("modified_at"),
        changed_at=_instant(task.get("modified_at")),
        created_at=_instant(task.get("created_at")),
        archived=is_archived(task, project),
        url=task.get("permalink_url"),
    )


def _place(task: Payload) -> str:
    return f'task "{_text(task, "name").strip() or task.get("permalink_url") or _text(task, "gid")}"'


def to_fields(task: Payload, project: str, people: People) -> dict[Field, Shown]:
    """What the task shows in the fields it holds. Raises ValueError where the payload is not a task's.

    A subtask that is not in the project itself has no stage there: none is read, so none is written, and people's
    subtasks are not put into the project's list.
    """
    staged = is_member(task, project) or parent_of(task) is None
    return {
        **({Field.STAGE: stage_of(task, project)} if staged else {}),
        Field.TITLE: _title(_text(task, "name")),
        Field.DESCRIPTION: _text(task, "notes").replace("\r\n", "\n").replace("\r", "\n"),
        Field.DONE: _flag(task, "completed"),
        Field.START: _when(task, "start"),
        Field.DUE: _when(task, "due"),
        Field.OWNERS: owners_of(task, people),
        Field.LABELS: frozenset(name for name in tag_names(task) if name and not is_flag(name)),
        Field.KIND: _kind(_text(task, "resource_subtype")),
        Field.PARENT: parent_of(task),
    }


def to_payload(
    fields: Mapping[Field, Value], now: Mapping[Field, Shown], people: People, zone: ZoneInfo
) -> dict[str, Any]:
    """What PUT /tasks/{gid} takes for the scalar fields among `fields`; `now` is what the task shows at present.

    Stage, labels and parent need requests of their own. Raises Unwritable.
    """
    payload: dict[str, Any] = {}
    if Field.TITLE in fields:
        payload["name"] = _str(Field.TITLE, fields[Field.TITLE])
    if Field.DESCRIPTION in fields:
        payload["notes"] = _str(Field.DESCRIPTION, fields[Field.DESCRIPTION] or "")
    if Field.DONE in fields:
        payload["completed"] = bool(fields[Field.DONE])
    if Field.OWNERS in fields:
        payload["assignee"] = _assignee(names(fields[Field.OWNERS]), people)
    if Field.KIND in fields:
        payload["resource_subtype"] = _SUBTYPES[TaskKind(_str(Field.KIND, fields[Field.KIND]))]
    if fields.keys() & {Field.START, Field.DUE}:
        payload.update(_dates(fields, now, zone))
    return payload


def stage_of(task: Payload, project: str) -> str | None:
    """The section the task stands in, or None where it has none that is a stage."""
    section = _section_of(task, project)
    return None if section is None or section == UNTITLED or is_archive(section) else section


def is_archived(task: Payload, project: str) -> bool:
    """Whether the task lies in the section for archived tasks."""
    section = _section_of(task, project)
    return section is not None and is_archive(section)


def is_archive(section: str) -> bool:
    """Whether a section of this name is the one for archived tasks."""
    return stage_key(section) == stage_key(ARCHIVED)


def is_member(task: Payload, project: str) -> bool:
    """Whether the task is in the project itself; a subtask usually is not."""
    return _membership(task, project) is not None


def parent_of(task: Payload) -> str | None:
    """The gid of the task this one is a subtask of."""
    parent = _object(task, "parent")
    return None if parent is None else _text(parent, "gid")


def subtasks_of(task: Payload) -> int:
    """How many direct subtasks the task has."""
    number = task.get("num_subtasks")
    return number if isinstance(number, int) else 0


def creator_of(task: Payload) -> str | None:
    """The gid of the user who made the task."""
    creator = _object(task, "created_by")
    return None if creator is None else _text(creator, "gid")


def assignee_of(task: Payload) -> Payload | None:
    """The user the task is assigned to."""
    return _object(task, "assignee")


def stages(sections: Iterable[Payload]) -> tuple[str, ...]:
    """The names of the sections that are stages, in the project's order."""
    found = dict.fromkeys(_text(section, "name") for section in sections)
    return tuple(name for name in found if name and name != UNTITLED and not is_archive(name))


def section_named(sections: Sequence[Payload], name: str) -> str | None:
    """The gid of the section of that name: the same spelling first, then another case; None where there is none."""
    for wanted, spelling in ((name, str), (stage_key(name), stage_key)):
        for section in sections:
            if spelling(_text(section, "name")) == wanted:
                return _text(section, "gid")
    return None


def section_for(stage: Value) -> str:
    """The section's name for a stage. Raises Unwritable for the two sections that stand for something else."""
    if stage is None:
        return UNTITLED
    name = _str(Field.STAGE, stage)
    if not name.strip() or name == UNTITLED or is_archive(name):
        raise Unwritable(f'In Asana no stage can be called "{name}". Map the stage to a section of another name.')
    return name


def is_flag(tag: str) -> bool:
    """Whether a tag of this name is Syncer's own mark and not a label."""
    return tag == "Overdue" or tag.startswith("Deleted in ")


def tag_names(task: Payload) -> list[str]:
    """The names of the task's tags, as Asana lists them."""
    return [_text(tag, "name") for tag in _list(task, "tags")]


def wanted_tags(labels: Value) -> tuple[str, ...]:
    """The tags that show these labels; the flags' names cannot be labels."""
    return tuple(sorted(name for name in names(labels) if name and not is_flag(name)))


def label_change(task: Payload, labels: Value) -> TagChange:
    """What makes the task show exactly these labels and leaves flags and nameless tags alone."""
    wanted, present = wanted_tags(labels), tag_names(task)
    surplus = (
        tag for tag in _list(task, "tags") if tag["name"] and tag["name"] not in wanted and not is_flag(tag["name"])
    )
    return TagChange(tuple(name for name in wanted if name not in present), tuple(_text(tag, "gid") for tag in surplus))


def flag_change(task: Payload, text: str) -> TagChange:
    """What puts the flag `text` on the task, or with an empty text takes every flag off."""
    if text:
        return TagChange(add=() if text in tag_names(task) else (text,))
    return TagChange(remove=tuple(_text(tag, "gid") for tag in _list(task, "tags") if is_flag(tag["name"])))


def owners_of(task: Payload, people: People) -> frozenset[str]:
    """The assignee under the name people know."""
    assignee = assignee_of(task)
    return frozenset() if assignee is None else frozenset({owner_name(assignee, people)})


def owner_name(user: Payload, people: People) -> str:
    """The canonical name of a user, who is known by e-mail or gid; a guest's e-mail may be hidden."""
    email = user.get("email")
    return people.name_of(SERVICE, email if isinstance(email, str) else None, _text(user, "gid"))


def strangers(tasks: Iterable[Payload], people: People) -> tuple[Notice, ...]:
    """One notice for each assignee nobody has mapped."""
    unmapped: dict[str, Notice] = {}
    for task in tasks:
        user = assignee_of(task)
        if user is not None and not people.knows(name := owner_name(user, people)):
            unmapped.setdefault(name, _stranger(user, name))
    return tuple(unmapped.values())


def _stranger(user: Payload, name: str) -> Notice:
    called, account = user.get("name") or name, name.removeprefix(f"{SERVICE}:")
    return Notice(
        place=name,
        problem=f"{called} is assigned in Asana but is not in the list of people, so other services cannot show them",
        remedy=f'add to the configuration: [[people]] name = "{called}", asana = "{account}"',
    )


def names(value: Value) -> frozenset[str]:
    """A set of names. Raises Unwritable for anything else."""
    if isinstance(value, frozenset):
        return value
    raise Unwritable(f"{value!r} is no set of names.")


def _title(name: str) -> Shown:
    if name.strip():
        return name
    return Unreadable(name, "the task has no name; give it one in Asana")


def _kind(subtype: str) -> Shown:
    known = _KINDS.get(subtype)
    if known is not None:
        return known
    return Unreadable(
        subtype,
        f'Asana\'s task type "{subtype}" has no counterpart; change it in Asana to task, milestone or approval',
    )


def _when(task: Payload, which: str) -> Shown:
    """Asana shows the day beside a time, in the reader's zone; the time alone counts then."""
    raw = task.get(f"{which}_at") or task.get(f"{which}_on")
    if raw is None:
        return None
    try:
        return _moment(raw) if task.get(f"{which}_at") else date.fromisoformat(raw)
    except (TypeError, ValueError, OverflowError):
        return Unreadable(str(raw), f'"{raw}" is no {which} date; set the date again in Asana')


def _moment(raw: Any) -> datetime | None:
    """A time in UTC to the second. Raises ValueError where there is none in it."""
    moment = _instant(raw)
    return moment.replace(microsecond=0) if moment else None


def _instant(raw: Any) -> datetime | None:
    """A time in UTC as Asana gives it. Raises ValueError where there is none in it."""
    if raw is None:
        return None
    moment = datetime.fromisoformat(raw) if isinstance(raw, str) else None
    if moment is None or moment.tzinfo is None:
        raise ValueError(f"{raw!r} is no time with a zone")
    return moment.astimezone(UTC)


def _dates(fields: Mapping[Field, Value], now: Mapping[Field, Shown], zone: ZoneInfo) -> dict[str, Any]:
    """One due and, where there is or was one, one start: Asana wants both in the same request."""
    present = now.get(Field.START)
    due = _time(fields.get(Field.DUE, now.get(Field.DUE)))
    start = _time(fields.get(Field.START, present if due is not None else None))
    if start is None and present is None:
        return _spoken("due", due)
    return _spoken("due", due) | _spoken("start", _fitting(start, due, zone))


def _fitting(start: date | None, due: date | None, zone: ZoneInfo) -> date | None:
    """A start with a time stands only beside a due with a time; beside a day it is its own day."""
    if isinstance(start, datetime) and not isinstance(due, datetime):
        return start.astimezone(zone).date()
    return start


def _spoken(which: str, value: date | None) -> dict[str, Any]:
    if isinstance(value, datetime):
        return {f"{which}_at": value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")}
    return {f"{which}_on": None if value is None else value.isoformat()}


def _time(value: Shown) -> date | None:
    if isinstance(value, Unreadable):
        raise Unwritable(value.reason)
    if value is None or isinstance(value, date):
        return value
    raise Unwritable(f"{value!r} is no date.")


def _assignee(owners: Collection[str], people: People) -> str | None:
    if not owners:
        return None
    if len(owners) > 1:
        raise Unwritable(f"An Asana task has one assignee, not {len(owners)}. Leave one owner.")
    (owner,) = owners
    account = people.account_of(SERVICE, owner)
    if account is None:
        raise Unwritable(f'"{owner}" has no Asana account in the list of people. Add it under [[people]].')
    return account


def _section_of(task: Payload, project: str) -> str | None:
    membership = _membership(task, project)
    section = _object(membership, "section") if membership else None
    return None if section is None else _text(section, "name")


def _membership(task: Payload, project: str) -> Payload | None:
    for membership in _list(task, "memberships"):
        home = _object(membership, "project")
        if home is not None and home.get("gid") == project:
            return membership
    return None


def _str(field: Field, value: Value) -> str:
    if isinstance(value, str):
        return value
    raise Unwritable(f"{value!r} is no {field}.")


def _text(payload: Payload, key: str) -> str:
    value = payload.get(key)
    if isinstance(value, str):
        return value
    raise ValueError(f"the answer has no text under {key}")


def _object(payload: Payload, key: str) -> Payload | None:
    value = payload.get(key)
    if value is None or isinstance(value, dict):
        return value
    raise ValueError(f"the answer has no object under {key}")


def _flag(payload: Payload, key: str) -> bool:
    value = payload.get(key)
    if isinstance(value, bool):
        return value
    raise ValueError(f"the answer has no yes or no under {key}")


def _list(payload: Payload, key: str) -> list[Payload]:
    value = payload.get(key)
    if isinstance(value, list) and all(isinstance(entry, dict) for entry in value):
        return value
    raise ValueError(f"the answer has no list under {key}")
