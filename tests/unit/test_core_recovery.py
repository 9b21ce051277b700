"""Creates whose outcome is unknown: which object did we make?"""

from __future__ import annotations

from dataclasses import replace

from syncer.core.model import Agreed, Field
from syncer.core.recovery import Lost, match, recovered
from tests.unit.core_builders import after, fields, item


def lost(intent: str = "i1", task: str = "t-1", since: float | None = 0, **values: object) -> Lost:
    written = fields(**(values or {"title": "Poster"}))
    return Lost(intent, task, written, None if since is None else after(since))


def born(remote_id: str, seconds: float | None, **values: object):
    made = item(remote_id, **(values or {"title": "Poster"}))
    return replace(made, created_at=None if seconds is None else after(seconds))


def test_what_carries_the_identity_is_it_whoever_made_it() -> None:
    assert match([lost()], [item("t-1", title="Renamed")], ())["i1"].remote_id == "t-1"


def test_ours_of_that_title_since_then() -> None:
    assert match([lost()], [born("c1", 5)], {"c1"})["i1"].remote_id == "c1"


def test_not_what_others_made_nor_what_was_there_before_nor_another_title_nor_what_was_put_away() -> None:
    assert match([lost()], [born("c1", 5)], ()) == {}
    assert match([lost(since=10)], [born("c1", 5)], {"c1"}) == {}
    assert match([lost()], [born("c1", 5, title="Other")], {"c1"}) == {}
    assert match([lost()], [replace(born("c1", 5), archived=True)], {"c1"}) == {}


def test_a_place_that_was_empty_before_and_a_service_that_tells_no_times() -> None:
    assert match([lost(since=None)], [born("c1", 5)], {"c1"})
    assert match([lost()], [born("c1", None)], {"c1"})


def test_of_several_the_most_alike_and_of_equals_the_oldest() -> None:
    intent = lost(title="Poster", description="A2")
    alike = born("c2", 9, title="Poster", description="A2")
    assert match([intent], [born("c1", 5), alike], {"c1", "c2"})["i1"] == alike
    assert match([lost()], [born("c2", 9), born("c1", 5)], {"c1", "c2"})["i1"].remote_id == "c1"


def test_an_object_is_given_away_once() -> None:
    found = match([lost("i1"), lost("i2", "t-2")], [born("c1", 5)], {"c1"})
    assert list(found) == ["i1"]
    both = match([lost("i1"), lost("i2", "t-2")], [born("c1", 5), born("c2", 6)], {"c1", "c2"})
    assert {key: shown.remote_id for key, shown in both.items()} == {"i1": "c1", "i2": "c2"}


def test_what_was_written_is_the_base_so_that_an_edit_since_is_seen() -> None:
    link = recovered(lost(title="Poster"), born("c1", 5, title="Edited since"))
    assert (link.remote_id, link.version) == ("c1", None)
    assert link.agreed == {Field.TITLE: Agreed("Poster", "Poster")}
