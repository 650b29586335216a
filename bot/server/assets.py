"""The files that pages use: kept by browsers for good under an address that names their content, else asked for again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.responses import Response

from bot import shipped
from bot.errors import NotFound

FILES = {
    "site.css": "text/css; charset=utf-8",
    "console.css": "text/css; charset=utf-8",
    "desk-hours.js": "text/javascript; charset=utf-8",
    "lead-form.js": "text/javascript; charset=utf-8",
    "favicon.svg": "image/svg+xml",
    "favicon.ico": "image/x-icon",
    "apple-touch-icon.png": "image/png",
    "social.png": "image/png",
}
FOR_GOOD = "public, max-age=31536000, immutable"
FOR_A_WHILE = "public, max-age=3600"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is now; `tag` is a digest of it."""

    body: bytes
    kind: str
    tag: str


def read(name: str, folder: Path) -> Asset:
    """The file of a name of ours. Raises NotFound."""
    if name not in FILES:
        raise NotFound("there is nothing at this address")
    body = (folder / name).read_bytes()
    return Asset(body, FILES[name], hashlib.blake2b(body, digest_size=8).hexdigest())


def address(name: str, folder: Path) -> str:
    """The address of a file, which changes with its content."""
    return f"/{name}?v={read(name, folder).tag}"


def router() -> APIRouter:
    """The files. Takes every address of one part, so it comes after all others."""
    routes, folder = APIRouter(include_in_schema=False), shipped.folder("web")

    @routes.get("/{name}")
    def asset(request: Request, name: str) -> Response:
        found = read(name, folder)
        lasting = FOR_GOOD if request.query_params.get("v") == found.tag else FOR_A_WHILE
        headers = {"ETag": f'W/"{found.tag}"', "Cache-Control": lasting}
        if found.tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(found.body, media_type=found.kind, headers=headers)

    return routes
