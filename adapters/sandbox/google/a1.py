"""A1 notation: which cells of which tab a text means, and how Google writes a range back."""

import re
from dataclasses import dataclass

from adapters.sandbox.google.book import Book, Sheet
from adapters.sandbox.google.boxes import Box, bounded
from adapters.sandbox.google.errors import Invalid

_END = r"(\$?[A-Za-z]{1,3})?(\$?[1-9][0-9]*)?"
_RANGE = re.compile(f"^{_END}(?:(:){_END})?$")
_R1C1 = re.compile(r"^R([1-9][0-9]*)C([1-9][0-9]*)(?::R([1-9][0-9]*)C([1-9][0-9]*))?$")
_PLAIN_TITLE = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*$")
_CELL_LIKE = re.compile(r"^([A-Za-z]{1,3}[0-9]+|[Rr][0-9]*[Cc][0-9]*)$")


@dataclass(frozen=True)
class Area:
    """A range text resolved: the tab, the cells inside the grid, and whether the text named one cell only."""

    sheet: Sheet
    box: Box
    single: bool = False
    beyond: bool = False  # it reaches over the grid's edge
    text: str = ""

    @property
    def echo(self) -> str:
        """The range as Google writes it back."""
        return write_range(self.sheet, self.box)


def column_name(index: int) -> str:
    """0 -> A, 25 -> Z, 26 -> AA."""
    name = ""
    index += 1
    while index > 0:
        index, digit = divmod(index - 1, 26)
        name = chr(65 + digit) + name
    return name


def column_index(letters: str) -> int:
    """A -> 0, AA -> 26; a `$` is ignored."""
    index = 0
    for letter in letters.lstrip("$").upper():
        index = index * 26 + ord(letter) - 64
    return index - 1


def cell_name(row: int, column: int) -> str:
    """A cell in A1 notation, from its row and column counted from 0."""
    return f"{column_name(column)}{row + 1}"


def write_title(title: str) -> str:
    """The title as it stands before a `!`: quoted only where it has to be."""
    if _PLAIN_TITLE.match(title) and not _CELL_LIKE.match(title):
        return title
    return "'" + title.replace("'", "''") + "'"


def write_box(box: Box) -> str:
    """A box in A1 notation: `A1:B2`, or `A1` where it is a single cell."""
    first, last = cell_name(box.top, box.left), cell_name(box.bottom - 1, box.right - 1)
    return first if first == last else f"{first}:{last}"


def write_range(sheet: Sheet, box: Box) -> str:
    """`Sheet1!A1:B2`, with a single cell as `Sheet1!A1`."""
    return f"{write_title(sheet.title)}!{write_box(box)}"


def read_range(book: Book, text: str, *, clip: bool = True) -> Area:
    """Resolves a text; raises when it names nothing or starts outside the grid (without `clip`: ends outside)."""
    area = _resolve(book, text)
    if area is None:
        raise Invalid(f"Unable to parse range: {text}")
    grid = area.sheet.whole()
    outside = area.box.top >= grid.bottom or area.box.left >= grid.right
    if outside or (area.beyond and not clip):
        raise exceeds_grid(area.sheet, write_box(area.box))
    box = Box(area.box.top, area.box.left, min(area.box.bottom, grid.bottom), min(area.box.right, grid.right))
    return Area(area.sheet, box, area.single, area.beyond, text)


def exceeds_grid(sheet: Sheet, range_text: str) -> Invalid:
    """A range that leaves the grid; the API never grows the grid for a plain write."""
    place = f"{write_title(sheet.title)}!{range_text}"
    limits = f"Max rows: {sheet.rows}, max columns: {sheet.columns}"
    return Invalid(f"Range ({place}) exceeds grid limits. {limits}")


def _resolve(book: Book, text: str) -> Area | None:
    title, rest, quoted = split_title(text)
    if title is None:
        return _bare(book, text)
    sheet = book.sheet_by_title(title)
    if rest is None and sheet and quoted:
        return Area(sheet, sheet.whole())
    if sheet is None or not rest:
        return None
    return _cells(sheet, rest) or _named(book, rest)


def split_title(text: str) -> tuple[str | None, str | None, bool]:
    """(title, text after the `!`, quoted); the title is None when there is none."""
    if text.startswith("'"):
        match = re.match(r"^'((?:[^']|'')*)'(?:!(.*))?$", text, re.DOTALL)
        return (match[1].replace("''", "'"), match[2], True) if match else (None, None, True)
    title, mark, rest = text.partition("!")
    return (title, rest, False) if mark else (None, None, False)


def _bare(book: Book, text: str) -> Area | None:
    if found := _named(book, text):
        return found
    if found := _cells(book.first_visible(), text):
        return found
    sheet = book.sheet_by_title(text)
    return Area(sheet, sheet.whole()) if sheet else None


def _named(book: Book, name: str) -> Area | None:
    for entry in book.named:
        if entry["name"].casefold() == name.casefold():
            sheet = book.sheet_by_id(entry["range"].get("sheetId", 0))
            return Area(sheet, bounded(entry["range"], sheet.rows, sheet.columns)) if sheet else None
    return None


def _cells(sheet: Sheet, text: str) -> Area | None:
    ends = _ends(text)
    if ends is None:
        return None
    rows, columns = ends
    top, bottom = _span(rows, sheet.rows)
    left, right = _span(columns, sheet.columns)
    box = Box(top, left, bottom, right)
    beyond = bottom > sheet.rows or right > sheet.columns
    return Area(sheet, box, single=":" not in text, beyond=beyond)


Pair = tuple[int | None, int | None]


def _ends(text: str) -> tuple[Pair, Pair] | None:
    if match := _R1C1.match(text):
        first_row, first_column, last_row, last_column = (int(part) - 1 if part else None for part in match.groups())
        if last_row is None:
            last_row, last_column = first_row, first_column
        return (first_row, last_row), (first_column, last_column)
    match = _RANGE.match(text)
    if not match:
        return None
    left, top, colon, right, bottom = match.groups()
    if not colon:
        whole = left and top
        return ((_row(top), _row(top)), (_column(left), _column(left))) if whole else None
    if not (left or top) or not (right or bottom):
        return None
    return (_row(top), _row(bottom)), (_column(left), _column(right))


def _row(text: str | None) -> int | None:
    return int(text.lstrip("$")) - 1 if text else None


def _column(text: str | None) -> int | None:
    return column_index(text) if text else None


def _span(ends: Pair, size: int) -> tuple[int, int]:
    """One axis as half-open bounds; a missing end runs to the edge of the grid."""
    given = sorted(end for end in ends if end is not None)
    if not given:
        return 0, size
    if len(given) == 1:
        return given[0], max(size, given[0] + 1)
    return given[0], given[1] + 1
