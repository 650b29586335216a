"""What a snapshot learns at ingest: the kinds and topics from labelled examples, the refusal gate from labelled questions."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from bot.dialogue import evidence, examples, inquiry, leaning, quotes, taught_turns
from bot.dialogue.jurisdictions import named
from bot.dialogue.reply import HITS
from bot.knowledge.embedder import Embedder
from bot.knowledge.kept import Kept
from bot.knowledge.language import detect
from bot.knowledge.manifests import FORMAT
from bot.knowledge.search import Query, Search
from bot.knowledge.snapshot import Snapshot
from bot.quality import gate, gold
from bot.quality.leaning import fit_leaning

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

    def gate_over(search: Search) -> Mapping[str, bytes]:
        vectors = _vectors(snapshot.attached(gold.FILE), [question.question for question in questions], embedder, kept)
        return {evidence.FILE: fit(questions, vectors, search, _neighbours(search.snapshot, known), precision).to_json()}

    def gate_elsewhere() -> Mapping[str, bytes]:
        search = reference()
        labelled = (snapshot.attached(gold.FILE), snapshot.attached(examples.FILE))
        made_of = (f"{FORMAT} {precision}", embedder.fingerprint, search.snapshot.manifest.corpus_hash, *labelled)
        return kept("gate", made_of, lambda: gate_over(search))

    return {
        **_labels(snapshot.attached(examples.FILE), embedder, kept),
        **_leaning(snapshot.attached(taught_turns.FILE), embedder, kept),
        **(gate_over(Search(snapshot)) if known & set(snapshot.documents) else gate_elsewhere()),
    }


def fit(
    questions: Sequence[gold.Labelled], vectors: Vectors, search: Search, among: Collection[str], precision: float
) -> evidence.Gate:
    """The gate for these questions and their vectors, looked up among these documents.

    Each question that has an answer is asked once more with every document of its topics kept back: what evidence looks like
    where a corpus holds nothing on the matter.
    """
    rows, right, withheld = [], [], {}
    for i, (question, vector) in enumerate(zip(questions, vectors, strict=True)):
        values, quoted = _asked(question.question, vector, search, among)
        rows.append(values)
        right.append(bool(quoted & set(question.documents)))
        if question.documents:
            withheld[i] = _asked(question.question, vector, search, _elsewhere(search.snapshot, question.documents, among))[0]
    return gate.fit_gate(rows, right, precision, withheld)


def _asked(question: str, vector: Vectors, search: Search, among: Collection[str]) -> tuple[tuple[float, ...], set[str]]:
    """The features of a question looked up among these documents, and the documents it gets quotes of."""
    language = detect(question)
    hits = search(Query(question, vector, language, (), among), HITS)
    chosen = quotes.choose(question, hits, language, named(question))
    return evidence.features(question, hits, chosen, language), {quote.hit.document.id for quote in chosen}


def _elsewhere(snapshot: Snapshot, answering: Collection[str], among: Collection[str]) -> set[str]:
    """Those of the documents that share no topic with the answering ones."""
    known = snapshot.documents
    topics = {topic for identity in answering if identity in known for topic in known[identity].topics}
    return {identity for identity in among if identity not in answering and not topics & set(known[identity].topics)}


def _labels(data: bytes, embedder: Embedder, kept: Kept) -> Mapping[str, bytes]:
    """The fitted labeller of an inquiries.toml."""

    def learn() -> Mapping[str, bytes]:
        labelled = examples.parse(data)
        traits = np.stack([reading.traits for reading in embedder.readings([example.text for example in labelled])])
        return {inquiry.FILE: inquiry.fit_labeller(labelled, traits).to_bytes()}

    return kept("labels", (f"{FORMAT}", embedder.fingerprint, data), learn)


def _leaning(data: bytes, embedder: Embedder, kept: Kept) -> Mapping[str, bytes]:
    """What tells turns that lean from others, fitted on a followups.toml."""

    def learn() -> Mapping[str, bytes]:
        turns = taught_turns.parse(data)
        questions = list(dict.fromkeys(turn.earlier for turn in turns))
        readings = embedder.readings([*(turn.text for turn in turns), *questions])
        before = dict(zip(questions, readings[len(turns) :], strict=True))
        rows = leaning.table(turns, readings[: len(turns)], [before[turn.earlier] for turn in turns])
        return {leaning.FILE: fit_leaning(rows, [turn.label for turn in turns]).to_bytes()}

    return kept("leaning", (f"{FORMAT}", embedder.fingerprint, data), learn)


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
