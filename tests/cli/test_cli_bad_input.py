"""What people get wrong is told with its place and its remedy, loses nothing, and holds up nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.blackbox import HEADERS, Site, everywhere, seed

CARDS = [{"name": name, "desc": name.lower()} for name in ("Poster", "Flyer", "Banner")]
EVERYWHERE = ("trello", "asana", "sheets")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("badinput"), seed(CARDS))
    yield site
    site.stop()


@pytest.fixture
def fresh(shared: Site) -> Site:
    """Three cards, nothing synchronised yet."""
    shared.prepare()
    return shared


@pytest.fixture
def linked(fresh: Site) -> Site:
    """Three tasks in all three places."""
    assert fresh.syncer("sync").exit == 0
    return fresh


def explained(site: Site, code: int, *words: str) -> dict[str, Any]:
    """Two passes end with the code, and tell the words in JSON and to people. The JSON's campaign is returned."""
    done = site.syncer("sync", "--json")
    assert (done.exit, done.json["exit"]) == (code, code), done.out
    campaign: dict[str, Any] = done.json["campaigns"][0]
    told = [notice["place"] + " " + notice["problem"] + " " + notice["remedy"] for notice in campaign["notices"]]
    told += [refusal["reason"] for refusal in campaign["refused"]]
    told += [replica.get("failure", "") for replica in campaign["replicas"].values()]
    people = site.syncer("sync")
    assert people.exit == code
    for word in words:
        assert word in "\n".join(told)
        assert word in " ".join(people.out.split())
    return campaign


def mended(site: Site) -> None:
    """The next pass is clean and has nothing more to tell, and the one after it nothing to do."""
    done = site.syncer("sync", "--json").json["campaigns"][0]
    assert (done["complete"], done["refused"], done["waiting"]) == (True, [], 0)
    again = site.syncer("sync", "--json").json["campaigns"][0]
    assert (again["notices"], [part["writes"] for part in again["replicas"].values()]) == ([], [0, 0, 0])


def put(site: Site, cell: str, *values: Any) -> None:
    """A person types into neighbouring cells of a row."""
    site.google("PUT", f"/values/Tasks!{cell}?valueInputOption=USER_ENTERED", values=[list(values)])


def configured(site: Site, old: str, new: str) -> None:
    """The configuration with a part replaced."""
    file = site.folder / "syncer.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


# Places and credentials.


def edit_elsewhere(site: Site, broken: str) -> None:
    """An edit in one of the two places that still work."""
    if broken == "trello":
        site.type_into("Poster", "Description", "still going")
    else:
        site.trello("PUT", f"/cards/{site.card('Poster')['id']}", desc="still going")


def shown(site: Site) -> dict[str, str]:
    """The poster's description in each place."""
    return {
        "trello": site.card("Poster")["desc"],
        "asana": site.task("Poster")["notes"],
        "sheets": site.row("Poster")["Description"],
    }


@pytest.mark.parametrize(
    ("broken", "place", "wrong"),
    [
        ("trello", "board", "f" * 24),
        ("asana", "project", "99999999999999"),
        ("asana", "project", "abc"),
        ("sheets", "spreadsheet", "1" + "A" * 43),
    ],
)
def test_a_place_that_does_not_exist(linked: Site, broken: str, place: str, wrong: str) -> None:
    linked.write_config(**{place: wrong})
    edit_elsewhere(linked, broken)
    told = explained(
        linked, 1, {"trello": "Check the board's id", "asana": "Correct `project`", "sheets": "/d/"}[broken]
    )
    assert [name for name, part in told["replicas"].items() if not part["complete"]] == [broken]
    assert shown(linked) == {name: "poster" if name == broken else "still going" for name in EVERYWHERE}
    linked.write_config()
    mended(linked)
    assert shown(linked) == dict.fromkeys(EVERYWHERE, "still going")


@pytest.mark.parametrize(("place", "wrong"), [("board", "no id!"), ("project", "1 2"), ("spreadsheet", "x y")])
def test_an_id_that_can_be_none(fresh: Site, place: str, wrong: str) -> None:
    fresh.write_config(**{place: wrong})
    fresh.forget()
    done = fresh.syncer("sync")
    assert done.exit == 2
    assert f"{place} (syncer.toml:" in done.err
    assert "Write the id alone" in " ".join(done.err.split())
    assert fresh.requests() == []


