"""Draws what is kept as pictures, by Chromium: `python -m tests.browser.pictures icons`, or `shots ORIGIN`.

Icons: web/favicon.ico, apple-touch-icon.png and social.png, after web/favicon.svg. Shots: the README's, of a site that
serves at ORIGIN.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Callable
from typing import Literal

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.conftest import ROOT

WEB, IMAGES = ROOT / "web", ROOT / "docs" / "images"
QUESTION = "How does OFAC's 50 percent rule work?"
SOCIAL = """<style>
  body {{ margin: 0; width: 1200px; height: 630px; box-sizing: border-box; padding: 84px 96px; border-top: 14px solid #0f4a58;
    background: #fff; color: #16211f; font: 30px/1.5 "Liberation Sans", Arial, sans-serif;
    display: flex; flex-direction: column; }}
  svg {{ width: 84px; height: 84px; }} b, h1 {{ font-family: "TeX Gyre Pagella", Palatino, Georgia, serif; font-weight: 500; }}
  h1 {{ margin: 36px 0 20px; font-size: 82px; line-height: 1.12; letter-spacing: -0.018em; }} p {{ margin: 0; color: #4e5b5b; }}
  footer {{ margin-top: auto; display: flex; justify-content: space-between; color: #4e5b5b; }}
  b {{ color: #16211f; font-weight: 600; }}
</style>{mark}<h1>Business with Russia,<br>within the rules</h1><p>Answers quoted word for word, with date, law and source.</p>
<footer><b>Dezan Shira &amp; Associates</b><span>Inquiry Desk</span></footer>"""


def icons(browser: Browser) -> None:
    """Writes the pictures that stand for the site."""
    mark = (WEB / "favicon.svg").read_text()
    page = browser.new_page()

    def drawn(size: int, square: bool) -> bytes:
        corners = mark.replace('rx="5"', "") if square else mark
        page.set_viewport_size({"width": size, "height": size})
        page.set_content(f"<style>body{{margin:0}}svg{{display:block;width:{size}px}}</style>{corners}")
        return page.screenshot(omit_background=True)

    (WEB / "apple-touch-icon.png").write_bytes(drawn(180, square=True))  # the telephone rounds its corners itself
    small = drawn(32, square=False)
    header = struct.pack("<HHHBBBBHHII", 0, 1, 1, 32, 32, 0, 0, 1, 32, len(small), 22)
    (WEB / "favicon.ico").write_bytes(header + small)
    page.set_viewport_size({"width": 1200, "height": 630})
    page.set_content(SOCIAL.format(mark=mark))
    (WEB / "social.png").write_bytes(page.screenshot())


def ask(page: Page, origin: str) -> None:
    page.goto(f"{origin}/?lang=en")
    page.fill("#question", QUESTION)
    page.click(".ask .button")


def read(page: Page, origin: str) -> None:
    ask(page, origin)
    page.click(".card .onward a")


def library(page: Page, origin: str) -> None:
    page.goto(f"{origin}/library?lang=en&q=exit+contribution+discount")


SHOTS: dict[str, tuple[Callable[[Page, str], None], int, int, Literal["light", "dark"]]] = {
    "answer": (ask, 1440, 1060, "light"),
    "answer-phone": (ask, 360, 740, "light"),
    "reading-dark": (read, 1440, 960, "dark"),
    "library-dark": (library, 1440, 960, "dark"),
}


def shots(browser: Browser, origin: str) -> None:
    """Writes the pictures of the README."""
    for name, (go, width, height, scheme) in SHOTS.items():
        size: ViewportSize = {"width": width, "height": height}
        page = browser.new_page(viewport=size, color_scheme=scheme, reduced_motion="reduce")
        go(page, origin)
        page.wait_for_load_state()
        page.screenshot(path=IMAGES / f"{name}.png")
        page.close()


def main(what: str, origin: str = "http://127.0.0.1:8000") -> None:
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-dev-shm-usage"]
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=options)
        icons(browser) if what == "icons" else shots(browser, origin)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
