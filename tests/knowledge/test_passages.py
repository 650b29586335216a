"""Sentences and passages: whole, in order, complete, with their heading path."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.passages import context, passages
from bot.knowledge.sentences import sentences
from bot.vocabulary import Document, Heading


def count(texts: Sequence[str]) -> list[int]:
    """One token a word."""
    return [len(text.split()) for text in texts]


@pytest.mark.parametrize(
    ("language", "text", "parts"),
    [
        ("en", "OFAC (31 CFR 501.101, E.O. 14071) applies. See Art. 5n of Reg. 833/2014. Yes!", 3),
        ("en", "The U.S. person paid $1.5 million. No. 8 is closed.", 2),
        ("ru", "Это правило ст. 5 действует с 1 янв. 2024 г. для всех. Компании подают заявление.", 2),
        ("zh", "外国公司需要注册。费用是多少？请联系我们！", 3),
        ("de", "Gemäß Art. 5n Abs. 2 der VO (EU) Nr. 833/2014 ist z.B. Beratung verboten. Das gilt seit dem 4. Juni 2022.", 2),
        ("en", "First line\nSecond line", 2),
    ],
)
def test_sentences_end_where_they_should(language: str, text: str, parts: int) -> None:
    assert len(list(sentences(text, language))) == parts


@given(st.text(alphabet="abc .!?\n。A1", max_size=300), st.sampled_from(["en", "ru", "zh", "de"]))
def test_sentences_hold_every_character_but_white_space_once(text: str, language: str) -> None:
    spans = list(sentences(text, language))
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert "".join("".join(text[s.start : s.end].split()) for s in spans) == "".join(text.split())


def document() -> Document:
    text = "Intro sentence one.\n\nFees\n\nThe fee is ten. It is paid early. It is final.\n\nRefunds\n\nNo refund is made."
    headings = (Heading(text.index("Fees"), 2, "Fees"), Heading(text.index("Refunds"), 3, "Refunds"))
    return Document("d", "Prices", text, headings=headings)


def test_passages_keep_to_their_section_and_carry_its_path() -> None:
    made = passages(document(), 6, count)
    assert list(dict.fromkeys(p.section for p in made)) == [(), ("Fees",), ("Fees", "Refunds")]
    assert sum(p.section == ("Fees",) for p in made) > 1
    assert made[0].text == "Intro sentence one."
    assert made[-1].text == "No refund is made."
    assert context(document(), made[-1]) == "Prices › Fees › Refunds"


@pytest.mark.parametrize("limit", [3, 5, 8, 100])
def test_no_passage_is_longer_than_the_limit_unless_one_sentence_is(limit: int) -> None:
    source = document()
    made = passages(source, limit, count)
    spans = [s for p in made for s in p.sentences]
    assert len(spans) == 5
    for passage in made:
        assert source.text[passage.start : passage.end] == passage.text
        assert len(passage.text.split()) <= limit or len(passage.sentences) == 1


def test_a_passage_knows_its_page() -> None:
    text = "Page one says this.\n\nPage two says that."
    made = passages(Document("d", "D", text, pages=(0, text.index("Page two"))), 4, count)
    assert [p.page for p in made] == [1, 2]


def test_a_title_that_is_only_the_id_is_not_embedded() -> None:
    plain = Document("d", "d", "One sentence.")
    assert context(plain, passages(plain, 10, count)[0]) == ""
