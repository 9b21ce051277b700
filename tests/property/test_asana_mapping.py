"""The lens laws of the Asana mapping, over generated values: reading what was written gives it back, and writing what
was read changes nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import given
from hypothesis import strategies as st

from mappings import asana
from syncer.core.model import Field, TaskKind, Value
from syncer.core.people import People, Person

PROJECT = "5"
PEOPLE = People([Person("李 伟", asana="liwei@example.com"), Person("Ada", asana="9007")])
ACCOUNTS = {"liwei@example.com": "9001", "new@example.com": "9002", "9007": "9007"}

zones = st.sampled_from(sorted(available_timezones())).map(ZoneInfo)
days = st.dates(date(1970, 1, 1), date(9998, 12, 31))
FIRST, LAST = (int(datetime(*day, tzinfo=UTC).timestamp()) for day in ((1970, 1, 2), (9998, 12, 30)))
moments = st.integers(FIRST, LAST).map(lambda second: datetime.fromtimestamp(second, UTC)) | st.builds(
    lambda day, minute, zone, fold: (
        datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=zone)
        .replace(fold=fold)
        .astimezone(UTC)
    ),
    days.filter(lambda day: 1970 < day.year < 9998),
    st.integers(0, 1439),
    zones,
    st.sampled_from([0, 1]),
)
whens = st.none() | days | moments
awkward = st.sampled_from(
    ["=1+1", "+49", "-x", "@all", '"a", b', "# 标题", "שלום 1", "👩🏽‍💻", "a\n\n* b", "\t", " x "]
)
texts = awkward | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"))
titles = texts.filter(str.strip)
owners = st.sampled_from([frozenset[str](), *(frozenset({n}) for n in ("李 伟", "Ada", "asana:new@example.com"))])
label_sets = st.frozensets(texts.filter(lambda name: bool(name) and not asana.is_flag(name)), max_size=4)
kinds = st.sampled_from(TaskKind)


@st.composite
def values(draw: st.DrawFn) -> dict[Field, Value]:
    """Scalar fields as Asana can hold them: a start only beside a due, with a time only beside a time."""
    kind, due = draw(kinds), draw(whens)
    start: Value = None
    if due is not None and kind is not TaskKind.MILESTONE:
        start = draw(whens if isinstance(due, datetime) else st.none() | days)
    return {
        Field.TITLE: draw(titles),
        Field.DESCRIPTION: draw(texts),
        Field.DONE: draw(st.booleans()),
        Field.START: start,
        Field.DUE: due,
        Field.OWNERS: draw(owners),
        Field.KIND: kind,
    }


def blank() -> dict[str, Any]:
    dates = dict.fromkeys(("due_on", "due_at", "start_on", "start_at"))
    nothing = {"assignee": None, "parent": None, "tags": [], "memberships": []}
    return (
        {"gid": "1", "name": "", "notes": "", "completed": False, "resource_subtype": "default_task"} | dates | nothing
    )


def put(task: dict[str, Any], payload: dict[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    """What Asana shows after PUT: a time brings its day in the reader's zone along, a day takes the time away."""
    after = {**task, **payload}
    for which in ("due", "start"):
        if f"{which}_at" in payload:
            moment = datetime.fromisoformat(payload[f"{which}_at"])
            after[f"{which}_on"] = moment.astimezone(zone).date().isoformat()
        elif f"{which}_on" in payload:
            after[f"{which}_at"] = None
    if account := payload.get("assignee"):
        after["assignee"] = {"gid": ACCOUNTS[account], "email": account if "@" in account else None}
    return after


def write(task: dict[str, Any], fields: dict[Field, Value], zone: ZoneInfo) -> dict[str, Any]:
    now = asana.to_fields(task, PROJECT, PEOPLE)
    return put(task, asana.to_payload(fields, now, PEOPLE, zone), zone)


def read(task: dict[str, Any], fields: dict[Field, Value]) -> dict[Field, Any]:
    shown = asana.to_fields(task, PROJECT, PEOPLE)
    return {field: shown[field] for field in fields}


@given(before=values(), after=values(), zone=zones)
def test_reading_what_was_written_gives_it_back(
    before: dict[Field, Value], after: dict[Field, Value], zone: ZoneInfo
) -> None:
    task = write(write(blank(), before, zone), after, zone)

    assert read(task, after) == after
    assert {field: type(value) for field, value in read(task, after).items()} == {
        field: type(value) for field, value in after.items()
    }


@given(fields=values(), zone=zones)
def test_writing_what_was_read_changes_nothing(fields: dict[Field, Value], zone: ZoneInfo) -> None:
    task = write(blank(), fields, zone)

    assert write(task, read(task, fields), zone) == task


@given(fields=values(), zone=zones, due=whens)
def test_a_new_due_alone_keeps_the_start_or_its_day(
    fields: dict[Field, Value], zone: ZoneInfo, due: date | None
) -> None:
    start = fields[Field.START]
    expected = start
    if isinstance(start, datetime) and not isinstance(due, datetime):
        expected = start.astimezone(zone).date()
    if due is None:
        expected = None

    task = write(write(blank(), fields, zone), {Field.DUE: due}, zone)

    assert read(task, {Field.START: None, Field.DUE: None}) == {Field.START: expected, Field.DUE: due}


@given(before=label_sets, wanted=label_sets, flags=st.frozensets(st.sampled_from(["Overdue", "Deleted in sheets"])))
def test_labels_become_the_wanted_ones_and_flags_stay(
    before: frozenset[str], wanted: frozenset[str], flags: frozenset[str]
) -> None:
    tags = [{"gid": f"g{n}", "name": name} for n, name in enumerate([*before, *flags, ""])]
    task = {**blank(), "tags": tags}

    change = asana.label_change(task, wanted)
    kept = [tag for tag in tags if tag["gid"] not in change.remove]
    task["tags"] = [*kept, *({"gid": f"n{name}", "name": name} for name in change.add)]

    assert asana.to_fields(task, PROJECT, PEOPLE)[Field.LABELS] == wanted
    assert {tag["name"] for tag in task["tags"]} == wanted | flags | {""}
    assert asana.label_change(task, wanted) == asana.TagChange()
