"""The library: documents by subject, searching them, and a document to read with a quote marked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from bot.dialogue.turns import turn
from bot.errors import BadQuestion, NotFound
from bot.server.guards import Gate
from bot.server.heads import HIDDEN, of_document, of_page
from bot.server.pages import Pages, beside, preferred
from bot.server.reading import blocks
from bot.server.relations import ended, relations, standing, works
from bot.server.searching import Results, Wish, search
from bot.vocabulary import JURISDICTIONS, TOPICS, Document, Language
from bot.wiring import Bot

PARAMETERS = ("q", "topic", "law", "language")


@dataclass(frozen=True, slots=True)
class Choices:
    """What the search may be limited to: only what the library holds."""

    topics: tuple[str, ...]
    laws: tuple[str, ...]
    languages: tuple[str, ...]

    @staticmethod
    def named(codes: tuple[str, ...], names: Mapping[str, str]) -> list[tuple[str, str]]:
        """Codes with their names."""
        return [(code, names.get(code, code)) for code in codes]


def router(bot: Bot, pages: Pages, gate: Gate) -> APIRouter:
    """`/library` and the documents below it."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/library")
    def library(request: Request) -> Response:
        wish, language = _wish(request), preferred(request)
        page = _Shelf(bot, pages, language)
        if not wish.text:
            return page.listed(request, wish)
        try:
            turn(wish.text)
        except BadQuestion as error:
            problem = "too_long" if "too long" in error.reason else "unread"
            return page.results(request, replace(wish, text=""), None, problem)
        with gate():
            found = search(bot.live(), wish, page.within(wish), bot.today(), language)
        return page.results(request, wish, found)

    @routes.get("/library/{document_id:path}")
    def document(
        request: Request, document_id: str, start: Annotated[int, Query(ge=0)] = 0, end: Annotated[int, Query(ge=0)] = 0
    ) -> Response:
        documents = bot.live().snapshot.documents
        found = documents.get(document_id)
        if found is None:
            raise NotFound("there is no such document in the library")
        related = relations(found, documents)
        expired = ended(found, bot.today())
        return pages.render(
            "document.html",
            preferred(request),
            head=of_document(pages.site, found, related.editions, not related.newer and not expired),
            query=beside(request, "start", "end"),
            document=found,
            related=related,
            blocks=blocks(found, start, end),
            expired=expired,
        )

    return routes


class _Shelf:
    """The library's page, in one language."""

    def __init__(self, bot: Bot, pages: Pages, language: Language) -> None:
        self._pages, self._language, self._today = pages, language, bot.today()
        self._library = bot.live().snapshot.documents
        self._documents = sorted(standing(self._library), key=lambda one: (one.kind, one.title))

    def within(self, wish: Wish) -> set[str] | None:
        """The documents that a search is limited to beside the law."""
        return {one.id for one in self._documents if wish.admits(one)} if wish.topic or wish.language else None

    def listed(self, request: Request, wish: Wish) -> Response:
        """The documents by subject, each work once."""
        rows = works((one for one in self._documents if wish.admits(one)), wish.language or self._language)
        words = self._pages.wording(self._language).words["library"]
        head = HIDDEN if wish.limited else of_page(self._pages.site, "/library", self._language, words["description"])
        return self._page(request, "library.html", wish, head=head, rows=rows)

    def results(self, request: Request, wish: Wish, results: Results | None, problem: str = "") -> Response:
        """What a search found. Nothing of it is indexed."""
        rows = [(one, relations(one.document, self._library).editions) for one in results.found] if results else []
        return self._page(request, "results.html", wish, 422 if problem else 200, results=results, rows=rows, problem=problem)

    def _page(self, request: Request, name: str, wish: Wish, status: int = 200, **values: object) -> Response:
        return self._pages.render(
            name,
            self._language,
            status,
            wish=wish,
            choices=_choices(self._documents),
            expired={one.id for one in self._documents if ended(one, self._today)},
            query=beside(request, *PARAMETERS),
            **values,
        )


def _wish(request: Request) -> Wish:
    """What an address asks for. A limit that nothing could meet is none."""
    asked = request.query_params
    topic, law, language = asked.get("topic", ""), asked.get("law", ""), asked.get("language", "")
    return Wish(
        asked.get("q", "").strip(),
        topic if topic in TOPICS else "",
        law if law in JURISDICTIONS else "",
        language if language.isalpha() and len(language) <= 8 else "",
    )


def _choices(documents: list[Document]) -> Choices:
    return Choices(
        tuple(topic for topic in TOPICS if any(topic in one.topics for one in documents)),
        tuple(law for law in JURISDICTIONS if any(law in one.jurisdictions for one in documents)),
        tuple(sorted({one.language for one in documents})),
    )
