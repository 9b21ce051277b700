"""What single Asana payloads mean, and what is sent for single values."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from mappings import asana
from syncer.core.model import Field, TaskKind, Unreadable
from syncer.core.people import People, Person

SHANGHAI = ZoneInfo("Asia/Shanghai")
PEOPLE = People([Person("Li Wei", asana="liwei@example.com"), Person("Ada", asana="9007"), Person("Bo", trello="bo")])
MORNING = datetime(2026, 11, 11, 1, 30, tzinfo=UTC)


def task(**changes: Any) -> dict[str, Any]:
    return {
        "gid": "11",
        "name": "Poster",
        "notes": "",
        "completed": False,
        "due_on": None,
        "due_at": None,
        "start_on": None,
        "start_at": None,
        "assignee": None,
        "tags": [],
        "memberships": [{"project": {"gid": "5"}, "section": {"gid": "7", "name": "Doing"}}],
        "resource_subtype": "default_task",
        "parent": None,
        "created_at": "2026-11-01T08:00:00.000Z",
        "modified_at": "2026-11-02T08:00:00.250Z",
        "permalink_url": "https://app.asana.com/0/5/11",
        **changes,
    }


def shown(field: Field, **changes: Any) -> Any:
    return asana.to_fields(task(**changes), "5", PEOPLE)[field]


def section(name: str | None, project: str = "5") -> list[dict[str, Any]]:
    return [{"project": {"gid": project}, "section": None if name is None else {"gid": "7", "name": name}}]


def sent(fields: dict[Field, Any], **changes: Any) -> dict[str, Any]:
    now = asana.to_fields(task(**changes), "5", PEOPLE)
    return asana.to_payload(fields, now, PEOPLE, SHANGHAI)


def test_an_item_says_where_and_when() -> None:
    item = asana.to_item(task(), "5", PEOPLE)

    assert item.place == 'task "Poster"'
    assert item.version == "2026-11-02T08:00:00.250Z"
    assert item.changed_at == datetime(2026, 11, 2, 8, 0, 0, 250000, tzinfo=UTC)
    assert item.created_at == datetime(2026, 11, 1, 8, tzinfo=UTC)
    assert item.url == "https://app.asana.com/0/5/11"
    assert item.fields.keys() == asana.HOLDS


@pytest.mark.parametrize("name", ["", "  "])
def test_a_nameless_task_is_unreadable(name: str) -> None:
    title = shown(Field.TITLE, name=name)

    assert isinstance(title, Unreadable)
    assert "give it one" in title.reason


@pytest.mark.parametrize(
    ("memberships", "stage", "archived"),
    [
        (section("Doing"), "Doing", False),
        (section("Untitled section"), None, False),
        (section(None), None, False),
        (section("Archived"), None, True),
        (section("Doing", project="6"), None, False),
        (section("Elsewhere", project="6") + section("Doing"), "Doing", False),
        ([], None, False),
    ],
)
def test_the_section_in_this_project_is_the_stage(memberships: Any, stage: str | None, archived: bool) -> None:
    assert shown(Field.STAGE, memberships=memberships) == stage
    assert asana.is_archived(task(memberships=memberships), "5") is archived


def test_sections_that_are_no_stages_are_not_offered() -> None:
    names = ["Untitled section", "To do", "Doing", "Archived", "To do"]

    assert asana.stages({"gid": "1", "name": name} for name in names) == ("To do", "Doing")


def test_a_section_is_found_by_its_spelling_before_another_case() -> None:
    sections = [{"gid": "1", "name": "TO DO"}, {"gid": "2", "name": "To do"}]

    assert asana.section_named(sections, "To do") == "2"
    assert asana.section_named(sections, "to  do") == "1"
    assert asana.section_named(sections, "Doing") is None


@pytest.mark.parametrize("stage", ["Archived", "archived", "Untitled section", " "])
def test_a_stage_cannot_have_the_name_of_a_section_with_another_meaning(stage: str) -> None:
    with pytest.raises(asana.Unwritable, match="another name"):
        asana.section_for(stage)


@pytest.mark.parametrize(
    ("due_on", "due_at", "due"),
    [
        (None, None, None),
        ("2026-11-11", None, date(2026, 11, 11)),
        ("2026-11-11", "2026-11-11T01:30:00.000Z", MORNING),
        ("2026-11-10", "2026-11-11T01:30:00.999Z", MORNING),
    ],
)
def test_a_time_counts_more_than_the_day_beside_it(due_on: str | None, due_at: str | None, due: Any) -> None:
    assert shown(Field.DUE, due_on=due_on, due_at=due_at) == due


@pytest.mark.parametrize("raw", ["tomorrow", "2026-13-01"])
def test_a_due_that_is_no_date_is_kept_and_reported(raw: str) -> None:
    assert isinstance(shown(Field.DUE, due_on=raw), Unreadable)


@pytest.mark.parametrize("subtype", ["custom", "section"])
def test_an_unknown_kind_is_kept_and_reported(subtype: str) -> None:
    kind = shown(Field.KIND, resource_subtype=subtype)

    assert isinstance(kind, Unreadable)
    assert kind.raw == subtype


@pytest.mark.parametrize(
    ("assignee", "owner"),
    [
        ({"gid": "9001", "email": "LiWei@example.com"}, "Li Wei"),
        ({"gid": "9007", "email": "ada@example.com"}, "Ada"),
        ({"gid": "9002", "email": "new@example.com"}, "asana:new@example.com"),
        ({"gid": "9003", "email": None}, "asana:9003"),
    ],
)
def test_an_owner_is_known_by_e_mail_or_gid(assignee: Any, owner: str) -> None:
    assert shown(Field.OWNERS, assignee=assignee) == {owner}


def test_every_stranger_is_reported_once_with_the_entry_to_add() -> None:
    stranger = {"gid": "9002", "email": "new@example.com", "name": "New Person"}
    known = {"gid": "9001", "email": "liwei@example.com", "name": "Li"}

    (notice,) = asana.strangers([task(assignee=one) for one in (stranger, known, stranger, None)], PEOPLE)

    assert '[[people]] name = "New Person", asana = "new@example.com"' in notice.remedy


def test_flags_are_no_labels() -> None:
    tags = [{"gid": str(n), "name": name} for n, name in enumerate(["Print", "Overdue", "Deleted in trello", ""])]

    assert shown(Field.LABELS, tags=tags) == {"Print"}


def test_labels_change_without_touching_flags_or_nameless_tags() -> None:
    tags = [{"gid": str(n), "name": name} for n, name in enumerate(["Print", "Overdue", "", "Web", "Print"])]

    change = asana.label_change(task(tags=tags), frozenset({"Web", "Radio"}))

    assert change == asana.TagChange(add=("Radio",), remove=("0", "4"))


def test_a_flag_is_put_on_once_and_all_are_taken_off_together() -> None:
    flagged = task(tags=[{"gid": "1", "name": "Overdue"}, {"gid": "2", "name": "Print"}])

    assert asana.flag_change(task(), "Overdue") == asana.TagChange(add=("Overdue",))
    assert asana.flag_change(flagged, "Overdue") == asana.TagChange()
    assert asana.flag_change(flagged, "") == asana.TagChange(remove=("1",))


def test_only_the_fields_named_are_sent() -> None:
    assert sent({Field.TITLE: "Flyer"}) == {"name": "Flyer"}
    assert sent({Field.DONE: True}) == {"completed": True}
    assert sent({Field.KIND: TaskKind.MILESTONE}) == {"resource_subtype": "milestone"}
    assert sent({Field.DESCRIPTION: ""}) == {"notes": ""}
    assert sent({Field.STAGE: "Done", Field.LABELS: frozenset({"x"}), Field.PARENT: "3"}) == {}


@pytest.mark.parametrize(
    ("owners", "assignee"),
    [([], None), (["Li Wei"], "liwei@example.com"), (["asana:9003"], "9003")],
)
def test_an_owner_is_sent_as_an_account(owners: list[str], assignee: str | None) -> None:
    assert sent({Field.OWNERS: frozenset(owners)}) == {"assignee": assignee}


@pytest.mark.parametrize("owners", [{"Bo"}, {"Nobody"}, {"trello:bo"}, {"Li Wei", "Ada"}])
def test_owners_that_asana_cannot_show_are_refused(owners: set[str]) -> None:
    with pytest.raises(asana.Unwritable):
        sent({Field.OWNERS: frozenset(owners)})


DAY, LATER = date(2026, 11, 10), date(2026, 11, 12)
STARTED = {"start_on": "2026-11-10", "due_on": "2026-11-11"}
TIMED = {"start_at": "2026-11-10T17:00:00.000Z", "due_at": "2026-11-11T01:30:00.000Z"}


@pytest.mark.parametrize(
    ("fields", "before", "payload"),
    [
        ({Field.DUE: LATER}, {}, {"due_on": "2026-11-12"}),
        ({Field.DUE: MORNING}, {}, {"due_at": "2026-11-11T01:30:00.000Z"}),
        ({Field.DUE: None}, {"due_on": "2026-11-11"}, {"due_on": None}),
        ({Field.DUE: LATER, Field.START: None}, {}, {"due_on": "2026-11-12"}),
        ({Field.DUE: LATER}, STARTED, {"due_on": "2026-11-12", "start_on": "2026-11-10"}),
        ({Field.START: DAY}, {"due_on": "2026-11-11"}, {"due_on": "2026-11-11", "start_on": "2026-11-10"}),
        ({Field.START: None}, STARTED, {"due_on": "2026-11-11", "start_on": None}),
        ({Field.DUE: None}, STARTED, {"due_on": None, "start_on": None}),
        ({Field.DUE: LATER}, TIMED, {"due_on": "2026-11-12", "start_on": "2026-11-11"}),
        ({Field.START: None}, TIMED, {"due_at": "2026-11-11T01:30:00.000Z", "start_on": None}),
        ({Field.START: MORNING, Field.DUE: LATER}, {}, {"due_on": "2026-11-12", "start_on": "2026-11-11"}),
    ],
)
def test_start_and_due_go_together_and_each_in_one_form(fields: Any, before: Any, payload: Any) -> None:
    assert sent(fields, **before) == payload


@pytest.mark.parametrize(
    "broken",
    [
        {"name": None},
        {"completed": "no"},
        {"memberships": None},
        {"memberships": [{"project": "5"}]},
        {"tags": [1]},
        {"tags": [{"gid": "1"}]},
        {"parent": "3"},
        {"assignee": "9001"},
        {"modified_at": "2026-11-01T00:00:00"},
    ],
)
def test_a_payload_that_is_no_task_is_not_read(broken: Any) -> None:
    with pytest.raises(ValueError, match=r"the answer|no time"):
        asana.to_item(task(**broken), "5", PEOPLE)
