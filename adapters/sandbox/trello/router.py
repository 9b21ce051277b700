"""Trello's routes: literal words before placeholders, and an ill-formed id is told before anybody asks who asks."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from adapters.sandbox.trello import ids
from adapters.sandbox.trello.ask import Ask

Handler = Callable[[Ask], Any]
Route = tuple[str, str, Handler]
# Old clients say `card/…` for `cards/…`; the live service takes both, and lower-case spellings.
_ALIASES = {
    **{f"{word}": f"{word}s" for word in ("board", "list", "card", "label", "checklist", "action", "member")},
    "customfields": "customFields",
}
_BY_LINK = frozenset({"board", "card"})
_ANY_WORD = frozenset({"member"})
_WORDS: dict[str, frozenset[str]] = {
    "cardFilter": frozenset({"all", "closed", "complete", "incomplete", "none", "open", "visible"}),
    "listFilter": frozenset({"all", "closed", "none", "open"}),
    "memberFilter": frozenset({"all", "admins", "none", "normal", "owners"}),
    "cardField": frozenset(
        [
            "closed",
            "dateLastActivity",
            "desc",
            "due",
            "dueComplete",
            "dueReminder",
            "idBoard",
            "idChecklists",
            "idLabels",
            "idList",
            "idMembers",
            "idShort",
            "labels",
            "name",
            "pos",
            "shortLink",
            "shortUrl",
            "start",
            "subscribed",
            "url",
            "badges",
        ]
    ),
    "boardField": frozenset(
        ["closed", "dateLastActivity", "desc", "name", "shortLink", "shortUrl", "url", "prefs", "labelNames"]
    ),
    "listField": frozenset({"closed", "name", "pos", "idBoard"}),
    "labelField": frozenset({"name", "color"}),
    "checklistField": frozenset({"name", "pos"}),
}


@dataclass(frozen=True)
class Match:
    """A found route; `ill_formed` says that the path names something by what cannot be an id."""

    handler: Handler
    path: dict[str, str]
    resource: str
    ill_formed: bool


class Router:
    """All routes, by verb and number of segments."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes: dict[tuple[str, int], list[tuple[list[str], Handler]]] = {}
        for method, pattern, handler in sorted(routes, key=lambda route: route[1].count("{")):
            segments = pattern.split("/")
            self._routes.setdefault((method, len(segments)), []).append((segments, handler))

    def find(self, method: str, path: str) -> Match | None:
        """The route of a path below /1/, None when there is none."""
        given = [unquote(segment) for segment in path.strip("/").split("/")]
        given[0] = _ALIASES.get(given[0], given[0])
        for segments, handler in self._routes.get((method, len(given)), ()):
            caught = _caught(segments, given)
            if caught is not None:
                ill_formed = not all(_well_formed(name, value) for name, value in caught.items())
                return Match(handler, caught, given[0], ill_formed)
        return None


def _caught(segments: list[str], given: list[str]) -> dict[str, str] | None:
    caught = {}
    for segment, value in zip(segments, given, strict=True):
        name = segment[1:-1] if segment.startswith("{") else ""
        if not name and segment != value:
            return None
        if name:
            if value not in _WORDS.get(name, (value,)):
                return None
            caught[name] = value
    return caught


def _well_formed(name: str, value: str) -> bool:
    if name in _WORDS or name in _ANY_WORD:
        return True
    return ids.is_object_id(value) or (name in _BY_LINK and ids.is_short_link(value))
