"""`syncer status`: how each campaign and replica stands."""

from __future__ import annotations

from typing import Any

import typer
from rich.table import Table

from syncer.backlog import standing
from syncer.cli.printing import safe
from syncer.cli.session import Session, ladder


def status(context: typer.Context) -> None:
    """Per campaign and replica: last complete pass, backlog, conflicts, refused items, pauses."""
    session: Session = context.obj
    with ladder(session), session.reading() as store:
        campaigns = {campaign.key: campaign.services for campaign in session.settings.campaigns}
        document = standing(store, campaigns)
    if session.as_json:
        session.print_json(document)
    else:
        _print(session, document)


def _print(session: Session, document: dict[str, Any]) -> None:
    for part in document["campaigns"]:
        table = Table(title=safe(part["key"]), title_justify="left", title_style="bold", box=None, pad_edge=False)
        for heading in ("  place", "last whole reading", "tasks", "backlog", "state"):
            table.add_column(heading)
        for name, replica in part["replicas"].items():
            state = safe(replica["failure"] or "ok") if replica["last_complete"] else "never read whole"
            items = "" if replica["items"] is None else str(replica["items"])
            table.add_row(f"  {name}", replica["last_complete"] or "never", items, str(replica["backlog"]), state)
        session.out.print(table)
        session.out.print(
            f"  {part['conflicts']} conflicts wait, {part['quarantined']} items refused, {part['in_doubt']} effects in"
            f" doubt, {part['waiting']} tasks wait for the next pass"
        )
        for refusal in part["refused"]:
            session.out.print(f"  guard `{refusal['guard']}`: {safe(refusal['reason'])}")
    session.out.print("Nothing is pending." if document["idle"] else "Something is pending.")
