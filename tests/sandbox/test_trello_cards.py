"""The emulated Trello's cards: shapes, changes, order, paging, dates and activity."""

import pytest

from adapters.sandbox.server import RunningSandbox
from tests.sandbox.trello_client import Trello, sample

pytestmark = pytest.mark.usefixtures("unlimited")


def test_a_card_has_the_recorded_keys(trello: Trello) -> None:
    card = trello.get(f"cards/{trello.card('Book the venue')['id']}")
    recorded = sample("object-card-2023")
    assert card.keys() == recorded.keys()
    assert card["badges"].keys() == recorded["badges"].keys()
    assert card["cover"].keys() == recorded["cover"].keys()
    assert sample("recorded-rest/card-get").keys() <= card.keys()


def test_a_listed_card_has_the_recorded_keys_and_no_item_states(trello: Trello) -> None:
    listed = trello.card("Book the venue")
    assert listed.keys() == sample("object-board-cards-2023")[0].keys()
    assert listed["checkItemStates"] is None
    assert listed["badges"] | {"attachmentsByType": None} == listed["badges"] | {
        "attachmentsByType": None,
        "checkItems": 2,
        "checkItemsChecked": 1,
        "comments": 1,
        "description": True,
        "due": "2026-11-01T09:00:00.000Z",
    }


def test_a_new_card_answers_like_the_recording(trello: Trello) -> None:
    made = trello.post("cards", idList=trello.list_id("To do"), name="Test Trello::Card.create", desc="x")
    assert sample("recorded-rest/card-create").keys() <= made.keys()
    assert made["limits"] == {}
    assert made["url"].endswith("-test-trellocardcreate")
    assert made["shortUrl"] == f"https://trello.com/c/{made['shortLink']}"


def test_the_same_post_twice_makes_two_cards(trello: Trello) -> None:
    values = {"idList": trello.list_id("To do"), "name": "Twin"}
    first, second = trello.post("cards", **values), trello.post("cards", **values)
    assert first["id"] < second["id"]
    assert second["idShort"] == first["idShort"] + 1


@pytest.mark.parametrize("as_what", ["params", "data", "json"])
def test_parameters_may_come_in_query_form_or_json(trello: Trello, as_what: str) -> None:
    values = {"idList": trello.list_id("To do"), "name": "汉字 & more", "dueComplete": "true", "pos": "top"}
    made = trello.ask("POST", "cards", **{as_what: values}).json()
    assert (made["name"], made["dueComplete"]) == ("汉字 & more", True)


def test_the_body_wins_over_the_query(trello: Trello) -> None:
    card = trello.card("Write the copy")
    changed = trello.ask("PUT", f"cards/{card['id']}", params={"name": "query"}, data={"name": "body"})
    assert changed.json()["name"] == "body"


@pytest.mark.parametrize(
    "given",
    [
        "2020-12-22 01:59:00 UTC",
        "2020-12-22 01:59:00 +0000",
        "2020-12-22T01:59:00+00:00",
        "2020-12-22T09:59:00+08:00",
        "2020-12-22T01:59:00.000Z",
    ],
)
def test_dates_are_normalised(trello: Trello, given: str) -> None:
    card = trello.put(f"cards/{trello.card('Write the copy')['id']}", due=given, start=given)
    assert card["due"] == card["start"] == card["badges"]["due"] == "2020-12-22T01:59:00.000Z"


@pytest.mark.parametrize("nothing", [None, "null", ""])
def test_a_date_is_cleared(trello: Trello, nothing: str | None) -> None:
    assert trello.put(f"cards/{trello.card('Book the venue')['id']}", due=nothing)["due"] is None


def test_an_impossible_date_changes_nothing(trello: Trello) -> None:
    card = trello.card("Book the venue")
    assert trello.put(f"cards/{card['id']}", status=400, name="new", due="soon") == "invalid value for due"
    assert trello.get(f"cards/{card['id']}")["name"] == "Book the venue"


def test_positions_follow_the_recorded_arithmetic(trello: Trello) -> None:
    place = trello.post("lists", idBoard=trello.board, name="New")["id"]
    assert trello.post("cards", idList=place, pos="bottom")["pos"] == 16384
    assert trello.post("cards", idList=place, pos="top")["pos"] == 8192
    assert trello.post("cards", idList=place)["pos"] == 32768
    assert trello.post("cards", idList=place, pos="")["pos"] == 4096
    assert trello.post("cards", idList=place, pos=20000.5)["pos"] == 20000.5
    assert trello.post("cards", idList=place, status=400, pos="middle") == "invalid value for pos"


