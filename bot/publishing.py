"""From the settings to a new snapshot: which paths, which files travel along, which encoder."""

from __future__ import annotations

import contextlib
import io
import secrets
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot import shipped
from bot.dialogue import contacts_file, examples, taught_turns, wording
from bot.errors import SnapshotError
from bot.knowledge import ingest
from bot.knowledge import models as encoders
from bot.knowledge.embedder import Embedder
from bot.knowledge.files import Limits
from bot.knowledge.kept import Kept
from bot.knowledge.manifests import FORMAT
from bot.knowledge.search import Search
from bot.knowledge.snapshot import Shelf, Snapshot
from bot.knowledge.vectors import Progress
from bot.settings import Settings
from bot.vocabulary import LANGUAGES

GOLD = "gold.toml"
USUAL = 300
LEARNED = ".learned"
Vectors = npt.NDArray[np.float32]
Prepare = Callable[[Snapshot, Embedder, float, Callable[[], Search], Kept], Mapping[str, bytes]]
Say = Callable[[str], None]


class Publisher:
    """Makes snapshots by the settings. `prepare` fits what a snapshot learns from its labelled files."""

    def __init__(self, settings: Settings, prepare: Prepare, say: Say, place: encoders.Place | None = None) -> None:
        """`place` is an encoder to be used instead of the one in use."""
        self._settings, self._prepare = settings, prepare
        self.shelf = shelf(settings)
        self._place = cache(lambda: place or in_use(settings, say))
        self._fingerprint = cache(lambda: encoders.fingerprint(self._place()))
        self._encoder = cache(lambda: encoders.load_from(self._place(), settings.backend, models(settings), say))

    def publish(self, paths: Sequence[Path], progress: Progress) -> ingest.Report:
        """Ingests the paths, or the corpus folders of the settings, and makes the result live. Raises BotError."""
        chosen, attached = tuple(paths) or corpus(self._settings), attachments(self._settings)
        return self._ingest(chosen, attached, self.shelf, progress, known=self._known_starter())

    def apart(self, paths: Sequence[Path], progress: Progress, work: Path | None = None) -> tuple[Search, Embedder]:
        """A search over the paths, or the corpus folders, that does not touch the live snapshot; the encoder of its questions.

        With a folder `work` its snapshot stays there: the next one embeds only what changed.
        """
        known = self._live()
        with _folder(work) as folder:
            self._ingest(tuple(paths) or corpus(self._settings), {}, Shelf(folder), progress, lambda *_: {}, known=known)
            return Search(Shelf(folder).load(self._encoder().fingerprint)), self._encoder()

    @contextlib.contextmanager
    def trial(self, paths: Sequence[Path], progress: Progress, work: Path | None = None) -> Iterator[tuple[Snapshot, Embedder]]:
        """A whole snapshot of the paths, fitted as a live one would be, that does not touch it; and the encoder of its questions.

        It is gone afterwards; with a folder `work` it stays there, and the next trial embeds only what changed.
        """
        with _folder(work) as folder:
            self._ingest(
                tuple(paths), attachments(self._settings), Shelf(folder), progress, anew=True, known=self._known_starter()
            )
            yield Shelf(folder).load(self._encoder().fingerprint), self._encoder()

    def _ingest(
        self,
        paths: tuple[Path, ...],
        attached: Mapping[str, bytes],
        shelf: Shelf,
        progress: Progress,
        prepare: Prepare | None = None,
        anew: bool = False,
        known: Snapshot | None = None,
    ) -> ingest.Report:
        settings, chosen = self._settings, prepare or self._prepare
        kept = Kept(models(settings) / LEARNED)
        recipe = ingest.Recipe(
            paths=paths,
            attached=attached,
            prepare=lambda snapshot, model: chosen(snapshot, model, settings.answer_precision, self.starter, kept),
            signature=f"{settings.answer_precision}" + (secrets.token_hex(8) if anew else ""),
            usual=lambda model: usual_questions(settings, model),
            limits=limits(settings),
            passage_tokens=settings.passage_tokens,
            exact_limit=settings.exact_limit,
            snapshots_kept=settings.snapshots_kept,
        )
        model = ingest.Model(self._place().name, self._fingerprint(), self._encoder)
        return ingest.ingest(recipe, model, shelf, lambda: datetime.now(UTC), progress, known)

    def _live(self) -> Snapshot | None:
        """The live snapshot, if there is a whole one of this encoder."""
        with contextlib.suppress(SnapshotError):
            return self.shelf.load(self._fingerprint())
        return None

    def starter(self) -> Search:
        """A search over the starter corpus, for paths that hold nothing that labelled questions know. Kept for next time."""
        inquiries = attached_paths(self._folders())[examples.FILE].read_bytes()
        beside = self._starter_shelf()
        self._ingest((shipped.folder("corpus"),), {examples.FILE: inquiries}, beside, lambda *_: None, lambda *_: {})
        return Search(beside.load(self._fingerprint()))

    def _known_starter(self) -> Snapshot | None:
        """The starter corpus as it was kept, so that no document of it is embedded twice; None where it never was."""
        with contextlib.suppress(SnapshotError):
            return self._starter_shelf().load(self._fingerprint())
        return None

    def _starter_shelf(self) -> Shelf:
        return Shelf(reference(self._settings, self._fingerprint()))

    def _folders(self) -> tuple[Path, ...]:
        return (*self._settings.corpus, shipped.folder("corpus"))


