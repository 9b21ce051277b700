"""Cell references inside a formula's text: found, moved when the grid changes, shifted when a formula is copied."""

import re
from collections.abc import Callable
from typing import NamedTuple

from adapters.sandbox.google.a1 import column_index, column_name, write_title

_TOKEN = re.compile(
    r"""
    (?P<string>"(?:[^"]|"")*")
    | (?P<sheet>'(?:[^']|'')*'!|[A-Za-z_][\w.]*!)?
      (?P<ref>
        \$?[A-Za-z]{1,3}\$?[1-9]\d*(?::\$?[A-Za-z]{1,3}\$?[1-9]\d*|:\$?[A-Za-z]{1,3}(?![\w(]))?
        | \$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}
        | \$?[1-9]\d*:\$?[1-9]\d*
      )(?![\w(!.])
    | (?P<error>\#REF!|\#N/A|\#NAME\?|\#VALUE!|\#DIV/0!)
    | (?P<number>\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)
    | (?P<name>[^\W\d][\w.]*)
    | (?P<operator><>|<=|>=|[-+*/^&=<>%(),;:{}!])
    | (?P<space>\s+)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_END = re.compile(r"^(\$?)([A-Za-z]*)(\$?)(\d*)$")


class Token(NamedTuple):
    """A piece of a formula; `sheet` is the text before a reference's `!`, quotes taken off."""

    kind: str
    text: str
    sheet: str = ""


class End(NamedTuple):
    """One end of a reference; None where it names no row or no column, `fixed` where a `$` stands."""

    row: int | None
    column: int | None
    row_fixed: bool = False
    column_fixed: bool = False

    def __str__(self) -> str:
        column = "" if self.column is None else ("$" if self.column_fixed else "") + column_name(self.column)
        row = "" if self.row is None else ("$" if self.row_fixed else "") + str(self.row + 1)
        return column + row


Ends = tuple[End, ...]
Change = Callable[[str, Ends], Ends | None]  # (sheet title or "", ends) -> new ends, None when the cells are gone


def tokens(formula: str) -> list[Token]:
    """The pieces of a formula without its leading `=`; white space is left out by the caller's choice."""
    return [_token(match) for match in _TOKEN.finditer(formula)]


def _token(match: re.Match[str]) -> Token:
    kind = match.lastgroup or "other"
    if kind == "ref":
        return Token("ref", match["ref"], _unquoted(match["sheet"] or ""))
    return Token(kind, match[0])


def _unquoted(prefix: str) -> str:
    title = prefix.removesuffix("!")
    return title[1:-1].replace("''", "'") if title.startswith("'") else title


def ends(reference: str) -> Ends:
    """One end for a cell, two for a range."""
    return tuple(_end(part) for part in reference.split(":"))


def _end(part: str) -> End:
    match = _END.match(part)
    if not match:
        return End(None, None)
    first, letters, second, digits = match.groups()
    row_fixed = second if letters else first
    return End(
        int(digits) - 1 if digits else None,
        column_index(letters) if letters else None,
        bool(row_fixed),
        bool(first and letters),
    )


def rewrite(formula: str, change: Change) -> str:
    """The formula with every reference replaced by what `change` makes of it."""
    return "=" + "".join(_rewritten(token, change) for token in tokens(formula[1:]))


def _rewritten(token: Token, change: Change) -> str:
    if token.kind != "ref":
        return token.text
    changed = change(token.sheet, ends(token.text))
    return "#REF!" if changed is None else _prefix(token.sheet) + ":".join(map(str, changed))


def _prefix(sheet: str) -> str:
    return f"{write_title(sheet)}!" if sheet else ""


def retitled(formula: str, old: str, new: str) -> str:
    """The formula after the tab `old` got the title `new`."""
    pieces = (
        _prefix(new) + token.text
        if token.kind == "ref" and token.sheet.casefold() == old.casefold()
        else _prefix(token.sheet) + token.text
        for token in tokens(formula[1:])
    )
    return "=" + "".join(pieces)


def shifted(formula: str, rows: int, columns: int) -> str:
    """The formula as it reads when copied that far; `$` keeps a row or column."""

    def change(_sheet: str, old: Ends) -> Ends | None:
        new = tuple(_shifted(end, rows, columns) for end in old)
        gone = any((end.row or 0) < 0 or (end.column or 0) < 0 for end in new)
        return None if gone else new

    return rewrite(formula, change)


def _shifted(end: End, rows: int, columns: int) -> End:
    row = end.row if end.row is None or end.row_fixed else end.row + rows
    column = end.column if end.column is None or end.column_fixed else end.column + columns
    return end._replace(row=row, column=column)
