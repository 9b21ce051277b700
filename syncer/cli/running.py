"""`syncer run`: the daemon."""

from __future__ import annotations

import random
from dataclasses import replace

import structlog
import typer

from syncer.cli.session import Session, ladder
from syncer.cli.stopping import stop_on_signals
from syncer.daemon.health import Health, HealthServer
from syncer.daemon.loop import Loop
from syncer.store.sql import SqlStore
from syncer.wiring import campaigns

SLOW = 10.0
"""Seconds after which a pass goes on without a place that has not answered yet."""
PATIENCE = 20.0
"""Seconds a request in flight gets after SIGTERM; then the process ends, and the journal knows what was in doubt."""


def run(context: typer.Context) -> None:
    """The daemon: passes on an interval, `/healthz` and `/readyz`; SIGTERM ends it cleanly."""
    session: Session = context.obj
    with ladder(session), session.writing() as store:
        stop_on_signals(session, PATIENCE)
        log: structlog.stdlib.BoundLogger = structlog.get_logger("syncer.daemon")
        daemon = session.settings.daemon
        health = Health(store.require_writable, session.clock.stopping)
        server = HealthServer(health, daemon.host, daemon.port)
        server.start()
        log.info("started", host=daemon.host, port=server.port, campaigns=len(session.settings.campaigns))
        try:
            _loop(session, store, health, log).run(session.clock.stopping)
        finally:
            server.stop()
        log.info("stopped")


def _loop(session: Session, store: SqlStore, health: Health, log: structlog.stdlib.BoundLogger) -> Loop:
    return Loop(
        replace(session.passes(store), patience=SLOW),
        lambda: campaigns(session.connections, store, [], frozenset(), daemon=True),
        session.settings.sync.interval,
        session.clock,
        random.SystemRandom(),
        health,
        log,
    )
