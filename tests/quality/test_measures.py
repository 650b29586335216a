"""The measures themselves, on numbers worked out by hand, and the files they read."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from bot.errors import BadData
from bot.quality import beir, gold, retrieval
from bot.quality.gate import fit_gate


def task(folder: Path) -> Path:
    (folder / "qrels").mkdir(parents=True)
    (folder / "corpus.jsonl").write_text('{"_id": "a", "title": "", "text": "A."}\n', "utf-8")
    rows = [
        {"_id": "q1", "text": "one", "lang": "en"},
        {"_id": "q2", "text": "zwei", "lang": "de"},
        {"_id": "q3", "text": "none"},
    ]
    (folder / "queries.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\ta\t1\nq2\tb\t1\nq3\tc\t0\n", "utf-8")
    return folder


def test_ndcg_and_its_kin_by_hand() -> None:
    second = retrieval.score(["x", "a", "y"], {"a": 1})
    assert second.ndcg == pytest.approx(1 / math.log2(3))
    assert (second.hit, second.recall5, second.recall10, second.reciprocal_rank) == (0.0, 1.0, 1.0, 0.5)
    graded = retrieval.score(["b", "a"], {"a": 2, "b": 1})
    assert graded.ndcg == pytest.approx((1 + 3 / math.log2(3)) / (3 + 1 / math.log2(3)))
    assert retrieval.score(["x"] * 10 + ["a"], {"a": 1}).ndcg == 0.0


def test_an_evaluation_groups_by_language(tmp_path: Path) -> None:
    read = beir.read(task(tmp_path / "task"))
    assert [identity for identity, _, _ in read.queries] == ["q1", "q2"]
    result = retrieval.evaluate(read, lambda questions: [["a"] for _ in questions], documents=1)
    assert result["queries"] == 2
    assert result["ndcg@10"] == 0.5
    assert result["by_language"]["en"]["hit@1"] == 1.0
    assert result["by_language"]["de"]["hit@1"] == 0.0
    assert result["intervals"]["hit@1"] == [0.0, 1.0]
    assert result["by_language"]["de"]["intervals"]["hit@1"] == [0.0, 0.0]


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("queries.jsonl", "{broken", 1),
        ("queries.jsonl", '{"_id": "q"}', 1),
        ("qrels/test.tsv", "h\nq1\ta\n", 2),
        ("qrels/test.tsv", "h\nq\ta\tx\n", 2),
    ],
)
def test_a_broken_task_names_file_and_line(name: str, content: str, line: int, tmp_path: Path) -> None:
    folder = task(tmp_path / "task")
    (folder / name).write_text(content, "utf-8")
    with pytest.raises(BadData) as caught:
        beir.read(folder)
    assert caught.value.problem.line == line
    assert caught.value.problem.file.endswith(name)


def test_a_task_without_its_files_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadData, match=r"corpus\.jsonl"):
        beir.read(tmp_path)


def test_the_gate_reaches_the_wanted_precision_where_evidence_tells() -> None:
    chance = np.random.default_rng(1)
    right = [True] * 60 + [False] * 60
    features = [(0.85 + chance.normal(0, 0.02) if good else 0.78 + chance.normal(0, 0.02), 0.8, 0.0) for good in right]
    gate = fit_gate(features, right, 0.95)
    given = [gate(row) >= gate.threshold for row in features]
    assert sum(g and r for g, r in zip(given, right, strict=True)) / sum(given) >= 0.93
    assert gate.precision >= 0.95
    assert gate.coverage > 0.3
    assert gate.from_json(gate.to_json()) == gate


def test_a_stricter_wish_never_answers_more() -> None:
    chance = np.random.default_rng(2)
    right = [i % 2 == 0 for i in range(200)]
    features = [(0.8 + 0.03 * good + chance.normal(0, 0.03), 0.8, 0.0) for good in right]
    assert fit_gate(features, right, 0.99).coverage <= fit_gate(features, right, 0.8).coverage


def test_with_nothing_right_nothing_is_answered() -> None:
    gate = fit_gate([(0.8, 0.8, 0.0)] * 10, [False] * 10, 0.95)
    assert gate((0.99, 0.99, 0.0)) < gate.threshold


def test_labelled_questions_are_read_from_both_forms(tmp_path: Path) -> None:
    (tmp_path / "g.toml").write_text('[[question]]\nquestion = "a?"\ndocuments = ["x"]\n', "utf-8")
    (tmp_path / "g.jsonl").write_text('{"question": "a?", "documents": ["x"]}\n', "utf-8")
    assert gold.read(tmp_path / "g.toml") == gold.read(tmp_path / "g.jsonl")
    (tmp_path / "g.jsonl").write_text('{"question": "a?"}\n', "utf-8")
    with pytest.raises(BadData, match="documents"):
        gold.read(tmp_path / "g.jsonl")
