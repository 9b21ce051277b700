"""Reading values: what a range answers, with the trailing empty cells and rows left off."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.sandbox.google.a1 import Area
from adapters.sandbox.google.book import Place, Sheet
from adapters.sandbox.google.boxes import COLUMNS, ROWS, Box
from adapters.sandbox.google.formulas import Calculation
from adapters.sandbox.google.locales import locale_named
from adapters.sandbox.google.payloads import check_choice
from adapters.sandbox.google.rendering import DATE_TYPES, ERROR_TEXTS, render

DIMENSIONS = (ROWS, COLUMNS)
RENDERINGS = ("FORMATTED_VALUE", "UNFORMATTED_VALUE", "FORMULA")
DATE_RENDERINGS = ("SERIAL_NUMBER", "FORMATTED_STRING")


@dataclass(frozen=True)
class Reading:
    """How values are asked for."""

    major: str = ROWS
    rendering: str = "FORMATTED_VALUE"
    dates: str = "SERIAL_NUMBER"

    @classmethod
    def of(cls, major: str, rendering: str, dates: str) -> "Reading":
        """Checks the three options; empty ones take their default."""
        major = "" if major == "DIMENSION_UNSPECIFIED" else major
        return cls(
            check_choice(major, DIMENSIONS, "major_dimension", "Dimension"),
            check_choice(rendering, RENDERINGS, "value_render_option", "ValueRenderOption"),
            check_choice(dates, DATE_RENDERINGS, "date_time_render_option", "DateTimeRenderOption"),
        )

    @classmethod
    def from_body(cls, body: Mapping[str, Any], prefix: str = "") -> "Reading":
        """The options of a body, such as `responseValueRenderOption` with the prefix `response`."""
        value, dates = "valueRenderOption", "dateTimeRenderOption"
        if prefix:
            value, dates = prefix + value[0].upper() + value[1:], prefix + dates[0].upper() + dates[1:]
        return cls.of(body.get("majorDimension", ""), body.get(value, ""), body.get(dates, ""))


def value_range(calculation: Calculation, area: Area, how: Reading) -> dict[str, Any]:
    """The answer for one range; `values` is absent when all of it is empty."""
    rows = matrix(calculation, area, how)
    answer: dict[str, Any] = {"range": area.echo, "majorDimension": how.major}
    return answer | {"values": rows} if rows else answer


def matrix(calculation: Calculation, area: Area, how: Reading) -> list[list[Any]]:
    """The values, trimmed at the end of each row and at the end of the rows."""
    filled = filled_places(area.sheet, area.box)
    lines: dict[int, dict[int, Any]] = {}
    for row, column in filled:
        line, at = (row - area.box.top, column - area.box.left)
        if how.major == COLUMNS:
            line, at = at, line
        lines.setdefault(line, {})[at] = cell_value(calculation, area.sheet, (row, column), how)
    return [_line(lines.get(number, {})) for number in range(max(lines, default=-1) + 1)]


def _line(values: Mapping[int, Any]) -> list[Any]:
    return [values.get(at, "") for at in range(max(values, default=-1) + 1)]


def filled_places(sheet: Sheet, box: Box) -> list[Place]:
    """The places inside the box that hold a value, in no particular order."""
    if box.height * box.width < len(sheet.cells):
        return [place for place in box.places() if sheet.filled(place)]
    return [place for place, cell in sheet.cells.items() if box.holds(*place) and "userEnteredValue" in cell]


def cell_value(calculation: Calculation, sheet: Sheet, place: Place, how: Reading) -> Any:
    """One cell's value as the options ask for it."""
    entered = sheet.cell(place).get("userEnteredValue", {})
    if how.rendering == "FORMATTED_VALUE":
        return formatted(calculation, sheet, place)
    if how.rendering == "FORMULA" and "formulaValue" in entered:
        return entered["formulaValue"]
    dated = number_format(sheet, place).get("type") in DATE_TYPES
    if dated and how.dates == "FORMATTED_STRING" and how.rendering == "UNFORMATTED_VALUE":
        return formatted(calculation, sheet, place)
    value = calculation.effective(sheet, place)
    if "errorValue" in value:
        return ERROR_TEXTS.get(value["errorValue"]["type"], "#ERROR!")
    return next(iter(value.values()), "")


def formatted(calculation: Calculation, sheet: Sheet, place: Place) -> str:
    """The text that a person sees in the cell."""
    locale = locale_named(calculation.book.locale)
    return render(calculation.effective(sheet, place), number_format(sheet, place), locale)


def number_format(sheet: Sheet, place: Place) -> Mapping[str, Any]:
    """The cell's own number format, empty when it has none."""
    found: Mapping[str, Any] = sheet.cell(place).get("userEnteredFormat", {}).get("numberFormat", {})
    return found
