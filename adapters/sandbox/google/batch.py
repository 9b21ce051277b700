"""spreadsheets.batchUpdate: checked first, applied in order to a copy, all or nothing, one reply for each request."""

from collections.abc import Callable, Mapping
from typing import Any

from adapters.sandbox.google import (
    metadata,
    requests_cells,
    requests_copying,
    requests_dimensions,
    requests_ranges,
    requests_sheets,
)
from adapters.sandbox.google.editing import Edit
from adapters.sandbox.google.errors import ApiError, Invalid
from adapters.sandbox.google.payloads import (
    check_query,
    read_body,
    read_object,
    refuse_unknown_request,
    wrong_value,
)
from adapters.sandbox.google.schema import camel_names, snake, types
from adapters.sandbox.wire import Call

Handler = Callable[[Edit, Mapping[str, Any]], dict[str, Any]]
HANDLERS: dict[str, Handler] = {
    "addSheet": requests_sheets.add_sheet,
    "deleteSheet": requests_sheets.delete_sheet,
    "duplicateSheet": requests_sheets.duplicate_sheet,
    "updateSheetProperties": requests_sheets.update_sheet_properties,
    "updateSpreadsheetProperties": requests_sheets.update_spreadsheet_properties,
    "updateCells": requests_cells.update_cells,
    "repeatCell": requests_cells.repeat_cell,
    "appendCells": requests_cells.append_cells,
    "setDataValidation": requests_cells.set_data_validation,
    "appendDimension": requests_dimensions.append_dimension,
    "insertDimension": requests_dimensions.insert_dimension,
    "deleteDimension": requests_dimensions.delete_dimension,
    "moveDimension": requests_dimensions.move_dimension,
    "updateDimensionProperties": requests_dimensions.update_dimension_properties,
    "autoResizeDimensions": requests_dimensions.auto_resize_dimensions,
    "setBasicFilter": requests_ranges.set_basic_filter,
    "clearBasicFilter": requests_ranges.clear_basic_filter,
    "mergeCells": requests_ranges.merge_cells,
    "unmergeCells": requests_ranges.unmerge_cells,
    "addConditionalFormatRule": requests_ranges.add_conditional_format_rule,
    "updateConditionalFormatRule": requests_ranges.update_conditional_format_rule,
    "deleteConditionalFormatRule": requests_ranges.delete_conditional_format_rule,
    "addProtectedRange": requests_ranges.add_protected_range,
    "updateProtectedRange": requests_ranges.update_protected_range,
    "deleteProtectedRange": requests_ranges.delete_protected_range,
    "addNamedRange": requests_ranges.add_named_range,
    "updateNamedRange": requests_ranges.update_named_range,
    "deleteNamedRange": requests_ranges.delete_named_range,
    "sortRange": requests_copying.sort_range,
    "copyPaste": requests_copying.copy_paste,
    "cutPaste": requests_copying.cut_paste,
    "findReplace": requests_copying.find_replace,
    "createDeveloperMetadata": metadata.create,
    "updateDeveloperMetadata": metadata.update,
    "deleteDeveloperMetadata": metadata.delete,
}
Prepared = tuple[str, dict[str, Any]]


def read_requests(call: Call) -> tuple[dict[str, Any], list[Prepared]]:
    """The body and its requests, all of them checked; raises for the first that is not well formed."""
    check_query(call, frozenset())
    body = read_body(call, "BatchUpdateSpreadsheetRequest")
    entries = body.get("requests", [])
    if not entries:
        raise Invalid("Must specify at least one request.")
    return body, [_prepared(entry, number) for number, entry in enumerate(entries)]


def _prepared(entry: Any, number: int) -> Prepared:
    path = f"requests[{number}]"
    if not isinstance(entry, dict):
        raise wrong_value("requests", "type.googleapis.com/google.apps.sheets.v4.Request", entry)
    names = camel_names("Request")
    for given in entry:
        if given not in names:
            raise refuse_unknown_request(given, path)
    kinds = [names[given] for given, value in entry.items() if value is not None]
    if not kinds:
        raise Invalid(f"Invalid {path}: No request set.")
    if len(kinds) > 1:
        message = f"Invalid value at '{path}' (oneof), oneof field 'kind' is already set. Cannot set '{kinds[1]}'"
        raise Invalid(message, ((path, message),))
    kind = kinds[0]
    if kind not in HANDLERS:
        raise _not_emulated(f"{path}.{kind}")
    value = next(value for value in entry.values() if value is not None)
    type_name = types()["Request"][kind]
    here = f"{path}.{snake(kind)}"
    if not isinstance(value, dict):
        raise wrong_value(here, f"type.googleapis.com/google.apps.sheets.v4.{type_name}", value)
    return kind, read_object(value, type_name, here)


def _not_emulated(place: str) -> ApiError:
    message = f"The sandbox does not emulate {place}. Google has this request, so the refusal is the sandbox's own."
    return ApiError(501, {"error": {"code": 501, "message": message, "status": "UNIMPLEMENTED"}})


def apply(edit: Edit, prepared: list[Prepared]) -> list[dict[str, Any]]:
    """Applies the requests; the reply of one without an answer is empty."""
    replies = []
    for number, (kind, body) in enumerate(prepared):
        try:
            replies.append(HANDLERS[kind](edit, body))
        except Invalid as error:
            raise error.within(f"requests[{number}].{kind}") from error
    return replies
