"""The Store over SQL: every method that writes is one durable transaction, and every value is a bound parameter."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from threading import RLock
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, RowMapping, Select, insert, select

from syncer.core.errors import StateFault
from syncer.core.model import Known, Link
from syncer.ports import Conflict, ConflictState, Intent, IntentState, LastReading, Run
from syncer.store import rows, tables
from syncer.store.codec import stamp
from syncer.store.faults import RESTORE, translated
from syncer.store.writing import end, put, put_link, refuse_closed, replace_links

T = TypeVar("T")


class SqlStore:
    """What survives the process, in one database; safe to share between threads. Made by `open_store`.

    Every method raises StateFault where the database fails or holds what cannot be read, and LockHeld where another
    process keeps it busy for more than five seconds.
    """

    def __init__(self, engine: Engine, where: str = "") -> None:
        """`where` names the state in errors; the engine's file if it is not given."""
        self._engine = engine
        self._writer = engine.execution_options(writing=True)
        self._lock = RLock()
        self._where = where or engine.url.database or "in memory"

    def dispose(self) -> None:
        """Close the database; the store cannot be used afterwards."""
        with self._lock:
            self._engine.dispose()

    def require_writable(self) -> None:
        """Raises StateFault, or LockHeld after some seconds, if nothing can be written at present."""
        with self._writing():
            pass

    def state_id(self) -> str:
        """The random name this state was given when it was made."""
        return self._all(select(tables.state_info.c.state_id), lambda row: str(row["state_id"]))[0]

    def known(self, campaign: str) -> tuple[Known, ...]:
        """Every task of the campaign, tombstones included, ordered by item."""
        tasks = select(tables.items).where(tables.items.c.campaign == campaign).order_by(tables.items.c.item)
        held = (
            select(tables.links)
            .where(tables.links.c.campaign == campaign)
            .order_by(tables.links.c.item, tables.links.c.replica)
        )
        with self._reading() as connection:
            grouped = groupby(connection.execute(held).mappings(), key=lambda row: row["item"])
            by_item = {item: list(group) for item, group in grouped}
            found = connection.execute(tasks).mappings()
            return tuple(rows.to_known(row, by_item.get(row["item"], ())) for row in found)

    def settle(self, campaign: str, knowns: Sequence[Known], conflicts: Sequence[Conflict]) -> None:
        """Record tasks as `knowns` say, with exactly their links, and conflicts; a conflict of a known id is replaced.

        Raises StateFault, and records nothing, where two tasks would share one live or archived object.
        """
        with self._writing() as connection:
            put(connection, tables.items, ("campaign", "item"), [rows.item_row(campaign, known) for known in knowns])
            replace_links(connection, campaign, knowns)
            put(connection, tables.conflicts, ("id",), [rows.conflict_row(conflict) for conflict in conflicts])

    def intend(self, intents: Sequence[Intent]) -> None:
        """Journal intents as in doubt; one that is in doubt already is replaced, a closed one raises StateFault."""
        with self._writing() as connection:
            for intent in intents:
                refuse_closed(connection, intent.id)
            doubtful = [rows.intent_row(intent) | {"state": IntentState.IN_DOUBT.value} for intent in intents]
            put(connection, tables.intents, ("id",), doubtful)

    def confirm(self, intent: str, replica: str, link: Link) -> None:
        """Close the intent as done and record its task's link in the same transaction.

        A task not settled before is recorded without hub values. Raises StateFault where the intent is not in doubt,
        or the object belongs to another task already.
        """
        with self._writing() as connection:
            campaign, item = end(connection, intent, IntentState.DONE, "")
            put_link(connection, campaign, item, replica, link)

    def close(self, intent: str, state: IntentState, reason: str) -> None:
        """Close an intent that was not carried out. Raises StateFault where it is not in doubt."""
        if state is IntentState.IN_DOUBT:
            raise ValueError("an intent cannot be closed as in doubt")
        with self._writing() as connection:
            end(connection, intent, state, reason)

    def open_intents(self, campaign: str) -> tuple[Intent, ...]:
        """Intents still in doubt, oldest first, by the order they were journalled in."""
        doubtful = tables.intents.c.state == IntentState.IN_DOUBT.value
        wanted = (
            select(tables.intents).where(tables.intents.c.campaign == campaign, doubtful).order_by(tables.intents.c.seq)
        )
        return self._all(wanted, rows.to_intent)

    def history(self, campaign: str | None = None, run: str | None = None) -> tuple[Intent, ...]:
        """Journalled effects, newest first, by the order they were journalled in."""
        wanted = select(tables.intents).order_by(tables.intents.c.seq.desc())
        if campaign is not None:
            wanted = wanted.where(tables.intents.c.campaign == campaign)
        if run is not None:
            wanted = wanted.where(tables.intents.c.run == run)
        return self._all(wanted, rows.to_intent)

    def conflicts(self, campaign: str | None = None, state: ConflictState | None = None) -> tuple[Conflict, ...]:
        """Conflicts, newest first."""
        wanted = select(tables.conflicts).order_by(tables.conflicts.c.at.desc(), tables.conflicts.c.id)
        if campaign is not None:
            wanted = wanted.where(tables.conflicts.c.campaign == campaign)
        if state is not None:
            wanted = wanted.where(tables.conflicts.c.state == state.value)
        return self._all(wanted, rows.to_conflict)

    def last_reading(self, campaign: str, replica: str) -> LastReading | None:
        """The last complete reading, or None before the first."""
        wanted = select(tables.readings).where(
            tables.readings.c.campaign == campaign, tables.readings.c.replica == replica
        )
        return next(iter(self._all(wanted, rows.to_last_reading)), None)

    def note_reading(self, campaign: str, replica: str, reading: LastReading) -> None:
        """Remember a complete reading."""
        row = {"campaign": campaign, "replica": replica, "at": stamp(reading.at), "items": reading.items}
        with self._writing() as connection:
            put(connection, tables.readings, ("campaign", "replica"), [row])

    def begin(self, run: Run) -> None:
        """Record the start of a run."""
        with self._writing() as connection:
            connection.execute(insert(tables.runs), rows.run_row(run))

    def finish(self, run: Run) -> None:
        """Record its end and report; a run that was not begun is recorded whole."""
        with self._writing() as connection:
            put(connection, tables.runs, ("id",), [rows.run_row(run)])

    def last_run(self) -> Run | None:
        """The newest finished run, by the order they were begun in."""
        wanted = (
            select(tables.runs).where(tables.runs.c.ended_at.is_not(None)).order_by(tables.runs.c.seq.desc()).limit(1)
        )
        return next(iter(self._all(wanted, rows.to_run)), None)

    def _all(self, wanted: Select[Any], to_value: Callable[[RowMapping], T]) -> tuple[T, ...]:
        with self._reading() as connection:
            return tuple(to_value(row) for row in connection.execute(wanted).mappings())

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._lock, translated(self._where), self._engine.begin() as connection:
            try:
                yield connection
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise StateFault(f"The state {self._where} holds a value that is none: {error}.", RESTORE) from error

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._lock, translated(self._where), self._writer.begin() as connection:
            yield connection
