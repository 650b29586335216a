"""What a snapshot learns at ingest: the kinds and topics from labelled examples, the refusal gate from labelled questions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from bot.dialogue import evidence, examples, inquiry, quotes
from bot.knowledge.embedder import Embedder
from bot.knowledge.language import detect
from bot.knowledge.search import Query, Search
from bot.knowledge.snapshot import Snapshot
from bot.quality import gate, gold


def prepare(snapshot: Snapshot, embedder: Embedder, precision: float, reference: Callable[[], Search]) -> Mapping[str, bytes]:
    """The fitted parts of a snapshot, as files to attach.

    The gate is fitted over the documents that the labelled questions know. Where the snapshot holds none of these,
    `reference()` gives a search over those of the starter corpus.
    """
    labelled = examples.parse(snapshot.attached(examples.FILE))
    labeller = inquiry.fit_labeller(labelled, embedder.questions([example.text for example in labelled]))
    questions = gold.parse(snapshot.attached(gold.FILE))
    known = {identity for question in questions for identity in question.documents}
    search = Search(snapshot) if known & set(snapshot.documents) else reference()
    fitted = fit(questions, search, embedder, _neighbours(search.snapshot, known), precision)
    return labeller.to_files() | {evidence.FILE: fitted.to_json()}


def fit(
    questions: Sequence[gold.Labelled], search: Search, embedder: Embedder, among: Collection[str], precision: float
) -> evidence.Gate:
    """The gate for these questions, looked up among these documents."""
    rows, right = [], []
    for question, vector in zip(questions, embedder.questions([q.question for q in questions]), strict=True):
        language = detect(question.question)
        hits = search(Query(question.question, vector, language, (), among))
        chosen = quotes.choose(hits)
        rows.append(evidence.features(hits, chosen, language))
        right.append(any(quote.hit.document.id in question.documents for quote in chosen))
    return gate.fit_gate(rows, right, precision)


def _neighbours(snapshot: Snapshot, known: Collection[str]) -> set[str]:
    """The documents that came from where the known ones did: those the questions were labelled over."""
    folders = {snapshot.documents[identity].origin.rpartition("/")[0] for identity in known if identity in snapshot.documents}
    return {document.id for document in snapshot.documents.values() if document.origin.rpartition("/")[0] in folders}
