"""Developer metadata: marks on the spreadsheet, a tab, one row or one column, and the filters that find them."""

from collections.abc import Mapping
from typing import Any

from adapters.sandbox.google.a1 import Area, read_range
from adapters.sandbox.google.book import Book
from adapters.sandbox.google.boxes import ROWS, Box
from adapters.sandbox.google.editing import Edit, resolved
from adapters.sandbox.google.errors import Invalid, sheets_error
from adapters.sandbox.google.masks import wants
from adapters.sandbox.google.requests_sheets import required_mask

Body = Mapping[str, Any]
MAX_CHARACTERS = 30_000
_PLAIN_LOOKUPS = ("metadataId", "metadataKey", "metadataValue", "visibility")


def create(edit: Edit, body: Body) -> dict[str, Any]:
    """createDeveloperMetadata: key and visibility are mandatory, the id may be one's own."""
    given = body.get("developerMetadata", {})
    if not given.get("metadataKey"):
        raise Invalid("developerMetadata.metadataKey must be specified.")
    if given.get("visibility") not in ("DOCUMENT", "PROJECT"):
        raise Invalid("developerMetadata.visibility must be specified.")
    taken = {entry["metadataId"] for entry in edit.book.metadata}
    number = given.get("metadataId") or edit.new_id(taken)
    if number in taken:
        raise Invalid(f"Developer metadata with ID {number} already exists.")
    entry = {"metadataId": number, "metadataKey": given["metadataKey"]}
    if given.get("metadataValue"):
        entry["metadataValue"] = given["metadataValue"]
    entry |= {"location": _location(edit, given.get("location", {})), "visibility": given["visibility"]}
    edit.book.metadata.append(entry)
    _check_characters(edit.book, entry)
    return {"createDeveloperMetadata": {"developerMetadata": entry}}


def _location(edit: Edit, given: Body) -> dict[str, Any]:
    if given.get("spreadsheet"):
        return {"locationType": "SPREADSHEET", "spreadsheet": True}
    if "sheetId" in given:
        return {"locationType": "SHEET", "sheetId": edit.sheet(given["sheetId"]).sheet_id}
    place = given.get("dimensionRange", {})
    sheet = edit.sheet(place.get("sheetId", 0))
    start, dimension = place.get("startIndex", 0), place.get("dimension", "")
    if start < 0 or dimension not in ("ROWS", "COLUMNS") or place.get("endIndex", 0) - start != 1:
        raise Invalid("developerMetadata.location.dimensionRange must be a single row or column.")
    if start >= (sheet.rows if dimension == ROWS else sheet.columns):
        raise Invalid("developerMetadata.location.dimensionRange must lie inside the sheet.")
    own = {"sheetId": sheet.sheet_id} if sheet.sheet_id else {}
    area = {**own, "dimension": dimension, "startIndex": start, "endIndex": start + 1}
    return {"locationType": dimension.removesuffix("S"), "dimensionRange": area}


def _home(entry: Body) -> object:
    """The spreadsheet (None) or the tab that the entry's characters count against."""
    location = entry["location"]
    if location["locationType"] == "SPREADSHEET":
        return None
    return location.get("dimensionRange", location).get("sheetId", 0)


def _check_characters(book: Book, new: Body) -> None:
    entries = [entry for entry in book.metadata if _home(entry) == _home(new)]
    used = sum(len(entry["metadataKey"]) + len(entry.get("metadataValue", "")) for entry in entries)
    if used > MAX_CHARACTERS:
        raise Invalid(f"Developer metadata is limited to {MAX_CHARACTERS} characters.")


def delete(edit: Edit, body: Body) -> dict[str, Any]:
    """deleteDeveloperMetadata"""
    gone = matching(edit.book, body.get("dataFilter", {}))
    edit.book.metadata = [entry for entry in edit.book.metadata if entry not in gone]
    return {"deleteDeveloperMetadata": {"deletedDeveloperMetadata": gone} if gone else {}}


def update(edit: Edit, body: Body) -> dict[str, Any]:
    """updateDeveloperMetadata"""
    mask = required_mask(body.get("fields", ""), "DeveloperMetadata")
    given = body.get("developerMetadata", {})
    changed = _found(edit.book, body.get("dataFilters", []))
    for entry in changed:
        for name in ("metadataKey", "metadataValue", "visibility"):
            if wants(mask, name) and given.get(name):
                entry[name] = given[name]
        if wants(mask, "location") and "location" in given:
            entry["location"] = _location(edit, given["location"])
        _check_characters(edit.book, entry)
    return {"updateDeveloperMetadata": {"developerMetadata": changed} if changed else {}}


