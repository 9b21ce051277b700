"""One request's view of the emulated Asana: its world, who asks, and the one moment at which everything happens."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from adapters.sandbox.asana.switches import Switches
from adapters.sandbox.asana.world import Story, Task, User, World
from adapters.sandbox.wire import Call, Reply


def stamp(moment: datetime) -> str:
    """An aware time the way Asana writes it: UTC, milliseconds, Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


@dataclass(frozen=True)
class Visit:
    """What a handler may touch. `perform` answers another request in the same name (batch only)."""

    world: World
    caller: str
    moment: datetime
    rng: Random
    perform: Callable[[Call], Reply]

    @property
    def now(self) -> str:
        """The moment of the request as Asana writes it."""
        return stamp(self.moment)

    @property
    def switches(self) -> Switches:
        """How this sandbox decides what Asana leaves open."""
        return self.world.switches

    @property
    def me(self) -> User:
        """The user who asks."""
        return self.world.users[self.caller]

    def ago(self, seconds: float) -> str:
        """The moment that many seconds before the request, as Asana writes it."""
        return stamp(self.moment - timedelta(seconds=seconds))

    def new_gid(self) -> str:
        """A gid above every one given before."""
        self.world.last_gid += self.rng.randrange(1, 2000)
        return str(self.world.last_gid)

    def task_of(self, story: Story) -> Task:
        """The task a story is about."""
        return self.world.tasks[story.task]
