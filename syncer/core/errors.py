"""Errors by what to do about them; each says what happened, where, and the next step.

SyncerError
├── ConfigurationFault   mend the configuration                      exit 2
├── StateFault           the state cannot be trusted: touch nothing  exit 7
├── LockHeld             another run is at work: wait                exit 6
└── PlaceError           one replica takes no part in this pass
    ├── Unauthorised     give a working credential                   exit 5
    ├── PlaceMissing     correct the id or share the place           exit 1
    ├── HeaderFault      mend the sheet's header row                 exit 4 (guard `header`)
    ├── Malformed        the answer was not the service's: try again exit 1
    └── Unavailable      down, slow or out of quota: try again       exit 1
"""

from __future__ import annotations


class SyncerError(Exception):
    """Base of all errors meant for people: no traceback is shown for them."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(f"{message} {remedy}".strip())
        self.message = message
        self.remedy = remedy


class ConfigurationFault(SyncerError):
    """The configuration is wrong; `problems` lists every fault at once."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class StateFault(SyncerError):
    """The state is missing, damaged, of another scope or newer: nothing may be touched."""


class LockHeld(SyncerError):
    """Another process writes this state at present."""


class PlaceError(SyncerError):
    """A replica cannot take part in this pass; the others go on."""


class Unauthorised(PlaceError):
    """The service refused the credential."""


class PlaceMissing(PlaceError):
    """The board, project or spreadsheet does not exist, or is not shared with the credential."""


class HeaderFault(PlaceError):
    """The sheet's header row cannot be understood; nothing may be written into a wrong column."""


class Malformed(PlaceError):
    """The answer is not what the service sends: never read as empty."""


class Unavailable(PlaceError):
    """The service could not be reached, was too slow, failed, or is out of quota.

    Nothing of the request that raised it was applied. `retry_after` is in seconds, None if the service named none.
    """

    def __init__(self, message: str, remedy: str = "", retry_after: float | None = None) -> None:
        super().__init__(message, remedy)
        self.retry_after = retry_after
