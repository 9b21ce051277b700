"""`kill -9` while a request of any kind is on its way, before and after the service has applied it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.blackbox import Site, seed, wait_for

CARDS = [{"name": f"Task {n}", "desc": "a\nb"} for n in range(3)]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("killed"), seed(CARDS))
    yield site
    site.stop()


def kill_at(site: Site, skip: int, at: str) -> bool:
    """Start a sync and kill it at its n-th writing request. Returns False if it ended before that."""
    site.fail(path=_WRITES, skip=skip, times=1, at=at, action="hang")
    process = site.start("sync")
    wait_for(lambda: not len(site.sandbox.world.faults) or process.poll() is not None)
    struck = not len(site.sandbox.world.faults)
    process.kill()
    process.communicate()
    site.heal()
    return struck


# What creates, updates and moves in all three services, and the fresh look at an object before that.
_WRITES = r"^/tasks(\?|$)|/addTask|^/tasks/\d+(\?|$)|^/1/cards|batchUpdate"


@pytest.mark.parametrize("at", ["before", "after"])
def test_killed_while_creating(site: Site, at: str) -> None:
    points = 0
    while True:
        site.prepare()
        if not kill_at(site, points, at):
            break
        points += 1
        done = site.syncer("sync", "--json")
        assert done.exit == 0, done.err
        wanted = [card["name"] for card in CARDS]
        assert site.titles() == {"trello": wanted, "asana": wanted, "sheets": wanted}
        again = site.syncer("sync", "--json").json["campaigns"][0]
        assert [replica["writes"] for replica in again["replicas"].values()] == [0, 0, 0]
    assert points >= 4


@pytest.mark.parametrize("at", ["before", "after"])
def test_killed_while_passing_edits_on(site: Site, at: str) -> None:
    points = 0
    while True:
        site.prepare()
        assert site.syncer("sync").exit == 0
        site.trello("PUT", f"/cards/{site.card('Task 0')['id']}", name="Renamed", idList=site.lists()["Doing"])
        site.asana("PUT", f"/tasks/{site.task('Task 1')['gid']}", notes="from Asana")
        site.type_into("Task 2", "Due", "2026-11-11")
        if not kill_at(site, points, at):
            break
        points += 1
        assert site.syncer("sync").exit == 0
        assert (site.task("Renamed")["memberships"][0]["section"]["name"], site.row("Renamed")["Stage"]) == (
            "Doing",
        ) * 2
        assert (site.card("Task 1")["desc"], site.row("Task 1")["Description"]) == ("from Asana",) * 2
        assert (site.card("Task 2")["due"], site.task("Task 2")["due_on"]) == ("2026-11-11T15:59:00.000Z", "2026-11-11")
        assert {len(titles) for titles in site.titles().values()} == {3}
    assert points >= 4
