"""`syncer demo`: the whole job on a realistic campaign."""

from __future__ import annotations

import typer


def demo(context: typer.Context) -> None:
    """Run the whole job on a realistic campaign, against local services."""
    del context
    raise typer.Exit(1)
