"""A small formula engine: arithmetic, comparison, references and a dozen functions; anything else is `#NAME?`."""

import math
from collections.abc import Callable
from typing import Any

from adapters.sandbox.google.a1 import read_range
from adapters.sandbox.google.book import Book, Place, Sheet
from adapters.sandbox.google.boxes import Box
from adapters.sandbox.google.errors import Invalid
from adapters.sandbox.google.functions import FUNCTIONS, FormulaError, number, scalar, text
from adapters.sandbox.google.references import Token, ends, tokens

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda left, right: bool(left == right),
    "<>": lambda left, right: bool(left != right),
    "<": lambda left, right: bool(left < right),
    ">": lambda left, right: bool(left > right),
    "<=": lambda left, right: bool(left <= right),
    ">=": lambda left, right: bool(left >= right),
}


class Calculation:
    """Effective values of one book, computed on demand and remembered for as long as the book does not change."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.known: dict[tuple[int, Place], dict[str, Any]] = {}
        self.under_way: set[tuple[int, Place]] = set()

    def effective(self, sheet: Sheet, place: Place) -> dict[str, Any]:
        """The cell's value as an ExtendedValue without formula; empty for an empty cell."""
        entered: dict[str, Any] = sheet.cell(place).get("userEnteredValue", {})
        if "formulaValue" not in entered:
            return entered
        key = (sheet.sheet_id, place)
        if key not in self.known:
            self.known[key] = self._computed(sheet, key, entered["formulaValue"])
        return self.known[key]

    def _computed(self, sheet: Sheet, key: tuple[int, Place], formula: str) -> dict[str, Any]:
        if key in self.under_way:
            return error_value("REF", "Circular dependency detected.")
        self.under_way.add(key)
        try:
            return extended(scalar(_Parser(self, sheet, formula).formula()))
        except FormulaError as error:
            return error_value(error.kind, str(error))
        except RecursionError:
            return error_value("ERROR", "Formula parse error.")
        finally:
            self.under_way.discard(key)

    def plain(self, sheet: Sheet, place: Place) -> Any:
        """The cell's value as a Python value, None when empty; raises FormulaError for an error."""
        value = self.effective(sheet, place)
        if "errorValue" in value:
            error = value["errorValue"]
            raise FormulaError(error["type"], error.get("message", ""))
        return next(iter(value.values()), None)


def error_value(kind: str, message: str) -> dict[str, Any]:
    """An ExtendedValue that holds an error."""
    return {"errorValue": {"type": kind, "message": message}}


def extended(value: Any) -> dict[str, Any]:
    """A Python value as an ExtendedValue; an empty result counts as 0, as in Sheets."""
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, str):
        return {"stringValue": value}
    result = value or 0
    if isinstance(result, complex) or not math.isfinite(result):
        return error_value("NUM", "The result is not a number.")
    return {"numberValue": int(result) if result == int(result) and abs(result) < 1e15 else result}


