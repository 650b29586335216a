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


class FeedbackRequest(Strict):
    """What a visitor thinks of an answer."""

    answer_id: str
    helpful: bool
    comment: str | None = Field(None, description="Up to 1000 characters.", json_schema_extra={"maxLength": 1000})


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


class ConsentRequest(BaseModel):
    """That the visitor agreed, and to which version of the text."""

    accepted: Literal[True]
    version: str = Field(max_length=64)


class LeadRequest(BaseModel):
    """An inquiry to be taken in. Describes the wire; `leads.fields` checks it, for errors in the visitor's language."""

    name: str = Field(max_length=120)
    email: str = Field(max_length=254)
    company: str = Field(max_length=200)
    country: str = Field(max_length=80, description="ISO 3166 code, or the name in en, ru, zh or de.")
    message: str = Field(max_length=5000)
    consent: ConsentRequest
    topic: Topic | None = None
    language: Language | None = Field(None, description="Of the acknowledgement and of errors; else by Accept-Language.")
    countries: list[str] = Field(default=[], max_length=30)
    goods: str = Field("", max_length=500)
    preferred_time: str = Field("", max_length=200)
    urgent: bool = False
    established: str = Field("", max_length=80, description="Where the enquirer is established.")
    on_behalf: str = Field("", max_length=300, description="For whom, if not for the own company.")
    listed_party: Literal["no", "yes", "unsure"] | None = Field(None, description="Is a listed person or a state body involved?")
    conversation_id: str | None = None
    transcript: bool = Field(False, description="The visitor agreed that the desk reads the conversation.")
    proof: str | None = Field(None, description="Solution of `/api/v1/leads/challenge`.")


class LeadBody(BaseModel):
    """A lead that is kept."""

    lead_id: str
    desk: str
    received_at: str
