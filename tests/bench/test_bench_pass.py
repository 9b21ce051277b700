"""What a whole pass costs: the command in a process of its own, over HTTP, with every quota switched off."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.bench.measuring import show, timed
from tests.blackbox import Site, seed

pytestmark = pytest.mark.bench
TASKS = 300


def test_passes(tmp_path: Path) -> None:
    cards = [{"name": f"Task {number}", "desc": "A line\n" * 4, "labels": ["print"]} for number in range(TASKS)]
    site = Site(tmp_path, seed(cards))
    try:
        rows = [_pass(site, "first, into two empty places"), _pass(site, "nothing changed")]
        assert [len(found) for found in site.titles().values()] == [TASKS] * 3
    finally:
        site.stop()
    header = ("pass", "tasks", "s", "requests", "trello", "asana", "sheets", "writes")
    show(__file__, "A pass of `syncer sync`, its start included", header, rows)


def _pass(site: Site, name: str) -> tuple[object, ...]:
    seconds, said = timed(lambda: _synced(site))
    (campaign,) = said["campaigns"]
    found = campaign["replicas"]
    requests = [found[replica]["requests"] for replica in ("trello", "asana", "sheets")]
    writes = sum(each["writes"] for each in found.values())
    return name, TASKS, seconds, sum(requests), *requests, writes


def _synced(site: Site) -> Any:
    process = site.start("--json", "sync")
    out, err = process.communicate(timeout=600)
    assert process.returncode == 0, err
    return json.loads(out)
