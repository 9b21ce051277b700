"""From readings to what is true now: names made canonical, stale reads and unmapped values set apart."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from syncer.core.identify import Sightings
from syncer.core.model import Field, Item, Known, Link, Notice, Reading, Shown, Unreadable, Value
from syncer.core.policy import Policy


@dataclass(frozen=True)
class Sight:
    """A task as one replica shows it, in canonical terms."""

    item: Item
    fields: Mapping[Field, Value]
    """The readable fields that are not older than our last write."""
    unreadable: Mapping[Field, Unreadable]

    def raw(self, fields: Collection[Field]) -> dict[Field, Value]:
        """What the replica itself shows in these fields, in its own terms."""
        shown = {field: self.item.fields[field] for field in fields if field in self.item.fields}
        return {field: value for field, value in shown.items() if not isinstance(value, Unreadable)}


class Canonical:
    """Translates sightings; collects the notices on the way."""

    def __init__(self, sightings: Sightings, policy: Policy) -> None:
        self._policy = policy
        self.notices: list[Notice] = []
        self._items = {
            (replica, shown.remote_id): item for item, seen in sightings.seen.items() for replica, shown in seen.items()
        }

    def see(self, replica: str, shown: Item, known: Known) -> Sight | None:
        """The task as the replica shows it, or None if the whole reading of it is older than our last write."""
        link = known.links.get(replica)
        if link and link.version and shown.version and shown.version < link.version:
            return None
        fields: dict[Field, Value] = {}
        unreadable: dict[Field, Unreadable] = {}
        for field, raw in shown.fields.items():
            value = self._translate(replica, field, raw, known)
            if isinstance(value, Unreadable):
                unreadable[field] = value
                self._report(shown, field, value)
            else:
                fields[field] = value
        return Sight(shown, fields, unreadable)

    def _translate(self, replica: str, field: Field, raw: Shown, known: Known) -> Shown:
        if isinstance(raw, Unreadable):
            return raw
        if field is Field.STAGE:
            return self._stage(replica, raw, known)
        if field is Field.PARENT and isinstance(raw, str):
            parent = self._items.get((replica, raw))
            if parent == known.item:
                return Unreadable(raw, "a task cannot be its own parent; name another one, or none")
            return parent or Unreadable(raw, "its parent is not in the campaign; add the parent there too")
        return raw

    def _stage(self, replica: str, raw: Value, known: Known) -> Shown:
        stages, service = self._policy.stages, self._policy.services[replica]
        if not isinstance(raw, str) or not raw:
            agreed = known.links[replica].agreed.get(Field.STAGE) if replica in known.links else None
            if agreed is None or agreed.base is None:
                return None
            return Unreadable("", "the stage is empty; fill in one of: " + ", ".join(s.name for s in stages.stages))
        stage = stages.canonical(raw, replica, service)
        if stage is not None:
            return stage
        wanted = ", ".join(s.name for s in stages.stages)
        return Unreadable(
            raw, f'no stage is mapped to "{raw}"; use one of: {wanted}, or add it under [campaigns.stages]'
        )

    def _report(self, shown: Item, field: Field, value: Unreadable) -> None:
        if shown.archived:  # nobody is asked to mend what has been put away
            return
        problem, _, remedy = value.reason.partition("; ")
        # A reading's own fault names its cell already; what only the campaign's rules make one is named here.
        own = isinstance(shown.fields[field], Unreadable)
        self.notices.append(Notice(shown.place if own else shown.spots.get(field, shown.place), problem, remedy))


def absent(known: Known, replica: str, readings: Mapping[str, Reading], sightings: Sightings) -> bool:
    """Whether a complete reading does not show the task in a replica where it should be."""
    reading = readings.get(replica)
    return (
        reading is not None
        and reading.complete
        and replica in known.links
        and replica not in sightings.seen.get(known.item, {})
    )


def with_missing(link: Link, now: datetime) -> Link:
    """The link with the moment noted since when the object has been missing."""
    since = link.missing_since
    return link if since and since <= now else replace(link, missing_since=now)  # a clock may have been set back


def grace_over(link: Link, now: datetime, grace: timedelta) -> bool:
    """Whether the absence has lasted long enough to count."""
    return grace <= timedelta(0) or (link.missing_since is not None and now - link.missing_since >= grace)
