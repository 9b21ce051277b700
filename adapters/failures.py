"""How a request can fail, sorted by one question: can the service have applied it?"""

from __future__ import annotations

import ssl
from typing import Any

import requests
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from adapters.replies import causes
from syncer.core.errors import Malformed, PlaceError, Unauthorised, Unavailable


class Rejected(Exception):
    """The service said no to this very request (4xx) and applied nothing."""

    def __init__(self, status: int, message: str, said: Any = None) -> None:
        super().__init__(f"{status}: {message}")
        self.status = status
        self.message = message
        """At most 300 characters without secrets."""
        self.said = said
        """The JSON document of the answer, None if it had none."""


class Doubtful(Exception):
    """The service may or may not have applied this request; look before sending it again."""


class Failure(Exception):
    """One attempt failed."""

    def __init__(self, error: PlaceError, *, applied: bool, again: bool) -> None:
        super().__init__(str(error))
        self.error = error
        """What to raise where nothing was applied."""
        self.applied = applied
        """Whether the service may have applied it."""
        self.again = again
        """Whether the same request may succeed later."""


def unreached(error: Exception) -> Failure:
    """The failure of a request that got no whole answer: some errors prove that it never arrived."""
    proof = _never_sent(error)
    if proof is not None:
        return proof
    if isinstance(error, requests.exceptions.ContentDecodingError):
        return Failure(Malformed("The answer cannot be unpacked.", "Try again."), applied=True, again=False)
    late = isinstance(error, requests.Timeout)
    what = "It did not answer in time." if late else "The connection broke."
    return Failure(Unavailable(what, "Try again later."), applied=True, again=True)


def _never_sent(error: Exception) -> Failure | None:
    chain = causes(error)
    if any(isinstance(one, ssl.SSLCertVerificationError) for one in chain):
        remedy = "Check the service's address and this machine's clock."
        return Failure(Unavailable("Its certificate is not trusted.", remedy), applied=False, again=False)
    if isinstance(error, requests.exceptions.InvalidHeader | UnicodeError):
        unusable = Unauthorised("The credential has characters that none can have.", "Copy it again.")
        return Failure(unusable, applied=False, again=False)
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema):
        return Failure(Unavailable("Its address is no URL.", "Correct it."), applied=False, again=False)
    if any(isinstance(one, NewConnectionError | ConnectTimeoutError) for one in chain):
        unreachable = Unavailable("It could not be reached.", "Check the network, then try again.")
        return Failure(unreachable, applied=False, again=True)
    return None