def test_a_field_route_changes_one_field(trello: Trello) -> None:
    card = trello.card("Write the copy")
    doing = trello.list_id("To do")
    assert trello.put(f"cards/{card['id']}/idList", value=doing)["idList"] == doing
    assert trello.put(f"cards/{card['shortLink']}/closed", value="true")["closed"] is True
    assert trello.get(f"card/{card['id']}/closed") == {"_value": True}


def test_a_rename_moves_the_url_and_the_last_activity(trello: Trello) -> None:
    card = trello.card("Write the copy")
    trello.control("clock", advance=60)
    renamed = trello.put(f"cards/{card['id']}", name="Rewrite")
    assert renamed["url"].endswith("-rewrite")
    assert renamed["dateLastActivity"] > card["dateLastActivity"]
    board = trello.get(f"boards/{trello.board}", fields="dateLastActivity")
    assert board["dateLastActivity"] == renamed["dateLastActivity"]
    assert trello.put(f"cards/{card['id']}", name="Rewrite")["dateLastActivity"] == renamed["dateLastActivity"]


def test_each_changed_field_is_one_action(trello: Trello) -> None:
    card = trello.card("Write the copy")
    trello.put(f"cards/{card['id']}", name="A", due="2026-12-01", idList=trello.list_id("To do"))
    found = trello.get(f"cards/{card['id']}/actions", filter="updateCard")
    assert [next(iter(one["data"]["old"])) for one in found].count("name") == 1
    assert {next(iter(one["data"]["old"])) for one in found} == {"name", "due", "idList", "pos"}
    moved = next(one for one in found if "idList" in one["data"]["old"])
    assert (moved["data"]["listBefore"]["name"], moved["data"]["listAfter"]["name"]) == ("Doing", "To do")
    assert [one["id"] for one in trello.get(f"cards/{card['id']}/actions")] == [moved["id"]]


def test_actions_have_the_recorded_keys(trello: Trello) -> None:
    trello.post("cards", idList=trello.list_id("To do"), name="Seen", due="2026-12-01")
    found = trello.get(f"boards/{trello.board}/actions", filter="createCard,updateCard:due")
    recorded = next(one for one in sample("recorded-rest/board-actions-filter-all") if one["type"] == "createCard")
    made = next(one for one in found if one["data"]["card"]["name"] == "Seen" and one["type"] == "createCard")
    assert recorded.keys() | {"appCreator"} == made.keys()
    assert recorded["data"].keys() == made["data"].keys()
    assert recorded["memberCreator"].keys() == made["memberCreator"].keys()
    due = next(one for one in found if one["type"] == "updateCard")
    assert due["data"]["old"] == {"due": None}
    assert (due["date"], due["id"]) < (made["date"], made["id"])


def test_actions_are_paged_and_counted(trello: Trello) -> None:
    for number in range(5):
        trello.control("clock", advance=1)
        trello.post("cards", idList=trello.list_id("To do"), name=str(number))
    ask = f"boards/{trello.board}/actions"
    newest = trello.get(ask, filter="createCard", limit=2)
    assert [one["data"]["card"]["name"] for one in newest] == ["4", "3"]
    older = trello.get(ask, filter="createCard", limit=2, before=newest[-1]["id"])
    assert [one["data"]["card"]["name"] for one in older] == ["2", "1"]
    assert trello.get(ask, filter="createCard", limit=2, page=1) == older
    assert trello.get(ask, filter="createCard", since=older[0]["date"], limit=50)[-1]["data"]["card"]["name"] == "2"
    assert trello.get(ask, filter="createCard", limit=1000, format="count")["_value"] == 9
    assert trello.get(ask, status=400, limit=1001) == "invalid value for limit"


def test_a_deleted_card_leaves_its_deletion(trello: Trello) -> None:
    card = trello.card("Book the venue")
    assert trello.delete(f"cards/{card['id']}") == {"limits": {}}
    assert trello.get(f"cards/{card['id']}", status=404) == "The requested resource was not found."
    about = trello.get(f"boards/{trello.board}/actions", limit=1000)
    assert [one["type"] for one in about if one["data"].get("card", {}).get("id") == card["id"]] == ["deleteCard"]
    assert "name" not in about[0]["data"]["card"]


