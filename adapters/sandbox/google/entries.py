"""What becomes of a value that is written: RAW keeps it, USER_ENTERED reads it as if it were typed into the cell."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, NamedTuple

from adapters.sandbox.google.errors import Invalid
from adapters.sandbox.google.locales import Locale
from adapters.sandbox.google.payloads import finite
from adapters.sandbox.google.serials import SECONDS_PER_DAY, to_serial

MAX_CHARACTERS = 50_000
_NUMBER = re.compile(r"^([+-]?)([$€£¥]?)([+-]?)(\d{1,3}(?:,\d{3})+|\d*)(\.\d*)?(e[+-]?\d+)?(%?)$", re.IGNORECASE)
_ISO = re.compile(r"^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$")
_NUMERIC_DATE = re.compile(r"^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})$")
_MONTH_FIRST = re.compile(r"^([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})$")
_DAY_FIRST = re.compile(r"^(\d{1,2}) ([A-Za-z]{3,9})\.?,? (\d{4})$")
_TIME = re.compile(r"^(\d{1,2}):(\d{2})(?::(\d{2}))?(?: ?([AaPp][Mm]))?$")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CURRENCY_PATTERNS = {"$": '"$"#,##0.00', "€": "[$€]#,##0.00", "£": "[$£]#,##0.00", "¥": "[$¥]#,##0.00"}


class Entry(NamedTuple):
    """The stored value (None clears the cell) and the number format that typing brings along."""

    value: dict[str, Any] | None
    number_format: dict[str, str] | None = None


CLEARED = Entry(None)


def raw(value: str | float | bool) -> Entry:
    """The value as it is; text stays text, even when it begins with `=`."""
    if isinstance(value, bool):
        return Entry({"boolValue": value})
    if isinstance(value, int | float):
        if not finite(value):
            raise Invalid(f"Invalid value: {str(value)[:40]} does not fit a number cell.")
        return Entry({"numberValue": value})
    return text(value)


def text(value: str) -> Entry:
    """Text as text; raises when it is too long for a cell."""
    if len(value) > MAX_CHARACTERS:
        message = f"Your input contains more than the maximum of {MAX_CHARACTERS} characters in a single cell."
        raise Invalid(message)
    return Entry({"stringValue": value}) if value else CLEARED


def typed(value: str | float | bool, locale: Locale, cell_format: Mapping[str, Any]) -> Entry:
    """The value as if typed into a cell that has the given format."""
    if not isinstance(value, str):
        return raw(value)
    if not value:
        return CLEARED
    if value.startswith("'"):
        return text(value[1:])
    if cell_format.get("numberFormat", {}).get("type") == "TEXT":
        return text(value)
    return _formula(value) or _recognised(value.strip(), locale) or text(value)


def _formula(value: str) -> Entry | None:
    if value.startswith("=") and len(value) > 1:
        return Entry({"formulaValue": value})
    if value.startswith("+") and not _NUMBER.match(value) and len(value) > 1:
        return Entry({"formulaValue": f"={value}"})
    return None


def _recognised(value: str, locale: Locale) -> Entry | None:
    if value.upper() in ("TRUE", "FALSE"):
        return Entry({"boolValue": value.upper() == "TRUE"})
    return _number(value, locale) or _moment(value, locale)


def _number(value: str, locale: Locale) -> Entry | None:
    if locale.decimal != ".":
        value = value.replace(locale.thousands, "").replace(locale.decimal, ".")
    match = _NUMBER.match(value)
    if not match or not (match[4] or len(match[5] or "") > 1) or (match[1] and match[3]):
        return None
    sign, currency, inner, whole, fraction, exponent, percent = match.groups()
    number = float((sign or inner) + (whole.replace(",", "") or "0") + (fraction or "") + (exponent or ""))
    if not finite(number):
        return None
    if percent:
        return Entry({"numberValue": _plain(number / 100)}, _percent_format(fraction))
    if currency:
        return Entry({"numberValue": _plain(number)}, {"type": "CURRENCY", "pattern": _CURRENCY_PATTERNS[currency]})
    grouped = {"type": "NUMBER", "pattern": "#,##0.00" if fraction else "#,##0"} if "," in whole else None
    return Entry({"numberValue": _plain(number)}, grouped)


def _percent_format(fraction: str | None) -> dict[str, str]:
    return {"type": "PERCENT", "pattern": "0.00%" if fraction else "0%"}


def _plain(number: float) -> int | float:
    return int(number) if number == int(number) and abs(number) < 1e15 else number


def _moment(value: str, locale: Locale) -> Entry | None:
    if found := _date(value, locale):
        day, pattern = found
        return Entry({"numberValue": to_serial(day)}, {"type": "DATE", "pattern": pattern})
    if clock := _time(value):
        seconds = clock.hour * 3600 + clock.minute * 60 + clock.second
        pattern = "h:mm:ss am/pm" if value[-1] in "mM" else "h:mm:ss" if value.count(":") == 2 else "h:mm"
        return Entry({"numberValue": seconds / SECONDS_PER_DAY}, {"type": "TIME", "pattern": pattern})
    day_text, mark, time_text = value.replace("T", " ", 1).rpartition(" ")
    found, clock = _date(day_text, locale), _time(time_text)
    if not mark or not found or clock is None:
        return None
    pattern = found[1] + (" h:mm:ss" if time_text.count(":") == 2 else " h:mm")
    serial = to_serial(datetime.combine(found[0], clock))
    return Entry({"numberValue": serial}, {"type": "DATE_TIME", "pattern": pattern})


def _date(value: str, locale: Locale) -> tuple[date, str] | None:
    if match := _ISO.match(value):
        separator = match[2]
        return _dated(int(match[1]), int(match[3]), int(match[4]), f"yyyy{separator}mm{separator}dd")
    if match := _NUMERIC_DATE.match(value):
        return _numeric_date(match, locale)
    if match := _MONTH_FIRST.match(value):
        return _dated(int(match[3]), _month(match[1]), int(match[2]), "mmm d yyyy")
    if match := _DAY_FIRST.match(value):
        return _dated(int(match[3]), _month(match[2]), int(match[1]), "d mmm yyyy")
    return None


def _numeric_date(match: re.Match[str], locale: Locale) -> tuple[date, str] | None:
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    year += 2000 if year < 50 else 1900 if year < 100 else 0
    month, day = (second, first) if locale.order == "dmy" else (first, second)
    separator = match[2]
    order = ("d", "m") if locale.order == "dmy" else ("m", "d")
    return _dated(year, month, day, separator.join((*order, "yyyy")))


def _month(name: str) -> int:
    short = name[:3].lower()
    return _MONTHS.index(short) + 1 if short in _MONTHS else 0


def _dated(year: int, month: int, day: int, pattern: str) -> tuple[date, str] | None:
    try:
        return date(year, month, day), pattern
    except ValueError:
        return None


def _time(value: str) -> time | None:
    match = _TIME.match(value)
    if not match:
        return None
    hour, half = int(match[1]), (match[4] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    try:
        return time(hour, int(match[2]), int(match[3] or 0))
    except ValueError:
        return None
