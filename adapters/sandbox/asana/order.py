"""Order by rank: an item keeps its rank while others move, which is what lets a page cursor survive a reordering."""

from dataclasses import dataclass, field

STEP = 1 << 60


@dataclass
class Order:
    """Gids in an order that people choose; the ranks are what page cursors point at."""

    ranks: dict[str, int] = field(default_factory=dict)

    def gids(self) -> list[str]:
        """First to last."""
        return sorted(self.ranks, key=self.ranks.__getitem__)

    def __contains__(self, gid: str) -> bool:
        return gid in self.ranks

    def __len__(self) -> int:
        return len(self.ranks)

    def remove(self, gid: str) -> None:
        """Forgets the gid; no error when it is not here."""
        self.ranks.pop(gid, None)

    def first(self, gid: str) -> None:
        """Puts the gid before all others."""
        self.remove(gid)
        self.ranks[gid] = min(self.ranks.values(), default=STEP) - STEP

    def last(self, gid: str) -> None:
        """Puts the gid after all others."""
        self.remove(gid)
        self.ranks[gid] = max(self.ranks.values(), default=-STEP) + STEP

    def before(self, gid: str, anchor: str) -> None:
        """Puts the gid just before the anchor, which must be here and another one."""
        self.remove(gid)
        place = self.gids().index(anchor)
        self._between(gid, place - 1, place)

    def after(self, gid: str, anchor: str) -> None:
        """Puts the gid just after the anchor, which must be here and another one."""
        self.remove(gid)
        place = self.gids().index(anchor)
        self._between(gid, place, place + 1)

    def _between(self, gid: str, left: int, right: int) -> None:
        gids = self.gids()
        if left < 0:
            return self.first(gid)
        if right >= len(gids):
            return self.last(gid)
        if self.ranks[gids[right]] - self.ranks[gids[left]] < 2:
            self.ranks = {each: place * STEP for place, each in enumerate(gids)}
        self.ranks[gid] = (self.ranks[gids[left]] + self.ranks[gids[right]]) // 2
        return None
