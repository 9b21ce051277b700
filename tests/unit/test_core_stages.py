"""Stages and their names in each place."""

from __future__ import annotations

import pytest

from syncer.core.stages import Stage, StageMap, stage_key

MAP = StageMap(
    [
        Stage("To do", names={"trello": ("Backlog", "Inbox"), "design": ("Ideas",)}),
        Stage("Doing", names={"trello": ("In progress",)}),
        Stage("Done", done=True),
    ]
)


@pytest.mark.parametrize(
    ("raw", "keys", "stage"),
    [
        ("Backlog", ("trello",), "To do"),
        ("Inbox", ("trello",), "To do"),
        ("  in   PROGRESS ", ("trello",), "Doing"),
        ("To do", ("asana",), "To do"),
        ("To do", ("trello",), None),
        ("Ideas", ("design", "trello"), "To do"),
        ("Backlog", ("design", "trello"), None),
        ("In progress", ("design", "trello"), "Doing"),
        ("Review", ("trello",), None),
    ],
)
def test_a_replicas_own_name_comes_before_its_services(raw: str, keys: tuple[str, ...], stage: str | None) -> None:
    assert MAP.canonical(raw, *keys) == stage


def test_the_first_name_is_the_one_written() -> None:
    assert MAP.spoken("To do", "trello") == "Backlog"
    assert MAP.spoken("To do", "design", "trello") == "Ideas"
    assert MAP.spoken("Done", "trello") == "Done"
    with pytest.raises(KeyError):
        MAP.spoken("Review", "trello")


def test_which_stages_mean_that_work_is_done() -> None:
    assert MAP.is_done("Done")
    assert not MAP.is_done("Doing")
    assert not MAP.is_done("Review")
    assert not MAP.is_done(None)
    assert (MAP.first_open(), MAP.first_done()) == ("To do", "Done")
    assert (StageMap([]).first_open(), StageMap([]).first_done()) == (None, None)


def test_found_stages_are_the_same_where_only_the_spelling_differs() -> None:
    found = StageMap.discovered({"trello": ["To do", "完成"], "asana": ["TO  DO", "Extra"]})
    assert [stage.name for stage in found.stages] == ["To do", "完成", "Extra"]
    assert found.canonical("to do", "asana") == "To do"
    assert found.is_done("完成")
    assert not found.configured


def test_each_place_keeps_its_own_spelling_of_a_found_stage() -> None:
    found = StageMap.discovered({"design": ["To do"], "press": ["TO DO"]})
    assert (found.spoken("To do", "design"), found.spoken("To do", "press")) == ("To do", "TO DO")


def test_the_spelling_that_was_agreed_on_stays_whoever_is_read() -> None:
    for found in ({"trello": ["TO DO"], "asana": ["to do"]}, {"asana": ["to do"]}, {}):
        assert [stage.name for stage in StageMap.discovered(found, ["To do"]).stages] == ["To do"]


def test_the_key_of_a_name() -> None:
    assert stage_key("  In\tProgress ") == stage_key("in progress")
