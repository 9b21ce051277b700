"""The merge of one field, row by row."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from syncer.core.merge import Side, merge
from syncer.core.model import Agreed, Capabilities, Field, HubValue, Value
from tests.unit.core_builders import CAPS, NOW, after, policy

OLD, NEW, OTHER = date(2026, 11, 1), date(2026, 11, 2), date(2026, 11, 3)


def side(name: str, shown: Value, base: Value = OLD, at: float = 0, hub: Value = None, counts: bool = True) -> Side:
    """A replica that shows `shown`, where `base` was agreed for the hub value `hub` (the base unless given)."""
    return Side(name, shown, Agreed(base, base if hub is None else hub), after(at), counts=counts)


def adopted(name: str, shown: Value, at: float = 0) -> Side:
    """A replica with which nothing was agreed yet."""
    return Side(name, shown, None, after(at))


def hub(value: Value, source: str = "trello", at: float = 0) -> HubValue:
    return HubValue(value, source, after(at))


# -- nobody or one side changed it ------------------------------------------------------------------------------------


def test_nobody_changed_it() -> None:
    result = merge(Field.DUE, hub(OLD), [side("trello", OLD), side("asana", OLD)], CAPS, policy())
    assert (result.hub, result.contenders, result.held) == (hub(OLD), (), False)


def test_one_side_changed_it() -> None:
    result = merge(Field.DUE, hub(OLD), [side("trello", OLD), side("asana", NEW, at=5)], CAPS, policy())
    assert result.hub == hub(NEW, "asana", at=5)
    assert result.contenders == ()


def test_one_side_cleared_it() -> None:
    result = merge(Field.DUE, hub(OLD), [side("trello", OLD), side("asana", None)], CAPS, policy())
    assert result.hub is not None
    assert (result.hub.value, result.contenders) == (None, ())


def test_a_change_is_against_the_replicas_own_base_and_not_against_the_hub() -> None:
    lossy = side("trello", OLD, base=OLD, hub=datetime(2026, 11, 1, 9, tzinfo=UTC))
    timed = hub(datetime(2026, 11, 1, 9, tzinfo=UTC), "asana")
    assert merge(Field.START, timed, [lossy], CAPS, policy()).hub == timed


# -- several sides changed it -----------------------------------------------------------------------------------------


def test_several_equal_changes_are_silent() -> None:
    result = merge(Field.DUE, hub(OLD), [side("trello", NEW), side("asana", NEW, at=9)], CAPS, policy())
    assert result.hub is not None
    assert (result.hub.value, result.contenders) == (NEW, ())


@pytest.mark.parametrize(
    ("of", "before", "one", "two"),
    [
        (Field.TITLE, "a", "b", "c"),
        (Field.STAGE, "To do", "Doing", "Done"),
        (Field.DUE, OLD, NEW, OTHER),
        (Field.KIND, "task", "milestone", "approval"),
        (Field.PARENT, None, "t-1", "t-2"),
    ],
)
def test_different_changes_are_a_conflict_that_the_newest_wins(
    of: Field, before: Value, one: Value, two: Value
) -> None:
    sides = [side("trello", one, before, at=1), side("asana", two, before, at=2), side("sheets", before, before)]
    result = merge(of, hub(before), sides, CAPS, policy())
    assert result.hub == hub(two, "asana", at=2)
    assert [(c.replica, c.value) for c in result.contenders] == [("trello", one), ("asana", two)]
    assert (result.chosen, result.held) == ("asana", False)


def test_equal_times_go_by_rank() -> None:
    sides = [side("trello", NEW), side("asana", OTHER)]
    assert merge(Field.DUE, hub(OLD), sides, CAPS, policy()).chosen == "trello"


def test_a_named_replica_wins_although_it_is_older() -> None:
    sides = [side("trello", NEW, at=1), side("asana", OTHER, at=2)]
    assert merge(Field.DUE, hub(OLD), sides, CAPS, policy(conflict="trello")).chosen == "trello"


def test_a_named_replica_that_has_no_part_in_it_leaves_it_to_the_newest() -> None:
    sides = [side("trello", NEW, at=1), side("asana", OTHER, at=2)]
    assert merge(Field.DUE, hub(OLD), sides, CAPS, policy(conflict="sheets")).chosen == "asana"


def test_manual_holds_the_field_and_keeps_both_values() -> None:
    sides = [side("trello", NEW), side("asana", OTHER)]
    result = merge(Field.DUE, hub(OLD), sides, CAPS, policy(conflict="manual"))
    assert (result.hub, result.held, result.chosen) == (hub(OLD), True, None)
    assert {c.value for c in result.contenders} == {NEW, OTHER}


def test_two_of_three_that_agree_are_one_contender() -> None:
    sides = [side("trello", NEW, at=1), side("asana", OTHER, at=2), side("sheets", NEW, at=3)]
    result = merge(Field.DUE, hub(OLD), sides, CAPS, policy())
    assert {c.value for c in result.contenders} == {NEW, OTHER}
    assert len(result.contenders) == 2


# -- the hub holds news that a side had not been told -----------------------------------------------------------------


def test_an_edit_that_had_not_reached_the_other_side_contends_with_that_sides_own() -> None:
    pending = hub(NEW, "trello", at=1)
    sides = [side("trello", NEW, NEW), side("asana", OTHER, OLD, at=2)]
    result = merge(Field.DUE, pending, sides, CAPS, policy())
    assert {(c.replica, c.value) for c in result.contenders} == {("trello", NEW), ("asana", OTHER)}
    assert result.chosen == "asana"


def test_the_same_edit_made_there_meanwhile_is_silent() -> None:
    sides = [side("trello", NEW, NEW), side("asana", NEW, OLD, at=2)]
    assert merge(Field.DUE, hub(NEW), sides, CAPS, policy()).contenders == ()


def test_an_edit_after_the_news_arrived_is_no_conflict() -> None:
    sides = [side("trello", NEW, NEW), side("asana", OTHER, NEW, at=2)]
    assert merge(Field.DUE, hub(NEW), sides, CAPS, policy()).contenders == ()


def test_news_from_a_replica_that_has_left_the_campaign_still_counts() -> None:
    result = merge(Field.DUE, hub(NEW, "press", at=1), [side("asana", OTHER, OLD, at=2)], CAPS, policy())
    assert {c.replica for c in result.contenders} == {"press", "asana"}


# -- sets -------------------------------------------------------------------------------------------------------------


def labels(*names: str) -> frozenset[str]:
    return frozenset(names)


def test_sets_merge_additions_and_removals() -> None:
    before = labels("print", "web")
    sides = [side("trello", labels("web", "video"), before), side("asana", labels("print", "web", "press"), before)]
    result = merge(Field.LABELS, hub(before), sides, CAPS, policy())
    assert result.hub is not None
    assert (result.hub.value, result.contenders) == (labels("web", "video", "press"), ())


def test_a_member_that_a_replica_cannot_show_is_not_removed_by_its_edit() -> None:
    sides = [side("trello", labels("Ana", "Bo"), labels("Ana"), hub=labels("Ana", "Agency"))]
    result = merge(Field.OWNERS, hub(labels("Ana", "Agency")), sides, CAPS, policy())
    assert result.hub is not None
    assert result.hub.value == labels("Ana", "Bo", "Agency")


def test_sets_are_never_a_conflict_even_where_a_person_decides() -> None:
    sides = [side("trello", labels("a"), labels()), side("asana", labels("b"), labels())]
    assert not merge(Field.LABELS, hub(labels()), sides, CAPS, policy(conflict="manual")).held


# -- long text --------------------------------------------------------------------------------------------------------

TEXT = "one\ntwo\nthree\nfour"


def test_long_text_merges_line_by_line() -> None:
    sides = [side("trello", "ONE\ntwo\nthree\nfour", TEXT), side("asana", "one\ntwo\nthree\nFOUR", TEXT)]
    result = merge(Field.DESCRIPTION, hub(TEXT), sides, CAPS, policy())
    assert result.hub is not None
    assert (result.hub.value, result.contenders) == ("ONE\ntwo\nthree\nFOUR", ())


def test_long_text_conflicts_only_where_the_same_lines_were_changed() -> None:
    sides = [side("trello", "ONE\ntwo\nthree\nfour", TEXT, 1), side("asana", "1\ntwo\nthree\nfour", TEXT, 2)]
    result = merge(Field.DESCRIPTION, hub(TEXT), sides, CAPS, policy())
    assert result.chosen == "asana"
    assert len(result.contenders) == 2


def test_long_text_merges_with_news_that_had_not_arrived() -> None:
    sides = [side("asana", "one\ntwo\nthree\nFOUR", TEXT)]
    result = merge(Field.DESCRIPTION, hub("ONE\ntwo\nthree\nfour"), sides, CAPS, policy())
    assert result.hub is not None
    assert result.hub.value == "ONE\ntwo\nthree\nFOUR"


def test_titles_are_not_merged_line_by_line() -> None:
    sides = [side("trello", "Poster red", "Poster"), side("asana", "Big poster", "Poster")]
    assert len(merge(Field.TITLE, hub("Poster"), sides, CAPS, policy()).contenders) == 2


# -- adoption ---------------------------------------------------------------------------------------------------------


def test_at_adoption_equal_values_are_silent_and_a_blank_does_not_contend() -> None:
    sides = [adopted("trello", None), adopted("asana", NEW), adopted("sheets", NEW)]
    result = merge(Field.DUE, None, sides, CAPS, policy())
    assert (result.hub, result.contenders) == (hub(NEW, "asana"), ())


def test_at_adoption_different_values_are_a_conflict() -> None:
    result = merge(Field.DUE, None, [adopted("trello", OLD, 1), adopted("asana", NEW, 2)], CAPS, policy())
    assert (result.chosen, len(result.contenders)) == ("asana", 2)


def test_at_adoption_of_sets_everybody_stays() -> None:
    sides = [adopted("trello", labels("a")), adopted("asana", labels("b"))]
    result = merge(Field.LABELS, None, sides, CAPS, policy())
    assert result.hub is not None
    assert result.hub.value == labels("a", "b")


def test_a_blank_in_a_place_that_joins_later_clears_nothing() -> None:
    assert merge(Field.DUE, hub(NEW), [adopted("sheets", None)], CAPS, policy()).hub == hub(NEW)


def test_a_value_in_a_place_that_joins_later_contends_with_the_hub() -> None:
    assert len(merge(Field.DUE, hub(NEW), [adopted("sheets", OTHER, 5)], CAPS, policy()).contenders) == 2


def test_at_adoption_a_coarser_form_of_the_same_value_is_no_conflict_and_the_richer_one_stays() -> None:
    caps = CAPS | {"trello": Capabilities(dated_only=frozenset({Field.START}))}
    timed = datetime(2026, 11, 1, 9, tzinfo=UTC)
    result = merge(Field.START, None, [adopted("trello", OLD), adopted("asana", timed)], caps, policy())
    assert result.hub is not None
    assert (result.hub.value, result.contenders) == (timed, ())


# -- directions -------------------------------------------------------------------------------------------------------


def test_a_field_that_is_off_is_never_merged() -> None:
    sides = [side("trello", NEW), side("asana", OTHER), adopted("sheets", OTHER)]
    result = merge(Field.DUE, hub(OLD), sides, CAPS, policy(directions={Field.DUE: "off"}))
    assert (result.hub, result.contenders) == (hub(OLD), ())


def test_what_is_only_created_grows_apart_without_a_conflict() -> None:
    sides = [side("trello", NEW, counts=False), side("asana", OTHER, counts=False)]
    result = merge(Field.DUE, hub(OLD), sides, CAPS, policy(directions={Field.DUE: "create"}))
    assert (result.hub, result.contenders) == (hub(OLD), ())


def test_an_edit_against_the_direction_is_kept_in_the_record() -> None:
    sides = [side("trello", OLD), side("asana", NEW, counts=False)]
    result = merge(Field.DUE, hub(OLD), sides, CAPS, policy(directions={Field.DUE: "from:trello"}))
    assert (result.hub, result.chosen, result.held) == (hub(OLD), "trello", False)
    assert {c.value for c in result.contenders} == {OLD, NEW}


def test_the_source_wins_over_a_newer_edit_elsewhere() -> None:
    sides = [side("trello", NEW, at=1), side("asana", OTHER, at=2, counts=False)]
    rules = policy(directions={Field.DUE: "from:trello"}, conflict="manual")
    result = merge(Field.DUE, hub(OLD), sides, CAPS, rules)
    assert result.hub == hub(NEW, "trello", at=1)
    assert ({c.value for c in result.contenders}, result.chosen, result.held) == ({NEW, OTHER}, "trello", False)


def test_the_source_wins_at_adoption() -> None:
    sides = [adopted("trello", NEW, 1), adopted("asana", OTHER, 2)]
    result = merge(Field.DUE, None, sides, CAPS, policy(directions={Field.DUE: "from:trello"}))
    assert result.hub == hub(NEW, "trello", at=1)


def test_time_zero_is_a_time() -> None:
    assert merge(Field.DUE, None, [adopted("trello", NEW)], CAPS, policy()).hub == HubValue(NEW, "trello", NOW)
