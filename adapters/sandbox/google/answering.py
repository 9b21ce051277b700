"""What spreadsheets.get answers: properties, tabs and, on demand, grid data; false, 0 and empty are left out."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from adapters.sandbox.google.a1 import Area
from adapters.sandbox.google.appearance import DEFAULT_FORMAT, effective, theme
from adapters.sandbox.google.book import Book, Cell, Place, Sheet
from adapters.sandbox.google.boxes import COLUMNS, ROWS, Box, without_zero_sheet
from adapters.sandbox.google.editing import edits
from adapters.sandbox.google.formulas import Calculation
from adapters.sandbox.google.masks import EVERYTHING, Mask, below, wants
from adapters.sandbox.google.reading import formatted

PIXELS = {ROWS: 21, COLUMNS: 100}
_OWN_FIELDS = ("dataValidation", "note", "textFormatRuns", "hyperlink")


def spreadsheet(book: Book, who: str, mask: Mask, areas: Sequence[Area], *, grid: bool) -> dict[str, Any]:
    """The whole answer before masking, for the caller `who`; cells that the mask does not want are not computed."""
    chosen = {area.sheet.sheet_id for area in areas}
    sheets = [(index, one) for index, one in enumerate(book.sheets) if not areas or one.sheet_id in chosen]
    answer: dict[str, Any] = {"spreadsheetId": book.id, "properties": properties(book)}
    calculation = Calculation(book)
    answer["sheets"] = [_sheet(book, who, index, one) for index, one in sheets]
    if grid and wants(mask, "sheets", "data"):
        data_mask = below(mask, "sheets", "data")
        for entry, (_, one) in zip(answer["sheets"], sheets, strict=True):
            boxes = [area.box for area in areas if area.sheet is one] or [one.whole()]
            entry["data"] = [_grid_data(calculation, one, box, data_mask) for box in boxes]
    if book.named:
        answer["namedRanges"] = [named_range(entry) for entry in book.named]
    answer["spreadsheetUrl"] = f"https://docs.google.com/spreadsheets/d/{book.id}/edit"
    own = [entry for entry in book.metadata if entry["location"]["locationType"] == "SPREADSHEET"]
    return answer | ({"developerMetadata": own} if own else {})


def properties(book: Book) -> dict[str, Any]:
    """The spreadsheet's properties."""
    return {
        "title": book.title,
        "locale": book.locale,
        "autoRecalc": book.auto_recalc,
        "timeZone": book.time_zone,
        "defaultFormat": DEFAULT_FORMAT,
        "spreadsheetTheme": theme(),
    }


def sheet_properties(sheet: Sheet, index: int) -> dict[str, Any]:
    """A tab's properties; sheetId and index stand there even when 0."""
    grid = {"rowCount": sheet.rows, "columnCount": sheet.columns}
    grid |= {name: value for name, value in sheet.grid.items() if value}
    answer = {"sheetId": sheet.sheet_id, "title": sheet.title, "index": index, "sheetType": "GRID"}
    own = {name: value for name, value in sheet.properties.items() if value or name.startswith("tabColor")}
    return answer | {"gridProperties": grid} | own


def named_range(entry: Mapping[str, Any]) -> dict[str, Any]:
    """A named range as Google answers it: like every zero, the id of sheet 0 is left out of its range."""
    return {**entry, "range": without_zero_sheet(entry["range"])}


def protected_range(entry: Mapping[str, Any], who: str, owner: str) -> dict[str, Any]:
    """A protection as one of its editors sees it; others are not told who the editors are."""
    shown = {**entry, "range": without_zero_sheet(entry["range"])}
    editors = shown.pop("editors", {})
    return shown | ({"requestingUserCanEdit": True, "editors": editors} if edits(entry, who, owner) else {})


def _sheet(book: Book, who: str, index: int, sheet: Sheet) -> dict[str, Any]:
    answer: dict[str, Any] = {"properties": sheet_properties(sheet, index)}
    if sheet.merges:
        answer["merges"] = [without_zero_sheet(area) for area in sheet.merges]
    if sheet.conditional:
        answer["conditionalFormats"] = [
            {**rule, "ranges": [without_zero_sheet(area) for area in rule["ranges"]]} for rule in sheet.conditional
        ]
    if sheet.basic_filter:
        answer["basicFilter"] = {**sheet.basic_filter, "range": without_zero_sheet(sheet.basic_filter["range"])}
    if sheet.protected:
        answer["protectedRanges"] = [protected_range(entry, who, book.owner) for entry in sheet.protected]
    own = [entry for entry in book.metadata if _on_sheet(entry["location"], sheet.sheet_id)]
    return answer | ({"developerMetadata": own} if own else {})


