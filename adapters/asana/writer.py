"""Carries out one effect: what it needs is looked up first, the object is checked, and then it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from adapters.asana.catalogue import Catalogue
from adapters.asana.client import AsanaClient, Json
from adapters.http import Doubtful, Rejected
from mappings import asana
from syncer.core.errors import Malformed, PlaceError
from syncer.core.model import Field, Shown, Unreadable, Value
from syncer.core.people import People
from syncer.ports import Effect, EffectKind, Outcome, Result

Step = Callable[[], Json | None]
"""A write that may be repeated; answers with the whole task where Asana does."""


class Writer:
    """Writes one effect to a project; made anew for each."""

    def __init__(self, client: AsanaClient, catalogue: Catalogue, project: str, people: People, zone: ZoneInfo) -> None:
        self._client = client
        self._catalogue = catalogue
        self._project = project
        self._people = people
        self._zone = zone
        self._written = False
        """Whether anything of the effect was applied for certain."""
        self._sending = False
        """Whether the effect's own writes have begun; before that only sections and tags were made."""

    def carry_out(self, effect: Effect) -> Outcome:
        """The outcome. Raises a PlaceError only where nothing of the effect was applied."""
        try:
            return self._create(effect) if effect.kind is EffectKind.CREATE else self._alter(effect)
        except asana.Unwritable as error:
            return _ended(effect, Result.REFUSED, str(error))
        except Rejected as error:
            self._catalogue.forget()
            rest = " Part of the change was made." if self._written else ""
            return _ended(effect, Result.REFUSED, f"{error.message}{rest}")
        except Doubtful as error:
            return _ended(effect, Result.IN_DOUBT if self._sending else Result.NOT_SENT, str(error))
        except PlaceError as error:
            if self._written:
                return _ended(effect, Result.IN_DOUBT, str(error))
            raise

    def _create(self, effect: Effect) -> Outcome:
        fields = effect.fields
        stage, parent = fields.get(Field.STAGE), fields.get(Field.PARENT)
        section = self._catalogue.section(asana.section_for(stage)) if stage is not None else None
        scalars = asana.to_payload(fields, {}, self._people, self._zone)
        data = {name: value for name, value in scalars.items() if value is not None}
        if tags := self._catalogue.tags(asana.wanted_tags(fields.get(Field.LABELS, frozenset()))):
            data["tags"] = tags
        self._sending = True
        if isinstance(parent, str):
            task = self._client.create_subtask(parent, data)
            rest = [partial(self._client.add_to_project, task["gid"], self._project, section)] if section else []
        else:
            task, rest = self._client.create_task({**data, **self._home(section)}), []
        return self._completed(effect, task, rest)

    def _home(self, section: str | None) -> Json:
        home: Json = {"projects": [self._project]}
        if section is not None:
            home["memberships"] = [{"project": self._project, "section": section}]
        return home

    def _completed(self, effect: Effect, task: Json, steps: list[partial[None]]) -> Outcome:
        """What the create left undone. The task exists now: whatever fails here must not lose sight of it."""
        gid = task["gid"]
        done = {"completed": True} if effect.fields.get(Field.DONE) and task["completed"] is False else {}
        try:
            for step in steps:
                step()
            if done:
                task = self._client.update_task(gid, done)
            elif steps:
                task = self._client.task(gid)
        except (Rejected, Doubtful, PlaceError) as failure:
            try:
                task = self._client.task(gid)
            except (Rejected, PlaceError):
                return _ended(effect, Result.IN_DOUBT, str(failure), gid)
        return self._confirmed(effect, task)

    def _alter(self, effect: Effect) -> Outcome:
        gid = effect.remote_id or ""
        try:
            task = self._client.task(gid)
        except Rejected as error:
            if error.status in (403, 404):
                return _ended(effect, Result.GONE, "The task does not exist any more.", gid)
            raise
        now = self._shown(task)
        if moved := self._moved(effect, task, now):
            return _ended(effect, Result.MOVED, moved, gid)
        return self._perform(effect, task, list(self._steps(effect, task, now)))

    def _moved(self, effect: Effect, task: Json, now: dict[Field, Shown]) -> str:
        if not asana.is_member(task, self._project) and asana.parent_of(task) is None:
            return "The task is not in this project any more."
        changed = sorted(field for field, seen in effect.expected.items() if now.get(field) != seen)
        return f"Somebody has changed {', '.join(changed)} since." if changed else ""

    def _steps(self, effect: Effect, task: Json, now: dict[Field, Shown]) -> Iterator[Step]:
        """The writes that carry out the effect, each with its gids looked up already."""
        gid = task["gid"]
        if effect.kind is EffectKind.DELETE:
            yield partial(self._delete, gid)
        elif effect.kind is EffectKind.FLAG:
            yield from self._retag(gid, asana.flag_change(task, effect.text))
        elif effect.kind is EffectKind.ARCHIVE:
            yield from self._move(task, asana.ARCHIVED)
            yield partial(self._client.update_task, gid, {"completed": True})
        elif effect.kind in (EffectKind.UPDATE, EffectKind.RESTORE):
            yield from self._update(effect, task, now)
        else:
            raise asana.Unwritable("An Asana task has its own id and takes no other.")

    def _update(self, effect: Effect, task: Json, now: dict[Field, Shown]) -> Iterator[Step]:
        fields, gid = effect.fields, task["gid"]
        if data := asana.to_payload(fields, now, self._people, self._zone):
            yield partial(self._client.update_task, gid, data)
        detached = Field.PARENT in fields and fields[Field.PARENT] is None
        homeless = detached and not asana.is_member(task, self._project)
        if Field.STAGE in fields or effect.kind is EffectKind.RESTORE or homeless:
            yield from self._stage(task, fields.get(Field.STAGE), homeless)
        if Field.LABELS in fields:
            yield from self._retag(gid, asana.label_change(task, fields[Field.LABELS]))
        if Field.PARENT in fields and fields[Field.PARENT] != now[Field.PARENT]:
            yield partial(self._client.set_parent, gid, _gid(fields[Field.PARENT]))

    def _stage(self, task: Json, stage: Value, homeless: bool) -> Iterator[Step]:
        """Where the task stands already it is left: a move would take it to the top."""
        archived = asana.is_archived(task, self._project)
        if archived or homeless or asana.stage_of(task, self._project) != stage:
            yield from self._move(task, asana.section_for(stage))

    def _move(self, task: Json, name: str) -> Iterator[Step]:
        section = self._catalogue.section(name)
        if asana.is_member(task, self._project):
            yield partial(self._client.add_to_section, section, task["gid"])
        else:
            yield partial(self._client.add_to_project, task["gid"], self._project, section)

    def _retag(self, gid: str, change: asana.TagChange) -> Iterator[Step]:
        for tag in self._catalogue.tags(change.add):
            yield partial(self._client.add_tag, gid, tag)
        for tag in change.remove:
            yield partial(self._client.remove_tag, gid, tag)

    def _perform(self, effect: Effect, task: Json, steps: list[Step]) -> Outcome:
        self._sending = True
        answer: Json | None = task
        for step in steps:
            answer = step()
            self._written = True
        if answer is None and effect.fields and effect.kind is not EffectKind.DELETE:
            answer = self._seen_again(task["gid"])
        return self._confirmed(effect, answer or task)

    def _seen_again(self, gid: str) -> Json:
        try:
            return self._client.task(gid)
        except Rejected as error:
            raise Doubtful(f"The task was written but could not be read again: {error.message}") from None

    def _delete(self, gid: str) -> None:
        try:
            self._client.delete_task(gid)
        except Rejected as error:
            # A repeated request finds nothing left where the first one was applied and its answer was lost.
            if error.status != 404:
                raise

    def _shown(self, task: Json) -> dict[Field, Shown]:
        try:
            return asana.to_fields(task, self._project, self._people)
        except ValueError as error:
            raise Malformed(f"Asana: {error}.", "Try again.") from None

    def _confirmed(self, effect: Effect, task: Json) -> Outcome:
        try:
            shown = self._shown(task)
        except Malformed as error:
            return _ended(effect, Result.IN_DOUBT, str(error), task["gid"])
        return Outcome(
            intent=effect.intent,
            result=Result.CONFIRMED,
            remote_id=task["gid"],
            fields={
                of: value for of, value in shown.items() if of in effect.fields and not isinstance(value, Unreadable)
            },
            version=task.get("modified_at"),
            url=task.get("permalink_url"),
        )


def _ended(effect: Effect, result: Result, reason: str, gid: str | None = None) -> Outcome:
    return Outcome(effect.intent, result, remote_id=gid or effect.remote_id, reason=reason)


def _gid(value: Any) -> str | None:
    return value if isinstance(value, str) else None
