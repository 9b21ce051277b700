"""The demonstration as a story in acts: what is done, what it came to, and whether it is what was promised."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table

from syncer.cli import demo_proof
from syncer.cli.demo_edits import EDITS
from syncer.cli.demo_places import Places
from syncer.cli.printing import SIGNS, placed, places_table, safe, shown
from syncer.core.actions import Action
from syncer.core.fields import encode
from syncer.core.model import Conflict, EffectKind, Field, Notice, Value
from syncer.cycle import Campaign
from syncer.passes import Passes
from syncer.planfile import read_plan, write_plan
from syncer.report import ARCHIVES, CampaignReport, RunReport

NAMES = {"trello": "Trello", "asana": "Asana", "sheets": "Sheets"}
_RESTORED = "restored after an edit"
_EXAMPLES = 6
_INDENT = (0, 0, 0, 2)


@dataclass
class Story:
    """The acts share a terminal, the services and a list of what did not hold."""

    out: Console
    passes: Passes
    open: Callable[[], list[Campaign]]
    """The campaign with its places, as a command of its own would open it."""
    places: Places
    folder: Path
    failures: list[str] = field(default_factory=list)
    runs: list[RunReport] = field(default_factory=list)
    plan: RunReport | None = None
    proof: demo_proof.Proof | None = None
    began: float = 0.0
    own: Mapping[str, Any] = field(default_factory=dict)
    """What the team's own column held at first."""

    def tell(self) -> None:
        """The acts in turn, as long as each holds what it promised."""
        self.began = self.passes.clock.monotonic()
        acts = (
            self._look_first,
            self._accept,
            self._once_more,
            self._people_work,
            self._settle,
            self._quiet,
            self._prove,
        )
        for act in acts:
            if not self.failures:
                act()

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "exit": 1 if self.failures else 0,
            "plan": self.plan.as_json(actions=True) if self.plan else None,
            "runs": [run.as_json() for run in self.runs],
            "edits": [{"who": edit.who, "what": edit.told} for edit in EDITS],
            "proof": self.proof.as_json() if self.proof else None,
            "failures": self.failures,
        }

    def _look_first(self) -> None:
        self._act(1, "A plan first: it reads everything and writes nothing")
        self.own = demo_proof.own_cells(self.places)
        self.plan = self.passes.look(self.open())
        (look,) = self.plan.campaigns
        self.out.print(_planned(look))
        self.out.print()
        self._show(self._changes(_examples(look.planned)))
        self.out.print()
        items = sum(replica.items for replica in look.replicas.values())
        tasks = (items + sum(action.kind is EffectKind.CREATE for action in look.planned)) // len(look.replicas)
        self._say(
            f"{items} cards, tasks and rows are {tasks} tasks: {items - tasks} were in two places"
            " already and are joined by title, not doubled."
        )
        refused = self._run()
        self._hold(refused.exit == 4 and not _writes(refused), "the first pass was not refused")
        self._say(
            f"`syncer sync` now says no (exit {refused.exit}, guard “adoption”): where several places are full already,"
            " a person looks at the plan first. Nothing was written."
        )

    def _accept(self) -> None:
        assert self.plan is not None
        self._act(2, "Somebody accepts exactly that plan: syncer sync --apply plan.json")
        file, clock = self.folder / "plan.json", self.passes.clock
        write_plan(file, clock.now(), self.plan.campaigns)
        begun = clock.monotonic()
        run = self._run(read_plan(file))
        (done,) = run.campaigns
        self.out.print(places_table(done, ""))
        self._say(f"Done in {clock.monotonic() - begun:.1f} s: {_counted(done)}.")
        self._conflicts(done.conflicts)
        self._hold(run.exit == 0 and done.complete, f"accepting the plan ended with exit {run.exit}")
        self._hold(len(done.done) == len(self.plan.campaigns[0].planned), "not all of the plan was done")

    def _once_more(self) -> None:
        self._act(3, "The next `syncer sync` finds nothing to do")
        self._pass_without_news()

    def _people_work(self) -> None:
        self._act(4, "A morning's work: people edit where they are")
        table = Table.grid(padding=(0, 2))
        table.add_column(no_wrap=True, style="bold")
        table.add_column()
        for edit in EDITS:
            self.places.let_time_pass(60)
            edit.do(self.places)
            table.add_row(safe(edit.who), safe(edit.told))
        self._show(table)

    def _settle(self) -> None:
        self._act(5, "One `syncer sync` settles all of that")
        run = self._run()
        (done,) = run.campaigns
        self.out.print(places_table(done, ""))
        self.out.print()
        self._show(self._changes(done.done))
        self._conflicts(done.conflicts)
        self._notices(done.notices)
        self._hold(run.exit == 0 and done.complete, f"the pass over the edits ended with exit {run.exit}")
        self._hold(len(done.conflicts) == 1, f"{len(done.conflicts)} conflicts instead of one")
        self._hold(done.count(ARCHIVES) > 0, "the deleted card was archived nowhere")
        self._hold(any(action.cause == _RESTORED for action in done.done), "no edit brought a deleted card back")

    def _quiet(self) -> None:
        self._act(6, "And the one after that: quiet")
        self._pass_without_news()

    def _pass_without_news(self) -> None:
        run = self._run()
        (done,) = run.campaigns
        requests = sum(replica.requests for replica in done.replicas.values())
        self._say(f"{requests} requests, {_writes(run)} writes; {done.unchanged} tasks needed nothing.")
        self._hold(run.exit == 0 and not _writes(run), "a pass without news was not quiet")

    def _prove(self) -> None:
        self._act(7, "Proof: read back through the services' own APIs")
        world = demo_proof.read_back(self.places)
        self.proof = proof = demo_proof.compare(world)
        self.failures += [*proof.differences, *demo_proof.arrived(EDITS, world)]
        now = demo_proof.own_cells(self.places)
        self._hold(all(now.get(title) == cell for title, cell in self.own.items()), "the team's own column has changed")
        if not self.failures:
            self._say(
                f"[bold green]{proof.tasks} tasks are the same in all three places[/bold green] (title, stage,"
                " due, done)."
            )
            self._say("Every edit of the morning has arrived in the other two.")
            self._say(f"The team's own column “{demo_proof.OWN_COLUMN}” is untouched, its formula too.")
        for title in proof.not_dates:
            self._say(f"“{safe(title)}” still has a due that is no date; its author can mend it.")
        seconds = self.passes.clock.monotonic() - self.began
        total = sum(r.requests for run in self.runs for c in run.campaigns for r in c.replicas.values())
        self._say(f"{len(self.runs)} passes, {total} requests, {seconds:.1f} s.")

    def _run(self, accepted: Any = None) -> RunReport:
        self.runs.append(self.passes.run("demo", self.open(), accepted))
        return self.runs[-1]

    def _hold(self, held: bool, otherwise: str) -> None:
        if not held:
            self.failures.append(otherwise)

    def _act(self, number: int, title: str) -> None:
        self.out.print()
        self.out.print(f"[bold cyan]{number}  {safe(title)}[/bold cyan]")

    def _say(self, text: str) -> None:
        self.out.print(Padding(text, _INDENT))

    def _show(self, table: Table) -> None:
        self.out.print(Padding(table, _INDENT))

    def _conflicts(self, conflicts: Sequence[Conflict]) -> None:
        self.out.print()
        count = f"{len(conflicts)} conflicts" if len(conflicts) > 1 else "1 conflict"
        self._say(f"{count}: the newer value wins (✓), the other is kept in the record.")
        table = Table.grid(padding=(0, 1))
        table.add_column(width=30, no_wrap=True, overflow="ellipsis")
        table.add_column()
        for conflict in conflicts:
            sides = [
                f"{NAMES[v.replica]} {safe(self._value(v.value))}{' ✓' if v.replica == conflict.chosen else ''}"
                for v in conflict.values
            ]
            table.add_row(safe(conflict.title), f"{conflict.field}: {', '.join(sides)}")
        self._show(table)

    def _notices(self, notices: Iterable[Notice]) -> None:
        self.out.print()
        self._say("Notes for people:")
        table = Table.grid(padding=(0, 1))
        for notice in notices:
            table.add_row("·", safe(placed(notice)))
            table.add_row("", f"[dim]→ {safe(notice.remedy)}[/dim]")
        self._show(table)

    def _changes(self, actions: Sequence[Action]) -> Table:
        """One line for each task and sort of change, with the places it is made in."""
        table = Table.grid(padding=(0, 1))
        for width in (1, 14, 33, 27):
            table.add_column(no_wrap=True, width=width, overflow="ellipsis")
        lines: dict[tuple[EffectKind, str, str], list[str]] = {}
        for action in actions:
            lines.setdefault((action.kind, action.title, self._what(action)), []).append(NAMES[action.replica])
        for (kind, title, what), names in lines.items():
            sign, colour = SIGNS[kind]
            table.add_row(f"[{colour}]{sign}[/{colour}]", ", ".join(names), safe(title), f"[dim]{safe(what)}[/dim]")
        return table

    def _what(self, action: Action) -> str:
        if action.kind is EffectKind.IDENTIFY:
            return "gets its ID"
        if action.kind is not EffectKind.UPDATE:
            return f"archived, {action.cause}" if action.kind in ARCHIVES else action.cause
        changes = {of: change.new for of, change in sorted(action.changes.items()) if of is not Field.TITLE}
        return ", ".join(f"{of}: {self._value(new)}" for of, new in changes.items()) or "renamed"

    def _value(self, value: Value) -> str:
        if isinstance(value, datetime):
            return value.astimezone(self.places.zone).strftime("%Y-%m-%d %H:%M")
        return shown(encode(value))


