"""A corpus with some groups of documents taken out, so that it is known which questions it cannot answer.

From a BEIR folder, or from a file of JSON lines where each row has a question and its answer. The questions stand beside the
documents, never in them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import BadData
from bot.quality import beir, rows
from bot.quality.gold import Labelled
from bot.vocabulary import Json

NEEDS = "`id`, `question` (or `title`) and `answer` (or `text`)"


@dataclass(frozen=True, slots=True)
class Source:
    """Documents as rows of a corpus by id, their groups, and questions with the ids of all documents that answer them."""

    documents: Mapping[str, Json]
    groups: Mapping[str, str]
    questions: tuple[tuple[str, frozenset[str]], ...]


@dataclass(frozen=True, slots=True)
class Split:
    """The documents that stay, and all questions: those that lost every document that answers them are labelled with none.

    `groups[i]` is the group of question i, "" where its documents have none.
    """

    documents: tuple[Json, ...]
    questions: tuple[Labelled, ...]
    groups: tuple[str, ...]

    def write(self, path: Path) -> Path:
        """The documents that stay, as JSON lines."""
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in self.documents), "utf-8")
        return path


def read(path: Path, field: str, groups: Path | None = None) -> Source:
    """A BEIR folder, or JSON lines with `id`, `question` (or `title`), `answer` (or `text`); the group is in the field `field`.

    A BEIR folder's groups may also stand in a file of their own: JSON lines of `id` and the field, or one JSON object from id
    to group, where an id is a document's or a question's. Raises BadData naming file and line.
    """
    source = _folder(path, field) if path.is_dir() else _file(path, field)
    if groups is None:
        return source
    named = _groups(groups, field)
    return Source(source.documents, {**source.groups, **_of_documents(named, path, source)}, source.questions)


def split(source: Source, without: Sequence[str]) -> Split:
    """Takes out the documents of every group that one of these regular expressions is found in, in capitals or not.

    Raises BadData where an expression is none, finds no group, or where no question is left on one of both sides.
    """
    taken = {identity for pattern in without for identity in _matching(source, pattern)}
    kept = source.documents.keys() - taken
    labelled, groups = [], []
    for text, relevant in source.questions:
        labelled.append(Labelled(text, tuple(sorted(relevant & kept))))
        groups.append(next((source.groups[identity] for identity in sorted(relevant) if source.groups.get(identity)), ""))
    if all(row.documents for row in labelled) or not any(row.documents for row in labelled):
        raise BadData("--without", "needs groups that leave some questions without an answer, and others with one")
    return Split(tuple(row for identity, row in source.documents.items() if identity in kept), tuple(labelled), tuple(groups))


def _matching(source: Source, pattern: str) -> set[str]:
    try:
        wanted = re.compile(pattern, re.IGNORECASE)
    except re.error as error:
        raise BadData("--without", f"{pattern!r} is not a regular expression: {error}") from None
    found = {identity for identity, group in source.groups.items() if wanted.search(group)}
    if not found:
        known = ", ".join(sorted(set(source.groups.values()))[:40]) or "none; name their field by --field, or a file by --groups"
        raise BadData("--without", f"{pattern!r} is found in no group. There are: {known}")
    return found


def _folder(path: Path, field: str) -> Source:
    task = beir.read(path)
    documents = {str(row["_id"]): row for row in beir.rows(task.corpus)}
    groups = {identity: row[field] for identity, row in documents.items() if isinstance(row.get(field), str)}
    asked = tuple((text, frozenset(task.relevant[identity]) & documents.keys()) for identity, text, _ in task.queries)
    return Source(documents, groups, tuple((text, relevant) for text, relevant in asked if relevant))


def _file(path: Path, field: str) -> Source:
    documents, groups, questions = {}, {}, []
    for line, row in rows.read(path, NEEDS):
        identity = str(row.get("_id", row.get("id", "")))
        question, text = row.get("question") or row.get("title"), row.get("answer") or row.get("text")
        if not (identity and isinstance(question, str) and isinstance(text, str)):
            raise BadData(str(path), f"each row needs {NEEDS}", line)
        documents[identity] = {"_id": identity, "title": "", "text": text}
        if isinstance(row.get(field), str):
            groups[identity] = row[field]
        questions.append((question, frozenset({identity})))
    return Source(documents, groups, tuple(questions))


def _groups(path: Path, field: str) -> dict[str, str]:
    """Groups by id from a file of either form."""
    if path.suffix == ".json":
        try:
            found = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise BadData(str(path), f"cannot be read as JSON: {error}") from None
        if not isinstance(found, dict):
            raise BadData(str(path), "needs one JSON object from id to group")
        return {identity: group for identity, group in found.items() if isinstance(group, str)}
    lines = rows.read(path, f"`id` and `{field}`")
    found = {str(row.get("_id", row.get("id"))): row[field] for _, row in lines if isinstance(row.get(field), str)}
    if not found:
        raise BadData(str(path), f"no row has the field `{field}`; name the field of the group by --field")
    return found


def _of_documents(named: Mapping[str, str], path: Path, source: Source) -> dict[str, str]:
    """Groups by document: a question's group is that of the documents that answer it."""
    mine = {identity: group for identity, group in named.items() if identity in source.documents}
    if path.is_dir():
        relevant = beir.read(path).relevant
        for query in named.keys() & relevant.keys():
            mine |= {identity: named[query] for identity in relevant[query] if identity in source.documents}
    return mine
