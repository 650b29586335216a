"""The only place that makes concrete things: settings to a Bot that answers, keeps receipts and replays them."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
import numpy.typing as npt
import structlog

from bot import __version__, publishing, shipped
from bot.delivering import Delivering
from bot.desks import Route
from bot.dialogue import body, contacts_file, evidence, followup, wording
from bot.dialogue.contacts import Contacts
from bot.dialogue.inquiry import FILE as LABELLER
from bot.dialogue.inquiry import Labeller, understand
from bot.dialogue.reply import Draft, Reply
from bot.dialogue.routing import route
from bot.errors import BotError
from bot.knowledge.batching import BatchingEmbedder
from bot.knowledge.catalogue import Catalogue
from bot.knowledge.embedder import Embedder
from bot.knowledge.language import detect
from bot.knowledge.search import Query, Search
from bot.knowledge.snapshot import Shelf, Snapshot
from bot.recalling import Recalling
from bot.receiving import Directory, Receiving
from bot.settings import Settings
from bot.store.answers import Answers
from bot.store.database import Database
from bot.store.keys import Keys
from bot.store.opening import open_store
from bot.vocabulary import Answer, Hit, Inquiry, Language, Receipt, Turn

Vectors = npt.NDArray[np.float32]
Clock = Callable[[], datetime]
READING = 1  # leads that are read by the encoder at a time
LOOK_EVERY = 1.0  # seconds between looks for a new snapshot
log = structlog.get_logger()


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Engine:
    """Everything that answers from one snapshot."""

    snapshot: Snapshot
    search: Search
    labeller: Labeller
    contacts: Contacts
    wording: dict[Language, wording.Wording]
    reply: Reply
    laws: dict[str, str]


def engine(snapshot: Snapshot) -> Engine:
    """Puts a snapshot's engine together. Raises BotError if what travelled along is not whole."""
    search = Search(snapshot)
    labeller = Labeller.from_bytes(snapshot.attached(LABELLER))
    gate = evidence.Gate.from_json(snapshot.attached(evidence.FILE))
    desks = contacts_file.parse(snapshot.attached(contacts_file.FILE))
    words = wording.load(snapshot.attached)
    today = datetime.fromisoformat(snapshot.manifest.created_at).date()
    return Engine(snapshot, search, labeller, desks, words, Reply(search, gate, desks, words, today), followup.laws(words))


@dataclass(frozen=True, slots=True)
class Fallback:
    """What visitors are shown while there is no snapshot: the shipped desks and words."""

    contacts: Contacts
    wording: dict[Language, wording.Wording]


def shipped_fallback() -> Fallback:
    """The desks and words that come with the product."""
    folder = shipped.folder("corpus")
    return Fallback(
        contacts_file.parse((folder / contacts_file.FILE).read_bytes()), wording.load(lambda name: (folder / name).read_bytes())
    )


