"""Seed data become spreadsheets: owned by the first person, shared with the others and with the service account."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from adapters.sandbox.google.book import Book, Cell, Sheet
from adapters.sandbox.google.files import Files
from adapters.sandbox.google.serials import to_serial
from adapters.sandbox.google.tokens import ACCOUNT, PEOPLE

OWNER = "owner@example.com"
LEAST_ROWS = 1000
LEAST_COLUMNS = 26


def fill(files: Files, data: Mapping[str, Any]) -> dict[str, str]:
    """Adds the seed's spreadsheets; returns the first one's id as the place `spreadsheet`."""
    addresses = [person["email"] for person in data.get("people", []) if person.get("email")]
    owner = addresses[0] if addresses else OWNER
    others = dict.fromkeys([*addresses[1:], ACCOUNT, PEOPLE])
    entries = data.get("google", {}).get("spreadsheets", [])
    books = [_book(files, entry, owner, [address for address in others if address != owner]) for entry in entries]
    return {"spreadsheet": books[0].id} if books else {}


def _book(files: Files, entry: Mapping[str, Any], owner: str, writers: Sequence[str]) -> Book:
    book = files.new_book(entry["title"], owner)
    book.time_zone = entry.get("timeZone", book.time_zone)
    book.locale = entry.get("locale", book.locale)
    book.permissions += [files.permission("user", "writer", address) for address in writers]
    for number, tab in enumerate(entry.get("sheets", [{"title": "Sheet1", "rows": []}])):
        sheet_id = files.rng.randrange(1, 2**31) if number else 0
        book.sheets.append(_sheet(sheet_id, tab))
    return book


def _sheet(sheet_id: int, tab: Mapping[str, Any]) -> Sheet:
    rows = tab.get("rows", [])
    columns = max(map(len, rows), default=0)
    sheet = Sheet(sheet_id, tab["title"], max(len(rows), LEAST_ROWS), max(columns, LEAST_COLUMNS))
    for row, line in enumerate(rows):
        for column, value in enumerate(line):
            sheet.put((row, column), cell(value))
    return sheet


def cell(value: Any) -> Cell:
    """A seed value as a cell: null, text, number, boolean, date, local time or formula."""
    if value is None or value == "":
        return {}
    if isinstance(value, bool):
        return {"userEnteredValue": {"boolValue": value}}
    if isinstance(value, int | float):
        return {"userEnteredValue": {"numberValue": value}}
    if isinstance(value, str):
        return {"userEnteredValue": {"stringValue": value}}
    if "formula" in value:
        return {"userEnteredValue": {"formulaValue": value["formula"]}}
    if "date" in value:
        return _dated(date.fromisoformat(value["date"]), "DATE", "yyyy-mm-dd")
    return _dated(datetime.fromisoformat(value["datetime"]), "DATE_TIME", "yyyy-mm-dd hh:mm")


def _dated(moment: date, kind: str, pattern: str) -> Cell:
    number_format = {"type": kind, "pattern": pattern}
    return {
        "userEnteredValue": {"numberValue": to_serial(moment)},
        "userEnteredFormat": {"numberFormat": number_format},
    }
