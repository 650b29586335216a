"""Documents and passages as JSON lines, and back. Equal documents give equal lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path

from bot.vocabulary import Document, Heading, Json, Passage, Source, Span

DATES = ("published", "as_of", "review_by", "valid_until")


def document_line(document: Document) -> str:
    """One line of JSON that holds the whole document."""
    row = asdict(document)
    for name in DATES:
        row[name] = row[name].isoformat() if row[name] else None
    row["headings"] = [[h.start, h.level, h.text] for h in document.headings]
    return json.dumps(row, ensure_ascii=True, sort_keys=True)


def document(line: str) -> Document:
    """The document of a line."""
    row: Json = json.loads(line)
    for name in DATES:
        row[name] = date.fromisoformat(row[name]) if row[name] else None
    for name in ("topics", "jurisdictions", "pages"):
        row[name] = tuple(row[name])
    row["sources"] = tuple(Source(**source) for source in row["sources"])
    row["headings"] = tuple(Heading(*heading) for heading in row["headings"])
    return Document(**row)


def passage_line(passage: Passage) -> str:
    """One line of JSON for a passage; its text stays in the document."""
    row = [passage.id, passage.document_id, passage.start, passage.end, list(passage.section), passage.page]
    return json.dumps([*row, [[s.start, s.end] for s in passage.sentences]], ensure_ascii=True)


def passage(line: str, texts: dict[str, str]) -> Passage:
    """The passage of a line; `texts` maps document ids to their texts."""
    identity, document_id, start, end, section, page, sentences = json.loads(line)
    spans = tuple(Span(*span) for span in sentences)
    return Passage(identity, document_id, start, end, texts[document_id][start:end], tuple(section), page, spans)


def write(path: Path, lines: Iterable[str]) -> None:
    """Writes lines to a file."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in lines)


def read(path: Path) -> Iterator[str]:
    """The lines of a file."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield line.rstrip("\n")
