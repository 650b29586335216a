"""Fits the weights of `bot/dialogue/quoting/ranking.py` on the development set, over the live snapshot.

`python -m tests.bench.quote_weights` prints them, and how often the best sentence is right where its fact was not learned.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from bot import settings, terminal, wiring
from bot.dialogue.jurisdictions import named
from bot.dialogue.quotes import FIRST_HITS, readable, under
from bot.dialogue.quoting import ranking
from bot.dialogue.reply import HITS
from bot.knowledge.language import detect
from bot.quality import quotes
from bot.vocabulary import Hit
from tests.conftest import DATA

Numbers = npt.NDArray[np.float64]
Row = tuple[Numbers, npt.NDArray[np.bool_]]
PENALTY = 0.003  # of a squared weight, against the mean log loss of a question
FOLDS = 5


def rows(wanted: Sequence[quotes.Wanted], hits: Sequence[Sequence[Hit]]) -> list[Row]:
    """Of each question the features of all sentences, and which are right."""
    made = []
    for one, found in zip(wanted, hits, strict=True):
        language = detect(one.question)
        first = under(readable(found, language), named(one.question))[:FIRST_HITS]
        parts = list(ranking.features(ranking.Question.of(one.question, language), first))
        right = [
            hit.document.id in one.documents and any(part in ranking.sentence(hit, i) for part in one.must) for hit, i, _ in parts
        ]
        made.append((np.array([values for _, _, values in parts]), np.array(right, dtype=bool)))
    return made


def fit(some: Sequence[Row]) -> Numbers:
    """Weights under which right sentences are likeliest: a softmax over the sentences of each question."""
    learned = [(values, right) for values, right in some if right.any()]

    def loss(weights: Numbers) -> tuple[float, Numbers]:
        total, slope = 0.0, np.zeros_like(weights)
        for values, right in learned:
            scores = values @ weights
            shares = np.exp(scores - scores.max())
            total -= float(np.log(shares[right].sum() / shares.sum()))
            slope -= values.T @ (shares * right / shares[right].sum() - shares / shares.sum())
        size = len(learned)
        return total / size + PENALTY * float(weights @ weights), slope / size + 2 * PENALTY * weights

    found: Numbers = minimize(loss, np.zeros(len(ranking.WEIGHTS)), jac=True, method="L-BFGS-B").x
    return found


def held_out(made: Sequence[Row], facts: Sequence[str]) -> tuple[float, float]:
    """Share of questions whose best sentence is right, and of which one of the best three is, by folds of facts."""
    numbers = {fact: n for n, fact in enumerate(dict.fromkeys(facts))}
    fold = np.random.default_rng(0).integers(0, FOLDS, len(numbers))[[numbers[fact] for fact in facts]]
    first, third = [], []
    for part in range(FOLDS):
        weights = fit([row for row, f in zip(made, fold, strict=True) if f != part])
        for values, right in (row for row, f in zip(made, fold, strict=True) if f == part):
            order = np.argsort(-(values @ weights))
            first.append(bool(right[order[:1]].any()))
            third.append(bool(right[order[:3]].any()))
    return float(np.mean(first)), float(np.mean(third))


def main() -> None:
    """Prints the weights."""
    wanted = quotes.read(DATA / "quotes_development.jsonl")
    bot = wiring.build(settings.load(), terminal.say)
    try:
        hits = [bot.search(one.question, HITS) for one in wanted]
    finally:
        bot.close()
    made = rows(wanted, hits)
    first, third = held_out(made, [one.must[0] for one in wanted])
    terminal.say(f"held out: best sentence right {first:.3f}, one of three {third:.3f}")
    for name, weight in zip(ranking.WEIGHTS, fit(made), strict=True):
        terminal.show(f'    "{name}": {weight:.2f},')


if __name__ == "__main__":
    main()
