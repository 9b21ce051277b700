"""Google's refusals, in Google's words: Sheets answers with a status name, Drive with a list of reasons."""

from collections.abc import Mapping
from typing import Any

from adapters.sandbox.wire import Reply

JSON_TYPE = ("content-type", "application/json; charset=UTF-8")
STATUS_NAMES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
}
PROTECTED = (
    "You are trying to edit a protected cell or object. "
    "Please contact the spreadsheet owner to remove protection if you need to edit."
)


class ApiError(Exception):
    """A refusal with its HTTP status and its whole JSON document."""

    def __init__(self, status: int, document: Mapping[str, Any], headers: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(str(document))
        self.status = status
        self.document = document
        self.headers = headers

    def reply(self) -> Reply:
        """The refusal as it goes over the wire."""
        return Reply.json(self.status, self.document, self.headers)


class Invalid(ApiError):
    """A 400 whose message a batch prefixes with the place of the faulty entry."""

    def __init__(self, message: str, violations: tuple[tuple[str, str], ...] = ()) -> None:
        error: dict[str, Any] = {"code": 400, "message": message, "status": "INVALID_ARGUMENT"}
        if violations:
            error["details"] = [bad_request(violations)]
        super().__init__(400, {"error": error})
        self.message = message

    def within(self, place: str) -> "Invalid":
        """The same refusal as part of a batch, such as `requests[0].addSheet`."""
        return Invalid(f"Invalid {place}: {self.message}")


def bad_request(violations: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    """The detail that names faulty fields; a violation is (field, description), the field may be empty."""
    entries = [{"field": field, "description": text} if field else {"description": text} for field, text in violations]
    return {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": entries}


def sheets_error(status: int, message: str) -> ApiError:
    """A refusal of the Sheets API without details."""
    return ApiError(status, {"error": {"code": status, "message": message, "status": STATUS_NAMES[status]}})


def not_found() -> ApiError:
    """An unknown spreadsheet."""
    return sheets_error(404, "Requested entity was not found.")


def forbidden() -> ApiError:
    """A spreadsheet that is not shared with the caller."""
    return sheets_error(403, "The caller does not have permission")


def bad_field(path: str) -> Invalid:
    """A field mask that names nothing."""
    text = f"Error expanding 'fields' parameter. Cannot find matching fields for path '{path}'."
    return Invalid("Request contains an invalid argument.", ((path, text),))


def unauthenticated() -> ApiError:
    """A missing, wrong or expired bearer token."""
    message = (
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid "
        "authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project."
    )
    challenge = 'Bearer realm="https://accounts.google.com/", error="invalid_token"'
    error = sheets_error(401, message)
    return ApiError(401, error.document, (("www-authenticate", challenge),))


def insufficient_scope() -> ApiError:
    """A token that was issued for less than the method needs."""
    return sheets_error(403, "Request had insufficient authentication scopes.")


def drive_error(status: int, domain: str, reason: str, message: str, location: str = "") -> ApiError:
    """A refusal of the Drive API; `location` names the faulty parameter."""
    entry = {"domain": domain, "reason": reason, "message": message}
    if location:
        entry |= {"locationType": "parameter", "location": location}
    return ApiError(status, {"error": {"errors": [entry], "code": status, "message": message}})


def file_not_found(file_id: str) -> ApiError:
    """A file that does not exist or is not shared with the caller: Drive does not tell which."""
    return drive_error(404, "global", "notFound", f"File not found: {file_id}.", "fileId")


def no_such_page(path: str) -> Reply:
    """Google's front end answers an unknown address or method with an HTML page."""
    page = (
        "<!DOCTYPE html>\n<html lang=en>\n<title>Error 404 (Not Found)!!1</title>\n<p><b>404.</b> "
        f"<ins>That\u2019s an error.</ins>\n<p>The requested URL <code>{escaped(path)}</code> "
        "was not found on this server. <ins>That\u2019s all we know.</ins>\n"
    )
    return Reply(404, page.encode(), (("content-type", "text/html; charset=UTF-8"),))


def escaped(text: str) -> str:
    """Text that is safe inside HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
