"""One sandbox a module, as it was seeded at the start of each test."""

from collections.abc import Iterator

import pytest

from adapters.sandbox.server import RunningSandbox
from tests.sandbox.trello_client import Trello, seed_file


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> str:
    return seed_file(tmp_path_factory.mktemp("seed"))


@pytest.fixture(scope="module")
def sandbox(seed: str) -> Iterator[RunningSandbox]:
    with RunningSandbox(seed) as running:
        yield running


@pytest.fixture
def trello(sandbox: RunningSandbox, seed: str) -> Iterator[Trello]:
    with Trello(sandbox) as client:
        client.control("reset", seed=seed)
        yield client


@pytest.fixture
def unlimited(trello: Trello) -> None:
    """More requests than Trello's quotas allow are meant."""
    trello.control("limits", service="trello", off=True)
