"""Groups taken out of a corpus, whether their questions are told apart, and the files that say which groups there are."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from bot.errors import BadData
from bot.quality import refusal, separation, withheld
from bot.quality.answers import Outcome

ROWS = [
    {"id": 1, "question": "May cigars be imported?", "answer": "No cigars may be imported.", "topic": "Cuba"},
    {"id": 2, "question": "Who reports blocked property?", "answer": "Holders report it.", "topic": "Reports"},
    {"id": 3, "question": "When are reports due?", "answer": "Within ten days.", "topic": "Reports"},
]


def lines(path: Path, rows: list[dict[str, object]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def beir(folder: Path) -> Path:
    lines(folder / "corpus.jsonl", [{"_id": f"d{row['id']}", "title": "", "text": row["answer"]} for row in ROWS])
    lines(folder / "queries.jsonl", [{"_id": f"q{row['id']}", "text": row["question"]} for row in ROWS])
    (folder / "qrels").mkdir()
    (folder / "qrels" / "test.tsv").write_text("q\tc\ts\nq1\td1\t1\nq2\td2\t1\nq2\td1\t1\nq3\td3\t1\n", "utf-8")
    return folder


def test_a_group_is_taken_out_and_its_questions_have_no_answer(tmp_path: Path) -> None:
    split = withheld.split(withheld.read(lines(tmp_path / "faq.jsonl", ROWS), "topic"), ["cuba"])
    assert [(row.question, row.documents) for row in split.questions] == [
        ("May cigars be imported?", ()),
        ("Who reports blocked property?", ("2",)),
        ("When are reports due?", ("3",)),
    ]
    assert split.groups == ("Cuba", "Reports", "Reports")
    written = split.write(tmp_path / "kept.jsonl").read_text("utf-8")
    assert "cigars" not in written
    assert "Who reports" not in written
    assert "Holders report it." in written


@pytest.mark.parametrize(
    ("file", "groups"),
    [
        ("groups.json", {"q1": "Cuba", "d3": "Reports"}),
        ("groups.json", {"d1": "Cuba"}),
        ("groups.jsonl", [{"id": "d1", "topic": "Cuba"}, {"id": "d2"}]),
    ],
)
def test_groups_stand_apart_by_document_or_question(file: str, groups: object, tmp_path: Path) -> None:
    if isinstance(groups, list):
        named = lines(tmp_path / file, groups)
    else:
        named = tmp_path / file
        named.write_text(json.dumps(groups), "utf-8")
    split = withheld.split(withheld.read(beir(tmp_path / "task"), "topic", named), ["^cub"])
    assert [row.documents for row in split.questions] == [(), ("d2",), ("d3",)]
    assert [row["_id"] for row in split.documents] == ["d2", "d3"]


@pytest.mark.parametrize(
    ("without", "told"),
    [(["("], "regular expression"), (["Iran"], "no group. There are: Cuba, Reports"), ([".*"], "others with one")],
)
def test_a_split_that_cannot_be_made_says_why(without: list[str], told: str, tmp_path: Path) -> None:
    source = withheld.read(lines(tmp_path / "faq.jsonl", ROWS), "topic")
    with pytest.raises(BadData, match=told):
        withheld.split(source, without)


def test_a_broken_row_is_named_by_its_line(tmp_path: Path) -> None:
    (tmp_path / "faq.jsonl").write_text('\n{"id": 1, "question": "q"}\n', "utf-8")
    with pytest.raises(BadData, match="answer") as caught:
        withheld.read(tmp_path / "faq.jsonl", "topic")
    assert caught.value.problem.line == 2
    (tmp_path / "groups.jsonl").write_text("[1]\n", "utf-8")
    with pytest.raises(BadData, match=r"groups\.jsonl"):
        withheld.read(beir(tmp_path / "task"), "topic", tmp_path / "groups.jsonl")


def test_auroc_is_the_usual_one() -> None:
    chance = np.random.default_rng(1)
    said, true = np.round(chance.random(300), 1), chance.random(300) < 0.3
    assert separation.auroc(said, true) == pytest.approx(roc_auc_score(true, said))
    assert np.isnan(separation.auroc(said, np.ones(300, dtype=bool)))


def test_coverage_at_a_precision_by_hand() -> None:
    said = np.array([0.9, 0.8, 0.8, 0.5, 0.4, 0.0])
    right = np.array([True, True, False, True, True, True])
    everything = np.ones(6, dtype=bool)
    assert separation.reached(said, right, everything, 0.9) == pytest.approx(1 / 6)  # equals cannot be parted
    assert separation.reached(said, right, everything, 0.8) == pytest.approx(4 / 6)  # and what was not weighed is never given
    assert separation.reached(said, right, right, 0.75) == pytest.approx(4 / 5)
    assert separation.reached(said, ~everything, everything, 0.8) == 0.0
    assert separation.coverage(said, right, 0.8) == pytest.approx(5 / 6)
    shares, wrong = separation.risk(said, right)
    assert shares.tolist() == pytest.approx([1 / 6, 3 / 6, 4 / 6, 5 / 6])
    assert wrong.tolist() == pytest.approx([0, 1 / 3, 1 / 4, 1 / 5])


def test_the_measures_tell_both_sides_and_which_group_was_answered_all_the_same() -> None:
    found = [
        Outcome("en", answerable=True, answered=True, right=True, probability=0.9, stopped_by="write"),
        Outcome("en", answerable=True, answered=True, right=False, probability=0.7, stopped_by="write"),
        Outcome("en", answerable=True, answered=False, right=False, probability=0.0, stopped_by="guard", weighed=False),
        Outcome("en", answerable=False, answered=True, right=False, probability=0.8, stopped_by="write"),
        Outcome("en", answerable=False, answered=False, right=False, probability=0.1, stopped_by="weigh"),
    ]
    result = refusal.evaluate(found, ["a", "a", "a", "Cuba", "Iran"], 0.7)
    assert (result["auroc"], result["auroc_weighed"]) == (0.5, 0.75)
    assert (result["answered_answerable"], result["answered_unanswerable"]) == (0.6667, 0.5)
    assert (result["answers_answerable"], result["answers_right"]) == (0.6667, 0.3333)
    assert (result["answered_at_precision"], result["right_at_precision"]) == (0.3333, 0.3333)
    assert result["by_group"] == {"Cuba": {"questions": 1, "answered": 1.0}, "Iran": {"questions": 1, "answered": 0.0}}
    assert result["stopped"]["answerable"] == {"write": 2, "guard": 1}
    low, high = result["intervals"]["answered_answerable"]
    assert low <= 0.6667 <= high
