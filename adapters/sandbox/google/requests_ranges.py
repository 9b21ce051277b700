"""Batch requests about what lies over cells: filters, merges, conditional formats, protections, names."""

import re
from collections.abc import Mapping
from typing import Any

from adapters.sandbox.google.answering import named_range, protected_range
from adapters.sandbox.google.appearance import stored
from adapters.sandbox.google.book import Sheet
from adapters.sandbox.google.boxes import Box, bounded, grid_range
from adapters.sandbox.google.editing import Edit
from adapters.sandbox.google.errors import PROTECTED, Invalid
from adapters.sandbox.google.masks import replace
from adapters.sandbox.google.requests_sheets import required_mask

Body = Mapping[str, Any]
_NAME = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*$")
_CELL_NAME = re.compile(r"^([A-Za-z]{1,3}[0-9]+|[Rr][0-9]*[Cc][0-9]*)$")
_RULE_FORMATS = frozenset({"textFormat", "backgroundColor", "backgroundColorStyle"})


def set_basic_filter(edit: Edit, body: Body) -> dict[str, Any]:
    """setBasicFilter: an open range is kept bounded to the grid."""
    given = body.get("filter", {})
    sheet, box = edit.guarded_area(given.get("range", {}))
    sheet.basic_filter = {**given, "range": grid_range(sheet.sheet_id, box)}
    return {}


def clear_basic_filter(edit: Edit, body: Body) -> dict[str, Any]:
    """clearBasicFilter"""
    edit.sheet(body.get("sheetId", 0)).basic_filter = {}
    return {}


def merge_cells(edit: Edit, body: Body) -> dict[str, Any]:
    """mergeCells: the covered cells lose their values, as in the user interface."""
    sheet, box = edit.guarded_area(body.get("range", {}))
    for part in _merge_parts(box, body.get("mergeType", "MERGE_ALL")):
        overlapping = [merge for merge in sheet.merges if _box(sheet, merge).meets(part)]
        if any(not _box(sheet, merge).within(part) for merge in overlapping):
            raise Invalid("You must select all cells in a merged range to merge or unmerge them.")
        sheet.merges = [merge for merge in sheet.merges if merge not in overlapping]
        sheet.merges.append(grid_range(sheet.sheet_id, part))
        _cover(sheet, part)
    return {}


def _merge_parts(box: Box, kind: str) -> list[Box]:
    if kind == "MERGE_COLUMNS":
        return [Box(box.top, column, box.bottom, column + 1) for column in range(box.left, box.right)]
    if kind == "MERGE_ROWS":
        return [Box(row, box.left, row + 1, box.right) for row in range(box.top, box.bottom)]
    return [box]


def _box(sheet: Sheet, area: Body) -> Box:
    return bounded(area, sheet.rows, sheet.columns)


def _cover(sheet: Sheet, part: Box) -> None:
    for place in part.places():
        if place != (part.top, part.left) and place in sheet.cells:
            cell = sheet.cells[place]
            sheet.put(place, {name: value for name, value in cell.items() if name != "userEnteredValue"})


def unmerge_cells(edit: Edit, body: Body) -> dict[str, Any]:
    """unmergeCells"""
    sheet, box = edit.guarded_area(body.get("range", {}))
    overlapping = [merge for merge in sheet.merges if _box(sheet, merge).meets(box)]
    if any(not _box(sheet, merge).within(box) for merge in overlapping):
        raise Invalid("You must select all cells in a merged range to merge or unmerge them.")
    sheet.merges = [merge for merge in sheet.merges if merge not in overlapping]
    return {}


