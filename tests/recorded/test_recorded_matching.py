"""A request that differs from the recorded one is not answered: neither another body nor another address."""

from __future__ import annotations

from dataclasses import replace

import pytest
from vcr.errors import CannotOverwriteExistingCassetteException

from syncer.core.model import Field
from syncer.ports import EffectKind
from tests.contract.rig import Site
from tests.recorded.effects import effect
from tests.recorded.places import NEW, opened

pytestmark = [pytest.mark.vcr(record_mode="none"), pytest.mark.block_network]


def differences(refusal: CannotOverwriteExistingCassetteException) -> list[str]:
    """In what the request differs from the recorded one that is most like it."""
    return [matcher for matcher, _ in refusal.similar_requests[0][2]]


@pytest.mark.default_cassette("write")
def test_another_body_is_not_matched(service: str, site: Site) -> None:
    replica = opened(service, site)
    replica.read()
    with pytest.raises(CannotOverwriteExistingCassetteException) as refused:
        replica.apply([effect(EffectKind.CREATE, {**NEW, Field.TITLE: "Another title"})])
    assert differences(refused.value) == ["raw_body"]


@pytest.mark.default_cassette("read")
def test_another_place_is_not_matched(service: str, site: Site) -> None:
    with pytest.raises(CannotOverwriteExistingCassetteException) as refused:
        opened(service, site, "1").read()
    assert differences(refused.value) == ["uri"]


@pytest.mark.default_cassette("read")
def test_another_host_is_not_matched(service: str, site: Site) -> None:
    elsewhere = "https://elsewhere.example.com"
    moved = replace(site, trello_url=elsewhere, asana_url=elsewhere, sheets_url=elsewhere)
    with pytest.raises(CannotOverwriteExistingCassetteException) as refused:
        opened(service, moved).read()
    assert differences(refused.value) == ["uri"]
