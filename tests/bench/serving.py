"""The sandbox in a process of its own, as people start it, with its quotas switched off."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def served(folder: Path, seed: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What the sandbox announces: its URLs, credentials and places."""
    file = folder / "seed.json"
    file.write_text(json.dumps(seed), encoding="utf-8")
    command = [sys.executable, "-m", "syncer", "sandbox", "--seed", str(file)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stdout
            said = json.loads(process.stdout.readline())
            line = Line(said["url"])
            assert line.ask("POST", "/_sandbox/limits", json.dumps({"off": True})).startswith(b'{"ok":true')
            line.close()
            yield said
        finally:
            process.terminate()


class Line:
    """One connection that stays open, with as little of a client around it as there can be."""

    def __init__(self, url: str, headers: Mapping[str, str] | None = None) -> None:
        address = urlsplit(url)
        self._connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=60)
        self._headers = dict(headers or {})

    def ask(self, method: str, path: str, body: str | None = None) -> bytes:
        """The body of an answer, which must be a success."""
        self._connection.request(method, path, body, self._headers)
        answer = self._connection.getresponse()
        found = answer.read()
        assert answer.status == 200, (answer.status, found[:200])
        return found

    def close(self) -> None:
        """Hangs up."""
        self._connection.close()


def trello_headers(said: Mapping[str, Any]) -> dict[str, str]:
    """The header that lets Trello's user in."""
    key, token = said["env"]["SYNCER_TRELLO__KEY"], said["env"]["SYNCER_TRELLO__TOKEN"]
    return {"Authorization": f'OAuth oauth_consumer_key="{key}", oauth_token="{token}"'}