def _rule(edit: Edit, rule: Body) -> tuple[Sheet, dict[str, Any]]:
    ranges = rule.get("ranges", [])
    if not ranges or len({area.get("sheetId", 0) for area in ranges}) > 1:
        raise Invalid("A conditional format rule needs ranges, and all of them on the same grid.")
    sheet, _ = edit.area(ranges[0])
    for area in ranges[1:]:
        edit.area(area)
    unknown = set(rule.get("booleanRule", {}).get("format", {})) - _RULE_FORMATS
    if unknown:
        raise Invalid(f"ConditionalFormatRule.format does not support {min(unknown)}.")
    if ("booleanRule" in rule) == ("gradientRule" in rule):
        raise Invalid("A conditional format rule needs either a booleanRule or a gradientRule.")
    return sheet, {**stored(rule), "ranges": ranges}


def add_conditional_format_rule(edit: Edit, body: Body) -> dict[str, Any]:
    """addConditionalFormatRule: later rules move back."""
    sheet, rule = _rule(edit, body.get("rule", {}))
    index = body.get("index", 0)
    if not 0 <= index <= len(sheet.conditional):
        raise Invalid(f"No conditional format on sheet: {sheet.sheet_id} at index: {index}")
    sheet.conditional.insert(index, rule)
    return {}


def _rule_at(edit: Edit, body: Body) -> tuple[Sheet, int]:
    sheet, index = edit.sheet(body.get("sheetId", 0)), body.get("index", 0)
    if not 0 <= index < len(sheet.conditional):
        raise Invalid(f"No conditional format on sheet: {sheet.sheet_id} at index: {index}")
    return sheet, index


def update_conditional_format_rule(edit: Edit, body: Body) -> dict[str, Any]:
    """updateConditionalFormatRule: replaces a rule, or moves it to `newIndex`."""
    if "rule" in body:
        sheet, rule = _rule(edit, body["rule"])
        sheet, index = _rule_at(edit, {**body, "sheetId": sheet.sheet_id})
        old, sheet.conditional[index] = sheet.conditional[index], rule
        answer = {"newRule": rule, "newIndex": index, "oldRule": old, "oldIndex": index}
    else:
        sheet, index = _rule_at(edit, body)
        if not 0 <= body.get("newIndex", 0) < len(sheet.conditional):
            raise Invalid(f"No conditional format on sheet: {sheet.sheet_id} at index: {body['newIndex']}")
        rule = sheet.conditional.pop(index)
        sheet.conditional.insert(body.get("newIndex", 0), rule)
        answer = {"newRule": rule, "newIndex": body.get("newIndex", 0), "oldIndex": index}
    return {"updateConditionalFormatRule": {name: value for name, value in answer.items() if value != 0}}


def delete_conditional_format_rule(edit: Edit, body: Body) -> dict[str, Any]:
    """deleteConditionalFormatRule"""
    sheet, index = _rule_at(edit, body)
    return {"deleteConditionalFormatRule": {"rule": sheet.conditional.pop(index)}}


def add_protected_range(edit: Edit, body: Body) -> dict[str, Any]:
    """addProtectedRange: the owner and who sets it up are always among the editors."""
    given = dict(body.get("protectedRange", {}))
    given.pop("requestingUserCanEdit", None)
    sheet = edit.sheet(given.get("range", {}).get("sheetId", 0))
    edit.area(given.get("range", {}))
    taken = {entry["protectedRangeId"] for other in edit.book.sheets for entry in other.protected}
    number = given.get("protectedRangeId") or edit.new_id(taken)
    if number in taken:
        raise Invalid(f"Protected range with id {number} already exists.")
    entry = {"protectedRangeId": number, **_range_of(given, sheet), **_settings(edit, given)}
    sheet.protected.append(entry)
    editors = {name: value for name, value in given.get("editors", {}).items() if value}
    return {
        "addProtectedRange": {
            "protectedRange": protected_range(entry, edit.who, edit.book.owner) | {"editors": editors}
        }
    }


def _range_of(given: Body, sheet: Sheet) -> dict[str, Any]:
    area = given.get("range", {})
    return {"range": {"sheetId": sheet.sheet_id, **area}}


