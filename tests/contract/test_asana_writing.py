"""How an Asana task is written: sections and tags on demand, several requests to one change, and half-done ones."""

from __future__ import annotations

from datetime import date

import pytest

from syncer.core.model import Field, Presence, TaskKind, Value
from syncer.ports import EffectKind, Result
from tests.contract.asana_place import Place, SeededProject, by_title


class TestAsanaWriting(SeededProject):
    def test_missing_sections_and_tags_are_made_once(self, place: Place) -> None:
        wanted = {"stage": "Review", "labels": frozenset({"Print", "Web", "Radio"})}

        outcomes = [place.create(**wanted), place.create(**wanted)]

        assert all(
            {f.value: v for f, v in outcome.fields.items()} == {"title": "Flyer", **wanted} for outcome in outcomes
        )
        asked = place.requests()
        assert len([call for call in asked if call == ("POST", "/tags")]) == 2
        assert len([call for call in asked if call == ("POST", f"/projects/{place.project}/sections")]) == 1

    def test_a_section_is_known_in_another_case(self, place: Place) -> None:
        assert place.create(stage="TO DO").fields[Field.STAGE] == "To do"

    def test_of_two_tags_of_one_name_the_older_is_used(self, place: Place) -> None:
        workspace = place.ask("GET", "/workspaces")[0]["gid"]
        older, _ = (place.ask("POST", "/tags", {"name": "Twin", "workspace": workspace})["gid"] for _ in range(2))

        made = place.create(labels=frozenset({"Twin"})).remote_id

        assert [tag["gid"] for tag in place.ask("GET", f"/tasks/{made}")["tags"]] == [older]

    @pytest.mark.parametrize("stage", ["Doing", None])
    def test_a_new_subtask_is_in_the_project_if_it_has_a_stage(self, place: Place, stage: str | None) -> None:
        parent = place.item("Poster").remote_id

        made = place.create(parent=parent, stage=stage, done=True)

        assert made.fields == {
            Field.TITLE: "Flyer",
            Field.PARENT: parent,
            **({Field.STAGE: stage} if stage else {}),
            Field.DONE: True,
        }
        assert len(place.ask("GET", f"/tasks/{made.remote_id}")["memberships"]) == (1 if stage else 0)
        assert place.item("Flyer").fields.get(Field.STAGE) == stage

    def test_a_create_that_fails_half_way_says_what_there_is(self, place: Place) -> None:
        parent = place.item("Poster").remote_id
        place.fail(method="POST", path="addProject", status=503, times=4)

        made = place.create(parent=parent, stage="Doing")

        assert made.result is Result.CONFIRMED
        assert made.fields == {Field.TITLE: "Flyer", Field.PARENT: parent}

    def test_a_create_whose_result_cannot_be_seen_is_in_doubt_but_named(self, place: Place) -> None:
        parent = place.item("Poster").remote_id
        place.fail(method="POST", path="addProject", status=503, times=4)
        place.fail(method="GET", path="/tasks/", status=503, times=4)

        made = place.create(parent=parent, stage="Doing")

        assert made.result is Result.IN_DOUBT
        assert made.remote_id == place.item("Flyer").remote_id

    def test_a_create_whose_tag_is_in_doubt_was_not_sent(self, place: Place) -> None:
        place.fail(method="POST", path="^/tags", action="reset", at="after")

        assert place.create(labels=frozenset({"Fresh"})).result is Result.NOT_SENT
        assert "Flyer" not in by_title(place.replica.read())
        assert place.create(labels=frozenset({"Fresh"})).result is Result.CONFIRMED
        workspace = place.ask("GET", "/workspaces")[0]["gid"]
        assert [tag["name"] for tag in place.ask("GET", f"/workspaces/{workspace}/tags")].count("Fresh") == 1

    def test_a_move_that_is_refused_after_the_rest_was_written_is_refused(self, place: Place) -> None:
        poster = place.item("Poster").remote_id
        refusal = {"errors": [{"message": "section: Unknown object: 1"}]}
        place.fail(method="POST", path="addTask", status=400, body=refusal)

        outcome = place.update(poster, title="Banner", stage="Doing")

        assert outcome.result is Result.REFUSED
        assert "Unknown object" in outcome.reason
        assert "Part of the change was made" in outcome.reason

    def test_a_task_that_was_written_but_not_seen_again_is_in_doubt(self, place: Place) -> None:
        poster = place.item("Poster").remote_id
        place.fail(method="GET", path=f"/tasks/{poster}", skip=1, status=503, times=4)

        assert place.update(poster, stage="Doing").result is Result.IN_DOUBT

    def test_a_start_is_written_together_with_the_due_that_is_there(self, place: Place) -> None:
        video = place.item("Video").remote_id

        outcome = place.update(video, start=date(2026, 11, 9))

        assert outcome.fields == {Field.START: date(2026, 11, 9)}
        assert place.item("Video").fields[Field.DUE] == date(2026, 11, 11)

    def test_clearing_the_due_clears_the_start(self, place: Place) -> None:
        video = place.item("Video").remote_id
        place.update(video, start=date(2026, 11, 9))

        assert place.update(video, due=None, start=None).fields == {Field.DUE: None, Field.START: None}

    def test_an_approval_that_is_done_is_approved(self, place: Place) -> None:
        made = place.create(kind=TaskKind.APPROVAL).remote_id

        assert place.update(made or "", done=True).fields == {Field.DONE: True}
        assert place.ask("GET", f"/tasks/{made}")["approval_status"] == "approved"

    def test_a_task_that_stands_there_already_keeps_its_place(self, place: Place) -> None:
        poster = place.item("Poster").remote_id
        place.requests()

        place.update(poster, title="Banner", stage="To do", labels=frozenset({"Print"}), parent=None)

        assert [call for call in place.requests() if call[0] != "GET"] == [("PUT", f"/tasks/{poster}")]

    def test_no_stage_is_the_untitled_section(self, place: Place) -> None:
        poster = place.item("Poster").remote_id

        assert place.update(poster, stage=None).fields == {Field.STAGE: None}
        memberships = place.ask("GET", f"/tasks/{poster}")["memberships"]
        assert [membership["section"]["name"] for membership in memberships] == ["Untitled section"]

    def test_a_subtask_that_loses_its_parent_stays_in_the_project(self, place: Place) -> None:
        cut = place.item("Cut").remote_id

        assert place.update(cut, parent=None).fields == {Field.PARENT: None}
        assert place.replica.find(cut) is Presence.PRESENT

    def test_a_flag_goes_on_and_off_beside_the_labels(self, place: Place) -> None:
        poster = place.item("Poster").remote_id

        place.do(EffectKind.FLAG, poster, text="Overdue")
        place.do(EffectKind.FLAG, poster, text="Deleted in trello")
        place.update(poster, labels=frozenset({"Web"}))
        flagged = sorted(tag["name"] for tag in place.ask("GET", f"/tasks/{poster}")["tags"])
        place.do(EffectKind.FLAG, poster)

        assert flagged == ["Deleted in trello", "Overdue", "Web"]
        assert [tag["name"] for tag in place.ask("GET", f"/tasks/{poster}")["tags"]] == ["Web"]

    def test_an_archived_task_comes_back_to_its_stage(self, place: Place) -> None:
        poster = place.item("Poster").remote_id

        assert place.do(EffectKind.ARCHIVE, poster).result is Result.CONFIRMED
        archived = place.item("Poster")
        fields = {Field.STAGE: "Doing", Field.DONE: False}
        restored = place.do(EffectKind.RESTORE, poster, fields)

        assert archived.archived
        assert archived.fields[Field.DONE] is True
        assert restored.fields == fields
        assert not place.item("Poster").archived

    def test_a_task_without_a_stage_comes_back_to_none(self, place: Place) -> None:
        old = place.item("Old").remote_id

        assert place.do(EffectKind.RESTORE, old, {Field.STAGE: None}).result is Result.CONFIRMED
        assert place.replica.find(old) is Presence.PRESENT

    @pytest.mark.parametrize(
        ("field", "value"),
        [("stage", "Archived"), ("owners", frozenset({"Nobody"})), ("owners", frozenset({"asana:no@example.com"}))],
    )
    def test_a_value_asana_cannot_hold_is_refused_and_nothing_written(
        self, place: Place, field: str, value: Value
    ) -> None:
        poster = place.item("Poster").remote_id

        outcome = place.update(poster, **{"title": "Banner", field: value})

        assert outcome.result is Result.REFUSED
        assert outcome.reason
        assert "Poster" in by_title(place.replica.read())

    def test_a_deletion_whose_answer_was_lost_is_done(self, place: Place) -> None:
        poster = place.item("Poster").remote_id
        place.fail(method="DELETE", path="/tasks/", status=502, at="after")

        assert place.do(EffectKind.DELETE, poster).result is Result.CONFIRMED
        assert place.replica.find(poster) is Presence.GONE
        assert place.do(EffectKind.DELETE, poster).result is Result.GONE

    def test_a_change_cut_off_by_a_refused_credential_is_in_doubt(self, place: Place) -> None:
        poster = place.item("Poster").remote_id
        place.fail(method="POST", path="addTask", status=401, body={"errors": [{"message": "Not Authorized"}]})

        assert place.update(poster, title="Banner", stage="Doing").result is Result.IN_DOUBT

    def test_a_change_whose_section_is_in_doubt_was_not_sent(self, place: Place) -> None:
        poster = place.item("Poster").remote_id
        place.fail(method="POST", path=r"/sections(\?|$)", action="reset", at="after")

        assert place.update(poster, title="Banner", stage="Review").result is Result.NOT_SENT
        assert place.item("Poster").fields[Field.STAGE] == "To do"
        assert place.update(poster, title="Banner", stage="Review").result is Result.CONFIRMED
        assert place.replica.read().stages == ("To do", "Doing", "Review")

    def test_an_id_of_its_own_is_refused(self, place: Place) -> None:
        poster = place.item("Poster").remote_id

        assert place.do(EffectKind.IDENTIFY, poster).result is Result.REFUSED
