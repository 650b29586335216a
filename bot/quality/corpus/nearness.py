"""What an editor may have meant by a name that there is not."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

WHOLE, LAST = 0.8, 0.6


def did_you_mean(name: str, known: Sequence[str]) -> str:
    """The nearest known path, in brackets to put behind a remark; "" where none is near as a whole and in its last part."""
    near = difflib.get_close_matches(name[:200], known, n=1, cutoff=WHOLE)
    return suggestion(near[0]) if near and _alike(_last(name), _last(near[0])) >= LAST else ""


def suggestion(name: str) -> str:
    """The words that suggest a name."""
    return f" (did you mean {name!r}?)"


def _last(path: str) -> str:
    return path.rpartition("/")[2]


def _alike(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one[:200], other).ratio()