def shelf(settings: Settings) -> Shelf:
    """The snapshots of a data folder."""
    return Shelf(settings.snapshots)


def models(settings: Settings) -> Path:
    """Where encoders that are built here are kept."""
    return settings.data_dir / "models"


def reference(settings: Settings, fingerprint: str) -> Path:
    """Where the starter corpus as an encoder sees it is kept."""
    return models(settings) / ".reference" / fingerprint[:16]


def by_setting(settings: Settings, say: Say) -> encoders.Place:
    """The encoder of the settings, whatever is adopted over it."""
    return encoders.by_setting(settings.model, models(settings), say)


def in_use(settings: Settings, say: Say) -> encoders.Place:
    """The encoder in use: that of the settings, or the one adopted over it."""
    return encoders.in_use(by_setting(settings, say), models(settings))


def encoder(settings: Settings, say: Say) -> Embedder:
    """The encoder in use, loaded."""
    return encoders.load(settings.model, settings.backend, models(settings), say)


def encoder_of(settings: Settings, fingerprint: str, say: Say) -> Embedder | None:
    """The encoder with this hash, that of the settings or one adapted from it; None where it is another."""
    place = encoders.made_by(fingerprint, by_setting(settings, say), models(settings))
    return encoders.load_from(place, settings.backend, models(settings), say) if place else None


def corpus(settings: Settings) -> tuple[Path, ...]:
    """The folders that are ingested where no path is named."""
    return settings.corpus or (shipped.folder("corpus"),)


def limits(settings: Settings) -> Limits:
    """What one file may take."""
    return Limits(settings.max_file_bytes, settings.parse_seconds, settings.parse_memory_bytes)


def usual_questions(settings: Settings, embedder: Embedder) -> dict[str, Vectors]:
    """The mean vector of visitors' questions by language, over at most `USUAL` each of the labelled inquiries."""
    data = attachments(settings)[examples.FILE]

    def encode() -> dict[str, bytes]:
        texts: dict[str, list[str]] = {}
        for example in (one for one in examples.parse(data) if one.kind == "question"):
            texts.setdefault(example.language, []).append(example.text)
        means = {name: embedder.questions(some[:: -(-len(some) // USUAL)]).mean(axis=0) for name, some in texts.items()}
        file = io.BytesIO()
        np.savez(file, **means)
        return {"means.npz": file.getvalue()}

    kept = Kept(models(settings) / LEARNED)
    with np.load(io.BytesIO(kept("usual", (f"{FORMAT}", embedder.fingerprint, data), encode)["means.npz"])) as file:
        return dict(file)


def attached_paths(folders: Sequence[Path]) -> dict[str, Path]:
    """Where the editors' files that travel along are, by name: each in the first folder that has it."""
    names = [contacts_file.FILE, examples.FILE, taught_turns.FILE, GOLD, *map(wording.file, LANGUAGES)]
    places = {name: next((folder / name for folder in folders if (folder / name).is_file()), None) for name in names}
    return {name: place for name, place in places.items() if place}


def attachments(settings: Settings) -> dict[str, bytes]:
    """The editors' files that travel along, checked: a broken one stops the ingest. Raises BadDirectory."""
    found = attached_paths((*settings.corpus, shipped.folder("corpus")))
    files = {name: path.read_bytes() for name, path in found.items()}
    contacts_file.parse(files[contacts_file.FILE], str(found[contacts_file.FILE]))
    examples.parse(files[examples.FILE], str(found[examples.FILE]))
    taught_turns.parse(files[taught_turns.FILE], str(found[taught_turns.FILE]))
    wording.load(lambda name: files[name])
    return files


@contextlib.contextmanager
def _folder(work: Path | None) -> Iterator[Path]:
    """The folder itself, or one that is gone afterwards."""
    if work is not None:
        yield work
        return
    with tempfile.TemporaryDirectory(prefix="bot-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)
