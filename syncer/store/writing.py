"""The rules of writing: an intent ends once, and no object of a replica belongs to two tasks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, Table, and_, bindparam, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.exc import IntegrityError

from syncer.core.errors import StateFault
from syncer.core.model import Known, Link, LinkState
from syncer.ports import IntentState
from syncer.store.codec import words
from syncer.store.rows import Row, item_row, link_row
from syncer.store.tables import intents, items, links

_HELD = (LinkState.LIVE.value, LinkState.ARCHIVED.value)
_REPORT = "Nothing was recorded. Please report this: it is a fault of Syncer."


def put(connection: Connection, table: Table, key: tuple[str, ...], rows: Sequence[Row]) -> None:
    """Insert rows, or replace the ones with the same `key`."""
    if not rows:
        return
    adding = upsert(table)
    changed = {name: adding.excluded[name] for name in rows[0] if name not in key}
    connection.execute(adding.on_conflict_do_update(index_elements=key, set_=changed), rows)


def put_link(connection: Connection, campaign: str, item: str, replica: str, link: Link) -> None:
    """Record one link, and its task without hub values where it was not known yet."""
    connection.execute(upsert(items).on_conflict_do_nothing(), item_row(campaign, Known(item)))
    row = link_row(campaign, item, replica, link)
    with _one_task_an_object(connection, [row]):
        put(connection, links, ("campaign", "item", "replica"), [row])


def replace_links(connection: Connection, campaign: str, knowns: Sequence[Known]) -> None:
    """Give every task exactly the links it has; objects may change hands between the tasks."""
    if not knowns:
        return
    letting_go = delete(links).where(links.c.campaign == campaign, links.c.item == bindparam("of"))
    connection.execute(letting_go, [{"of": known.item} for known in knowns])
    rows = [link_row(campaign, known.item, replica, link) for known in knowns for replica, link in known.links.items()]
    if rows:
        with _one_task_an_object(connection, rows):
            connection.execute(insert(links), rows)


@contextmanager
def _one_task_an_object(connection: Connection, rows: Sequence[Row]) -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        raise StateFault(
            _clash(connection, rows) or f"The links contradict the state ({error.orig}).", _REPORT
        ) from error


def _clash(connection: Connection, rows: Sequence[Row]) -> str:
    for row in rows:
        same = and_(*(links.c[name] == row[name] for name in ("campaign", "replica", "remote_id")))
        others = select(links.c.item).where(same, links.c.item != row["item"], links.c.state.in_(_HELD))
        other = connection.scalar(others) if row["state"] in _HELD else None
        if other is not None:
            place = f"{row['replica']} object {row['remote_id']} of campaign {row['campaign']}"
            return f"Two tasks cannot share one object: {place} belongs to task {other}, not to {row['item']} as well."
    return ""


def refuse_closed(connection: Connection, intent: str) -> None:
    """Raises StateFault where the intent has ended already."""
    state = connection.scalar(select(intents.c.state).where(intents.c.id == intent))
    if state not in (None, IntentState.IN_DOUBT.value):
        raise StateFault(f"Intent {intent} has ended already ({state}).", _REPORT)


def end(connection: Connection, intent: str, state: IntentState, reason: str) -> tuple[str, str]:
    """End an intent that is in doubt; its campaign and task. Raises StateFault for any other intent."""
    refuse_closed(connection, intent)
    found = connection.execute(select(intents.c.campaign, intents.c.item).where(intents.c.id == intent)).one_or_none()
    if found is None:
        raise StateFault(f"There is no intent {intent}.", _REPORT)
    ending = update(intents).where(intents.c.id == intent)
    connection.execute(ending, {"state": state.value, "reason": words(reason)})
    return found.campaign, found.item
