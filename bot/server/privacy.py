"""The page on what is stored of visitors, for how long, and how to have it erased: its figures are those of the settings."""

from __future__ import annotations

from collections.abc import Mapping

from babel import Locale
from fastapi import APIRouter, Request
from starlette.responses import Response

from bot.server.heads import of_page
from bot.server.leads import PRIVACY
from bot.server.pages import Pages, preferred
from bot.wiring import Bot


def router(bot: Bot, pages: Pages) -> APIRouter:
    """The page."""
    routes, settings = APIRouter(include_in_schema=False), bot.settings

    @routes.get(PRIVACY)
    def privacy(request: Request) -> Response:
        language = preferred(request)
        words = pages.wording(language).words["privacy"]
        terms = {
            "leads": counted(settings.keep_leads_months, words["months"], language),
            "conversations": counted(settings.keep_conversations_days, words["days"], language),
            "erasures": counted(settings.keep_erasures_months, words["months"], language),
        }
        return pages.render(
            "privacy.html",
            language,
            head=of_page(pages.site, PRIVACY, language, words["description"]),
            terms=terms,
            consent=bot.receive.consent(language),
            webhook=bool(settings.webhook_url),
        )

    return routes


def counted(number: int, forms: Mapping[str, str], language: str) -> str:
    """A number with its noun in the form that the language wants; `forms` are by the plural categories of CLDR."""
    return forms[Locale(language).plural_form(number)].format(number=number)
