"""The changes that were recorded; their keys are part of a sheet's cells, so they are always the same."""

from __future__ import annotations

from collections.abc import Mapping

from syncer.core.model import Field, Value
from syncer.ports import Effect, EffectKind

ITEM = "task-2"


def effect(
    kind: EffectKind,
    fields: Mapping[Field, Value],
    remote_id: str | None = None,
    expected: Mapping[Field, Value] | None = None,
) -> Effect:
    """One change to the second task."""
    return Effect(f"intent-{kind}", kind, ITEM, "the second task", remote_id, fields, expected or {})
