"""Injected faults: which request fails, on which side of being applied, and in what way."""

import http.client
import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from adapters.sandbox.document import BadDocument, Kinds, at_least, one_of
from adapters.sandbox.wire import Call, Pairs, Reply

SERVICES = ("trello", "asana", "google", "sheets", "drive")
MOMENTS = ("before", "after", "half")
ACTIONS = ("status", "reset", "hang", "garbage", "delay")
HANG_SECONDS = 3600.0
GARBAGE = b"<!DOCTYPE html><html><body><h1>We'll be right back</h1></body></html>"

KINDS: Kinds = {
    "service": (str,),
    "method": (str,),
    "path": (str,),
    "skip": (int,),
    "times": (int,),
    "at": (str,),
    "action": (str,),
    "status": (int,),
    "headers": (dict,),
    "body": (str, dict, list),
    "delay": (int, float),
}


@dataclass
class Fault:
    """One injected fault. `skip` and `times` count down the matching requests; `delay` is in real seconds."""

    service: str = ""
    method: str = ""
    path: re.Pattern[str] = field(default_factory=lambda: re.compile(""))
    skip: int = 0
    times: int = 1
    at: str = "before"
    action: str = "status"
    delay: float = 0.0
    reply: Reply = field(default_factory=lambda: Reply.text(500, "Internal Server Error"))

    def strikes(self, names: tuple[str, str], call: Call) -> bool:
        """Whether this request is one to fail; counts it when it matches."""
        if not self.times or not self._matches(names, call):
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.times -= 1
        return True

    def _matches(self, names: tuple[str, str], call: Call) -> bool:
        if (self.service and self.service not in names) or (self.method and self.method != call.method):
            return False
        target = f"{call.path}?{call.raw_query}" if call.raw_query else call.path
        return bool(self.path.search(target) or self.path.search(unquote(target)))


class Faults:
    """The faults that still wait for their requests, in the order they were asked for."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Puts a fault after those that wait already."""
        self._waiting.append(fault)

    def clear(self) -> None:
        """Forgets every fault."""
        self._waiting.clear()

    def strike(self, names: tuple[str, str], call: Call) -> Fault | None:
        """The first fault that fails this request, when one does. `names` are the service and the API asked."""
        if not self._waiting:
            return None
        struck = next((fault for fault in self._waiting if fault.strikes(names, call)), None)
        self._waiting = [fault for fault in self._waiting if fault.times]
        return struck

    def __len__(self) -> int:
        return len(self._waiting)


def from_document(document: dict[str, Any]) -> Fault:
    """The fault a checked control document asks for; raises BadDocument for a value that makes no sense."""
    action = one_of("action", document.get("action") or _default_action(document), ACTIONS)
    for key, least in (("skip", 0), ("times", 1), ("delay", 0)):
        at_least(key, document.get(key, least), least)
    return Fault(
        service=one_of("service", document.get("service", ""), ("", *SERVICES)),
        method=document.get("method", "").upper(),
        path=_pattern(document.get("path", "")),
        skip=document.get("skip", 0),
        times=document.get("times", 1),
        at=one_of("at", document.get("at", "before"), MOMENTS),
        action=action,
        delay=float(document.get("delay", HANG_SECONDS if action == "hang" else 0.0)),
        reply=_reply(action, document),
    )


def _default_action(document: dict[str, Any]) -> str:
    only_slow = "delay" in document and not document.keys() & {"status", "headers", "body"}
    return "delay" if only_slow else "status"


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise BadDocument("path", f"is no regular expression ({error})") from error


def _reply(action: str, document: dict[str, Any]) -> Reply:
    status = 200 if action == "garbage" else document.get("status", 500)
    if not 200 <= status <= 599:
        raise BadDocument("status", "must be between 200 and 599")
    body = document.get("body", GARBAGE.decode() if action == "garbage" else http.client.responses.get(status, "Error"))
    content, kind = _content(body, action)
    headers = _headers(document.get("headers", {}))
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers = (("content-type", kind), *headers)
    return Reply(status, content, headers)


def _content(body: object, action: str) -> tuple[bytes, str]:
    if isinstance(body, str):
        kind = "text/html" if action == "garbage" else "text/plain"
        return body.encode(), f"{kind}; charset=utf-8"
    return json.dumps(body).encode(), "application/json; charset=utf-8"


def _headers(headers: dict[str, Any]) -> Pairs:
    for name, value in headers.items():
        if name.lower() in ("content-length", "transfer-encoding"):
            raise BadDocument("headers", f"{name} is set by the sandbox; use at=half to cut a reply short")
        if not isinstance(value, str | int) or not f"{name}{value}".isprintable():
            raise BadDocument("headers", f"{name} must be a printable string or a whole number")
    return tuple((name, str(value)) for name, value in headers.items())
