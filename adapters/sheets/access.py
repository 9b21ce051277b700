"""One service account's way to Google: its token, and two quotas that every spreadsheet it opens shares."""

from __future__ import annotations

from pathlib import Path

from adapters.http import Http
from adapters.limiter import Limiter, Quota
from adapters.sheets.client import DRIVE_HOST, SHEETS_HOST, SheetsClient, SheetsHttp
from adapters.sheets.token import ServiceAccount
from syncer.ports import Clock, Traffic

QUOTA = Quota(60, 60.0)
"""Reads, and again writes, of one user of one project (Google's page on Sheets limits)."""


class Access:
    """What replicas of the same service account share."""

    def __init__(
        self, sheets_url: str, drive_url: str, credentials_file: Path, clock: Clock, quota: Quota = QUOTA
    ) -> None:
        self._clock = clock
        self._hosts = {SHEETS_HOST: sheets_url, DRIVE_HOST: drive_url}
        self._reading = Limiter(quota, clock)
        self._writing = Limiter(quota, clock)
        exchange = Http("", {}, clock, Limiter(quota, clock), "Google sign-in", ())
        self._account = ServiceAccount(credentials_file, exchange, clock.now)

    def open(self, spreadsheet: str) -> Connection:
        """A spreadsheet by its id; nothing is sent yet."""
        reads = Http("", self._account.headers, self._clock, self._reading, "Google Sheets", ())
        writes = Http("", self._account.headers, self._clock, self._writing, "Google Sheets", ())
        client = SheetsClient(spreadsheet, SheetsHttp(reads, writes, self._account, self._hosts))
        return Connection(client, (reads, writes))


class Connection:
    """A spreadsheet and what was sent about it."""

    def __init__(self, client: SheetsClient, ways: tuple[Http, ...]) -> None:
        self.client = client
        self._ways = ways

    def traffic(self) -> Traffic:
        """Requests about this spreadsheet, retries included; asking for tokens is not counted."""
        sent = [way.traffic for way in self._ways]
        return Traffic(sum(one.requests for one in sent), sum(one.writes for one in sent))
