"""The check tells a gain from chance."""

from __future__ import annotations

import pytest

from bot.adapting.check import gain
from bot.quality.retrieval import Score


def score(ndcg: float) -> Score:
    return Score(ndcg, float(ndcg == 1), 1, 1, 1)


def test_a_gain_on_most_questions_is_beyond_noise_and_one_by_few_is_not() -> None:
    before = [score(0.5)] * 40
    better = gain(before, [score(0.7)] * 30 + [score(0.5)] * 10)
    assert better.beyond_noise
    assert better.ndcg_after - better.ndcg_before == pytest.approx(0.15)
    assert better.least < 0.15 < better.most
    few = gain(before, [score(1.0)] * 2 + [score(0.5)] * 38)
    assert few.ndcg_after > few.ndcg_before and not few.beyond_noise
    assert not gain(before, before).beyond_noise
