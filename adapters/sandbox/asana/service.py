"""The emulated Asana: routing, then the token, then the rate limit, then the handler, then the written answer."""

import copy
from collections.abc import Mapping
from dataclasses import asdict
from random import Random
from typing import Any

from adapters.sandbox.asana import batch
from adapters.sandbox.asana.ask import read_ask
from adapters.sandbox.asana.auth import Access, bearer, caller
from adapters.sandbox.asana.errors import RefusedError, bad
from adapters.sandbox.asana.limits import RateLimiter
from adapters.sandbox.asana.page_model import first_project
from adapters.sandbox.asana.replies import refusal, reply
from adapters.sandbox.asana.routes import ROUTER
from adapters.sandbox.asana.seeding import fill
from adapters.sandbox.asana.state import dumped, loaded
from adapters.sandbox.asana.switches import Switches
from adapters.sandbox.asana.visit import Visit
from adapters.sandbox.asana.world import User, Workspace, World
from adapters.sandbox.wire import Call, Reply, SandboxClock

BOT_NAME = "Syncer"
BOT_EMAIL = "syncer@example.com"
LOWEST_GID = 1_200_000_000_000_000


class AsanaService:
    """One workspace, its people, and the bot user whose personal access token `credentials` gives."""

    name = "asana"

    def __init__(self, clock: SandboxClock, rng: Random, switches: Switches | None = None) -> None:
        self._switches = switches or Switches()
        self._clock = clock
        self._rng = rng
        self._limiter = RateLimiter()
        self._access = Access(f"0/sandbox-{rng.getrandbits(128):032x}")
        self._world = self._empty_world()

    def handle(self, call: Call) -> Reply:
        """Answers one request."""
        try:
            ROUTER.find(call.method, call.path)
            user = caller(self._world, self._access, bearer(call))
            cost = max(1, len(batch.actions_in(call))) if call.path == batch.PATH else 1
            self._limiter.spend(bearer(call), self._clock.now(), cost)
        except RefusedError as error:
            return refusal(error)
        return self._answer(call, user)

    def is_write(self, call: Call) -> bool:
        """Everything but GET; a batch only when one of its actions is a write."""
        if call.method == "POST" and call.path == batch.PATH:
            return any(str(action.get("method", "")).upper() != "GET" for action in batch.actions_in(call))
        return call.method != "GET"

    def seed(self, data: Mapping[str, Any]) -> dict[str, str]:
        """Starts over with the people and the `asana` part of a seed document; the place is the first project."""
        self._world = self._empty_world()
        return fill(self._visit(self._world.bot), data)

    def reset(self) -> None:
        """Empties the workspace and forgets what was spent of the rate limit; the token stays."""
        self._limiter.clear()
        self._world = self._empty_world()

    def dump(self) -> dict[str, Any]:
        """The whole state, the token included, as JSON-able values."""
        return {"access": asdict(self._access), "world": dumped(self._world)}

    def load(self, state: dict[str, Any]) -> None:
        """Takes back what `dump` gave."""
        self._access = Access(**state["access"])
        self._world = loaded(state["world"])

    def limits(self, scale: float | None) -> None:
        """Multiplies the paid plan's 1,500 requests a minute; None switches the limit off."""
        self._limiter.scale(scale)

    def credentials(self) -> dict[str, str]:
        """The variable that holds the bot's personal access token."""
        return {"SYNCER_ASANA__TOKEN": self._access.token}

    def revoke(self) -> None:
        """Every token gets a 401 until `restore`."""
        self._access.revoked = True

    def restore(self) -> None:
        """Tokens work again."""
        self._access.revoked = False

    def page_model(self) -> dict[str, Any]:
        """The first project as the read-only page shows it."""
        return first_project(self._world)

    def __deepcopy__(self, memo: dict[int, Any]) -> "AsanaService":
        """A copy of the past has its own world; clock, numbering, limits and tokens are those of the present."""
        twin = copy.copy(self)
        twin._world = copy.deepcopy(self._world, memo)
        return twin

    def _answer(self, call: Call, user: str) -> Reply:
        visit = self._visit(user)
        try:
            route, params = ROUTER.find(call.method, call.path)
            ask = read_ask(call, params)
            return reply(visit, ask, route.handler(visit, ask))
        except RefusedError as error:
            return refusal(error)
        except RecursionError:
            return refusal(bad("Could not parse request data, nested too deeply"))

    def _visit(self, user: str) -> Visit:
        return Visit(
            world=self._world,
            caller=user,
            moment=self._clock.now(),
            rng=self._rng,
            perform=lambda call: self._answer(call, user),
        )

    def _empty_world(self) -> World:
        first = LOWEST_GID + self._rng.randrange(10**13)
        workspace = Workspace(str(first), "Campaign workspace")
        bot = User(str(first + 1), BOT_NAME, BOT_EMAIL)
        secret = f"{self._rng.getrandbits(256):064x}"
        return World(first + 1, secret, bot.gid, workspace, self._switches, users={bot.gid: bot})
