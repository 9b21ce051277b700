"""`syncer demo`: the whole job on a realistic campaign."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import requests
import structlog
import typer
from rich.console import Console

from adapters.sandbox.server import RunningSandbox
from syncer import logs
from syncer.cli.demo_places import Places
from syncer.cli.demo_story import Story
from syncer.cli.printing import safe
from syncer.cli.session import Session, ladder, new_id
from syncer.core.errors import ConfigurationFault
from syncer.core.stages import StageMap
from syncer.passes import Passes
from syncer.settings import Settings, load
from syncer.store.lock import WriterLock
from syncer.store.opening import open_store
from syncer.wiring import Connections, campaigns

WIDTH = 80
_PAID_WORKSPACE = {"SYNCER_ASANA__QUOTA": "1500"}
"""The sandbox's Asana has the quota of a paid workspace."""


def demo(
    context: typer.Context,
    keep: Annotated[
        Path | None,
        typer.Option("--keep", metavar="DIR", help="Keep configuration, state, plan and log in this new folder."),
    ] = None,
    stay: Annotated[bool, typer.Option("--stay", help="Keep the services running afterwards, until Ctrl-C.")] = False,
) -> None:
    """Run the whole job on a realistic campaign, against local services."""
    session: Session = context.obj
    with ladder(session), _folder(keep) as folder:
        try:
            story = _told(session, folder, keep, stay)
        except requests.RequestException as error:
            session.err.print(f"The demonstration's own requests failed: {error}", markup=False)
            raise typer.Exit(1) from None
        raise typer.Exit(1 if story.failures else 0)


def _told(session: Session, folder: Path, keep: Path | None, stay: bool) -> Story:
    out = Console(file=io.StringIO()) if session.as_json else _console()
    with (folder / "syncer.log").open("w", encoding="utf-8") as log, RunningSandbox(seed="double-11") as sandbox:
        sandbox.write_config(folder / "syncer.toml")
        environ = {**sandbox.env, **_PAID_WORKSPACE}
        settings = load(folder / "syncer.toml", environ, folder)
        logs.configure(log, now=session.clock.now, verbose=session.verbose, secrets=settings.secrets())
        _open_with(out, sandbox)
        with _story(session, out, sandbox, settings, folder) as story:
            story.tell()
        _close_with(out, story, keep)
        if session.as_json:
            session.print_json(story.as_json())
        if stay:
            _stay(session, environ, folder)
    return story


@contextmanager
def _story(
    session: Session, out: Console, sandbox: RunningSandbox, settings: Settings, folder: Path
) -> Iterator[Story]:
    (campaign,) = settings.campaigns
    places = Places(sandbox, campaign.stage_map() or StageMap([]), campaign.zone)
    connections = Connections(settings, session.clock, folder)
    with WriterLock(settings.state, session.clock, folder):
        store = open_store(settings.state, session.clock, folder)
        try:
            yield Story(
                out,
                Passes(store, session.clock, new_id, structlog.get_logger("syncer"), session.clock.stopping),
                lambda: campaigns(connections, store, [], frozenset(), daemon=False),
                places,
                folder,
            )
        finally:
            store.dispose()
            places.close()


def _console() -> Console:
    """As wide as a small terminal, so that it looks the same everywhere."""
    terminal = Console(file=sys.stdout, highlight=False)
    return Console(file=sys.stdout, highlight=False, width=min(WIDTH, terminal.width) if sys.stdout.isatty() else WIDTH)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """Where the demonstration's files are. Raises ConfigurationFault for a folder that holds something already."""
    if keep is None:
        temporary = Path(tempfile.mkdtemp(prefix="syncer-demo-"))
        try:
            yield temporary
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
        return
    try:
        keep.mkdir(parents=True, exist_ok=True)
        filled = any(keep.iterdir())
    except OSError as error:
        raise ConfigurationFault([f"--keep {keep}: it cannot be used ({error.strerror})."]) from error
    if filled:
        raise ConfigurationFault([f"--keep {keep}: it is not empty; name a new folder."])
    yield keep.resolve()


def _open_with(out: Console, sandbox: RunningSandbox) -> None:
    out.print("[bold]Double 11 2026: one campaign in Trello, Asana and Google Sheets[/bold]")
    out.print("The services are emulated on this machine; nothing leaves it.")
    out.print()
    for name, url in (
        ("Trello", sandbox.trello_url),
        ("Asana", sandbox.asana_url),
        ("Sheets", sandbox.sheets_url),
        ("a page", f"{sandbox.url}/ shows all three; `--stay` keeps it"),
    ):
        out.print(f"  {name:<8}{url}")


def _close_with(out: Console, story: Story, keep: Path | None) -> None:
    for failure in story.failures:
        out.print(f"  [red]did not hold:[/red] {safe(failure)}")
    out.print()
    out.print("[bold]Where to look next[/bold]")
    for name, what in _KEPT if keep is not None else ():
        out.print(f"  {safe(str(keep))}/{name}: {what}", soft_wrap=True)
    for command, what in _NEXT:
        out.print(f"  {command:<42}{what}")
    out.print("Overdue flags and the KPI review come with later versions.")


def _stay(session: Session, environ: Mapping[str, str], folder: Path) -> None:
    """Serve on until a signal comes; `.env` lets other commands in, as they would be let in anywhere."""
    handle = os.open(folder / ".env", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.writelines(f"{name}={json.dumps(value)}\n" for name, value in environ.items())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: session.clock.stop())
    session.err.print(
        f"\nThe services run until Ctrl-C. In another terminal: cd {folder} && syncer status", markup=False
    )
    while not session.clock.stopping():
        session.clock.sleep(3600)


_KEPT = (
    ("syncer.toml", "the configuration"),
    ("plan.json", "the plan that was accepted"),
    ("syncer.db", "the state: what is linked, what was agreed, what was done"),
    ("syncer.log", "a line for every write and every pass"),
)
_NEXT = (
    ("syncer demo --stay", "the services stay, to look around"),
    ("syncer demo --keep DIR", "its files stay: state, plan, log"),
    ("syncer sandbox --config-out syncer.toml", "the campaign as it was at first"),
    ("syncer --help", "everything else"),
)
