"""Who asks: key and token from the query, the Authorization header or the body, and the words of each refusal."""

import hashlib
import re

from adapters.sandbox.trello import errors
from adapters.sandbox.trello.params import Params
from adapters.sandbox.wire import Call

_OAUTH = re.compile(r'(oauth_consumer_key|oauth_token)="([^"]*)"')
_WELL_FORMED = re.compile(r"[0-9a-f]{64}|ATTA[0-9A-Za-z=_-]{20,}")


def _derived(what: str) -> str:
    return hashlib.sha256(f"syncer sandbox trello {what}".encode()).hexdigest()


KEY = _derived("key")[:32]
SECRET = _derived("secret")


def token_of(username: str) -> str:
    """The token of one member. They are no secret: they open nothing but a sandbox."""
    return _derived(f"token of {username}")


class Gate:
    """Which tokens are good at present."""

    def __init__(self) -> None:
        self.open = True
        self._usernames: dict[str, str] = {}

    def admit(self, username: str) -> None:
        """Gives a member a token."""
        self._usernames[token_of(username)] = username

    def clear(self) -> None:
        """Forgets all members."""
        self._usernames.clear()

    def username(self, call: Call, params: Params, resource: str) -> str:
        """Whose token the request carries; raises Trello's refusal when it carries none that is good."""
        key, token = credentials(call, params)
        if not token:
            raise errors.document(401, "missing scopes") if call.method == "POST" else errors.unauthorized(resource)
        if key != KEY:
            raise errors.text(401, "invalid key")
        if not _WELL_FORMED.fullmatch(token):
            raise errors.text(401, "invalid app token")
        if not self.open or token not in self._usernames:
            raise errors.text(401, "invalid token")
        return self._usernames[token]


def credentials(call: Call, params: Params) -> tuple[str, str]:
    """Key and token as the request carries them, the header first; empty where it has none."""
    header = dict(_OAUTH.findall(call.headers.get("authorization", "")))
    key = header.get("oauth_consumer_key") or params.raw("key") or ""
    token = header.get("oauth_token") or params.raw("token") or ""
    return str(key), str(token)
