"""An answer as the bytes on the wire: envelope, status, `Location`, and the headers Asana sends."""

import json
from typing import Any

from adapters.sandbox.asana.answers import Answer, Created, Done, Feed, Many, One, Ready
from adapters.sandbox.asana.ask import Ask
from adapters.sandbox.asana.errors import RefusedError
from adapters.sandbox.asana.fields import Tree, field_tree, written
from adapters.sandbox.asana.paging import paged
from adapters.sandbox.asana.visit import Visit
from adapters.sandbox.wire import Pairs, Reply

HEADERS: Pairs = (("content-type", "application/json; charset=UTF-8"), ("x-asana-api-version", "1.1"))
PLURALS = {"story": "stories"}


def refusal(error: RefusedError) -> Reply:
    """The reply for a refused request."""
    wait: Pairs = () if error.retry_after is None else (("retry-after", str(error.retry_after)),)
    return _reply(error.status, error.document, wait)


def reply(visit: Visit, ask: Ask, answer: Answer) -> Reply:
    """The reply for an answered request."""
    tree = None if ask.fields in (None, [""]) else field_tree(ask.fields or [])
    headers: Pairs = ()
    if isinstance(answer, Created):
        kind = answer.ref.kind
        headers = (("location", f"{ask.base}/{PLURALS.get(kind, kind + 's')}/{answer.ref.gid}"),)
    document = _document(visit, ask, answer, tree)
    return _reply(201 if isinstance(answer, Created) else 200, document, headers, pretty=ask.pretty)


def _document(visit: Visit, ask: Ask, answer: Answer, tree: Tree | None) -> dict[str, Any]:
    match answer:
        case One(ref) | Created(ref):
            return {"data": written(visit, ref, tree, full=True)}
        case Many():
            page = paged(visit, ask, answer)
            return {"data": [written(visit, row.value, tree, full=False) for row in page.rows], **page.extra}
        case Feed(rows, beside):
            return {"data": [written(visit, row, tree, full=False) for row in rows], **beside}
        case Ready(documents):
            return {"data": documents}
        case Done():
            return {"data": {}}


def _reply(status: int, document: dict[str, Any], headers: Pairs = (), *, pretty: bool = False) -> Reply:
    body = json.dumps(document, ensure_ascii=False, indent=2 if pretty else None)
    return Reply(status, body.encode(), (*HEADERS, *headers))
