"""Quotes, route and template words to an Answer. Pure: no word of an answer comes from anywhere else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.desks import Route
from bot.dialogue import clarify
from bot.dialogue.quotes import Quote
from bot.dialogue.wording import Wording
from bot.vocabulary import Answer, Citation, Inquiry, Status

REFUSED_KINDS = ("circumvention", "screening", "prohibited_client", "abuse")
SPOKEN_KINDS = ("contact", "smalltalk")
INTRODUCTIONS = {"advice": "intro_advice", "urgent": "intro_urgent"}


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes answers in one language. `today` is the day the snapshot was made: the state of what the bot says of itself."""

    wording: Wording
    today: date

    def quoted(self, inquiry: Inquiry, route: Route, quotes: Sequence[Quote], today: date, wish: Sequence[str] = ()) -> Answer:
        """An answer of quotes, each followed by its number; its as-of date is the oldest that its documents state, if any.

        Quotes of different jurisdictions, or of facts of different years, each say which. A document that was due for review
        before `today` is said to be. Where they differ in their law and neither the inquiry nor the visitor's `wish` names one,
        the laws stand as choices.
        """
        citations = tuple(citation(n, quote) for n, quote in enumerate(quotes, 1))
        as_of = min((when for c in citations if (when := c.as_of or c.published)), default=None)
        laws = () if inquiry.jurisdictions or wish else clarify.laws(citations)
        choices = tuple(self.wording.text("jurisdictions", code) for code in laws)
        foreign = any(c.language != inquiry.language for c in citations)
        lines = [
            self._introduction(inquiry, route),
            *(f"{label}“{c.quote}” [{c.n}]" for label, c in zip(self._labels(citations), citations, strict=True)),
            self.wording.text("answer", "foreign") if foreign else "",
            self.wording.text("answer", "as_of", date=as_of.isoformat()) if as_of else "",
            self._review(citations, today),
            self.wording.text("clarify", "law") if choices else "",
            "" if inquiry.kind == "urgent" else self._desk(route),
        ]
        return self._answer("answered", None, inquiry, route, lines, citations, as_of, choices)

    def asked_back(self, inquiry: Inquiry, route: Route, choices: tuple[str, ...]) -> Answer:
        """A question back, with the subjects to choose from, and who can help otherwise."""
        lines = [self.wording.text("clarify", "subject"), self._desk(route)]
        return self._answer("clarify", "unclear", inquiry, route, lines, (), self.today, choices)

    def spoken(self, inquiry: Inquiry, route: Route) -> Answer:
        """A reply of template words alone, for kinds that need no evidence."""
        lines = [self.wording.text("reply", inquiry.kind), self._desk(route)]
        return self._answer("answered", None, inquiry, route, lines, (), self.today, self.wording.texts("suggestions", "list"))

    def refused(self, inquiry: Inquiry, route: Route, reason: str) -> Answer:
        """No answer, why, and who can help."""
        lines = [self.wording.text("refused", reason), self._desk(route)]
        return self._answer("refused", reason, inquiry, route, lines, (), self.today, self.wording.texts("suggestions", "list"))

    def _labels(self, citations: Sequence[Citation]) -> list[str]:
        """What stands before each quote, so that neither laws nor years are blended."""
        laws = len({c.jurisdictions for c in citations}) > 1
        years = len({when.year for c in citations if (when := c.as_of or c.published)}) > 1
        names = self.wording.words["jurisdictions"]
        labels = []
        for c in citations:
            when = c.as_of or c.published
            parts = [names.get(code, code) for code in c.jurisdictions] if laws else []
            parts += [str(when.year)] if years and when else []
            labels.append(f"{', '.join(parts)}: " if parts else "")
        return labels

    def _review(self, citations: Sequence[Citation], today: date) -> str:
        due = [c.review_by for c in citations if c.review_by and c.review_by < today]
        return self.wording.text("answer", "review_due", date=min(due).isoformat()) if due else ""

    def _introduction(self, inquiry: Inquiry, route: Route) -> str:
        if inquiry.kind == "service":
            return self.wording.text("reply", "service")
        words = self.wording.text("answer", INTRODUCTIONS.get(inquiry.kind, "intro"))
        return f"{words} {self._desk(route)}" if inquiry.kind == "urgent" else words

    def _desk(self, route: Route) -> str:
        return self.wording.text("desk", "line", name=route.desk.name, email=route.desk.email)

    def _answer(
        self,
        status: Status,
        reason: str | None,
        inquiry: Inquiry,
        route: Route,
        lines: Sequence[str],
        citations: tuple[Citation, ...],
        as_of: date | None,
        suggestions: tuple[str, ...],
    ) -> Answer:
        return Answer(
            status=status,
            reason=reason,
            inquiry=inquiry,
            route=route,
            text="\n\n".join(line for line in lines if line),
            citations=citations,
            as_of=as_of,
            suggestions=suggestions,
            notice=self.wording.text("notice", "general"),
        )


def citation(n: int, quote: Quote) -> Citation:
    """A quote's full address."""
    document, passage = quote.hit.document, quote.hit.passage
    return Citation(
        n=n,
        document_id=document.id,
        passage_id=passage.id,
        title=document.title,
        section=" › ".join(passage.section),
        url=document.url,
        published=document.published,
        as_of=document.as_of,
        jurisdictions=document.jurisdictions,
        quote=quote.text,
        start=quote.start,
        end=quote.end,
        language=document.language,
        review_by=document.review_by,
    )
