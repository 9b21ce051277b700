"""Deletions, archiving and restoring over replicas on paper: an absence needs proof, and an edit beats it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syncer.core.model import Field
from syncer.ports import EffectKind
from tests.paper import linked, titles


@pytest.mark.parametrize("how", ["gone", "archived"])
def test_a_deletion_archives_the_others(how: str) -> None:
    world = linked()
    key = world["trello"].by_title("Task 4")
    if how == "gone":
        del world["trello"].objects[key]
    else:
        world["trello"].objects[key].archived = True
    report = world.sync()
    assert "Task 4" not in titles(world, "asana") + titles(world, "sheets")
    assert len(world["asana"].objects) == 10
    assert (report.exit, report.count([EffectKind.ARCHIVE])) == (0, 2)
    writes = world.total_writes()
    assert world.sync().exit == 0
    assert world.total_writes() == writes


@pytest.mark.parametrize(("policy", "left"), [("unlink", True), ("flag", True), ("delete", False)])
def test_the_deletion_policy(policy: str, left: bool) -> None:
    world = linked(delete=policy)
    del world["trello"].objects[world["trello"].by_title("Task 4")]
    world.sync()
    world.sync()
    assert ("Task 4" in titles(world, "asana")) is left
    assert ("Task 4" in titles(world, "trello")) is False
    assert (len(world["asana"].objects) == 10) is left
    flagged = [kind for kind, _ in world["asana"].log if kind is EffectKind.FLAG]
    assert bool(flagged) is (policy == "flag")


def test_an_edit_beats_a_deletion() -> None:
    world = linked()
    del world["trello"].objects[world["trello"].by_title("Task 4")]
    world["asana"].edit(world["asana"].by_title("Task 4"), description="still needed")
    report = world.sync()
    for name in world.replicas:
        assert world[name].shown("Task 4")[Field.DESCRIPTION] == "still needed"
    assert any("restored" in notice.remedy for notice in report.notices)
    assert world.sync().count([EffectKind.CREATE]) == 0


def test_archiving_finished_work_deletes_nothing_and_reopening_brings_it_back() -> None:
    world = linked()
    world["trello"].edit(world["trello"].by_title("Task 4"), done=True)
    world.sync()
    world["trello"].objects[world["trello"].by_title("Task 4")].archived = True
    world.sync()
    assert "Task 4" in titles(world, "asana")
    world["asana"].edit(world["asana"].by_title("Task 4"), done=False, description="not yet")
    world.sync()
    assert world["trello"].shown("Task 4")[Field.DESCRIPTION] == "not yet"
    assert world["trello"].shown("Task 4")[Field.DONE] is False


def test_gone_everywhere_stays_gone() -> None:
    world = linked()
    for replica in world.replicas.values():
        del replica.objects[replica.by_title("Task 4")]
    assert world.sync().exit == 0
    assert world.sync().exit == 0
    (task,) = [known for known in world.store.known("launch") if known.title == "Task 4"]
    assert task.dead


def test_taking_it_out_of_the_archive_restores_it_everywhere() -> None:
    world = linked()
    world["trello"].objects[world["trello"].by_title("Task 4")].archived = True
    world.sync()
    (key,) = [k for k, p in world["asana"].objects.items() if p.archived]
    world["asana"].objects[key].archived = False
    world["asana"].objects[key].version += 1
    world.sync()
    assert all("Task 4" in titles(world, name) for name in world.replicas)


def test_what_a_listing_leaves_out_but_still_exists_is_not_deleted() -> None:
    world = linked()
    world["asana"].hidden = {world["asana"].by_title("Task 4")}
    assert world.sync().waiting == 1
    assert "Task 4" in titles(world, "trello")
    world["asana"].hidden = set()
    assert world.sync().unchanged == 10


def test_the_grace_period() -> None:
    world = linked(delete_grace=timedelta(seconds=90))
    del world["trello"].objects[world["trello"].by_title("Task 4")]
    world.sync()
    world.sync()
    assert "Task 4" in titles(world, "asana")
    world.sync()
    assert "Task 4" not in titles(world, "asana")
