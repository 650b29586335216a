"""The only place that makes concrete things: settings to a Bot that answers, keeps receipts and replays them."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial

import numpy as np
import numpy.typing as npt
import structlog

from bot import __version__, publishing
from bot.delivering import Delivering
from bot.desks import Route
from bot.dialogue import body, contacts_file, evidence, followup, wording
from bot.dialogue.contacts import Contacts
from bot.dialogue.hearing import Hearing
from bot.dialogue.inquiry import FILE as LABELLER
from bot.dialogue.inquiry import Labeller, understand
from bot.dialogue.leaning import FILE as LEANING
from bot.dialogue.leaning import Leaning
from bot.dialogue.reply import Draft, Reply
from bot.dialogue.routing import route
from bot.errors import BotError
from bot.knowledge.batching import BatchingEmbedder
from bot.knowledge.catalogue import Catalogue
from bot.knowledge.embedder import Embedder, Reading
from bot.knowledge.language import detect
from bot.knowledge.search import Query, Search
from bot.knowledge.snapshot import Shelf, Snapshot
from bot.recalling import Recalling
from bot.receiving import Directory, Receiving, shipped_directory
from bot.settings import Settings
from bot.store.answers import Answers
from bot.store.database import Database
from bot.store.feedback import Feedback
from bot.store.keys import Keys
from bot.store.opening import open_store
from bot.vocabulary import Answer, Hit, Inquiry, Language, Receipt, Turn

Vectors = npt.NDArray[np.float32]
Clock = Callable[[], datetime]
Read = Callable[[str], Reading]
EncoderOf = Callable[[str], Embedder | None]  # the encoder with a hash, where there is one
READING = 1  # leads that are read by the encoder at a time
LOOK_EVERY = 1.0  # seconds between looks for a new snapshot
log = structlog.get_logger()


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Engine:
    """Everything that answers from one snapshot. `read` reads a question by the encoder that the snapshot was made by."""

    snapshot: Snapshot
    read: Read
    search: Search
    labeller: Labeller
    contacts: Contacts
    wording: dict[Language, wording.Wording]
    reply: Reply
    hearing: Hearing
    gate: evidence.Gate

    def draft(self, turn: Turn, reading: Reading, moment: datetime) -> Draft:
        """The finished draft of an answer that nobody is given, its evidence weighed in any case: nothing is kept."""
        vector = reading.vector.astype("<f2").astype(np.float32)
        return self.reply.measured(self.reply(turn, vector, self.labeller.judge(reading.traits), moment))


def unread(_: str) -> Reading:
    """Stands in for an encoder where none is needed: a receipt holds what was read."""
    raise RuntimeError("this engine has no encoder")


def engine(snapshot: Snapshot, read: Read = unread) -> Engine:
    """Puts a snapshot's engine together. Raises BotError if what travelled along is not whole."""
    search = Search(snapshot)
    labeller = Labeller.from_bytes(snapshot.attached(LABELLER))
    gate = evidence.Gate.from_json(snapshot.attached(evidence.FILE))
    desks = contacts_file.parse(snapshot.attached(contacts_file.FILE))
    words = wording.load(snapshot.attached)
    today = datetime.fromisoformat(snapshot.manifest.created_at).date()
    hearing = Hearing(labeller, Leaning.from_bytes(snapshot.attached(LEANING)), followup.laws(words))
    return Engine(snapshot, read, search, labeller, desks, words, Reply(search, gate, desks, words, today), hearing, gate)


