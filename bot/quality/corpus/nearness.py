"""What an editor may have meant by a name that there is not."""

from __future__ import annotations

import difflib
from collections.abc import Sequence


def did_you_mean(name: str, known: Sequence[str], least: float = 0.6) -> str:
    """The known name that is nearest, in brackets to put behind a remark; "" where none is as near as `least` (0 to 1)."""
    near = difflib.get_close_matches(name[:200], known, n=1, cutoff=least)
    return f" (did you mean {near[0]!r}?)" if near else ""
