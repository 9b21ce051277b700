"""Whatever a client sends, the emulated Trello answers and its state stays JSON-able."""

import json
import random

from adapters.sandbox.trello import auth
from adapters.sandbox.trello.service import TrelloService
from adapters.sandbox.wire import Call, SandboxClock
from tests.sandbox.trello_client import SEED

HEADERS = {
    "authorization": f'OAuth oauth_consumer_key="{auth.KEY}", oauth_token="{auth.token_of("syncer")}"',
    "content-type": "application/json",
}
NAMES = (
    *(
        "name",
        "desc",
        "closed",
        "due",
        "start",
        "dueComplete",
        "dueReminder",
        "idList",
        "idBoard",
        "idCard",
        "idMembers",
    ),
    *("idLabels", "pos", "value", "state", "checked", "color", "limit", "before", "since", "sort", "filter", "fields"),
    *("cards", "lists", "labels", "actions", "checklists", "text", "url", "page", "idChecklist"),
)
VALUES = [
    *(None, True, False, "", 0, -1, 1.5, 1e400, 10**400, "9" * 5000, float("nan")),
    *("x", "top", "all", "open", "null", "2026-01-01", "2026-13-01", "\ud800", "😀" * 9000, [], {}, ["a", 1, None]),
]
ROUTES = [
    *(
        "GET boards/B",
        "GET boards/B/cards",
        "GET boards/B/actions",
        "GET cards/C",
        "GET cards/C/actions",
        "GET lists/L",
    ),
    *("PUT boards/B", "PUT cards/C", "PUT lists/L", "PUT labels/T", "PUT checklists/K", "PUT cards/C/idList"),
    *("POST cards", "POST lists", "POST labels", "POST checklists", "POST checklists/K/checkItems"),
    *("POST cards/C/actions/comments", "POST cards/C/attachments", "POST cards/C/idLabels", "POST cards/C/idMembers"),
]


def test_no_value_breaks_it() -> None:
    rng = random.Random(11)
    service = TrelloService(SandboxClock(), random.Random(12))
    service.reset()
    ids = {"B": service.seed(SEED)["board"]}
    service.limits(None)
    state = service.dump()["store"]
    tables = {"C": "cards", "L": "lists", "T": "labels", "K": "checklists"}
    ids |= {letter: next(iter(state[table])) for letter, table in tables.items()}
    values = [*VALUES, *ids.values()]
    statuses = set()
    for _ in range(3000):
        method, _, path = rng.choice(ROUTES).partition(" ")
        path = "/".join(ids.get(word, word) for word in path.split("/"))
        document = {name: rng.choice(values) for name in rng.sample(NAMES, rng.randint(0, 3))}
        query = tuple((name, str(value)) for name, value in document.items()) if method == "GET" else ()
        body = b"" if method == "GET" else json.dumps(document).encode()
        reply = service.handle(Call(method, f"/1/{path}", query, HEADERS, body))
        statuses.add(reply.status)
    assert statuses <= {200, 400, 401, 403, 404}
    assert 200 in statuses
    json.dumps(service.dump()).encode()