@pytest.mark.parametrize(
    ("service", "remedy"),
    [
        ("trello", "Give a working one"),
        ("asana", "Give a working one"),
        ("google", "SYNCER_GOOGLE__CREDENTIALS_FILE"),
    ],
)
def test_a_revoked_token(linked: Site, service: str, remedy: str) -> None:
    broken = "sheets" if service == "google" else service
    edit_elsewhere(linked, broken)
    control(linked, "revoke", service)
    explained(linked, 5, remedy)
    control(linked, "restore", service)
    assert shown(linked) == {name: "poster" if name == broken else "still going" for name in EVERYWHERE}
    mended(linked)
    assert shown(linked) == dict.fromkeys(EVERYWHERE, "still going")


def control(site: Site, call: str, service: str) -> None:
    """A call that steers the sandbox."""
    site.session.post(f"{site.sandbox.url}/_sandbox/{call}", json={"service": service}, timeout=10).raise_for_status()


# The header row.


def test_a_sheet_without_a_header_row(fresh: Site) -> None:
    put(fresh, "A1", "Plan of the spring", "by Ana")
    told = explained(fresh, 4, "Tasks!A1", "no header row", "Write the headings into row 1")
    assert [refusal["guard"] for refusal in told["refused"]] == ["header"]
    assert fresh.grid() == [["Plan of the spring", "by Ana"]]
    assert fresh.titles()["asana"] == ["Banner", "Flyer", "Poster"]
    put(fresh, "A1", *HEADERS)
    mended(fresh)
    assert fresh.titles()["sheets"] == ["Banner", "Flyer", "Poster"]


@pytest.mark.parametrize(
    ("cell", "before", "after", "words"),
    [
        ("A1", "Task", "What", ("no header row", "Tasks!A1")),
        ("P1", "", "Due", ("'Due' is there twice", "Tasks!F1 and Tasks!P1", "Rename")),
        ("N1", "ID", "", ("no column headed ID", "Put ID back")),
    ],
)
def test_a_header_broken_later(linked: Site, cell: str, before: str, after: str, words: tuple[str, ...]) -> None:
    put(linked, cell, after)
    cells = linked.grid()
    edit_elsewhere(linked, "sheets")
    explained(linked, 4, *words)
    assert linked.grid() == cells
    assert linked.task("Poster")["notes"] == "still going"
    put(linked, cell, before)
    mended(linked)
    assert shown(linked) == dict.fromkeys(EVERYWHERE, "still going")


def test_headers_in_another_order_between_peoples_own_columns(fresh: Site) -> None:
    order = ["Cost", *reversed(HEADERS), "Agency", "Double"]
    task, end = order.index("Task"), len(order)
    mine = ["12.50", *[""] * (end - 3), "Acme & Sons", "=A2*2"]
    mine[task] = "From the sheet"
    put(fresh, "A1", *order)
    put(fresh, "A2", *mine)
    assert fresh.syncer("sync", "--allow", "adoption").exit == 0
    edit_elsewhere(fresh, "sheets")
    mended(fresh)
    assert fresh.titles() == everywhere("Banner", "Flyer", "From the sheet", "Poster")
    assert fresh.row("Poster")["Description"] == "still going"
    formulas = fresh.google("GET", "/values/Tasks?valueRenderOption=FORMULA")["values"]
    assert formulas[0] == order
    assert (formulas[1][0], formulas[1][-2:]) == (12.5, ["Acme & Sons", "=A2*2"])
    assert all(row[0] == "" and len(row) <= end - 2 for row in formulas[2:])


# Values.


def test_a_list_no_stage_is_mapped_to(linked: Site) -> None:
    ideas = linked.trello("POST", "/lists", name="Ideas", idBoard=linked.sandbox.places["board"])["id"]
    linked.trello("POST", "/cards", name="New idea", idList=ideas)
    linked.trello("PUT", f"/cards/{linked.card('Flyer')['id']}", idList=ideas, desc="moved and rewritten")
    explained(linked, 3, 'card "New idea"', 'card "Flyer"', 'no stage is mapped to "Ideas"', "[campaigns.stages]")
    assert linked.titles()["asana"] == linked.titles()["sheets"] == ["Banner", "Flyer", "Poster"]
    assert (linked.row("Flyer")["Stage"], linked.row("Flyer")["Description"]) == ("To do", "moved and rewritten")
    assert {linked.card(name)["idList"] for name in ("New idea", "Flyer")} == {ideas}
    for name in ("New idea", "Flyer"):
        linked.trello("PUT", f"/cards/{linked.card(name)['id']}", idList=linked.lists()["Doing"])
    mended(linked)
    assert {row["Task"]: row["Stage"] for row in linked.rows()} == {
        "Banner": "To do", "Flyer": "Doing", "New idea": "Doing", "Poster": "To do",
    }  # fmt: skip


