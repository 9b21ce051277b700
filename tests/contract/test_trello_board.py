"""What people do on a Trello board, and what the replica makes of it."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from adapters.sandbox.server import RunningSandbox
from adapters.trello.replica import TrelloReplica
from syncer.core.errors import Malformed, PlaceMissing, Unauthorised
from syncer.core.model import Field, Presence, Unreadable
from syncer.core.people import People
from syncer.ports import EffectKind, Result
from tests.contract.rig import PEOPLE, MovedClock, Site
from tests.contract.trello_place import LISTS, TrelloRig, TrelloUser, open_board


def _crowded(document: str, seconds: int) -> str:
    """The document with the times in its ids rounded, so that many objects are of one second."""
    return re.sub(
        r'"([0-9a-f]{8})([0-9a-f]{16})"',
        lambda id_: f'"{int(id_[1], 16) // seconds * seconds:08x}{id_[2]}"',
        document,
    )


class WorldClock(MovedClock):
    """The sandbox's own clock, which sleeping moves."""

    def __init__(self, sandbox: RunningSandbox) -> None:
        super().__init__()
        self._clock = sandbox.world.clock

    def now(self) -> datetime:
        return self._clock.now()

    def monotonic(self) -> float:
        return self._clock.now().timestamp()

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        self._clock.advance(seconds)


