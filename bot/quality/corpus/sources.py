"""Where facts come from: articles and policies name their sources, and each source can be looked up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.knowledge.readers.layout import Sheet
from bot.quality.corpus.finding import Finding, at

SOURCED = ("article", "policy")
PARTS = ("publisher", "address", "date")


def findings(sheets: Iterable[Sheet]) -> Iterator[Finding]:
    """Missing sources, and what sources lack. Addresses that are none keep a file out and are named with it."""
    for sheet in (sheet for sheet in sheets if sheet.has_front_matter):
        document = sheet.document
        if not document.sources and document.kind in SOURCED:
            what = f"this {document.kind} has no sources"
            yield at(
                sheet, "warning", "sources", ("sources",), what, "add `sources`, each with title, publisher, address and date"
            )
        for n, source in enumerate(document.sources):
            lacking = [part for part in PARTS if not getattr(source, part)]
            if lacking:
                what = f"source {n + 1} has no {' and no '.join(lacking)}"
                to_do = "add it; a source without a date of its own takes `date: undated`"
                yield at(sheet, "warning", "sources", ("sources", n), what, to_do if "date" in lacking else "add it")
