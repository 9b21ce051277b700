"""Plans and runs as people read them on a terminal of 80 columns or more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from syncer.core.actions import Action
from syncer.core.fields import Encoded, encode
from syncer.core.model import Conflict, EffectKind, Notice
from syncer.report import ARCHIVES, CREATES, UPDATES, CampaignReport, RunReport

SIGNS = {
    EffectKind.CREATE: ("+", "green"),
    EffectKind.IDENTIFY: ("#", "cyan"),
    EffectKind.UPDATE: ("~", "yellow"),
    EffectKind.RESTORE: ("^", "green"),
    EffectKind.FLAG: ("!", "magenta"),
    EffectKind.ARCHIVE: ("-", "red"),
    EffectKind.DELETE: ("x", "red"),
}
_MOST = 40
"""Lines of each sort that are printed; `--json` has them all."""


def shown(value: Encoded) -> str:
    """A value for people: short, on one line, nothing for nothing."""
    if value is None or value in ("", []):
        return "(empty)"
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = ", ".join(value) if isinstance(value, list) else value
    text = " ⏎ ".join(text.split("\n"))
    return text if len(text) <= 48 else text[:47] + "…"


def safe(text: str) -> str:
    """Text from people without control characters or marks that turn its direction."""
    return escape("".join(c if c.isprintable() or c == " " else "�" for c in text))


def print_plan(out: Console, report: RunReport) -> None:
    """Every action, field by field."""
    for campaign in report.campaigns:
        out.print(f"[bold]{safe(campaign.key)}[/bold]: {_counts(campaign.planned)}")
        for action in campaign.planned[:_MOST]:
            _print_action(out, action)
        _more(out, len(campaign.planned))
        _print_notes(out, campaign)
    out.print("Nothing was written anywhere.")


def _counts(actions: Sequence[Action]) -> str:
    if not actions:
        return "nothing to do"
    kinds = dict.fromkeys(action.kind for action in actions)
    return ", ".join(f"{sum(a.kind is kind for a in actions)} to {kind}" for kind in kinds)


def _print_action(out: Console, action: Action) -> None:
    sign, colour = SIGNS[action.kind]
    out.print(
        f"  [{colour}]{sign} {action.kind:<8}[/{colour}] {action.replica:<7} {safe(action.title)}"
        f"  [dim]{safe(action.cause)}[/dim]"
    )
    if action.kind is EffectKind.UPDATE:
        for field, change in sorted(action.changes.items()):
            out.print(f"      {field}: {safe(shown(encode(change.old)))} → {safe(shown(encode(change.new)))}")


def _more(out: Console, count: int) -> None:
    if count > _MOST:
        out.print(f"  … and {count - _MOST} more; `--json` shows all of them")


def print_run(out: Console, report: RunReport) -> None:
    """What a run read, wrote and settled."""
    for campaign in report.campaigns:
        out.print(places_table(campaign, campaign.key))
        out.print(
            f"  {campaign.count(CREATES)} created, {campaign.count(UPDATES)} updated, "
            f"{campaign.count(ARCHIVES)} archived, {campaign.unchanged} tasks needed nothing"
            + (f", {campaign.waiting} wait" if campaign.waiting else "")
        )
        _print_conflicts(out, campaign.conflicts)
        _print_notes(out, campaign)
    out.print(f"Run {report.run}: {verdict(report.exit)}")


def places_table(campaign: CampaignReport, title: str) -> Table:
    """What each place of the campaign showed and got."""
    table = Table(title=safe(title) or None, title_justify="left", title_style="bold", box=None, pad_edge=False)
    table.add_column("  place")
    for heading in ("tasks", "requests", "writes"):
        table.add_column(heading, justify="right")
    table.add_column("read")
    for name, replica in campaign.replicas.items():
        state = Text("whole" if replica.complete else "not whole", style="" if replica.complete else "red")
        table.add_row(f"  {name}", str(replica.items), str(replica.requests), str(replica.writes), state)
    return table


def _print_conflicts(out: Console, conflicts: Iterable[Conflict]) -> None:
    for conflict in list(conflicts)[:_MOST]:
        sides = " / ".join(f"{v.replica}: {safe(shown(encode(v.value)))}" for v in conflict.values)
        end = f"took {conflict.chosen}'s" if conflict.chosen else "waits for you"
        out.print(f"  conflict  {safe(conflict.title)} · {conflict.field}: {sides} → {end}")


def _print_notes(out: Console, campaign: CampaignReport) -> None:
    for name, replica in campaign.replicas.items():
        if replica.failure:
            out.print(f"  [red]{name}[/red]: {safe(str(replica.failure))}")
    for refusal in campaign.refusals:
        out.print(f"  [red]refused by the guard `{refusal.guard}`[/red]: {safe(refusal.reason)}")
    notices: list[Notice] = [*campaign.refused_items, *campaign.notices]
    for notice in notices[:_MOST]:
        out.print(f"  note  {safe(placed(notice).rstrip('.'))}; {safe(notice.remedy)}")
    _more(out, len(notices))


def placed(notice: Notice) -> str:
    """Where something is and what is wrong; a problem that names its cell needs no other place."""
    tab, mark, _ = notice.place.partition("!")
    named = mark and notice.problem.startswith(tab + mark)
    return notice.problem if named else f"{notice.place}: {notice.problem}"


def verdict(code: int) -> str:
    """An exit code in words."""
    return {
        0: "clean.",
        1: "incomplete; it is safe to run again.",
        3: "done, but something waits for a person.",
        4: "a guard refused something; nothing it guards was done.",
        5: "a service refused the credential.",
    }.get(code, f"ended with {code}.")
