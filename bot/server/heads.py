"""What a page says of itself to search engines and to who shares its address. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.dialogue.body import document_address
from bot.vocabulary import LANGUAGES, Document


@dataclass(frozen=True, slots=True)
class Head:
    """Addresses are absolute; empty where the site's own is not set. `alternates` are (language or x-default, address).

    What is not `indexed` asks search engines to leave it out.
    """

    canonical: str = ""
    alternates: tuple[tuple[str, str], ...] = ()
    description: str = ""
    kind: str = "website"
    indexed: bool = False


HIDDEN = Head()


def of_page(site: str, path: str, language: str, description: str) -> Head:
    """The head of a page that is there in every language."""
    if not site:
        return Head(description=description, indexed=True)
    alternates = [(code, spoken(site, path, code)) for code in LANGUAGES]
    return Head(spoken(site, path, language), (*alternates, ("x-default", site + path)), description, indexed=True)


def of_document(site: str, document: Document, editions: Sequence[Document], indexed: bool) -> Head:
    """The head of a document's page: its alternates are its editions in other languages, as no page translates it."""
    if not site:
        return Head(description=document.summary, kind="article", indexed=indexed)
    whole = sorted((document, *editions), key=lambda one: (one.language != "en", one.language))
    alternates = [(one.language, _of(site, one)) for one in whole] if len(whole) > 1 else []
    default = [("x-default", alternates[0][1])] if alternates else []
    return Head(_of(site, document), (*alternates, *default), document.summary, "article", indexed)


def spoken(site: str, path: str, language: str) -> str:
    """The address of a page in a language."""
    return f"{site}{path}?lang={language}"


def _of(site: str, document: Document) -> str:
    known = document.language in LANGUAGES
    return site + document_address(document.id) + (f"?lang={document.language}" if known else "")
