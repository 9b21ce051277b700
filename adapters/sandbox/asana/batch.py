"""POST /batch: one to ten requests in one, each answered on its own; the rate limit counts them all."""

import json
from typing import Any
from urllib.parse import urlencode

from adapters.sandbox.asana.answers import Answer, Ready
from adapters.sandbox.asana.ask import Ask
from adapters.sandbox.asana.errors import RefusedError, bad
from adapters.sandbox.asana.visit import Visit
from adapters.sandbox.wire import Call, Reply

PATH = "/batch"
MOST_ACTIONS = 10
REFUSED_INSIDE = ("/batch", "/attachments", "/organization_exports")
METHODS = ("GET", "POST", "PUT", "DELETE")


def actions_in(call: Call) -> list[dict[str, Any]]:
    """The actions of a batch call as sent; empty when the body has none."""
    try:
        document = call.json()
    except (ValueError, RecursionError):
        return []
    data = document.get("data") if isinstance(document, dict) else None
    actions = data.get("actions") if isinstance(data, dict) else None
    return [each for each in actions if isinstance(each, dict)] if isinstance(actions, list) else []


def run_batch(visit: Visit, ask: Ask) -> Answer:
    """Runs the actions in order and answers 200 even if all of them fail."""
    actions = actions_in(ask.call)
    if not 1 <= len(actions) <= MOST_ACTIONS:
        raise bad(f"actions: Must contain between 1 and {MOST_ACTIONS} actions")
    return Ready([_run(visit, ask, action) for action in actions])


def _run(visit: Visit, ask: Ask, action: dict[str, Any]) -> dict[str, Any]:
    try:
        call = _call(ask, action)
    except RefusedError as error:
        return {"status_code": error.status, "headers": {}, "body": error.document}
    return _result(ask, visit.perform(call))


def _call(ask: Ask, action: dict[str, Any]) -> Call:
    method, path = str(action.get("method", "")).upper(), str(action.get("relative_path", ""))
    data, options = action.get("data") or {}, action.get("options") or {}
    if method not in METHODS or "?" in path or not isinstance(data, dict) or not isinstance(options, dict):
        raise bad("actions: Each action needs a method, a relative_path without query, and objects as data and options")
    if path.startswith(REFUSED_INSIDE):
        raise bad(f"actions: {path} is not supported in a batch")
    if method == "GET":
        query = _query(data, options)
        return Call(method, path, query, ask.call.headers, b"", urlencode(query))
    headers = {**ask.call.headers, "content-type": "application/json"}
    return Call(method, path, (), headers, json.dumps({"data": data, "options": options}).encode())


def _query(data: dict[str, Any], options: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    named = {f"opt_{name}" if name in ("fields", "pretty") else name: value for name, value in options.items()}
    return tuple((name, _text(value)) for name, value in {**data, **named}.items())


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(str(each) for each in value)
    return json.dumps(value) if isinstance(value, bool) else str(value)


def _result(ask: Ask, reply: Reply) -> dict[str, Any]:
    location = dict(reply.headers).get("location")
    headers = {} if location is None else {"location": location.removeprefix(ask.base)}
    return {"status_code": reply.status, "headers": headers, "body": json.loads(reply.body)}
