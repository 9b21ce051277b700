"""The part of Drive v3 that has to do with spreadsheets: files and their permissions."""

import re
from collections.abc import Callable
from typing import Any

from adapters.sandbox.google.book import Book
from adapters.sandbox.google.errors import ApiError, Invalid, drive_error, file_not_found
from adapters.sandbox.google.files import WRITERS, Files
from adapters.sandbox.google.masks import Mask, apply, parse_loose
from adapters.sandbox.google.payloads import parameter
from adapters.sandbox.wire import Call, Reply

SPREADSHEET = "application/vnd.google-apps.spreadsheet"
ROLES = frozenset({"owner", "organizer", "fileOrganizer", "writer", "commenter", "reader"})
KINDS = frozenset({"user", "group", "domain", "anyone"})
_TERM = re.compile(
    r"""^\s*(?:
      (?P<name>mimeType|name|modifiedTime)\s*(?P<how>!=|<=|>=|=|<|>|\bcontains\b)\s*(?P<quote>['"])(?P<text>.*?)(?<!\\)(?P=quote)
      | trashed\s*=\s*(?P<trashed>true|false)
      | (?P<folder>['"][^'"]*['"])\s+in\s+parents
    )\s*(?:\band\b|$)""",
    re.VERBOSE,
)
_FIELDS = frozenset(
    (
        *("appProperties", "capabilities", "createdTime", "description", "explicitlyTrashed", "headRevisionId"),
        *("iconLink", "id", "kind", "lastModifyingUser", "md5Checksum", "mimeType", "modifiedByMe", "modifiedTime"),
        *("name", "ownedByMe", "owners", "parents", "permissionIds", "permissions", "properties", "shared", "size"),
        *("spaces", "starred", "trashed", "version", "viewedByMe", "webViewLink", "writersCanShare"),
    )
)
_SHORT_FILE = "kind,id,name,mimeType"
_SHORT_PERMISSION = "kind,id,type,role"
_PERMISSION_FIELDS = frozenset(
    {"kind", "id", "type", "role", "emailAddress", "displayName", "domain", "deleted", "pendingOwner"}
)


class Drive:
    """Answers Drive calls; `service_accounts_create` lets accounts without storage create files all the same."""

    def __init__(self, files: Files, account: str) -> None:
        self.files = files
        self.account = account
        self.service_accounts_create = False

    def visible(self, number: str, who: str) -> Book:
        """The book; Drive answers 404 also for files that are not shared."""
        book = self.files.books.get(number)
        if book is None or not self.files.role(book, who):
            raise file_not_found(number)
        return book

    def writable(self, number: str, who: str, roles: frozenset[str] = WRITERS) -> Book:
        """The book for a change; raises 403 when the caller's role is too small."""
        book = self.visible(number, who)
        if self.files.role(book, who) not in roles:
            message = "The user does not have sufficient permissions for this file."
            raise drive_error(403, "global", "insufficientFilePermissions", message)
        return book

    def get(self, number: str, who: str, call: Call) -> Reply:
        """files.get"""
        book = self.visible(number, who)
        return Reply.json(200, masked(self.shown(book, who), parameter(call, "fields", _SHORT_FILE), _FIELDS))

    def shown(self, book: Book, who: str) -> dict[str, Any]:
        """The file resource."""
        return {
            "kind": "drive#file",
            "id": book.id,
            "name": book.title,
            "mimeType": SPREADSHEET,
            "trashed": False,
            "version": str(book.version),
            "createdTime": book.created,
            "modifiedTime": book.modified,
            "lastModifyingUser": _user(book.last_user, who),
            "owners": [_user(book.owner, who)],
            "ownedByMe": book.owner == who,
            "shared": len(book.permissions) > 1,
            "spaces": ["drive"],
            "webViewLink": f"https://docs.google.com/spreadsheets/d/{book.id}/edit?usp=drivesdk",
            "permissionIds": [entry["id"] for entry in book.permissions],
            "permissions": [_permission(entry) for entry in book.permissions],
        }

    def list(self, who: str, call: Call) -> Reply:
        """files.list: newest first, the terms of `q` joined by `and`."""
        terms = _terms(parameter(call, "q"))
        seen = [book for book in self.files.books.values() if self.files.role(book, who)]
        files = (
            [file for book in seen if all(term(file := self.shown(book, who)) for term in terms)]
            if terms
            else [self.shown(book, who) for book in seen]
        )
        files.sort(key=lambda file: str(file["modifiedTime"]), reverse=True)
        start, size = _page(call)
        answer: dict[str, Any] = {"kind": "drive#fileList", "incompleteSearch": False}
        if start + size < len(files):
            answer["nextPageToken"] = f"~!!~{start + size}"
        answer["files"] = files[start : start + size]
        fields = parameter(call, "fields", f"kind,incompleteSearch,nextPageToken,files({_SHORT_FILE})")
        return Reply.json(200, masked(answer, fields, frozenset(answer) | {"nextPageToken"}))

    def create(self, who: str, call: Call) -> Reply:
        """files.create: spreadsheets only; an account without storage is refused."""
        body = _body(call)
        if body.get("mimeType") != SPREADSHEET:
            raise drive_error(400, "global", "badRequest", "The sandbox keeps spreadsheets only.")
        self.check_storage(who)
        book = self.files.create(str(body.get("name") or "Untitled"), who)
        return self._short(book, who, call)

    def check_storage(self, who: str) -> None:
        """Raises for service accounts, whose Drive has no room."""
        if who == self.account and not self.service_accounts_create:
            message = "The user's Drive storage quota has been exceeded."
            raise drive_error(403, "usageLimits", "storageQuotaExceeded", message)

    def copy(self, number: str, who: str, call: Call) -> Reply:
        """files.copy"""
        source = self.visible(number, who)
        self.check_storage(who)
        name = _body(call).get("name") or f"Copy of {source.title}"
        book = self.files.new_book(str(name), who)
        copied = source.copy()
        book.sheets, book.named, book.metadata = copied.sheets, copied.named, []
        book.locale, book.time_zone = copied.locale, copied.time_zone
        return self._short(book, who, call)

    def update(self, number: str, who: str, call: Call) -> Reply:
        """files.update: renames."""
        book = self.writable(number, who)
        if name := _body(call).get("name"):
            book.title = str(name)
            self.files.touch(book, who)
        return self._short(book, who, call)

    def _short(self, book: Book, who: str, call: Call) -> Reply:
        return Reply.json(200, masked(self.shown(book, who), parameter(call, "fields", _SHORT_FILE), _FIELDS))

    def delete(self, number: str, who: str) -> Reply:
        """files.delete: the owner only."""
        self.writable(number, who, frozenset({"owner"}))
        del self.files.books[number]
        return Reply(204)

    def permissions(self, number: str, who: str, call: Call) -> Reply:
        """permissions.list"""
        book = self.visible(number, who)
        answer = {"kind": "drive#permissionList", "permissions": [_permission(entry) for entry in book.permissions]}
        fields = parameter(call, "fields", f"kind,nextPageToken,permissions({_SHORT_PERMISSION})")
        return Reply.json(200, masked(answer, fields, frozenset({*answer, "nextPageToken"})))

    def share(self, number: str, who: str, call: Call) -> Reply:
        """permissions.create: sharing twice with one address replaces the role."""
        book, body = self.writable(number, who), _body(call)
        kind, role, address = (str(body.get(name, "")) for name in ("type", "role", "emailAddress"))
        if role not in ROLES or kind not in KINDS:
            raise drive_error(
                400, "global", "badRequest", "The permission type and role fields are required.", "permission"
            )
        if kind in ("user", "group") and not address:
            message = "The specified emailAddress is invalid or not applicable for the given permission type."
            raise drive_error(400, "global", "invalid", message, "permission.emailAddress")
        entry = self.files.permission(kind, role, address)
        known = {old.get("emailAddress", old["id"]): old for old in book.permissions}
        old = known.get(address or entry["id"])
        if old is None:
            book.permissions.append(entry)
        else:
            entry["id"] = old["id"]
            old.update(entry)
        return Reply.json(
            200, masked(_permission(entry), parameter(call, "fields", _SHORT_PERMISSION), _PERMISSION_FIELDS)
        )

    def unshare(self, number: str, permission: str, who: str) -> Reply:
        """permissions.delete"""
        book = self.writable(number, who)
        found = [entry for entry in book.permissions if entry["id"] == permission]
        if not found:
            message = f"Permission not found: {permission}."
            raise drive_error(404, "global", "notFound", message, "permissionId")
        book.permissions.remove(found[0])
        return Reply(204)


