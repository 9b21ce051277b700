"""The spreadsheets of the sandbox's Drive: who may see them, and when each last changed."""

from collections.abc import Callable
from datetime import UTC, datetime
from random import Random

from adapters.sandbox.google.book import Book, Sheet
from adapters.sandbox.google.editing import Edit
from adapters.sandbox.google.errors import forbidden, not_found

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
WRITERS = frozenset({"owner", "organizer", "fileOrganizer", "writer"})
Now = Callable[[], datetime]


def stamp(moment: datetime) -> str:
    """RFC 3339 with milliseconds, as Drive writes times."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"


class Files:
    """All books by id."""

    def __init__(self, now: Now, rng: Random) -> None:
        self.now = now
        self.rng = rng
        self.books: dict[str, Book] = {}

    def new_book(self, title: str, owner: str) -> Book:
        """A book without tabs, kept, owned by one person."""
        while (number := "1" + "".join(self.rng.choices(_ALPHABET, k=43))) in self.books:
            pass
        created = stamp(self.now())
        book = Book(number, title, owner, created, created, last_user=owner)
        book.permissions.append(self.permission("user", "owner", owner))
        self.books[number] = book
        return book

    def create(self, title: str, owner: str) -> Book:
        """A book as Drive creates it: one tab of 1000 x 26."""
        book = self.new_book(title, owner)
        book.sheets.append(Sheet(0, "Sheet1"))
        return book

    def permission(self, kind: str, role: str, address: str) -> dict[str, str]:
        """A permission entry with an id of its own."""
        number = str(self.rng.randrange(10**19, 10**20))
        entry = {"id": "anyoneWithLink" if kind == "anyone" else number, "type": kind, "role": role}
        return entry | ({"emailAddress": address} if address else {})

    def role(self, book: Book, who: str) -> str:
        """The caller's role, empty when the book is not shared with them."""
        for entry in book.permissions:
            if entry["type"] == "anyone" or entry.get("emailAddress", "").casefold() == who.casefold():
                return str(entry["role"])
        return ""

    def readable(self, number: str, who: str) -> Book:
        """The book for reading; raises 404 or 403 as Sheets does."""
        book = self.books.get(number)
        if book is None:
            raise not_found()
        if not self.role(book, who):
            raise forbidden()
        return book

    def edit(self, number: str, who: str) -> Edit:
        """A change in the making on a copy of the book; nothing of it shows before `commit`."""
        book = self.readable(number, who)
        if self.role(book, who) not in WRITERS:
            raise forbidden()
        return Edit(book.copy(), who, self.rng)

    def commit(self, edit: Edit) -> None:
        """Makes the changed copy the book."""
        self.touch(edit.book, edit.who)
        self.books[edit.book.id] = edit.book

    def touch(self, book: Book, who: str) -> None:
        """Counts a change: a new version, and when and by whom."""
        book.version += 1
        book.modified = stamp(self.now())
        book.last_user = who
