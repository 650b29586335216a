"""Intervals by resampling: as wide as theory says, the same for the same seed, paired where rows are the same."""

from __future__ import annotations

import numpy as np
import pytest

from bot.quality import bootstrap

HALF = [1.0, 0.0] * 200


def test_an_interval_of_shares_is_as_wide_as_theory_says() -> None:
    low, high = bootstrap.interval(HALF)
    assert low == pytest.approx(0.5 - 1.96 * 0.5 / 20, abs=0.006)
    assert high == pytest.approx(0.5 + 1.96 * 0.5 / 20, abs=0.006)


def test_it_holds_the_truth_nineteen_times_in_twenty() -> None:
    chance = np.random.default_rng(7)
    held = 0
    for seed in range(200):
        low, high = bootstrap.interval(chance.normal(3.0, 2.0, 60).tolist(), seed)
        held += low <= 3.0 <= high
    assert 180 <= held <= 199


def test_the_same_seed_gives_the_same_interval_and_another_seed_another() -> None:
    values = np.random.default_rng(1).random(50).tolist()
    assert bootstrap.interval(values, 3) == bootstrap.interval(values, 3)
    assert bootstrap.interval(values, 3) != bootstrap.interval(values, 4)


def test_pairing_sees_what_two_intervals_cannot() -> None:
    chance = np.random.default_rng(2)
    theirs = chance.normal(0.5, 0.3, 300)
    mine = theirs + chance.normal(0.02, 0.03, 300)
    gap, low, high = bootstrap.difference(mine.tolist(), theirs.tolist())
    assert low < gap < high
    assert low > 0
    assert bootstrap.interval(mine.tolist())[0] < bootstrap.interval(theirs.tolist())[1]
    assert bootstrap.difference(theirs.tolist(), mine.tolist())[2] < 0


def test_equal_rows_have_no_difference_and_one_row_no_spread() -> None:
    assert bootstrap.difference(HALF, HALF) == (0.0, 0.0, 0.0)
    assert bootstrap.interval([0.4]) == (0.4, 0.4)


def test_rows_that_cannot_be_compared_are_refused() -> None:
    with pytest.raises(ValueError, match="not the same rows"):
        bootstrap.difference([1.0], [1.0, 0.0])
    with pytest.raises(ValueError, match="no rows"):
        bootstrap.interval([])


def test_any_statistic_of_the_rows_has_an_interval() -> None:
    values = np.array(HALF)
    found = bootstrap.interval_of(lambda rows: float(values[rows].mean()), len(values))
    assert found == pytest.approx(bootstrap.interval(HALF), abs=0.006)
    assert bootstrap.interval_of(lambda _: float("nan"), 10) is None
    assert bootstrap.interval_of(lambda _: 1.0, 1) is None
