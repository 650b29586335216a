"""How the pages come, as a real browser sees it: `python -m tests.bench.pages ORIGIN`, of a site that serves there.

Each visit is a browser context of its own, so nothing is kept from the one before. Prints JSON: medians over the visits, and the
longest task of all of them; a task is long from 50 ms on, by the browser's own measure. That is time on the wall, which a busy
machine draws out; `all_tasks_cpu_ms` is what all tasks of the page's main thread took of a processor.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics

from playwright.sync_api import Browser, sync_playwright

WATCH = """
window.seen = { longest: 0, long: 0, moved: 0, largest: 0 }
const watch = (type, note) => new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true })
watch("longtask", (one) => { seen.longest = Math.max(seen.longest, one.duration); seen.long += 1 })
watch("layout-shift", (one) => { seen.moved += one.value })
watch("largest-contentful-paint", (one) => { seen.largest = one.startTime })
"""
READ = """() => ({
  ...window.seen,
  first: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0,
  requests: 1 + performance.getEntriesByType("resource").length,
  bytes: [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .reduce((sum, one) => sum + one.transferSize, 0),
})"""
QUESTION = "How does OFAC's 50 percent rule work?"


def main() -> None:
    """Visits and prints."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("origin")
    words.add_argument("--visits", type=int, default=20)
    words.add_argument("--path", default="/?lang=en")
    chosen = words.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        rows = [visit(browser, chosen.origin, chosen.path) for _ in range(chosen.visits)]
        browser.close()
    result = {name: round(statistics.median(row[name] for row in rows), 2) for name in rows[0]}
    result["longest_task_ms"] = round(max(row["longest_task_ms"] for row in rows), 2)
    print(json.dumps({"path": chosen.path, "visits": chosen.visits} | result, indent=2))


def visit(browser: Browser, origin: str, path: str) -> dict[str, float]:
    """One visit: the page until it is still, then a question until its first quote is on the screen."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.add_init_script(WATCH)
    tools = context.new_cdp_session(page)
    tools.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(origin + path, wait_until="networkidle")
    page.wait_for_timeout(200)  # for tasks that come late
    metrics = {one["name"]: one["value"] for one in tools.send("Performance.getMetrics")["metrics"]}
    seen = page.evaluate(READ)
    answered = 0.0
    if page.locator("#question").count():
        page.fill("#question", QUESTION)
        page.click(".ask .button")
        page.wait_for_selector(".card")
        answered = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? performance.now()")
    context.close()
    return {
        "first_paint_ms": seen["first"],
        "largest_paint_ms": seen["largest"],
        "layout_shift": seen["moved"],
        "long_tasks": seen["long"],
        "longest_task_ms": seen["longest"],
        "all_tasks_cpu_ms": metrics["TaskDuration"] * 1000,
        "requests": seen["requests"],
        "bytes": seen["bytes"],
        "answer_painted_ms": answered,
    }


if __name__ == "__main__":
    main()