def _writes(run: RunReport) -> int:
    return sum(replica.writes for campaign in run.campaigns for replica in campaign.replicas.values())


def _counted(done: CampaignReport) -> str:
    words = {
        EffectKind.CREATE: "created",
        EffectKind.IDENTIFY: "rows given an ID",
        EffectKind.UPDATE: "updated",
        EffectKind.RESTORE: "restored",
        EffectKind.ARCHIVE: "archived",
    }
    return ", ".join(f"{number} {word}" for kind, word in words.items() if (number := done.count([kind])))


def _planned(look: CampaignReport) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("  place")
    for heading in ("tasks", "to create", "to update", "to give an ID"):
        table.add_column(heading, justify="right")
    for name, replica in look.replicas.items():
        kinds = (EffectKind.CREATE, EffectKind.UPDATE, EffectKind.IDENTIFY)
        counts = [sum(a.replica == name and a.kind is kind for a in look.planned) for kind in kinds]
        table.add_row(f"  {name}", str(replica.items), *(str(count) if count else "–" for count in counts))
    return table


def _examples(actions: Sequence[Action]) -> list[Action]:
    """A few of each sort: the first of each kind in each place."""
    first: dict[tuple[str, str], Action] = {}
    for action in actions:
        first.setdefault((action.kind, action.replica), action)
    return list(first.values())[:_EXAMPLES]
