"""Figures are SVG that says what was measured, the same bytes for the same outcomes."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from bot.quality import beir, retrieval
from bot.quality.answers import Outcome
from bot.quality.guesses import Guess, Row
from bot.quality.plots import refusal as refusal_figure
from bot.quality.plots import retrieval as retrieval_figure
from bot.quality.plots import routing as routing_figure

TEXT = "{http://www.w3.org/2000/svg}text"


def words(drawn: Path) -> set[str]:
    return {"".join(text.itertext()).strip() for text in ElementTree.parse(drawn).iter(TEXT)}


def test_search_beside_its_peers_by_measure_rank_and_language(tmp_path: Path) -> None:
    queries = tuple((f"q{i}", "text", ("de", "en")[i % 2]) for i in range(20))
    task = beir.Task(tmp_path, queries, {identity: {"a": 1} for identity, _, _ in queries})
    good, bad = retrieval.score(["a"], {"a": 1}), retrieval.score(["b", "a"], {"a": 1})
    systems = {"ours": [good] * 20, "other": [bad] * 20}
    drawn = retrieval_figure.draw(task, systems, tmp_path / "new")
    assert {"ours", "other", "nDCG@10", "recall@5", "de", "en", "Recall by rank"} <= words(drawn)
    before = drawn.read_bytes()
    assert retrieval_figure.draw(task, systems, tmp_path / "new").read_bytes() == before
    alone = beir.Task(tmp_path, tuple((identity, text, "") for identity, text, _ in queries), task.relevant)
    assert "nDCG@10 by language" not in words(retrieval_figure.draw(alone, {"ours": [good] * 20}, tmp_path))


def test_a_matrix_counts_what_was_taken_for_what(tmp_path: Path) -> None:
    row, other = Row("a", "question", "en"), Row("b", "screening", "zh")
    told = [Guess(row, "question", 0.9)] * 17 + [Guess(row, "screening", 0.6)] * 3 + [Guess(other, "screening", 0.8)] * 13
    shown = words(routing_figure.draw(told, tmp_path))
    assert {"17", "3", "13", "question", "screening", "taken for", "Probability and truth (n = 33)"} <= shown


def test_refusal_shows_both_sorts(tmp_path: Path) -> None:
    chance = np.random.default_rng(1)
    found = [
        Outcome("en", answerable=i % 2 == 0, answered=i % 4 == 0, right=i % 4 == 0, probability=float(chance.random()))
        for i in range(60)
    ]
    shown = words(refusal_figure.draw(found, tmp_path))
    assert "Refusal: 30 questions with an answer, 30 whose documents were taken out" in shown
    assert {"with an answer", "without", "as answered now"} <= shown
