"""What the daemon says about itself over HTTP: `/healthz` (the process lives) and `/readyz` (it can do its work)."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from syncer.core.errors import ConfigurationFault, SyncerError
from syncer.core.fields import encode
from syncer.report import RunReport


@dataclass
class Health:
    """The daemon's condition; written by the loop, read by the server's thread."""

    probe: Callable[[], None]
    """Raises a SyncerError if the state cannot be written."""
    stopping: Callable[[], bool]
    _last: dict[str, Any] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, report: RunReport, at: datetime) -> None:
        """A pass has ended."""
        places = {
            campaign.key: {
                name: {"complete": replica.complete, "failure": str(replica.failure) if replica.failure else None}
                for name, replica in campaign.replicas.items()
            }
            for campaign in report.campaigns
        }
        with self._lock:
            self._last = {"last_pass": encode(at), "last_exit": report.exit, "campaigns": places}

    def ready(self) -> tuple[bool, dict[str, Any]]:
        """Whether it can work, and the details. A service that is down degrades the status and no more."""
        with self._lock:
            detail = dict(self._last)
        if self.stopping():
            return False, {"status": "stopping", **detail}
        try:
            self.probe()
        except SyncerError as error:
            return False, {"status": "state", "reason": error.message, **detail}
        if not detail:
            return True, {"status": "starting"}
        whole = all(place["complete"] for places in detail["campaigns"].values() for place in places.values())
        return True, {"status": "ok" if whole and detail["last_exit"] in (0, 3) else "degraded", **detail}


def application(health: Health) -> Starlette:
    """The pages."""

    def healthz(_: Request) -> JSONResponse:
        return JSONResponse({"status": "ok"})

    def readyz(_: Request) -> JSONResponse:
        ready, detail = health.ready()
        return JSONResponse(detail, 200 if ready else 503)

    return Starlette(routes=[Route("/healthz", healthz), Route("/readyz", readyz)])


class HealthServer:
    """Serves the pages from a thread of its own."""

    def __init__(self, health: Health, host: str, port: int) -> None:
        """Raises ConfigurationFault where the address cannot be listened on."""
        try:
            self._socket = socket.create_server((host, port))
        except OSError as error:
            problem = f"daemon: {host}:{port} cannot be listened on ({error.strerror}); set [daemon] host and port."
            raise ConfigurationFault([problem]) from error
        config = uvicorn.Config(application(health), log_config=None, access_log=False, timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), name="health", daemon=True)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._socket.getsockname()[1])

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Answer no more."""
        self._server.should_exit = True
        self._thread.join(timeout=3)
        self._socket.close()
