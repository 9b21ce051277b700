"""What a campaign's people have decided: the settings that a plan depends on, as one frozen value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

from syncer.core.model import Field
from syncer.core.stages import StageMap

MergeText = Callable[[str, str, str], str | None]
"""(base, ours, theirs) → the merged text, or None where the same lines were changed differently."""

GUARDS = (
    "incomplete",
    "empty",
    "shrunken",
    "mass-delete",
    "mass-archive",
    "mass-complete",
    "mass-create",
    "mass-change",
    "identity",
    "header",
    "config",
    "flapping",
    "adoption",
)
"""The names that reports use and `--allow` takes."""


@dataclass(frozen=True)
class Limit:
    """A ceiling: a share of the linked items, or a number."""

    share: float | None = None
    number: int | None = None

    def of(self, linked: int, floor: int) -> int:
        """How many are allowed out of `linked` items; never fewer than `floor`."""
        allowed = self.number if self.number is not None else int(linked * (self.share or 0.0))
        return max(floor, allowed)


@dataclass(frozen=True)
class Policy:
    """Everything a plan depends on besides readings and bases."""

    campaign: str
    services: Mapping[str, str]
    """Replica name → service, in the order that settles equal times: trello, asana, sheets."""
    stages: StageMap
    zone: ZoneInfo
    merge_text: MergeText
    conflict: str = "newest"
    delete: str = "archive"
    delete_grace: timedelta = timedelta(0)
    max_delete: Limit = Limit(share=0.1)
    max_change: Limit = Limit(share=0.5)
    max_create: int = 200
    directions: Mapping[Field, str] = field(default_factory=dict)
    allow: frozenset[str] = frozenset()

    @property
    def replicas(self) -> tuple[str, ...]:
        """The replicas' names in rank order."""
        return tuple(self.services)

    def direction(self, of: Field) -> str:
        """`both`, `off`, `create` or `from:<replica>`."""
        return self.directions.get(of, "both")

    def reads(self, replica: str, of: Field) -> bool:
        """Whether an edit of the field in this replica counts, once the task is linked."""
        direction = self.direction(of)
        return direction == "both" or direction == f"from:{replica}"

    def writes(self, replica: str, of: Field) -> bool:
        """Whether the field may be written in this replica, once the task is linked."""
        direction = self.direction(of)
        return direction == "both" or (direction.startswith("from:") and direction != f"from:{replica}")
