"""What people change in one place is changed in the others, and nothing else is touched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.blackbox import Site, everywhere, seed

CARDS = [{"name": name, "desc": f"{name}\nsecond line"} for name in ("Poster", "Flyer", "Banner", "Video")]
NAMES = ["Banner", "Flyer", "Poster", "Video"]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("edits"), seed(CARDS))
    yield site
    site.stop()


@pytest.fixture
def site(shared: Site) -> Site:
    """Four tasks in all three places."""
    shared.prepare()
    assert shared.syncer("sync").exit == 0
    return shared


def synced(site: Site, code: int = 0) -> dict[str, Any]:
    """A pass that ends with the code, and one after it that has nothing to do or to tell; the first one's JSON."""
    done = site.syncer("sync", "--json")
    assert done.exit == code, done.out + done.err
    again = site.syncer("sync", "--json").json["campaigns"][0]
    assert (writes(again), again["notices"]) == (0, [])
    campaign: dict[str, Any] = done.json["campaigns"][0]
    return campaign


def writes(campaign: dict[str, Any]) -> int:
    """What was written in a pass."""
    return sum(replica["writes"] for replica in campaign["replicas"].values())


def card(site: Site, title: str, **body: Any) -> None:
    """A person edits a card."""
    site.trello("PUT", f"/cards/{site.card(title)['id']}", **body)


def task(site: Site, title: str, **data: Any) -> None:
    """A person edits a task."""
    site.asana("PUT", f"/tasks/{site.task(title)['gid']}", **data)


def sections(site: Site) -> dict[str, str]:
    """Section name → gid."""
    rows = site.asana("GET", f"/projects/{site.sandbox.places['project']}/sections")
    return {row["name"]: row["gid"] for row in rows}


def sheet(site: Site, *requests: dict[str, Any]) -> None:
    """A person changes the spreadsheet by its menus."""
    site.google("POST", ":batchUpdate", requests=list(requests))


def stages(site: Site, title: str) -> tuple[str, str, str]:
    """The stage in each place."""
    lists = {id_: name for name, id_ in site.lists().items()}
    shown = site.task(title)["memberships"][0]["section"]["name"]
    return lists[site.card(title)["idList"]], shown, site.row(title)["Stage"]


# Fields.


def test_moves_go_everywhere(site: Site) -> None:
    card(site, "Poster", idList=site.lists()["Doing"])
    site.asana("POST", f"/sections/{sections(site)['Doing']}/addTask", task=site.task("Flyer")["gid"])
    site.type_into("Banner", "Stage", "Doing")
    synced(site)
    for title in ("Poster", "Flyer", "Banner"):
        assert stages(site, title) == ("Doing", "Doing", "Doing")
    assert stages(site, "Video") == ("To do", "To do", "To do")


def test_names_go_everywhere_and_keep_the_identity(site: Site) -> None:
    ids = {row["Task"]: row["ID"] for row in site.rows()}
    card(site, "Poster", name="Poster A1")
    task(site, "Flyer", name="Flyer A5")
    site.type_into("Banner", "Task", "Banner XL")
    assert synced(site)["created"] == 0
    assert site.titles() == everywhere("Banner XL", "Flyer A5", "Poster A1", "Video")
    assert [site.row(title)["ID"] for title in ("Poster A1", "Flyer A5", "Banner XL")] == [
        ids[title] for title in ("Poster", "Flyer", "Banner")
    ]


