"""An Asana project as a replica: read whole, looked up by gid, changed one task at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from adapters.asana.catalogue import Catalogue
from adapters.asana.client import AsanaClient, Json
from adapters.asana.writer import Writer
from adapters.http import Http, Rejected
from adapters.limiter import Limiter, Quota
from mappings import asana
from syncer.core.errors import Malformed, PlaceError, PlaceMissing, Unavailable
from syncer.core.model import Capabilities, Item, Notice, Presence, Reading
from syncer.core.people import People
from syncer.ports import Clock, Effect, Outcome, Traffic

FREE_QUOTA: Final = Quota(150, 60.0)
"""Requests a minute and token in a free workspace; a paid one has 1,500 (Asana's rate limit guide)."""
_ABSENT: Final = (403, 404)


class AsanaReplica:
    """One project's tasks, subtasks included."""

    service = asana.SERVICE
    batch = 1

    def __init__(
        self,
        name: str,
        project: str,
        base_url: str,
        token: str,
        people: People,
        zone: ZoneInfo,
        clock: Clock,
        quota: Quota = FREE_QUOTA,
        limiter: Limiter | None = None,
    ) -> None:
        """Give one `limiter` to all replicas that share the token; it then counts instead of `quota`."""
        self.name = name
        self._project = project
        self._people = people
        self._zone = zone
        self._clock = clock
        headers = {"Authorization": f"Bearer {token}"}
        self._http = Http(base_url, headers, clock, limiter or Limiter(quota, clock), "Asana", [token])
        self._client = AsanaClient(self._http)
        self._catalogue = Catalogue(self._client, project)
        self._owners: frozenset[str] = frozenset()
        self._makers: dict[str, str | None] = {}

    def read(self) -> Reading:
        """Every task of the project and every subtask below them."""
        taken_at = self._clock.now()
        try:
            self._catalogue.me()
            project = self._catalogue.project()
            sections = self._catalogue.renewed_sections()
            tasks = self._tasks()
            notices = (*_put_away(project), *self._learn_owners(tasks), *asana.strangers(tasks, self._people))
            self._makers = {task["gid"]: asana.creator_of(task) for task in tasks}
            return Reading(
                replica=self.name,
                complete=True,
                items=tuple(asana.to_item(task, self._project, self._people) for task in tasks),
                stages=asana.stages(sections),
                taken_at=taken_at,
                holds=asana.HOLDS,
                notices=notices,
            )
        except Rejected as error:
            raise self._unreadable(error) from None
        except ValueError as error:
            raise Malformed(f"Asana: {error}.", "Try again.") from None

    def capabilities(self) -> Capabilities:
        """One assignee out of the workspace's users; a start stands only beside a due."""
        return Capabilities(
            owners=self._owners,
            max_owners=1,
            kinds_without_start=asana.KINDS_WITHOUT_START,
            start_needs_due=True,
            start_before_due=True,
            timed_start_needs_timed_due=True,
        )

    def find(self, remote_id: str) -> Presence:
        """Where a task is; a subtask that is not in the project itself is where its parents are."""
        gid: str | None = remote_id
        seen: set[str] = set()
        while gid is not None and gid not in seen:
            seen.add(gid)
            try:
                task = self._client.whereabouts(gid)
                if asana.is_member(task, self._project):
                    archived = gid == remote_id and asana.is_archived(task, self._project)
                    return Presence.ARCHIVED if archived else Presence.PRESENT
                gid = asana.parent_of(task)
            except Rejected as error:
                if error.status not in _ABSENT:
                    raise self._unreadable(error) from None
                return Presence.GONE if gid == remote_id else Presence.ELSEWHERE
            except ValueError as error:
                raise Malformed(f"Asana: {error}.", "Try again.") from None
        return Presence.ELSEWHERE

    def ours(self, items: Collection[Item]) -> frozenset[str]:
        """Those that the last reading showed as created by the token's user."""
        me = self._catalogue.me()
        return frozenset(item.remote_id for item in items if self._makers.get(item.remote_id) == me)

    def traffic(self) -> Traffic:
        """Everything sent since the replica was made."""
        return self._http.traffic

    def apply(self, effects: Sequence[Effect]) -> Sequence[Outcome]:
        """Carry out one effect at most."""
        if len(effects) > self.batch:
            raise ValueError(f"an Asana replica takes {self.batch} effect at a time, not {len(effects)}")
        return [self._writer().carry_out(effect) for effect in effects]

    def _writer(self) -> Writer:
        return Writer(self._client, self._catalogue, self._project, self._people, self._zone)

    def _tasks(self) -> list[Json]:
        """The project's tasks, then the subtasks below them that are not in the project themselves, parents first."""
        found = {task["gid"]: task for task in self._client.tasks(self._project)}
        listed = Counter(asana.parent_of(task) for task in found.values())
        waiting = list(found.values())
        for parent in waiting:
            if asana.subtasks_of(parent) > listed[parent["gid"]]:
                fresh = [task for task in self._subtasks(parent["gid"]) if task["gid"] not in found]
                found.update((task["gid"], task) for task in fresh)
                waiting += fresh
        return waiting

    def _subtasks(self, parent: str) -> list[Json]:
        try:
            return self._client.subtasks(parent)
        except Rejected as error:
            if error.status in _ABSENT:
                raise Unavailable("Asana: A task was deleted while its project was read.", "Try again.") from None
            raise

    def _learn_owners(self, tasks: Iterable[Json]) -> tuple[Notice, ...]:
        """Who can be assigned: the workspace's users, and whoever is. A guest's token may not list the users."""
        notices: tuple[Notice, ...] = ()
        users: Sequence[Json] = ()
        try:
            users = self._catalogue.users()
        except Rejected as error:
            remedy = "use the token of a full member, or assign tasks in Asana"
            notices = (Notice(f"project {self._project}", f"Asana lists no users: {error.message}", remedy),)
        assignees = filter(None, map(asana.assignee_of, tasks))
        self._owners = frozenset(asana.owner_name(user, self._people) for user in (*users, *assignees))
        return notices

    def _unreadable(self, error: Rejected) -> PlaceError:
        if error.status not in _ABSENT:
            return Unavailable(f"Asana: {error.message}", "Try again later.")
        self._catalogue.forget()
        return PlaceMissing(
            f"Asana project {self._project} does not exist or this token cannot see it.",
            "Correct `project` in the configuration, or share the project with the token's user in Asana.",
        )


def _put_away(project: Json) -> tuple[Notice, ...]:
    if not project.get("archived"):
        return ()
    place = f'project "{project.get("name")}"'
    return (Notice(place, "the project is archived in Asana", "take it out of the archive, or end the campaign"),)
