"""What stands twice: texts, near-duplicates, titles, passages; and what may."""

from __future__ import annotations

import random
import time

from bot.knowledge.readers.layout import Sheet
from bot.quality.corpus import likeness, shingles
from bot.quality.corpus.finding import Finding
from tests.quality.corpus.written import by_id, sheet

WORDS = [f"{a}{b}" for a in ("ban", "lic", "tra", "own", "pay", "cus", "per", "for") for b in ("ro", "mi", "tel", "sok", "dan")]
PASSAGE = "A company in Russia is blocked where blocked persons own fifty percent or more of it, alone or together, at any level."
CHINESE = "被封锁人士单独或合计直接或间接拥有某实体百分之五十或以上的权益时该实体即被视为被封锁而不论其是否被列名。"


def prose(seed: int, length: int = 120) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=length))


def found(*sheets: Sheet, superseded: tuple[str, ...] = ()) -> list[Finding]:
    return list(likeness.findings(by_id(*sheets), superseded))


def test_the_share_is_that_of_the_shorter_text() -> None:
    long, short = prose(1).split(), prose(1).split()[:60]
    assert list(shingles.overlaps([long, short])) == [(0, 1, 1.0)]
    half = prose(1).split()[:60] + prose(2).split()[60:]
    ((_, _, share),) = shingles.overlaps([long, half])
    assert share == 55 / 115
    assert list(shingles.overlaps([])) == []


def test_a_near_duplicate_is_named_with_its_twin() -> None:
    words = prose(3).split()
    words[::12] = ["other"] * len(words[::12])
    (finding,) = found(sheet("a", body=prose(3)), sheet("b", body=" ".join(words)), sheet("c", body=prose(4)))
    assert (finding.file, finding.severity) == ("c/b.md", "warning")
    assert "near-duplicate of 'a'" in finding.what


def test_the_same_text_and_the_same_title() -> None:
    told = [one.what for one in found(sheet("a", body=prose(5), title="One"), sheet("b", body=prose(5) + "!", title="ONE"))]
    assert told == ["has the same title as 'a'", "has the same text as 'a'"]


def test_translations_and_what_is_superseded_are_no_duplicates() -> None:
    assert found(sheet("a", body=PASSAGE, title="T"), sheet("b", "language: de", PASSAGE, title="T")) == []
    assert found(sheet("a", body=prose(6)), sheet("b", "supersedes: a", prose(6)), superseded=("a",)) == []


def test_a_passage_that_stands_in_two_documents_has_its_line() -> None:
    first = sheet("a", body=f"{prose(7)}\n\n{PASSAGE}")
    second = sheet("b", body=f"## Heading\n\n{prose(8)}\n\n{PASSAGE}\n\nEnd.")
    (finding,) = found(first, second)
    assert (finding.file, finding.line) == ("c/b.md", 9)
    assert "word for word in 'a' too (c/a.md:7)" in finding.what
    assert found(sheet("a", "language: zh", f"{CHINESE}\n\n一。"), sheet("b", "language: zh", f"二。\n\n{CHINESE}\n\n三。"))


def test_a_passage_that_stands_twice_in_one_document() -> None:
    (finding,) = found(sheet("a", body=f"{PASSAGE}\n\n{prose(9)}\n\n{PASSAGE}"))
    assert finding.line == 9 and "first on line 5" in finding.what


def test_two_thousand_documents_take_seconds() -> None:
    vocabulary = [f"word{n}" for n in range(5_000)]
    chance = random.Random(10)
    sheets = [sheet(f"d{n}", body=" ".join(chance.choices(vocabulary, k=600))) for n in range(40)]
    texts = [one.document.text.split() for one in sheets]
    many = [[f"{word}{n}" for word in text] for n in range(50) for text in texts]
    began = time.monotonic()
    assert list(shingles.overlaps(many)) == []
    assert time.monotonic() - began < 20
