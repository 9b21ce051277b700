"""`syncer sandbox`: local Trello, Asana, Sheets and Drive."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from adapters.sandbox.server import RunningSandbox
from syncer.cli.session import Session


def sandbox(
    context: typer.Context,
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port; 0 takes a free one.")] = 0,
    state: Annotated[
        Path | None, typer.Option("--state", metavar="FILE", help="Keeps what is in it over restarts.")
    ] = None,
    seed: Annotated[str, typer.Option("--seed", metavar="NAME|FILE", help="What is in it at first.")] = "double-11",
    config_out: Annotated[
        Path | None, typer.Option("--config-out", metavar="FILE", help="Write a syncer.toml that points at it.")
    ] = None,
) -> None:
    """Serve local Trello, Asana, Sheets and Drive until stopped."""
    session: Session = context.obj
    try:
        served = RunningSandbox(seed=seed, state_file=state, host=host, port=port)
    except (OSError, ValueError) as error:
        session.err.print(f"The sandbox cannot start: {error}", markup=False)
        raise typer.Exit(2) from None
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: session.clock.stop())
    served.start()
    try:
        if config_out is not None:
            served.write_config(config_out)
        sys.stdout.write(json.dumps(served.announcement(), ensure_ascii=False) + "\n")
        sys.stdout.flush()
        _wait(session)
    finally:
        served.stop()


def _wait(session: Session) -> None:
    while not session.clock.stopping():
        session.clock.sleep(3600)
