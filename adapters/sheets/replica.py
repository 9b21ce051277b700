"""A tab as a replica: one request reads it, one atomic batch writes it, one more request shows what became of it."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Collection, Sequence
from datetime import tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from adapters.http import Doubtful, Rejected
from adapters.limiter import Quota
from adapters.sheets.access import QUOTA, Access, Connection
from adapters.sheets.draft import Draft, Sent, draft_of
from adapters.sheets.outcomes import NAMING, confirmed, doubted, proven, refused, unsent
from mappings.cells import MAX_TEXT
from mappings.grid import Book, book_of
from mappings.sheets import View, view_of
from syncer.core.errors import HeaderFault, PlaceError
from syncer.core.model import Capabilities, Item, Presence, Reading
from syncer.core.people import People
from syncer.ports import Clock, Effect, Outcome, Result, Traffic

_REQUEST_INDEX = re.compile(r"requests\[(\d+)\]")
_MOST_BATCHES = 16
"""How often one `apply` tries without what Google refused before the rest waits for the next pass."""


class SheetsReplica:
    """One task tab, known by its headings (`mappings.grid.COLUMNS`), and the archive tab that belongs to it."""

    service = "sheets"
    batch = 500

    def __init__(
        self, name: str, tab: str, connection: Connection, people: People, zone: ZoneInfo, clock: Clock, linked: bool
    ) -> None:
        self.name = name
        self._tab = tab
        self._connection = connection
        self._client = connection.client
        self._people = people
        self._zone = zone
        self._clock = clock
        self._linked = linked

    def read(self) -> Reading:
        """The tasks of the tab and its archive. Raises a PlaceError; a faulty header row is never read around."""
        taken_at = self._clock.now()
        _, view = self._look()
        return Reading(
            replica=self.name,
            complete=True,
            items=tuple(entry.item for entry in view.entries),
            stages=view.stages(),
            taken_at=taken_at,
            holds=view.holds,
            notices=view.notices,
        )

    def capabilities(self) -> Capabilities:
        """A sheet takes any owner; a stage there is only text."""
        return Capabilities(max_text=MAX_TEXT, makes_stages=False)

    def find(self, remote_id: str) -> Presence:
        """Where the row of that ID is now. Raises a PlaceError."""
        _, view = self._look()
        entry = view.named.get(remote_id)
        if entry is None:
            return Presence.GONE
        return Presence.ARCHIVED if entry.item.archived else Presence.PRESENT

    def ours(self, items: Collection[Item]) -> frozenset[str]:
        """None: a row's identity is its ID cell, whoever wrote the row."""
        del items
        return frozenset()

    def traffic(self) -> Traffic:
        """Everything sent about the spreadsheet, retries included."""
        return self._connection.traffic()

    def apply(self, effects: Sequence[Effect]) -> Sequence[Outcome]:
        """Carry the effects out in one batch; what Google refuses is taken out and the rest sent again.

        Raises a PlaceError only if nothing was applied.
        """
        outcomes: dict[str, Outcome] = {}
        waiting = deque([list(effects)] if effects else [])
        for _ in range(_MOST_BATCHES):
            if not waiting:
                break
            part = waiting.popleft()
            try:
                settled, parts = self._attempt(part)
            except PlaceError as fault:
                if not any(one.result in (Result.CONFIRMED, Result.IN_DOUBT) for one in outcomes.values()):
                    raise
                settled, parts = unsent(part, str(fault)), []
            outcomes |= settled
            waiting.extendleft(reversed(parts))
        outcomes |= unsent((effect for part in waiting for effect in part), "Google refused too many batches.")
        return [outcomes[effect.intent] for effect in effects]

    def _attempt(self, effects: list[Effect]) -> tuple[dict[str, Outcome], list[list[Effect]]]:
        """One batch: the outcomes it settled, and the parts to try again after a refusal."""
        book, view = self._look()
        draft = draft_of(book, view, self._tab, effects)
        if not draft.sent:
            return draft.decided, []
        try:
            self._client.write(draft.requests)
        except Doubtful as lost:
            return draft.decided | self._probed(draft, str(lost)), []
        except Rejected as rejected:
            return self._after_refusal(draft, rejected)
        return draft.decided | self._acknowledged(draft, view.zone), []

    def _acknowledged(self, draft: Draft, zone: tzinfo) -> dict[str, Outcome]:
        self._linked = self._linked or any(one.effect.kind in NAMING for one in _all(draft))
        try:
            after = self._look()[1]
        except PlaceError:
            after = None
        return {one.effect.intent: confirmed(one, after, zone) for one in _all(draft)}

    def _probed(self, draft: Draft, lost: str) -> dict[str, Outcome]:
        try:
            view = self._look()[1]
        except PlaceError:
            return {one.effect.intent: doubted(one, lost) for one in _all(draft)}
        return {one.effect.intent: proven(one, view, lost) for one in _all(draft)}

    def _after_refusal(self, draft: Draft, rejected: Rejected) -> tuple[dict[str, Outcome], list[list[Effect]]]:
        """Leave out the effect whose request was refused; if Google does not say which, halve the batch."""
        found = _REQUEST_INDEX.search(rejected.message)
        number = int(found[1]) if found else len(draft.causes)
        culprit = draft.causes[number] if number < len(draft.causes) else None
        sent = [one.effect for one in _all(draft)]
        if culprit is None and len(sent) > 1:
            middle = len(sent) // 2
            return draft.decided, [sent[:middle], sent[middle:]]
        one = draft.sent[culprit] if culprit is not None else _all(draft)[0]
        rest = [effect for effect in sent if effect is not one.effect]
        return draft.decided | {one.effect.intent: refused(one, rejected.message)}, [rest] if rest else []

    def _look(self) -> tuple[Book, View]:
        book = book_of(self._client.read())
        view = view_of(book, self._tab, self._people, self._zone)
        if self._linked and book.tab(self._tab) is None:
            tabs = ", ".join(repr(tab.title) for tab in book.tabs)
            problem = f"The spreadsheet {book.title!r} has no tab {self._tab!r} any more; its tabs are {tabs}."
            raise HeaderFault(problem, "Rename the tab back, or put it back from the version history.")
        if self._linked and view.tasks is not None and not view.identified:
            at = view.tasks.tab.name(view.tasks.header.row, view.tasks.tab.width())
            problem = f"The tab {self._tab!r} has no column headed ID any more, by which its rows are known."
            raise HeaderFault(problem, f"Put ID back into the header of that column (in the header row, as in {at}).")
        return book, view


def open_replica(
    name: str,
    spreadsheet: str,
    tab: str,
    sheets_url: str,
    drive_url: str,
    credentials_file: Path,
    people: People,
    zone: ZoneInfo,
    clock: Clock,
    quota: Quota = QUOTA,
    linked: bool = False,
) -> SheetsReplica:
    """A replica with a quota of its own; replicas of one service account should share an `Access` instead."""
    access = Access(sheets_url, drive_url, credentials_file, clock, quota)
    return SheetsReplica(name, tab, access.open(spreadsheet), people, zone, clock, linked)


def _all(draft: Draft) -> list[Sent]:
    return list(draft.sent.values())
