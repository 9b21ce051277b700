"""The requests of the adapters are those of the last recording, to the byte, and their answers are understood."""

from __future__ import annotations

import pytest

from syncer.core.errors import PlaceMissing
from syncer.core.model import Field
from syncer.ports import EffectKind, Result
from tests.contract.rig import Site
from tests.recorded.effects import effect
from tests.recorded.places import CHANGED, NEW, STAGES, opened

pytestmark = [pytest.mark.vcr, pytest.mark.block_network, pytest.mark.usefixtures("everything_played")]
NOWHERE = {"trello": "0" * 24, "asana": "1200000000000000", "sheets": "nowhere"}


@pytest.mark.default_cassette("read")
def test_a_small_place_is_read(service: str, site: Site) -> None:
    reading = opened(service, site).read()
    (item,) = reading.items
    assert reading.complete
    assert set(STAGES) & set(reading.stages)
    assert (item.fields[Field.TITLE], item.fields[Field.STAGE]) == ("Poster 海报", "To do")
    assert item.fields[Field.LABELS] == {"print"}
    assert item.fields[Field.DUE] is None


@pytest.mark.default_cassette("write")
def test_a_task_is_made_and_changed(service: str, site: Site) -> None:
    replica = opened(service, site)
    replica.read()
    (made,) = replica.apply([effect(EffectKind.CREATE, NEW)])
    assert (made.result, dict(made.fields)) == (Result.CONFIRMED, dict(NEW))
    old = {name: NEW[name] for name in CHANGED}
    (changed,) = replica.apply([effect(EffectKind.UPDATE, CHANGED, made.remote_id, old)])
    assert (changed.result, dict(changed.fields)) == (Result.CONFIRMED, dict(CHANGED))
    shown = {item.remote_id: item.fields[Field.TITLE] for item in replica.read().items}
    assert len(shown) == 2
    assert shown[str(made.remote_id)] == "Leaflet"


@pytest.mark.default_cassette("missing")
def test_a_place_that_is_not_there_is_named(service: str, site: Site) -> None:
    with pytest.raises(PlaceMissing) as missing:
        opened(service, site, NOWHERE[service]).read()
    assert missing.value.remedy
