"""Folders and files of documents to a new snapshot. Embeds only what changed, names what it left out and why."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import itertools
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.errors import Busy, NothingIngested, SnapshotError, StorageFull
from bot.knowledge import files, passages, records
from bot.knowledge.dense import DenseIndex
from bot.knowledge.embedder import Embedder
from bot.knowledge.lens import Lens
from bot.knowledge.manifests import Manifest
from bot.knowledge.snapshot import Shelf, Snapshot, attach, write_parts
from bot.knowledge.sparse import SparseIndex, Unit
from bot.knowledge.vectors import Embedded, Progress, Vectors, embed
from bot.vocabulary import Document, Passage, Problem

UNIT_PASSAGES = 64


@dataclass(frozen=True, slots=True)
class Recipe:
    """What an ingest is to do.

    `attached` maps names to the bytes of files that travel along; `prepare` makes more of them from the finished index,
    and `signature` names what else they depend on: a snapshot with the same inputs is not made again. `usual` gives the mean
    vectors of questions by language, as visitors ask them.
    """

    paths: tuple[Path, ...]
    attached: Mapping[str, bytes]
    prepare: Callable[[Snapshot, Embedder], Mapping[str, bytes]]
    signature: str
    usual: Callable[[Embedder], Mapping[str, Vectors]]
    limits: files.Limits
    passage_tokens: int
    exact_limit: int
    snapshots_kept: int


@dataclass(frozen=True, slots=True)
class Report:
    """What an ingest did. `embedded` of `passages` were new; `changed` is whether a new snapshot went live."""

    snapshot: str
    documents: int
    passages: int
    embedded: int
    removed: int
    changed: bool
    seconds: float
    embedding_seconds: float
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """The encoder to use: known by name and hash at once, loaded only when something must be embedded."""

    name: str
    fingerprint: str
    load: Callable[[], Embedder]


def ingest(
    recipe: Recipe,
    model: Model,
    shelf: Shelf,
    clock: Callable[[], datetime],
    progress: Progress,
    known: Snapshot | None = None,
) -> Report:
    """Reads the recipe's paths and makes the result live; the old snapshot answers until then and stays on any error.

    Work is taken from the last snapshot that this model made, and that one is live again if it holds the same; where there is
    none, from `known`. Raises NothingIngested if no document was usable, StorageFull if the disk is, Busy if another ingest runs.
    """
    began = clock()
    shelf.folder.mkdir(parents=True, exist_ok=True)
    with _alone(shelf.folder), _clear_when_full():
        documents, problems = _read(recipe)
        if not documents:
            why = "; ".join(map(str, problems[:5])) or "the paths hold no files"
            raise NothingIngested(f"no document could be ingested: {why}")
        old = _old(shelf, model.fingerprint)
        plan, live = _Plan(recipe, model, shelf, documents, old or known, clock()), shelf.live_id()
        if old and old.manifest.corpus_hash == plan.corpus_hash:
            new, embedded = old, None
            if old.id != live:
                shelf.make_live(old.id)
        else:
            new, embedded = plan.carry_out(progress)
            shelf.prune(recipe.snapshots_kept)
    return Report(
        snapshot=new.id,
        documents=len(documents),
        passages=len(new.passages),
        embedded=embedded.fresh if embedded else 0,
        removed=len(set(old.documents) - set(documents)) if old else 0,
        changed=new.id != live,
        seconds=(clock() - began).total_seconds(),
        embedding_seconds=embedded.seconds if embedded else 0.0,
        problems=tuple(problems),
    )


def _read(recipe: Recipe) -> tuple[dict[str, Document], list[Problem]]:
    sheets, problems = files.gather(recipe.paths, recipe.limits, lambda *_: None)
    return {identity: sheet.document for identity, sheet in sheets.items()}, problems


def _old(shelf: Shelf, fingerprint: str) -> Snapshot | None:
    """A snapshot whose work can be used again, made by the same model, and whole: the live one, else the last."""
    for identity in dict.fromkeys((shelf.live_id(), *reversed(shelf.ids()))):
        with contextlib.suppress(SnapshotError):
            if identity and shelf.manifest(identity).model_fingerprint == fingerprint:
                return shelf.load(fingerprint, identity)
    return None


class _Plan:
    """The making of one snapshot out of documents, with the old one to take work from."""

    def __init__(
        self,
        recipe: Recipe,
        model: Model,
        shelf: Shelf,
        documents: dict[str, Document],
        old: Snapshot | None,
        now: datetime,
    ) -> None:
        self._recipe, self._model, self._shelf = recipe, model, shelf
        self._documents, self._old, self._now = documents, old, now
        self._lines = {identity: records.document_line(document) for identity, document in documents.items()}
        self.corpus_hash = self._hash()

    def carry_out(self, progress: Progress) -> tuple[Snapshot, Embedded]:
        """Builds the snapshot beside the old one and makes it live."""
        made = tuple(self._passages())
        embedded = embed(made, self._documents, self._old, self._model.load, progress)
        manifest = self._manifest(len(made), embedded.dense.shape[1])
        building = self._shelf.folder / f".building-{manifest.id}"
        try:
            dense = DenseIndex.build(embedded.dense, self._recipe.exact_limit)
            sparse = SparseIndex.build(list(_units(self._documents, made)))
            lens = Lens.fit(embedded.dense, self._languages(made), self._recipe.usual(self._model.load()))
            write_parts(building, self._documents, made, dense, sparse, embedded.sentences, lens, self._recipe.attached)
            attach(building, self._recipe.prepare(self._shelf.preview(building, manifest), self._model.load()))
            return self._shelf.publish(building, manifest), embedded
        finally:
            shutil.rmtree(building, ignore_errors=True)

    def _languages(self, made: Sequence[Passage]) -> list[str]:
        return [self._documents[passage.document_id].language for passage in made]

    def _manifest(self, passages_made: int, dimension: int) -> Manifest:
        return Manifest(
            id=f"{self._now.astimezone(UTC):%Y%m%dT%H%M%S%f}-{self.corpus_hash[:8]}",
            created_at=self._now.isoformat(),
            model=self._model.name,
            model_fingerprint=self._model.fingerprint,
            dimension=dimension,
            passage_tokens=self._recipe.passage_tokens,
            documents=len(self._documents),
            passages=passages_made,
            corpus_hash=self.corpus_hash,
        )

    def _passages(self) -> Iterator[Passage]:
        """A document that did not change keeps its passages; the others are cut anew."""
        again = self._unchanged()
        for document in self._documents.values():
            if document.id in again:
                yield from again[document.id]
            else:
                encoder = self._model.load()
                limit = min(self._recipe.passage_tokens, encoder.max_tokens)
                yield from passages.passages(document, limit, encoder.count_tokens)

    def _unchanged(self) -> dict[str, list[Passage]]:
        if self._old is None or self._old.manifest.passage_tokens != self._recipe.passage_tokens:
            return {}
        again: dict[str, list[Passage]] = {
            document.id: []
            for document in self._old.documents.values()
            if self._lines.get(document.id) == records.document_line(document)
        }
        for passage in self._old.passages:
            if passage.document_id in again:
                again[passage.document_id].append(passage)
        return again

    def _hash(self) -> str:
        recipe = self._recipe
        digest = hashlib.sha256(f"{recipe.passage_tokens} {recipe.exact_limit} {recipe.signature}".encode())
        for line in self._lines.values():
            digest.update(line.encode() + b"\n")
        for name, data in sorted(recipe.attached.items()):
            digest.update(name.encode() + b"\0" + data)
        return digest.hexdigest()


def _units(documents: Mapping[str, Document], made: Sequence[Passage]) -> Iterator[Unit]:
    """Words are counted over up to UNIT_PASSAGES consecutive passages of a document: a lone passage has too few to tell."""
    for document_id, group in itertools.groupby(made, key=lambda passage: passage.document_id):
        document, mine = documents[document_id], list(group)
        for start in range(0, len(mine), UNIT_PASSAGES):
            some = mine[start : start + UNIT_PASSAGES]
            sections = dict.fromkeys(heading for passage in some for heading in passage.section)
            text = "\n".join([document.title, *sections, *(passage.text for passage in some)])
            yield Unit(text, document.language, len(some))


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One ingest at a time; leftovers of one that was killed are removed."""
    with (folder / ".ingest.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Busy("another ingest is running on this data folder; wait for it to end") from None
        for left in folder.glob(".building-*"):
            shutil.rmtree(left, ignore_errors=True)
        yield


@contextlib.contextmanager
def _clear_when_full() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise StorageFull(
                f"the disk is full ({error.filename or 'data folder'}); the old snapshot stays. Free some space and run again"
            ) from None
        raise
    except RuntimeError as error:  # faiss reports a failed write by this
        if "write" in str(error).lower():
            raise StorageFull("the index could not be written, the disk may be full; the old snapshot stays") from None
        raise
