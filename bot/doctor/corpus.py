"""Reads a corpus as an ingest would, without the encoder, and has it examined."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from bot import publishing, shipped
from bot.knowledge import files
from bot.quality.corpus.examination import Corpus, Examination, Label, examine
from bot.settings import Settings


def examination(settings: Settings, paths: Sequence[Path], today: date, advance: Callable[[int, int], None]) -> Examination:
    """What there is to say of the paths, or of the corpus of the settings. `advance(done, total)` counts files.

    Raises BrokenFile for a path that does not exist.
    """
    chosen = tuple(paths) or publishing.corpus(settings)
    sheets, problems = files.gather(chosen, publishing.limits(settings), advance)
    return examine(Corpus(sheets, problems, _labels(settings, paths)), today, lambda path: Path(path).is_file())


def _labels(settings: Settings, paths: Sequence[Path]) -> dict[str, Label]:
    """The editors' other files: those in the named folders, or those that an ingest would take along.

    Labelled questions speak of the documents beside them; those of the starter corpus say nothing of another.
    """
    own = tuple(path for path in paths or publishing.corpus(settings) if path.is_dir())
    found = publishing.attached_paths(own if paths else (*own, shipped.folder("corpus")))
    return {
        name: Label(files.shown(path), path.read_bytes())
        for name, path in found.items()
        if name != publishing.GOLD or path.parent in own
    }
