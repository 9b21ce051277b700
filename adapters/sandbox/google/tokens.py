"""Access tokens: a service account trades a signed assertion for one, as Google's server-to-server OAuth asks."""

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from functools import cache
from random import Random
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from adapters.sandbox.google.errors import ApiError
from adapters.sandbox.wire import Call, Reply

ACCOUNT = "syncer@sandbox-project.iam.gserviceaccount.com"
PEOPLE = "people@example.com"
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
LIFETIME = 3600
SCOPE = "https://www.googleapis.com/auth/"
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


class TokenOffice:
    """The service account's key and the tokens that are valid.

    A token does not expire by itself: clients count its hour on their own clock, which knows nothing of the sandbox's.
    """

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.accepted: set[str] = {"people-token"}
        self.issued: dict[str, list[str]] = {}
        self.revoked = False
        self.key_text = ""

    def private_key(self) -> str:
        """The account's key as PEM; made when it is asked for the first time."""
        if not self.key_text:
            self.key_text = _new_key()
        return self.key_text

    def service_account_info(self, base_url: str) -> dict[str, str]:
        """The service account document whose holder may ask for tokens."""
        return {
            "type": "service_account",
            "project_id": "sandbox-project",
            "private_key_id": "sandbox0000000000000000000000000000000001",
            "private_key": self.private_key(),
            "client_email": ACCOUNT,
            "client_id": "100000000000000000001",
            "auth_uri": f"{base_url}/google/auth",
            "token_uri": f"{base_url}/google/token",
            "universe_domain": "googleapis.com",
        }

    def answer(self, call: Call) -> Reply:
        """POST /token"""
        form = dict(call.form())
        grant = form.get("grant_type", "")
        if grant != JWT_BEARER:
            raise _refused("unsupported_grant_type", f"Invalid grant_type: {grant}")
        if self.revoked:
            raise _refused("invalid_grant", "Invalid grant: account not found")
        scopes = _checked(form.get("assertion", ""), self.private_key())
        token = "ya29.c." + "".join(self.rng.choices(_ALPHABET, k=80))
        self.issued[token] = scopes
        return Reply.json(200, {"access_token": token, "expires_in": LIFETIME, "token_type": "Bearer"})

    def caller(self, call: Call) -> tuple[str, frozenset[str]] | None:
        """The caller's address and scopes (without their common prefix); None when the token is not valid."""
        scheme, _, token = call.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or self.revoked:
            return None
        if token in self.issued:
            return ACCOUNT, frozenset(scope.removeprefix(SCOPE) for scope in self.issued[token])
        return (PEOPLE, frozenset({"spreadsheets", "drive"})) if token in self.accepted else None

    def dump(self) -> dict[str, Any]:
        """The key, the tokens and whether they were revoked, as JSON."""
        return {"key": self.key_text, "issued": self.issued, "accepted": sorted(self.accepted), "revoked": self.revoked}

    def load(self, state: Mapping[str, Any]) -> None:
        """Takes back what `dump` gave. Raises KeyError or TypeError where it is something else."""
        self.key_text, self.issued = state["key"], dict(state["issued"])
        self.accepted, self.revoked = set(state["accepted"]), state["revoked"]


def _new_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    return pem.decode()


@cache
def _public_key(private_text: str) -> rsa.RSAPublicKey:
    key = serialization.load_pem_private_key(private_text.encode(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("the service account's key is no RSA key; reset the sandbox's state file")
    return key.public_key()


def _checked(assertion: str, private_text: str) -> list[str]:
    """The scopes of a good assertion; raises invalid_grant or invalid_scope for any other."""
    signed, _, signature = assertion.rpartition(".")
    head, _, payload = signed.partition(".")
    try:
        header, claims, mark = json.loads(_decoded(head)), json.loads(_decoded(payload)), _decoded(signature)
    except (ValueError, binascii.Error):
        raise _refused("invalid_grant", "Bad Request") from None
    if not isinstance(header, dict) or not isinstance(claims, dict) or header.get("alg") != "RS256":
        raise _refused("invalid_grant", "Bad Request")
    try:
        _public_key(private_text).verify(mark, signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        raise _refused("invalid_grant", "Invalid JWT Signature.") from None
    _check_claims(claims)
    return _scopes(str(claims.get("scope", "")).split())


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _check_claims(claims: Mapping[str, Any]) -> None:
    if claims.get("iss") != ACCOUNT:
        raise _refused("invalid_grant", "Invalid grant: account not found")
    if not urlsplit(str(claims.get("aud", ""))).path.endswith("/token"):
        raise _refused("invalid_grant", "Invalid JWT: Failed audience check. The right audience is the token_uri.")
    issued, expires = claims.get("iat"), claims.get("exp")
    if not isinstance(issued, int) or not isinstance(expires, int) or not 0 < expires - issued <= LIFETIME + 60:
        text = "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. "
        raise _refused("invalid_grant", text + "Check your iat and exp values in the JWT claim.")


def _scopes(scopes: Iterable[str]) -> list[str]:
    found = list(scopes)
    if not found:
        raise _refused("invalid_scope", "Empty or missing scope not allowed.")
    return found


def _refused(error: str, description: str) -> ApiError:
    return ApiError(400, {"error": error, "error_description": description})