def test_listings_know_the_filters(trello: Trello) -> None:
    def names(path: str) -> list[str]:
        return [card["name"] for card in trello.get(f"boards/{trello.board}/cards{path}")]

    assert names("") == ["Book the venue", "Write the copy", "In an old list"]
    assert names("/visible") == ["Book the venue", "Write the copy"]
    assert names("?filter=closed") == ["Archived"]
    assert len(names("/all")) == 4
    assert names("/none") == []


def test_cards_are_paged_from_the_newest(trello: Trello) -> None:
    place = trello.list_id("To do")
    made = [trello.post("cards", idList=place, name=str(number), pos="top")["id"] for number in range(5)]
    first = trello.get(f"boards/{trello.board}/cards", sort="-id", limit=3, fields="name")
    assert [card["name"] for card in first] == ["4", "3", "2"]
    rest = trello.get(f"boards/{trello.board}/cards", sort="-id", limit=1000, before=first[-1]["id"])
    assert [card["name"] for card in rest][:2] == ["1", "0"]
    later = trello.get(f"boards/{trello.board}/cards", since=made[2], fields="id")
    assert {card["id"] for card in later} == set(made[3:])


def test_the_same_second_quirk_loses_siblings(trello: Trello, sandbox: RunningSandbox) -> None:
    place = trello.list_id("To do")
    sandbox.world.trello.quirks.same_second = True
    made = sorted(trello.post("cards", idList=place, name=str(number))["id"] for number in range(3))
    siblings = [one for one in made if one[:8] == made[-1][:8]]
    older = trello.get(f"boards/{trello.board}/cards", before=made[-1], fields="id")
    assert not {card["id"] for card in older} & set(siblings)


def test_long_texts_are_refused(trello: Trello) -> None:
    card = trello.card("Write the copy")["id"]
    assert trello.put(f"cards/{card}", desc="x" * 16384)["desc"] == "x" * 16384
    assert trello.put(f"cards/{card}", status=400, desc="x" * 16385) == "invalid value for desc"
    assert trello.put(f"cards/{card}", status=400, name="") == "invalid value for name"
    # An emoji is two of Trello's characters.
    assert trello.put(f"cards/{card}", status=400, name="😀" * 8193) == "invalid value for name"


def test_a_move_to_another_board_leaves_labels_and_strangers(trello: Trello) -> None:
    card = trello.card("Book the venue")
    mei = next(one["id"] for one in trello.get(f"boards/{trello.board}/members") if one["username"] == "mei")
    trello.post(f"cards/{card['id']}/idMembers", value=mei)
    other = next(one["id"] for one in trello.get("members/me/boards") if one["name"] == "Second")
    moved = trello.put(f"cards/{card['id']}/idBoard", value=other)
    assert (moved["idBoard"], moved["idLabels"]) == (other, [])
    assert len(moved["idMembers"]) == 1
    assert moved["shortLink"] == card["shortLink"]
    assert "moveCardToBoard" in {one["type"] for one in trello.get(f"boards/{other}/actions")}
    assert "moveCardFromBoard" in {one["type"] for one in trello.get(f"boards/{trello.board}/actions")}


def test_members_and_labels_are_set_as_wholes(trello: Trello) -> None:
    card = trello.card("Book the venue")
    assert trello.put(f"cards/{card['id']}", idMembers="", idLabels=[])["idMembers"] == []
    wrong = trello.put(f"cards/{card['id']}", status=400, idMembers="0" * 24)
    assert wrong == {"message": "Invalid objectId", "error": "ERROR"}
    twice = [card["idLabels"][0]] * 2
    assert trello.put(f"cards/{card['id']}", status=400, idLabels=twice) == "label not found"


def test_the_seed_gives_the_same_ids_every_time(trello: Trello, seed: str) -> None:
    before = trello.get(f"boards/{trello.board}", cards="all", card_checklists="all", lists="all")
    trello.post("cards", idList=trello.list_id("To do"))
    trello.control("reset", seed=seed)
    assert trello.get(f"boards/{trello.board}", cards="all", card_checklists="all", lists="all") == before
