"""robots.txt and sitemap.xml."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

from fastapi import APIRouter
from starlette.responses import PlainTextResponse, Response

from bot.errors import NotFound
from bot.server.heads import Head, of_document, of_page
from bot.server.relations import ended, relations, standing
from bot.vocabulary import Document
from bot.wiring import Bot

PAGES = ("/", "/library", "/contact", "/privacy")
NOT_FOR_ROBOTS = ("/answers/", "/api/", "/console", "/contact/received", "/feedback", "/library?q=", "/metrics")
NAMESPACES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
LASTING = {"Cache-Control": "public, max-age=3600"}


def router(bot: Bot) -> APIRouter:
    """Both files. Without the site's own address there is no sitemap."""
    routes, site = APIRouter(include_in_schema=False), bot.settings.site_url.rstrip("/")

    @routes.get("/robots.txt")
    def robots() -> Response:
        lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_ROBOTS)]
        lines += ["", f"Sitemap: {site}/sitemap.xml"] if site else []
        return PlainTextResponse("\n".join(lines) + "\n", headers=LASTING)

    @routes.get("/sitemap.xml")
    def sitemap() -> Response:
        if not site:
            raise NotFound("there is no sitemap: BOT_SITE_URL is not set")
        documents = bot.live().snapshot.documents
        valid = [one for one in standing(documents) if not ended(one, bot.today())]
        entries = [*_pages(site), *((of_document(site, one, relations(one, documents).editions, True), one) for one in valid)]
        return Response(_xml(entries), media_type="application/xml", headers=LASTING)

    return routes


def _pages(site: str) -> Iterator[tuple[Head, None]]:
    for path in PAGES:
        for language, _ in of_page(site, path, "en", "").alternates[:-1]:
            yield of_page(site, path, language, ""), None


def _xml(entries: Iterable[tuple[Head, Document | None]]) -> str:
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<urlset {NAMESPACES}>"]
    for head, document in entries:
        when = (document.as_of or document.published) if document else None
        links = (f'<xhtml:link rel="alternate" hreflang="{code}" href={quoteattr(to)}/>' for code, to in head.alternates)
        day = f"<lastmod>{when.isoformat()}</lastmod>" if when else ""
        lines.append(f"<url><loc>{escape(head.canonical)}</loc>{day}{''.join(links)}</url>")
    return "\n".join([*lines, "</urlset>", ""])
