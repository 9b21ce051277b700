"""The emulated Trello's boards, lists, labels, checklists, comments, attachments, members and batches."""

import pytest

from adapters.sandbox.server import RunningSandbox
from tests.sandbox.trello_client import Trello, sample

pytestmark = pytest.mark.usefixtures("unlimited")


def test_a_plain_board_nests_nothing(trello: Trello) -> None:
    board = trello.get(f"boards/{trello.board}")
    assert board.keys() == sample("recorded-rest/board-get").keys()
    assert trello.get(f"boards/{trello.board}", fields="name") == {"id": trello.board, "name": "Launch"}


def test_one_reading_nests_the_whole_board(trello: Trello) -> None:
    board = trello.get(
        f"boards/{trello.board}",
        fields="name,dateLastActivity",
        lists="all",
        list_fields="name",
        cards="all",
        card_fields="name,idList",
        card_attachments="true",
        card_checklists="all",
        card_customFieldItems="true",
        labels="all",
        labels_limit="1000",
        members="all",
        customFields="true",
        checklists="all",
        actions="commentCard",
        memberships="all",
    )
    assert [one["name"] for one in board["lists"]] == ["To do", "Doing", "Old"]
    first = board["cards"][0]
    assert first.keys() == {"id", "name", "idList", "attachments", "checklists", "customFieldItems"}
    assert [item["state"] for item in first["checklists"][0]["checkItems"]] == ["incomplete", "complete"]
    assert [one["data"]["text"] for one in board["actions"]] == ["Looks good"]
    assert {one["username"] for one in board["members"]} == {"liwei", "mei", "syncer"}
    assert board["customFields"] == []
    assert len(board["cards"]) == 4


def test_labels_are_listed_fifty_at_a_time(trello: Trello) -> None:
    for number in range(60):
        trello.post("labels", idBoard=trello.board, name=str(number), color="red")
    assert len(trello.get(f"boards/{trello.board}/labels")) == 50
    assert len(trello.get(f"boards/{trello.board}/labels", limit=1000)) == 62
    assert len(trello.get(f"boards/{trello.board}", labels="all")["labels"]) == 50


def test_lists_have_the_recorded_keys(trello: Trello) -> None:
    listed = trello.get(f"boards/{trello.board}/lists")
    assert [one["name"] for one in listed] == ["To do", "Doing"]
    assert listed[0].keys() == sample("object-lists-2023")[0].keys()
    assert trello.get(f"lists/{listed[0]['id']}").keys() == sample("recorded-rest/list-get").keys()
    made = trello.post("lists", idBoard=trello.board, name="New")
    assert made.keys() == sample("recorded-rest/list-create").keys()
    assert made["pos"] == listed[0]["pos"] / 2


def test_closing_a_list_leaves_its_cards_open(trello: Trello) -> None:
    doing = trello.list_id("Doing")
    assert trello.put(f"lists/{doing}/closed", value="true")["closed"] is True
    assert trello.card("Write the copy")["closed"] is False
    assert trello.put(f"lists/{doing}", name="Renamed")["name"] == "Renamed"
    kinds = trello.get(f"lists/{doing}/actions", filter="updateList")
    assert [one["data"]["old"] for one in kinds] == [{"name": "Doing"}, {"closed": False}]


def test_all_cards_of_a_list_are_archived_or_moved(trello: Trello) -> None:
    doing, todo = trello.list_id("Doing"), trello.list_id("To do")
    moved = trello.post(f"lists/{doing}/moveAllCards", idBoard=trello.board, idList=todo)
    assert [one.keys() for one in moved] == [{"id", "idBoard", "idList", "pos"}]
    assert trello.post(f"lists/{todo}/archiveAllCards") == {}
    assert trello.get(f"lists/{todo}/cards") == []
    assert len(trello.get(f"lists/{todo}/cards/closed")) == 2