def test_dates_go_everywhere_and_keep_their_kind(site: Site) -> None:
    card(site, "Poster", due="2026-11-20T09:30:00.000Z", start="2026-11-18T01:00:00.000Z")
    task(site, "Flyer", due_on="2026-11-11")
    site.type_into("Banner", "Due", "2026-12-24")
    synced(site)
    assert (site.task("Poster")["due_at"], site.row("Poster")["Due"]) == (
        "2026-11-20T09:30:00.000Z",
        "2026-11-20 17:30",
    )
    assert (site.card("Flyer")["due"], site.row("Flyer")["Due"]) == ("2026-11-11T15:59:00.000Z", "2026-11-11")
    assert (site.card("Banner")["due"], site.task("Banner")["due_on"]) == ("2026-12-24T15:59:00.000Z", "2026-12-24")
    card(site, "Banner", due=None)
    synced(site)
    assert (site.task("Banner")["due_on"], site.row("Banner")["Due"]) == (None, "")


def test_a_tick_anywhere_is_done_everywhere(site: Site) -> None:
    card(site, "Poster", idList=site.lists()["Done"])
    task(site, "Flyer", completed=True)
    site.type_into("Banner", "Done", True)
    card(site, "Video", dueComplete=True)
    synced(site)
    for title in NAMES:
        assert (site.card(title)["dueComplete"], site.task(title)["completed"], site.row(title)["Done"]) == (
            True, True, "TRUE",
        )  # fmt: skip
        assert stages(site, title) == ("Done", "Done", "Done")


def test_labels_and_owners_are_sets(site: Site) -> None:
    board = site.sandbox.places["board"]
    site.trello("POST", f"/cards/{site.card('Poster')['id']}/labels", name="print", color="red")
    site.type_into("Poster", "Labels", 'web, "a, b"')
    ana = next(m["id"] for m in site.trello("GET", f"/boards/{board}/members") if m["username"] == "anasouza")
    site.trello("POST", f"/cards/{site.card('Poster')['id']}/idMembers", value=ana)
    task(site, "Poster", assignee="liwei@example.com")
    synced(site)
    wanted = ["a, b", "print", "web"]
    assert sorted(label["name"] for label in site.card("Poster")["labels"]) == wanted
    assert sorted(tag["name"] for tag in site.task("Poster")["tags"]) == wanted
    assert (site.row("Poster")["Labels"], site.row("Poster")["Owner"]) == ('"a, b", print, web', "Ana Souza, Li Wei")
    assert len(site.card("Poster")["idMembers"]) == 2
    site.type_into("Poster", "Owner", "Li Wei")
    site.type_into("Poster", "Labels", "web")
    synced(site)
    assert [label["name"] for label in site.card("Poster")["labels"]] == ["web"]
    assert len(site.card("Poster")["idMembers"]) == 1


def test_different_fields_of_one_task_all_count(site: Site) -> None:
    card(site, "Poster", desc="Poster\nsecond line\nfrom Trello")
    task(site, "Poster", due_on="2026-11-11")
    site.type_into("Poster", "Stage", "Doing")
    assert synced(site)["conflicts"] == 0
    assert stages(site, "Poster") == ("Doing", "Doing", "Doing")
    assert (site.task("Poster")["notes"], site.row("Poster")["Due"]) == (
        "Poster\nsecond line\nfrom Trello",
        "2026-11-11",
    )


def test_lines_of_one_text_are_merged(site: Site) -> None:
    card(site, "Poster", desc="Poster, new\nsecond line")
    task(site, "Poster", notes="Poster\nsecond line\nthird line")
    assert synced(site)["conflicts"] == 0
    assert site.row("Poster")["Description"] == site.card("Poster")["desc"] == "Poster, new\nsecond line\nthird line"


# Conflicts and deletions.


def test_a_conflict_is_settled_by_the_newest_and_told(site: Site) -> None:
    card(site, "Poster", name="By Trello")
    site.session.post(f"{site.sandbox.url}/_sandbox/clock", json={"advance": 5}, timeout=10)
    task(site, "Poster", name="By Asana")
    done = site.syncer("sync")
    assert done.exit == 0
    assert "conflict" in done.out
    assert "took asana's" in " ".join(done.out.split())
    assert "trello: By Trello / asana: By Asana" in " ".join(done.out.split())
    assert site.titles() == everywhere("Banner", "By Asana", "Flyer", "Video")


