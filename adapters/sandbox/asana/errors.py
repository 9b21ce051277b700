"""The one way the emulator refuses a request: a status and Asana's words for it."""

from typing import Any

HELP = (
    "For more information on API status codes and how to handle them, read the docs on errors: "
    "https://developers.asana.com/docs/errors"
)
TOO_MANY = "You've made too many requests and hit a rate limit. Please retry after the given amount of time."
SYNC_TOO_OLD = (
    "Sync token invalid or too old. If you are attempting to keep resources in sync, you must fetch the full dataset "
    "for this query now and use the new sync token for the next sync."
)


class RefusedError(Exception):
    """A request Asana refuses; `document` is the whole body of the answer."""

    def __init__(self, status: int, document: dict[str, Any], retry_after: int | None = None) -> None:
        super().__init__(f"{status} {document}")
        self.status = status
        self.document = document
        self.retry_after = retry_after


def refused(status: int, message: str) -> RefusedError:
    """The usual envelope: one message and the pointer to the documentation."""
    return RefusedError(status, {"errors": [{"message": message, "help": HELP}]})


def bad(message: str) -> RefusedError:
    """400 with the given message."""
    return refused(400, message)


def no_route() -> RefusedError:
    """Answered before the token is looked at; there is no 405."""
    return refused(404, "No matching route for request")


def unauthorized() -> RefusedError:
    """401 as recorded from the service, for a missing and for a bogus token alike."""
    return refused(401, "Not Authorized")


def too_many(retry_after: int) -> RefusedError:
    """429; the documented body carries no `help`. `retry_after` is in seconds."""
    return RefusedError(429, {"errors": [{"message": TOO_MANY}]}, retry_after)


def sync_needed(token: str) -> RefusedError:
    """412 of the events feed: the new token stands beside the errors."""
    return RefusedError(412, {"errors": [{"message": SYNC_TOO_OLD}], "sync": token})
