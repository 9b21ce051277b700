"""gspread's calls over our own HTTP: bounded, within the quotas, and only what is safe to repeat is repeated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gspread.http_client import HTTPClient
from requests import Response, Session

from adapters.http import Http, Rejected
from adapters.sheets.token import ServiceAccount
from syncer.core.errors import PlaceMissing, Unauthorised

SHEETS_HOST = "https://sheets.googleapis.com"
DRIVE_HOST = "https://www.googleapis.com"
FIELDS = (
    "spreadsheetId,properties(title,locale,timeZone),"
    "sheets(properties(sheetId,title,index,gridProperties,hidden),data(startRow,startColumn,rowData(values("
    "userEnteredValue,effectiveValue,formattedValue,userEnteredFormat(numberFormat),effectiveFormat(numberFormat)))))"
)
"""All tabs in one request; Google counts a request, not its size."""

_NO_CREDENTIALS: Any = None
"""gspread wants them only to make a session of its own."""


class _Said(Response):
    """An answer that was read and checked already, in the form gspread takes."""

    def __init__(self, document: Any) -> None:
        super().__init__()
        self.status_code = 200
        self._document = document

    def json(self, **_kwargs: Any) -> Any:
        return self._document


class SheetsHttp(HTTPClient):
    """What gspread sends its requests through. Reads and writes have quotas of their own, so an `Http` each."""

    def __init__(self, reads: Http, writes: Http, account: ServiceAccount, hosts: Mapping[str, str]) -> None:
        super().__init__(_NO_CREDENTIALS, session=Session())
        self.account = account
        self._reads = reads
        self._writes = writes
        self._hosts = hosts

    def request(
        self,
        method: str,
        endpoint: str,
        params: Any = None,
        data: bytes | None = None,
        json: Mapping[str, Any] | None = None,
        files: Any = None,
        headers: Any = None,
    ) -> Response:
        """Send one request, once more with a new token if the token was refused. Raises what `Http.send` raises."""
        if data is not None or files is not None or headers is not None:
            raise ValueError("only JSON requests are sent to Google")
        self.account.headers()  # a token that cannot be had at all is no reason to ask for another
        try:
            return self._send(method.upper(), self._address(endpoint), params, json)
        except Unauthorised:
            self.account.forget()
            self.account.headers()
            return self._send(method.upper(), self._address(endpoint), params, json)

    def _send(self, method: str, address: str, params: Any, json: Any) -> Response:
        http = self._reads if method == "GET" else self._writes
        return _Said(http.send(method, address, params=params, json=json))

    def _address(self, endpoint: str) -> str:
        for host, base in self._hosts.items():
            if endpoint.startswith(host + "/"):
                return base.rstrip("/") + endpoint.removeprefix(host)
        raise ValueError(f"{endpoint} is on no host that was configured")


class SheetsClient:
    """One spreadsheet."""

    def __init__(self, spreadsheet: str, http: SheetsHttp) -> None:
        self.spreadsheet = spreadsheet
        self._http = http

    def read(self) -> Any:
        """The whole spreadsheet, as far as `FIELDS` asks. Raises a PlaceError."""
        try:
            return self._http.fetch_sheet_metadata(self.spreadsheet, params={"fields": FIELDS})
        except Rejected as refused:
            raise self._missing(refused) from None

    def write(self, requests: Sequence[Mapping[str, Any]]) -> None:
        """Carry out all requests or none (`spreadsheets.batchUpdate`).

        Raises Rejected if Google says no to one of them, Doubtful if they may have been carried out, else a PlaceError.
        """
        try:
            self._http.batch_update(self.spreadsheet, {"requests": list(requests)})
        except Rejected as refused:
            if refused.status in (403, 404):
                raise self._missing(refused) from None
            raise

    def _missing(self, refused: Rejected) -> PlaceMissing:
        if refused.status == 404:
            problem = f"There is no spreadsheet {self.spreadsheet}."
            return PlaceMissing(problem, "Take the id from its address, between /d/ and /edit.")
        if refused.status != 403:
            return PlaceMissing(f"Google refused the spreadsheet {self.spreadsheet}: {refused.message}.", "")
        if "SERVICE_DISABLED" in str(refused.said):
            problem = "The Google Sheets API is switched off in the service account's project."
            return PlaceMissing(problem, "Enable it in the Google Cloud console, wait a few minutes, then try again.")
        problem = f"Google refuses the service account the spreadsheet {self.spreadsheet}: {refused.message}."
        return PlaceMissing(problem, f"Share the spreadsheet with {self._http.account.email} as Editor.")
