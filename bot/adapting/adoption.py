"""Brings an adapted encoder into use, or takes it back: the pointer first, then a snapshot; the old one answers until then."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot import publishing
from bot.adapting.check import Gain
from bot.errors import NotFound, SnapshotError
from bot.knowledge import adopted, models
from bot.knowledge.adopted import Adoption
from bot.knowledge.ingest import Report
from bot.knowledge.models import Place
from bot.knowledge.vectors import Progress
from bot.publishing import Prepare, Say
from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class Undone:
    """The encoder that was taken back, the name of the one in use now, and what its ingest did."""

    taken_back: Adoption
    encoder: str
    report: Report


def adopt(
    settings: Settings,
    place: Place,
    fingerprint: str,
    paths: Sequence[Path],
    gain: Gain,
    prepare: Prepare,
    say: Say,
    progress: Progress,
) -> Report:
    """Adopts an encoder that stands at its place and makes a snapshot by it. On any error the encoder before stays in use."""
    folder = publishing.models(settings)
    told = tuple(str(path.resolve()) for path in paths)
    adoption = Adoption(place.base, fingerprint, place.name, datetime.now(UTC).isoformat(timespec="seconds"), told, asdict(gain))
    adopted.adopt(folder, adoption)
    try:
        return _publish(settings, told, prepare, say, progress)
    except BaseException:
        adopted.undo(folder, place.base)
        raise


def undo(settings: Settings, paths: Sequence[Path], prepare: Prepare, say: Say, progress: Progress) -> Undone:
    """Takes the last adoption back, and makes the snapshot before live, or a new one where that is gone or documents changed.

    `paths` are the documents; none: those that were adapted to. Raises NotFound where nothing is adopted.
    """
    folder, base = publishing.models(settings), publishing.by_setting(settings, say)
    last = adopted.undo(folder, base.base)
    if last is None:
        raise NotFound(f"no adapted encoder is in use over {base.name}, so there is nothing to take back")
    try:
        report = _publish(settings, tuple(map(str, paths)) or last.paths, prepare, say, progress)
    except BaseException:
        adopted.adopt(folder, last)
        raise
    tidy(settings)
    return Undone(last, publishing.in_use(settings, say).name, report)


def tidy(settings: Settings) -> None:
    """Removes adapted encoders that nothing names and no kept snapshot was made by, and what was made to run them."""
    shelf, folder = publishing.shelf(settings), publishing.models(settings)
    used = set()
    for identity in shelf.ids():
        with contextlib.suppress(SnapshotError):
            used.add(shelf.manifest(identity).model_fingerprint)
    for fingerprint in adopted.prune(folder, used):
        for made in (models.graphs(folder, fingerprint), publishing.reference(settings, fingerprint)):
            shutil.rmtree(made, ignore_errors=True)


def _publish(settings: Settings, paths: Sequence[str], prepare: Prepare, say: Say, progress: Progress) -> Report:
    return publishing.Publisher(settings, prepare, say).publish([Path(path) for path in paths], progress)
