"""Which remote object is which task."""

from __future__ import annotations

from datetime import date

from syncer.core.identify import Sightings, fresh_key, identify
from syncer.core.model import Item, Known, LinkState
from tests.unit.core_builders import item, known, policy, reading

DAY, OTHER = date(2026, 11, 1), date(2026, 12, 1)
OURS = "t-0123456789ab"


def sort_out(tasks: list[Known], **shown: list[Item]) -> Sightings:
    return identify(tasks, {name: reading(name, *items) for name, items in shown.items()}, policy())


def groups(result: Sightings) -> list[dict[str, str]]:
    """Each task as replica → remote id."""
    found = ({name: shown.remote_id for name, shown in seen.items()} for seen in result.seen.values())
    return sorted(found, key=str)


def test_by_link_whatever_the_title() -> None:
    result = sort_out([known(OURS, {"trello": "c1"}, title="Old")], trello=[item("c1", title="New")])
    assert list(result.seen) == [OURS]


def test_by_the_identity_it_carries() -> None:
    result = sort_out([known(OURS, {"trello": "c1"}, title="A")], sheets=[item(OURS, title="Renamed")])
    assert groups(result) == [{"sheets": OURS}]
    assert list(result.seen) == [OURS]


def test_by_title() -> None:
    result = sort_out([], trello=[item("c1", title="Poster")], asana=[item("a1", title=" poster ")])
    assert groups(result) == [{"trello": "c1", "asana": "a1"}]
    assert len(result.matched) == 1


def test_a_known_task_is_joined_by_title_where_it_lacks_an_object() -> None:
    result = sort_out([known(OURS, {"trello": "c1"}, title="Poster")], asana=[item("a1", title="Poster")])
    assert list(result.seen) == [OURS]


def test_a_known_task_is_not_joined_where_it_has_or_had_an_object() -> None:
    for state in LinkState:
        task = known(OURS, {"trello": "c1", "asana": "a0"}, state=state, title="Poster")
        result = sort_out([task], asana=[item("a1", title="Poster")])
        assert OURS not in result.seen


def test_by_title_and_date_where_the_title_is_not_enough() -> None:
    result = sort_out(
        [],
        trello=[item("c1", title="Mail", due=DAY), item("c2", title="Mail", due=OTHER)],
        asana=[item("a1", title="Mail", due=OTHER), item("a2", title="Mail", due=DAY)],
    )
    assert groups(result) == [{"trello": "c1", "asana": "a2"}, {"trello": "c2", "asana": "a1"}]


def test_what_stays_ambiguous_is_left_alone_and_reported() -> None:
    result = sort_out(
        [],
        trello=[item("c1", title="Mail", due=DAY), item("c2", title="Mail", due=DAY)],
        asana=[item("a1", title="Mail")],
    )
    assert groups(result) == [{"asana": "a1"}]
    assert result.held == 2
    assert len(result.notices) == 2


def test_tasks_that_an_ambiguous_object_may_be_are_marked() -> None:
    tasks = [known("t-1", {"trello": "c1"}, title="Mail"), known("t-2", {"trello": "c2"}, title="Mail")]
    result = sort_out(tasks, asana=[item("a1", title="Mail")])
    assert result.unclear == {("asana", "t-1"), ("asana", "t-2")}


def test_one_title_several_times_in_one_place_is_several_tasks() -> None:
    result = sort_out([], trello=[item("c1", title="Mail"), item("c2", title="Mail")])
    assert groups(result) == [{"trello": "c1"}, {"trello": "c2"}]
    assert result.held == 0


def test_objects_without_a_title_are_never_joined() -> None:
    result = sort_out(
        [known(OURS, {"sheets": "x"}, title="")], trello=[item("c1", title="")], asana=[item("a1", title="")]
    )
    assert groups(result) == [{"asana": "a1"}, {"trello": "c1"}]


def test_an_identity_that_was_never_given_is_foreign() -> None:
    result = sort_out([], sheets=[item(OURS, title="A")])
    assert [shown.remote_id for shown in result.foreign] == [OURS]
    assert (result.seen, result.held, len(result.notices)) == ({}, 1, 1)


def test_a_second_object_with_one_identity_is_held() -> None:
    result = sort_out(
        [known(OURS, {"trello": "c1"}, title="A")], sheets=[item(OURS, title="A"), item(OURS, title="copy")]
    )
    assert result.seen[OURS]["sheets"].fields["title"] == "A"
    assert result.held == 1


def test_an_identity_of_a_task_that_lives_elsewhere_in_the_replica_is_held() -> None:
    result = sort_out([known(OURS, {"sheets": "other-row"}, title="A")], sheets=[item(OURS, title="A")])
    assert (result.seen, result.held) == ({}, 1)


def test_a_tombstone_is_not_brought_back() -> None:
    tomb = known(OURS, {"trello": "c1", "sheets": OURS}, dead=True, state=LinkState.GONE, title="A")
    result = sort_out([tomb], trello=[item("c1", title="A")], sheets=[item(OURS, title="A")])
    assert result.seen == {}
    assert (result.held, len(result.notices)) == (1, 2)
    assert sort_out([tomb], trello=[item("c1", archived=True, title="A")]).held == 0


def test_archived_strangers_are_nobody() -> None:
    assert sort_out([], trello=[item("c1", archived=True, title="Old")]).seen == {}


def test_a_nameless_row_is_never_found_by_its_handle() -> None:
    task = known(OURS, {"sheets": "row-7"}, title="A")
    result = sort_out([task], sheets=[item("row-7", nameless=True, title="B")])
    assert OURS not in result.seen


def test_rows_that_were_never_given_their_identity_are_the_same_new_tasks_again() -> None:
    rows = [item("row-7", nameless=True, title="Mail"), item("row-8", nameless=True, title="Mail")]
    first = sort_out([], sheets=rows)
    again = sort_out(list(first.known.values()), sheets=rows)
    assert (again.held, set(again.seen)) == (0, set(first.seen))


def test_a_new_key_is_the_same_however_often_it_is_made_and_never_one_that_is_taken() -> None:
    shown = item("c1", title="A")
    key = fresh_key("launch", "trello", shown, set())
    assert key == fresh_key("launch", "trello", shown, set())
    assert len(key) == 14
    assert fresh_key("launch", "trello", shown, {key}) not in (key, fresh_key("other", "trello", shown, set()))
