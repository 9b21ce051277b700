"""Opaque tokens the emulator can take back: a payload and a seal only this sandbox can make."""

import base64
import hashlib
import hmac
import json
from typing import Any


def sealed(secret: str, payload: dict[str, Any]) -> str:
    """A token that carries the payload."""
    text = json.dumps(payload, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_seal(secret, text) + text).decode().rstrip("=")


def opened(secret: str, token: str) -> dict[str, Any] | None:
    """The payload of a token of our own; None for anything else."""
    try:
        raw = base64.urlsafe_b64decode(token.encode() + b"=" * (-len(token) % 4))
    except ValueError:
        return None
    seal, text = raw[:16], raw[16:]
    if not hmac.compare_digest(seal, _seal(secret, text)):
        return None
    payload: dict[str, Any] = json.loads(text)
    return payload


def _seal(secret: str, text: bytes) -> bytes:
    return hmac.new(secret.encode(), text, hashlib.sha256).digest()[:16]
