"""Serving the sandbox: in the foreground until a signal comes, or in a thread for tests and the demonstration."""

import asyncio
import logging
import shutil
import socket
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import uvicorn

from adapters.sandbox import announce
from adapters.sandbox.connection import SeverableProtocol
from adapters.sandbox.front import Front
from adapters.sandbox.wire import SandboxClock
from adapters.sandbox.world import World

SAVE_AFTER = 0.5
_GRACE = 2.0
_log = logging.getLogger("syncer.sandbox")


class SandboxServer(uvicorn.Server):
    """uvicorn with one world: it saves the world's state, and stops without waiting for idle connections."""

    def __init__(self, world: World, started: Callable[[], None]) -> None:
        self.front = Front(world)
        super().__init__(
            uvicorn.Config(
                self.front,
                http=SeverableProtocol,
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="error",
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_keep_alive=75,
                h11_max_incomplete_event_size=256 * 1024,
            )
        )
        self._world = world
        self._announce_start = started
        self._stop = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listens, then says so."""
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)
        self._announce_start()

    async def main_loop(self) -> None:
        """Keeps the state file up to date until somebody asks to stop."""
        tick = 0
        while not await self.on_tick(tick):
            tick += 10
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), SAVE_AFTER)
            self._save()

    def _save(self) -> None:
        try:
            self._world.save()
        except OSError as error:
            _log.warning("The sandbox's state file cannot be written (%s); trying again.", error)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Takes no more requests, lets those under way finish, closes every connection, saves the state."""
        for listener in self.servers:
            listener.close()
        self.front.release()
        if self.server_state.tasks:
            await asyncio.wait(set(self.server_state.tasks), timeout=_GRACE)
        for connection in list(self.server_state.connections):
            connection.transport.close()
        await asyncio.sleep(0)
        for listening in sockets or []:
            listening.close()
        self._world.save()

    def handle_exit(self, sig: int, frame: Any) -> None:
        """A signal asks for the end; it is not raised again afterwards."""
        del sig, frame
        self.stop()

    def stop(self) -> None:
        """Asks for the end; may be called from any thread and from a signal handler."""
        self.should_exit = True
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)


def listen(host: str, port: int) -> tuple[socket.socket, str]:
    """A listening socket and the base URL it answers at; port 0 takes a free one. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's algorithm off only where the protocol is named; else each reply waits 40 ms for an ACK.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(128)
    except OSError:
        listening.close()
        raise
    shown = f"[{host}]" if family == socket.AF_INET6 else host
    return listening, f"http://{shown}:{listening.getsockname()[1]}"


class RunningSandbox:
    """A sandbox in a thread of this process, on a free port; a context manager, or `start` and `stop`."""

    def __init__(
        self,
        seed: str = "empty",
        state_file: Path | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        clock: SandboxClock | None = None,
    ) -> None:
        self.world = World(seed, state_file, clock)
        self._listening, self.url = listen(host, port)
        self.world.base_url = self.url
        self.trello_url, self.asana_url, self.sheets_url, self.drive_url = announce.urls(self.url)
        self._folder = Path(tempfile.mkdtemp(prefix="syncer-sandbox-"))
        self.env = announce.environment(self.world, self._folder)
        self._started = threading.Event()
        self._server = SandboxServer(self.world, self._started.set)
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)

    @property
    def places(self) -> dict[str, str]:
        """The seeded places: board, project, spreadsheet."""
        return self.world.places

    def announcement(self) -> dict[str, Any]:
        """What `syncer sandbox` prints: URLs, credentials as variables, places."""
        return announce.announcement(self.world, self.env)

    def write_config(self, path: Path) -> None:
        """Writes a syncer.toml that points at this sandbox; the secrets are in `env` alone."""
        announce.write_config(self.world, path)

    def start(self) -> Self:
        """Serves from a thread; returns when requests are answered."""
        self._thread.start()
        while not self._started.wait(0.1):
            if not self._thread.is_alive():
                raise RuntimeError(f"The sandbox at {self.url} did not start; see the log above.")
        return self

    def stop(self) -> None:
        """Stops serving, saves the state, removes the credentials file."""
        self._server.stop()
        if self._thread.is_alive():
            self._thread.join()
        self._listening.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self) -> None:
        self._server.run(sockets=[self._listening])

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
