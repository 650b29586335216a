"""How far a measure may be off by chance: 95 % percentile bootstrap over the rows it was taken on. Pure; chance is seeded."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from scipy.stats import bootstrap

Indices = npt.NDArray[np.int64]
RESAMPLES = 2000
AT_ONCE = 200  # resamples in memory at the same time
LEVEL = 0.95


def interval(values: Sequence[float], seed: int = 0) -> tuple[float, float]:
    """The 95 % interval of the mean of these rows. One row has no spread: its own value twice. Raises ValueError for none."""
    numbers = np.asarray(values, dtype=np.float64)
    if not len(numbers):
        raise ValueError("no rows to take an interval of")
    if len(numbers) == 1:
        return float(numbers[0]), float(numbers[0])
    found = bootstrap((numbers,), np.mean, n_resamples=RESAMPLES, batch=AT_ONCE, method="percentile", rng=_chance(seed))
    return float(found.confidence_interval.low), float(found.confidence_interval.high)


def difference(mine: Sequence[float], theirs: Sequence[float], seed: int = 0) -> tuple[float, float, float]:
    """Mean of mine less mean of theirs over the same rows, and its 95 % interval. Raises ValueError for none or unequal many."""
    if len(mine) != len(theirs):
        raise ValueError(f"not the same rows: {len(mine)} and {len(theirs)}")
    gaps = np.asarray(mine, dtype=np.float64) - np.asarray(theirs, dtype=np.float64)
    return float(gaps.mean()) if len(gaps) else 0.0, *interval(gaps.tolist(), seed)


def interval_of(statistic: Callable[[Indices], float], rows: int, seed: int = 0) -> tuple[float, float] | None:
    """The 95 % interval of a statistic of so many rows, given as indices into them; draws for which it is nan are left out.

    None where fewer than half of the draws have a value. For a paired difference give the difference of two statistics.
    """
    if rows < 2:
        return None
    chance = _chance(seed)
    values = np.array([statistic(chance.integers(0, rows, rows)) for _ in range(RESAMPLES)])
    values = values[np.isfinite(values)]
    if len(values) < RESAMPLES / 2:
        return None
    low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def _chance(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)