class Live:
    """The engine of the live snapshot. A new one is loaded beside it with the encoder that made it, and answers from then on."""

    def __init__(
        self, shelf: Shelf, encoder: Embedder, encoder_of: EncoderOf, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`encoder` is the one in use, to begin with; `encoder_of` gives others that a snapshot may be made by."""
        self._shelf, self._encoder_of, self._clock = shelf, encoder_of, clock
        self._lock = threading.Lock()
        self._encoder = BatchingEmbedder(encoder)
        self._engine: Engine | None = None
        self._unknown, self._looked = "", 0.0

    def __call__(self) -> Engine:
        """The engine to answer with. Raises NoSnapshot, SnapshotMismatch or SnapshotDamaged while there is none."""
        current = self._engine
        if current is None:
            with self._lock:
                return self._engine or self._load()
        if self._clock() - self._looked > LOOK_EVERY and self._lock.acquire(blocking=False):
            self._looked = self._clock()
            if self._shelf.live_id() in (current.snapshot.id, None):
                self._lock.release()
            else:
                threading.Thread(target=self._swap, name="snapshot", daemon=True).start()
        return current

    def close(self) -> None:
        """Ends the encoder's threads, once a swap under way is done."""
        with self._lock:
            self._encoder.close()

    def _load(self) -> Engine:
        before, encoder = self._encoder, self._encoder_for(self._shelf.manifest().model_fingerprint)
        try:
            self._engine = engine(self._shelf.load(encoder.fingerprint), encoder.reading)
        except BaseException:
            if encoder is not before:
                encoder.close()
            raise
        self._encoder = encoder
        if encoder is not before:
            before.close()  # whoever still asks it is answered
        log.info("snapshot", id=self._engine.snapshot.id, passages=len(self._engine.snapshot.passages), model=encoder.name)
        return self._engine

    def _encoder_for(self, fingerprint: str) -> BatchingEmbedder:
        """The encoder of a snapshot; the one at hand where it is the same, or where there is none of that hash."""
        if fingerprint in (self._encoder.fingerprint, self._unknown):
            return self._encoder
        found = self._encoder_of(fingerprint)
        if not found:
            self._unknown = fingerprint
        return BatchingEmbedder(found) if found else self._encoder

    def _swap(self) -> None:
        try:
            self._load()
        except BotError as error:
            log.error("the new snapshot cannot be used, the old one answers", why=str(error))
        finally:
            self._lock.release()


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a receipt's answer was, and what it is when made again, from which draft (its evidence weighed in any case)."""

    receipt: Receipt
    body: str
    draft: Draft
    gate: evidence.Gate

    @property
    def same(self) -> bool:
        """Whether both are equal to the byte."""
        return self.receipt.body == self.body


class Bot:
    """What the commands and the server use. Safe for many threads; `close` it."""

    def __init__(self, settings: Settings, encoder: Embedder, database: Database, clock: Clock | None = None) -> None:
        self.settings, self._clock = settings, clock or now
        self._shelf = publishing.shelf(settings)
        self._database = database
        self.live = Live(
            self._shelf, encoder, partial(publishing.encoder_of, settings, say=lambda step: log.info("encoder", step=step))
        )
        self.answers, self.keys, self.feedback = Answers(database), Keys(database), Feedback(database)
        self.delivery = Delivering(settings, database, self.now)
        self.recall = Recalling(database, Catalogue(settings.snapshots), settings.site_url)
        self.store = database
        self._fallback = shipped_directory()
        self._known = ("", self._fallback)
        self._reading = threading.BoundedSemaphore(READING)
        self.receive = Receiving(database, settings, self.now, self.directory, self._inquiry)

    def close(self) -> None:
        """Closes what it opened."""
        self.live.close()
        self._database.close()

    def ask(self, turn: Turn) -> tuple[Receipt, Draft]:
        """Answers a turn; the receipt is durable when this returns. Raises BotError."""
        current, asked_at = self.live(), self.now()
        earlier = self.answers.recent(turn.conversation_id, followup.REMEMBERED) if turn.conversation_id else []
        heard = current.hearing(turn, [followup.before(receipt) for receipt in earlier], current.read)
        draft = replace(current.reply(heard.turn, heard.vector, heard.judgement, asked_at), carried=heard.carried)
        answer = answer_of(draft)
        conversation_id = earlier[-1].conversation_id if earlier else secrets.token_hex(12)
        answer_id = secrets.token_hex(12)
        receipt = Receipt(
            answer_id=answer_id,
            conversation_id=conversation_id,
            asked_at=asked_at,
            turn=heard.turn,
            snapshot=current.snapshot.id,
            version=__version__,
            vector=heard.kept.tobytes(),
            judgement=heard.judgement,
            body=body.encode(body.body(answer, answer_id, conversation_id, current.snapshot.id)),
            steps=dict(draft.times),
        )
        kind, language = answer.inquiry.kind, answer.inquiry.language
        self.answers.keep(receipt, status=answer.status, kind=kind, language=language, citations=answer.citations)
        return receipt, draft

    def draft(self, question: str) -> Draft:
        """The finished draft of an answer that nobody is given: nothing is kept."""
        current = self.live()
        return current.draft(Turn(question), current.read(question), self.now())

    def search(self, question: str, k: int = 10, jurisdictions: tuple[str, ...] = ()) -> list[Hit]:
        """The best hits for a question."""
        current = self.live()
        vector = current.read(question).vector
        return current.search(Query(question, vector, detect(question), jurisdictions, today=self.today()), k)

    def route(self, text: str) -> tuple[Inquiry, Route]:
        """What kind of inquiry a text is and whose desk it goes to."""
        current = self.live()
        inquiry = understand(text, current.labeller.judge(current.read(text).traits))
        return inquiry, route(inquiry, current.contacts, current.wording[inquiry.language], self.now())

    def directory(self) -> Directory:
        """The live snapshot's desks and words; the shipped ones while there is none, and for sections that it lacks."""
        try:
            current = self.live()
        except (BotError, OSError):  # also where the disk fails: whoever is turned away is told whom to write to
            return self._fallback
        snapshot, known = self._known
        if snapshot != current.snapshot.id:
            known = self._fallback.under(current.contacts, current.wording)
            self._known = current.snapshot.id, known
        return known

    def _inquiry(self, text: str) -> Inquiry | None:
        """What kind of inquiry a lead is; None while others are read, as no lead shall wait for the encoder."""
        if not self._reading.acquire(blocking=False):
            return None
        try:
            return self.route(text)[0]
        finally:
            self._reading.release()

    def now(self) -> datetime:
        """The moment it is, in UTC."""
        return self._clock()

    def today(self) -> date:
        """The day it is, in UTC."""
        return self.now().date()

    def replay(self, answer_id: str, known: Engine | None = None) -> Replayed:
        """Makes an answer again from its receipt and snapshot. Raises NotFound, or NoSnapshot if that is not kept any more."""
        return replay(self.answers.get(answer_id), self._shelf, known)


def build(settings: Settings, say: publishing.Say) -> Bot:
    """A Bot by the settings: loads the encoder and opens the store. Raises BotError."""
    database = open_store(settings)
    try:
        return Bot(settings, publishing.encoder(settings, say), database)
    except BotError:
        database.close()
        raise


def replay(receipt: Receipt, shelf: Shelf, known: Engine | None = None) -> Replayed:
    """Makes a receipt's answer again. Needs its snapshot (`known` may be its engine), not the encoder: what that made is kept."""
    if known is None or known.snapshot.id != receipt.snapshot:
        known = engine(shelf.load(shelf.manifest(receipt.snapshot).model_fingerprint, receipt.snapshot))
    vector = np.frombuffer(receipt.vector, dtype="<f2").astype(np.float32)
    draft = known.reply(receipt.turn, vector, receipt.judgement, receipt.asked_at)
    row = body.body(answer_of(draft), receipt.answer_id, receipt.conversation_id, receipt.snapshot)
    return Replayed(receipt, body.encode(row), known.reply.measured(draft), known.reply.gate)


def answer_of(draft: Draft) -> Answer:
    """The answer of a finished draft."""
    if draft.answer is None:
        raise RuntimeError("the last step gave no answer")
    return draft.answer
