"""A served site and pages of a real browser: what tests of pages and of the widget share."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Locator, Page, expect
from starlette.types import ASGIApp

from bot import wiring
from bot.server.app import create_app
from tests.browser.hosts import Host

expect.set_options(timeout=30_000)


@dataclass
class Seen:
    """What happened in a context: errors on the console or thrown, dialogs, and the address of every request."""

    errors: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def elsewhere(self, *origins: str) -> list[str]:
        """Requests over the network to any other than these origins."""
        return [url for url in self.requests if url.startswith("http") and not url.startswith(tuple(f"{o}/" for o in origins))]


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """The origin of an application that listens on a free port of this machine; its bot stays open after it."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=256)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)
        listener.close()


@contextmanager
def opened(browser: Browser, **options: Any) -> Iterator[tuple[Page, Seen]]:
    """A page of a fresh context, as `Browser.new_context` takes options, and what is seen in that context."""
    context = browser.new_context(**options)
    seen = Seen()

    def console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            seen.errors.append(message.text)

    def dialog(shown: Dialog) -> None:
        seen.dialogs.append(shown.message)
        shown.dismiss()

    context.on("console", console)
    context.on("weberror", lambda error: seen.errors.append(str(error.error)))
    context.on("request", lambda request: seen.requests.append(request.url))
    context.on("dialog", dialog)
    context.set_default_timeout(30_000)
    try:
        yield context.new_page(), seen
    finally:
        context.close()


def follow(target: Locator) -> None:
    """Clicks what leads to another page and waits until that has loaded.

    A page that is still loading scrolls to its fragment again and again, which takes the next target from under the
    pointer; and where scripts are off the browser's driver cannot see that its click missed.
    """
    with target.page.expect_event("load"):
        target.click()


@pytest.fixture(scope="session")
def site(bot: wiring.Bot) -> Iterator[str]:
    """The origin of a site over the starter corpus."""
    with served(create_app(bot)) as origin:
        yield origin


@pytest.fixture(scope="session")
def host() -> Iterator[Host]:
    """Another site, whose pages embed the widget."""
    made = Host()
    with served(made) as made.origin:
        yield made


@pytest.fixture
def visit(browser: Browser) -> Iterator[tuple[Page, Seen]]:
    """A page of a fresh context and what is seen in it."""
    with opened(browser) as both:
        yield both


@pytest.fixture
def page(visit: tuple[Page, Seen]) -> Page:
    """A page of a fresh context."""
    return visit[0]


@pytest.fixture
def seen(visit: tuple[Page, Seen]) -> Seen:
    """What is seen in the context of `page`."""
    return visit[1]
