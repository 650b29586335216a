"""A person's data: handed over, erased with proof, and swept when its time is over."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.leads.fields import email_key
from bot.store.answers import Answers
from bot.store.backups import Backup, Backups
from bot.store.database import Database
from bot.store.feedback import Feedback
from bot.store.people import Erasure, People, Person, Terms, sweep
from bot.vocabulary import Json, Opinion

MONTH = timedelta(days=30.44)
KEYS_KEPT = timedelta(days=7)
TRIES, PAUSE = 20, 0.5  # for other readers to end: ten seconds
AT_ONCE = 1 << 20  # bytes
RECEIPT = ("answer_id", "conversation_id", "asked_at", "body")
LEAST = 12  # characters that a text must have to be searched for: a shorter one stands in other places too


@dataclass(frozen=True, slots=True)
class Retention:
    """How long things are kept."""

    leads_months: int
    conversations_days: int
    erasures_months: int

    def terms(self, now: datetime) -> Terms:
        """The moments before which things go."""
        return Terms(
            leads=now - self.leads_months * MONTH,
            conversations=now - timedelta(days=self.conversations_days),
            erasures=now - self.erasures_months * MONTH,
            keys=now - KEYS_KEPT,
            challenges=now,
        )


@dataclass(frozen=True, slots=True)
class Erased:
    """What became of an erasure. `found_in` are files in which something of the person still stands: there should be none.

    `backups` were made before and may hold the person; `mentioned_in` are others' leads whose message holds the address.
    """

    record: Erasure
    searched: int
    found_in: tuple[str, ...]
    backups: tuple[Backup, ...]
    mentioned_in: tuple[str, ...]
    whole: bool


def export(database: Database, address: str) -> Json:
    """All that is held of a person, as JSON."""
    person = People(database).find(email_key(address))
    kept, opinions = Answers(database), Feedback(database)
    receipts = [receipt for one in person.conversations for receipt in kept.conversation(one)]
    rows = [
        {name: getattr(one, name) for name in RECEIPT}
        | {"question": one.turn.question, "feedback": _opinion(opinions.of(one.answer_id))}
        for one in receipts
    ]
    found: Json = {"leads": [asdict(lead) for lead in person.leads], "letters": [asdict(one) for one in person.letters]}
    whole: Json = _plain(found | {"answers": rows, "backups": [asdict(one) for one in Backups(database).list()]})
    return whole


def erase(
    database: Database, address: str, now: datetime, files: Iterable[Path], sleep: Callable[[float], None] = time.sleep
) -> Erased:
    """Takes a person out of the database, makes the bytes unreadable, and searches `files` (and folders) for what is left."""
    person, record = People(database).erase(email_key(address), now)
    whole = database.scrub()
    for _ in range(TRIES):
        if whole:
            break
        sleep(PAUSE)
        whole = database.scrub()
    searched, found = search(_needles(address, person), files)
    before = tuple(one for one in Backups(database).list() if one.made_at <= now)
    return Erased(record, searched, tuple(found), before, person.mentioned_in, whole)


def swept(database: Database, retention: Retention, now: datetime) -> Mapping[str, int]:
    """Deletes what is over its time; says how many rows of what."""
    return sweep(database, retention.terms(now))


def search(needles: Iterable[bytes], files: Iterable[Path]) -> tuple[int, list[str]]:
    """How many files were searched, and those in which one of the needles stands, whatever the case of its letters."""
    wanted = [needle for needle in needles if needle]
    searched, found = 0, []
    for path in _each(files):
        searched += 1
        if any(needle in block for block in _blocks(path, max(map(len, wanted), default=1)) for needle in wanted):
            found.append(str(path))
    return searched, found


def _needles(address: str, person: Person) -> list[bytes]:
    texts = {address.strip(), email_key(address), *(text for lead in person.leads for text in (lead.email, lead.message))}
    lines = {line.strip() for text in texts for line in text.splitlines()}
    return [line[:200].encode() for line in lines if len(line) >= LEAST or "@" in line]


def _each(files: Iterable[Path]) -> Iterator[Path]:
    for path in files:
        if path.is_dir():
            yield from sorted(one for one in path.rglob("*") if one.is_file())
        elif path.is_file():
            yield path


def _blocks(path: Path, longest: int) -> Iterator[bytes]:
    """The file's bytes in blocks that overlap by the longest needle."""
    with path.open("rb") as file:
        rest = b""
        while block := file.read(AT_ONCE):
            yield rest + block
            rest = (rest + block)[-longest:]


def _opinion(given: Opinion | None) -> Json | None:
    return {"helpful": given.helpful, "comment": given.comment, "given_at": given.given_at} if given else None


def _plain(value: Any) -> Any:
    """With times as texts."""
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, datetime) else value
