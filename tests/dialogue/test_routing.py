"""Which desk, and the reasons: kind, topic, law, else the default; then whoever stands in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.dialogue.contacts import Contacts
from bot.dialogue.contacts_file import parse
from bot.dialogue.routing import default_route, route
from bot.dialogue.wording import Wording
from bot.vocabulary import Inquiry, Language
from tests.dialogue.conftest import NOON

DESKS = """
default = "main"
[[desk]]
id = "main"
name = "Main desk"
email = "main@example.com"
languages = ["en", "de"]
topics = ["sanctions", "firm", "logistics"]
jurisdictions = ["US", "EU"]
subject = "[Main] "
time_zone = "Europe/Berlin"
holidays = [2026-12-24]
stand_in = "guard"
[[desk]]
id = "guard"
name = "Guard desk"
kinds = ["screening"]
topics = ["logistics"]
priority = 9
[[desk]]
id = "first"
name = "First desk"
topics = ["logistics", "tax_accounting"]
[[desk]]
id = "chinese"
name = "Chinese desk"
languages = ["zh"]
topics = ["logistics"]
subject = "[CN] "
time_zone = "Asia/Shanghai"
hours = { mon-fri = "09:00-18:00" }
holidays = [2026-11-26, { from = 2027-02-05, to = 2027-02-11 }]
stand_in = "second"
[[desk]]
id = "second"
name = "Second desk"
topics = ["tax_accounting"]
jurisdictions = ["CN"]
holidays = [2027-02-08]
"""


@pytest.fixture(scope="module")
def contacts() -> Contacts:
    return parse(DESKS.encode())


def inquiry(kind: Any = "question", topic: str | None = None, laws: tuple[str, ...] = (), language: Any = "en") -> Inquiry:
    return Inquiry(kind, topic, language, laws, 0.9, {}, ("as a test says",))


@pytest.mark.parametrize(
    ("asked", "desk", "reason"),
    [
        (inquiry("screening", "logistics", ("CN",), "zh"), "guard", "ahead of any other"),
        (inquiry(topic="sanctions"), "main", "no better desk"),
        (inquiry(topic="logistics"), "guard", "; priority decided"),
        (inquiry(topic="logistics", language="zh"), "chinese", "visitor's language decided"),
        (inquiry(topic="tax_accounting"), "first", "place in the file decided"),
        (inquiry(topic="tax_accounting", laws=("US", "CN")), "second", "jurisdiction that is named decided"),
        (inquiry(topic="logistics", laws=("CN",)), "guard", "takes the topic logistics"),
        (inquiry(topic="sanctions", laws=("EU", "CN")), "second", "takes the jurisdiction CN"),
        (inquiry("off_topic", laws=("CN",)), "second", "takes the jurisdiction CN"),
        (inquiry(laws=("EU",)), "main", "no better desk"),
        (inquiry(laws=("RU",)), "main", "no better desk"),
    ],
)
def test_kind_then_topic_then_law_then_default(
    asked: Inquiry, desk: str, reason: str, contacts: Contacts, words: dict[Language, Wording]
) -> None:
    found = route(asked, contacts, words["en"], NOON)
    assert found.desk.id == desk
    assert found.reasons[0] == "as a test says"
    assert reason in found.reasons[1]
    assert len(found.reasons) == 2
    assert found.version == contacts.version
    assert found.desk.email == "main@example.com"


@pytest.mark.parametrize(
    ("moment", "desk", "reason"),
    [
        (datetime(2026, 11, 25, 15, 59, tzinfo=UTC), "chinese", None),
        (datetime(2026, 11, 25, 16, 0, tzinfo=UTC), "second", "the second desk stands in"),
        (datetime(2026, 11, 26, 16, 0, tzinfo=UTC), "chinese", None),
        (datetime(2027, 2, 6, tzinfo=UTC), "second", "the second desk stands in"),
        (datetime(2027, 2, 8, tzinfo=UTC), "chinese", "so has the second desk"),
    ],
)
def test_a_desk_on_holiday_has_a_stand_in(
    moment: datetime, desk: str, reason: str | None, contacts: Contacts, words: dict[Language, Wording]
) -> None:
    found = route(inquiry(topic="logistics", language="zh"), contacts, words["zh"], moment, "Asia/Tokyo")
    assert found.desk.id == desk
    assert len(found.reasons) == (3 if reason else 2)
    assert reason is None or reason in found.reasons[-1]
    assert found.subject == ("[CN] 问题咨询" if desk == "chinese" else "问题咨询")
    assert found == route(inquiry(topic="logistics", language="zh"), contacts, words["zh"], moment, "Asia/Tokyo")


def test_beside_an_error_too_the_stand_in_is_shown(contacts: Contacts, words: dict[Language, Wording]) -> None:
    assert default_route(contacts, words["en"], NOON).desk.id == "main"
    assert default_route(contacts, words["en"], datetime(2026, 12, 24, 12, tzinfo=UTC)).desk.id == "guard"
