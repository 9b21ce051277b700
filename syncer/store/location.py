"""The state's address: which file a `state` URL names."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError

from syncer.core.errors import ConfigurationFault

MEMORY = ":memory:"
_EXAMPLE = "Write for example state = sqlite:///var/syncer.db."


def state_file(url: str, base: Path) -> Path | None:
    """The file that `url` names, links followed; relative paths start at `base`. None: a state in memory only.

    Raises ConfigurationFault for anything but `sqlite:///FILE`. It never repeats the URL, which may hold a password.
    """
    parsed = _parse(url)
    if parsed.get_backend_name().startswith("postgres"):
        raise _fault("PostgreSQL is not supported by this version, sqlite:/// only; PostgreSQL comes later.")
    if parsed.drivername not in ("sqlite", "sqlite+pysqlite"):
        raise _fault("only sqlite:/// is supported.")
    if parsed.host or parsed.query:
        raise _fault("a sqlite URL has neither a host (write three slashes) nor options after a question mark.")
    if parsed.database in (None, MEMORY):
        return None
    if not parsed.database:
        raise _fault("the URL names no file.")
    return (base / parsed.database).resolve()


def _parse(url: str) -> URL:
    try:
        return make_url(url)
    except ArgumentError as error:
        raise _fault("this is not a database URL.") from error


def _fault(problem: str) -> ConfigurationFault:
    return ConfigurationFault([f"state: {problem} {_EXAMPLE}"])