def _on_sheet(location: Mapping[str, Any], sheet_id: int) -> bool:
    return (location["locationType"], location.get("sheetId", 0)) == ("SHEET", sheet_id)


def _grid_data(calculation: Calculation, sheet: Sheet, box: Box, mask: Mask) -> dict[str, Any]:
    data: dict[str, Any] = {}
    if box.top:
        data["startRow"] = box.top
    if box.left:
        data["startColumn"] = box.left
    if wants(mask, "rowData"):
        cell_mask = below(mask, "rowData", "values") if wants(mask, "rowData", "values") else {"nothing": EVERYTHING}
        rows = _row_data(calculation, sheet, box, cell_mask)
        data |= {"rowData": rows} if rows else {}
    for name, dimension in (("rowMetadata", ROWS), ("columnMetadata", COLUMNS)):
        if wants(mask, name):
            data[name] = _dimension_metadata(calculation.book, sheet, dimension, box)
    return data


def _row_data(calculation: Calculation, sheet: Sheet, box: Box, mask: Mask) -> list[dict[str, Any]]:
    last: dict[int, int] = {}
    for row, column in sheet.cells:
        if box.holds(row, column) and _shown(sheet.cells[row, column], mask):
            last[row] = max(column, last.get(row, -1))
    rows = range(box.top, max(last, default=box.top - 1) + 1)
    answers = []
    for row in rows:
        end = last.get(row, box.left - 1) + 1
        cells = [_cell_data(calculation, sheet, (row, column), mask) for column in range(box.left, end)]
        answers.append({"values": cells} if cells else {})
    return answers


def _shown(cell: Cell, mask: Mask) -> bool:
    """Whether the cell has something that the mask selects; rows end with the last such cell."""
    wanted = {"userEnteredValue": "effectiveValue", "userEnteredFormat": "effectiveFormat"}
    names = {*cell, *(wanted[name] for name in cell if name in wanted)}
    if "userEnteredValue" in cell:
        names |= {"formattedValue", "effectiveFormat"}
    return not mask or not names.isdisjoint(mask)


def _cell_data(calculation: Calculation, sheet: Sheet, place: Place, mask: Mask) -> dict[str, Any]:
    cell = sheet.cell(place)
    if not cell:
        return {}
    data: dict[str, Any] = {}
    if "userEnteredValue" in cell:
        data |= _value_data(calculation, sheet, place, mask)
    if "userEnteredFormat" in cell:
        data["userEnteredFormat"] = cell["userEnteredFormat"]
    if wants(mask, "effectiveFormat"):
        data["effectiveFormat"] = effective(cell.get("userEnteredFormat", {}))
    return data | {name: cell[name] for name in _OWN_FIELDS if name in cell}


def _value_data(calculation: Calculation, sheet: Sheet, place: Place, mask: Mask) -> dict[str, Any]:
    data: dict[str, Any] = {"userEnteredValue": sheet.cell(place)["userEnteredValue"]}
    if wants(mask, "effectiveValue"):
        data["effectiveValue"] = calculation.effective(sheet, place)
    if wants(mask, "formattedValue"):
        text = formatted(calculation, sheet, place)
        data |= {"formattedValue": text} if text else {}
    return data


def _dimension_metadata(book: Book, sheet: Sheet, dimension: str, box: Box) -> list[dict[str, Any]]:
    start, end = (box.top, box.bottom) if dimension == ROWS else (box.left, box.right)
    own = sheet.row_properties if dimension == ROWS else sheet.column_properties
    marks = _marks(book.metadata, sheet.sheet_id, dimension)
    return [
        {"pixelSize": PIXELS[dimension]}
        | {name: value for name, value in own.get(index, {}).items() if value}
        | ({"developerMetadata": marks[index]} if index in marks else {})
        for index in range(start, end)
    ]


def _marks(metadata: Iterable[Mapping[str, Any]], sheet_id: int, dimension: str) -> dict[int, list[Mapping[str, Any]]]:
    found: dict[int, list[Mapping[str, Any]]] = {}
    for entry in metadata:
        place = entry["location"].get("dimensionRange", {})
        if place and place.get("sheetId", 0) == sheet_id and place["dimension"] == dimension:
            found.setdefault(place["startIndex"], []).append(entry)
    return found
