"""Staff keys. Only a hash of each is kept."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update

from bot.errors import NotAllowed, NotFound
from bot.store.database import Database
from bot.store.tables import keys
from bot.vocabulary import Key

_SECRET = re.compile(r"bot_([0-9a-f]{16})_[A-Za-z0-9_-]{43}")
_NOBODY = sha256(b"").digest()
_INSERT = insert(keys)
_ONE = select(keys).where(keys.c.id == bindparam("key_id"))
_ALL = select(keys).order_by(keys.c.created_at, keys.c.id)
_REVOKE = update(keys).where(keys.c.id == bindparam("key_id"), keys.c.revoked_at.is_(None)).values(revoked_at=bindparam("now"))


def new_secret() -> str:
    """A new key as staff will present it, `bot_<id>_<secret>`: a public id of 64 bits, a secret of 256 from the system."""
    return f"bot_{secrets.token_hex(8)}_{secrets.token_urlsafe(32)}"


class Keys:
    """Who may use what staff use."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, name: str, scopes: Sequence[str], now: datetime, secret: str) -> Key:
        """Keeps a new key; `secret` is what `new_secret` gave. Raises ValueError for any other text, and StorageFull."""
        shape = _SECRET.fullmatch(secret)
        if shape is None:
            raise ValueError("the secret of a key comes from new_secret()")
        row = {
            "id": shape[1],
            "name": name,
            "scopes": list(dict.fromkeys(scopes)),
            "secret_hash": _hash(secret),
            "created_at": now,
        }
        with self._database.write() as connection:
            connection.execute(_INSERT, row)
        return self._get(shape[1])

    def check(self, secret: str, scope: str) -> Key:
        """The key that a secret opens, if it has the scope.

        Raises NotAllowed; the message does not tell an unknown key from a wrong or a revoked one.
        """
        key = self.owner(secret)
        if scope not in key.scopes:
            raise NotAllowed(f"this key lacks the scope {scope!r}")
        return key

    def owner(self, secret: str) -> Key:
        """The key that a secret opens, whatever its scopes. Raises NotAllowed, as `check` does."""
        shape = _SECRET.fullmatch(secret)
        row = self._find(shape[1]) if shape else None
        right = hmac.compare_digest(_hash(secret), row.secret_hash if row else _NOBODY)
        if row is None or not right or row.revoked_at is not None:
            raise NotAllowed("this key is not known, or no longer")
        return _key(row)

    def standing(self, key_id: str) -> Key | None:
        """The key of an id, while it is not revoked."""
        row = self._find(key_id)
        return _key(row) if row and row.revoked_at is None else None

    def list(self) -> tuple[Key, ...]:
        """Every key, revoked ones too, oldest first."""
        with self._database.read() as connection:
            return tuple(_key(row) for row in connection.execute(_ALL))

    def revoke(self, key_id: str, now: datetime) -> Key:
        """Makes a key useless from now on; one revoked before keeps its time. Raises NotFound."""
        with self._database.write() as connection:
            connection.execute(_REVOKE, {"key_id": key_id, "now": now})
        return self._get(key_id)

    def _get(self, key_id: str) -> Key:
        row = self._find(key_id)
        if row is None:
            raise NotFound("there is no such key")
        return _key(row)

    def _find(self, key_id: str) -> Row[Any] | None:
        with self._database.read() as connection:
            return connection.execute(_ONE, {"key_id": key_id}).one_or_none()


def _hash(secret: str) -> bytes:
    """SHA-256 is enough: 256 random bits cannot be guessed, so slowing each guess down would only slow us."""
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()


def _key(row: Row[Any]) -> Key:
    return Key(row.id, row.name, tuple(row.scopes), row.created_at, row.revoked_at)
