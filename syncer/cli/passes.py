"""`syncer plan` and `syncer sync`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from syncer.cli import printing
from syncer.cli.session import Session, ladder
from syncer.cli.stopping import stop_on_signals
from syncer.core.errors import ConfigurationFault
from syncer.core.policy import GUARDS
from syncer.planfile import read_plan, write_plan
from syncer.store.sql import SqlStore
from syncer.wiring import campaigns


def plan(
    context: typer.Context,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write the plan, for `sync --apply`.")
    ] = None,
    campaign: Annotated[list[str] | None, typer.Option("--campaign", metavar="KEY", help="Only this campaign.")] = None,
) -> None:
    """Read everything, write nothing anywhere, print what a pass would do."""
    session: Session = context.obj
    with ladder(session):
        keys = _known_keys(session, campaign)
        with session.reading() as store:
            opened = campaigns(session.connections, store, keys, frozenset(), daemon=False)
            report = session.passes(store).look(opened)
        if out is not None:
            write_plan(out, session.clock.now(), report.campaigns)
        if session.as_json:
            session.print_json(report.as_json(actions=True))
        else:
            printing.print_plan(session.out, report)
        raise typer.Exit(report.plan_exit)


def sync(
    context: typer.Context,
    campaign: Annotated[list[str] | None, typer.Option("--campaign", metavar="KEY", help="Only this campaign.")] = None,
    apply: Annotated[
        Path | None,
        typer.Option("--apply", metavar="FILE", help="Do exactly this plan, or nothing if the world moved."),
    ] = None,
    allow: Annotated[
        list[str] | None,
        typer.Option("--allow", metavar="GUARD", help="Lift one named guard for this run; repeatable."),
    ] = None,
) -> None:
    """One whole pass over the campaigns."""
    session: Session = context.obj
    with ladder(session):
        lifted = _known_guards(allow or [])
        keys = _known_keys(session, campaign)
        accepted = read_plan(apply) if apply else None
        stop_on_signals(session)
        with session.writing() as store:
            _sync(session, store, keys if accepted is None else _known_keys(session, list(accepted)), lifted, accepted)


def _sync(
    session: Session, store: SqlStore, keys: list[str], lifted: frozenset[str], accepted: Mapping[str, str] | None
) -> None:
    opened = campaigns(session.connections, store, keys, lifted, daemon=False)
    report = session.passes(store).run("sync", opened, accepted)
    if session.as_json:
        session.print_json(report.as_json())
    else:
        printing.print_run(session.out, report)
    raise typer.Exit(report.exit)


def _known_guards(names: list[str]) -> frozenset[str]:
    strange = [name for name in names if name not in GUARDS]
    if strange:
        known = ", ".join(GUARDS)
        raise ConfigurationFault([f"--allow {name}: there is no such guard; there are: {known}." for name in strange])
    return frozenset(names)


def _known_keys(session: Session, keys: list[str] | None) -> list[str]:
    known = [campaign.key for campaign in session.settings.campaigns]
    strange = [key for key in keys or [] if key not in known]
    if strange:
        raise ConfigurationFault(
            [f"--campaign {k}: no campaign has this key; there are: {', '.join(known)}." for k in strange]
        )
    return list(keys or [])
