"""What each writing method promises: whole transactions, intents that end once, one task to an object."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from syncer.core.errors import StateFault
from syncer.core.model import Agreed, Field, HubValue, Known, Link, LinkState, Value
from syncer.ports import Clock, Conflict, ConflictState, ConflictValue, EffectKind, Intent, IntentState, Run
from syncer.store.opening import open_store
from syncer.store.sql import SqlStore

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
AGREED = {Field.TITLE: Agreed("Poster", "Poster")}


def an_intent(name: str, campaign: str, item: str = "i1", run: str = "r1") -> Intent:
    fields: dict[Field, Value] = {Field.TITLE: "Poster", Field.LABELS: frozenset({"a"})}
    return Intent(
        id=f"{campaign}/{name}",
        run=run,
        campaign=campaign,
        replica="asana",
        item=item,
        title="Poster",
        kind=EffectKind.CREATE,
        remote_id=None,
        fields=fields,
        old={Field.TITLE: "Post"},
        cause="new in trello",
        at=NOON,
    )


def a_conflict(name: str, campaign: str, at: datetime) -> Conflict:
    sides = (ConflictValue("trello", "A", at, "Ann"), ConflictValue("asana", "B", None, None))
    return Conflict(f"{campaign}/{name}", campaign, "i1", "Poster", Field.TITLE, sides, None, ConflictState.OPEN, at)


def test_confirm_closes_the_intent_and_records_the_link(store: SqlStore) -> None:
    task = Known("i1", {Field.TITLE: HubValue("Poster", "trello", NOON, "Ann")}, {"trello": Link("card")})
    store.settle("confirm", [task], ())
    store.intend([an_intent("a", "confirm")])
    store.confirm("confirm/a", "asana", Link("gid", agreed=AGREED))
    assert store.open_intents("confirm") == ()
    assert store.known("confirm") == (replace(task, links={**task.links, "asana": Link("gid", agreed=AGREED)}),)
    (effect,) = store.history("confirm")
    assert effect == replace(an_intent("a", "confirm"), state=IntentState.DONE)


def test_confirm_of_a_task_not_settled_yet_keeps_its_link(store: SqlStore) -> None:
    store.intend([an_intent("a", "early", item="new")])
    store.confirm("early/a", "asana", Link("gid"))
    assert store.known("early") == (Known("new", {}, {"asana": Link("gid")}),)


def test_a_refused_confirm_leaves_the_intent_in_doubt(store: SqlStore) -> None:
    store.settle("shared", [Known("i1"), Known("i2", links={"asana": Link("gid")})], ())
    store.intend([an_intent("a", "shared")])
    with pytest.raises(StateFault, match="asana object gid of campaign shared belongs to task i2, not to i1"):
        store.confirm("shared/a", "asana", Link("gid"))
    assert [intent.state for intent in store.open_intents("shared")] == [IntentState.IN_DOUBT]
    assert store.known("shared")[0].links == {}


def test_an_intent_ends_once(store: SqlStore) -> None:
    store.intend([an_intent("a", "once")])
    store.close("once/a", IntentState.REFUSED, "no such member")
    for again in (
        lambda: store.close("once/a", IntentState.ABANDONED, ""),
        lambda: store.confirm("once/a", "asana", Link("gid")),
        lambda: store.intend([an_intent("a", "once")]),
    ):
        with pytest.raises(StateFault, match="has ended already"):
            again()
    (effect,) = store.history("once")
    assert (effect.state, effect.reason) == (IntentState.REFUSED, "no such member")


def test_an_unknown_intent_is_a_state_fault(store: SqlStore) -> None:
    with pytest.raises(StateFault, match="There is no intent nobody"):
        store.close("nobody", IntentState.ABANDONED, "")


def test_closing_as_in_doubt_is_a_fault_of_the_caller(store: SqlStore) -> None:
    with pytest.raises(ValueError, match="cannot be closed"):
        store.close("x", IntentState.IN_DOUBT, "")


def test_an_intent_in_doubt_can_be_journalled_again(store: SqlStore) -> None:
    store.intend([an_intent("a", "again"), an_intent("b", "again")])
    store.intend([replace(an_intent("a", "again"), attempts=1)])
    assert [(intent.id, intent.attempts) for intent in store.open_intents("again")] == [("again/a", 1), ("again/b", 0)]


def test_intents_are_journalled_as_in_doubt_all_or_none(store: SqlStore) -> None:
    store.intend([replace(an_intent("a", "whole"), state=IntentState.DONE)])
    assert [intent.id for intent in store.open_intents("whole")] == ["whole/a"]
    store.close("whole/a", IntentState.ABANDONED, "")
    with pytest.raises(StateFault):
        store.intend([an_intent("b", "whole"), an_intent("a", "whole")])
    assert [intent.id for intent in store.history("whole")] == ["whole/a"]


def test_history_is_newest_first_whatever_the_clock_said(store: SqlStore) -> None:
    late, early = an_intent("late", "history", run="h1"), an_intent("early", "history", run="h2")
    store.intend([late])
    store.intend([replace(early, at=NOON - timedelta(days=1))])
    assert [intent.id for intent in store.history("history")] == ["history/early", "history/late"]
    assert [intent.id for intent in store.history(run="h1")] == ["history/late"]
    assert store.history("history", "another run") == ()


def test_settle_deletes_links_that_are_not_given(store: SqlStore) -> None:
    store.settle("gone", [Known("i1", links={"trello": Link("c"), "asana": Link("g")}), Known("i2")], ())
    store.settle("gone", [Known("i1", links={"asana": Link("g", LinkState.ARCHIVED)})], ())
    assert store.known("gone") == (Known("i1", links={"asana": Link("g", LinkState.ARCHIVED)}), Known("i2"))


def test_objects_can_change_hands_within_one_settle(store: SqlStore) -> None:
    store.settle("swap", [Known("i1", links={"t": Link("a")}), Known("i2", links={"t": Link("b")})], ())
    swapped = (Known("i1", links={"t": Link("b")}), Known("i2", links={"t": Link("a")}))
    store.settle("swap", swapped, ())
    assert store.known("swap") == swapped


@pytest.mark.parametrize("state", [LinkState.LIVE, LinkState.ARCHIVED])
def test_two_tasks_never_share_an_object(store: SqlStore, state: LinkState) -> None:
    campaign = f"twins {state}"
    twins = [Known("i1", links={"t": Link("a")}), Known("i2", links={"t": Link("a", state)})]
    with pytest.raises(StateFault, match="Two tasks cannot share one object"):
        store.settle(campaign, twins, [a_conflict("x", campaign, NOON)])
    assert store.known(campaign) == ()
    assert store.conflicts(campaign) == ()


@pytest.mark.parametrize("state", [LinkState.GONE, LinkState.UNLINKED])
def test_an_object_that_was_let_go_may_belong_to_another_task(store: SqlStore, state: LinkState) -> None:
    tasks = (Known("i1", links={"t": Link("a")}), Known("i2", links={"t": Link("a", state)}))
    store.settle(f"let go {state}", tasks, ())
    assert store.known(f"let go {state}") == tasks


def test_campaigns_and_replicas_are_apart(store: SqlStore) -> None:
    one = Known("i1", {Field.TITLE: HubValue("one", "t")}, {"t": Link("a"), "u": Link("a")})
    other = Known("i1", {Field.TITLE: HubValue("other", "t")}, {"t": Link("a")})
    store.settle("apart 1", [one], ())
    store.settle("apart 2", [other], ())
    assert (store.known("apart 1"), store.known("apart 2")) == ((one,), (other,))


def test_known_is_ordered_by_item(store: SqlStore) -> None:
    items = ["z", "a10", "Ä", "a2", "B", "任务"]
    store.settle("order", [Known(item) for item in items], ())
    assert [known.item for known in store.known("order")] == sorted(items)


def test_conflicts_are_newest_first_and_replaced_by_id(store: SqlStore) -> None:
    old, new = a_conflict("old", "inbox", NOON), a_conflict("new", "inbox", NOON + timedelta(hours=1))
    store.settle("inbox", (), [old, new])
    settled = replace(old, state=ConflictState.SETTLED, chosen="trello")
    store.settle("inbox", (), [settled])
    assert store.conflicts("inbox") == (new, settled)
    assert store.conflicts("inbox", ConflictState.OPEN) == (new,)
    assert set(store.conflicts(state=ConflictState.SETTLED)) >= {settled}


def test_a_run_counts_as_last_when_it_is_finished(made: Path, clock: Clock) -> None:
    store = open_store(f"sqlite:///{made}", clock)
    assert store.last_run() is None
    first, second = Run("1", "sync", NOON), Run("2", "sync", NOON - timedelta(days=1))
    store.begin(first)
    store.begin(second)
    done = replace(first, ended_at=NOON, exit=3, report="{}")
    store.finish(done)
    assert store.last_run() == done
    store.finish(replace(second, ended_at=NOON - timedelta(days=1), exit=0))
    last = store.last_run()
    assert last is not None
    assert last.id == "2"
    store.dispose()


def test_no_reading_before_the_first(store: SqlStore) -> None:
    assert store.last_reading("never read", "trello") is None


def test_threads_can_share_a_store(made: Path, clock: Clock) -> None:
    store = open_store(f"sqlite:///{made}", clock)

    def work(number: int) -> int:
        store.intend([an_intent(str(number), "threads", item=f"i{number}")])
        store.confirm(f"threads/{number}", "asana", Link(f"g{number}"))
        return len(store.known("threads"))

    with ThreadPoolExecutor(8) as pool:
        assert max(pool.map(work, range(24))) == 24
    assert store.open_intents("threads") == ()
    store.dispose()


def test_five_thousand_tasks_come_back(store: SqlStore) -> None:
    fields: dict[Field, Value] = {Field.TITLE: "Poster", Field.STAGE: "Doing", Field.OWNERS: frozenset({"Ann", "Li"})}
    hub = {field: HubValue(value, "trello", NOON) for field, value in fields.items()}
    agreed = {field: Agreed(value, value) for field, value in fields.items()}
    tasks = [
        Known(f"{n:05}", hub, {place: Link(f"{place}{n}", agreed=agreed) for place in ("asana", "trello")})
        for n in range(5_000)
    ]
    store.settle("large", tasks, ())
    assert store.known("large") == tuple(tasks)


@pytest.mark.parametrize("text", ["'; DROP TABLE items; --", "%", "\0", "?", ":item", '"'])
def test_text_is_never_sql(store: SqlStore, text: str) -> None:
    task = Known(text, {Field.TITLE: HubValue(text, text)}, {text: Link(text, url=text)})
    store.settle(text, [task], ())
    assert store.known(text) == (task,)
