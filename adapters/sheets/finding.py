"""Which row an effect means, and whether it still shows what the plan saw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from mappings.cells import HEADERS, is_formula
from mappings.entries import Entry, row_of
from mappings.grid import Table
from mappings.sheets import View
from syncer.core.model import Field, Unreadable, Value
from syncer.ports import Effect, EffectKind


def locate_all(view: View, effects: Sequence[Effect]) -> dict[str, Entry]:
    """The rows that effects mean, by intent; a row that two new names are meant for goes to the one that saw it."""
    found = {effect.intent: entry for effect in effects if (entry := _locate(view, effect))}
    naming = [effect for effect in effects if effect.kind is EffectKind.IDENTIFY and effect.intent in found]
    wanted = Counter(found[effect.intent].item.remote_id for effect in naming)
    for effect in naming:
        key = found[effect.intent].item.remote_id
        if wanted[key] > 1 and key not in (effect.remote_id, effect.item):
            del found[effect.intent]
    return found


def differing(expected: Mapping[Field, Value], entry: Entry) -> list[Field]:
    """The fields in which the row shows something else than the plan saw."""
    shown = entry.item.fields
    return [name for name, value in expected.items() if name in shown and shown[name] != value]


def shown(entry: Entry, names: Iterable[Field]) -> dict[Field, Value]:
    """What the row shows in these fields, as far as it has them and they make sense."""
    fields = entry.item.fields
    return {name: value for name in names if name in fields and not isinstance(value := fields[name], Unreadable)}


def barred(entry: Entry, table: Table, heading: str) -> str:
    """Why a cell of the row is not to be written, or nothing."""
    if heading not in table.header.columns:
        return f"The tab {table.tab.title!r} has no column headed {heading}; add one."
    faults = (entry.item.fields[name] for name in entry.item.fields if HEADERS[name] == heading)
    for fault in faults:
        if isinstance(fault, Unreadable):
            return fault.reason
    if is_formula(entry.cell(heading)):
        return f"{entry.table.name(entry.row, heading)} holds a formula of its owner, which is never overwritten."
    return ""


def headings(names: Iterable[Field]) -> str:
    """The columns of these fields, for people."""
    return ", ".join(HEADERS[name] for name in names)


def _locate(view: View, effect: Effect) -> Entry | None:
    """By its ID; a row without one by its place and title, or else by its content if just one row has it."""
    if effect.kind in (EffectKind.CREATE, EffectKind.IDENTIFY) and effect.item in view.named:
        return view.named[effect.item]
    key = effect.remote_id or ""
    if key in view.named or row_of(key) is None or not effect.expected:
        return view.named.get(key)
    nameless = (entry for entry in view.entries if entry.item.nameless)
    alike = [entry for entry in nameless if not differing(effect.expected, entry)]
    return alike[0] if len(alike) == 1 else None
