"""Proofs of work by the ALTCHA protocol (altcha.org/docs/v2/proof-of-work, algorithm SHA-256): a number is to be found whose
digest behind a salt is the challenge. A browser does it in about a second; who sends a million letters pays for each. Pure.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

ALGORITHM = "SHA-256"
HARDEST = 50_000  # the highest number to be tried
VALID = timedelta(hours=2)  # a letter takes its time to write
LONGEST = 2000  # characters of a solution


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a browser is given to solve. `salt` says until when, `signature` that it is ours."""

    algorithm: str
    challenge: str
    salt: str
    signature: str
    maxnumber: int


@dataclass(frozen=True, slots=True)
class Solved:
    """A challenge that was solved: its name, and when it lapses."""

    id: str
    expires_at: datetime


def challenge(secret: bytes, now: datetime, salt: str, number: int, valid: timedelta = VALID) -> Challenge:
    """A challenge with a random hexadecimal `salt`, whose solution is the random `number` of 0 to HARDEST."""
    salted = f"{salt}?expires={int((now + valid).timestamp())}"
    asked = _digest(salted, number)
    return Challenge(ALGORITHM, asked, salted, _sign(secret, asked), HARDEST)


def solve(given: Challenge) -> str:
    """The solution as a browser sends it. Takes the work; for programs and tests."""
    number = next(n for n in range(given.maxnumber + 1) if _digest(given.salt, n) == given.challenge)
    row = asdict(given) | {"number": number}
    del row["maxnumber"]
    return base64.b64encode(json.dumps(row).encode()).decode()


def check(secret: bytes, solution: str, now: datetime) -> Solved | None:
    """What a solution solves; None where it solves nothing of ours, or too late."""
    try:
        if len(solution) > LONGEST:
            return None
        row = json.loads(base64.b64decode(solution, validate=True))
        number, salt, asked, signature = (row[name] for name in ("number", "salt", "challenge", "signature"))
        lapse = datetime.fromtimestamp(int(salt.rpartition("expires=")[2]), UTC)
        # a boolean is an int, and a huge int is a long text
        whole = type(number) is int and 0 <= number <= HARDEST and row["algorithm"] == ALGORITHM
        ours = whole and hmac.compare_digest(_sign(secret, asked), signature) and _digest(salt, number) == asked
    except (binascii.Error, ValueError, TypeError, KeyError, AttributeError, OverflowError, OSError, RecursionError):
        return None
    return Solved(asked, lapse) if ours and now <= lapse else None


def _digest(salt: str, number: int) -> str:
    return sha256(f"{salt}{number}".encode()).hexdigest()


def _sign(secret: bytes, asked: str) -> str:
    return hmac.digest(secret, asked.encode(), sha256).hex()
