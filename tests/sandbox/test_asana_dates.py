"""Dates of a task: one of a pair, a start only with its due, the local date of a due time."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.sandbox.asana_client import Client, running


@pytest.fixture(scope="module")
def served() -> Iterator[Client]:
    with running() as client:
        yield client


@pytest.fixture
def asana(served: Client) -> Client:
    return served.restart()


@pytest.fixture
def path(asana: Client) -> str:
    return f"/tasks/{asana.task('Brief')}"


def dates(got: dict[str, Any]) -> list[str | None]:
    return [got[name] for name in ("start_on", "start_at", "due_on", "due_at")]


@pytest.mark.parametrize("value", ["2026-12-24T10:00:00Z", None])
def test_due_on_and_due_at_exclude_each_other(asana: Client, path: str, value: str | None) -> None:
    got = asana.put(path, due_on="2026-12-24", due_at=value)
    assert (got.status, got.message) == (400, "You may only provide one of due_on or due_at!")


def test_start_on_and_start_at_exclude_each_other(asana: Client, path: str) -> None:
    got = asana.put(path, due_at="2026-12-24T10:00:00Z", start_on="2026-12-23", start_at="2026-12-23T10:00:00Z")
    assert (got.status, got.message) == (400, "You may only provide one of start_on or start_at!")


def test_a_due_time_shows_the_date_in_the_zone_of_the_user(asana: Client, path: str) -> None:
    got = asana.put(path, due_at="2026-12-24T20:00:00.000Z").data
    assert dates(got) == [None, None, "2026-12-25", "2026-12-24T20:00:00.000Z"]


@pytest.mark.parametrize("text", ["2026-12-24T20:00:00+08:00", "2026-12-24T12:00:00", "2026-12-24T12:00:00Z"])
def test_times_come_back_in_utc_with_milliseconds(asana: Client, path: str, text: str) -> None:
    assert asana.put(path, due_at=text).data["due_at"] == "2026-12-24T12:00:00.000Z"


def test_a_date_replaces_a_time(asana: Client, path: str) -> None:
    asana.put(path, due_at="2026-12-24T20:00:00Z")
    assert dates(asana.put(path, due_on="2026-12-30").data) == [None, None, "2026-12-30", None]


@pytest.mark.parametrize("data", [{"start_on": "2026-11-30"}, {"start_on": None}, {"start_at": "2026-11-30T00:00:00Z"}])
def test_a_start_needs_the_due_in_the_same_request(asana: Client, path: str, data: dict[str, Any]) -> None:
    assert asana.put(path, **data).status == 400


def test_a_start_with_its_due_is_taken_and_taken_back(asana: Client, path: str) -> None:
    got = asana.put(path, start_on="2026-11-30", due_on="2026-12-01").data
    assert dates(got) == ["2026-11-30", None, "2026-12-01", None]
    got = asana.put(path, start_on=None, due_on="2026-12-01").data
    assert dates(got) == [None, None, "2026-12-01", None]


def test_start_at_needs_due_at(asana: Client, path: str) -> None:
    assert asana.put(path, start_at="2026-11-30T00:00:00Z", due_on="2026-12-01").status == 400
    got = asana.put(path, start_at="2026-11-30T00:00:00Z", due_at="2026-11-30T09:00:00Z")
    assert got.data["start_at"] == "2026-11-30T00:00:00.000Z"


@pytest.mark.parametrize(
    ("start", "due"), [("2026-12-02", "2026-12-01"), ("2026-12-01", "2026-12-01"), ("2026-12-01", None)]
)
def test_a_start_must_come_before_its_due(asana: Client, path: str, start: str, due: str | None) -> None:
    assert asana.put(path, start_on=start, due_on=due).status == 400


def test_a_start_on_the_due_date_when_switched(asana: Client) -> None:
    asana.restart(same_day_start=True)
    assert asana.put(f"/tasks/{asana.task('Brief')}", start_on="2026-12-01", due_on="2026-12-01").status == 200


@pytest.mark.parametrize(("switch", "start"), [(True, None), (False, "2026-11-30")])
def test_clearing_the_due_date_clears_the_start_as_switched(asana: Client, switch: bool, start: str | None) -> None:
    asana.restart(due_clears_start=switch)
    path = f"/tasks/{asana.task('Brief')}"
    asana.put(path, start_on="2026-11-30", due_on="2026-12-01")
    assert dates(asana.put(path, due_on=None).data) == [start, None, None, None]


def test_a_milestone_has_no_start(asana: Client) -> None:
    path = f"/tasks/{asana.task('Go live')}"
    assert asana.put(path, start_on="2026-11-30", due_on="2026-12-01").status == 400
    started = f"/tasks/{asana.task('Brief')}"
    asana.put(started, start_on="2026-11-30", due_on="2026-12-01")
    assert asana.put(started, resource_subtype="milestone").status == 400


@pytest.mark.parametrize("value", ["2026-02-30", "20261224", "2026-12-24T10:00:00Z", 5, ""])
def test_bad_dates_are_refused_in_asanas_words(asana: Client, path: str, value: object) -> None:
    got = asana.put(path, due_on=value)
    assert got.message == f"due_on: Date must be in ISO-8601 (yyyy-mm-dd) format, not: {value}"


@pytest.mark.parametrize("value", ["2026-12-24", "soon", 5])
def test_bad_times_are_refused(asana: Client, path: str, value: object) -> None:
    assert asana.put(path, due_at=value).status == 400
