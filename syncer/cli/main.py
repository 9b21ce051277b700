"""The `syncer` command: options that all commands share, and the commands themselves."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

import syncer
from syncer.cli import demo, passes, running, sandbox, status
from syncer.cli.session import Session, explain

app = typer.Typer(
    name="syncer",
    help="Keeps marketing campaigns the same in Trello, Asana and Google Sheets.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"syncer {syncer.__version__}\n")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option("--config", metavar="FILE", help="The configuration; else $SYNCER_CONFIG, ./syncer.toml."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON document on standard output, nothing else.")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Log the finer steps too; never a secret.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Keeps marketing campaigns the same in Trello, Asana and Google Sheets."""
    del version
    context.obj = Session(config, as_json, verbose)


app.command("plan")(passes.plan)
app.command("sync")(passes.sync)
app.command("run")(running.run)
app.command("status")(status.status)
app.command("sandbox")(sandbox.sandbox)
app.command("demo")(demo.demo)

_SHARED = ("--json", "--verbose")


def hoisted(arguments: Sequence[str]) -> list[str]:
    """The shared options may stand anywhere (`syncer sync --json`); they are moved before the command."""
    front: list[str] = []
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--":
            rest += [argument, *waiting]
        elif argument in _SHARED or argument.startswith("--config="):
            front.append(argument)
        elif argument == "--config":
            front += [argument, *(value for value in [next(waiting, None)] if value is not None)]
        else:
            rest.append(argument)
    return front + rest


def main() -> None:
    """The console script."""
    arguments = hoisted(sys.argv[1:])
    if "--json" not in arguments:
        app(arguments)
    try:
        sys.exit(app(arguments, standalone_mode=False))
    except TyperException as error:
        problem = error.format_message()
        explain(Session(as_json=True), error.exit_code, problem, [problem])
        sys.exit(error.exit_code)
