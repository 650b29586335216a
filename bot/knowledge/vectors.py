"""Vectors of passages and their sentences: taken from the old snapshot where the embedded text is the same, else computed."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.knowledge import passages
from bot.knowledge.embedder import Embedder
from bot.knowledge.snapshot import Snapshot
from bot.vocabulary import Document, Passage

Vectors = npt.NDArray[np.float32]
Halves = npt.NDArray[np.float16]
Progress = Callable[[int, int], None]  # passages embedded so far, passages to embed
Pair = tuple[Vectors, Halves]
CHUNK = 1024


@dataclass(frozen=True, slots=True)
class Embedded:
    """Row-aligned with the passages: `dense`; and `sentences`, all sentences in order. `fresh` passages took `seconds`."""

    dense: Vectors
    sentences: Halves
    fresh: int
    seconds: float


def embed(
    made: Sequence[Passage],
    documents: Mapping[str, Document],
    old: Snapshot | None,
    load: Callable[[], Embedder],
    progress: Progress,
) -> Embedded:
    """Vectors of all passages; `load` is called only if one of them is not known from the old snapshot."""
    known = _known(old)
    keys = [_key(passages.context(documents[p.document_id], p), p.text) for p in made]
    fresh = [i for i, key in enumerate(keys) if key not in known]
    encoder = load() if fresh else None
    began = time.perf_counter()
    if encoder:
        texts = [(passages.context(documents[made[i].document_id], made[i]), made[i]) for i in fresh]
        known |= zip((keys[i] for i in fresh), _compute(encoder, texts, progress), strict=True)
    seconds = time.perf_counter() - began
    pairs = [known[key] for key in keys]
    return Embedded(
        np.stack([vector for vector, _ in pairs]), np.concatenate([inside for _, inside in pairs]), len(fresh), seconds
    )


def _compute(encoder: Embedder, wanted: Sequence[tuple[str, Passage]], progress: Progress) -> list[Pair]:
    """A passage of one sentence is embedded once and serves as both. Chunks of like length waste no padding."""
    order = sorted(range(len(wanted)), key=lambda i: len(wanted[i][0]) + len(wanted[i][1].text))
    pairs: dict[int, Pair] = {}
    for start in range(0, len(order), CHUNK):
        some = order[start : start + CHUNK]
        whole = encoder.passages([f"{wanted[i][0]}\n{wanted[i][1].text}".strip() for i in some])
        inside = iter(encoder.passages([text for i in some for text in _sentences(wanted[i][1])]))
        for i, vector in zip(some, whole, strict=True):
            rows = [next(inside) for _ in _sentences(wanted[i][1])] or [vector]
            pairs[i] = vector, np.stack(rows).astype(np.float16)
        progress(len(pairs), len(wanted))
    return [pairs[i] for i in range(len(wanted))]


def _sentences(passage: Passage) -> list[str]:
    """The sentences that need a vector of their own: none where there is only one."""
    if len(passage.sentences) < 2:
        return []
    return [passage.text[s.start - passage.start : s.end - passage.start] for s in passage.sentences]


def _known(old: Snapshot | None) -> dict[str, Pair]:
    if old is None:
        return {}
    rows, starts = old.dense.vectors(), old.first_sentence
    return {
        _key(passages.context(old.documents[p.document_id], p), p.text): (
            rows[i],
            old.sentences[starts[i] : starts[i + 1]],
        )
        for i, p in enumerate(old.passages)
    }


def _key(context: str, text: str) -> str:
    return hashlib.sha256(f"{context}\0{text}".encode()).hexdigest()
