"""The row of every value that is kept, and the value of every row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import RowMapping

from syncer.core.model import Field, Known, Link, LinkState
from syncer.ports import Conflict, ConflictState, EffectKind, Intent, IntentState, LastReading, Run
from syncer.store.codec import (
    dump_agreed,
    dump_hub,
    dump_sides,
    dump_text,
    dump_values,
    load_agreed,
    load_hub,
    load_sides,
    load_text,
    load_values,
    maybe_moment,
    maybe_stamp,
    moment,
    stamp,
    words,
)

Row = dict[str, Any]


def item_row(campaign: str, known: Known) -> Row:
    """The row of a task, without its links."""
    return {
        "campaign": campaign,
        "item": known.item,
        "hub": dump_hub(known.hub),
        "away": known.away,
        "dead": known.dead,
        "reopen_stage": None if known.reopen_stage is None else dump_text(known.reopen_stage),
    }


def to_known(row: RowMapping, links: Iterable[RowMapping]) -> Known:
    """The task of an item's row and the rows of its links."""
    return Known(
        item=row["item"],
        hub=load_hub(row["hub"]),
        links={link["replica"]: to_link(link) for link in links},
        away=row["away"],
        dead=row["dead"],
        reopen_stage=None if row["reopen_stage"] is None else load_text(row["reopen_stage"]),
    )


def link_row(campaign: str, item: str, replica: str, link: Link) -> Row:
    """The row of a task's link to one replica."""
    return {
        "campaign": campaign,
        "item": item,
        "replica": replica,
        "remote_id": link.remote_id,
        "state": link.state.value,
        "version": link.version,
        "url": link.url,
        "missing_since": maybe_stamp(link.missing_since),
        "agreed": dump_agreed(link.agreed),
    }


def to_link(row: RowMapping) -> Link:
    """The link of a row."""
    return Link(
        remote_id=row["remote_id"],
        state=LinkState(row["state"]),
        version=row["version"],
        url=row["url"],
        missing_since=maybe_moment(row["missing_since"]),
        agreed=load_agreed(row["agreed"]),
    )


def intent_row(intent: Intent) -> Row:
    """The row of an intent, its state as it says."""
    plain = {name: getattr(intent, name) for name in ("id", "run", "campaign", "replica", "item", "remote_id")}
    return plain | {
        "title": words(intent.title),
        "kind": intent.kind.value,
        "fields": dump_values(intent.fields),
        "old": dump_values(intent.old),
        "cause": words(intent.cause),
        "at": stamp(intent.at),
        "since": maybe_stamp(intent.since),
        "state": intent.state.value,
        "reason": words(intent.reason),
        "attempts": intent.attempts,
    }


def to_intent(row: RowMapping) -> Intent:
    """The intent of a row."""
    plain = {name: row[name] for name in ("id", "run", "campaign", "replica", "item", "title", "remote_id", "cause")}
    return Intent(
        **plain,
        kind=EffectKind(row["kind"]),
        fields=load_values(row["fields"]),
        old=load_values(row["old"]),
        at=moment(row["at"]),
        since=maybe_moment(row["since"]),
        state=IntentState(row["state"]),
        reason=row["reason"],
        attempts=row["attempts"],
    )


def conflict_row(conflict: Conflict) -> Row:
    """The row of a conflict."""
    return {
        "id": conflict.id,
        "campaign": conflict.campaign,
        "item": conflict.item,
        "title": words(conflict.title),
        "field": conflict.field.value,
        "sides": dump_sides(conflict.values),
        "chosen": conflict.chosen,
        "state": conflict.state.value,
        "at": stamp(conflict.at),
    }


def to_conflict(row: RowMapping) -> Conflict:
    """The conflict of a row."""
    field = Field(row["field"])
    return Conflict(
        id=row["id"],
        campaign=row["campaign"],
        item=row["item"],
        title=row["title"],
        field=field,
        values=load_sides(field, row["sides"]),
        chosen=row["chosen"],
        state=ConflictState(row["state"]),
        at=moment(row["at"]),
    )


def run_row(run: Run) -> Row:
    """The row of a run."""
    return {
        "id": run.id,
        "command": run.command,
        "started_at": stamp(run.started_at),
        "ended_at": maybe_stamp(run.ended_at),
        "exit": run.exit,
        "report": words(run.report),
    }


def to_run(row: RowMapping) -> Run:
    """The run of a row."""
    return Run(
        id=row["id"],
        command=row["command"],
        started_at=moment(row["started_at"]),
        ended_at=maybe_moment(row["ended_at"]),
        exit=row["exit"],
        report=row["report"],
    )


def to_last_reading(row: RowMapping) -> LastReading:
    """The last reading of a row."""
    return LastReading(at=moment(row["at"]), items=row["items"])
