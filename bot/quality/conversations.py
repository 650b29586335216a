"""Last turns of conversations with what belongs to them, from JSON lines of our own form or of MTRAG's. Reads only."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import BadData
from bot.knowledge.language import detect
from bot.quality import rows
from bot.vocabulary import Json

NEEDS = (
    "a row needs `history`, a list of `speaker` and `text`, `question`, a text, and `documents` or `context_ids`, a list of ids"
)
ANSWERABLE, UNANSWERABLE, UNDERSPECIFIED = "ANSWERABLE", "UNANSWERABLE", "UNDERSPECIFIED"


@dataclass(frozen=True, slots=True)
class Task:
    """A turn after those that were `asked` before it, oldest first, and what was `told` to each; the documents that answer it.

    `answerability` is ANSWERABLE, PARTIAL, UNANSWERABLE, UNDERSPECIFIED or not known (""); `leans` whether the turn leans on the
    ones before, None if not known; `written_out` the question as it would stand alone, or "".
    """

    asked: tuple[str, ...]
    told: tuple[str, ...]
    question: str
    documents: tuple[str, ...]
    answerability: str = ""
    leans: bool | None = None
    written_out: str = ""
    language: str = ""
    line: int | None = field(default=None, compare=False)


def read(path: Path) -> list[Task]:
    """The tasks of a file. Raises BadData with the line."""
    tasks = [_task(row, str(path), line) for line, row in rows.read(path, NEEDS)]
    if not tasks:
        raise BadData(str(path), f"holds no rows: {NEEDS}")
    return tasks


def write_passages(source: Path, target: Path) -> Path:
    """A file of passages (JSON lines of `doc_id` or `_id`, `title`, `text`) as documents that an ingest reads. Raises BadData."""
    with target.open("w", encoding="utf-8") as file:
        for line, row in rows.read(source, "a row needs `doc_id` and `text`, and may have a `title`"):
            identity, text = row.get("doc_id", row.get("_id")), row.get("text")
            if not isinstance(identity, str) or not isinstance(text, str):
                raise BadData(str(source), "a row needs `doc_id` and `text`, both texts", line)
            made = {"_id": identity, "title": str(row.get("title") or identity), "text": text}
            file.write(json.dumps(made, ensure_ascii=False) + "\n")
    return target


def _task(row: Json, file: str, line: int) -> Task:
    documents = row.get("documents", row.get("context_ids"))
    question, leans = row.get("question"), row.get("leans")
    if not isinstance(question, str) or not question.strip() or not isinstance(documents, list):
        raise BadData(file, NEEDS, line)
    if leans is not None and not isinstance(leans, bool):
        raise BadData(file, "`leans` takes true or false", line)
    turns = _turns(row.get("history"), file, line)
    return Task(
        asked=tuple(asked for asked, _ in turns),
        told=tuple(told for _, told in turns),
        question=question,
        documents=tuple(map(str, documents)),
        answerability=_answerability(row.get("answerability"), documents),
        leans=leans,
        written_out=str(row.get("written_out") or ""),
        language=str(row.get("language") or detect(question)),
        line=line,
    )


def _turns(history: object, file: str, line: int) -> list[tuple[str, str]]:
    """What the visitor asked, each with what the agent said to it."""
    if not isinstance(history, list):
        raise BadData(file, NEEDS, line)
    turns: list[tuple[str, str]] = []
    for said in history:
        if not isinstance(said, dict) or said.get("speaker") not in ("user", "agent") or not isinstance(said.get("text"), str):
            raise BadData(file, "each of `history` needs `speaker`, user or agent, and `text`", line)
        text = said["text"].strip()
        if said["speaker"] == "user" and text:
            turns.append((text, ""))
        elif turns and text:
            turns[-1] = (turns[-1][0], f"{turns[-1][1]} {text}".strip())
    return turns


def _answerability(value: object, documents: Sequence[object]) -> str:
    """As it is labelled, alone or in a list; else by whether there is a document."""
    named = value[0] if isinstance(value, list) and value else value
    return str(named).upper() if named else (ANSWERABLE if documents else UNANSWERABLE)
