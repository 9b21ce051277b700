"""How a value looks in a cell: Google's number formats, the General format and dates."""

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

from adapters.sandbox.google.locales import Locale
from adapters.sandbox.google.serials import from_serial

_DATE_TOKEN = re.compile(r'"([^"]*)"|\\(.)|(am/pm|a/p)|(y+|m+|d+|h+|s+(?:\.0+)?)|(.)', re.IGNORECASE | re.DOTALL)
_NUMBER_CORE = re.compile(r"[#0?][#0?,]*(?:\.[#0?]*)?|\.[#0?]+")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DATE_TYPES = frozenset({"DATE", "TIME", "DATE_TIME"})


def render(value: Mapping[str, Any], number_format: Mapping[str, Any], locale: Locale) -> str:
    """The text of an effective value (an ExtendedValue without formula)."""
    if "numberValue" in value:
        return render_number(value["numberValue"], number_format, locale)
    if "boolValue" in value:
        return "TRUE" if value["boolValue"] else "FALSE"
    if "errorValue" in value:
        return ERROR_TEXTS.get(value["errorValue"]["type"], "#ERROR!")
    return str(value.get("stringValue", ""))


ERROR_TEXTS = {
    "ERROR": "#ERROR!",
    "NULL_VALUE": "#NULL!",
    "DIVIDE_BY_ZERO": "#DIV/0!",
    "VALUE": "#VALUE!",
    "REF": "#REF!",
    "NAME": "#NAME?",
    "NUM": "#NUM!",
    "N_A": "#N/A",
    "LOADING": "Loading...",
}


def render_number(number: float, number_format: Mapping[str, Any], locale: Locale) -> str:
    """A number under its format; no format means General."""
    kind = number_format.get("type", "")
    pattern = number_format.get("pattern") or _default_pattern(kind, locale)
    if kind in DATE_TYPES:
        moment = from_serial(number)
        return render_date(moment, pattern) if moment else general(number, locale)
    if not pattern or kind == "TEXT" or pattern.lower() in ("general", "@"):
        return general(number, locale)
    return _patterned(number, pattern, locale)


def _default_pattern(kind: str, locale: Locale) -> str:
    patterns = {
        "DATE": locale.date,
        "TIME": "h:mm:ss am/pm",
        "DATE_TIME": locale.date_time,
        "NUMBER": "#,##0.00",
        "PERCENT": "0.00%",
        "CURRENCY": locale.currency,
        "SCIENTIFIC": "0.00E+00",
    }
    return patterns.get(kind, "")


def general(number: float, locale: Locale) -> str:
    """The automatic format: integers in full up to 15 digits, else ten significant digits."""
    if number == int(number) and abs(number) < 1e15:
        return str(int(number))
    mantissa, mark, exponent = f"{number:.10g}".partition("e")
    text = mantissa.replace(".", locale.decimal)
    return f"{text}E{exponent[0]}{exponent[1:].lstrip('0').zfill(2)}" if mark else text


def render_date(moment: datetime, pattern: str) -> str:
    """A local time under a date pattern; `m` is minutes beside hours or seconds, else the month."""
    tokens = _date_tokens(pattern)
    half_day = any(kind == "half" for kind, _ in tokens)
    return "".join(_date_part(moment, kind, text, half_day) for kind, text in tokens)


@cache
def _date_tokens(pattern: str) -> tuple[tuple[str, str], ...]:
    tokens: list[tuple[str, str]] = []
    for quoted, escaped, half, code, other in _DATE_TOKEN.findall(pattern):
        if half:
            tokens.append(("half", half))
        elif code:
            tokens.append((code[0].lower(), code.lower()))
        else:
            tokens.append(("text", quoted or escaped or other))
    return _minutes(tokens)


def _minutes(tokens: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    codes = [number for number, (kind, _) in enumerate(tokens) if kind in "ymdhs"]
    for before, here, after in zip([-1, *codes], codes, [*codes[1:], -1], strict=False):
        follows_hours = before >= 0 and tokens[before][0] == "h"
        if tokens[here][0] == "m" and (follows_hours or (after >= 0 and tokens[after][0] == "s")):
            tokens[here] = ("minute", tokens[here][1])
    return tuple(tokens)


def _date_part(moment: datetime, kind: str, text: str, half_day: bool) -> str:
    if kind == "text":
        return text
    if kind == "half":
        return moment.strftime("%p")
    if kind in ("y", "m", "d"):
        return _calendar_part(moment, kind, len(text))
    hour = (moment.hour % 12 or 12) if half_day else moment.hour
    value = {"h": hour, "minute": moment.minute, "s": moment.second}[kind]
    return str(value).zfill(min(len(text.partition(".")[0]), 2))


def _calendar_part(moment: datetime, kind: str, length: int) -> str:
    if kind == "y":
        return f"{moment.year:04}" if length > 2 else f"{moment.year % 100:02}"
    number, names = (moment.month, _MONTHS) if kind == "m" else (moment.day, _DAYS)
    if length <= 2:
        return str(number).zfill(length)
    name = names[moment.month - 1] if kind == "m" else names[moment.weekday()]
    return name[:3] if length == 3 else name


def _patterned(number: float, pattern: str, locale: Locale) -> str:
    sections = pattern.split(";")
    negative = number < 0
    if negative and len(sections) > 1:
        return _section(-number, sections[1], locale)
    if number == 0 and len(sections) > 2:
        return _section(number, sections[2], locale)
    return ("-" if negative else "") + _section(abs(number), sections[0], locale)


def _section(number: float, section: str, locale: Locale) -> str:
    plain = re.sub(r'"([^"]*)"|\\(.)|_.|\*.', r"\1\2", section)
    core = _NUMBER_CORE.search(plain)
    if not core:
        return plain
    before, after = plain[: core.start()], plain[core.end() :]
    if "%" in before + after:
        number *= 100
    if exponent := re.match(r"E\+(0+)", after, re.IGNORECASE):
        return before + _scientific(number, core[0], len(exponent[1]), locale) + after[exponent.end() :]
    return before + _digits(number, core[0], locale) + after


def _digits(number: float, core: str, locale: Locale) -> str:
    whole_pattern, _, fraction_pattern = core.partition(".")
    places = len(fraction_pattern)
    rounded = Decimal(repr(float(number))).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    whole, _, fraction = f"{rounded:f}".partition(".")
    whole = whole.lstrip("0").zfill(whole_pattern.count("0"))
    if "," in whole_pattern:
        whole = re.sub(r"(?<=\d)(?=(\d{3})+$)", locale.thousands, whole)
    least = fraction_pattern.count("0")
    fraction = fraction[:least] + fraction[least:].rstrip("0")
    return whole + (locale.decimal + fraction if fraction else "")


def _scientific(number: float, core: str, exponent_digits: int, locale: Locale) -> str:
    places = len(core.partition(".")[2])
    mantissa, _, exponent = f"{number:.{places}e}".partition("e")
    return f"{mantissa.replace('.', locale.decimal)}E{exponent[0]}{exponent[1:].lstrip('0').zfill(exponent_digits)}"
