"""contacts.toml to desks, every fault with the line of its key."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from bot.desks import Desk
from bot.dialogue.contacts import Contacts
from bot.dialogue.contacts_fields import CHECKS, unknown
from bot.dialogue.toml_lines import line, read
from bot.errors import BadDirectory
from bot.knowledge.readers.fields import Unfit

FILE = "contacts.toml"
KEYS = ("default", "desk")


def parse(data: bytes, file: str = FILE) -> Contacts:
    """The desks of a contacts.toml. Raises BadDirectory for the first fault, with file, line and what to do."""
    text, table = read(data, file)
    try:
        default, desks = _checked(table)
    except Unfit as unfit:
        raise BadDirectory(file, unfit.reason, line(text, unfit.where)) from None
    return Contacts(default, desks, hashlib.sha256(data).hexdigest()[:12])


def _checked(table: Mapping[str, Any]) -> tuple[Desk, tuple[Desk, ...]]:
    for key in table:
        if key not in KEYS:
            raise Unfit(unknown(key, KEYS), (key,))
    rows = table.get("desk")
    if rows is None:
        raise Unfit("has no [[desk]]; add at least the default desk with id, name and email", ())
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Unfit("write each desk below a line [[desk]], with two brackets on either side", ("desk",))
    if not rows:
        raise Unfit("has no desk; add at least the default desk with id, name and email", ("desk",))
    fields = [_fields(row, n) for n, row in enumerate(rows)]
    _check_ids(fields)
    default = _default(table, fields)
    _check_stand_ins(fields)
    desks = tuple(Desk(**{"email": fields[default]["email"]} | row) for row in fields)
    return desks[default], desks


def _fields(row: Mapping[str, object], number: int) -> dict[str, Any]:
    """A desk's fields, checked each for itself."""
    where = ("desk", number)
    for key in row:
        if key not in CHECKS:
            raise Unfit(unknown(key, tuple(CHECKS)), (*where, key))
    for key in ("id", "name"):
        if key not in row:
            raise Unfit(f'a desk needs `{key} = "…"`', where)
    fields = {key: CHECKS[key]((*where, key), value) for key, value in row.items()}
    if fields.get("hours") and "time_zone" not in fields:
        raise Unfit('`hours` needs a `time_zone` beside it, an IANA name such as "Asia/Shanghai"', (*where, "hours"))
    return fields


def _check_ids(fields: Sequence[Mapping[str, Any]]) -> None:
    ids = [row["id"] for row in fields]
    for n, name in enumerate(ids):
        if name in ids[:n]:
            raise Unfit(f"another desk has the id {name!r} too; give each its own", ("desk", n, "id"))


def _default(table: Mapping[str, object], fields: Sequence[Mapping[str, Any]]) -> int:
    """The number of the default desk, which must have an address."""
    ids = [row["id"] for row in fields]
    if "default" not in table:
        raise Unfit(f'needs `default = "<id>"` above the desks, naming one of {", ".join(ids)}', ())
    if table["default"] not in ids:
        raise Unfit(f"`default` must name one of the desks: {', '.join(ids)}", ("default",))
    number = ids.index(table["default"])
    if "email" not in fields[number]:
        raise Unfit(f"the default desk {ids[number]!r} needs an `email`; desks without one use it", ("desk", number))
    return number


def _check_stand_ins(fields: Sequence[Mapping[str, Any]]) -> None:
    """Whoever stands in is another desk, and has no stand-in itself: so there is neither chain nor cycle."""
    by_id = {row["id"]: row for row in fields}
    for n, row in enumerate(fields):
        name, where = row.get("stand_in"), ("desk", n, "stand_in")
        if name is None:
            continue
        if name not in by_id:
            raise Unfit(f"`stand_in` names no desk: {name!r}; known are {', '.join(by_id)}", where)
        if name == row["id"]:
            raise Unfit("a desk cannot stand in for itself; name another", where)
        if "stand_in" in by_id[name]:
            raise Unfit(f"the desk {name!r} has a `stand_in` of its own; name one that has none", where)
