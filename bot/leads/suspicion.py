"""What speaks for spam in how a lead came. Any of it quarantines the lead; nothing is dropped, nobody is told. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

HASTE = timedelta(seconds=3)  # nobody fills the form faster
Proof = Literal["solved", "absent", "wrong"]


@dataclass(frozen=True, slots=True)
class Signs:
    """How a lead came. `by_form`: from a form of ours, which carries a token, a trap and a proof.

    `age` is the time since the form was handed out, None without a token of ours; `bait` whether the field was filled that no
    person sees; `rate` the share of its network's limit that is used up; `spam` how likely the words are spam, 0 to 1.
    """

    by_form: bool = False
    bait: bool = False
    age: timedelta | None = None
    proof: Proof = "absent"
    rate: float = 0.0
    spam: float = 0.0


def suspicions(signs: Signs, spam_from: float) -> tuple[str, ...]:
    """Codes of what is suspicious; none where all is well. `spam_from` is the likelihood from which words are."""
    found = {
        "bait": signs.bait,
        "form_token": signs.by_form and signs.age is None,
        "haste": signs.by_form and signs.age is not None and signs.age < HASTE,
        "no_proof": signs.by_form and signs.proof == "absent",
        "wrong_proof": signs.proof == "wrong",
        "rate": signs.rate > 1,
        "content": signs.spam >= spam_from,
    }
    return tuple(code for code, true in found.items() if true)
