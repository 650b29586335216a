"""Tokens that a form carries: when it was handed out, signed, so that a form sent within a blink can be told. Pure."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha256


def issue(secret: bytes, now: datetime) -> str:
    """A token of this moment."""
    stamp = f"{int(now.timestamp() * 1000):x}"
    return f"{stamp}.{_signature(secret, stamp)}"


def age(secret: bytes, token: str, now: datetime) -> timedelta | None:
    """How long ago a token was issued; None where it was not issued here, or not yet."""
    stamp, _, signature = token.partition(".")
    if not token or not hmac.compare_digest(signature.encode("utf-8", "replace"), _signature(secret, stamp).encode()):
        return None
    passed = now - datetime.fromtimestamp(int(stamp, 16) / 1000, UTC)
    return passed if passed >= timedelta(0) else None


def _signature(secret: bytes, stamp: str) -> str:
    return hmac.digest(secret, b"form " + stamp.encode("utf-8", "replace"), sha256).hex()[:32]
