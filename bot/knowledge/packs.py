"""Texts of like length together: what an encoder computes at once wastes little on padding, in few different shapes. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LENGTHS = (8, 16, 24, 32, 40, 48, 64, 80, 96, 128, 160, 192, 256, 320, 384, 512)
HEIGHTS = (1, 2, 3, 4, 6, 8, 12, 16)
MOST_TOKENS = 2048
SPARED = 16  # tokens of padding a text may take on to save a computation of its own


@dataclass(frozen=True, slots=True)
class Pack:
    """Places of texts that are computed together, each padded to `length` tokens."""

    rows: tuple[int, ...]
    length: int


def packs(sizes: Sequence[int]) -> list[Pack]:
    """The texts of these sizes (in tokens) in packs, the longest first; every text is in exactly one.

    A pack has one of HEIGHTS texts, is padded to one of LENGTHS (longer texts stand as they are), and each of its texts to
    at most SPARED tokens, or an eighth, more than it would be alone.
    """
    order = sorted(range(len(sizes)), key=lambda i: (-sizes[i], i))
    made: list[Pack] = []
    at = 0
    while at < len(order):
        length = padded(sizes[order[at]])
        floor = length - max(SPARED, length // 8)
        fitting = max(1, MOST_TOKENS // length)
        count = next((n for n, i in enumerate(order[at:]) if n == fitting or padded(sizes[i]) < floor), len(order) - at)
        height = max(height for height in HEIGHTS if height <= count)
        made.append(Pack(tuple(order[at : at + height]), length))
        at += height
    return made


def padded(size: int) -> int:
    """The least of LENGTHS that holds `size` tokens; `size` itself above them."""
    return next((length for length in LENGTHS if length >= size), size)
