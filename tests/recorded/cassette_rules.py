"""What a cassette keeps of a call: the service's public address instead of the sandbox's, and nothing secret."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from adapters.sandbox.server import RunningSandbox
from syncer.settings_sections import AsanaSettings, GoogleSettings, TrelloSettings
from tests.contract.rig import Site

CASSETTES = Path(__file__).parent / "cassettes"
PLACES = CASSETTES / "places.json"
"""The ids of the places that the cassettes are about."""
HIDDEN = "HIDDEN"
TOKEN_URI = "https://oauth2.googleapis.com/token"
PUBLIC = Site(
    TrelloSettings().base_url,
    AsanaSettings().base_url,
    GoogleSettings().sheets_url,
    GoogleSettings().drive_url,
    places={},
    env={},
)
HOSTS = {urlsplit(url).hostname for url in (PUBLIC.trello_url, PUBLIC.asana_url, PUBLIC.sheets_url, TOKEN_URI)}
HEADERS = {"content-type"}
"""All that is kept of headers: what replaying and comparing bodies needs."""
_TOKEN_FIELDS = re.compile(r'("(?:access_token|id_token|refresh_token)" ?: ?")[^"]*')
_SECRET_PAIRS = re.compile(r"\b((?:assertion|key|token|oauth_token|client_secret)=)[^&\s]*")


class Scrubber:
    """Makes what is sent and received ready to be kept. `running` is the sandbox that is being recorded, if any."""

    def __init__(self, running: RunningSandbox | None) -> None:
        self._addresses = _addresses(running) if running else []

    def request(self, request: Any) -> Any:
        """A request for the cassette, and a request to be looked up in it."""
        request.uri = _SECRET_PAIRS.sub(rf"\1{HIDDEN}", self._moved(request.uri))
        if request.body:
            text = _SECRET_PAIRS.sub(rf"\1{HIDDEN}", self._moved(_text(request.body)))
            request.body = text.encode()
        request.headers = _kept(request.headers.items())
        return request

    def response(self, response: dict[str, Any]) -> dict[str, Any]:
        """An answer for the cassette."""
        text = self._moved(_text(response["body"]["string"]))
        response["body"]["string"] = _TOKEN_FIELDS.sub(rf"\1{HIDDEN}", text).encode()
        response["headers"] = _kept(response["headers"].items())
        return response

    def _moved(self, text: str) -> str:
        for local, public in self._addresses:
            text = text.replace(local, public)
        return text


def _addresses(running: RunningSandbox) -> list[tuple[str, str]]:
    """Each address of the sandbox and the one it stands for; the longer of two that begin alike comes first."""
    return [
        (f"{running.url}/google/token", TOKEN_URI),
        (running.trello_url, PUBLIC.trello_url),
        (running.asana_url, PUBLIC.asana_url),
        (running.sheets_url, PUBLIC.sheets_url),
    ]


def _kept(headers: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    return {name: value for name, value in headers if name.lower() in HEADERS}


def _text(body: bytes | str) -> str:
    return body if isinstance(body, str) else body.decode("utf-8")


CREDENTIALS = {
    "a header that lets somebody in": r"(?i)authorization|\b(?:bearer|oauth) |oauth_(?:consumer_key|token)=|cookie",
    "a Google token": r"ya29\.|AIza|\b1//\w",
    "a signed assertion": r"\beyJ[\w-]{8,}",
    "a private key": r"-----BEGIN|private_key",
    "an Asana token": r"\b[12]/\d{6,}(?:/\d+)?:[0-9a-f]{16,}",
    "a Trello token": r"ATTA\w{8,}|(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])",
    "a Trello key": r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])",
    "a secret in a pair": rf"\b(?:key|token|secret|assertion|client_secret|password)=(?!{HIDDEN})",
    "a secret in a document": rf'"(?:\w*token|secret|password|api_?key)"\s*:\s*"(?!{HIDDEN}")',
    "the machine it was recorded on": r"127\.0\.0\.1|localhost|\[::1\]",
}
"""What must not be in a cassette, by what it would be."""
_LONG_WORD = re.compile(r"[A-Za-z0-9_-]{32,}")


def leaks(text: str, known: Iterable[str]) -> list[str]:
    """What looks like a credential in a text. Long random words are one unless they are among the `known`."""
    found = [what for what, pattern in CREDENTIALS.items() if re.search(pattern, text)]
    words = set(_LONG_WORD.findall(text)) - set(known)
    return found + sorted(word for word in words if re.search(r"\d", word) and re.search(r"[A-Za-z]", word))


def interactions(document: dict[str, Any]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """The requests and responses of a cassette."""
    return [(each["request"], each["response"]) for each in document["interactions"]]
