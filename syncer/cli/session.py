"""What every command needs: options, configuration, logging, state, and the ladder from errors to exit codes."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import uuid4

import structlog
import typer
from rich.console import Console

from syncer import logs
from syncer.clock import SystemClock
from syncer.core.errors import ConfigurationFault, LockHeld, StateFault, SyncerError
from syncer.passes import Passes
from syncer.settings import Settings, load
from syncer.store.lock import WriterLock
from syncer.store.opening import open_store, open_store_readonly
from syncer.store.sql import SqlStore
from syncer.wiring import Connections

EXIT_CODES = {
    0: "clean",
    1: "incomplete, safe to run again",
    2: "usage or configuration",
    3: "done, but something waits for a person (conflicts, quarantine)",
    4: "a guard refused",
    5: "authentication",
    6: "another run holds the lock",
    7: "state unreadable, nothing was touched",
}


@dataclass
class Session:
    """One command's surroundings."""

    config: Path | None = None
    as_json: bool = False
    verbose: bool = False
    clock: SystemClock = field(default_factory=SystemClock)
    cwd: Path = field(default_factory=Path.cwd)

    @cached_property
    def out(self) -> Console:
        """Standard output, for people; never narrower than is readable when it is no terminal."""
        return Console(file=sys.stdout, highlight=False, width=None if sys.stdout.isatty() else 100)

    @cached_property
    def err(self) -> Console:
        """Standard error, for messages to people."""
        return Console(file=sys.stderr, highlight=False, soft_wrap=True)

    @cached_property
    def settings(self) -> Settings:
        """The configuration; logging is set up with its secrets as soon as it is read."""
        self._log()
        settings = load(self.config, os.environ, self.cwd)
        self._log(settings)
        return settings

    def _log(self, settings: Settings | None = None) -> None:
        secrets = settings.secrets() if settings else ()
        logs.configure(sys.stderr, now=self.clock.now, verbose=self.verbose, secrets=secrets)

    @cached_property
    def connections(self) -> Connections:
        """The services, not yet spoken to."""
        return Connections(self.settings, self.clock, self.cwd)

    @contextmanager
    def writing(self) -> Iterator[SqlStore]:
        """The state under the writer's lock. Raises LockHeld, StateFault."""
        with WriterLock(self.settings.state, self.clock, self.cwd):
            store = open_store(self.settings.state, self.clock, self.cwd)
            try:
                yield store
            finally:
                store.dispose()

    @contextmanager
    def reading(self) -> Iterator[SqlStore]:
        """The state as it is, never written."""
        store = open_store_readonly(self.settings.state, self.cwd)
        try:
            yield store
        finally:
            store.dispose()

    def passes(self, store: SqlStore) -> Passes:
        """Runs over the configured campaigns."""
        log: structlog.stdlib.BoundLogger = structlog.get_logger("syncer")
        return Passes(store, self.clock, new_id, log, self.clock.stopping)

    def print_json(self, document: Any) -> None:
        """One JSON document on standard output."""
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def new_id() -> str:
    """A key for a run or an intent."""
    return uuid4().hex[:16]


@contextmanager
def ladder(session: Session) -> Iterator[None]:
    """Turn errors meant for people into a message and the exit code that goes with what to do about them."""
    try:
        yield
    except ConfigurationFault as fault:
        head = "The configuration cannot be used:" if len(fault.problems) > 1 else ""
        _say(session, 2, "\n".join([*([head] if head else []), *fault.problems]), fault.problems)
    except LockHeld as held:
        _say(session, 6, str(held))
    except StateFault as fault:
        _say(session, 7, str(fault))
    except SyncerError as error:
        _say(session, 1, str(error))


def _say(session: Session, code: int, message: str, problems: list[str] | None = None) -> None:
    explain(session, code, message, problems or [message])
    raise typer.Exit(code)


def explain(session: Session, code: int, message: str, problems: list[str]) -> None:
    """Say on standard error why a command did not begin; where JSON was asked for, as its document too."""
    session.err.print(message, markup=False)
    if session.as_json:
        session.print_json({"exit": code, "error": message, "problems": problems})
