"""The widget as other sites load it: its loader, its parts, its words, and a page to try it on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from bot import shipped
from bot.dialogue.body import card, mail_address
from bot.dialogue.hours import zones
from bot.dialogue.routing import default_route
from bot.dialogue.turns import LONGEST
from bot.dialogue.wording import Wording
from bot.errors import NotFound
from bot.leads import countries, fields
from bot.receiving import Directory
from bot.server.pages import Pages, preferred
from bot.vocabulary import LANGUAGES, TOPICS, Json
from bot.wiring import Bot

SCRIPT, STYLE = "text/javascript; charset=utf-8", "text/css; charset=utf-8"
PARTS = b'"./widget/'  # how the loader names the folder of its parts
SAID = b"const SAID = {}"  # where the loader's own words stand
SHORT, LONG, ASK_FIRST = "public, max-age=300", "public, max-age=31536000, immutable", "no-cache"
SHARED = ("date", "jurisdictions", "topic", "language")
PAGE = ("firm", "product", "as_of", "published", "read_in_context", "original_source", "list_separator", "quote_label")
HOURS = ("weekdays", "open_now", "opens", "when", "when_dated", "closed", "holidays")
DEMO = "demo_"
FORM_LEFT_OUT = ("lead", "consent", "consent_version", "script", "bait", "flood", "failed", "received_again", "to_form")


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is sent."""

    content: bytes
    media_type: str = SCRIPT

    @property
    def tag(self) -> str:
        """Its entity tag; weak, as it may be sent compressed."""
        return f'W/"{hashlib.blake2b(self.content, digest_size=12).hexdigest()}"'


@dataclass(frozen=True, slots=True)
class Files:
    """The loader, the parts by name, and the version that stands in the parts' addresses: a digest of them all."""

    loader: File
    parts: Mapping[str, File]
    version: str


def files() -> Files:
    """The widget's files. The loader asks for its parts under their version, so that old and new never mix."""
    folder = shipped.folder("web")
    parts = {path.name: File(path.read_bytes()) for path in sorted((folder / "widget").glob("*.js"))}
    version = hashlib.blake2b(b"".join(part.content for part in parts.values()), digest_size=6).hexdigest()
    loader = (folder / "widget.js").read_bytes().replace(PARTS, PARTS + version.encode() + b"/")
    return Files(File(loader), parts, version)


def loader_of(files: Files, directory: Directory, now: datetime) -> File:
    """The loader with what it says itself: the way in, and whom to write to where the rest cannot be loaded."""
    said = {}
    for language in LANGUAGES:
        wording = directory.wording[language]
        route = default_route(directory.contacts, wording, now)
        own = {name: wording.text("widget", name) for name in ("launch", "away")}
        said[language] = own | {"email": route.desk.email, "mail": mail_address(route)}
    return File(files.loader.content.replace(SAID, SAID[:-2] + json.dumps(said, ensure_ascii=False).encode()))


def words(wording: Wording, desk: Json) -> Json:
    """What the widget says in a language, with the desk that can help before there is an answer."""
    whole = wording.words
    return {
        "code": wording.language,
        **{section: whole[section] for section in SHARED},
        "widget": {name: said for name, said in whole["widget"].items() if not name.startswith(DEMO)},
        "hours": {name: whole["hours"][name] for name in HOURS},
        "page": {name: whole["page"][name] for name in PAGE},
        "form": {name: said for name, said in whole["form"].items() if name not in FORM_LEFT_OUT},
        "intro": whole["answer"]["intro"],
        "general": whole["notice"]["general"],
        "examples": whole["suggestions"]["list"],
        "topics": TOPICS,
        "countries": "".join(sorted(code for code, _ in countries.names(wording.language))),
        "limits": {"question": LONGEST, **fields.LONGEST},
        "desk": desk,
    }


def router(bot: Bot, pages: Pages) -> APIRouter:
    """The widget's files, and the page that shows it."""
    routes = APIRouter(include_in_schema=False)
    found = files()

    @routes.get("/widget.js")
    def loader(request: Request) -> Response:
        return _sent(request, loader_of(found, bot.directory(), bot.now()), SHORT)

    @routes.get("/widget/words/{language}.json")
    def said(request: Request, language: str, time_zone: str = "") -> Response:
        spoken = next((one for one in LANGUAGES if one == language), None)
        if spoken is None:
            raise NotFound("no words in this language")
        now = bot.directory()
        zone = time_zone if time_zone in zones() else None
        route = default_route(now.contacts, now.wording[spoken], bot.now(), zone)
        row = words(now.wording[spoken], card(route))
        content = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()
        return _sent(request, File(content, "application/json"), ASK_FIRST)

    @routes.get("/widget/{version}/{name}")
    def part(request: Request, version: str, name: str) -> Response:
        if name not in found.parts:
            raise NotFound("the widget has no such part")
        return _sent(request, found.parts[name], LONG if version == found.version else ASK_FIRST)

    _demo(routes, pages)
    return routes


def _demo(routes: APIRouter, pages: Pages) -> None:
    style = File((shipped.folder("web") / "demo.css").read_bytes(), STYLE)

    @routes.get("/demo.css")
    def look(request: Request) -> Response:
        return _sent(request, style, SHORT)

    @routes.get("/demo")
    def demo(request: Request) -> Response:
        mode = "inline" if request.query_params.get("mode") == "inline" else "bubble"
        host: dict[str, Any] = {"mode": mode, "origin": str(request.base_url).rstrip("/")}
        return pages.render("demo.html", preferred(request), **host)


def _sent(request: Request, file: File, caching: str) -> Response:
    """The file, or that it is still the one that the browser has."""
    headers = {"ETag": file.tag, "Cache-Control": caching}
    known = {tag.strip() for tag in request.headers.get("if-none-match", "").split(",")}
    if file.tag in known:
        return Response(status_code=304, headers=headers)
    return Response(file.content, media_type=file.media_type, headers=headers)