def test_a_deletion_is_passed_on_as_an_archive(site: Site) -> None:
    site.trello("DELETE", f"/cards/{site.card('Poster')['id']}")
    site.asana("DELETE", f"/tasks/{site.task('Flyer')['gid']}")
    row = next(n for n, cells in enumerate(site.grid()) if cells[0] == "Banner")
    where = {"sheetId": sheet_id(site), "dimension": "ROWS", "startIndex": row, "endIndex": row + 1}
    sheet(site, {"deleteDimension": {"range": where}})
    assert synced(site)["archived"] == 6
    assert site.titles() == everywhere("Video")
    closed = site.trello("GET", f"/boards/{site.sandbox.places['board']}/cards/closed")
    assert sorted(one["name"] for one in closed) == ["Banner", "Flyer"]
    assert sorted(cells[0] for cells in site.grid("Archive")[1:]) == ["Flyer", "Poster"]


def sheet_id(site: Site, tab: str = "Tasks") -> int:
    """The tab's number."""
    tabs = site.google("GET", "?fields=sheets.properties")["sheets"]
    return next(int(t["properties"].get("sheetId", 0)) for t in tabs if t["properties"]["title"] == tab)


def test_an_archived_card_is_put_away_everywhere_and_comes_back(site: Site) -> None:
    id_ = site.card("Poster")["id"]
    site.trello("PUT", f"/cards/{id_}", closed=True)
    assert synced(site)["archived"] == 2
    assert site.titles() == everywhere("Banner", "Flyer", "Video")
    site.trello("PUT", f"/cards/{id_}", closed=False)
    synced(site)
    assert site.titles() == everywhere(*NAMES)


def test_an_edit_beats_a_deletion(site: Site) -> None:
    site.trello("DELETE", f"/cards/{site.card('Poster')['id']}")
    task(site, "Poster", notes="still wanted")
    (notice,) = synced(site)["notices"]
    assert "the edit wins" in notice["remedy"]
    assert site.titles() == everywhere(*NAMES)
    assert (site.card("Poster")["desc"], site.row("Poster")["Description"]) == ("still wanted", "still wanted")


# The sheet as people use it.


def test_new_tasks_in_each_place(site: Site) -> None:
    site.google("PUT", "/values/Tasks!A6?valueInputOption=USER_ENTERED", values=[["From the sheet", "", "Doing"]])
    site.asana("POST", "/tasks", name="From Asana", projects=[site.sandbox.places["project"]])
    site.trello("POST", "/cards", name="From Trello", idList=site.lists()["Done"])
    assert synced(site)["created"] == 6
    assert site.titles() == everywhere(*NAMES[:2], "From Asana", "From Trello", "From the sheet", *NAMES[2:])
    assert stages(site, "From the sheet") == ("Doing", "Doing", "Doing")
    assert stages(site, "From Trello") == ("Done", "Done", "Done")
    assert site.row("From the sheet")["ID"]


def test_sorting_and_moving_columns_changes_nothing(site: Site) -> None:
    tab = sheet_id(site)
    area = {"sheetId": tab, "startRowIndex": 1, "endRowIndex": 5, "startColumnIndex": 0, "endColumnIndex": 14}
    sheet(site, {"sortRange": {"range": area, "sortSpecs": [{"dimensionIndex": 0, "sortOrder": "DESCENDING"}]}})
    column = {"sheetId": tab, "dimension": "COLUMNS", "startIndex": 5, "endIndex": 6}
    sheet(site, {"moveDimension": {"source": column, "destinationIndex": 1}})
    assert [row["Task"] for row in site.rows()] == ["Video", "Poster", "Flyer", "Banner"]
    assert site.grid()[0][1] == "Due"
    assert writes(synced(site)) == 0
    task(site, "Flyer", due_on="2026-11-11")
    synced(site)
    assert [row["Due"] for row in site.rows()] == ["", "", "2026-11-11", ""]


