"""The plan as a value: the same for the same world, in the one order, with a name that tells any other apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncer.core.actions import Action, Change, Plan, digest, ordered
from syncer.core.model import EffectKind, Field, Item, Known
from syncer.core.plan import Material, plan
from tests.unit.core_builders import item, known, material, policy, reading

NAMES = ("trello", "asana", "sheets")


def tasks() -> list[Known]:
    links = [{"trello": f"c{n}", "asana": f"a{n}", "sheets": f"t-00000000000{n}"} for n in range(6)]
    return [known(f"t-00000000000{n}", links[n], title=f"Task {n}", due=date(2026, 11, 1)) for n in range(6)]


def objects(prefix: str) -> list[Item]:
    return [item(f"{prefix}{n}", title=f"Task {n}", due=date(2026, 11, 1)) for n in range(6)]


def busy() -> dict[str, list[Item]]:
    """Edits, a conflict, new tasks on all sides, one of them in two places, and ambiguous ones."""
    trello, asana, sheets = objects("c"), objects("a"), objects("t-00000000000")
    trello[1] = item("c1", title="Renamed", due=date(2026, 11, 1))
    trello[2] = item("c2", title="Task 2", due=date(2026, 12, 1))
    asana[2] = item("a2", title="Task 2", due=date(2026, 12, 2))
    trello += [item("c7", title="Both"), item("c8", title="Twice"), item("c9", title="Twice")]
    asana += [item("a7", title="Both"), item("a8", title="Twice"), item("a10", title="Parent")]
    asana += [item("a11", title="Child", parent="a10")]
    sheets += [item("row-9", nameless=True, title="New row")]
    return {"trello": trello, "asana": asana, "sheets": sheets}


def seen(shown: dict[str, list[Item]], known_tasks: list[Known]) -> Material:
    return material(known_tasks, *(reading(name, *items) for name, items in shown.items()))


def test_the_busy_world_has_something_of_everything() -> None:
    made = plan(seen(busy(), tasks()), policy())
    assert {action.kind for action in made.actions} == {EffectKind.CREATE, EffectKind.UPDATE, EffectKind.IDENTIFY}
    assert (len(made.conflicts), made.refusals) == (1, ())
    assert made.notices


@given(st.randoms(use_true_random=False))
def test_the_same_world_gives_the_same_plan_in_whatever_order_it_is_told(random) -> None:
    shown, before = busy(), tasks()
    wanted = plan(seen(shown, before), policy())
    for items in shown.values():
        random.shuffle(items)
    random.shuffle(before)
    names = list(shown)
    random.shuffle(names)
    made = plan(seen({name: shown[name] for name in names}, before), policy())
    assert replace(made, notices=()) == replace(wanted, notices=())
    assert {notice.problem for notice in made.notices} == {notice.problem for notice in wanted.notices}
    assert digest(made) == digest(wanted)


def test_a_quiet_world_gives_an_empty_plan() -> None:
    shown = {"trello": objects("c"), "asana": objects("a"), "sheets": objects("t-00000000000")}
    made = plan(seen(shown, tasks()), policy())
    assert (made.actions, made.conflicts, made.refusals, made.unchanged) == ((), (), (), 6)


# -- order ------------------------------------------------------------------------------------------------------------


def act(kind: EffectKind, task: str, replica: str = "trello", needs: tuple[tuple[str, str], ...] = ()) -> Action:
    return Action(replica, kind, task, task, None, "", needs=needs)


def test_what_others_need_comes_first() -> None:
    child = act(EffectKind.CREATE, "a-child", needs=(("trello", "parent"),))
    grandchild = act(EffectKind.CREATE, "a-a-grandchild", needs=(("trello", "a-child"),))
    parent = act(EffectKind.CREATE, "parent", needs=(("sheets", "parent"),))
    row = act(EffectKind.IDENTIFY, "parent", "sheets")
    assert ordered([grandchild, child, parent, row], NAMES) == (row, parent, child, grandchild)


def test_needs_that_nobody_makes_hold_nothing_up_and_a_cycle_is_broken() -> None:
    lonely = act(EffectKind.UPDATE, "t-1", needs=(("trello", "linked long ago"),))
    hen = act(EffectKind.CREATE, "hen", needs=(("trello", "egg"),))
    egg = act(EffectKind.CREATE, "egg", needs=(("trello", "hen"),))
    assert ordered([lonely], NAMES) == (lonely,)
    assert [action.item for action in ordered([hen, egg], NAMES)] == ["egg", "hen"]


def test_making_comes_before_changing_and_changing_before_putting_away() -> None:
    kinds = [
        EffectKind.IDENTIFY, EffectKind.CREATE, EffectKind.RESTORE, EffectKind.UPDATE, EffectKind.FLAG,
        EffectKind.ARCHIVE, EffectKind.DELETE,
    ]  # fmt: skip
    actions = [act(kind, f"t-{n}") for n, kind in enumerate(kinds)]
    assert [action.kind for action in ordered(actions[::-1], NAMES)] == kinds


def test_replicas_go_in_rank_order() -> None:
    actions = [act(EffectKind.UPDATE, "t-1", name) for name in ("sheets", "asana", "trello")]
    assert [action.replica for action in ordered(actions, NAMES)] == list(NAMES)


# -- the digest -------------------------------------------------------------------------------------------------------

CHANGE = Action(
    "trello", EffectKind.UPDATE, "t-1", "Poster", "c1", "edited in asana",
    {Field.DUE: Change(date(2026, 11, 1), date(2026, 12, 1))},
)  # fmt: skip


@pytest.mark.parametrize(
    "other",
    [
        replace(CHANGE, replica="asana"),
        replace(CHANGE, kind=EffectKind.RESTORE),
        replace(CHANGE, item="t-2"),
        replace(CHANGE, title="Poster 2"),
        replace(CHANGE, remote_id="c2"),
        replace(CHANGE, cause="edited in sheets"),
        replace(CHANGE, text="Deleted in asana"),
        replace(CHANGE, changes={Field.START: CHANGE.changes[Field.DUE]}),
        replace(CHANGE, changes={Field.DUE: Change(date(2026, 11, 2), date(2026, 12, 1))}),
        replace(CHANGE, changes={Field.DUE: Change(date(2026, 11, 1), None)}),
        replace(CHANGE, changes={}),
    ],
)
def test_the_digest_changes_with_anything_that_is_shown(other: Action) -> None:
    assert digest(Plan("launch", (other,))) != digest(Plan("launch", (CHANGE,)))


def test_the_digest_tells_campaigns_order_and_number_apart_and_nothing_else() -> None:
    plain = digest(Plan("launch", (CHANGE,)))
    assert plain != digest(Plan("other", (CHANGE,)))
    assert plain != digest(Plan("launch", (CHANGE, CHANGE)))
    assert plain == digest(Plan("launch", (replace(CHANGE, needs=(("trello", "t-9"),)),), unchanged=7))


def test_a_child_without_its_parent() -> None:
    child = replace(
        CHANGE,
        changes={**CHANGE.changes, Field.PARENT: Change(None, "t-9")},
        needs=(("trello", "t-9"), ("sheets", "t-1")),
    )
    assert child.parent == ("trello", "t-9")
    assert child.orphaned() == replace(CHANGE, needs=(("sheets", "t-1"),))
    assert CHANGE.parent is None
