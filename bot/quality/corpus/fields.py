"""What every document should say about itself, though it is taken without."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.knowledge.readers.layout import Sheet
from bot.quality.corpus.finding import Finding, at

WHY = {
    "summary": "`summary` is shown above the text",
    "topics": "`topics` say what it is about",
    "jurisdictions": "`jurisdictions` label whose law it tells ([] for documents of the firm)",
    "as_of": "`as_of` is the state of the facts, shown with every quote",
    "review_by": "`review_by` is the day on which somebody must look again",
}


def findings(sheets: Iterable[Sheet]) -> Iterator[Finding]:
    """One finding for all that a document's front matter leaves out. An empty `jurisdictions` is said, not left out."""
    for sheet in (sheet for sheet in sheets if sheet.has_front_matter):
        lacking = [name for name in WHY if not _said(sheet, name)]
        if lacking:
            to_do = f"add {', '.join(lacking)}: {'; '.join(WHY[name] for name in lacking)}"
            yield at(sheet, "warning", "fields", (), f"does not say {', '.join(lacking)}", to_do)


def _said(sheet: Sheet, name: str) -> bool:
    return bool(getattr(sheet.document, name)) or (name == "jurisdictions" and (name,) in sheet.layout.fields)