def test_labels_live_on_the_board(trello: Trello) -> None:
    made = trello.post("labels", idBoard=trello.board, name="Overdue", color="red")
    assert made.keys() == sample("recorded-rest/label-create").keys()
    card = trello.card("Book the venue")["id"]
    assert made["id"] in trello.post(f"cards/{card}/idLabels", value=made["id"])
    assert trello.post(f"cards/{card}/idLabels", status=400, value=made["id"]) == "that label is already on the card"
    assert trello.delete(f"cards/{card}/idLabels/{made['id']}") == {"_value": None}
    trello.post(f"cards/{card}/idLabels", value=made["id"])
    assert trello.put(f"labels/{made['id']}", name="Late", color=None)["color"] is None
    assert trello.delete(f"labels/{made['id']}") == {"limits": {}}
    assert made["id"] not in trello.get(f"cards/{card}")["idLabels"]
    assert trello.get(f"labels/{made['id']}", status=404) == "The requested resource was not found."
    assert trello.post("labels", status=400, idBoard=trello.board, name="x", color="teal") == "invalid value for color"


def test_label_changes_are_not_listed_as_activity(trello: Trello) -> None:
    card = trello.card("Write the copy")["id"]
    trello.post(f"cards/{card}/labels", name="New", color="sky")
    kinds = {one["type"] for one in trello.get(f"boards/{trello.board}/actions", limit=1000)}
    assert not kinds & {"addLabelToCard", "createLabel"}


def test_joining_a_card_twice_is_refused(trello: Trello) -> None:
    card = trello.card("Write the copy")["id"]
    me = trello.get("members/me", fields="username")["id"]
    joined = trello.post(f"cards/{card}/idMembers", value=me)
    assert joined[0].keys() == sample("recorded-rest/card-idMembers-add")[0].keys()
    assert trello.post(f"cards/{card}/idMembers", status=400, value=me) == "member is already on the card"
    assert trello.delete(f"cards/{card}/idMembers/{me}") == []


def test_checklists_have_the_recorded_keys(trello: Trello) -> None:
    card = trello.card("Book the venue")["id"]
    listed = trello.get(f"cards/{card}/checklists")
    recorded = sample("object-checklists-2023")
    assert listed[0].keys() == recorded[0].keys()
    assert listed[0]["checkItems"][0].keys() == recorded[0]["checkItems"][0].keys()
    made = trello.post("checklists", idCard=card)
    assert made.keys() == sample("recorded-rest/checklist-create").keys()
    assert (made["name"], made["pos"]) == ("Checklist", 32768)
    assert trello.delete(f"checklists/{made['id']}") == {"limits": {}}


def test_check_items_are_ticked_renamed_moved_and_deleted(trello: Trello) -> None:
    card = trello.card("Write the copy")["id"]
    one, two = (trello.post(f"cards/{card}/checklists", name=name)["id"] for name in ("One", "Two"))
    item = trello.post(f"checklists/{one}/checkItems", name="Draft", checked="false", pos="bottom")
    assert sample("recorded-rest/checkitem-add").keys() <= item.keys()
    route = f"cards/{card}/checkItem/{item['id']}"
    ticked = trello.put(route, state="complete")
    assert sample("recorded-rest/checkitem-update-state").keys() <= ticked.keys()
    assert trello.get(f"cards/{card}/checkItemStates")[0]["idCheckItem"] == item["id"]
    assert trello.put(route, name="Final", idChecklist=two)["idChecklist"] == two
    assert [one["name"] for one in trello.get(f"checklists/{two}/checkItems")] == ["Final"]
    kinds = [one["type"] for one in trello.get(f"cards/{card}/actions", filter="all")]
    assert "updateCheckItemStateOnCard" in kinds
    assert "updateCheckItem" not in kinds
    trello.delete(f"checklists/{two}/checkItems/{item['id']}")
    assert trello.put(route, status=404, state="complete") == "The requested resource was not found."


