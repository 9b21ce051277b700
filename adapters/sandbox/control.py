"""The calls under /_sandbox: they steer the sandbox and are no part of any service's API."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from adapters.sandbox import faults
from adapters.sandbox.document import BadDocument, Kinds, at_least, one_of, read
from adapters.sandbox.seeds import SeedFault
from adapters.sandbox.wire import Call, Reply
from adapters.sandbox.world import World

PREFIX = "/_sandbox/"
_NUMBER = (int, float)
_ROUTES: dict[tuple[str, str], tuple[str, Kinds]] = {
    ("POST", "reset"): ("_reset", {"seed": (str,)}),
    ("GET", "requests"): ("_requests", {}),
    ("DELETE", "requests"): ("_forget_requests", {}),
    ("POST", "faults"): ("_add_fault", faults.KINDS),
    ("DELETE", "faults"): ("_clear_faults", {}),
    ("GET", "clock"): ("_clock", {}),
    ("POST", "clock"): ("_move_clock", {"now": (str,), "advance": _NUMBER}),
    ("POST", "limits"): ("_limits", {"service": (str,), "scale": _NUMBER, "off": (bool,)}),
    ("POST", "lag"): ("_lag", {"service": (str,), "reads": _NUMBER}),
    ("POST", "revoke"): ("_revoke", {"service": (str,)}),
    ("POST", "restore"): ("_restore", {"service": (str,)}),
}


def handle(world: World, call: Call, release: Callable[[], None]) -> Reply:
    """Answers one control call: 200 {"ok": true, ...}, or 400 with the key that is wrong."""
    route = _ROUTES.get((call.method, call.path.removeprefix(PREFIX).strip("/")))
    if route is None:
        return _refusal(404, "", f"There is no {call.method} {call.path}.")
    name, kinds = route
    try:
        document = read(call.body, kinds)
        with world.lock:
            answer: dict[str, Any] = getattr(_Control(world, release), name)(document)
    except BadDocument as error:
        return _refusal(400, error.key, str(error))
    return Reply.json(200, {"ok": True, **answer})


def _refusal(status: int, key: str, message: str) -> Reply:
    return Reply.json(status, {"ok": False, "key": key, "error": message})


class _Control:
    def __init__(self, world: World, release: Callable[[], None]) -> None:
        self._world = world
        self._release = release

    def _reset(self, document: dict[str, Any]) -> dict[str, Any]:
        try:
            self._world.reset(_needed("seed", document))
        except SeedFault as error:
            raise BadDocument("seed", str(error)) from error
        self._release()
        return {"places": self._world.places}

    def _requests(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"requests": self._world.journal.entries()}

    def _forget_requests(self, _: dict[str, Any]) -> dict[str, Any]:
        self._world.journal.clear()
        return {}

    def _add_fault(self, document: dict[str, Any]) -> dict[str, Any]:
        self._world.faults.add(faults.from_document(document))
        return {"faults": len(self._world.faults)}

    def _clear_faults(self, _: dict[str, Any]) -> dict[str, Any]:
        self._world.faults.clear()
        self._release()
        return {}

    def _clock(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"now": self._world.clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")}

    def _move_clock(self, document: dict[str, Any]) -> dict[str, Any]:
        if len(document) != 1:
            raise BadDocument("", 'give either {"now": ISO} or {"advance": seconds}')
        if "now" in document:
            self._world.clock.set(_moment(document["now"]))
        else:
            self._advance(document["advance"])
        self._world.dirty = True
        return self._clock({})

    def _advance(self, seconds: float) -> None:
        try:
            self._world.clock.advance(seconds)
            self._world.clock.now()
        except (OverflowError, ValueError) as error:
            raise BadDocument("advance", "leads out of the calendar") from error

    def _limits(self, document: dict[str, Any]) -> dict[str, Any]:
        scale = None if document.get("off") else document.get("scale", 1.0)
        if scale is not None and not scale > 0:
            raise BadDocument("scale", "must be above 0")
        for name in self._named(document):
            self._world.services[name[0]].limits(scale)
        return {"scale": scale}

    def _lag(self, document: dict[str, Any]) -> dict[str, Any]:
        reads = _needed("reads", document)
        at_least("reads", reads, 0)
        for names in self._named(document):
            self._world.lag(names, reads)
        return {"reads": reads}

    def _revoke(self, document: dict[str, Any]) -> dict[str, Any]:
        for names in self._named(document):
            self._world.services[names[0]].revoke()
        return {}

    def _restore(self, document: dict[str, Any]) -> dict[str, Any]:
        for names in self._named(document):
            self._world.services[names[0]].restore()
        return {}

    def _named(self, document: dict[str, Any]) -> list[tuple[str, str]]:
        if "service" not in document:
            return [(name, name) for name in self._world.services]
        name = one_of("service", document["service"], faults.SERVICES)
        return [("google" if name in ("sheets", "drive") else name, name)]


def _needed(key: str, document: dict[str, Any]) -> Any:
    if key not in document:
        raise BadDocument(key, "is missing")
    return document[key]


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadDocument("now", "must be an ISO 8601 time such as 2026-11-11T00:00:00Z") from error
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
