"""The sandbox's front door: which service a request is for, and whether a fault keeps it from being answered."""

import asyncio

from adapters.sandbox import control, page
from adapters.sandbox.connection import Exchange, Receive, Scope, Send, call_from, read_body
from adapters.sandbox.faults import Fault
from adapters.sandbox.wire import Call, Reply
from adapters.sandbox.world import World

PREFIXES = (("/trello", "trello"), ("/asana/api/1.0", "asana"), ("/google", "google"))
_GOOGLE_APIS = (("/v4", "sheets"), ("/drive", "drive"), ("/upload", "drive"))


class Front:
    """The ASGI application. `released` is set while requests that faults hold back are let go."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._released = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request, or fails to in the way a fault asks for."""
        path = scope["raw_path"].decode("latin-1")
        exchange = Exchange(scope, receive, send, self._released)
        body = await read_body(receive)
        if body is None:
            return
        for prefix, service in PREFIXES:
            if path.startswith(prefix) and path[len(prefix) : len(prefix) + 1] in ("/", ""):
                call = call_from(scope, path[len(prefix) :], body)
                await self._ask((service, _api(service, call.path)), call, exchange)
                return
        await exchange.reply(self._own(call_from(scope, path, body)))

    def release(self) -> None:
        """Lets go of every request that is held back now; later ones are held again."""
        self._released.set()
        self._released = asyncio.Event()

    def _own(self, call: Call) -> Reply:
        if call.path.startswith(control.PREFIX):
            return control.handle(self._world, call, self.release)
        if call.path == "/" and call.method == "GET":
            return page.render(self._world)
        return Reply.text(404, f"Not part of the sandbox: {call.path}")

    async def _ask(self, names: tuple[str, str], call: Call, exchange: Exchange) -> None:
        fault = self._world.faults.strike(names, call)
        if fault is None:
            await exchange.reply(self._world.serve(names, call))
        elif fault.at == "before" and fault.action == "delay":
            await exchange.wait(fault.delay)
            await exchange.reply(self._world.serve(names, call, fault))
        elif fault.at == "before":
            self._world.refuse(names, call, fault)
            await _fail(fault, fault.reply, exchange)
        else:
            await _fail(fault, self._world.serve(names, call, fault), exchange)


async def _fail(fault: Fault, answer: Reply, exchange: Exchange) -> None:
    if fault.delay:
        await exchange.wait(fault.delay)
    if fault.at == "half":
        await exchange.half_reply(answer)
    elif fault.action in ("reset", "hang"):
        await exchange.reset()
    else:
        await exchange.reply(answer if fault.action == "delay" else fault.reply)


def _api(service: str, path: str) -> str:
    if service != "google":
        return service
    return next((api for prefix, api in _GOOGLE_APIS if path.startswith(prefix)), service)
