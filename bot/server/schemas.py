"""The wire: what requests hold and answers look like. Answers are written by `dialogue.body`; these describe them."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.vocabulary import InquiryKind, Language, Status, Topic


class Strict(BaseModel):
    """Takes no number for a text; unknown fields are ignored."""

    model_config = ConfigDict(strict=True, extra="ignore")


class AskRequest(Strict):
    """A visitor's question."""

    question: str = Field(description="1 to 1000 characters.", json_schema_extra={"minLength": 1, "maxLength": 1000})
    conversation_id: str | None = None
    language: str | None = Field(None, description="en, ru, zh or de; else the question's own.")
    jurisdictions: list[str] = Field(default=[], description="Only documents under one of these.")
    time_zone: str | None = Field(
        None, description="IANA name of the visitor's zone, such as Europe/Berlin; else the desk's own."
    )


class SearchRequest(Strict):
    """A search by staff."""

    question: str
    k: int = Field(10, ge=1, le=100)
    jurisdictions: list[str] = []


class RouteRequest(Strict):
    """A text whose kind and desk are wanted."""

    text: str


class CitationBody(BaseModel):
    """A verbatim quote: characters `start` to `end` of the document's text."""

    n: int
    document_id: str
    passage_id: str
    title: str
    section: str
    url: str
    published: str | None
    as_of: str | None
    jurisdictions: list[str]
    language: str
    quote: str
    start: int
    end: int
    read_url: str


class CardBody(BaseModel):
    """Who can help, and when: `hours` and `opens_at` are on the clock of `time_zone`; `open_now` is null without hours."""

    desk: str
    name: str
    email: str
    languages: list[str]
    subject: str
    time_zone: str | None
    hours: list[str]
    open_now: bool | None
    opens_at: str | None
    holidays: list[str]
    lead_form_url: str


class RouteBody(CardBody):
    """The desk, and why; `version` is that of the directory of desks."""

    reasons: list[str]
    version: str


class AnswerBody(BaseModel):
    """What a visitor is told."""

    answer_id: str
    conversation_id: str
    status: Status
    reason: str | None
    kind: InquiryKind
    topic: Topic | None
    language: Language
    as_of: str | None
    text: str
    citations: list[CitationBody]
    route: RouteBody
    suggestions: list[str]
    notice: str
    snapshot: str


class ProblemBody(BaseModel):
    """RFC 9457 problem details; never holds what was sent."""

    type: Literal["about:blank"] = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[dict[str, str]] = []
    desk: CardBody | None = None
