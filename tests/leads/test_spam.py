"""The filter on letters it never saw: 300 genuine ones in four languages, and spam."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.errors import BadDirectory
from bot.leads.spam import FILE, SPAM_FROM, filter_of
from tests.conftest import DATA, ROOT

LETTERS = [json.loads(line) for line in (DATA / "letters.jsonl").read_text("utf-8").splitlines()]
SPAM = [
    "Hello, we noticed that your site does not appear on the first page. Our agency can change that within a month. Interested?",
    "Need a loan for your shop? Money on your account tomorrow, no questions asked. www.fast-loan.example",
    "I am Barrister Coleman and represent the family of a man who died without heirs and left 14 million dollars.",
    "Bonjour, je voudrais connaître le prix.",
    "Sevgili dost, fiyat listenizi gönderin.",
    "Продаём базы клиентов, делаем рассылки по сайтам, пишите в телеграм.",
    "我们提供网站优化服务，保证首页排名，欢迎加微信咨询。",
    "Mehr Umsatz durch unseren Verteiler mit 80.000 Adressen, probieren Sie ihn zwei Wochen kostenlos aus.",
    "https://best-offers.example/?ref=77",
    "kjhsdf kjhsdf lkjweo",
]


def test_of_genuine_letters_hardly_one_is_held() -> None:
    assert len(LETTERS) == 300
    held = [row["text"] for row in LETTERS if filter_of()(row["text"]) >= SPAM_FROM]
    assert len(held) <= 3, held


def test_of_spam_at_least_nine_in_ten_are_held() -> None:
    held = [text for text in SPAM if filter_of()(text) >= SPAM_FROM]
    assert len(held) >= 0.9 * len(SPAM), set(SPAM) - set(held)


def test_the_letters_kept_apart_are_not_learned_from() -> None:
    learned = (ROOT / "corpus" / FILE).read_text("utf-8")
    assert not [row["text"] for row in LETTERS if row["text"] in learned]


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    for text in ("spam = [", 'spam = ["a"]', 'spam = ["a"]\ngenuine = [1]'):
        filter_of.cache_clear()
        (tmp_path / FILE).write_text(text, "utf-8")
        with pytest.raises(BadDirectory, match=FILE):
            filter_of(tmp_path)
