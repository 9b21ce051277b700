"""What became of a batch, judged by what the sheet shows after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import tzinfo

from adapters.sheets.draft import Sent
from adapters.sheets.finding import shown
from mappings.cells import settled, text_of
from mappings.entries import Entry
from mappings.sheets import View
from syncer.core.model import Field, Unreadable, Value
from syncer.ports import Effect, EffectKind, Outcome, Result

NAMING = (EffectKind.CREATE, EffectKind.IDENTIFY)
"""What writes an ID."""


def confirmed(one: Sent, view: View | None, zone: tzinfo) -> Outcome:
    """The outcome of an effect Google has acknowledged; without a view of the sheet, or where it still shows the
    past, the fields are what was written."""
    entry = view.named.get(_name(one)) if view else None
    fields = {name: _now(one, name, entry, zone) for name in one.written}
    return Outcome(one.effect.intent, Result.CONFIRMED, _name(one), fields)


def proven(one: Sent, view: View, lost: str) -> Outcome:
    """The outcome of an effect nobody has acknowledged: confirmed only if the sheet shows it."""
    entry = view.named.get(_name(one))
    if _is_done(one, entry, view.zone):
        return confirmed(one, view, view.zone)
    return doubted(one, lost)


def doubted(one: Sent, lost: str) -> Outcome:
    """The outcome of an effect that may or may not have been applied."""
    return Outcome(one.effect.intent, Result.IN_DOUBT, _name(one), reason=lost)


def refused(one: Sent, reason: str) -> Outcome:
    """The outcome of an effect Google said no to."""
    return Outcome(one.effect.intent, Result.REFUSED, one.effect.remote_id, reason=reason)


def unsent(effects: Iterable[Effect], reason: str) -> dict[str, Outcome]:
    """The outcomes of effects that were certainly not applied."""
    return {
        effect.intent: Outcome(effect.intent, Result.NOT_SENT, effect.remote_id, reason=reason) for effect in effects
    }


def _name(one: Sent) -> str:
    return one.effect.item if one.effect.kind in NAMING else one.effect.remote_id or one.effect.item


def _now(one: Sent, name: Field, entry: Entry | None, zone: tzinfo) -> Value:
    meant = settled(name, one.written[name], zone)
    assert not isinstance(meant, Unreadable), "what is written can be read"
    now = shown(entry, [name]).get(name, meant) if entry else meant
    before = one.before.item.fields.get(name) if one.before else None
    return meant if now == before else now


def _is_done(one: Sent, entry: Entry | None, zone: tzinfo) -> bool:
    kind = one.effect.kind
    if kind is EffectKind.DELETE or entry is None:
        return kind is EffectKind.DELETE and entry is None
    if kind in (EffectKind.ARCHIVE, EffectKind.RESTORE):
        return entry.item.archived == (kind is EffectKind.ARCHIVE)
    if kind is EffectKind.FLAG:
        return text_of(entry.cell("Flag")) == one.effect.text
    return kind in NAMING or _shows(one.written, entry, zone)


def _shows(written: Mapping[Field, Value], entry: Entry, zone: tzinfo) -> bool:
    return all(entry.item.fields.get(name) == settled(name, value, zone) for name, value in written.items())
