"""The methods of the Sheets API: who may call them, which are changes, and how a change becomes the present state."""

from collections.abc import Callable
from typing import Any

from adapters.sandbox.google import answering, batch, filtered, metadata, values
from adapters.sandbox.google.a1 import read_range
from adapters.sandbox.google.book import Sheet
from adapters.sandbox.google.editing import Edit
from adapters.sandbox.google.errors import Invalid, forbidden, insufficient_scope
from adapters.sandbox.google.files import Files
from adapters.sandbox.google.masks import EVERYTHING, Mask, apply, parse, parse_loose, wants
from adapters.sandbox.google.payloads import check_query, flag, parameter, parameters, read_body
from adapters.sandbox.google.requests_sheets import add_sheet, new_sheet_id, place_sheet
from adapters.sandbox.google.routing import Route
from adapters.sandbox.wire import Call

Answer = dict[str, Any]
Read = Callable[[Route, Call, str], Answer]
Write = Callable[[Edit, Route, Call], Answer]
WRITE_SCOPES = frozenset({"spreadsheets", "drive", "drive.file"})
READ_SCOPES = WRITE_SCOPES | {"spreadsheets.readonly", "drive.readonly"}
GET_OPTIONS = frozenset({"ranges", "includeGridData", "commentsViewMode", "excludeTablesInBandedRanges"})

WRITES: dict[tuple[str, str], Write] = {
    ("PUT", "values/{}"): lambda edit, route, call: values.update(edit, route.item, call),
    ("POST", "values/{}:append"): lambda edit, route, call: values.append(edit, route.item, call),
    ("POST", "values/{}:clear"): lambda edit, route, call: values.clear(edit, route.item, call),
    ("POST", "values:batchUpdate"): lambda edit, _, call: values.batch_update(edit, call),
    ("POST", "values:batchClear"): lambda edit, _, call: values.batch_clear(edit, call),
    ("POST", "values:batchUpdateByDataFilter"): lambda edit, _, call: filtered.batch_update(edit, call),
    ("POST", "values:batchClearByDataFilter"): lambda edit, _, call: filtered.batch_clear(edit, call),
    ("POST", ":batchUpdate"): lambda edit, _, call: batch_update(edit, call),
}


