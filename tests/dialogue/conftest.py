"""What tests of the desks share: a moment, and the shipped words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot import shipped
from bot.dialogue.wording import Wording, load
from bot.vocabulary import Language

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)  # a Wednesday


@pytest.fixture(scope="session")
def words() -> dict[Language, Wording]:
    """The words of each language."""
    return load(lambda file: (shipped.folder("corpus") / file).read_bytes())
