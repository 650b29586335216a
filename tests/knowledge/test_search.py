"""Search with the real encoder, and its parts with plain numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from bot import wiring
from bot.knowledge import fusion
from bot.knowledge.dense import DenseIndex
from bot.knowledge.search import Query
from bot.knowledge.sparse import SparseIndex, Unit
from bot.knowledge.words import terms


def unit(rows: int) -> npt.NDArray[np.float32]:
    vectors = np.random.default_rng(0).normal(size=(rows, 16))
    scaled: npt.NDArray[np.float32] = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return scaled


def test_words_are_stemmed_per_language_and_chinese_is_cut_in_pairs() -> None:
    assert terms("Sanctioned companies", "en") == terms("sanction company", "en")
    assert terms("компаниями", "ru") == terms("компании", "ru")
    assert terms("Genehmigungen", "de") == terms("Genehmigung", "de")
    assert terms("增值税率", "zh") == ["增值", "值税", "税率"]
    assert terms("U.S. persons under E.O. 14071", "en") == ["us", "person", "eo", "14071"]


def test_words_cover_a_question_in_their_language_and_not_in_another() -> None:
    texts = ["The fee for a permit is forty roubles.", "Registration takes ten days.", "Dividends are taxed at source."]
    index = SparseIndex.build([Unit(text, "en", 1) for text in texts])
    english, german = index.match("What is the fee for a permit?", "en"), index.match("Was kostet ein permit im Amt?", "de")
    assert english is not None
    assert german is not None
    assert english.scores.argmax() == 0
    assert english.coverage == pytest.approx(1.0)
    assert german.coverage < english.coverage
    assert index.match("Wie lange dauert das?", "de") is None


@pytest.mark.parametrize(
    ("question", "right", "wrong"),
    [
        ("Which deals does E.O. 14071 touch?", "E.O. 14071 bans new deals.", "E.O. bans deals; see 14071 as well."),
        ("Regulation 833/2014", "Regulation 833/2014 holds the list.", "Of 2014 is regulation 269, with 833 entries."),
        ("What does Article 5n forbid?", "Article 5n forbids services.", "Point 5n of another article forbids services."),
        ("Is GL 8 in force?", "GL 8 is in force.", "In force are GL 13 and 8 more."),
    ],
)
def test_a_citation_is_found_where_its_parts_stand_together(question: str, right: str, wrong: str) -> None:
    found = SparseIndex.build([Unit(wrong, "en", 1), Unit(right, "en", 1)]).match(question, "en")
    assert found is not None
    assert found.scores[1] > found.scores[0]


def test_words_count_for_nothing_where_they_cover_nothing() -> None:
    dense, sparse = np.array([3.0, 2, 1], np.float32), np.array([0.0, 0, 9], np.float32)
    assert list(np.argsort(-fusion.mix(dense, sparse, share=0.0))) == [0, 1, 2]
    mixed = fusion.mix(dense, sparse, share=fusion.SHARE)
    assert mixed[2] > mixed[1]
    assert fusion.words_share(0.0) == 0 < fusion.words_share(0.3) < fusion.words_share(1.0) == fusion.SHARE


def test_near_duplicates_are_left_out() -> None:
    vectors = unit(4)
    vectors[2] = vectors[0]
    assert fusion.distinct(np.array([0, 2, 1, 3]), vectors, 0.98, 3) == [0, 1, 3]


def test_exact_and_hnsw_find_the_same_and_keep_to_a_selection(tmp_path: Path) -> None:
    vectors = unit(500)
    exact, graph = DenseIndex.build(vectors, 1000), DenseIndex.build(vectors, 100)
    assert exact.exact
    assert not graph.exact
    assert list(exact.search(vectors[7], 5)[0]) == list(graph.search(vectors[7], 5)[0])
    among = np.array([3, 9, 11])
    for index in (exact, graph):
        assert set(index.search(vectors[7], 5, among)[0]) <= set(among)
    exact.save(tmp_path / "index")
    assert np.array_equal(DenseIndex.load(tmp_path / "index").vectors(), vectors)


def test_only_documents_under_the_wanted_law_are_found(bot: wiring.Bot) -> None:
    hits = bot.search("ownership and control", 10, ("UK",))
    assert hits
    assert all("UK" in hit.document.jurisdictions for hit in hits)


def test_a_hit_carries_what_it_was_ranked_by(bot: wiring.Bot) -> None:
    hits = bot.search("What discount does a foreign seller have to give in Russia?", 5)
    assert hits[0].document.id == "articles/leaving-russia-approvals-contribution"
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(len(hit.sentences) == len(hit.passage.sentences) for hit in hits)
    search = bot.live().search
    vector = np.zeros(search.snapshot.manifest.dimension, np.float32)
    assert search(Query("x", vector, "en", (), documents=["no such document"])) == []
