"""How an Asana project is read: its sections, its subtasks, its pages, and where a task is found."""

from __future__ import annotations

from typing import Any

import pytest

from syncer.core.errors import Malformed, PlaceMissing, Unavailable
from syncer.core.model import Field, Presence
from syncer.ports import Result
from tests.contract.asana_place import Place, SeededProject, by_title


class TestAsanaReading(SeededProject):
    def test_sections_are_stages_but_for_two(self, place: Place) -> None:
        reading = place.replica.read()

        items = by_title(reading)
        assert reading.stages == ("To do", "Doing")
        assert {title: item.fields[Field.STAGE] for title, item in items.items() if Field.STAGE in item.fields} == {
            "Poster": "To do",
            "Video": "Doing",
            "Old": None,
            "Loose": None,
        }
        assert Field.STAGE not in items["Cut"].fields  # a subtask that is not in the project itself
        assert [title for title, item in items.items() if item.archived] == ["Old"]

    def test_subtasks_of_every_depth_are_read(self, place: Place) -> None:
        items = by_title(place.replica.read())

        assert items["Cut"].fields[Field.PARENT] == items["Video"].remote_id
        assert items["Music"].fields[Field.PARENT] == items["Cut"].remote_id

    def test_a_subtask_that_is_in_the_project_too_is_read_once(self, place: Place) -> None:
        before = place.replica.read()
        cut = by_title(before)["Cut"].remote_id
        place.ask("POST", f"/tasks/{cut}/addProject", {"project": place.project})
        place.requests()

        after = place.replica.read()

        assert sorted(item.remote_id for item in after.items) == sorted(item.remote_id for item in before.items)
        assert [path for _, path in place.requests() if path.endswith("/subtasks")] == [f"/tasks/{cut}/subtasks"]

    def test_an_idle_reading_takes_two_requests_and_one_more_a_hundred_tasks(self, place: Place) -> None:
        big = place.opened(place.ask("GET", "/projects")[1]["gid"])
        assert len(big.read().items) == 230
        first = big.traffic().requests

        reading = big.read()

        assert first == 7
        assert big.traffic().requests - first == 4
        assert len({item.remote_id for item in reading.items}) == len(reading.items) == 230

    @pytest.mark.parametrize("next_page", [{"offset": 7}, {}, "next", {"offset": ""}])
    def test_a_page_that_does_not_say_what_follows_is_no_reading(self, place: Place, next_page: Any) -> None:
        place.fail(method="GET", path="/tasks", status=200, body={"data": [], "next_page": next_page})

        with pytest.raises(Malformed):
            place.replica.read()

    def test_a_full_page_without_a_word_on_the_next_one_is_no_reading(self, place: Place) -> None:
        rows = place.ask("GET", f"/projects/{place.project}/sections")
        full = [{**rows[0], "gid": str(n)} for n in range(100)]
        place.fail(method="GET", path="/sections", status=200, body={"data": full})

        with pytest.raises(Malformed, match="more follows"):
            place.replica.read()

    def test_a_page_that_comes_again_is_no_reading(self, place: Place) -> None:
        rows = place.ask("GET", f"/projects/{place.project}/sections")
        again = {"data": rows, "next_page": {"offset": "eyJ", "path": "", "uri": ""}}
        place.fail(method="GET", path="/sections", status=200, body=again, times=2)

        with pytest.raises(Malformed, match="already read"):
            place.replica.read()

    def test_a_task_without_a_field_that_was_asked_for_is_no_task(self, place: Place) -> None:
        place.fail(
            method="GET", path="/tasks", status=200, body={"data": [{"gid": "1", "name": "x"}], "next_page": None}
        )

        with pytest.raises(Malformed, match="memberships"):
            place.replica.read()

    def test_who_is_not_mapped_is_noticed_and_can_be_assigned(self, place: Place) -> None:
        (notice,) = place.replica.read().notices

        assert '[[people]] name = "Bo Chen 陈", asana = "bo@example.org"' in notice.remedy
        assert {"Ada Fields", "asana:bo@example.org"} <= (place.replica.capabilities().owners or frozenset())

    def test_an_archived_project_is_noticed(self, place: Place) -> None:
        place.ask("PUT", f"/projects/{place.project}", {"archived": True})

        assert any("archived" in notice.problem for notice in place.replica.read().notices)

    def test_a_project_nobody_knows_is_missing(self, place: Place) -> None:
        with pytest.raises(PlaceMissing, match="share the project"):
            place.opened("1200000000000000").read()

    def test_a_project_that_vanishes_is_missing(self, place: Place) -> None:
        place.replica.read()
        place.ask("DELETE", f"/projects/{place.project}")

        with pytest.raises(PlaceMissing):
            place.replica.read()

    def test_what_this_token_made_is_ours(self, place: Place) -> None:
        made = place.create().remote_id

        items = place.replica.read().items

        assert made in place.replica.ours(items)
        assert place.replica.ours([]) == frozenset()

    def test_a_task_taken_out_of_the_project_is_elsewhere_and_left_alone(self, place: Place) -> None:
        poster = place.item("Poster").remote_id
        place.ask("POST", f"/tasks/{poster}/removeProject", {"project": place.project})

        assert place.replica.find(poster) is Presence.ELSEWHERE
        assert place.update(poster, title="Banner").result is Result.MOVED
        assert place.ask("GET", f"/tasks/{poster}")["name"] == "Poster"

    def test_a_subtask_is_where_its_parents_are(self, place: Place) -> None:
        items = by_title(place.replica.read())
        assert place.replica.find(items["Music"].remote_id) is Presence.PRESENT

        place.ask("POST", f"/tasks/{items['Video'].remote_id}/removeProject", {"project": place.project})

        assert place.replica.find(items["Music"].remote_id) is Presence.ELSEWHERE

    def test_a_task_that_moves_between_two_pages_is_read_once(self, place: Place) -> None:
        nested = "assignee.email,tags.name,memberships.project.gid,memberships.section.name,parent.gid"
        fields = f"name,notes,completed,due_on,due_at,resource_subtype,num_subtasks,{nested}"
        row = place.ask("GET", f"/projects/{place.project}/tasks", opt_fields=fields)[0]
        following = {"offset": "eyJ", "path": "", "uri": ""}
        place.fail(method="GET", path="/tasks", status=200, body={"data": [row], "next_page": following})
        place.fail(method="GET", path="offset=eyJ", status=200, body={"data": [row], "next_page": None})

        assert [item.remote_id for item in place.replica.read().items] == [row["gid"]]

    def test_a_guest_who_may_not_list_users_can_still_read(self, place: Place) -> None:
        refusal = {"errors": [{"message": "You do not have access to this."}]}
        place.fail(method="GET", path=r"^/users\?", status=403, body=refusal)

        reading = place.replica.read()

        assert any("lists no users" in notice.problem for notice in reading.notices)
        assert place.replica.capabilities().owners == {"asana:bo@example.org"}

    def test_a_task_deleted_while_the_project_is_read_is_no_missing_project(self, place: Place) -> None:
        gone = {"errors": [{"message": "task: Unknown object: 1"}]}
        place.fail(method="GET", path="/subtasks", status=404, body=gone)

        with pytest.raises(Unavailable, match="deleted while"):
            place.replica.read()
