"""A retrieval task in BEIR form: corpus.jsonl, queries.jsonl (`_id`, `text`, optional `lang`), qrels/test.tsv."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import BadData
from bot.quality import rows as lines
from bot.vocabulary import Json

NEEDS = "a JSON object with `_id` and `text`"


@dataclass(frozen=True, slots=True)
class Task:
    """Queries as (id, text, language group or ""), and for each the relevant documents with their grades."""

    corpus: Path
    queries: tuple[tuple[str, str, str], ...]
    relevant: Mapping[str, Mapping[str, int]]


def read(folder: Path) -> Task:
    """The task in a folder. Queries without a relevant document are left out. Raises BadData naming file and line."""
    corpus, queries, judgements = folder / "corpus.jsonl", folder / "queries.jsonl", folder / "qrels" / "test.tsv"
    for path in (corpus, queries, judgements):
        if not path.is_file():
            raise BadData(str(path), "is missing; a BEIR folder has corpus.jsonl, queries.jsonl and qrels/test.tsv")
    relevant = _judgements(judgements)
    asked = tuple(
        (str(row["_id"]), str(row["text"]), str(row.get("lang", ""))) for row in rows(queries) if str(row["_id"]) in relevant
    )
    if not asked:
        raise BadData(str(queries), "has no query that qrels/test.tsv names")
    return Task(corpus, asked, relevant)


def _judgements(path: Path) -> dict[str, dict[str, int]]:
    relevant: dict[str, dict[str, int]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t")
        next(rows, None)
        for line, row in enumerate(rows, 2):
            if len(row) != 3 or not row[2].lstrip("-").isdigit():
                raise BadData(str(path), "each line needs query id, corpus id and a whole number, separated by tabs", line)
            if int(row[2]) > 0:
                relevant.setdefault(row[0], {})[row[1]] = int(row[2])
    return relevant


def rows(path: Path) -> Iterator[Json]:
    """The rows of a corpus.jsonl or queries.jsonl. Raises BadData naming the line."""
    for line, row in lines.read(path, NEEDS):
        if "_id" not in row or "text" not in row:
            raise BadData(str(path), f"each line needs {NEEDS}", line)
        yield row
