"""The questions whose answers are known: those of the corpus, and files of questions that staff answered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from bot import publishing
from bot.adapting.pairs import Parts, Question, part
from bot.errors import BadData
from bot.quality import gold
from bot.settings import Settings

ASIDE = 0.25  # share of the questions that is kept aside
LEAST_ASIDE = 20  # questions by which a gain can be told from chance at all
LEAST = round(LEAST_ASIDE / ASIDE)
LEAST_DOCUMENTS = 10


def gather(settings: Settings, files: Sequence[Path], documents: Collection[str]) -> list[Question]:
    """All labelled questions that these documents answer, each once. Raises BadData or BadDirectory naming file and line."""
    labelled = [question for file in files for question in _answered(file, documents)]
    labelled += gold.parse(publishing.attachments(settings)[publishing.GOLD])
    return _joined(labelled, documents)


def parts(documents: Collection[str], questions: Sequence[Question]) -> Parts:
    """What to learn from, and what is kept aside. Raises BadData where there is too little for a check."""
    answering = {identity for question in questions for identity in question.documents}
    if len(questions) < LEAST or len(answering) < LEAST_DOCUMENTS:
        raise BadData(
            "--questions",
            f"there are {len(questions)} questions that {len(answering)} documents of the corpus answer; at least {LEAST} and "
            f"{LEAST_DOCUMENTS} are needed, as a quarter is kept aside for the check. Give a file of JSON lines with `question` "
            "and `documents` (ids), such as questions that staff answered",
        )
    return part(documents, questions, ASIDE)


def _answered(file: Path, documents: Collection[str]) -> list[gold.Labelled]:
    labelled = gold.read(file)
    if not any(set(question.documents) & set(documents) for question in labelled):
        raise BadData(str(file), "names no document of the corpus; `documents` takes ids as `bot search` shows them")
    return labelled


def _joined(labelled: Iterable[gold.Labelled], documents: Collection[str]) -> list[Question]:
    """One question a text, with all the documents that are there and said to answer it."""
    joined: dict[str, dict[str, None]] = {}
    for question in labelled:
        there = [identity for identity in question.documents if identity in documents]
        if there and question.question.strip():
            joined.setdefault(question.question.strip(), {}).update(dict.fromkeys(there))
    return [Question(text, tuple(answering)) for text, answering in joined.items()]
