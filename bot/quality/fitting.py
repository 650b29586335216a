"""What a snapshot learns at ingest: the kinds and topics from labelled examples, the refusal gate from labelled questions."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from bot.dialogue import evidence, examples, inquiry, quotes
from bot.dialogue.jurisdictions import named
from bot.dialogue.reply import HITS
from bot.knowledge.embedder import Embedder
from bot.knowledge.kept import Kept
from bot.knowledge.language import detect
from bot.knowledge.manifests import FORMAT
from bot.knowledge.search import Query, Search
from bot.knowledge.snapshot import Snapshot
from bot.quality import gate, gold

Vectors = npt.NDArray[np.float32]


def prepare(
    snapshot: Snapshot, embedder: Embedder, precision: float, reference: Callable[[], Search], kept: Kept
) -> Mapping[str, bytes]:
    """The fitted parts of a snapshot, as files to attach.

    The gate is fitted over the documents that the labelled questions know. Where the snapshot holds none of these,
    `reference()` gives a search over those of the starter corpus.
    """
    questions = gold.parse(snapshot.attached(gold.FILE))
    known = {identity for question in questions for identity in question.documents}
    search = Search(snapshot) if known & set(snapshot.documents) else reference()
    vectors = _vectors(snapshot.attached(gold.FILE), [question.question for question in questions], embedder, kept)
    fitted = fit(questions, vectors, search, _neighbours(search.snapshot, known), precision)
    return {**_labels(snapshot.attached(examples.FILE), embedder, kept), evidence.FILE: fitted.to_json()}


def fit(
    questions: Sequence[gold.Labelled], vectors: Vectors, search: Search, among: Collection[str], precision: float
) -> evidence.Gate:
    """The gate for these questions and their vectors, looked up among these documents."""
    rows, right = [], []
    for question, vector in zip(questions, vectors, strict=True):
        language = detect(question.question)
        hits = search(Query(question.question, vector, language, (), among), HITS)
        chosen = quotes.choose(question.question, hits, language, named(question.question))
        rows.append(evidence.features(question.question, hits, chosen, language))
        right.append(any(quote.hit.document.id in question.documents for quote in chosen))
    return gate.fit_gate(rows, right, precision)


def _labels(data: bytes, embedder: Embedder, kept: Kept) -> Mapping[str, bytes]:
    """The fitted labeller of an inquiries.toml."""

    def learn() -> Mapping[str, bytes]:
        labelled = examples.parse(data)
        traits = np.stack([reading.traits for reading in embedder.readings([example.text for example in labelled])])
        return {inquiry.FILE: inquiry.fit_labeller(labelled, traits).to_bytes()}

    return kept("labels", (f"{FORMAT}", embedder.fingerprint, data), learn)


def _vectors(data: bytes, texts: Sequence[str], embedder: Embedder, kept: Kept) -> Vectors:
    """The vectors of the questions of a gold.toml."""

    def encode() -> Mapping[str, bytes]:
        file = io.BytesIO()
        np.save(file, embedder.questions(texts))
        return {"vectors.npy": file.getvalue()}

    found: Vectors = np.load(io.BytesIO(kept("questions", (f"{FORMAT}", embedder.fingerprint, data), encode)["vectors.npy"]))
    return found


def _neighbours(snapshot: Snapshot, known: Collection[str]) -> set[str]:
    """The documents that came from where the known ones did: those the questions were labelled over."""
    folders = {snapshot.documents[identity].origin.rpartition("/")[0] for identity in known if identity in snapshot.documents}
    return {document.id for document in snapshot.documents.values() if document.origin.rpartition("/")[0] in folders}
