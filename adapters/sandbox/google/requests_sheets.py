"""Batch requests about tabs and about the spreadsheet itself."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from adapters.sandbox.google import dimensions
from adapters.sandbox.google.answering import sheet_properties
from adapters.sandbox.google.appearance import paired, stored
from adapters.sandbox.google.book import Book, Sheet
from adapters.sandbox.google.boxes import COLUMNS, ROWS, Box
from adapters.sandbox.google.editing import Edit
from adapters.sandbox.google.errors import Invalid
from adapters.sandbox.google.masks import Mask, parse, wants
from adapters.sandbox.google.references import retitled

Body = Mapping[str, Any]
MAX_TITLE = 100
_PLAIN = ("hidden", "rightToLeft", "tabColor", "tabColorStyle")


def required_mask(fields: str, type_name: str) -> Mask:
    """The mask of an update request, which must not be empty."""
    if not fields:
        raise Invalid("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    return parse(fields, type_name)


def add_sheet(edit: Edit, body: Body) -> dict[str, Any]:
    """addSheet"""
    given = body.get("properties", {})
    title = given.get("title") or _free_title(edit.book)
    check_title(edit.book, title)
    grid = given.get("gridProperties", {})
    sheet = Sheet(
        new_sheet_id(edit, given.get("sheetId")), title, grid.get("rowCount", 1000), grid.get("columnCount", 26)
    )
    if sheet.rows < 1 or sheet.columns < 1:
        raise Invalid("The number of rows and columns of a sheet must be at least 1.")
    place_sheet(edit.book, sheet, given.get("index"))
    edit.check_size()
    _set_plain(sheet, given, {})
    _set_grid(sheet, grid, {})
    return {"addSheet": {"properties": sheet_properties(sheet, edit.book.sheets.index(sheet))}}


def new_sheet_id(edit: Edit, wanted: int | None) -> int:
    """The wanted id if it is free, a random one if none is wanted."""
    taken = {sheet.sheet_id for sheet in edit.book.sheets}
    if wanted is None:
        return edit.new_id(taken)
    if wanted in taken:
        raise Invalid(f"A sheet with id {wanted} already exists. Please use another id.")
    if wanted < 0:
        raise Invalid(f"Sheet id {wanted} must not be negative.")
    return wanted


def place_sheet(book: Book, sheet: Sheet, index: int | None) -> None:
    """Puts the tab before the one at `index`, at the end without one."""
    if index is not None and not 0 <= index <= len(book.sheets):
        raise Invalid(f"Index {index} is out of bounds. The number of sheets is {len(book.sheets)}.")
    book.sheets.insert(len(book.sheets) if index is None else index, sheet)


def check_title(book: Book, title: str, own: Sheet | None = None) -> None:
    """Raises when the title is too long or another tab has it."""
    if len(title) > MAX_TITLE:
        raise Invalid(f"The sheet name cannot be greater than {MAX_TITLE} characters.")
    found = book.sheet_by_title(title)
    if found is not None and found is not own:
        raise Invalid(f'A sheet with the name "{title}" already exists. Please enter another name.')


def _free_title(book: Book) -> str:
    number = len(book.sheets) + 1
    while book.sheet_by_title(f"Sheet{number}"):
        number += 1
    return f"Sheet{number}"


def delete_sheet(edit: Edit, body: Body) -> dict[str, Any]:
    """deleteSheet: its named ranges and metadata go with it, formulas that name it become #REF!."""
    sheet, book = edit.sheet(body.get("sheetId", 0)), edit.book
    edit.guard(sheet, sheet.whole())
    if len(book.sheets) == 1:
        raise Invalid("You can't remove all the sheets in a document.")
    if not any(not other.hidden for other in book.sheets if other is not sheet):
        raise Invalid("You can't remove all the visible sheets in a document.")
    book.sheets.remove(sheet)
    book.named = [entry for entry in book.named if entry["range"].get("sheetId", 0) != sheet.sheet_id]
    book.metadata = [entry for entry in book.metadata if _home(entry) != sheet.sheet_id]
    gone = sheet.title.casefold()
    for other in book.sheets:
        dimensions.rewrite_formulas(other, lambda title, ends: None if title.casefold() == gone else ends)
    return {}


def _home(entry: Body) -> int | None:
    location = entry["location"]
    if location["locationType"] == "SPREADSHEET":
        return None
    return int(location.get("dimensionRange", location).get("sheetId", 0))


def duplicate_sheet(edit: Edit, body: Body) -> dict[str, Any]:
    """duplicateSheet: metadata is not copied, protections get ids of their own."""
    source = edit.sheet(body.get("sourceSheetId", 0))
    title = body.get("newSheetName") or _copy_title(edit.book, source.title)
    check_title(edit.book, title)
    sheet = source.copy()
    sheet.sheet_id, sheet.title = new_sheet_id(edit, body.get("newSheetId")), title
    sheet.properties.pop("hidden", None)
    _rehome(edit, sheet)
    place_sheet(edit.book, sheet, body.get("insertSheetIndex", 0))
    edit.check_size()
    return {"duplicateSheet": {"properties": sheet_properties(sheet, edit.book.sheets.index(sheet))}}


def _copy_title(book: Book, title: str) -> str:
    wanted, number = f"Copy of {title}", 1
    while book.sheet_by_title(wanted):
        number += 1
        wanted = f"Copy of {title} {number}"
    return wanted


