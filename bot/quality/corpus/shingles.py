"""How much of a text stands in another: exact counts of shared shingles, runs of SHINGLE words (Chinese: characters)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

SHINGLE = 6
COMMON = 20  # a shingle in more texts than this is a set phrase, and says nothing about two of them
LEAST = 12  # texts with fewer shingles of their own are too short to compare
WORD = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]|[^\W_\u3400-\u4dbf\u4e00-\u9fff]+")
FACTOR = np.uint64(0x9E3779B97F4A7C15)

Hashes = npt.NDArray[np.uint64]


def words(text: str) -> list[str]:
    """The words of a text in small letters; each Chinese character is one."""
    return WORD.findall(text.lower())


def overlaps(texts: Sequence[Sequence[str]]) -> Iterator[tuple[int, int, float]]:
    """Pairs of texts, given as words, and the share of the one with fewer shingles that stands in the other; 0 is left out.

    Time and memory grow with the length of all texts together, not with the number of pairs.
    """
    each = [_hashes(text) for text in texts]
    if not each:
        return
    owner = np.repeat(np.arange(len(each)), [len(hashes) for hashes in each])
    everything = np.concatenate(each)
    order = np.argsort(everything, kind="stable")
    everything, owner = everything[order], owner[order]
    starts = np.flatnonzero(np.r_[True, everything[1:] != everything[:-1]]) if len(everything) else np.zeros(0, dtype=np.int64)
    counts = np.diff(np.r_[starts, len(everything)])
    own = np.bincount(owner[np.repeat(counts <= COMMON, counts)], minlength=len(each))
    shared: Counter[tuple[int, int]] = Counter()
    for start, count in zip(starts, counts, strict=True):
        if 2 <= count <= COMMON:
            shared.update(combinations(owner[start : start + count].tolist(), 2))
    for (one, other), together in shared.items():
        smaller = min(own[one], own[other])
        if smaller >= LEAST:
            yield one, other, float(together / smaller)


def _hashes(text: Sequence[str]) -> Hashes:
    """Each shingle once, as a 64-bit number."""
    if len(text) < SHINGLE:
        return np.zeros(0, dtype=np.uint64)
    numbers = np.array([hash(word) for word in text], dtype=np.int64).view(np.uint64)
    rolled = np.zeros(len(text) - SHINGLE + 1, dtype=np.uint64)
    for place in range(SHINGLE):
        rolled = rolled * FACTOR + numbers[place : len(numbers) - SHINGLE + 1 + place]
    return np.unique(rolled)
