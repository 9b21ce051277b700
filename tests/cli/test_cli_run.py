"""The daemon: edits go everywhere, a broken service delays only itself, and it ends when it is told to."""

from __future__ import annotations

import json
import queue
import signal
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.blackbox import Site, seed, wait_for

CARDS = [{"name": name, "desc": name.lower()} for name in ("Poster", "Flyer", "Banner")]
SETTINGS = """
[sync]
interval = 1
[daemon]
port = 0
"""
GRACE = 25.0
"""Seconds within which the contract has the daemon end."""


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("run"), seed(CARDS), SETTINGS)
    yield site
    site.stop()


@pytest.fixture
def site(shared: Site) -> Site:
    """Three tasks in all three places."""
    shared.prepare()
    assert shared.syncer("sync").exit == 0
    return shared


class Daemon:
    """`syncer run`, its log being read all the time."""

    def __init__(self, site: Site) -> None:
        self.process = site.start("run")
        self.lines: list[str] = []
        self._ports: queue.Queue[int | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        port = self._ports.get(timeout=60)
        assert port, self.lines
        self.url = f"http://127.0.0.1:{port}"

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line)
            if '"event": "started"' in line:
                self._ports.put(json.loads(line)["port"])
        self._ports.put(None)

    def get(self, path: str) -> tuple[int, dict[str, Any]]:
        """Status and document of one of its pages."""
        with requests.get(self.url + path, timeout=10) as reply:
            return reply.status_code, reply.json()

    def status(self) -> str:
        """What `/readyz` says, which has to be ready."""
        code, document = self.get("/readyz")
        assert code == 200, document
        return str(document["status"])

    def passes(self) -> int:
        """How many passes it has logged."""
        return sum('"event": "pass"' in line for line in self.lines)

    def end(self, timeout: float = GRACE) -> int:
        """Ask it to end; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.ended(timeout)

    def ended(self, timeout: float) -> int:
        """Its exit code, once it has ended."""
        try:
            return self.process.wait(timeout)
        finally:
            self.process.kill()
            self.process.wait()
            self._reader.join()
            for stream in (self.process.stdout, self.process.stderr):
                if stream:
                    stream.close()


@pytest.fixture
def daemon(site: Site) -> Iterator[Daemon]:
    running = Daemon(site)
    yield running
    site.heal()
    if running.process.poll() is None:
        running.end()


def described(site: Site, title: str) -> set[str]:
    """What the places say about a task."""
    return {site.card(title)["desc"], site.task(title)["notes"], site.row(title)["Description"]}


def test_edits_in_each_service_reach_the_others_and_it_ends_clean(site: Site, daemon: Daemon) -> None:
    wait_for(lambda: daemon.status() == "ok")
    assert daemon.get("/healthz") == (200, {"status": "ok"})
    site.trello("PUT", f"/cards/{site.card('Poster')['id']}", desc="from Trello")
    site.asana("PUT", f"/tasks/{site.task('Flyer')['gid']}", notes="from Asana")
    site.type_into("Banner", "Description", "from the sheet")
    wanted = {"Poster": {"from Trello"}, "Flyer": {"from Asana"}, "Banner": {"from the sheet"}}
    wait_for(lambda: {title: described(site, title) for title in wanted} == wanted)
    assert site.syncer("sync", "--json").exit == 6
    assert daemon.end() == 0
    assert '"event": "stopped"' in daemon.lines[-1]
    assert site.syncer("sync").exit == 0


def test_a_service_that_fails_delays_only_itself(site: Site, daemon: Daemon) -> None:
    site.fail(service="asana", status=500, times=1000)
    site.trello("PUT", f"/cards/{site.card('Poster')['id']}", desc="goes on")
    wait_for(lambda: site.row("Poster")["Description"] == "goes on")
    wait_for(lambda: daemon.status() == "degraded")
    assert "HTTP 500" in daemon.get("/readyz")[1]["campaigns"]["launch"]["asana"]["failure"]
    site.heal()
    wait_for(lambda: described(site, "Poster") == {"goes on"})
    wait_for(lambda: daemon.status() == "ok")


def test_a_service_that_hangs_delays_only_itself(site: Site, daemon: Daemon) -> None:
    wait_for(lambda: daemon.status() == "ok")
    site.fail(service="asana", action="hang", times=1000)
    site.trello("PUT", f"/cards/{site.card('Poster')['id']}", desc="goes on")
    wait_for(lambda: site.row("Poster")["Description"] == "goes on", 20)
    assert daemon.get("/healthz")[0] == 200
    wait_for(lambda: daemon.status() == "degraded")
    site.heal()
    wait_for(lambda: described(site, "Poster") == {"goes on"})


def test_told_to_end_while_a_write_hangs_it_leaves_no_twin(site: Site, daemon: Daemon) -> None:
    site.fail(service="asana", method="POST", path=r"^/tasks(\?|$)", at="after", action="hang")
    site.trello("POST", "/cards", name="Fourth", idList=site.lists()["To do"])
    wait_for(lambda: not len(site.sandbox.world.faults))
    assert daemon.end() == 0
    site.heal()
    assert site.syncer("sync").exit == 0
    names = ["Banner", "Flyer", "Fourth", "Poster"]
    assert site.titles() == {"trello": names, "asana": names, "sheets": names}


def test_told_twice_it_ends_at_once(site: Site, daemon: Daemon) -> None:
    site.fail(service="asana", method="GET", action="hang")
    wait_for(lambda: not len(site.sandbox.world.faults))
    daemon.process.send_signal(signal.SIGTERM)
    wait_for(lambda: daemon.get("/readyz")[0] == 503)
    assert daemon.end(timeout=5) != 0
    site.heal()
    assert site.syncer("sync").exit == 0


def test_a_port_in_use_is_told(site: Site) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        file = site.folder / "syncer.toml"
        file.write_text(file.read_text(encoding="utf-8").replace("port = 0", f"port = {port}"), encoding="utf-8")
        done = site.syncer("run")
    assert done.exit == 2
    assert f"127.0.0.1:{port}" in done.err
    assert "set [daemon] host and port" in done.err
