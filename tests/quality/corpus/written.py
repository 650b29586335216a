"""Documents for the checks, written as editors write them."""

from __future__ import annotations

from bot.knowledge.readers import markdown
from bot.knowledge.readers.layout import Sheet

SOURCE = "sources:\n  - {title: S, publisher: P, address: https://example.com/s, date: 2024-01}"
WHOLE = f"summary: S.\ntopics: [sanctions]\njurisdictions: [US]\nas_of: 2024-01-01\nreview_by: 2027-01-01\n{SOURCE}"


def sheet(identity: str, fields: str = "", body: str = "Text of its own.", title: str = "") -> Sheet:
    """The document of that id in the folder c; its title is its id where none is given, and its language English."""
    head = [f"title: {title or identity}", fields, "" if "language:" in fields else "language: en"]
    text = "\n".join(["---", *filter(None, head), "---", body, ""])
    return markdown.read(text.encode(), f"c/{identity}.md", identity)


def by_id(*sheets: Sheet) -> dict[str, Sheet]:
    """The documents as the checks take them."""
    return {one.document.id: one for one in sheets}
