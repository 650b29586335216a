"""Recalls: who was shown a document or passage that turned out wrong, and the letters that say so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar

from bot import shipped
from bot.desks import Desk
from bot.dialogue import contacts_file, correction, wording
from bot.dialogue.recalled import Recalled, Summary
from bot.dialogue.turns import SURROGATE
from bot.errors import BadDirectory, NotFound, SnapshotError
from bot.knowledge.catalogue import Catalogue
from bot.paging import Place
from bot.store.database import Database
from bot.store.leads import Leads
from bot.store.recall import MOST, PARTS, Recall, Shown, Subject
from bot.vocabulary import Language

T = TypeVar("T")
UNKNOWN = "there is no document or passage of that id, neither in the live snapshot nor among what was ever quoted"


class Recalling:
    """Recalls over a store, with what the live snapshot knows of the document; also while there is no snapshot."""

    def __init__(self, database: Database, catalogue: Catalogue, site_url: str) -> None:
        self._kept, self._catalogue, self._site_url = Recall(database), catalogue, site_url
        self._leads = Leads(database)

    def subject(self, identity: str) -> Subject:
        """What an id names: a document before a passage, what was quoted before what is only in the snapshot. Raises NotFound."""
        if SURROGATE.search(identity):
            raise NotFound(UNKNOWN)
        quoted = self._kept.subject(identity)
        found = quoted or next((one for part in PARTS if self._is_live(one := Subject(part, identity))), None)
        if found is None:
            raise NotFound(UNKNOWN)
        return found

    def __call__(
        self, subject: Subject, since: datetime | None = None, limit: int = MOST, after: Place | None = None
    ) -> Recalled:
        """The answers that quoted the subject, with a summary unless they are further ones. Raises NotFound for unknown ids."""
        if not self._kept.knows(subject) and not self._is_live(subject):
            raise NotFound(UNKNOWN)
        answers, place = self._kept.answers(subject, since, limit, after)
        shown = [] if after else self._kept.shown(subject, since)
        summary = None if after else self._summary(subject, since, shown)
        followed = self._leads.following(list(dict.fromkeys(one.conversation_id for one in answers)))
        return Recalled(subject, self._title(subject, shown), since, tuple(answers), place, summary, followed)

    def _summary(self, subject: Subject, since: datetime | None, shown: list[Shown]) -> Summary:
        shares = self._kept.shares(subject, since)
        drafts = correction.letters(shown, self._wording(), self._enclosure(subject, shown)) if shown else []
        total = sum(share.answers for share in shares)
        return Summary(total, self._kept.conversations(subject, since), tuple(shares), tuple(drafts))

    def _enclosure(self, subject: Subject, shown: list[Shown]) -> correction.Enclosure:
        identity = self._document_id(subject, shown)
        document = self._live(lambda: self._catalogue.document(identity))
        newer = self._live(lambda: self._catalogue.newer(identity))
        return correction.Enclosure(self._desk(), document, newer, self._site_url)

    def _title(self, subject: Subject, shown: list[Shown]) -> str:
        document = self._live(lambda: self._catalogue.document(self._document_id(subject, shown)))
        return document.title if document else max(shown, key=lambda one: one.last).title if shown else ""

    def _document_id(self, subject: Subject, shown: list[Shown]) -> str:
        if subject.part == "document":
            return subject.id
        return shown[0].document_id if shown else self._live(lambda: self._catalogue.document_of(subject.id)) or ""

    def _is_live(self, subject: Subject) -> bool:
        find: Callable[[str], object] = self._catalogue.document if subject.part == "document" else self._catalogue.document_of
        return self._live(lambda: find(subject.id)) is not None

    def _live(self, look: Callable[[], T | None]) -> T | None:
        try:
            return look()
        except SnapshotError:
            return None

    def _wording(self) -> Mapping[Language, wording.Wording]:
        """The live snapshot's words, or the shipped ones where it was made before there were any for letters."""
        try:
            words = wording.load(self._catalogue.attached)
            if all("recall" in one.words for one in words.values()):
                return words
        except (SnapshotError, NotFound, BadDirectory):
            pass
        return wording.load(_shipped)

    def _desk(self) -> Desk:
        try:
            return contacts_file.parse(self._catalogue.attached(contacts_file.FILE)).default
        except (SnapshotError, NotFound, BadDirectory):
            return contacts_file.parse(_shipped(contacts_file.FILE)).default


def _shipped(name: str) -> bytes:
    return (shipped.folder("corpus") / name).read_bytes()
