"""Google as the sandbox emulates it: Sheets v4, the part of Drive v3 around spreadsheets, and the token endpoint."""

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from adapters.sandbox.google import seed
from adapters.sandbox.google.a1 import Area
from adapters.sandbox.google.book import Book, Sheet
from adapters.sandbox.google.boxes import Box
from adapters.sandbox.google.drive import Drive
from adapters.sandbox.google.drive_routing import answer_drive
from adapters.sandbox.google.errors import ApiError, drive_error, no_such_page, unauthenticated
from adapters.sandbox.google.files import Files
from adapters.sandbox.google.formulas import Calculation
from adapters.sandbox.google.limits import Quotas
from adapters.sandbox.google.reading import Reading, matrix
from adapters.sandbox.google.routing import Route, route
from adapters.sandbox.google.sheets_api import SheetsApi
from adapters.sandbox.google.tokens import ACCOUNT, TokenOffice
from adapters.sandbox.wire import Call, Reply, SandboxClock


class GoogleService:
    """The service that the sandbox's server talks to. `base_url` gives the sandbox's own address, without a path."""

    name = "google"

    def __init__(self, clock: SandboxClock, rng: Random, base_url: Callable[[], str]) -> None:
        self.clock = clock
        self.rng = rng
        self.base_url = base_url
        self.tokens = TokenOffice(rng)
        self.quotas = Quotas()
        self.files = Files(clock.now, rng)
        self.drive = Drive(self.files, ACCOUNT)

    @property
    def present(self) -> tuple[object, ...]:
        """What a copy of the past shares with the present."""
        return self.rng, self.tokens, self.quotas, self.base_url

    @property
    def accepted_tokens(self) -> set[str]:
        """Tokens that are let in without having been issued; they act as people, not as the service account."""
        return self.tokens.accepted

    def handle(self, call: Call) -> Reply:
        """Answers one request of any of the three APIs."""
        try:
            return self._answer(call)
        except ApiError as error:
            return error.reply()

    def _answer(self, call: Call) -> Reply:
        if call.path == "/token" and call.method == "POST":
            return self.tokens.answer(call)
        if call.path.startswith("/drive/v3/"):
            return self._drive(call)
        found = route(call.method, call.path)
        api = SheetsApi(self.files, self._may_create)
        if found is None or not api.knows(found):
            return no_such_page(call.path)
        who, scopes = self._caller(call)
        self.quotas.take("Read" if found.reads else "Write", who, self.clock.now())
        return Reply.json(200, api.answer(found, call, who, scopes))

    def _caller(self, call: Call) -> tuple[str, frozenset[str]]:
        caller = self.tokens.caller(call)
        if caller is None:
            raise unauthenticated()
        return caller

    def _drive(self, call: Call) -> Reply:
        caller = self.tokens.caller(call)
        if caller is None:
            entry = drive_error(401, "global", "authError", "Invalid Credentials", "Authorization")
            entry.document["error"]["errors"][0]["locationType"] = "header"
            raise entry
        return answer_drive(self.drive, call, *caller)

    def _may_create(self, who: str) -> bool:
        return who != ACCOUNT or self.drive.service_accounts_create

    def is_write(self, call: Call) -> bool:
        """Whether the request means to change a file; asking for a token is none."""
        if call.path == "/token" or call.method == "GET":
            return False
        found = route(call.method, call.path)
        return not isinstance(found, Route) or not found.reads

    def seed(self, data: Mapping[str, Any]) -> dict[str, str]:
        """Fills the empty service; see the seed module for cells and sharing."""
        return seed.fill(self.files, data)

    def reset(self) -> None:
        """Forgets the files and the minute's counts; credentials stay."""
        self.files.books.clear()
        self.quotas.counts.clear()
        self.drive.service_accounts_create = False

    def dump(self) -> dict[str, Any]:
        """The whole state, the service account's key included, so that its document stays valid."""
        books = [book.dump() for book in self.files.books.values()]
        creating = self.drive.service_accounts_create
        return {"books": books, "tokens": self.tokens.dump(), "service_accounts_create": creating}

    def load(self, state: dict[str, Any]) -> None:
        """Takes back what `dump` gave."""
        books = [Book.load(entry) for entry in state["books"]]
        self.files.books = {book.id: book for book in books}
        self.tokens.load(state["tokens"])
        self.drive.service_accounts_create = state["service_accounts_create"]

    def limits(self, scale: float | None) -> None:
        """Multiplies the quotas of Sheets; None switches them off."""
        self.quotas.scale = scale

    def credentials(self) -> dict[str, str]:
        """None: the account's document goes into a file, see `service_account_info`."""
        return {}

    def service_account_info(self, base_url: str) -> dict[str, str]:
        """The service account document; its `token_uri` is below `base_url`."""
        return self.tokens.service_account_info(base_url)

    def revoke(self) -> None:
        """No token works and none is issued until `restore`."""
        self.tokens.revoked = True

    def restore(self) -> None:
        """The credentials work again."""
        self.tokens.revoked = False

    def page_model(self) -> dict[str, Any]:
        """Every tab as the texts that a person sees."""
        spreadsheets = [_book_model(book) for book in self.files.books.values()]
        tables = [
            {"title": f"{book['title']}: {sheet['title']}", "rows": sheet["rows"]}
            for book in spreadsheets
            for sheet in book["sheets"]
        ]
        return {"title": "Google Sheets", "spreadsheets": spreadsheets, "tables": tables}


def _book_model(book: Book) -> dict[str, Any]:
    calculation = Calculation(book)
    sheets = [{"title": sheet.title, "rows": _texts(calculation, sheet)} for sheet in book.sheets]
    return {"id": book.id, "title": book.title, "sheets": sheets}


def _texts(calculation: Calculation, sheet: Sheet) -> list[list[str]]:
    box = Box(0, 0, sheet.rows, sheet.columns)
    return matrix(calculation, Area(sheet, box), Reading())