class TestTrelloBoard(TrelloRig):
    @pytest.fixture
    def board(self, site: Site) -> str:
        return site.places["board"]

    @pytest.fixture
    def lists(self, user: TrelloUser, board: str) -> dict[str, str]:
        return {one["name"]: one["id"] for one in user.ask("GET", f"/boards/{board}/lists?filter=all")}

    @pytest.fixture
    def labels(self, user: TrelloUser, board: str) -> dict[str, str]:
        return {one["name"]: one["id"] for one in user.ask("GET", f"/boards/{board}/labels")}

    @pytest.fixture
    def card(self, user: TrelloUser, lists: dict[str, str]) -> str:
        return str(user.ask("POST", "/cards", name="Poster", idList=lists["To do"])["id"])

    # The place

    def test_a_board_opens_by_its_short_link(self, site: Site, clock: MovedClock, user: TrelloUser, board: str) -> None:
        link = user.ask("GET", f"/boards/{board}?fields=shortLink")["shortLink"]
        replica = open_board(site, clock, link)
        outcome = self.do(replica, EffectKind.CREATE, fields={Field.TITLE: "x", Field.STAGE: "New list"})
        assert outcome.result is Result.CONFIRMED
        assert replica.find(outcome.remote_id or "") is Presence.PRESENT

    @pytest.mark.parametrize("wrong", ["f" * 24, "zzzzzzzz", "no id at all", "../members/me"])
    def test_a_board_that_is_not_there_is_missing(self, site: Site, clock: MovedClock, wrong: str) -> None:
        with pytest.raises(PlaceMissing, match="invite"):
            open_board(site, clock, wrong).read()

    def test_a_closed_board_is_missing(self, replica: TrelloReplica, user: TrelloUser, board: str) -> None:
        user.ask("PUT", f"/boards/{board}", closed=True)
        with pytest.raises(PlaceMissing, match="Reopen"):
            replica.read()

    def test_a_board_of_others_is_missing_and_a_wrong_token_refused(
        self, replica: TrelloReplica, site: Site, clock: MovedClock, sandbox: RunningSandbox, board: str
    ) -> None:
        self.fail(sandbox, "GET", "/1/boards", status=401, body="unauthorized permission requested")
        with pytest.raises(PlaceMissing, match="invite"):
            replica.read()
        with pytest.raises(Unauthorised, match="invalid token"):
            open_board(site, clock, board, token="f" * 64).read()

    # Cards, lists and people

    def test_a_card_tells_where_and_when(self, replica: TrelloReplica, user: TrelloUser, card: str) -> None:
        shown = user.ask("GET", f"/cards/{card}")
        item = self.only(replica)
        assert (item.remote_id, item.place, item.url) == (card, 'card "Poster"', shown["shortUrl"])
        assert item.version == shown["dateLastActivity"]
        assert item.created_at == datetime.fromtimestamp(int(card[:8], 16), UTC)
        assert item.changed_at == datetime.fromisoformat(shown["dateLastActivity"])

    def test_a_card_in_a_closed_list_is_put_away_and_comes_back_into_an_open_one(
        self, replica: TrelloReplica, user: TrelloUser, card: str, lists: dict[str, str]
    ) -> None:
        user.ask("PUT", f"/cards/{card}", idList=lists["Doing"])
        user.ask("PUT", f"/lists/{lists['Doing']}", closed=True)
        reading = replica.read()
        assert (reading.items[0].archived, reading.stages) == (True, ("To do", "Done"))
        assert replica.find(card) is Presence.ARCHIVED
        assert self.do(replica, EffectKind.RESTORE, card).result is Result.CONFIRMED
        item = self.only(replica)
        assert (item.archived, item.fields[Field.STAGE]) == (False, "To do")

    def test_a_restored_card_goes_where_the_stage_says(
        self, replica: TrelloReplica, user: TrelloUser, card: str, lists: dict[str, str]
    ) -> None:
        user.ask("PUT", f"/cards/{card}", closed=True, idList=lists["Old"])
        replica.read()
        outcome = self.do(replica, EffectKind.RESTORE, card, fields={Field.STAGE: "Done"})
        assert outcome.fields == {Field.STAGE: "Done"}
        assert not self.only(replica).archived

    def test_of_two_lists_with_one_name_the_first_counts_and_nobody_is_moved(
        self, replica: TrelloReplica, user: TrelloUser, card: str, board: str, lists: dict[str, str]
    ) -> None:
        twin = user.ask("POST", "/lists", name="To do", idBoard=board, pos="bottom")["id"]
        user.ask("PUT", f"/cards/{card}", idList=twin)
        reading = replica.read()
        assert reading.stages == ("To do", "Doing", "Done")
        assert [notice.place for notice in reading.notices] == ['list "To do"']
        assert self.do(replica, EffectKind.UPDATE, card, fields={Field.STAGE: "To do"}).result is Result.CONFIRMED
        assert user.ask("GET", f"/cards/{card}")["idList"] == twin
        made = self.do(replica, EffectKind.CREATE, fields={Field.TITLE: "New", Field.STAGE: "To do"})
        assert user.ask("GET", f"/cards/{made.remote_id}")["idList"] == lists["To do"]

    def test_a_list_made_meanwhile_is_used_and_not_made_again(
        self, replica: TrelloReplica, user: TrelloUser, card: str, board: str
    ) -> None:
        user.ask("POST", "/lists", name="Review", idBoard=board, pos="bottom")
        assert self.do(replica, EffectKind.UPDATE, card, fields={Field.STAGE: "Review"}).result is Result.CONFIRMED
        assert replica.read().stages == ("To do", "Doing", "Done", "Review")

    def test_a_new_card_without_a_stage_begins_in_the_first_list(self, replica: TrelloReplica) -> None:
        self.do(replica, EffectKind.CREATE, fields={Field.TITLE: "Anywhere"})
        assert self.only(replica).fields[Field.STAGE] == "To do"

    def test_a_board_without_open_lists_takes_no_card(
        self, replica: TrelloReplica, user: TrelloUser, lists: dict[str, str]
    ) -> None:
        for id_ in lists.values():
            user.ask("PUT", f"/lists/{id_}", closed=True)
        replica.read()
        outcome = self.do(replica, EffectKind.CREATE, fields={Field.TITLE: "Nowhere"})
        assert (outcome.result, outcome.reason) == (Result.REFUSED, "The board has no open list; add one.")

    def test_a_card_on_another_board_is_elsewhere_and_left_alone(
        self, replica: TrelloReplica, sandbox: RunningSandbox, user: TrelloUser, card: str
    ) -> None:
        other = next(one for one in user.ask("GET", "/members/me/boards") if one["name"] == "Other")
        user.ask("PUT", f"/cards/{card}", idBoard=other["id"])
        before = self.writes(sandbox)
        assert replica.find(card) is Presence.ELSEWHERE
        outcome = self.do(replica, EffectKind.UPDATE, card, fields={Field.TITLE: "Ours"})
        assert outcome.result is Result.MOVED
        assert self.writes(sandbox) == before

    def test_a_card_where_we_have_no_access_is_elsewhere(
        self, replica: TrelloReplica, sandbox: RunningSandbox, card: str
    ) -> None:
        self.fail(sandbox, "GET", "/1/cards", status=401, body="unauthorized card permission requested", times=2)
        assert replica.find(card) is Presence.ELSEWHERE
        assert self.do(replica, EffectKind.UPDATE, card, fields={Field.TITLE: "x"}).result is Result.MOVED

    def test_a_nameless_card_is_unreadable_and_not_overwritten(
        self, replica: TrelloReplica, user: TrelloUser, card: str
    ) -> None:
        user.ask("PUT", f"/cards/{card}", name=" ")
        title = self.only(replica).fields[Field.TITLE]
        assert isinstance(title, Unreadable)
        assert "give it" in title.reason
        saw = {Field.TITLE: "Poster"}
        assert self.do(replica, EffectKind.UPDATE, card, fields=saw, expected=saw).result is Result.MOVED

    def test_owners_are_the_members_of_the_board_and_a_stranger_is_named_once(
        self, site: Site, clock: MovedClock, replica: TrelloReplica, user: TrelloUser, card: str, board: str
    ) -> None:
        owners = replica.capabilities().owners or frozenset()
        assert owners >= {"Ada Fields", "Bo Chen 陈"}
        member = next(one for one in user.ask("GET", f"/boards/{board}/members") if one["username"] == "bochen")
        second = user.ask("POST", "/cards", name="Flyer", idList=user.ask("GET", f"/cards/{card}")["idList"])
        for one in (card, second["id"]):
            user.ask("PUT", f"/cards/{one}", idMembers=[member["id"]])
        stranger = open_board(site, clock, board, People())
        reading = stranger.read()
        assert {item.fields[Field.OWNERS] for item in reading.items} == {frozenset({"trello:bochen"})}
        (notice,) = reading.notices
        assert '[[people]] entry with trello = "bochen"' in notice.remedy
        both = frozenset({"trello:bochen", "trello:adafields"})
        assert self.do(stranger, EffectKind.UPDATE, card, fields={Field.OWNERS: both}).fields == {Field.OWNERS: both}

    # Labels

    def test_what_is_no_label_of_ours_stays_on_the_card(
        self, replica: TrelloReplica, user: TrelloUser, card: str, board: str, labels: dict[str, str]
    ) -> None:
        flag = user.ask("POST", "/labels", name="Deleted in Asana", color=None, idBoard=board)["id"]
        user.ask("PUT", f"/cards/{card}", idLabels=[labels[""], flag, labels["Print"]])
        assert self.only(replica).fields[Field.LABELS] == {"Print"}
        self.do(replica, EffectKind.UPDATE, card, fields={Field.LABELS: frozenset({"Web"})})
        names = {one["name"] for one in user.ask("GET", f"/cards/{card}")["labels"]}
        assert names == {"", "Deleted in Asana", "Web"}
        self.do(replica, EffectKind.FLAG, card, text="")
        assert {one["name"] for one in user.ask("GET", f"/cards/{card}")["labels"]} == {"", "Web"}

    def test_a_twin_label_on_the_card_stays_and_a_new_one_is_the_oldest(
        self, replica: TrelloReplica, user: TrelloUser, card: str, board: str, labels: dict[str, str]
    ) -> None:
        twin = user.ask("POST", "/labels", name="Print", color="green", idBoard=board)["id"]
        user.ask("PUT", f"/cards/{card}", idLabels=[twin])
        replica.read()
        wanted = {Field.LABELS: frozenset({"Print", "Web"})}
        self.do(replica, EffectKind.UPDATE, card, fields=wanted)
        assert twin in user.ask("GET", f"/cards/{card}")["idLabels"]
        made = self.do(replica, EffectKind.CREATE, fields={Field.TITLE: "New", **wanted})
        assert labels["Print"] in user.ask("GET", f"/cards/{made.remote_id}")["idLabels"]

    @pytest.mark.parametrize("path", ["^/1/labels$", "^/1/lists$"])
    def test_a_label_or_list_whose_making_is_unknown_is_looked_for_before_the_next_try(
        self, replica: TrelloReplica, sandbox: RunningSandbox, user: TrelloUser, card: str, board: str, path: str
    ) -> None:
        self.fail(sandbox, "POST", path, at="after", action="reset")
        wanted = {Field.LABELS: frozenset({"Web"}), Field.STAGE: "Review"}
        assert self.do(replica, EffectKind.UPDATE, card, fields=wanted).result is Result.IN_DOUBT
        assert self.do(replica, EffectKind.UPDATE, card, fields=wanted).fields == wanted
        made = [*user.ask("GET", f"/boards/{board}/labels"), *user.ask("GET", f"/boards/{board}/lists")]
        assert sorted(one["name"] for one in made).count("Web") == 1
        assert sorted(one["name"] for one in made).count("Review") == 1

    # Lost answers to what may be repeated

    def test_a_lost_answer_to_an_absolute_write_is_repeated(
        self, replica: TrelloReplica, sandbox: RunningSandbox, card: str
    ) -> None:
        self.fail(sandbox, "PUT", "/1/cards", at="after", action="reset")
        assert self.do(replica, EffectKind.UPDATE, card, fields={Field.DONE: True}).result is Result.CONFIRMED
        self.fail(sandbox, "PUT", "/1/cards", at="after", status=500, times=50)
        assert self.do(replica, EffectKind.UPDATE, card, fields={Field.DONE: False}).result is Result.IN_DOUBT
        sandbox.world.faults.clear()
        self.fail(sandbox, "DELETE", "/1/cards", at="after", action="reset")
        assert self.do(replica, EffectKind.DELETE, card).result is Result.CONFIRMED
        assert replica.read().items == ()

    def test_a_day_that_the_zone_skipped_is_refused_in_words(
        self, site: Site, clock: MovedClock, card: str, sandbox: RunningSandbox, board: str
    ) -> None:
        replica = open_board(site, clock, board, zone=ZoneInfo("Pacific/Apia"))
        before = self.writes(sandbox)
        outcome = self.do(replica, EffectKind.UPDATE, card, fields={Field.DUE: date(2011, 12, 30)})
        assert (outcome.result, self.writes(sandbox)) == (Result.REFUSED, before)
        assert "there is no 2011-12-30 in Pacific/Apia" in outcome.reason

    def test_cards_that_somebody_else_made_are_not_ours(
        self, sandbox: RunningSandbox, clock: MovedClock, tmp_path: Path
    ) -> None:
        replica = self.big(sandbox, clock, tmp_path, [{"name": "Theirs", "list": "To do"}], False)
        self.do(replica, EffectKind.CREATE, fields={Field.TITLE: "Ours"})
        items = replica.read().items
        ours = replica.ours(items)
        assert [item.fields[Field.TITLE] for item in items if item.remote_id in ours] == ["Ours"]
        assert replica.ours([]) == frozenset()

    # Quotas

    def test_many_writes_never_meet_the_rate_limit(self, sandbox: RunningSandbox, site: Site) -> None:
        sandbox.world.trello.limits(1.0)
        clock = WorldClock(sandbox)
        replica = open_board(site, clock, site.places["board"])
        replica.read()
        for number in range(150):
            self.do(replica, EffectKind.CREATE, fields={Field.TITLE: f"Card {number}"})
        entries = sandbox.world.journal.entries()
        assert {entry["status"] for entry in entries} == {200}
        assert len(entries) == 151
        assert clock.slept

    # Many cards

    @pytest.mark.parametrize("same_second", [False, True])
    def test_every_card_of_a_big_board_is_read_once(
        self, sandbox: RunningSandbox, clock: MovedClock, tmp_path: Path, same_second: bool
    ) -> None:
        cards = [{"name": f"Card {number}", "list": "To do", "closed": number % 3 == 0} for number in range(2345)]
        replica = self.big(sandbox, clock, tmp_path, cards, same_second)
        reading = replica.read()
        assert {item.fields[Field.TITLE] for item in reading.items} == {card["name"] for card in cards}
        assert len(reading.items) == len(cards)
        assert replica.traffic().requests <= 5

    def test_a_second_with_more_cards_than_a_page_is_read_whole_or_not_at_all(
        self, sandbox: RunningSandbox, clock: MovedClock, tmp_path: Path
    ) -> None:
        cards = [{"name": f"Card {number}", "list": "To do"} for number in range(1500)]
        replica = self.big(sandbox, clock, tmp_path, cards, False, crowd=1_000_000)
        assert len(replica.read().items) == len(cards)
        sandbox.world.trello.quirks.same_second = True
        with pytest.raises(Malformed, match="one second"):
            replica.read()

    def test_a_page_that_fails_leaves_no_reading(
        self, sandbox: RunningSandbox, clock: MovedClock, tmp_path: Path
    ) -> None:
        cards = [{"name": f"Card {number}", "list": "To do"} for number in range(1500)]
        replica = self.big(sandbox, clock, tmp_path, cards, False)
        self.fail(sandbox, "GET", "before=", action="garbage")
        with pytest.raises(Malformed):
            replica.read()

    def big(
        self,
        sandbox: RunningSandbox,
        clock: MovedClock,
        folder: Path,
        cards: list[dict[str, Any]],
        same_second: bool,
        crowd: int = 300,
    ) -> TrelloReplica:
        board = {"name": "Big", "members": ["adafields"], "lists": LISTS, "labels": [], "cards": cards}
        file = folder / "big.json"
        file.write_text(json.dumps({"people": PEOPLE, "trello": {"boards": [board]}}), encoding="utf-8")
        sandbox.world.reset(str(file))
        sandbox.world.trello.load(json.loads(_crowded(json.dumps(sandbox.world.trello.dump()), crowd)))
        sandbox.world.trello.quirks.same_second = same_second
        places = json.loads(_crowded(json.dumps(sandbox.places), crowd))
        site = Site(sandbox.trello_url, "", "", "", places, sandbox.env)
        return self.open(site, clock)
