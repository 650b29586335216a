"""axe on a page as it stands: everything that it knows, or what depends on colours alone, for a page seen in another scheme."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

_COMMON: Mapping[str, Any] = {"preload": False, "resultTypes": ["violations"]}
ALL: Mapping[str, Any] = {**_COMMON, "rules": {"target-size": {"enabled": True}}}
COLOURS: Mapping[str, Any] = {**_COMMON, "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
_RUN = "async (options) => (await axe.run({include: [['html']]}, options)).violations.map((one) => [one.id, one.nodes[0].html])"


def violations(page: Page, options: Mapping[str, Any] = ALL) -> list[str]:
    """What is wrong, each with the beginning of the first element concerned."""
    if page.evaluate("typeof window.axe") == "undefined":
        page.evaluate(AXE_SCRIPT)
    return [f"{rule}: {html[:160]}" for rule, html in page.evaluate(_RUN, options)]