class Live:
    """The engine of the live snapshot. A new one is loaded beside it, and answers from then on."""

    def __init__(self, shelf: Shelf, fingerprint: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._shelf, self._fingerprint, self._clock = shelf, fingerprint, clock
        self._lock = threading.Lock()
        self._engine: Engine | None = None
        self._looked = 0.0

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

    def _load(self) -> Engine:
        self._engine = engine(self._shelf.load(self._fingerprint))
        log.info("snapshot", id=self._engine.snapshot.id, passages=len(self._engine.snapshot.passages))
        return self._engine

    def _swap(self) -> None:
        try:
            self._load()
        except BotError as error:
            log.error("the new snapshot cannot be used, the old one answers", why=str(error))
        finally:
            self._lock.release()


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a receipt's answer was, and what it is when made again."""

    receipt: Receipt
    body: str

    @property
    def same(self) -> bool:
        """Whether both are equal to the byte."""
        return self.receipt.body == self.body


class Bot:
    """What the commands and the server use. Safe for many threads; `close` it."""

    def __init__(self, settings: Settings, embedder: Embedder, database: Database, clock: Clock | None = None) -> None:
        self.settings, self._clock = settings, clock or now
        self._embedder = BatchingEmbedder(embedder)
        self._shelf = publishing.shelf(settings)
        self._database = database
        self.live = Live(self._shelf, embedder.fingerprint)
        self.answers, self.keys = Answers(database), Keys(database)
        self.delivery = Delivering(settings, database, self.now)
        self.recall = Recalling(database, Catalogue(settings.snapshots), settings.site_url)
        self.store = database
        self._fallback = shipped_fallback()
        self._shipped = Directory(self._fallback.contacts, self._fallback.wording)
        self._known = ("", self._shipped)
        self._reading = threading.BoundedSemaphore(READING)
        self.receive = Receiving(database, settings, self.now, self.directory, self._inquiry)

    def close(self) -> None:
        """Closes what it opened."""
        self._embedder.close()
        self._database.close()

    def ask(self, turn: Turn) -> tuple[Receipt, Draft]:
        """Answers a turn; the receipt is durable when this returns. Raises BotError."""
        current, asked_at = self.live(), self.now()
        last = self.answers.latest(turn.conversation_id) if turn.conversation_id else None
        turn = followup.stand_alone(turn, followup.before(last), current.laws)
        reading = self._embedder.reading(turn.text)
        kept, judgement = reading.vector.astype("<f2"), current.labeller.judge(reading.traits)
        draft = current.reply(turn, kept.astype(np.float32), judgement, asked_at)
        answer = answer_of(draft)
        conversation_id = last.conversation_id if last else secrets.token_urlsafe(12)
        answer_id = secrets.token_urlsafe(12)
        receipt = Receipt(
            answer_id=answer_id,
            conversation_id=conversation_id,
            asked_at=asked_at,
            turn=turn,
            snapshot=current.snapshot.id,
            version=__version__,
            vector=kept.tobytes(),
            judgement=judgement,
            body=body.encode(body.body(answer, answer_id, conversation_id, current.snapshot.id)),
            steps=dict(draft.times),
        )
        kind, language = answer.inquiry.kind, answer.inquiry.language
        self.answers.keep(receipt, status=answer.status, kind=kind, language=language, citations=answer.citations)
        return receipt, draft

    def draft(self, question: str) -> Draft:
        """The finished draft of an answer that nobody is given: nothing is kept."""
        current, reading = self.live(), self._embedder.reading(question)
        vector = reading.vector.astype("<f2").astype(np.float32)
        return current.reply(Turn(question), vector, current.labeller.judge(reading.traits), self.now())

    def search(self, question: str, k: int = 10, jurisdictions: tuple[str, ...] = ()) -> list[Hit]:
        """The best hits for a question."""
        current = self.live()
        vector = self._embedder.reading(question).vector
        return current.search(Query(question, vector, detect(question), jurisdictions, today=self.today()), k)

    def route(self, text: str) -> tuple[Inquiry, Route]:
        """What kind of inquiry a text is and whose desk it goes to."""
        current = self.live()
        inquiry = understand(text, current.labeller.judge(self._embedder.reading(text).traits))
        return inquiry, route(inquiry, current.contacts, current.wording[inquiry.language], self.now())

    def directory(self) -> Directory:
        """The live snapshot's desks and words; the shipped ones while there is none, and for sections that it lacks."""
        try:
            current = self.live()
        except (BotError, OSError):  # also where the disk fails: whoever is turned away is told whom to write to
            return self._shipped
        snapshot, known = self._known
        if snapshot != current.snapshot.id:
            shipped_words = self._fallback.wording
            whole = {code: wording.Wording(code, {**shipped_words[code].words, **one.words}) for code, one in current.wording.items()}
            known = Directory(current.contacts, whole)
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

    def replay(self, answer_id: str) -> Replayed:
        """Makes an answer again from its receipt and snapshot. Raises NotFound, or NoSnapshot if that is not kept any more."""
        return replay(self.answers.get(answer_id), self._shelf)


def build(settings: Settings, say: publishing.Say) -> Bot:
    """A Bot by the settings: loads the encoder and opens the store. Raises BotError."""
    database = open_store(settings)
    try:
        return Bot(settings, publishing.encoder(settings, say), database)
    except BotError:
        database.close()
        raise


def replay(receipt: Receipt, shelf: Shelf) -> Replayed:
    """Makes a receipt's answer again. Needs its snapshot, not the encoder: the receipt holds what it made of the question."""
    manifest = shelf.manifest(receipt.snapshot)
    current = engine(shelf.load(manifest.model_fingerprint, receipt.snapshot))
    vector = np.frombuffer(receipt.vector, dtype="<f2").astype(np.float32)
    answer = answer_of(current.reply(receipt.turn, vector, receipt.judgement, receipt.asked_at))
    row = body.body(answer, receipt.answer_id, receipt.conversation_id, receipt.snapshot)
    return Replayed(receipt, body.encode(row))


def answer_of(draft: Draft) -> Answer:
    """The answer of a finished draft."""
    if draft.answer is None:
        raise RuntimeError("the last step gave no answer")
    return draft.answer
