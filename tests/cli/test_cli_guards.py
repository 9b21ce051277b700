"""What looks like an accident is refused by name, stops nothing else, and is done when a person allows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.blackbox import Site, everywhere, seed

NAMES = [f"Task {number:02}" for number in range(12)]
TASKS_TAB = 0


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("guards"), seed([{"name": name, "desc": "text"} for name in NAMES]))
    yield site
    site.stop()


@pytest.fixture
def site(shared: Site) -> Site:
    """Twelve tasks in all three places, seen there."""
    shared.prepare()
    assert [shared.syncer("sync").exit for _ in range(2)] == [0, 0]
    return shared


def refused(site: Site, guard: str) -> dict[str, Any]:
    """A pass that one guard refuses a part of, and says so to people; its JSON."""
    done = site.syncer("sync", "--json")
    campaign: dict[str, Any] = done.json["campaigns"][0]
    assert (done.exit, [refusal["guard"] for refusal in campaign["refused"]]) == (4, [guard]), done.out
    people = site.syncer("sync")
    assert people.exit == 4
    assert f"refused by the guard `{guard}`: {campaign['refused'][0]['reason']}" in " ".join(people.out.split())
    assert site.syncer("plan").exit == 4
    return campaign


def edit_a_card(site: Site) -> None:
    """Something that has nothing to do with the accident."""
    site.trello("PUT", f"/cards/{site.card(NAMES[-1])['id']}", desc="goes on")


def sheet(site: Site, **request: Any) -> None:
    """A person changes the spreadsheet by its menus."""
    site.google("POST", ":batchUpdate", requests=[request])


@pytest.mark.parametrize("area", ["A1:Z100", "A2:Z100"])
def test_a_cleared_sheet_is_no_deletion(site: Site, area: str) -> None:
    rows = site.google("GET", f"/values/Tasks!{area}?valueRenderOption=FORMULA")["values"]
    site.google("POST", f"/values/Tasks!{area}:clear")
    edit_a_card(site)
    campaign = refused(site, "empty")
    assert (campaign["archived"], site.titles()["trello"], site.titles()["asana"]) == (0, NAMES, NAMES)
    assert site.task(NAMES[-1])["notes"] == "goes on"
    site.google("PUT", f"/values/Tasks!{area}?valueInputOption=RAW", values=rows)
    assert site.syncer("sync").exit == 0
    assert site.titles() == everywhere(*NAMES)
    assert site.row(NAMES[-1])["Description"] == "goes on"


def test_a_renamed_tab_is_no_empty_one(site: Site) -> None:
    rename(site, "Plan")
    edit_a_card(site)
    campaign = refused(site, "header")
    assert "'Plan'" in campaign["refused"][0]["reason"]
    assert site.task(NAMES[-1])["notes"] == "goes on"
    rename(site, "Tasks")
    assert site.syncer("sync").exit == 0
    assert site.titles() == everywhere(*NAMES)


def rename(site: Site, title: str) -> None:
    """The tab gets another title."""
    properties = {"sheetId": TASKS_TAB, "title": title}
    sheet(site, updateSheetProperties={"properties": properties, "fields": "title"})


def test_many_deleted_rows_wait_for_leave(site: Site) -> None:
    rows = {"sheetId": TASKS_TAB, "dimension": "ROWS", "startIndex": 1, "endIndex": 7}
    sheet(site, deleteDimension={"range": rows})
    edit_a_card(site)
    assert refused(site, "mass-delete")["archived"] == 0
    assert site.task(NAMES[-1])["notes"] == "goes on"
    assert site.syncer("sync", "--allow", "mass-delete").exit == 0
    assert site.titles() == everywhere(*NAMES[6:])


def test_an_archived_list_waits_for_leave(site: Site) -> None:
    site.trello("PUT", f"/lists/{site.lists()['To do']}", closed=True)
    assert refused(site, "mass-archive")["archived"] == 0
    assert site.titles()["asana"] == site.titles()["sheets"] == NAMES
    assert site.syncer("sync", "--allow", "mass-archive").exit == 0
    assert site.titles()["asana"] == site.titles()["sheets"] == []


def test_one_column_sorted_alone_is_no_edit(site: Site) -> None:
    titles = [[row["Task"]] for row in site.rows()]
    site.google("PUT", "/values/Tasks!A2?valueInputOption=RAW", values=titles[::-1])
    edit_a_card(site)
    assert "title changed in 12 tasks in sheets" in refused(site, "mass-change")["refused"][0]["reason"]
    assert site.task(NAMES[-1])["notes"] == "goes on"
    assert site.titles()["trello"] == NAMES
    site.google("PUT", "/values/Tasks!A2?valueInputOption=RAW", values=titles)
    assert site.syncer("sync").exit == 0
    assert site.row(NAMES[-1])["Description"] == "goes on"


def test_what_a_service_refuses_waits_for_a_person(site: Site) -> None:
    site.type_into(NAMES[0], "Start", "2026-12-01")
    site.type_into(NAMES[0], "Due", "2026-11-01")
    edit_a_card(site)
    done = site.syncer("sync", "--json")
    (campaign,) = done.json["campaigns"]
    assert (done.exit, campaign["quarantined"], campaign["notices"][0]["place"]) == (3, 1, f'task "{NAMES[0]}"')
    assert "start date must come before the due date" in campaign["notices"][0]["problem"]
    assert (site.task(NAMES[-1])["notes"], site.row(NAMES[0])["Start"]) == ("goes on", "2026-12-01")
    site.type_into(NAMES[0], "Due", "2026-12-24")
    assert site.syncer("sync").exit == 0
    assert (site.task(NAMES[0])["start_on"], site.task(NAMES[0])["due_on"]) == ("2026-12-01", "2026-12-24")


def test_cleared_ids_make_no_twins(site: Site) -> None:
    site.google("POST", "/values/Tasks!N2:N100:clear")
    done = site.syncer("sync", "--json")
    assert (done.exit, done.json["campaigns"][0]["created"]) == (0, 0), done.out
    assert site.titles() == everywhere(*NAMES)
    assert all(row["ID"].startswith("t-") for row in site.rows())
    assert site.syncer("sync", "--json").json["campaigns"][0]["updated"] == 0
