"""How the outbox stands, as JSON for staff. Nobody's address and no word of a lead is in it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.intake import Letter
from bot.leads.watch import Concern
from bot.store.waiting import Waiting
from bot.vocabulary import Json


def wire(found: Waiting, ways: Mapping[str, str], concerns: Sequence[Concern], letters: Sequence[Letter]) -> Json:
    """The whole: how letters leave, what is to be looked at, numbers, and the letters that have not arrived."""
    counts: dict[str, dict[str, int]] = {}
    for (sort, state), number in sorted(found.counts.items()):
        counts.setdefault(sort, {})[state] = number
    return {
        "ways": dict(ways),
        "concerns": [{"name": one.name, "said": one.said} for one in concerns],
        "counts": counts,
        "oldest": found.oldest.isoformat() if found.oldest else None,
        "errors": dict(found.errors),
        "letters": [_letter(letter) for letter in letters],
    }


def _letter(letter: Letter) -> Json:
    return {
        "letter_id": letter.id,
        "lead_id": letter.lead_id,
        "sort": letter.sort,
        "state": letter.state,
        "queued_at": letter.queued_at.isoformat(),
        "next_at": letter.next_at.isoformat() if letter.next_at else None,
        "attempts": letter.attempts,
        "ambiguous": letter.ambiguous,
        "last_error": letter.last_error,
    }
