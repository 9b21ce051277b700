"""Which method of Drive v3 an address means, and the scopes that it takes."""

from urllib.parse import unquote

from adapters.sandbox.google.drive import Drive
from adapters.sandbox.google.errors import drive_error, no_such_page
from adapters.sandbox.wire import Call, Reply

WRITE_SCOPES = frozenset({"drive", "drive.file"})
READ_SCOPES = WRITE_SCOPES | {"drive.readonly", "drive.metadata", "drive.metadata.readonly"}


def answer_drive(drive: Drive, call: Call, who: str, scopes: frozenset[str]) -> Reply:
    """Answers a Drive call; an unknown address gets the HTML page."""
    if not scopes & (READ_SCOPES if call.method == "GET" else WRITE_SCOPES):
        message = "Request had insufficient authentication scopes."
        raise drive_error(403, "global", "insufficientPermissions", message)
    parts = [unquote(part) for part in call.path.removeprefix("/drive/v3/").split("/")]
    reply = None
    if parts[0] == "files" and len(parts) == 1:
        reply = _collection(drive, call, who)
    elif parts[0] == "files" and len(parts) == 2:
        reply = _file(drive, call, who, parts[1])
    elif parts[0] == "files":
        reply = _below(drive, call, who, parts)
    return reply or no_such_page(call.path)


def _collection(drive: Drive, call: Call, who: str) -> Reply | None:
    if call.method == "GET":
        return drive.list(who, call)
    return drive.create(who, call) if call.method == "POST" else None


def _file(drive: Drive, call: Call, who: str, number: str) -> Reply | None:
    if call.method == "GET":
        return drive.get(number, who, call)
    if call.method == "PATCH":
        return drive.update(number, who, call)
    return drive.delete(number, who) if call.method == "DELETE" else None


def _below(drive: Drive, call: Call, who: str, parts: list[str]) -> Reply | None:
    number, what, rest = parts[1], parts[2], parts[3:]
    shape = (call.method, what, len(rest))
    if shape == ("POST", "copy", 0):
        return drive.copy(number, who, call)
    if shape == ("GET", "permissions", 0):
        return drive.permissions(number, who, call)
    if shape == ("POST", "permissions", 0):
        return drive.share(number, who, call)
    if shape == ("DELETE", "permissions", 1):
        return drive.unshare(number, rest[0], who)
    return None