def _user(address: str, who: str) -> dict[str, Any]:
    return {
        "kind": "drive#user",
        "displayName": address.partition("@")[0],
        "me": address == who,
        "emailAddress": address,
    }


def _permission(entry: dict[str, Any]) -> dict[str, Any]:
    shown = {"kind": "drive#permission", **entry}
    return shown | ({"displayName": entry["emailAddress"].partition("@")[0]} if "emailAddress" in entry else {})


def masked(document: dict[str, Any], fields: str, known: frozenset[str]) -> Any:
    """The selected part of a Drive answer; raises for a selection that names nothing."""
    try:
        mask: Mask = parse_loose(fields)
    except Invalid:
        raise _bad_selection(fields) from None
    for name in mask:
        if name != "*" and name not in known:
            raise _bad_selection(name)
    return apply(document, mask)


def _bad_selection(name: str) -> ApiError:
    return drive_error(400, "global", "invalidParameter", f"Invalid field selection {name}", "fields")


def _body(call: Call) -> dict[str, Any]:
    if not call.body.strip():
        return {}
    try:
        body = call.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise drive_error(400, "global", "parseError", "Parse Error")
    return body


def _page(call: Call) -> tuple[int, int]:
    token, size = parameter(call, "pageToken"), parameter(call, "pageSize", "100")
    start = token.removeprefix("~!!~") or "0"
    if not start.isdigit():
        raise drive_error(400, "global", "invalid", "Invalid Value", "pageToken")
    if not size.isdigit() or not 1 <= int(size) <= 1000:
        raise drive_error(400, "global", "invalidParameter", "Invalid value for page size.", "pageSize")
    return int(start), int(size)


Term = Callable[[dict[str, Any]], bool]


def _terms(query: str) -> list[Term]:
    terms: list[Term] = []
    while query.strip():
        match = _TERM.match(query)
        if not match:
            raise drive_error(400, "global", "invalid", "Invalid Value", "q")
        terms.append(_term(match))
        query = query[match.end() :]
    return terms


def _term(match: re.Match[str]) -> Term:
    if match["trashed"] or match["folder"]:
        kept = match["trashed"] == "false" or (match["folder"] or "")[1:-1] == "root"
        return lambda _file: kept
    name, how, text = match["name"], match["how"], re.sub(r"\\(.)", r"\1", match["text"])
    comparisons: dict[str, Callable[[str], bool]] = {
        "=": lambda value: value == text,
        "!=": lambda value: value != text,
        "contains": lambda value: value.casefold().startswith(text.casefold()),
        "<": lambda value: value < text,
        "<=": lambda value: value <= text,
        ">": lambda value: value > text,
        ">=": lambda value: value >= text,
    }
    compare = comparisons[how]
    return lambda file: compare(str(file[name]))