def test_comments_are_made_edited_and_deleted(trello: Trello) -> None:
    card = trello.card("Write the copy")["id"]
    made = trello.post(f"cards/{card}/actions/comments", text="Hello, world!")
    recorded = sample("object-comment-action-2023")
    assert made.keys() == recorded.keys()
    assert made["data"].keys() == recorded["data"].keys()
    assert made["display"]["entities"].keys() == recorded["display"]["entities"].keys()
    assert trello.put(f"actions/{made['id']}", text="Hello")["data"]["text"] == "Hello"
    assert trello.put(f"cards/{card}/actions/{made['id']}/comments", text="Bye")["data"]["text"] == "Bye"
    assert trello.get(f"cards/{card}")["badges"]["comments"] == 1
    assert trello.delete(f"actions/{made['id']}") == {"_value": None}
    assert trello.get(f"actions/{made['id']}", status=404) == "The requested resource was not found."
    assert trello.get(f"cards/{card}")["badges"]["comments"] == 0
    assert trello.post(f"cards/{card}/actions/comments", status=400, text="") == "invalid value for text"


def test_only_the_author_edits_a_comment(trello: Trello, sandbox: RunningSandbox) -> None:
    card = trello.card("Write the copy")["id"]
    with Trello(sandbox, "liwei") as person:
        theirs = person.post(f"cards/{card}/actions/comments", text="Mine")
    assert theirs["memberCreator"]["fullName"] == "Li Wei"
    assert trello.put(f"actions/{theirs['id']}", status=401, text="Yours") == "unauthorized permission requested"


def test_links_are_attached(trello: Trello) -> None:
    card = trello.card("Write the copy")["id"]
    made = trello.post(f"cards/{card}/attachments", url="https://example.com/a.pdf", name="Brief")
    assert made.keys() == sample("recorded-rest/attachment-upload").keys()
    assert trello.get(f"cards/{card}/attachments")[0]["url"] == "https://example.com/a.pdf"
    assert trello.get(f"cards/{card}")["badges"]["attachments"] == 1
    assert trello.delete(f"cards/{card}/attachments/{made['id']}") == {"limits": {}}


def test_members_are_shown_short_and_whole(trello: Trello) -> None:
    me = trello.get("members/me")
    assert (me["username"], me["fullName"]) == ("syncer", "Syncer")
    assert trello.get(f"members/{me['id']}") == trello.get("members/syncer") == me
    listed = trello.get(f"boards/{trello.board}/members")
    assert listed[0].keys() == sample("recorded-rest/board-members")[0].keys()
    assert [one["name"] for one in trello.get("members/me/boards", fields="name")] == ["Launch", "Second"]


def test_a_new_board_has_lists_and_labels(trello: Trello) -> None:
    made = trello.post("boards", name="IT 99", desc="testing")
    assert made.keys() == sample("recorded-rest/board-create").keys()
    assert [one["name"] for one in trello.get(f"boards/{made['id']}/lists")] == ["To Do", "Doing", "Done"]
    assert len(trello.get(f"boards/{made['id']}/labels")) == 6
    assert trello.put(f"boards/{made['id']}/name", value="IT 100")["name"] == "IT 100"


def test_a_batch_answers_each_url(trello: Trello) -> None:
    urls = f"/boards/{trello.board}/lists?fields=name%2Cpos,/cards/{'0' * 24},/nothing"
    good, gone, unknown = trello.get("batch", urls=urls)
    assert [one.keys() for one in good["200"]] == [{"id", "name", "pos"}] * 2
    assert (gone["statusCode"], gone["message"]) == (404, "The requested resource was not found.")
    assert unknown["statusCode"] == 404
    assert trello.get("batch", status=400, urls=",".join(["/members/me"] * 11)) == "invalid value for urls"


def test_too_many_cards_with_their_actions_are_refused(trello: Trello, sandbox: RunningSandbox) -> None:
    sandbox.world.trello.quirks.crowded = 2
    refused = trello.get(f"boards/{trello.board}/cards", status=403, actions="commentCard")
    assert refused["error"] == "API_TOO_MANY_CARDS_REQUESTED"
