"""Trello's refusals: mostly a sentence as plain text, sometimes JSON, with the very words of the live service."""

from adapters.sandbox.wire import Reply


class Refusal(Exception):
    """A request that Trello refuses, with the reply it gives."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.status)
        self.reply = reply


def text(status: int, words: str) -> Refusal:
    """A refusal in plain text."""
    return Refusal(Reply.text(status, words))


def document(status: int, message: str, error: str | None = None) -> Refusal:
    """A refusal in JSON."""
    body = {"message": message} if error is None else {"message": message, "error": error}
    return Refusal(Reply.json(status, body))


def invalid_value(name: str) -> Refusal:
    """400 for a parameter that is missing or wrong."""
    return text(400, f"invalid value for {name}")


def invalid_object_id() -> Refusal:
    """400 for a wrong id inside idLabels or idMembers."""
    return document(400, "Invalid objectId", "ERROR")


def not_found() -> Refusal:
    """404 for a well-formed id of nothing."""
    return text(404, "The requested resource was not found.")


def unauthorized(resource: str) -> Refusal:
    """401 for a reader without credentials or without access; cards have words of their own."""
    words = "unauthorized card permission requested" if resource == "cards" else "unauthorized permission requested"
    return text(401, words)


def too_many(what: str) -> Refusal:
    """403 for one more object than a board, list or card may hold; the body of the live service is not documented."""
    return document(403, f"{what} limit exceeded", "LIMIT_EXCEEDED")
