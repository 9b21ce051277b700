"""Every guard: the alarm, what is just below it, and the leave for one run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

import pytest

from syncer.core.actions import Plan
from syncer.core.model import Field, Item, Known, LastReading, Presence, Reading
from syncer.core.plan import Material, blocked, plan, suspects
from syncer.core.policy import GUARDS, Limit
from tests.unit.core_builders import NOW, item, known, material, policy, reading

DUE, MOVED = date(2026, 11, 11), date(2026, 11, 12)


def tasks(count: int) -> list[Known]:
    """Tasks that are the same in Trello and Asana."""
    return [
        known(f"t-{n}", {"trello": f"c{n}", "asana": f"a{n}"}, title=f"Task {n}", due=DUE, stage="To do", done=False)
        for n in range(count)
    ]


def objects(prefix: str, numbers: Iterable[int], **changes: object) -> list[Item]:
    values = {"due": DUE, "stage": "To do", "done": False} | changes
    return [item(f"{prefix}{n}", title=f"Task {n}", **values) for n in numbers]


def world(count: int, trello: list[Item], last: Mapping[str, int] | None = None, complete: bool = True) -> Material:
    """All tasks are in Asana; Trello shows what is given."""
    readings: list[Reading] = [
        reading("trello", *trello, complete=complete), reading("asana", *objects("a", range(count)))
    ]  # fmt: skip
    before = {
        name: LastReading(NOW, items)
        for name, items in ({"trello": count, "asana": count} if last is None else last).items()
    }
    return material(tasks(count), *readings, last=before)


def decided(seen: Material, *allow: str, **settings: object) -> Plan:
    """The plan, with every absence confirmed as a deletion."""
    rules = policy("trello", "asana", allow=frozenset(allow), **settings)
    missing, refusals = suspects(seen, rules)
    made = plan(replace(seen, presences=dict.fromkeys(missing, Presence.GONE)), rules)
    return replace(made, refusals=tuple(dict.fromkeys([*refusals, *made.refusals])))


def names(made: Plan) -> list[str]:
    return sorted({refusal.guard for refusal in made.refusals})


def kinds(made: Plan) -> dict[str, int]:
    return {kind: sum(action.kind == kind for action in made.actions) for kind in {a.kind for a in made.actions}}


# -- empty and shrunken -----------------------------------------------------------------------------------------------


def test_empty() -> None:
    made = decided(world(4, []))
    assert (names(made), made.actions) == (["empty"], ())
    assert "where 4 were before" in made.refusals[0].reason


def test_a_place_filled_by_the_last_pass_itself_counts_as_full() -> None:
    assert "empty" in names(decided(world(4, [], last={})))


def test_empty_is_no_alarm_where_all_is_empty_or_was_put_away_by_somebody() -> None:
    nothing = material(tasks(4), reading("trello"), reading("asana"), last={"trello": LastReading(NOW, 4)})
    assert "empty" not in names(decided(nothing))
    assert "empty" not in names(decided(world(4, [replace(i, archived=True) for i in objects("c", range(4))])))


def test_an_incomplete_reading_is_not_suspected_because_it_proves_nothing_anyway() -> None:
    made = decided(world(20, [], complete=False))
    assert (names(made), made.actions) == ([], ())


def test_empty_with_leave() -> None:
    assert kinds(decided(world(4, []), "empty")) == {"archive": 4}


def test_shrunken() -> None:
    made = decided(world(20, objects("c", range(9))), "mass-delete")
    assert (names(made), made.actions) == (["shrunken"], ())


def test_shrunken_is_no_alarm_at_half_nor_for_a_handful() -> None:
    assert "shrunken" not in names(decided(world(20, objects("c", range(10)))))
    assert "shrunken" not in names(decided(world(6, objects("c", range(1)))))


def test_shrunken_with_leave() -> None:
    assert kinds(decided(world(20, objects("c", range(9))), "shrunken", "mass-delete")) == {"archive": 11}


# -- too much at once -------------------------------------------------------------------------------------------------


def test_mass_delete() -> None:
    made = decided(world(70, objects("c", range(62))))
    assert (names(made), made.actions) == (["mass-delete"], ())
    assert "8 tasks are gone in trello, more than the 7" in made.refusals[0].reason


def test_mass_delete_goes_on_with_everything_else() -> None:
    edited = [*objects("c", range(61)), *objects("c", [61], due=MOVED)]
    assert [dict(action.changes)[Field.DUE].new for action in decided(world(70, edited)).actions] == [MOVED]


@pytest.mark.parametrize(("count", "gone"), [(70, 7), (10, 5)])
def test_mass_delete_is_no_alarm_at_the_limit_and_never_under_five(count: int, gone: int) -> None:
    made = decided(world(count, objects("c", range(count - gone))))
    assert (names(made), kinds(made)) == ([], {"archive": gone})


def test_mass_delete_with_leave_or_another_limit() -> None:
    seen = world(70, objects("c", range(62)))
    assert kinds(decided(seen, "mass-delete")) == {"archive": 8}
    assert kinds(decided(seen, max_delete=Limit(number=8))) == {"archive": 8}


def archiving(count: int, away: int, **changes: object) -> Material:
    put_away = [replace(shown, archived=True) for shown in objects("c", range(away), **changes)]
    return world(count, put_away + objects("c", range(away, count)))


def test_mass_archive() -> None:
    made = decided(archiving(70, 8))
    assert (names(made), made.actions) == (["mass-archive"], ())


def test_mass_archive_is_no_alarm_at_the_limit_nor_for_finished_work() -> None:
    assert (names(decided(archiving(70, 7))), kinds(decided(archiving(70, 7)))) == ([], {"archive": 7})
    tidied = decided(archiving(70, 8, done=True))
    assert (names(tidied), kinds(tidied)) == ([], {"update": 8})


def test_mass_archive_with_leave() -> None:
    assert kinds(decided(archiving(70, 8), "mass-archive")) == {"archive": 8}


def changing(count: int, changed: int, **changes: object) -> Material:
    return world(count, objects("c", range(changed), **changes) + objects("c", range(changed, count)))


def test_mass_change() -> None:
    made = decided(changing(20, 11, due=MOVED))
    assert (names(made), made.actions) == (["mass-change"], ())
    assert made.refusals[0].replica == "trello"


def test_mass_change_stops_the_field_in_that_replica_and_nothing_else() -> None:
    made = decided(changing(20, 11, due=MOVED, description="also edited"))
    assert names(made) == ["mass-change"]
    assert {of for action in made.actions for of in action.changes} <= {Field.DESCRIPTION}


def test_mass_change_is_no_alarm_at_the_limit_nor_for_five_nor_over_several_fields() -> None:
    assert kinds(decided(changing(20, 10, due=MOVED))) == {"update": 10}
    assert kinds(decided(changing(5, 5, due=MOVED))) == {"update": 5}
    mixed = objects("c", range(10), due=MOVED) + objects("c", range(10, 20), stage="Doing")
    assert kinds(decided(world(20, mixed))) == {"update": 20}


def test_mass_change_does_not_count_fields_that_live_apart() -> None:
    made = decided(changing(20, 20, due=MOVED), directions={Field.DUE: "off"})
    assert (names(made), made.actions) == ([], ())


def test_mass_change_with_leave() -> None:
    assert kinds(decided(changing(20, 11, due=MOVED), "mass-change")) == {"update": 11}


def test_mass_complete() -> None:
    made = decided(changing(20, 11, done=True))
    assert (names(made), made.actions) == (["mass-complete"], ())


def test_mass_complete_is_no_alarm_at_the_limit_and_taking_ticks_away_is_a_mass_change() -> None:
    assert kinds(decided(changing(20, 10, done=True))) == {"update": 20}  # the stage follows in Trello too
    finished = [
        known(f"t-{n}", {"trello": f"c{n}"}, title=f"Task {n}", due=DUE, stage="Done", done=True) for n in range(20)
    ]
    opened = objects("c", range(11), stage="Done") + objects("c", range(11, 20), stage="Done", done=True)
    assert names(decided(material(finished, reading("trello", *opened)))) == ["mass-change"]


def test_mass_complete_with_leave() -> None:
    assert kinds(decided(changing(20, 11, done=True), "mass-complete")) == {"update": 22}


def creating(new: int) -> Material:
    return world(3, objects("c", range(3 + new)))


def test_mass_create() -> None:
    made = decided(creating(4), max_create=3)
    assert (names(made), made.actions) == (["mass-create"], ())


def test_mass_create_is_no_alarm_at_the_limit_nor_before_anything_is_linked_there() -> None:
    assert kinds(decided(creating(3), max_create=3)) == {"create": 3}
    first = material([], reading("trello", *objects("c", range(9))), reading("asana"))
    assert kinds(decided(first, max_create=3)) == {"create": 9}


def test_mass_create_with_leave() -> None:
    assert kinds(decided(creating(4), "mass-create", max_create=3)) == {"create": 4}


# -- the first link ---------------------------------------------------------------------------------------------------


def first(*, last: Mapping[str, LastReading] | None = None) -> Material:
    return material(
        [], reading("trello", item("c1", title="A")), reading("asana", item("a1", title="B")), last=last or {}
    )


def test_adoption() -> None:
    made = decided(first())
    assert names(made) == ["adoption"]
    assert blocked(made)
    assert kinds(made) == {"create": 2}


def test_adoption_is_no_alarm_with_one_full_place_or_places_that_were_seen_empty() -> None:
    one = material([], reading("trello", item("c1", title="A")), reading("asana", item("a1", archived=True, title="B")))
    assert names(decided(one)) == []
    assert names(decided(first(last=dict.fromkeys(("trello", "asana"), LastReading(NOW, 0))))) == []


def test_adoption_with_leave() -> None:
    made = decided(first(), "adoption")
    assert (names(made), blocked(made)) == ([], False)


def strange(tasks: list[Known]) -> Material:
    return material(
        tasks, reading("sheets", item("t-0123456789ab", title="A")), reading("trello", item("c0", title="B"))
    )


def test_identity() -> None:
    rules = policy("trello", "sheets", allow=frozenset({"adoption"}))
    made = plan(strange([]), rules)
    assert (names(made), blocked(made)) == (["identity"], True)


def test_identity_is_no_alarm_for_a_row_pasted_later_which_is_only_reported() -> None:
    later = strange([known("t-0", {"trello": "c0"}, title="B")])
    made = plan(replace(later, last={"sheets": LastReading(NOW, 0)}), policy("trello", "sheets"))
    assert (names(made), made.waiting) == ([], 1)
    assert any("never given here" in notice.problem for notice in made.notices)


def test_identity_with_leave() -> None:
    made = plan(strange([]), policy("trello", "sheets", allow=frozenset({"adoption", "identity"})))
    assert (names(made), blocked(made)) == ([], False)


def test_the_names() -> None:
    assert len(GUARDS) == len(set(GUARDS)) == 13
