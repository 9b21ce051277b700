"""Who asks: the bot by its personal access token, or a seeded person by a token made from the person's gid."""

from dataclasses import dataclass

from adapters.sandbox.asana.errors import unauthorized
from adapters.sandbox.asana.world import World
from adapters.sandbox.wire import Call

PERSON_PREFIX = "0/sandbox-user-"


def bearer(call: Call) -> str:
    """The token of the request; empty when there is none."""
    scheme, _, token = call.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


@dataclass
class Access:
    """The bot's token, and whether tokens are taken at all; the same for every copy of the service."""

    token: str
    revoked: bool = False


def caller(world: World, access: Access, token: str) -> str:
    """The gid of the user the token speaks for; raises 401.

    `0/sandbox-user-<gid>` lets tests edit as a person would.
    """
    if access.revoked:
        raise unauthorized()
    if token == access.token:
        return world.bot
    gid = token.removeprefix(PERSON_PREFIX)
    if token.startswith(PERSON_PREFIX) and gid in world.users:
        return gid
    raise unauthorized()