def test_a_stage_typed_that_is_unknown(linked: Site) -> None:
    linked.type_into("Flyer", "Stage", "Later")
    linked.type_into("Flyer", "Description", "goes on")
    explained(linked, 0, "Tasks!C3", 'no stage is mapped to "Later"', "use one of: To do, Doing, Done")
    assert linked.row("Flyer")["Stage"] == "Later"
    assert linked.card("Flyer")["idList"] == linked.lists()["To do"]
    assert linked.task("Flyer")["notes"] == "goes on"
    linked.type_into("Flyer", "Stage", "doing")
    mended(linked)
    assert linked.card("Flyer")["idList"] == linked.lists()["Doing"]


def test_a_due_cell_that_is_no_date(linked: Site) -> None:
    linked.type_into("Flyer", "Due", "2026-11-11")
    assert linked.syncer("sync").exit == 0
    linked.type_into("Flyer", "Due", "soon")
    explained(linked, 0, "Tasks!F3", "Due 'soon' is no date", "write it as 2026-11-11")
    assert linked.row("Flyer")["Due"] == "soon"
    assert (linked.task("Flyer")["due_on"], linked.card("Flyer")["due"]) == ("2026-11-11", "2026-11-11T15:59:00.000Z")
    linked.type_into("Flyer", "Due", "2026-11-12")
    mended(linked)
    assert linked.task("Flyer")["due_on"] == "2026-11-12"


def test_an_owner_nobody_mapped_in_the_sheet(linked: Site) -> None:
    linked.type_into("Flyer", "Owner", "Li Wei, Zhao Min")
    explained(linked, 0, "Tasks!D3", "'Zhao Min'", "[[people]]")
    assert linked.row("Flyer")["Owner"] == "Li Wei, Zhao Min"
    assert len(linked.card("Flyer")["idMembers"]) == 1
    assert linked.task("Flyer")["assignee"]["email"] == "liwei@example.com"
    linked.type_into("Flyer", "Owner", "Li Wei")
    mended(linked)


@pytest.mark.parametrize("service", ["trello", "asana"])
def test_an_owner_nobody_mapped_in_a_service(fresh: Site, service: str) -> None:
    text = (fresh.folder / "syncer.toml").read_text(encoding="utf-8")
    configured(fresh, text[text.rindex("[[people]]") : text.index("[[campaigns]]")], "")
    assert fresh.syncer("sync").exit == 0
    account = give_to_ana(fresh, service)
    explained(fresh, 0, "[[people]]", account)
    assert fresh.row("Flyer")["Owner"] == f"{service}:{account}"
    fresh.write_config()
    mended(fresh)
    assert fresh.row("Flyer")["Owner"] == "Ana Souza"
    assert len(fresh.card("Flyer")["idMembers"]) == 1
    assert fresh.task("Flyer")["assignee"]["email"] == "ana@example.com"


def give_to_ana(site: Site, service: str) -> str:
    """The flyer becomes Ana's; returns her account there."""
    if service == "trello":
        members = site.trello("GET", f"/boards/{site.sandbox.places['board']}/members")
        ana = next(member["id"] for member in members if member["username"] == "anasouza")
        site.trello("POST", f"/cards/{site.card('Flyer')['id']}/idMembers", value=ana)
        return "anasouza"
    site.asana("PUT", f"/tasks/{site.task('Flyer')['gid']}", assignee="ana@example.com")
    return "ana@example.com"


def test_an_empty_title_in_the_sheet(linked: Site) -> None:
    linked.type_into("Flyer", "Task", "")
    explained(linked, 0, "Tasks!A3", "no title", "write one, or delete the row")
    assert linked.titles()["trello"] == linked.titles()["asana"] == ["Banner", "Flyer", "Poster"]
    put(linked, "A3", "Leaflet")
    mended(linked)
    assert linked.titles() == everywhere("Banner", "Leaflet", "Poster")


def test_an_empty_title_in_asana(linked: Site) -> None:
    gid = linked.task("Flyer")["gid"]
    linked.asana("PUT", f"/tasks/{gid}", name=" ")
    linked.asana("POST", "/tasks", name="", projects=[linked.sandbox.places["project"]])
    explained(linked, 3, gid, "the task has no name", "give it one in Asana")
    assert linked.titles()["trello"] == linked.titles()["sheets"] == ["Banner", "Flyer", "Poster"]
    for task in linked.tasks():
        if not task["name"].strip():
            linked.asana("PUT", f"/tasks/{task['gid']}", name="Flyer" if task["gid"] == gid else "Fourth")
    mended(linked)
    assert linked.titles() == everywhere("Banner", "Flyer", "Fourth", "Poster")


