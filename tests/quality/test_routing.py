"""Kinds on inquiries nothing was learned from; labels of one's own; the measures by hand; the files they read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bot import wiring
from bot.dialogue import classifier
from bot.dialogue.examples import Example
from bot.dialogue.inquiry import Labeller, fit_labeller
from bot.dialogue.likeness import Likeness
from bot.errors import BadData
from bot.quality import routing
from bot.quality.guesses import Guess, Row, of_kinds
from bot.quality.routing import Vectors

DATA = Path(__file__).resolve().parent.parent / "data"


def test_kinds_are_told_on_inquiries_nothing_was_learned_from(bot: wiring.Bot) -> None:
    rows = routing.read(DATA / "inquiries.jsonl", "kind")
    result = routing.by_kinds(rows, lambda texts: [bot.route(text)[0] for text in texts])
    assert result["macro_f1"] >= 0.86
    assert result["ece"] <= 0.05
    assert result["guarded_recall"] >= 0.88
    assert result["guarded_in_error"] <= 0.1
    assert min(one["accuracy"] for one in result["by_language"].values()) >= 0.8


def numbers(texts: Sequence[str]) -> Vectors:
    """Traits in which the first letter decides."""
    chance = np.random.default_rng(7)
    places = {"a": (1, 0, 0), "b": (0, 1, 0), "z": (0, 0, 1)}
    return np.array([np.array(places[text[0]]) + chance.normal(0, 0.05, 3) for text in texts], dtype=np.float32)


def test_labels_of_ones_own_with_questions_out_of_scope() -> None:
    train = [Row(f"{letter}{i}", letter, "en") for letter in "ab" for i in range(20)]
    test = [Row("a!", "a", "en"), Row("b!", "b", "en"), Row("z!", "oos", "en"), Row("z?", "oos", "en")]
    result = routing.by_labels([*train, Row("z", "oos", "en")], test, numbers)
    assert (result["accuracy"], result["macro_f1"], result["auroc_scope"], result["oos_recall"]) == (1.0, 1.0, 1.0, 1.0)
    with pytest.raises(BadData, match="two labels"):
        routing.by_labels(train[:20], test, numbers)


def test_measures_of_kinds_by_hand() -> None:
    question, hard, screened = (
        Row("a", "question", "en"),
        Row("b", "question", "de", hard=True),
        Row("c", "screening", "en"),
    )
    result = of_kinds([Guess(question, "question", 0.95), Guess(hard, "screening", 0.65), Guess(screened, "screening", 0.85)])
    assert (result["accuracy"], result["macro_f1"]) == (0.6667, 0.6667)
    assert result["ece"] == pytest.approx((0.05 + 0.65 + 0.15) / 3, abs=1e-4)
    assert (result["guarded_recall"], result["guarded_in_error"], result["guarded_hard"]) == (1.0, 0.5, 1.0)
    assert result["by_kind"]["screening"] == {"rows": 1, "precision": 0.5, "recall": 1.0, "f1": 0.6667}
    assert result["by_language"]["en"]["accuracy"] == 1.0
    assert result["confusion"]["question"] == {"question": 1, "screening": 1}
    low, high = result["intervals"]["accuracy"]
    assert low <= 0.6667 <= high


def test_unseen_scores_are_those_of_a_fit_without_the_group(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classifier, "STRENGTHS", (0.1,))
    chance = np.random.default_rng(3)
    traits = chance.normal(0, 1, (40, 6)).astype(np.float32)
    labels = ["x" if row[0] + 0.3 * row[1] > 0 else "y" for row in traits]
    groups = ["g" if i in (4, 5) else "" for i in range(40)]
    alike = Likeness.to(traits).among_learned()
    fitted = classifier.fit(alike, labels, groups)
    right = sum(("x", "y")[int(row.argmax())] == label for row, label in zip(fitted.unseen, labels, strict=True))
    assert right >= 32
    alone = classifier.fit(alike, labels)
    assert not np.allclose(fitted.unseen[4], alone.unseen[4])
    without = [i for i in range(40) if i not in (4, 5)]
    refitted = classifier.fit(alike[np.ix_(without, without)], [labels[i] for i in without]).classifier
    assert np.allclose(list(refitted.scores(alike[4, without]).values()), fitted.scores[4], atol=0.05)


def test_a_labeller_is_the_same_after_it_was_kept() -> None:
    chance = np.random.default_rng(3)
    traits = chance.normal(0, 1, (24, 6)).astype(np.float32)
    examples = [
        Example(f"{i}", ("question", "screening")[i % 2], "en", ("sanctions", "firm")[i % 3 % 2], unclear=i % 4 == 0)
        for i in range(24)
    ]
    labeller = fit_labeller(examples, traits)
    assert Labeller.from_bytes(labeller.to_bytes()).judge(traits[3]) == labeller.judge(traits[3])
    assert labeller.judge(traits[0]).unclear > labeller.judge(traits[2]).unclear


@pytest.mark.parametrize(
    "line", ["{broken", '{"text": "a"}', '{"text": "", "kind": "question"}', '{"text": "a", "kind": "nonsense"}']
)
def test_a_broken_row_names_its_line(line: str, tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text('{"text": "a", "kind": "question"}\n' + line + "\n", "utf-8")
    with pytest.raises(BadData) as caught:
        routing.read(tmp_path / "rows.jsonl", "kind")
    assert caught.value.problem.line == 2
