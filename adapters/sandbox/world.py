"""The sandbox's world: the services, their clock, faults, lag and log, and the file that keeps them over restarts."""

import json
import os
import random
import tempfile
import threading
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from adapters.sandbox import seeds
from adapters.sandbox.asana.service import AsanaService
from adapters.sandbox.faults import Fault, Faults
from adapters.sandbox.google.service import GoogleService
from adapters.sandbox.history import History
from adapters.sandbox.journal import Journal
from adapters.sandbox.seeds import SeedFault
from adapters.sandbox.trello.service import TrelloService
from adapters.sandbox.wire import Call, Reply, SandboxClock, Service

STATE_VERSION = 1
_ABOUT = ("people", "campaign", "timezone")


class StateUnreadable(ValueError):
    """The state file is there but is not one this sandbox wrote."""


class World:
    """All services on one clock. Everything that touches them holds `lock`."""

    def __init__(self, seed: str = "empty", state_file: Path | None = None, clock: SandboxClock | None = None) -> None:
        self.clock = clock or SandboxClock()
        self.lock = threading.RLock()
        self.state_file = state_file
        self.base_url = ""
        self.dirty = False
        self.faults = Faults()
        self.journal = Journal(self.clock)
        self._rngs = {name: _seeded(name) for name in ("trello", "asana", "google")}
        self.trello = TrelloService(self.clock, self._rngs["trello"])
        self.asana = AsanaService(self.clock, self._rngs["asana"])
        self.google = GoogleService(self.clock, self._rngs["google"], lambda: self.base_url)
        self.services: dict[str, Service] = {"trello": self.trello, "asana": self.asana, "google": self.google}
        self.places: dict[str, str] = {}
        self.about: dict[str, Any] = {}
        self._history = {name: History(service, self.clock) for name, service in self.services.items()}
        if not self._load():
            self.reset(seed)

    def reset(self, seed: str) -> None:
        """Empties everything, faults, lag and log too, and fills it again; the same seed gives the same ids.

        Raises SeedFault; when the document does not fit a service, the sandbox is left empty or half filled.
        """
        data = seeds.document(seed)
        with self.lock:
            self._settle()
            try:
                self.places = self._sown(seed, data)
            except (KeyError, TypeError, ValueError) as error:
                raise SeedFault(f"The seed {seed!r} cannot be sown: {error!r}.") from error
            self.about = {key: data[key] for key in _ABOUT if key in data}
            self.dirty = True

    def _sown(self, seed: str, data: Mapping[str, Any]) -> dict[str, str]:
        places: dict[str, str] = {}
        for name, service in self.services.items():
            service.reset()
            self._rngs[name].seed(f"{Path(seed).stem}/{name}")
            places |= service.seed(data)
        return places

    def _settle(self) -> None:
        self.faults.clear()
        self.journal.clear()
        self.clock.offset = timedelta(0)
        for name, service in self.services.items():
            service.limits(1.0)
            service.restore()
            self._history[name].clear()

    def serve(self, names: tuple[str, str], call: Call, fault: Fault | None = None) -> Reply:
        """Lets the service answer and notes the request; `names` are the service and the API asked."""
        with self.lock:
            service = self.services[names[0]]
            write = service.is_write(call)
            status = 500
            try:
                reply = self._answering(names, write).handle(call)
                status = reply.status
            finally:
                self._note(names, call, write, status, fault)
        return reply

    def refuse(self, names: tuple[str, str], call: Call, fault: Fault) -> None:
        """Notes a request that failed before it reached the service."""
        with self.lock:
            write = self.services[names[0]].is_write(call)
            self.journal.add(names[1], call, status=_sent(fault), write=write, fault=_label(fault))

    def _answering(self, names: tuple[str, str], write: bool) -> Service:
        # A token is no data: it is issued by the service as it is now, whatever else lags.
        if write or names == ("google", "google"):
            return self.services[names[0]]
        return self._history[names[0]].readable(names)

    def _note(self, names: tuple[str, str], call: Call, write: bool, status: int, fault: Fault | None) -> None:
        failed = fault is not None and fault.action != "delay"
        self.journal.add(
            names[1],
            call,
            status=_sent(fault, status) if fault and failed else status,
            write=write,
            fault=_label(fault) if fault else "",
        )
        if write:
            self.dirty = True
            self._history[names[0]].remember()

    def lag(self, names: tuple[str, str], seconds: float) -> None:
        """Lets reads of one service, or of one API of it, show the past for `seconds`; 0 ends that."""
        with self.lock:
            self._history[names[0]].lag(names[1], seconds)

    def save(self) -> None:
        """Writes the state file whole or not at all, when there is one and something changed. Raises OSError."""
        with self.lock:
            if self.state_file is None or not self.dirty:
                return
            text = json.dumps(self._dump())
            self.dirty = False
        try:
            _replace(self.state_file, text)
        except OSError:
            self.dirty = True
            raise

    def _dump(self) -> dict[str, Any]:
        return {
            "version": STATE_VERSION,
            "about": self.about,
            "places": self.places,
            "clock": self.clock.offset.total_seconds(),
            "services": {name: service.dump() for name, service in self.services.items()},
            "rng": {name: rng.getstate() for name, rng in self._rngs.items()},
        }

    def _load(self) -> bool:
        if self.state_file is None or not self.state_file.exists():
            return False
        state = _parsed(self.state_file)
        try:
            self._restore(state)
        except (KeyError, TypeError, ValueError) as error:
            raise StateUnreadable(f"{self.state_file} is damaged: {error!r}. Give another file.") from error
        return True

    def _restore(self, state: dict[str, Any]) -> None:
        self.about, self.places = state["about"], state["places"]
        self.clock.offset = timedelta(seconds=state["clock"])
        for name, service in self.services.items():
            service.load(state["services"][name])
            version, numbers, gauss = state["rng"][name]
            self._rngs[name].setstate((version, tuple(numbers), gauss))


def _sent(fault: Fault, answered: int = 0) -> int:
    if fault.at == "half":
        return answered
    return fault.reply.status if fault.action in ("status", "garbage") else 0


def _label(fault: Fault) -> str:
    return fault.at if fault.at == "half" else f"{fault.action} {fault.at}"


def _parsed(file: Path) -> dict[str, Any]:
    try:
        state: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        known = state["version"] == STATE_VERSION
    except (ValueError, KeyError, TypeError) as error:
        raise StateUnreadable(f"{file} is not a sandbox state file: {error!r}. Give another file.") from error
    if not known:
        raise StateUnreadable(f"{file} was written by another version of the sandbox. Give another file.")
    return state


def _replace(file: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink()
        raise


def _seeded(name: str) -> random.Random:
    """What a service's ids and credentials come from: guessable, because the same seed must give the same ones."""
    return random.Random(name)  # noqa: S311 - repeatable on purpose; guards nothing but a sandbox