class SheetsApi:
    """Answers Sheets calls about the files; `may_create` tells whose Drive has room for new ones."""

    def __init__(self, files: Files, may_create: Callable[[str], bool]) -> None:
        self.files = files
        self.may_create = may_create

    def _reads(self) -> dict[tuple[str, str], Read]:
        return {
            ("GET", "{}"): self._get,
            ("POST", ":getByDataFilter"): self._get_by_data_filter,
            ("GET", "values/{}"): lambda route, call, who: values.get(self._book(route, who), route.item, call),
            ("GET", "values:batchGet"): lambda route, call, who: values.batch_get(self._book(route, who), call),
            ("POST", "values:batchGetByDataFilter"): lambda route, call, who: filtered.batch_get(
                self._book(route, who), call
            ),
            ("GET", "developerMetadata/{}"): lambda route, _, who: metadata.get(self._book(route, who), route.item),
            ("POST", "developerMetadata:search"): self._search,
        }

    def knows(self, route: Route) -> bool:
        """Whether there is such a method."""
        key = (route.method, route.shape)
        return key in WRITES or key in self._reads() or key in (("POST", ""), ("POST", "sheets/{}:copyTo"))

    def answer(self, route: Route, call: Call, who: str, scopes: frozenset[str]) -> Answer:
        """The answer of a known method; raises what Google refuses."""
        wanted = READ_SCOPES if route.method == "GET" else WRITE_SCOPES
        if not scopes & wanted:
            raise insufficient_scope()
        answer = self._answer(route, call, who)
        fields = parameter(call, "fields")
        masked_already = route.shape in ("{}", ":getByDataFilter") and route.reads
        return answer if not fields or masked_already else apply(answer, parse_loose(fields))

    def _answer(self, route: Route, call: Call, who: str) -> Answer:
        key = (route.method, route.shape)
        if key in WRITES:
            edit = self.files.edit(route.book, who)
            answer = WRITES[key](edit, route, call)
            self.files.commit(edit)
            return answer
        if key == ("POST", ""):
            return self._create(call, who)
        if key == ("POST", "sheets/{}:copyTo"):
            return self._copy_to(route, call, who)
        return self._reads()[key](route, call, who)

    def _book(self, route: Route, who: str) -> Any:
        return self.files.readable(route.book, who)

    def _get(self, route: Route, call: Call, who: str) -> Answer:
        check_query(call, GET_OPTIONS)
        book, fields = self._book(route, who), parameter(call, "fields")
        mask: Mask = parse(fields, "Spreadsheet") if fields else EVERYTHING
        areas = [read_range(book, text) for text in parameters(call, "ranges")]
        grid = wants(mask, "sheets", "data") if fields else flag(call, "includeGridData")
        answer: Answer = apply(answering.spreadsheet(book, who, mask, areas, grid=grid), mask)
        return answer

    def _get_by_data_filter(self, route: Route, call: Call, who: str) -> Answer:
        book, fields = self._book(route, who), parameter(call, "fields")
        body = read_body(call, "GetSpreadsheetByDataFilterRequest")
        mask: Mask = parse(fields, "Spreadsheet") if fields else EVERYTHING
        areas = [area for one in body.get("dataFilters", []) for area in metadata.areas(book, one)]
        grid = wants(mask, "sheets", "data") if fields else bool(body.get("includeGridData"))
        answer: Answer = apply(answering.spreadsheet(book, who, mask, areas, grid=grid), mask)
        return answer

    def _search(self, route: Route, call: Call, who: str) -> Answer:
        return metadata.search(self._book(route, who), read_body(call, "SearchDeveloperMetadataRequest"))

    def _create(self, call: Call, who: str) -> Answer:
        if not self.may_create(who):
            raise forbidden()
        body = read_body(call, "Spreadsheet")
        given = body.get("properties", {})
        book = self.files.new_book(given.get("title") or "Untitled spreadsheet", who)
        book.locale = given.get("locale") or book.locale
        book.time_zone = given.get("timeZone") or book.time_zone
        edit = Edit(book, who, self.files.rng)
        try:
            for sheet in body.get("sheets", []):
                add_sheet(edit, {"properties": sheet.get("properties", {})})
        except Invalid:
            del self.files.books[book.id]
            raise
        if not book.sheets:
            book.sheets.append(Sheet(0, "Sheet1"))
        return answering.spreadsheet(book, who, EVERYTHING, [], grid=False)

    def _copy_to(self, route: Route, call: Call, who: str) -> Answer:
        source = self.files.readable(route.book, who)
        body = read_body(call, "CopySheetToAnotherSpreadsheetRequest")
        sheet = source.sheet_by_id(int(route.item) if route.item.isdigit() else -1)
        if sheet is None:
            raise Invalid(f"The sheet ({route.item}) does not exist.")
        edit = self.files.edit(body.get("destinationSpreadsheetId", ""), who)
        copied = sheet.copy()
        copied.sheet_id, copied.title = new_sheet_id(edit, None), f"Copy of {sheet.title}"
        copied.protected, copied.merges, copied.conditional, copied.basic_filter = [], [], [], {}
        if edit.book.sheet_by_title(copied.title):
            copied.title += f" {len(edit.book.sheets)}"
        place_sheet(edit.book, copied, None)
        edit.check_size()
        self.files.commit(edit)
        return answering.sheet_properties(copied, len(edit.book.sheets) - 1)


def batch_update(edit: Edit, call: Call) -> Answer:
    """spreadsheets.batchUpdate"""
    body, prepared = batch.read_requests(call)
    answer: Answer = {"spreadsheetId": edit.book.id, "replies": batch.apply(edit, prepared)}
    if body.get("includeSpreadsheetInResponse"):
        areas = [read_range(edit.book, text) for text in body.get("responseRanges", [])]
        grid = bool(body.get("responseIncludeGridData"))
        answer["updatedSpreadsheet"] = answering.spreadsheet(edit.book, edit.who, EVERYTHING, areas, grid=grid)
    return answer