class _Parser:
    """Reads a formula by recursive descent and computes it on the way."""

    def __init__(self, calculation: Calculation, sheet: Sheet, formula: str) -> None:
        self.calculation = calculation
        self.sheet = sheet
        self.tokens = [token for token in tokens(formula[1:]) if token.kind != "space"]
        self.at = 0
        self.open = 0  # brackets that are not closed yet

    def formula(self) -> Any:
        value = self.comparison()
        if self.at < len(self.tokens):
            raise _unreadable()
        return value

    def peek(self) -> str:
        """The next operator, empty when something else comes."""
        token = self.tokens[self.at] if self.at < len(self.tokens) else Token("end", "")
        return token.text if token.kind == "operator" else ""

    def take(self, *wanted: str) -> str:
        """Takes the next operator if it is one of the wanted."""
        operator = self.peek()
        if operator not in wanted:
            return ""
        self.at += 1
        self.open += {"(": 1, ")": -1}.get(operator, 0)
        return operator

    def comparison(self) -> Any:
        left = self.joined()
        while operator := self.take(*_COMPARE):
            left = _compared(operator, scalar(left), scalar(self.joined()))
        return left

    def joined(self) -> Any:
        left = self.total()
        while self.take("&"):
            left = text(left) + text(self.total())
        return left

    def total(self) -> Any:
        left = self.product()
        while operator := self.take("+", "-"):
            right = number(self.product())
            left = number(left) + right if operator == "+" else number(left) - right
        return left

    def product(self) -> Any:
        left = self.power()
        while operator := self.take("*", "/"):
            right = number(self.power())
            if operator == "/" and right == 0:
                raise FormulaError("DIVIDE_BY_ZERO", "Function DIVIDE parameter 2 cannot be zero.")
            left = number(left) * right if operator == "*" else number(left) / right
        return left

    def power(self) -> Any:
        left = self.signed()
        while self.take("^"):
            base, exponent = number(left), number(self.signed())
            try:
                left = math.pow(base, exponent)
            except (ArithmeticError, ValueError) as error:
                raise FormulaError("NUM", "The result is not a number.") from error
        return left

    def signed(self) -> Any:
        if self.take("-"):
            return -number(self.signed())
        if self.take("+"):
            return self.signed()
        value = self.atom()
        while self.take("%"):
            value = number(value) / 100
        return value

    def atom(self) -> Any:
        if self.take("("):
            value = self.comparison()
            self.close()
            return value
        if self.at >= len(self.tokens):
            raise _unreadable()
        token = self.tokens[self.at]
        self.at += 1
        return self.operand(token)

    def operand(self, token: Token) -> Any:
        if token.kind == "number":
            return float(token.text)
        if token.kind == "string":
            return token.text[1:-1].replace('""', '"')
        if token.kind == "ref":
            return self.reference(token)
        if token.kind == "error":
            raise FormulaError("REF", "Reference does not exist.")
        if token.kind == "name":
            return self.named(token.text)
        raise _unreadable()

    def close(self) -> None:
        if not self.take(")"):
            raise _unreadable()

    def named(self, name: str) -> Any:
        if self.take("("):
            return self.called(name)
        if name.upper() in ("TRUE", "FALSE"):
            return name.upper() == "TRUE"
        try:
            area = read_range(self.calculation.book, name)
        except Invalid:
            raise FormulaError("NAME", f"Unknown range name: '{name.upper()}'.") from None
        return self.box(area.sheet, area.box)

    def called(self, name: str) -> Any:
        function = FUNCTIONS.get(name.upper())
        if function is None:
            raise FormulaError("NAME", f"Unknown function: '{name.upper()}'.")
        return function(self.arguments())

    def arguments(self) -> list[Any]:
        """The arguments up to the closing bracket; an error becomes a value, so that IFERROR can see it."""
        values: list[Any] = []
        if self.take(")"):
            return values
        depth = self.open
        while True:
            try:
                values.append(self.comparison())
            except FormulaError as error:
                if error.kind == "ERROR":
                    raise
                values.append(error)
                self.skip_argument(depth)
            if not self.take(",", ";"):
                break
        self.close()
        return values

    def skip_argument(self, depth: int) -> None:
        while self.at < len(self.tokens):
            operator = self.peek()
            if self.open == depth and operator in (",", ";", ")"):
                return
            self.open += {"(": 1, ")": -1}.get(operator, 0)
            self.at += 1

    def reference(self, token: Token) -> Any:
        sheet = self.calculation.book.sheet_by_title(token.sheet) if token.sheet else self.sheet
        if sheet is None:
            raise FormulaError("REF", f"Unresolved sheet name '{token.sheet}'.")
        pair = ends(token.text)
        rows = [end.row for end in pair if end.row is not None]
        columns = [end.column for end in pair if end.column is not None]
        open_end = any(end.row is None for end in pair)
        bottom = sheet.rows if open_end else max(rows) + 1
        right = max(columns) + 1 if columns else sheet.columns
        box = Box(min(rows, default=0), min(columns, default=0), bottom, right)
        if box.bottom > sheet.rows or box.right > sheet.columns:
            raise FormulaError("REF", "Reference does not exist.")
        return self.box(sheet, box) if len(pair) > 1 else self.calculation.plain(sheet, (box.top, box.left))

    def box(self, sheet: Sheet, box: Box) -> list[Any]:
        """The values of a range that are not empty."""
        places = (place for place in box.places() if sheet.filled(place))
        return [self.calculation.plain(sheet, place) for place in places]


def _compared(operator: str, left: Any, right: Any) -> bool:
    left = left.casefold() if isinstance(left, str) else left
    right = right.casefold() if isinstance(right, str) else right
    blanks: dict[type, Any] = {str: "", float: 0, int: 0, bool: False}
    if left is None:
        left = blanks.get(type(right), 0)
    if right is None:
        right = blanks.get(type(left), 0)
    if isinstance(left, str) != isinstance(right, str):
        ranks = (int(isinstance(left, str)), int(isinstance(right, str)))
        return _COMPARE[operator](*ranks)
    return _COMPARE[operator](left, right)


def _unreadable() -> FormulaError:
    return FormulaError("ERROR", "Formula parse error.")
