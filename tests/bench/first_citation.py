"""How long after Enter the first citation is on the screen, in Chromium, warm: `python -m tests.bench.first_citation ADDRESS`.

ADDRESS is that of a desk that serves (`make run`). Questions are those of `gold.toml` that have an answer, each in a conversation
of its own. Prints milliseconds from the key to the frame that shows the first quote, as JSON.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics

from playwright.sync_api import Page, sync_playwright

from bot import shipped
from bot.quality import gold

WARM, MEASURED = 5, 40
TIME = """() => {
  const root = document.querySelector('inquiry-desk').shadowRoot
  const begin = (event) => { if (event.key === 'Enter') { window.began = performance.now(); window.took = 0 } }
  root.addEventListener('keydown', begin, true)
  new MutationObserver(() => {
    if (!window.took && window.began && root.querySelector('inquiry-desk-quote')) {
      window.took = -1
      requestAnimationFrame(() => setTimeout(() => { window.took = performance.now() - window.began }))
    }
  }).observe(root, {childList: true, subtree: true})
}"""


def main() -> None:
    """Measures and prints."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("address", nargs="?", default="http://127.0.0.1:8000")
    address = words.parse_args().address
    rows = gold.read(shipped.folder("corpus") / gold.FILE)
    questions = [row.question for row in rows if row.documents][: 3 * (WARM + MEASURED)]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(f"{address}/demo?lang=en")
        page.locator(".launch").click()
        page.locator("inquiry-desk-welcome").wait_for()
        page.evaluate(TIME)
        took = [found for question in questions if (found := measured(page, question)) is not None][WARM : WARM + MEASURED]
        browser.close()
    tail = sorted(took)[int(len(took) * 0.95)]
    print(json.dumps({"answers": len(took), "p50_ms": round(statistics.median(took)), "p95_ms": round(tail)}))


def measured(page: Page, question: str) -> float | None:
    """Milliseconds to the first quote; None where the answer has none."""
    page.locator("inquiry-desk-composer textarea").fill(question)
    page.keyboard.press("Enter")
    page.locator("inquiry-desk-feedback").wait_for()
    quoted = page.locator("inquiry-desk-quote").count()
    if quoted:
        page.wait_for_function("() => window.took > 0")
    took = float(page.evaluate("() => window.took")) if quoted else None
    page.locator(".icon-button").nth(1).click()
    page.locator(".menu .plain").first.click()
    return took


if __name__ == "__main__":
    main()
