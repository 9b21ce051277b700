"""Trello's REST API: addresses, parameters and the meaning of its error answers; payloads go through as they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NoReturn
from urllib.parse import quote

from adapters.http import Http, Rejected
from syncer.core.errors import Malformed, PlaceMissing

Payload = Mapping[str, Any]

PAGE = 1000
"""The most cards or actions one answer holds, by Trello's API introduction."""
CARD_FIELDS = "id,name,desc,closed,idBoard,idList,due,dueComplete,start,idMembers,labels,dateLastActivity,shortUrl"
_BOARD = {
    "fields": "id,name,closed",
    "lists": "all",
    "list_fields": "id,name,closed,pos",
    "cards": "all",
    "card_fields": CARD_FIELDS,
    "labels": "all",
    "label_fields": "id,name,color",
    "labels_limit": "1000",
    "members": "all",
    "member_fields": "id,username,fullName",
}
_NO_ACCESS = "permission requested"


def credential_refused(status: int, message: str) -> bool:
    """Trello answers 401 also for a board that the account cannot see: "unauthorized permission requested"."""
    return status == 401 and _NO_ACCESS not in message


def authorisation(key: str, token: str) -> dict[str, str]:
    """The header that lets an account in; in an address the credentials would leak."""
    return {"Authorization": f'OAuth oauth_consumer_key="{key}", oauth_token="{token}"'}


def no_such_object(refusal: Rejected) -> bool:
    """Whether the object does not exist."""
    return refusal.status == 404


def no_access(refusal: Rejected) -> bool:
    """Whether the object exists where this account cannot see it."""
    return refusal.status in (401, 403)


class TrelloClient:
    """One account's view of one board. Raises what `Http.send` raises, and PlaceMissing for the board itself."""

    def __init__(self, http: Http, board: str) -> None:
        self._http = http
        self._board = quote(board, safe="")

    def board(self) -> Payload:
        """The board with its lists, labels, members and every card, open or closed."""
        board = _row(self._of_board("", _BOARD))
        cards = board.get("cards")
        if not isinstance(cards, list):
            raise Malformed("Trello: The answer is no board with cards.", "Try again.")
        if len(cards) < PAGE:
            return board
        wanted = {"fields": CARD_FIELDS, "sort": "-id"}
        return {**board, "cards": list(self._paged("/cards/all", wanted))}

    def lists(self) -> list[Payload]:
        """Every list of the board."""
        return _rows(self._of_board("/lists", {"filter": "all", "fields": "id,name,closed,pos"}))

    def labels(self) -> list[Payload]:
        """Every label of the board."""
        return _rows(self._of_board("/labels", {"fields": "id,name,color", "limit": "1000"}))

    def creations(self) -> Iterator[Payload]:
        """Every "card created" action of the board, newest first, asked for in pages as it is used up."""
        return self._paged("/actions", {"filter": "createCard", "fields": "data,date,type,idMemberCreator"})

    def me(self) -> str:
        """The id of the account the token belongs to."""
        answer = self._http.send("GET", "/members/me", params={"fields": "id,username"})
        return str(_row(answer)["id"])

    def card(self, card: str) -> Payload:
        """A card, wherever it is."""
        return _row(self._http.send("GET", _card(card), params={"fields": CARD_FIELDS}))

    def create_card(self, body: Payload) -> Any:
        """Make a card and answer with it."""
        return self._http.send("POST", "/cards", json=body)

    def update_card(self, card: str, body: Payload) -> Any:
        """Write some fields of a card, all or none, and answer with the card."""
        return self._http.send("PUT", _card(card), json=body)

    def delete_card(self, card: str) -> None:
        """Delete a card for good."""
        self._http.send("DELETE", _card(card))

    def create_list(self, board_id: str, name: str) -> None:
        """Make a list to the right of the others."""
        self._http.send("POST", "/lists", json={"name": name, "idBoard": board_id, "pos": "bottom"})

    def create_label(self, board_id: str, name: str) -> None:
        """Make a label without a colour."""
        self._http.send("POST", "/labels", json={"name": name, "color": None, "idBoard": board_id})

    def _paged(self, path: str, params: Mapping[str, str]) -> Iterator[Payload]:
        """Every object, newest first, each once, until a page brings nothing new."""
        seen: set[str] = set()
        cursor: dict[str, str] = {}
        exact = False
        while True:
            page = _rows(self._of_board(path, {**params, "limit": str(PAGE), **cursor}))
            fresh = [one for one in page if one["id"] not in seen]
            if not fresh and len(page) >= PAGE:
                fresh, exact = self._within_second(path, params, min(seen)), True
            if not fresh:
                return
            yield from fresh
            seen.update(one["id"] for one in fresh)
            cursor = {"before": min(seen) if exact else _end_of_second(min(seen))}

    def _within_second(self, path: str, params: Mapping[str, str], oldest: str) -> list[Payload]:
        """More of a second that fills a whole page, if Trello looks at more than the second of `before`."""
        page = _rows(self._of_board(path, {**params, "limit": str(PAGE), "before": oldest}))
        if not any(one["id"][:8] == oldest[:8] for one in page):
            raise Malformed(f"Trello: More than {PAGE} objects of one second cannot be told apart.", "Report this.")
        return page

    def _of_board(self, path: str, params: Mapping[str, str]) -> Any:
        try:
            return self._http.send("GET", f"/boards/{self._board}{path}", params=params)
        except Rejected as refusal:
            _place_missing(refusal)


def _place_missing(refusal: Rejected) -> NoReturn:
    if no_access(refusal) or no_such_object(refusal) or refusal.message == "invalid id":
        raise PlaceMissing(
            f"Trello: The board cannot be read: {refusal.message.rstrip('.')}.",
            "Check the board's id, and invite the token's account to the board.",
        ) from None
    raise Malformed(f"Trello: The board's address was refused: {refusal}.", "Report this.") from None


def _end_of_second(id_: str) -> str:
    """A cursor that takes in the whole second of an id again.

    Trello reduces `before` to its second and so leaves out what else was made in it ("Paging With Objects Created In
    Same Second Returns Incorrect Results").
    """
    return f"{int(id_[:8], 16) + 1:08x}{'0' * 16}"


def _card(card: str) -> str:
    return f"/cards/{quote(card, safe='')}"


def _row(answer: Any) -> Payload:
    if isinstance(answer, Mapping) and isinstance(answer.get("id"), str):
        return answer
    raise Malformed("Trello: The answer is no object with an id.", "Try again.")


def _rows(answer: Any) -> list[Payload]:
    if not isinstance(answer, list):
        raise Malformed("Trello: The answer is no list.", "Try again.")
    return [_row(one) for one in answer]
