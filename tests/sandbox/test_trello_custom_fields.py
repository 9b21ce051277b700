"""The emulated Trello's custom fields: definitions, options, typed values that are strings, clearing."""

import pytest

from adapters.sandbox.server import RunningSandbox
from tests.sandbox.trello_client import Trello, sample

pytestmark = pytest.mark.usefixtures("unlimited")


def field(trello: Trello, kind: str, **more: object) -> str:
    """A new field of a type."""
    made = trello.post("customFields", idModel=trello.board, modelType="board", name=kind, type=kind, **more)
    return str(made["id"])


def test_definitions_have_the_recorded_keys(trello: Trello) -> None:
    options = [{"value": {"text": "Press"}}, {"value": {"text": "Social"}}]
    made = trello.get(f"customFields/{field(trello, 'list', options=options)}")
    recorded = sample("object-customField-list-2023")
    assert made.keys() == recorded.keys()
    assert made["options"][0].keys() == recorded["options"][0].keys()
    assert [one["pos"] for one in made["options"]] == [16384, 32768]
    (listed,) = trello.get(f"boards/{trello.board}/customFields")
    assert sample("recorded-rest/board-customFields")[0].keys() <= listed.keys()


@pytest.mark.parametrize(
    ("kind", "given", "stored"),
    [
        ("text", {"text": "cool"}, {"text": "cool"}),
        ("number", {"number": "42.5"}, {"number": "42.5"}),
        ("number", {"number": 42}, {"number": "42"}),
        ("date", {"date": "2026-11-11"}, {"date": "2026-11-11T00:00:00.000Z"}),
        ("checkbox", {"checked": True}, {"checked": "true"}),
    ],
)
def test_values_are_strings_and_can_be_cleared(
    trello: Trello, kind: str, given: dict[str, object], stored: dict[str, str]
) -> None:
    card, field_id = trello.card("Book the venue")["id"], field(trello, kind)
    item = trello.put(f"cards/{card}/customField/{field_id}/item", value=given)
    assert item["value"] == stored
    assert sample("recorded-rest/customFieldItem-put-text").keys() <= item.keys()
    assert trello.get(f"cards/{card}/customFieldItems") == [item]
    assert trello.get(f"cards/{card}", customFieldItems="true")["customFieldItems"] == [item]
    trello.put(f"cards/{card}/customField/{field_id}/item", value="")
    assert trello.get(f"cards/{card}/customFieldItems") == []


def test_a_form_may_set_a_value(trello: Trello) -> None:
    route = f"cards/{trello.card('Book the venue')['id']}/customField/{field(trello, 'text')}/item"
    assert trello.ask("PUT", route, data={"value[text]": "cool"}).json()["value"] == {"text": "cool"}


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        ("number", {"number": "many"}),
        ("number", {"text": "1"}),
        ("date", {"date": "soon"}),
        ("checkbox", {"checkbox": "true"}),
        ("checkbox", {"checked": "yes"}),
        ("text", ["x"]),
    ],
)
def test_a_value_of_another_type_is_refused(trello: Trello, kind: str, wrong: object) -> None:
    route = f"cards/{trello.card('Book the venue')['id']}/customField/{field(trello, kind)}/item"
    assert trello.put(route, status=400, value=wrong) == "Invalid custom field item value."


def test_a_list_takes_one_of_its_options(trello: Trello) -> None:
    card, field_id = trello.card("Book the venue")["id"], field(trello, "list")
    option = trello.post(f"customFields/{field_id}/options", value={"text": "Press"})
    assert option.keys() == sample("recorded-rest/customField-option-create").keys()
    (listed,) = trello.get(f"customFields/{field_id}/options")
    assert listed.keys() == sample("recorded-rest/customField-options-get")[0].keys()
    route = f"cards/{card}/customField/{field_id}/item"
    assert trello.put(route, idValue=option["id"])["idValue"] == option["id"]
    assert trello.put(route, status=400, idValue="0" * 24) == "Invalid custom field item value."
    assert trello.delete(f"customFields/{field_id}/options/{option['id']}") == {}
    assert trello.get(f"cards/{card}/customFieldItems") == []


def test_several_values_are_set_together_or_not_at_all(trello: Trello) -> None:
    card, text, number = trello.card("Book the venue")["id"], field(trello, "text"), field(trello, "number")
    good = [{"idCustomField": text, "value": {"text": "x"}}, {"idCustomField": number, "value": {"number": "1"}}]
    bad = [{"idCustomField": text, "value": {"text": "y"}}, {"idCustomField": number, "value": {"number": "z"}}]
    assert len(trello.put(f"cards/{card}/customFields", customFieldItems=good)) == 2
    trello.put(f"cards/{card}/customFields", status=400, customFieldItems=bad)
    assert {"text": "x"} in [item["value"] for item in trello.get(f"cards/{card}/customFieldItems")]


def test_a_changed_value_is_an_action(trello: Trello) -> None:
    card, field_id = trello.card("Book the venue")["id"], field(trello, "number")
    trello.put(f"cards/{card}/customField/{field_id}/item", value={"number": "1"})
    changed, made = trello.get(f"boards/{trello.board}/actions", filter="updateCustomFieldItem,createCustomField")
    recorded = sample("recorded-rest/board-actions-filter-all")[0]
    assert changed["data"].keys() == recorded["data"].keys()
    assert changed["data"]["old"] == {"value": None}
    assert made["type"] == "createCustomField"


def test_a_deleted_field_leaves_the_cards(trello: Trello) -> None:
    card, field_id = trello.card("Book the venue")["id"], field(trello, "text")
    trello.put(f"cards/{card}/customField/{field_id}/item", value={"text": "x"})
    trello.delete(f"customfields/{field_id}")
    assert trello.get(f"cards/{card}/customFieldItems") == []
    assert trello.get(f"customFields/{field_id}", status=404) == "The requested resource was not found."


def test_without_the_power_up_fields_are_refused(trello: Trello, sandbox: RunningSandbox) -> None:
    sandbox.world.trello.quirks.custom_fields = False
    trello.post("customFields", status=403, idModel=trello.board, modelType="board", name="x", type="text")
