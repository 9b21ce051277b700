"""A service account's access token, asked for by ourselves: google-auth's own refresh calls other hosts as well."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from google.auth import jwt
from google.auth.exceptions import GoogleAuthError
from google.oauth2.service_account import Credentials

from adapters.http import Doubtful, Http, Rejected
from syncer.core.errors import Malformed, Unauthorised, Unavailable

SCOPE = "https://www.googleapis.com/auth/spreadsheets"
_AUDIENCE = "https://oauth2.googleapis.com/token"
"""What Google's guide to server-to-server OAuth demands as `aud`, wherever the token is asked for."""
_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_LIFE = timedelta(hours=1)
_MARGIN = timedelta(minutes=5)
_KEY = "SYNCER_GOOGLE__CREDENTIALS_FILE"
_encode: Callable[..., bytes] = jwt.encode
_credentials: Callable[..., Any] = Credentials.from_service_account_info


class _Key(NamedTuple):
    email: str
    signer: Any
    token_uri: str


class ServiceAccount:
    """Keeps a token that stays valid for some minutes yet. Safe to share between threads."""

    def __init__(self, credentials_file: Path, exchange: Http, now: Callable[[], datetime]) -> None:
        self._file = credentials_file
        self._exchange = exchange
        self._now = now
        self._lock = Lock()
        self._key: _Key | None = None
        self._token = ""
        self._renew_at: datetime | None = None

    @property
    def email(self) -> str:
        """The address a spreadsheet has to be shared with."""
        return self._known().email

    def headers(self) -> Mapping[str, str]:
        """The Authorization header. Raises Unauthorised where the file is of no use or Google refuses the account."""
        with self._lock:
            if self._renew_at is None or self._now() >= self._renew_at:
                self._renew()
            return {"Authorization": f"Bearer {self._token}"}

    def forget(self) -> None:
        """Ask for another token the next time: the present one was refused."""
        with self._lock:
            self._renew_at = None

    def _renew(self) -> None:
        asked_at = self._now()
        said = self._ask(self._assertion(asked_at))
        try:
            token, life = str(said["access_token"]), timedelta(seconds=float(said.get("expires_in", 3600)))
        except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
            raise Malformed("Google's token endpoint answered without a token.", "Try again.") from None
        self._token = token
        self._renew_at = asked_at + max(life - _MARGIN, life / 2)

    def _ask(self, assertion: str) -> Any:
        form = {"grant_type": _GRANT, "assertion": assertion}
        try:
            return self._exchange.send("POST", self._known().token_uri, form=form, repeatable=True)
        except Rejected as refused:
            raise Unauthorised(
                f"Google refuses the service account {self.email} ({refused.message}).",
                f"Make a new key for it in the Google Cloud console and name its file in {_KEY}.",
            ) from None
        except Doubtful as lost:
            raise Unavailable(f"Google gave no access token. {lost}", "Try again later.") from None

    def _assertion(self, now: datetime) -> str:
        known = self._known()
        claims = {
            "iss": known.email,
            "scope": SCOPE,
            "aud": _AUDIENCE,
            "iat": int(now.timestamp()),
            "exp": int((now + _LIFE).timestamp()),
        }
        return _encode(known.signer, claims).decode("ascii")

    def _known(self) -> _Key:
        if self._key is None:
            self._key = self._load()
        return self._key

    def _load(self) -> _Key:
        try:
            info = json.loads(self._file.read_text(encoding="utf-8"))
            known = _credentials(info, scopes=[SCOPE])
            return _Key(str(known.service_account_email), known.signer, str(info["token_uri"]))
        except OSError as fault:
            problem = f"The Google credentials file {self._file} cannot be read ({fault.strerror})."
        except (GoogleAuthError, AttributeError, KeyError, TypeError, ValueError):
            problem = f"The Google credentials file {self._file} is no service-account key."
        remedy = f"Set {_KEY} to the JSON file that the Google Cloud console gave for the service account."
        raise Unauthorised(problem, remedy)