def _settings(edit: Edit, given: Body) -> dict[str, Any]:
    names = ("description", "warningOnly", "unprotectedRanges")
    settings: dict[str, Any] = {name: given[name] for name in names if given.get(name)}
    editors = {name: value for name, value in given.get("editors", {}).items() if value}
    users = dict.fromkeys([edit.book.owner, edit.who, *editors.get("users", [])])
    return settings | {"editors": {**editors, "users": list(users)}}


def _protection(edit: Edit, number: int) -> tuple[Sheet, dict[str, Any]]:
    for sheet in edit.book.sheets:
        for entry in sheet.protected:
            if entry["protectedRangeId"] == number:
                if not entry.get("warningOnly") and not edit.may_edit(entry):
                    raise Invalid(PROTECTED)
                return sheet, entry
    raise Invalid(f"No protected range with ID: {number}")


def update_protected_range(edit: Edit, body: Body) -> dict[str, Any]:
    """updateProtectedRange"""
    given = body.get("protectedRange", {})
    mask = required_mask(body.get("fields", ""), "ProtectedRange")
    sheet, entry = _protection(edit, given.get("protectedRangeId", 0))
    merged = replace(entry, given, mask)
    new = {"protectedRangeId": entry["protectedRangeId"], "range": merged["range"], **_settings(edit, merged)}
    sheet.protected[sheet.protected.index(entry)] = new
    return {}


def delete_protected_range(edit: Edit, body: Body) -> dict[str, Any]:
    """deleteProtectedRange"""
    sheet, entry = _protection(edit, body.get("protectedRangeId", 0))
    sheet.protected.remove(entry)
    return {}


def add_named_range(edit: Edit, body: Body) -> dict[str, Any]:
    """addNamedRange: ids are texts of digits."""
    given = body.get("namedRange", {})
    _check_name(edit, given.get("name", ""))
    sheet, box = edit.area(given.get("range", {}))
    number = given.get("namedRangeId") or str(edit.new_id(set()))
    if any(entry["namedRangeId"] == number for entry in edit.book.named):
        raise Invalid(f"Named range with id {number} already exists.")
    area = {"sheetId": sheet.sheet_id, **grid_range(sheet.sheet_id, box)}
    entry = {"namedRangeId": number, "name": given["name"], "range": area}
    edit.book.named.append(entry)
    return {"addNamedRange": {"namedRange": named_range(entry)}}


def _check_name(edit: Edit, name: str, own: str = "") -> None:
    if not _NAME.match(name) or _CELL_NAME.match(name):
        raise Invalid(f"The name of the range is invalid: {name}")
    others = [entry for entry in edit.book.named if entry["namedRangeId"] != own]
    if any(entry["name"].casefold() == name.casefold() for entry in others):
        raise Invalid(f'A named range with the name "{name}" already exists.')


def _named(edit: Edit, number: str) -> dict[str, Any]:
    for entry in edit.book.named:
        if entry["namedRangeId"] == number:
            return entry
    raise Invalid(f"No named range with id: {number}")


def update_named_range(edit: Edit, body: Body) -> dict[str, Any]:
    """updateNamedRange: name and range."""
    given = body.get("namedRange", {})
    mask = required_mask(body.get("fields", ""), "NamedRange")
    entry = _named(edit, given.get("namedRangeId", ""))
    merged = replace(entry, given, {name: rest for name, rest in mask.items() if name != "namedRangeId"})
    _check_name(edit, merged["name"], entry["namedRangeId"])
    sheet, box = edit.area(merged["range"])
    area = {"sheetId": sheet.sheet_id, **grid_range(sheet.sheet_id, box)}
    entry.update(name=merged["name"], range=area)
    return {}


def delete_named_range(edit: Edit, body: Body) -> dict[str, Any]:
    """deleteNamedRange"""
    edit.book.named.remove(_named(edit, body.get("namedRangeId", "")))
    return {}
