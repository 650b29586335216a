"""Errors to HTTP: one table from error to status; problem details for programs, a page for people; never an echo."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot import errors
from bot.desks import Route
from bot.dialogue.body import card

STATUS: tuple[tuple[type[errors.BotError], int], ...] = (
    (errors.BadQuestion, 422),
    (errors.BadLead, 422),
    (errors.KeyReused, 422),
    (errors.InFlight, 409),
    (errors.CrossSite, 403),
    (errors.TooMany, 429),
    (errors.NotAllowed, 401),
    (errors.NotFound, 404),
    (errors.Busy, 503),
    (errors.StorageFull, 503),
    (errors.SnapshotError, 503),
    (errors.ModelUnavailable, 503),
    (errors.BotError, 500),
)
WORDS = {
    "missing": "is missing",
    "string_type": "takes a text",
    "int_type": "takes a whole number",
    "int_parsing": "takes a whole number",
    "list_type": "takes a list",
    "model_attributes_type": "takes a JSON object",
    "dict_type": "takes a JSON object",
    "json_invalid": "is not valid JSON",
    "greater_than_equal": "is too small",
    "less_than_equal": "is too large",
}
RETRY_AFTER, LATER = "5", "3600"  # seconds
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong, in words that may be shown."""

    status: int
    detail: str
    fields: tuple[tuple[str, str], ...] = ()
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The standard phrase of the status."""
        return HTTPStatus(self.status).phrase


Page = Callable[[Request, Failure], Response]
Whom = Callable[[Request], Route]


def install(app: FastAPI, whom: Whom, page: Page) -> None:
    """Makes every error of the app a problem document, or a page where a person asks. `whom` finds the desk that can help."""

    def respond(request: Request, failure: Failure) -> Response:
        if not request.url.path.startswith("/api/") and "text/html" in request.headers.get("accept", ""):
            return page(request, failure)
        return problem(failure, whom(request))

    @app.exception_handler(errors.BotError)
    def ours(request: Request, error: errors.BotError) -> Response:
        failure = of_bot_error(error)
        if failure.status >= 500:
            log.error("request failed", error=type(error).__name__, why=str(error))
        return respond(request, failure)

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        return respond(request, of_validation(error))

    @app.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> Response:
        headers = dict(error.headers or {})
        return respond(request, Failure(error.status_code, _http_detail(error.status_code), headers=headers))

    @app.exception_handler(Exception)
    def unexpected(request: Request, error: Exception) -> Response:
        log.error("unexpected error", error=type(error).__name__, exc_info=error)
        return respond(request, Failure(500, "Something went wrong here. Nothing you sent is lost; please write to the desk."))


def problem(failure: Failure, route: Route) -> Response:
    """A failure as problem details (RFC 9457), with the desk that can help."""
    row = {
        "type": "about:blank",
        "title": failure.title,
        "status": failure.status,
        "detail": failure.detail,
        "errors": [{"field": name, "problem": words} for name, words in failure.fields],
        "desk": card(route),
    }
    return Response(
        json.dumps(row, ensure_ascii=False),
        failure.status,
        media_type="application/problem+json",
        headers=failure.headers,
    )


def of_bot_error(error: errors.BotError) -> Failure:
    """The failure an error of ours is."""
    status = next(status for kind, status in STATUS if isinstance(error, kind))
    headers = {"Retry-After": RETRY_AFTER} if status in (409, 503) else {"Retry-After": LATER} if status == 429 else {}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, errors.BadQuestion):
        return Failure(status, "What was sent does not fit.", ((error.field, error.reason),), headers)
    if isinstance(error, errors.BadLead):
        return Failure(status, "What was sent does not fit.", error.fields, headers)
    return Failure(status, str(error) if status != 500 else "Something went wrong here; please write to the desk.", (), headers)


def of_validation(error: RequestValidationError) -> Failure:
    """The failure of a body or parameter that does not fit; names fields of ours only."""
    fields = []
    for one in error.errors():
        place = [part for part in one["loc"][1:] if isinstance(part, str)]  # the first says where: body, query, path
        fields.append((place[0] if place and one["type"] != "json_invalid" else "body", WORDS.get(one["type"], "does not fit")))
    return Failure(422, "What was sent does not fit.", tuple(dict.fromkeys(fields)))


def _http_detail(status: int) -> str:
    return {
        400: "The request cannot be read: send JSON in UTF-8.",
        404: "There is nothing at this address.",
        405: "This address does not take that method.",
        413: "The request is too large.",
        415: "Send JSON.",
    }.get(status, HTTPStatus(status).phrase)
