"""Batch requests that move contents between cells: sort, copy, cut, find and replace."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from adapters.sandbox.google.book import EMPTY, Cell, Place, Sheet
from adapters.sandbox.google.boxes import Box
from adapters.sandbox.google.editing import Edit
from adapters.sandbox.google.entries import typed
from adapters.sandbox.google.errors import Invalid
from adapters.sandbox.google.formulas import Calculation
from adapters.sandbox.google.locales import locale_named
from adapters.sandbox.google.reading import formatted
from adapters.sandbox.google.references import End, Ends, rewrite, shifted
from adapters.sandbox.google.writing import with_entry

Body = Mapping[str, Any]
SortKey = tuple[int, Any]
_BLANK_LAST: SortKey = (9, 0)
_VALUE_PARTS = frozenset({"userEnteredValue", "textFormatRuns"})
_PASTED: dict[str, Callable[[str], bool]] = {
    "PASTE_NORMAL": lambda _part: True,
    "PASTE_NO_BORDERS": lambda _part: True,
    "PASTE_VALUES": lambda part: part in _VALUE_PARTS,
    "PASTE_FORMULA": lambda part: part in _VALUE_PARTS,
    "PASTE_FORMAT": lambda part: part == "userEnteredFormat",
    "PASTE_DATA_VALIDATION": lambda part: part == "dataValidation",
}


def sort_range(edit: Edit, body: Body) -> dict[str, Any]:
    """sortRange: contents move, rows stay, so metadata and heights keep their place; blank cells come last."""
    sheet, box = edit.guarded_area(body.get("range", {}))
    specs = body.get("sortSpecs", [])
    if not specs:
        raise Invalid("Must specify at least one sort spec.")
    rows = list(range(box.top, box.bottom))
    calculation = Calculation(edit.book)
    for spec in reversed(specs):
        column = spec.get("dimensionIndex", 0)
        if not box.left <= column < box.right:
            raise Invalid(f"Sort spec column {column} is outside of the sorted range.")
        rows = _sorted(rows, partial(_sort_key, calculation, sheet, column), spec.get("sortOrder") == "DESCENDING")
    _rearrange(sheet, box, rows)
    return {}


def _sorted(rows: list[int], key: Callable[[int], SortKey], descending: bool) -> list[int]:
    filled = [row for row in rows if key(row) != _BLANK_LAST]
    blank = [row for row in rows if key(row) == _BLANK_LAST]
    return sorted(filled, key=key, reverse=descending) + blank


def _sort_key(calculation: Calculation, sheet: Sheet, column: int, row: int) -> SortKey:
    value = calculation.effective(sheet, (row, column))
    if "numberValue" in value:
        return (0, value["numberValue"])
    if "stringValue" in value:
        return (1, value["stringValue"].casefold())
    if "boolValue" in value:
        return (2, value["boolValue"])
    return (3, 0) if value else _BLANK_LAST


def _rearrange(sheet: Sheet, box: Box, rows: list[int]) -> None:
    old = {place: sheet.cells.pop(place) for place in box.places() if place in sheet.cells}
    for new_row, old_row in enumerate(rows, box.top):
        for column in range(box.left, box.right):
            cell = old.get((old_row, column), EMPTY)
            sheet.put((new_row, column), _carried(cell, new_row - old_row, 0))


def _carried(cell: Cell, rows: int, columns: int) -> Cell:
    formula = cell.get("userEnteredValue", {}).get("formulaValue")
    if formula is None or not (rows or columns):
        return cell
    return {**cell, "userEnteredValue": {"formulaValue": shifted(formula, rows, columns)}}


def copy_paste(edit: Edit, body: Body) -> dict[str, Any]:
    """copyPaste: a larger destination is filled with as many whole copies as fit."""
    source_sheet, source = edit.area(body.get("source", {}))
    sheet, target = edit.guarded_area(body.get("destination", {}))
    if not source.height or not source.width:
        raise Invalid("The source range must not be empty.")
    transposed = body.get("pasteOrientation") == "TRANSPOSE"
    height, width = (source.width, source.height) if transposed else (source.height, source.width)
    down, across = max(target.height // height, 1), max(target.width // width, 1)
    filled = Box(target.top, target.left, target.top + down * height, target.left + across * width)
    if filled.bottom > sheet.rows or filled.right > sheet.columns:
        raise Invalid("The destination range is outside of the grid.")
    edit.guard(sheet, filled)
    parts = _paste_kind(body)
    copied = {place: source_sheet.cell(place) for place in source.places()}
    values = _computed(edit, source_sheet, source) if body.get("pasteType") == "PASTE_VALUES" else {}
    for row, column in filled.places():
        offset = ((row - filled.top) % height, (column - filled.left) % width)
        at = offset[::-1] if transposed else offset
        place = (source.top + at[0], source.left + at[1])
        cell = values.get(place) or _carried(copied[place], row - place[0], column - place[1])
        sheet.put((row, column), _pasted(sheet.cell((row, column)), cell, parts))
    return {}


def _paste_kind(body: Body) -> Callable[[str], bool]:
    kind = body.get("pasteType", "PASTE_NORMAL")
    if kind not in _PASTED:
        raise Invalid(f"The sandbox does not emulate the paste type {kind}.")
    return _PASTED[kind]


def _pasted(old: Cell, new: Cell, wanted: Callable[[str], bool]) -> Cell:
    kept = {name: part for name, part in old.items() if not wanted(name)}
    return kept | {name: part for name, part in new.items() if wanted(name)}


def _computed(edit: Edit, sheet: Sheet, box: Box) -> dict[Place, Cell]:
    calculation = Calculation(edit.book)
    return {
        place: {"userEnteredValue": calculation.effective(sheet, place)}
        for place in box.places()
        if sheet.filled(place)
    }


def cut_paste(edit: Edit, body: Body) -> dict[str, Any]:
    """cutPaste: cells move as they are; formulas elsewhere keep pointing at the moved cells."""
    source_sheet, source = edit.guarded_area(body.get("source", {}))
    to = body.get("destination", {})
    sheet = edit.sheet(to.get("sheetId", 0))
    if min(to.get("rowIndex", 0), to.get("columnIndex", 0)) < 0:
        raise Invalid("The destination range is outside of the grid.")
    down, across = to.get("rowIndex", 0) - source.top, to.get("columnIndex", 0) - source.left
    target = Box(source.top + down, source.left + across, source.bottom + down, source.right + across)
    if target.bottom > sheet.rows or target.right > sheet.columns:
        raise Invalid("The destination range is outside of the grid.")
    edit.guard(sheet, target)
    parts = _paste_kind(body)
    cut = {place: source_sheet.cell(place) for place in source.places()}
    for place in cut:
        source_sheet.put(place, _pasted(source_sheet.cell(place), EMPTY, parts))
    for (row, column), cell in cut.items():
        new = (row + down, column + across)
        sheet.put(new, _pasted(sheet.cell(new), cell, parts))
    if sheet is source_sheet:
        _follow(sheet, source, down, across)
    return {}


def _follow(sheet: Sheet, source: Box, down: int, across: int) -> None:
    def change(title: str, ends: Ends) -> Ends | None:
        inside = all(_inside(end, source) for end in ends) and title.casefold() in ("", sheet.title.casefold())
        return tuple(_moved(end, down, across) for end in ends) if inside else ends

    for place, cell in list(sheet.cells.items()):
        formula = cell.get("userEnteredValue", {}).get("formulaValue")
        if formula is not None:
            sheet.cells[place] = {**cell, "userEnteredValue": {"formulaValue": rewrite(formula, change)}}


def _inside(end: End, box: Box) -> bool:
    return end.row is not None and end.column is not None and box.holds(end.row, end.column)


def _moved(end: End, down: int, across: int) -> End:
    return end._replace(row=(end.row or 0) + down, column=(end.column or 0) + across)


def find_replace(edit: Edit, body: Body) -> dict[str, Any]:
    """findReplace: looks at the shown text, writes as if typed; formulas only with includeFormulas."""
    pattern, counts = _pattern(body), dict.fromkeys(_COUNTS, 0)
    rows: set[tuple[int, int]] = set()
    for sheet, box in _searched(edit, body):
        places = sorted(place for place in sheet.cells if box.holds(*place) and sheet.filled(place))
        changed = [place for place in places if _replaced(edit, sheet, place, pattern, body, counts)]
        rows |= {(sheet.sheet_id, row) for row, _ in changed}
    counts["rowsChanged"] = len(rows)
    counts["sheetsChanged"] = len({sheet_id for sheet_id, _ in rows})
    return {"findReplace": {name: count for name, count in counts.items() if count}}


_COUNTS = ("valuesChanged", "formulasChanged", "rowsChanged", "sheetsChanged", "occurrencesChanged")


def _searched(edit: Edit, body: Body) -> Iterable[tuple[Sheet, Box]]:
    if body.get("allSheets"):
        return [(sheet, sheet.whole()) for sheet in edit.book.sheets]
    if "range" in body:
        return [edit.area(body["range"])]
    if "sheetId" in body:
        sheet = edit.sheet(body["sheetId"])
        return [(sheet, sheet.whole())]
    raise Invalid("Must specify a range, a sheetId or allSheets.")


def _pattern(body: Body) -> re.Pattern[str]:
    find = body.get("find", "")
    if not find:
        raise Invalid("Must specify a text to find.")
    text = find if body.get("searchByRegex") else re.escape(find)
    if body.get("matchEntireCell"):
        text = rf"^(?:{text})$"
    try:
        return re.compile(text, 0 if body.get("matchCase") else re.IGNORECASE)
    except re.error as error:
        raise Invalid(f"Invalid regular expression: {find} ({error})") from error


def _substituted(pattern: re.Pattern[str], replacement: str, shown: str, *, regex: bool) -> tuple[str, int]:
    """Google writes a group of the expression as `$1`."""
    if not regex:
        return pattern.subn(lambda _: replacement, shown)
    template = re.sub(r"\$(\d)", r"\\g<\1>", replacement.replace("\\", "\\\\"))
    try:
        return pattern.subn(template, shown)
    except (re.error, IndexError) as error:
        raise Invalid(f"Invalid replacement: {replacement} ({error})") from error


def _replaced(
    edit: Edit, sheet: Sheet, place: Place, pattern: re.Pattern[str], body: Body, counts: dict[str, int]
) -> bool:
    formula = sheet.cell(place)["userEnteredValue"].get("formulaValue")
    if formula is not None and not body.get("includeFormulas"):
        return False
    shown = formula if formula is not None else formatted(Calculation(edit.book), sheet, place)
    replacement = body.get("replacement", "")
    new, times = _substituted(pattern, replacement, shown, regex=bool(body.get("searchByRegex")))
    if not times:
        return False
    edit.guard(sheet, Box(place[0], place[1], place[0] + 1, place[1] + 1))
    old = sheet.cell(place)
    entry = typed(new, locale_named(edit.book.locale), old.get("userEnteredFormat", {}))
    sheet.put(place, with_entry(old, entry))
    counts["formulasChanged" if formula is not None else "valuesChanged"] += 1
    counts["occurrencesChanged"] += times
    return True
