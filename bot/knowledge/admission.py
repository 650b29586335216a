"""Which passages may be found: under the wanted law, among the wanted documents, and only of documents that still hold."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection
from datetime import date
from threading import Lock

import numpy as np
import numpy.typing as npt

from bot.knowledge.snapshot import Snapshot

Rows = npt.NDArray[np.int64]
REMEMBERED = 32


class Admission:
    """Tells rows of a snapshot. A document that another supersedes, or whose last day has passed, is never among them."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._documents = snapshot.documents
        places: dict[str, list[int]] = {}
        for row, passage in enumerate(snapshot.passages):
            places.setdefault(passage.document_id, []).append(row)
        self._rows = {identity: np.array(rows, dtype=np.int64) for identity, rows in places.items()}
        self._superseded = {document.supersedes for document in snapshot.documents.values()} & snapshot.documents.keys()
        self._ending = [document for document in snapshot.documents.values() if document.valid_until]
        self._known: OrderedDict[object, Rows] = OrderedDict()
        self._lock = Lock()

    def __call__(self, jurisdictions: Collection[str], among: Collection[str] | None, today: date | None) -> Rows | None:
        """The rows that may be found, in order; None where all may. `among` and `jurisdictions` limit where given."""
        gone = self._superseded | {d.id for d in self._ending if today and d.valid_until and d.valid_until < today}
        if not gone and not jurisdictions and among is None:
            return None
        key = (frozenset(jurisdictions), None if among is None else frozenset(among), frozenset(gone))
        with self._lock:
            if key not in self._known:
                self._known[key] = self._admitted(*key)
                if len(self._known) > REMEMBERED:
                    self._known.popitem(last=False)
            return self._known[key]

    def _admitted(self, jurisdictions: frozenset[str], among: frozenset[str] | None, gone: frozenset[str]) -> Rows:
        good = [
            self._rows[identity]
            for identity in self._rows
            if identity not in gone
            and (among is None or identity in among)
            and (not jurisdictions or jurisdictions & set(self._documents[identity].jurisdictions))
        ]
        return np.sort(np.concatenate(good)) if good else np.zeros(0, dtype=np.int64)
