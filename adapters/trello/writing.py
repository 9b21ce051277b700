"""How a change reaches Trello: look first, make what is missing, then one request, and sort how it ended."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError

from adapters.http import Doubtful, Rejected
from adapters.trello.client import TrelloClient, no_access, no_such_object
from mappings.trello import Lens
from mappings.trello_shapes import Board, Card, Column, Label
from syncer.core.errors import Malformed
from syncer.core.model import Field, Unreadable, Value
from syncer.core.people import People
from syncer.ports import Effect, EffectKind, Outcome, Result

T = TypeVar("T")


def shaped(shape: type[T] | Any, payload: object) -> T:
    """The payload as a shape. Raises Malformed if it is not of it."""
    try:
        checked: T = TypeAdapter(shape).validate_python(payload)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Malformed(f"Trello: The answer's {where or 'form'} is wrong: {first['msg']}.", "Try again.") from None
    return checked


class _Ended(Exception):
    """The effect ended before its request was sent."""

    def __init__(self, result: Result, reason: str) -> None:
        super().__init__(reason)
        self.result = result


class CardWriter:
    """Carries out effects on the cards of one board as it was last read."""

    def __init__(self, client: TrelloClient, board: Board, people: People, zone: ZoneInfo) -> None:
        self._client = client
        self._lens = Lens(board, people, zone)

    @property
    def lens(self) -> Lens:
        """How the board is understood at present."""
        return self._lens

    def carry_out(self, effect: Effect) -> Outcome:
        """Carry out one effect. Raises a PlaceError only if the card was certainly not changed."""
        try:
            return self._kinds[effect.kind](self, effect)
        except _Ended as ended:
            return Outcome(effect.intent, ended.result, effect.remote_id, reason=str(ended))
        except Doubtful as doubt:
            return Outcome(effect.intent, Result.IN_DOUBT, effect.remote_id, reason=str(doubt))
        except Rejected as refusal:
            gone = no_such_object(refusal) and effect.remote_id is not None
            result = Result.GONE if gone else Result.REFUSED
            return Outcome(effect.intent, result, effect.remote_id, reason=f"Trello said: {refusal.message}")

    def _create(self, effect: Effect) -> Outcome:
        self._make_missing(effect.fields)
        body = {"idList": self._first_list(), "pos": "bottom", **self._body(effect.fields, None)}
        return self._written(effect, lambda: self._client.create_card(body))

    def _update(self, effect: Effect) -> Outcome:
        return self._put(effect, lambda _: {})

    def _archive(self, effect: Effect) -> Outcome:
        return self._put(effect, lambda _: {"closed": True})

    def _restore(self, effect: Effect) -> Outcome:
        return self._put(effect, lambda card: {"closed": False, **self._lens.way_out(card)})

    def _put(self, effect: Effect, besides: Callable[[Card], Mapping[str, Any]]) -> Outcome:
        card = self._unmoved(effect)
        self._make_missing(effect.fields)
        body = {**besides(card), **self._body(effect.fields, card)}
        return self._written(effect, lambda: self._client.update_card(card.id, body))

    def _flag(self, effect: Effect) -> Outcome:
        card = self._unmoved(effect)
        if effect.text:
            self._make_labels(self._lens.labels_missing([effect.text]))
        body = {"idLabels": self._lens.flagged(card, effect.text)}
        return self._written(effect, lambda: self._client.update_card(card.id, body))

    def _delete(self, effect: Effect) -> Outcome:
        card = self._unmoved(effect)
        try:
            self._client.delete_card(card.id)
        except Rejected as refusal:
            if not no_such_object(refusal):  # it was there a moment ago: a repeated attempt finds its own work done
                raise
        return Outcome(effect.intent, Result.CONFIRMED, card.id)

    def _identify(self, effect: Effect) -> Outcome:
        raise _Ended(Result.REFUSED, f"Trello gives every card an id of its own; {effect.remote_id} needs none.")

    _kinds: Mapping[EffectKind, Callable[[CardWriter, Effect], Outcome]] = {
        EffectKind.CREATE: _create,
        EffectKind.IDENTIFY: _identify,
        EffectKind.UPDATE: _update,
        EffectKind.ARCHIVE: _archive,
        EffectKind.RESTORE: _restore,
        EffectKind.DELETE: _delete,
        EffectKind.FLAG: _flag,
    }

    def _unmoved(self, effect: Effect) -> Card:
        """The card as it is now, if it still shows what the plan saw."""
        try:
            card: Card = shaped(Card, self._client.card(effect.remote_id or ""))
        except Rejected as refusal:
            if no_access(refusal):
                raise _Ended(Result.MOVED, "The card is on a board that this account cannot see.") from None
            raise
        if card.id_board != self._lens.board.id:
            raise _Ended(Result.MOVED, "The card is on another board.")
        shown = self._lens.fields(card)
        moved = [field for field, value in effect.expected.items() if shown.get(field) != value]
        if moved:
            raise _Ended(Result.MOVED, f"Somebody changed {', '.join(sorted(moved))} meanwhile.")
        return card

    def _body(self, fields: Mapping[Field, Value], card: Card | None) -> dict[str, Any]:
        try:
            return self._lens.body(fields, card)
        except ValueError as error:
            raise _Ended(Result.REFUSED, f"Trello cannot hold this: {error}.") from None

    def _written(self, effect: Effect, send: Callable[[], Any]) -> Outcome:
        """Send the request that changes the card, and tell what the card shows now."""
        answer = send()
        try:
            card: Card = shaped(Card, answer)
            shown = self._lens.fields(card)
        except Malformed as error:
            raise Doubtful(str(error)) from None
        fields = {name: shown[name] for name in effect.fields if name in shown}
        readable = {name: value for name, value in fields.items() if not isinstance(value, Unreadable)}
        return Outcome(effect.intent, Result.CONFIRMED, card.id, readable, card.date_last_activity, card.short_url)

    def _first_list(self) -> str:
        if not self._lens.open_lists:
            self._look_at_lists()
        if not self._lens.open_lists:
            raise _Ended(Result.REFUSED, "The board has no open list; add one.")
        return self._lens.open_lists[0].id

    def _make_missing(self, fields: Mapping[Field, Value]) -> None:
        """Make the list and the labels that writing the fields needs."""
        if self._lens.stage_to_make(fields):
            self._look_at_lists()
        stage = self._lens.stage_to_make(fields)
        if stage:
            self._client.create_list(self._lens.board.id, stage)
            self._look_at_lists()
        self._make_labels(self._lens.labels_to_make(fields))

    def _make_labels(self, names: Iterable[str]) -> None:
        if not names:
            return
        self._look_at_labels()
        missing = self._lens.labels_missing(names)
        for name in missing:
            self._client.create_label(self._lens.board.id, name)
        if missing:
            self._look_at_labels()

    def _look_at_lists(self) -> None:
        self._know(lists=shaped(list[Column], self._client.lists()))

    def _look_at_labels(self) -> None:
        self._know(labels=shaped(list[Label], self._client.labels()))

    def _know(self, **parts: object) -> None:
        lens = self._lens
        self._lens = Lens(lens.board.model_copy(update=parts), lens.people, lens.zone)