def _found(book: Book, filters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = [matching(book, one) for one in filters]
    return [entry for entry in book.metadata if any(entry in part for part in found)]


def get(book: Book, number: str) -> dict[str, Any]:
    """developerMetadata.get; raises 404 when there is none of that id."""
    for entry in book.metadata:
        if str(entry["metadataId"]) == number:
            return entry
    raise sheets_error(404, f"No developer metadata with ID {number}")


def search(book: Book, body: Body) -> dict[str, Any]:
    """developerMetadata.search: every entry with the filters that it matches."""
    filters = body.get("dataFilters", [])
    if not filters:
        raise Invalid("Must specify at least one data filter.")
    found = [(one, matching(book, one)) for one in filters]
    matched = [
        {"developerMetadata": entry, "dataFilters": [one for one, part in found if entry in part]}
        for entry in _found(book, filters)
    ]
    return {"matchedDeveloperMetadata": matched} if matched else {}


def matching(book: Book, data_filter: Body) -> list[dict[str, Any]]:
    """The entries that a data filter finds: by lookup, or by lying inside a range."""
    if "developerMetadataLookup" in data_filter:
        lookup = data_filter["developerMetadataLookup"]
        return [entry for entry in book.metadata if _meets(entry, lookup)]
    area = _filter_area(book, data_filter)
    return [entry for entry in book.metadata if (found := _area_of(book, entry)) and _inside(found, area)]


def _inside(one: Area, other: Area) -> bool:
    return one.sheet is other.sheet and one.box.meets(other.box)


def _meets(entry: Body, lookup: Body) -> bool:
    if any(name in lookup and entry.get(name) != lookup[name] for name in _PLAIN_LOOKUPS):
        return False
    location = entry["location"]
    if "locationType" in lookup and location["locationType"] != lookup["locationType"]:
        return False
    wanted = lookup.get("metadataLocation")
    return wanted is None or _at(location, wanted, lookup.get("locationMatchingStrategy") == "EXACT_LOCATION")


def _at(location: Body, wanted: Body, exact: bool) -> bool:
    if wanted.get("spreadsheet"):
        return not exact or location["locationType"] == "SPREADSHEET"
    if "sheetId" in wanted:
        on_sheet = location.get("dimensionRange", location).get("sheetId", 0) == wanted["sheetId"]
        kinds = ("SHEET",) if exact else ("SHEET", "ROW", "COLUMN")
        return on_sheet and location["locationType"] in kinds
    place, own = wanted.get("dimensionRange", {}), location.get("dimensionRange", {})
    same = own and own.get("sheetId", 0) == place.get("sheetId", 0) and own["dimension"] == place.get("dimension")
    start, end = place.get("startIndex", 0), place.get("endIndex", 2**31)
    return bool(same) and start <= own["startIndex"] < end and (not exact or end - start == 1)


def _filter_area(book: Book, data_filter: Body) -> Area:
    if "a1Range" in data_filter:
        return read_range(book, data_filter["a1Range"])
    area = data_filter.get("gridRange")
    if area is None:
        raise Invalid("A data filter needs a developerMetadataLookup, an a1Range or a gridRange.")
    return Area(*resolved(book, area))


def _area_of(book: Book, entry: Body) -> Area | None:
    location = entry["location"]
    place = location.get("dimensionRange", location)
    sheet = book.sheet_by_id(place.get("sheetId", 0)) if location["locationType"] != "SPREADSHEET" else None
    if sheet is None:
        return None
    if "dimension" not in place:
        return Area(sheet, sheet.whole())
    start, end = place["startIndex"], place["endIndex"]
    rows = place["dimension"] == ROWS
    return Area(sheet, Box(start, 0, end, sheet.columns) if rows else Box(0, start, sheet.rows, end))


def areas(book: Book, data_filter: Body) -> list[Area]:
    """The cells that a data filter means; one area for each entry that a lookup finds."""
    if "developerMetadataLookup" not in data_filter:
        return [_filter_area(book, data_filter)]
    found = (_area_of(book, entry) for entry in matching(book, data_filter))
    return [area for area in found if area is not None]