def test_texts_that_are_too_long_for_a_service(linked: Site) -> None:
    linked.asana("PUT", f"/tasks/{linked.task('Flyer')['gid']}", notes="x" * 20_000)
    linked.type_into("Banner", "Task", "y" * 17_000)
    words = ("longer than the 16384 characters", "shorten it", 'card "Flyer"', 'card "Banner"')
    explained(linked, 0, *words)
    assert (linked.card("Flyer")["desc"], len(linked.row("Flyer")["Description"])) == ("flyer", 20_000)
    assert linked.titles()["trello"] == ["Banner", "Flyer", "Poster"]
    linked.asana("PUT", f"/tasks/{linked.task('Flyer')['gid']}", notes="x" * 16_000)
    linked.type_into("y" * 17_000, "Task", "Long banner")
    mended(linked)
    assert (len(linked.card("Flyer")["desc"]), linked.card("Long banner")["desc"]) == (16_000, "banner")


# Rows and their IDs.


def test_a_copied_row_becomes_a_task_of_its_own(linked: Site) -> None:
    original = linked.grid()[1]
    put(linked, "A5", *original)
    done = linked.syncer("sync", "--json")
    (notice,) = done.json["campaigns"][0]["notices"]
    assert (done.exit, notice["place"]) == (0, "Tasks!A5")
    assert "repeats the ID of row 2" in notice["problem"]
    assert "copied by mistake" in notice["remedy"]
    mended(linked)
    assert linked.titles() == everywhere("Banner", "Flyer", "Poster", original[0])
    ids = [row["ID"] for row in linked.rows()]
    assert (ids[0], len(set(ids))) == (original[-1], 4)


def test_rows_of_another_state(fresh: Site) -> None:
    put(fresh, "A1", *HEADERS)
    put(fresh, "A2", "From elsewhere", *[""] * 12, "t-0123456789ab")
    told = explained(fresh, 4, "Tasks!A2", "clear the ID column")
    assert [refusal["guard"] for refusal in told["refused"]] == ["identity", "adoption"]
    assert (fresh.titles()["asana"], fresh.titles()["sheets"]) == ([], ["From elsewhere"])
    put(fresh, "N2", "")
    assert fresh.syncer("sync", "--allow", "adoption").exit == 0
    mended(fresh)
    assert fresh.titles() == everywhere("Banner", "Flyer", "From elsewhere", "Poster")


def test_a_row_with_an_id_that_was_never_given(linked: Site) -> None:
    put(linked, "A5", "From elsewhere", *[""] * 12, "t-0123456789ab")
    told = explained(linked, 3, "Tasks!A5", "an ID that was never given here", "clear the ID cell")
    assert (told["waiting"], told["unchanged"]) == (1, 3)
    assert linked.titles()["trello"] == ["Banner", "Flyer", "Poster"]
    put(linked, "N5", "")
    mended(linked)
    assert linked.titles() == everywhere("Banner", "Flyer", "From elsewhere", "Poster")


def test_a_lost_state_writes_nothing(linked: Site) -> None:
    for file in linked.folder.glob("state.db*"):
        file.unlink()
    told = explained(linked, 4, "3 rows carry IDs this state does not know", "Tasks!A2", "restore it")
    assert "identity" in [refusal["guard"] for refusal in told["refused"]]
    assert sum(replica["writes"] for replica in told["replicas"].values()) == 0
    assert linked.titles() == everywhere("Banner", "Flyer", "Poster")


# Campaigns.


def test_a_campaign_beside_a_broken_one_goes_on(fresh: Site) -> None:
    second = fresh.trello("POST", "/boards", name="Press", defaultLists=False)["id"]
    stage = fresh.trello("POST", "/lists", name="To do", idBoard=second)["id"]
    fresh.trello("POST", "/cards", name="Release", idList=stage)
    fresh.write_config(board="f" * 24)
    with (fresh.folder / "syncer.toml").open("a", encoding="utf-8") as file:
        spreadsheet = fresh.sandbox.places["spreadsheet"]
        file.write(f'''
[[campaigns]]
key = "press"
name = "Press"
trello = {{ board = "{second}" }}
sheets = {{ spreadsheet = "{spreadsheet}", tab = "Press" }}
''')
    done = fresh.syncer("sync", "--json")
    assert (done.exit, done.json["complete"]) == (1, False)
    assert [(part["key"], part["complete"], part["created"]) for part in done.json["campaigns"]] == [
        ("launch", False, 0),
        ("press", True, 1),
    ]
    assert [row[0] for row in fresh.grid("Press")] == ["Task", "Release"]
    assert fresh.syncer("sync", "--campaign", "press").exit == 0
