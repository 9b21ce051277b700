"""Stages: what each service calls a canonical stage, and which stages mean that the work is done.

With a map in the configuration only its stages exist; a list, section or cell that no stage is mapped to is reported
and left alone. Without one, the names found in Trello and Asana are the stages, compared without regard to case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

_DONE_NAMES = frozenset({"done", "complete", "completed", "完成", "已完成"})


def stage_key(name: str) -> str:
    """What two spellings of one stage have in common."""
    return " ".join(name.split()).casefold()


@dataclass(frozen=True)
class Stage:
    """A canonical stage."""

    name: str
    done: bool = False
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Per service or replica name: what it is called there, the first being the one written. Default: `name`."""

    def names_in(self, *keys: str) -> tuple[str, ...]:
        """Its names for the first of the keys (replica name, then service) that has any."""
        for key in keys:
            if self.names.get(key):
                return self.names[key]
        return (self.name,)


class StageMap:
    """Translates between canonical stages and the names used in a replica."""

    def __init__(self, stages: Sequence[Stage], configured: bool = True) -> None:
        self.stages = tuple(stages)
        self.configured = configured
        self._by_name = {stage.name: stage for stage in self.stages}

    @classmethod
    def discovered(cls, found: Mapping[str, Iterable[str]], agreed: Iterable[str] = ()) -> StageMap:
        """The map where none is configured: every name found in a replica is a stage, in the order given, and so is
        every one `agreed` before, whose spelling stays; other spellings of the same name are the same stage. `Done`,
        `Completed` and `完成` mean that work is done."""
        spelled: dict[str, dict[str, tuple[str, ...]]] = {}
        first: dict[str, str] = {}
        for replica, names in found.items():
            for name in names:
                first.setdefault(stage_key(name), name)
                spelled.setdefault(stage_key(name), {}).setdefault(replica, (name,))
        kept: dict[str, str] = {}
        for name in agreed:
            kept.setdefault(stage_key(name), name)
        stages = {**first, **kept}
        return cls([Stage(n, key in _DONE_NAMES, spelled.get(key, {})) for key, n in stages.items()], configured=False)

    def canonical(self, raw: str, *keys: str) -> str | None:
        """The stage that a replica calls `raw`, or None if no stage is mapped to it."""
        wanted = stage_key(raw)
        for stage in self.stages:
            if any(stage_key(name) == wanted for name in stage.names_in(*keys)):
                return stage.name
        return None

    def spoken(self, stage: str, *keys: str) -> str:
        """What a replica calls a canonical stage. Raises KeyError for a stage that is not in the map."""
        return self._by_name[stage].names_in(*keys)[0]

    def knows(self, stage: str | None) -> bool:
        """Whether the canonical stage is in the map."""
        return stage in self._by_name

    def is_done(self, stage: str | None) -> bool:
        """Whether the stage means that the work is done."""
        known = self._by_name.get(stage) if stage is not None else None
        return known is not None and known.done

    def first_done(self) -> str | None:
        """Where finished work goes."""
        return next((stage.name for stage in self.stages if stage.done), None)

    def first_open(self) -> str | None:
        """Where work begins."""
        return next((stage.name for stage in self.stages if not stage.done), None)
