"""`bot adapt` as a row of steps: what there is to learn from, training, check, adoption or not."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bot import publishing
from bot.adapting import adoption, check, questions
from bot.adapting.check import Gain
from bot.adapting.pairs import Pair, Parts, Question, pairs
from bot.errors import Busy, ModelUnavailable
from bot.knowledge import adopted, models
from bot.knowledge.embedder import Embedder
from bot.knowledge.ingest import Report
from bot.knowledge.models import Place
from bot.knowledge.search import Search
from bot.knowledge.vectors import Progress
from bot.publishing import Prepare, Publisher, Say
from bot.settings import Settings

RUNS = ".adapting"
NEAREST = 2  # passages that a question is paired with, of all that its documents have
Bar = Callable[[str, str], AbstractContextManager[Progress]]  # a progress bar: what is done, in which unit


@dataclass(frozen=True, slots=True)
class Told:
    """What the steps use: the settings, what fits a snapshot's learned parts, and how the steps are shown."""

    settings: Settings
    prepare: Prepare
    say: Say
    bar: Bar


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an adaptation came to: what was learned from, what was measured, and the ingest if the encoder was adopted."""

    pairs: int
    documents: int
    questions: int
    gain: Gain
    encoder: str
    report: Report | None

    @property
    def adopted(self) -> bool:
        """Whether the adapted encoder is in use."""
        return self.report is not None


def adapt(told: Told, paths: Sequence[Path], files: Sequence[Path], minutes: float) -> Outcome:
    """Adapts the encoder of the settings to the paths, or to the corpus folders, and adopts it if that gains beyond noise.

    Training takes at most about `minutes`. A run that was killed goes on where it was when the same is asked again. Raises
    BotError where there is too little to learn from, or another adaptation runs.
    """
    base = publishing.by_setting(told.settings, told.say)
    with _alone(publishing.models(told.settings) / RUNS) as runs:
        with told.bar("embedding", "passages") as advance:
            search, encoder = Publisher(told.settings, told.prepare, told.say).apart(paths, advance)
        documents = search.snapshot.documents
        parts = questions.parts(documents, questions.gather(told.settings, files, documents))
        found = pairs(documents, search.snapshot.passages, parts.learned, parts.questions, nearest(search, encoder))
        told.say(
            f"learning from {len(found)} pairs, of {len(parts.questions)} questions and {len(parts.learned)} documents; "
            f"{len(parts.questions_aside)} questions are kept aside. Training takes {minutes:g} minutes at most"
        )
        run = _run(runs, base, found, minutes)
        trained = train(told, base, found, run, minutes)
        outcome = _checked(told, base, trained, (search, encoder), parts, len(found), paths)
        shutil.rmtree(run, ignore_errors=True)
        adoption.tidy(told.settings)
        return outcome


def train(told: Told, base: Place, found: Sequence[Pair], run: Path, minutes: float) -> Path:
    """The folder of the base trained on the pairs. Raises ModelUnavailable where the training libraries are not installed."""
    missing = [name for name in ("accelerate", "datasets") if find_spec(name) is None]
    if missing:
        raise ModelUnavailable(f"training needs {' and '.join(missing)}; install the product as README.md tells")
    training: Any = import_module("bot.adapting.training")  # loads torch, which takes seconds
    with told.bar("training", "steps") as advance:
        folder: Path = training.train(base.folder, found, run, minutes, training.Recipe(), advance)
    return folder


def nearest(search: Search, encoder: Embedder) -> Callable[[str, Collection[str]], list[int]]:
    """The rows of those passages of some documents that an encoder finds nearest to a question, best first."""
    snapshot = search.snapshot
    rows: dict[str, list[int]] = {}
    for row, passage in enumerate(snapshot.passages):
        rows.setdefault(passage.document_id, []).append(row)
    vectors = snapshot.dense.vectors()

    def find(question: str, documents: Collection[str]) -> list[int]:
        some = sorted(row for identity in documents for row in rows.get(identity, ()))
        cosines = vectors[some] @ encoder.questions([question])[0]
        return [some[i] for i in (-cosines).argsort(kind="stable")[:NEAREST]]

    return find


def _checked(
    told: Told,
    base: Place,
    trained: Path,
    before: tuple[Search, Embedder],
    parts: Parts,
    count: int,
    paths: Sequence[Path],
) -> Outcome:
    """Measures the trained encoder against the one in use on what was kept aside, and adopts it if it is better."""
    settings, folder = told.settings, publishing.models(told.settings)
    name = f"{base.name}, adapted"
    fingerprint = adopted.keep(folder, trained, base.base, name)
    place = Place(name, adopted.place(folder, fingerprint), base.base)
    gained = measured(told, place, before, parts.questions_aside)
    report = None
    if gained.beyond_noise:
        with told.bar("embedding", "passages") as advance:
            report = adoption.adopt(settings, place, fingerprint, paths, gained, told.prepare, told.say, advance)
    in_use = publishing.in_use(settings, told.say).name
    return Outcome(count, len(parts.learned), len(parts.questions), gained, in_use, report)


def measured(told: Told, place: Place, before: tuple[Search, Embedder], asked: Sequence[Question]) -> Gain:
    """What an encoder gains over another on these questions."""
    search, encoder = before
    trained = models.load_from(place, told.settings.backend, publishing.models(told.settings), told.say)
    with told.bar("checking", "passages") as advance:
        after = check.embedded_by(trained, search.snapshot, told.settings, advance)
    return check.gain(check.scores(asked, search, encoder), check.scores(asked, after, trained))


def _run(runs: Path, base: Place, found: Sequence[Pair], minutes: float) -> Path:
    """The folder of a run: the same for the same encoder, pairs, time and recipe. Those of other runs are removed."""
    digest = hashlib.sha256(f"{base.base} {minutes}".encode())
    for pair in found:
        digest.update("\0".join((pair.anchor, pair.passage, pair.document)).encode() + b"\n")
    run = runs / digest.hexdigest()[:16]
    for other in runs.iterdir():
        if other.is_dir() and other != run:
            shutil.rmtree(other, ignore_errors=True)
    return run


@contextlib.contextmanager
def _alone(runs: Path) -> Iterator[Path]:
    """One adaptation at a time in a data folder."""
    runs.mkdir(parents=True, exist_ok=True)
    with (runs / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Busy("another adaptation is running on this data folder; wait for it to end") from None
        yield runs


def figures(outcome: Outcome) -> dict[str, Any]:
    """An outcome as JSON."""
    return {
        "adopted": outcome.adopted,
        "encoder": outcome.encoder,
        "pairs": outcome.pairs,
        "documents": outcome.documents,
        "questions": outcome.questions,
        "check": asdict(outcome.gain),
        "snapshot": outcome.report.snapshot if outcome.report else None,
    }
