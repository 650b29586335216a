"""One ranking out of two: scores are standardised over each list's best and mixed. Pure.

The words' share follows what they cover of the question: nothing where it shares no telling words with the texts, as a
German question does with English ones, so that words help where they can and never harm where they cannot.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float32]
DEPTH = 200  # how many of each list's best the scores are standardised over
SHARE = 0.5  # the words' share where they cover the question well
COVERED, UNCOVERED = 0.4, 0.15  # coverage above which words count fully, below which not at all


def words_share(coverage: float) -> float:
    """The weight of words, 0 to SHARE, for a coverage of 0 to 1."""
    covered = float(np.clip((coverage - UNCOVERED) / (COVERED - UNCOVERED), 0.0, 1.0))
    return SHARE * covered


def mix(dense: Scores, sparse: Scores | None, share: float) -> Scores:
    """Mixed scores of the candidates whose `dense` and `sparse` scores are given, row by row; words weigh `share`."""
    if sparse is None or not share:
        return standardised(dense)
    mixed: Scores = (1 - share) * standardised(dense) + share * standardised(sparse)
    return mixed


def standardised(scores: Scores) -> Scores:
    """Scores in standard deviations from the mean of the list's best; all below those get the floor of the best."""
    if not len(scores):
        return scores
    depth = min(DEPTH, len(scores))
    best = np.partition(scores, len(scores) - depth)[len(scores) - depth :]
    spread = float(best.std()) or 1.0
    result: Scores = ((np.maximum(scores, best.min()) - best.mean()) / spread).astype(np.float32)
    return result


def distinct(order: npt.NDArray[np.int64], vectors: Scores, same: float, k: int) -> list[int]:
    """The first `k` positions of `order` whose vector is not nearly that of one before (cosine below `same`)."""
    kept: list[int] = []
    for position in order:
        if not kept or float((vectors[kept] @ vectors[position]).max()) < same:
            kept.append(int(position))
        if len(kept) == k:
            break
    return kept
