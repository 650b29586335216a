"""Applications over an empty store, for tests of leads: no snapshot is needed to take one in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pytest
from starlette.testclient import TestClient

from bot import wiring
from bot.knowledge.embedder import Progress, Reading
from bot.server.app import create_app
from bot.store.opening import open_store
from tests.conftest import NewSettings

Vectors = npt.NDArray[np.float32]


class Absent:
    """In the place of an encoder where there is no snapshot that could ask it anything."""

    name, fingerprint, dimension, max_tokens, parallel = "absent", "absent", 1, 1, 1

    def readings(self, texts: Sequence[str]) -> list[Reading]:
        raise AssertionError(f"{len(texts)} texts were to be encoded")

    def questions(self, texts: Sequence[str]) -> Vectors:
        raise AssertionError(f"{len(texts)} texts were to be encoded")

    def passages(self, texts: Sequence[str], done: Progress | None = None) -> Vectors:
        raise AssertionError(f"{len(texts)} texts were to be encoded, {done}")

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        raise AssertionError(f"{len(texts)} texts were to be counted")


@pytest.fixture
def desk(new_settings: NewSettings) -> Iterator[wiring.Bot]:
    """A bot without a snapshot."""
    settings = new_settings()
    made = wiring.Bot(settings, Absent(), open_store(settings))
    yield made
    made.close()


@pytest.fixture
def visitor(desk: wiring.Bot) -> TestClient:
    """A visitor of that bot's site."""
    return TestClient(create_app(desk), raise_server_exceptions=False, base_url="https://desk.example")
