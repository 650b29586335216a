"""An answer as it goes over the wire: JSON, the same bytes for the same answer."""

from __future__ import annotations

import json
from urllib.parse import quote as percent

from bot.desks import Route
from bot.vocabulary import Answer, Citation, Document, Hit, Inquiry, Json, Opinion, Receipt

LEAD_FORM = "/contact"


def body(answer: Answer, answer_id: str, conversation_id: str, snapshot: str) -> Json:
    """The wire form of an answer. Addresses of this site are relative, so that a receipt replays wherever it is served."""
    return {
        "answer_id": answer_id,
        "conversation_id": conversation_id,
        "status": answer.status,
        "reason": answer.reason,
        "kind": answer.inquiry.kind,
        "topic": answer.inquiry.topic,
        "language": answer.inquiry.language,
        "as_of": answer.as_of.isoformat() if answer.as_of else None,
        "text": answer.text,
        "citations": [_citation(citation) for citation in answer.citations],
        "route": _route(answer.route),
        "suggestions": list(answer.suggestions),
        "notice": answer.notice,
        "snapshot": snapshot,
    }


def encode(row: Json) -> str:
    """JSON text, UTF-8, keys in the order given."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))


def document_address(document_id: str) -> str:
    """The address of a document's reading page."""
    return f"/library/{percent(document_id)}"


def reading_address(citation: Citation) -> str:
    """The address of the reading page with the quote marked."""
    return f"{document_address(citation.document_id)}?start={citation.start}&end={citation.end}#quote"


def mail_address(route: Route) -> str:
    """A mailto: address with the subject filled in."""
    return f"mailto:{percent(route.desk.email, safe='@')}?subject={percent(route.subject)}"


def _citation(citation: Citation) -> Json:
    return {
        "n": citation.n,
        "document_id": citation.document_id,
        "passage_id": citation.passage_id,
        "title": citation.title,
        "section": citation.section,
        "url": citation.url or document_address(citation.document_id),
        "published": citation.published.isoformat() if citation.published else None,
        "as_of": citation.as_of.isoformat() if citation.as_of else None,
        "jurisdictions": list(citation.jurisdictions),
        "language": citation.language,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
        "read_url": reading_address(citation),
    }


def card(route: Route) -> Json:
    """The wire form of a desk's card: what a visitor needs to reach it."""
    times = route.timetable
    return {
        "desk": route.desk.id,
        "name": route.desk.name,
        "email": route.desk.email,
        "languages": list(route.desk.languages),
        "subject": route.subject,
        "time_zone": times.time_zone,
        "hours": list(times.hours),
        "open_now": times.open_now,
        "opens_at": times.opens_at.isoformat() if times.opens_at else None,
        "holidays": [day.isoformat() for day in times.holidays],
        "lead_form_url": LEAD_FORM,
    }


def _route(route: Route) -> Json:
    return card(route) | {"reasons": list(route.reasons), "version": route.version}


def hit(found: Hit) -> Json:
    """The wire form of a hit."""
    return {
        "document_id": found.document.id,
        "passage_id": found.passage.id,
        "title": found.document.title,
        "section": " › ".join(found.passage.section),
        "text": found.passage.text,
        "score": round(found.score, 6),
        "scores": {"dense": round(found.dense, 6), "sparse": round(found.sparse, 6)},
    }


def routing(inquiry: Inquiry, route: Route) -> Json:
    """The wire form of a routing decision."""
    return {
        "kind": inquiry.kind,
        "topic": inquiry.topic,
        "desk": route.desk.id,
        "email": route.desk.email,
        "language": inquiry.language,
        "jurisdictions": list(inquiry.jurisdictions),
        "confidence": round(inquiry.confidence, 4),
        "scores": {kind: round(score, 4) for kind, score in inquiry.scores.items()},
        "reasons": list(route.reasons),
        "version": route.version,
    }


def receipt(kept: Receipt) -> Json:
    """The wire form of a receipt."""
    return {
        "answer_id": kept.answer_id,
        "conversation_id": kept.conversation_id,
        "asked_at": kept.asked_at.isoformat(),
        "question": kept.turn.question,
        "meant": kept.turn.text,
        "language": kept.turn.language,
        "jurisdictions": list(kept.turn.jurisdictions),
        "time_zone": kept.turn.time_zone,
        "snapshot": kept.snapshot,
        "version": kept.version,
        "steps": kept.steps,
        "answer": json.loads(kept.body),
    }


def feedback(given: Opinion | None) -> Json | None:
    """The wire form of what a visitor thought of an answer; None where nobody said."""
    return {"helpful": given.helpful, "comment": given.comment, "given_at": given.given_at.isoformat()} if given else None


def document(found: Document) -> Json:
    """The wire form of a document in a list."""
    dates = {name: getattr(found, name) for name in ("published", "as_of", "review_by", "valid_until")}
    return {
        "document_id": found.id,
        "title": found.title,
        "kind": found.kind,
        "topics": list(found.topics),
        "jurisdictions": list(found.jurisdictions),
        "language": found.language,
        **{name: value.isoformat() if value else None for name, value in dates.items()},
        "url": found.url or document_address(found.id),
    }