def _rehome(edit: Edit, sheet: Sheet) -> None:
    """Gives what lies over the cells the tab's own id."""
    ranges = [*sheet.merges, *(area for rule in sheet.conditional for area in rule["ranges"])]
    ranges += [entry["range"] for entry in (sheet.basic_filter, *sheet.protected) if entry]
    for area in ranges:
        area["sheetId"] = sheet.sheet_id
    taken = {entry["protectedRangeId"] for other in edit.book.sheets for entry in other.protected}
    for entry in sheet.protected:
        entry["protectedRangeId"] = edit.new_id(taken)
        taken.add(entry["protectedRangeId"])


def update_sheet_properties(edit: Edit, body: Body) -> dict[str, Any]:
    """updateSheetProperties"""
    given = body.get("properties", {})
    mask = required_mask(body.get("fields", ""), "SheetProperties")
    sheet = edit.sheet(given.get("sheetId", 0))
    if wants(mask, "title") and "title" in given:
        retitle(edit.book, sheet, given["title"])
    _set_plain(sheet, given, mask)
    if not any(not other.hidden for other in edit.book.sheets):
        raise Invalid("You can't hide all the sheets in a document.")
    if wants(mask, "gridProperties"):
        _resize(edit, sheet, given.get("gridProperties", {}), mask.get("gridProperties", {}))
        _set_grid(sheet, given.get("gridProperties", {}), mask.get("gridProperties", {}))
    if wants(mask, "index") and ("index" in given or mask):
        _move_sheet(edit.book, sheet, given.get("index", 0))
    return {}


def retitle(book: Book, sheet: Sheet, title: str) -> None:
    """Renames a tab; formulas that name it follow."""
    check_title(book, title, sheet)
    for other in book.sheets:
        for place, cell in list(other.cells.items()):
            formula = cell.get("userEnteredValue", {}).get("formulaValue", "")
            if "!" in formula:
                changed = retitled(formula, sheet.title, title)
                other.cells[place] = {**cell, "userEnteredValue": {"formulaValue": changed}}
    sheet.title = title


def _set_plain(sheet: Sheet, given: Body, mask: Mask) -> None:
    mask, given = paired(mask), stored(given)
    for name in _PLAIN:
        if wants(mask, name) and (mask or name in given):
            _set_or_drop(sheet.properties, name, given.get(name))


def _set_or_drop(target: dict[str, Any], name: str, value: Any) -> None:
    if value is None or (name == "tabColorStyle" and not value):
        target.pop(name, None)
    else:
        target[name] = value


def _set_grid(sheet: Sheet, given: Body, mask: Mask) -> None:
    counts = {"frozenRowCount": ("rows", sheet.rows), "frozenColumnCount": ("columns", sheet.columns)}
    for name in ("frozenRowCount", "frozenColumnCount", "hideGridlines", "rowGroupControlAfter"):
        if not wants(mask, name) or (name not in given and not mask):
            continue
        value = given.get(name)
        words, limit = counts.get(name, ("", 0))
        if words and value and value >= limit:
            raise Invalid(f"You can't freeze all visible {words} on the sheet.")
        _set_or_drop(sheet.grid, name, value)


def _resize(edit: Edit, sheet: Sheet, given: Body, mask: Mask) -> None:
    for name, dimension, now in (("rowCount", ROWS, sheet.rows), ("columnCount", COLUMNS, sheet.columns)):
        if not wants(mask, name) or name not in given:
            continue
        wanted = given[name]
        if wanted < 1:
            words = "rows" if dimension == ROWS else "columns"
            raise Invalid(f"You can't delete all the {words} on the sheet.")
        if wanted > now:
            dimensions.insert(edit.book, sheet, dimension, now, wanted - now)
        elif wanted < now:
            lost = Box(wanted, 0, now, sheet.columns) if dimension == ROWS else Box(0, wanted, sheet.rows, now)
            edit.guard(sheet, lost)
            dimensions.delete(edit.book, sheet, dimension, wanted, now)
    edit.check_size()


def _move_sheet(book: Book, sheet: Sheet, index: int) -> None:
    """`index` counts before the move: a move to its own place or behind itself changes nothing."""
    if not 0 <= index <= len(book.sheets):
        raise Invalid(f"Index {index} is out of bounds. The number of sheets is {len(book.sheets)}.")
    now = book.sheets.index(sheet)
    book.sheets.remove(sheet)
    book.sheets.insert(index - 1 if index > now else index, sheet)


def update_spreadsheet_properties(edit: Edit, body: Body) -> dict[str, Any]:
    """updateSpreadsheetProperties: title, locale, timeZone, autoRecalc."""
    given = body.get("properties", {})
    mask = required_mask(body.get("fields", ""), "SpreadsheetProperties")
    names = {"title": "title", "locale": "locale", "timeZone": "time_zone", "autoRecalc": "auto_recalc"}
    zone = given.get("timeZone", "")
    if wants(mask, "timeZone") and zone and not known_zone(zone):
        raise Invalid(f"Unknown time zone: {zone}")
    for name, attribute in names.items():
        if wants(mask, name) and given.get(name):
            setattr(edit.book, attribute, given[name])
    return {}


def known_zone(name: str) -> bool:
    """Whether the name is a CLDR zone or a fixed offset such as `GMT-07:00`."""
    return name in available_timezones() or name.startswith("GMT")
