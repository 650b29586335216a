"""Who is signed in: a signed cookie that is bound to a staff key, and a brake on wrong keys."""

from __future__ import annotations

import hmac
import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from fastapi import Request
from starlette.responses import Response

from bot.errors import NotAllowed, TooMany
from bot.store.keys import Keys
from bot.vocabulary import Key

COOKIE, PATH = "desk_console", "/console"
LASTS = timedelta(hours=12)
WRONG_AT_MOST, WITHIN = 10, timedelta(minutes=10)
MOST_ADDRESSES = 10_000


def issue(secret: bytes, key_id: str, now: datetime) -> str:
    """The text of a session that begins now."""
    said = f"{key_id}.{int(now.timestamp()):x}"
    return f"{said}.{_signature(secret, said)}"


def holder(secret: bytes, text: str, now: datetime) -> str | None:
    """The id of the key that a session is bound to; None where it is not ours, over, or not begun."""
    said, _, signature = text.rpartition(".")
    if not hmac.compare_digest(signature.encode("utf-8", "replace"), _signature(secret, said).encode()):
        return None
    key_id, _, stamp = said.partition(".")
    age = now - datetime.fromtimestamp(int(stamp, 16), UTC)
    return key_id if timedelta(seconds=-1) < age < LASTS else None


def _signature(secret: bytes, said: str) -> str:
    return hmac.digest(secret, b"console " + said.encode("utf-8", "replace"), sha256).hex()


class Brake:
    """Stops an address after too many wrong keys. Kept in memory alone, by process; an address is never written down."""

    def __init__(self) -> None:
        self._wrong: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def check(self, address: str, now: datetime) -> None:
        """Raises TooMany."""
        with self._lock:
            times = self._wrong.get(address, deque())
            while times and times[0] <= now - WITHIN:
                times.popleft()
            if len(times) >= WRONG_AT_MOST:
                raise TooMany("too many wrong keys came from this address: try again in ten minutes")

    def wrong(self, address: str, now: datetime) -> None:
        """Counts a wrong key."""
        with self._lock:
            self._wrong.setdefault(address, deque(maxlen=WRONG_AT_MOST)).append(now)
            self._wrong.move_to_end(address)
            while len(self._wrong) > MOST_ADDRESSES:
                self._wrong.popitem(last=False)


class Sessions:
    """Begins and ends sessions, and finds whose a request's is."""

    def __init__(self, keys: Keys, secret: bytes, clock: Callable[[], datetime]) -> None:
        self._keys, self._secret, self._clock, self._brake = keys, secret, clock, Brake()

    def sign_in(self, request: Request, typed: str, answer: Response) -> Key:
        """Begins a session with a staff key, in `answer`'s cookie. Raises NotAllowed, TooMany."""
        address, now = request.client.host if request.client else "", self._clock()
        self._brake.check(address, now)
        try:
            key = self._keys.owner(typed.strip())
        except NotAllowed:
            self._brake.wrong(address, now)
            raise
        answer.set_cookie(
            COOKIE,
            issue(self._secret, key.id, now),
            max_age=int(LASTS.total_seconds()),
            path=PATH,
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="strict",
        )
        return key

    def sign_out(self, answer: Response) -> None:
        """Ends a session in its browser. Revoking the key ends it everywhere."""
        answer.delete_cookie(COOKIE, path=PATH, httponly=True, samesite="strict")

    def key(self, request: Request) -> Key | None:
        """The key that a request's session is bound to, while the session lasts and the key is not revoked."""
        text = request.cookies.get(COOKIE)
        key_id = holder(self._secret, text, self._clock()) if text else None
        return self._keys.standing(key_id) if key_id else None