def test_peoples_own_columns_and_formulas_stay_as_they_are(site: Site) -> None:
    mine = [["Cost", "Twice"], ["10", "=O2*2"], ["20", "=O3*2"], ["30", "=O4*2"], ["40", "=O5*2"]]
    site.google("PUT", "/values/Tasks!O1?valueInputOption=USER_ENTERED", values=mine)
    card(site, "Poster", desc="new", idList=site.lists()["Doing"])
    site.trello("POST", "/cards", name="Fifth", idList=site.lists()["To do"])
    synced(site)
    formulas = site.google("GET", "/values/Tasks!O1:P9?valueRenderOption=FORMULA")["values"]
    assert formulas == [["Cost", "Twice"], *([10 * n, f"=O{n + 1}*2"] for n in range(1, 5))]
    assert site.row("Fifth")["Task"] == "Fifth"


TEXTS = ("=1+1", "+4930123456", "'quoted", "-5%", "@home", "双十一 🎉\u200d", "007", "1/2", "TRUE", "2026-11-11")


def test_text_stays_text_in_every_direction(site: Site) -> None:
    project, todo = site.sandbox.places["project"], site.lists()["To do"]
    for text in TEXTS:
        site.trello("POST", "/cards", name=text, desc=text, idList=todo)
        site.asana("POST", "/tasks", name=f"{text} A", notes=text, projects=[project])
    rows = [[f"{text} S", *[""] * 7, text] for text in TEXTS]
    site.google("PUT", "/values/Tasks!A10?valueInputOption=RAW", values=rows)
    synced(site)
    told = {name: text for text in TEXTS for name in (text, f"{text} A", f"{text} S")}
    assert {one["name"]: one["desc"] for one in site.cards() if one["name"] in told} == told
    assert {one["name"]: one["notes"] for one in site.tasks() if one["name"] in told} == told
    formulas = site.google("GET", "/values/Tasks?valueRenderOption=FORMULA")["values"]
    assert {row[0]: row[8] for row in formulas if row and row[0] in told} == told


# Unknown outcomes.


CREATES = {
    "trello": {"service": "trello", "method": "POST", "path": r"^/1/cards"},
    "asana": {"service": "asana", "method": "POST", "path": r"^/tasks(\?|$)"},
    "sheets": {"service": "sheets", "method": "POST", "path": "batchUpdate"},
}
LOSSES: dict[str, dict[str, Any]] = {
    "500": {"at": "after", "action": "status", "status": 500},
    "reset": {"at": "after", "action": "reset"},
    "half": {"at": "half"},
}


@pytest.mark.parametrize("service", ["trello", "asana"])
def test_creates_whose_answers_are_lost_make_no_twins(site: Site, service: str) -> None:
    for loss in LOSSES:
        if service == "trello":
            site.asana("POST", "/tasks", name=loss, projects=[site.sandbox.places["project"]])
        else:
            site.trello("POST", "/cards", name=loss, idList=site.lists()["To do"])
    for fault in LOSSES.values():
        site.fail(**CREATES[service], **fault)
    no_twins(site, *LOSSES)


@pytest.mark.parametrize("loss", LOSSES)
def test_rows_whose_writing_is_not_answered_make_no_twins(site: Site, loss: str) -> None:
    site.trello("POST", "/cards", name=loss, idList=site.lists()["To do"])
    site.fail(**CREATES["sheets"], **LOSSES[loss])
    no_twins(site, loss)


def no_twins(site: Site, *new: str) -> None:
    """After one or two passes the new tasks are everywhere once."""
    first = site.syncer("sync")
    assert not len(site.sandbox.world.faults)
    assert first.exit in (0, 1), first.err
    assert writes(synced(site)) == 0 or first.exit == 1
    assert site.titles() == everywhere(*NAMES, *new)
