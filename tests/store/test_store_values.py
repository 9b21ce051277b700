"""What goes into the store comes out of it unchanged, whatever it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import count
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syncer.core.errors import StateFault
from syncer.core.fields import SETS, TIMES
from syncer.core.model import Agreed, Field, HubValue, Known, Link, LinkState, TaskKind, Value
from syncer.ports import (
    Conflict,
    ConflictState,
    ConflictValue,
    EffectKind,
    Intent,
    IntentState,
    LastReading,
    Run,
)
from syncer.store.codec import dump_hub, dump_values, load_hub, load_values, moment, stamp
from syncer.store.sql import SqlStore

T = TypeVar("T")
UNIQUE = count()
QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

names = st.text(max_size=12)
keys = st.text(min_size=1, max_size=12)
broken = st.text(st.characters(), max_size=12)
"""Text with halves of surrogate pairs too, as services give them for emoji that were cut."""
moments = st.datetimes(timezones=st.just(UTC))
seconds = moments.map(lambda at: at.replace(microsecond=0))


def values(field: Field) -> st.SearchStrategy[Value]:
    if field in SETS:
        return st.none() | st.frozensets(broken, max_size=4)
    if field is Field.DONE:
        return st.none() | st.booleans()
    if field is Field.KIND:
        return st.none() | st.sampled_from(TaskKind)
    if field in TIMES:
        return st.none() | st.dates() | seconds
    return st.none() | broken


def by_field(make: Callable[[Field], st.SearchStrategy[T]]) -> st.SearchStrategy[dict[Field, T]]:
    return st.fixed_dictionaries({}, optional={field: make(field) for field in Field})


def hubs(field: Field) -> st.SearchStrategy[HubValue]:
    return st.builds(HubValue, values(field), broken, st.none() | moments, st.none() | broken)


def bases(field: Field) -> st.SearchStrategy[Agreed]:
    return st.builds(Agreed, values(field), values(field))


links = st.builds(
    Link,
    remote_id=keys,
    state=st.sampled_from(LinkState),
    version=st.none() | names,
    url=st.none() | names,
    missing_since=st.none() | moments,
    agreed=by_field(bases),
)


@st.composite
def knowns(draw: st.DrawFn) -> tuple[Known, ...]:
    items = draw(st.lists(keys, unique=True, max_size=3))
    return tuple(
        Known(
            item=item,
            hub=draw(by_field(hubs)),
            links={replica: draw(links_of(item)) for replica in draw(st.sets(names, max_size=2))},
            dead=draw(st.booleans()),
            reopen_stage=draw(st.none() | broken),
        )
        for item in sorted(items)
    )


def links_of(item: str) -> st.SearchStrategy[Link]:
    """Links that no other task has."""
    return links.map(lambda link: replace(link, remote_id=f"{link.remote_id} of {item}"))


@st.composite
def intents(draw: st.DrawFn) -> Intent:
    return Intent(
        id=f"intent {next(UNIQUE)}",
        run=draw(names),
        campaign=f"campaign {next(UNIQUE)}",
        replica=draw(names),
        item=draw(names),
        title=draw(names),
        kind=draw(st.sampled_from(EffectKind)),
        remote_id=draw(st.none() | names),
        fields=draw(by_field(values)),
        old=draw(by_field(values)),
        cause=draw(names),
        at=draw(moments),
        since=draw(st.none() | moments),
        reason=draw(names),
        attempts=draw(st.integers(0, 9)),
    )


@st.composite
def conflicts(draw: st.DrawFn) -> Conflict:
    field = draw(st.sampled_from(Field))
    sides = st.builds(ConflictValue, broken, values(field), st.none() | moments, st.none() | broken)
    return Conflict(
        id=f"conflict {next(UNIQUE)}",
        campaign=f"campaign {next(UNIQUE)}",
        item=draw(names),
        title=draw(names),
        field=field,
        values=tuple(draw(st.lists(sides, max_size=3))),
        chosen=draw(st.none() | names),
        state=draw(st.sampled_from(ConflictState)),
        at=draw(moments),
    )


@QUICK
@given(tasks=knowns())
def test_tasks_and_links_come_back(store: SqlStore, tasks: tuple[Known, ...]) -> None:
    campaign = f"campaign {next(UNIQUE)}"
    store.settle(campaign, tasks, ())
    assert store.known(campaign) == tasks


@QUICK
@given(intent=intents())
def test_intents_come_back(store: SqlStore, intent: Intent) -> None:
    store.intend([intent])
    assert store.open_intents(intent.campaign) == (intent,)
    assert store.history(intent.campaign) == (intent,)


@QUICK
@given(conflict=conflicts())
def test_conflicts_come_back(store: SqlStore, conflict: Conflict) -> None:
    store.settle(conflict.campaign, (), [conflict])
    assert store.conflicts(conflict.campaign) == (conflict,)


@QUICK
@given(tail=names, started=moments, ended=moments, exit_code=st.integers(0, 7))
def test_runs_come_back(store: SqlStore, tail: str, started: datetime, ended: datetime, exit_code: int) -> None:
    run = Run(f"run {next(UNIQUE)}", "sync", started)
    store.begin(run)
    finished = replace(run, ended_at=ended, exit=exit_code, report=tail)
    store.finish(finished)
    assert store.last_run() == finished


@QUICK
@given(at=moments, items=st.integers(0, 100_000))
def test_readings_come_back(store: SqlStore, at: datetime, items: int) -> None:
    store.note_reading("readings", "trello", LastReading(at, items))
    assert store.last_reading("readings", "trello") == LastReading(at, items)


@given(first=moments, second=moments)
def test_stamps_sort_like_times(first: datetime, second: datetime) -> None:
    assert (stamp(first) < stamp(second)) == (first < second)
    assert moment(stamp(first)) == first


def test_a_stamp_is_the_same_in_every_zone() -> None:
    at = datetime(2026, 3, 1, 20, tzinfo=UTC)
    assert stamp(at.astimezone(timezone(timedelta(hours=8)))) == stamp(at)


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no zone"):
        stamp(datetime(2026, 3, 1, tzinfo=UTC).replace(tzinfo=None))


def test_days_stay_days_and_times_stay_times() -> None:
    kept: dict[Field, Value] = {Field.START: date(2026, 3, 1), Field.DUE: datetime(2026, 3, 1, tzinfo=UTC)}
    assert dump_values(kept) == '{"due":"2026-03-01T00:00:00Z","start":"2026-03-01"}'
    assert load_values(dump_values(kept)) == kept


def test_sets_are_stored_sorted() -> None:
    hub = {Field.LABELS: HubValue(frozenset({"b", "a", "ü"}), "trello")}
    assert dump_hub(hub) == r'{"labels":{"at":null,"by":null,"source":"trello","value":["a","b","\u00fc"]}}'
    assert load_hub(dump_hub(hub)) == hub


def test_a_cut_emoji_in_a_title_does_not_stop_the_journal(store: SqlStore) -> None:
    intent = Intent(
        id="cut",
        run="r",
        campaign="cut emoji",
        replica="trello",
        item="i",
        title="Party \ud83c",
        kind=EffectKind.UPDATE,
        remote_id="c",
        fields={Field.TITLE: "Party \ud83c"},
        old={},
        cause="edited in asana",
        at=datetime(2026, 3, 1, tzinfo=UTC),
    )
    store.intend([intent])
    (kept,) = store.open_intents("cut emoji")
    assert (kept.title, kept.fields, kept.state) == ("Party ?", intent.fields, IntentState.IN_DOUBT)


def test_a_value_that_is_none_is_a_state_fault(store: SqlStore) -> None:
    store.settle("flipped", [Known("i", {Field.DONE: HubValue(True, "trello")})], ())
    with store._writing() as connection:
        connection.exec_driver_sql("UPDATE items SET hub = replace(hub, 'done', 'dome') WHERE campaign = 'flipped'")
    with pytest.raises(StateFault, match="holds a value that is none"):
        store.known("flipped")
