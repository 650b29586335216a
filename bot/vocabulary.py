"""Every noun of the product, frozen. Data only: what they mean is told here, what is done with them elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, get_args

from bot.desks import Route

DocumentKind = Literal["article", "service", "policy"]
Language = Literal["en", "ru", "zh", "de"]
Topic = Literal[
    "sanctions",
    "export_controls",
    "market_entry",
    "tax_accounting",
    "banking_payments",
    "logistics",
    "market_research",
    "asia_expansion",
    "people_visas",
    "ip_it_data",
    "countermeasures",
    "firm",
]
InquiryKind = Literal[
    "question",
    "advice",
    "screening",
    "circumvention",
    "prohibited_client",
    "service",
    "contact",
    "urgent",
    "off_topic",
    "smalltalk",
    "abuse",
]
Status = Literal["answered", "clarify", "refused"]

DOCUMENT_KINDS: tuple[DocumentKind, ...] = get_args(DocumentKind)
LANGUAGES: tuple[Language, ...] = get_args(Language)
TOPICS: tuple[Topic, ...] = get_args(Topic)
INQUIRY_KINDS: tuple[InquiryKind, ...] = get_args(InquiryKind)
JURISDICTIONS = ("US", "EU", "UK", "CH", "RU", "CN", "IN", "EAEU")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a document's facts come from. `date` stays as printed there ("2022-10", "undated")."""

    title: str
    publisher: str = ""
    address: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that stands at character `start` of its document's text; level 1 is the outermost."""

    start: int
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """An article, service description or policy. `text` is plain text; all offsets count its characters.

    `pages` holds the offset at which each page begins (PDF only). `origin` is the file it was read from.
    """

    id: str
    title: str
    text: str
    kind: DocumentKind = "article"
    summary: str = ""
    topics: tuple[str, ...] = ()
    jurisdictions: tuple[str, ...] = ()
    published: date | None = None
    as_of: date | None = None
    review_by: date | None = None
    valid_until: date | None = None
    supersedes: str = ""
    language: str = "en"
    url: str = ""
    sources: tuple[Source, ...] = ()
    headings: tuple[Heading, ...] = ()
    pages: tuple[int, ...] = ()
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` (exclusive) of a document's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrievable part of a document: whole sentences, at most what the encoder reads.

    `text` equals the document's text from `start` to `end`; `section` is the heading path, outermost first.
    """

    id: str
    document_id: str
    start: int
    end: int
    text: str
    section: tuple[str, ...] = ()
    page: int | None = None
    sentences: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question. `dense` is its cosine, `sparse` a BM25 score, `score` the mix that ranks.

    `nearness` tells how near it is to the question along the axes in which the corpus's passages differ, less the level of its
    language (see `knowledge.lens` and `knowledge.levels`); `sentences` are the nearnesses of the passage's sentences, in order.
    """

    passage: Passage
    document: Document
    score: float
    dense: float
    sparse: float
    nearness: float = 0.0
    sentences: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote with its full address: `quote` equals the document's text from `start` to `end`."""

    n: int
    document_id: str
    passage_id: str
    title: str
    section: str
    url: str
    published: date | None
    as_of: date | None
    jurisdictions: tuple[str, ...]
    quote: str
    start: int
    end: int
    language: str
    review_by: date | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """How likely an inquiry is of each kind and on each topic, by its examples; each sums to one.

    `unclear` is how likely it leaves out what it is about.
    """

    kinds: dict[str, float]
    topics: dict[str, float]
    unclear: float = 0.0


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What a visitor wants, as far as the text tells. `confidence` is that of the kind, 0 to 1."""

    kind: InquiryKind
    topic: str | None
    language: Language
    jurisdictions: tuple[str, ...]
    confidence: float
    scores: dict[str, float] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a visitor reads: verbatim quotes and reviewed template words, never anything else."""

    status: Status
    reason: str | None
    inquiry: Inquiry
    route: Route
    text: str
    citations: tuple[Citation, ...]
    as_of: date | None
    suggestions: tuple[str, ...]
    notice: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and what surrounds it, as the wire brings it. `jurisdictions` are the visitor's wish.

    `time_zone` is the IANA name of the visitor's own zone, `meant` the question that stands
    alone, where this one replies to what the desk asked back.
    """

    question: str
    conversation_id: str | None = None
    language: Language | None = None
    jurisdictions: tuple[str, ...] = ()
    time_zone: str | None = None
    meant: str = ""

    @property
    def text(self) -> str:
        """What is judged and looked up."""
        return self.meant or self.question


@dataclass(frozen=True, slots=True)
class Receipt:
    """All that is needed to get an answer again, byte for byte, while its snapshot is kept.

    `vector` is the question's embedding as it was used (float16, little endian) and `judgement` how it was judged; `body` is the
    answer as sent (JSON); `steps` are the milliseconds each step of the reply took.
    """

    answer_id: str
    conversation_id: str
    asked_at: datetime
    turn: Turn
    snapshot: str
    version: str
    vector: bytes
    judgement: Judgement
    body: str
    steps: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a visitor thinks of an answer; `comment` may be empty."""

    answer_id: str
    helpful: bool
    comment: str
    given_at: datetime


@dataclass(frozen=True, slots=True)
class Conversation:
    """A visitor's turns in one sitting. Known by an unguessable id; carries no personal data of its own."""

    id: str
    started_at: datetime
    language: str


@dataclass(frozen=True, slots=True)
class Key:
    """A staff key as kept: its secret is stored only as a hash."""

    id: str
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """A file (or a line of one) that did not become a document, and what to do about it."""

    file: str
    reason: str
    line: int | None = None

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}" if self.line else f"{self.file}: {self.reason}"


Json = dict[str, Any]
