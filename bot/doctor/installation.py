"""Whether an installation is fit to serve: settings, data folder, model, snapshot, database, corpus. Looks, mends nothing."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from bot import publishing, wiring
from bot import settings as knobs
from bot.doctor.corpus import examination
from bot.errors import BotError
from bot.knowledge import adopted, models
from bot.settings import Settings
from bot.store import sqlite
from bot.store.database import Database
from bot.store.schema import Standing

State = Literal["good", "warning", "bad"]
ROOM = 500_000_000  # bytes: a snapshot beside the old one, and what the store grows by in a while
STANDINGS: Mapping[Standing, tuple[State, str, str]] = {
    "newest": ("good", "at the newest migration", ""),
    "older": ("warning", "at an older migration", "back it up; the next `bot serve` brings it to the newest"),
    "empty": ("good", "without tables yet", "the first `bot serve` makes them"),
    "absent": ("good", "not there yet", "the first `bot serve` makes it"),
    "unknown": ("bad", "made by a newer version of the bot", "install that version, or restore a backup of this one's"),
}
GAINED = "nDCG@10 {ndcg_before:.3f} to {ndcg_after:.3f} on {questions} questions kept aside"


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, how it is, and what to do; nothing secret is in it. Where it is bad something must be done."""

    what: str
    state: State
    said: str
    to_do: str = ""

    def __str__(self) -> str:
        return f"{self.what:<14} {self.state:<7} {self.said}" + (f"; {self.to_do}" if self.to_do else "")


Advance = Callable[[int, int], None]


def checks(environment: Mapping[str, str], today: date, advance: Advance) -> tuple[Check, ...]:
    """All checks of the installation that these `BOT_*` variables describe. `advance(done, total)` counts corpus files."""
    try:
        settings = knobs.load(environment)
    except BotError as error:
        return (_failed("settings", error, "correct the variable"),)
    return tuple(_of_settings(settings, environment, today, advance))


def fit(found: Sequence[Check]) -> bool:
    """Whether nothing must be done."""
    return all(check.state != "bad" for check in found)


def _of_settings(settings: Settings, environment: Mapping[str, str], today: date, advance: Advance) -> Iterator[Check]:
    given = sorted(name for name in environment if name.upper().startswith(knobs.PREFIX))
    yield Check("settings", "good", f"readable; set: {', '.join(given) or 'none, all as by default'}")
    yield _data_folder(settings.data_dir)
    model, fingerprint = _model(settings)
    yield model
    yield _guarded("snapshot", lambda: _snapshot(settings, fingerprint), "run `bot ingest`")
    yield from _database(settings)
    yield _guarded("corpus", lambda: _corpus(settings, today, advance), "correct BOT_CORPUS")


def _guarded(what: str, look: Callable[[], Check], otherwise: str) -> Check:
    try:
        return look()
    except (BotError, OSError) as error:
        return _failed(what, error, otherwise)


def _failed(what: str, error: BotError | OSError, otherwise: str) -> Check:
    """Our errors say what to do behind a semicolon or in their last sentence."""
    told = error.strerror or type(error).__name__ if isinstance(error, OSError) else str(error)
    said, _, to_do = told.partition("; ")
    return Check(what, "bad", said, to_do or otherwise)


def _data_folder(folder: Path) -> Check:
    what, own = "data folder", "let the bot's user write there, or set BOT_DATA_DIR to another folder"
    try:
        here = next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
        with tempfile.TemporaryFile(dir=here):
            free = shutil.disk_usage(here).free
    except OSError as error:
        return Check(what, "bad", f"{folder} cannot be written ({error.strerror})", own)
    room = f"{free / 1e9:,.1f} GB free"
    if free < ROOM:
        return Check(what, "warning", f"{folder}, only {room}", "free some space: a new snapshot is built beside the old one")
    if here != folder.absolute():
        return Check(what, "good", f"{folder} is not there yet, {room}", "`bot ingest` makes it")
    return Check(what, "good", f"{folder} can be written, {room}")


def _model(settings: Settings) -> tuple[Check, str]:
    """What there is to say of the model, and its hash where it can be used."""
    try:
        found = models.present(settings.model, publishing.models(settings))
    except (BotError, OSError) as error:
        return _failed("model", error, "unset BOT_MODEL for the packaged model"), ""
    if not found:
        to_do = "run `bot ingest`, which builds it once, offline"
        return Check("model", "bad", "the packaged model is not built yet", to_do), ""
    try:
        fingerprint = models.fingerprint(found)
        adoption = adopted.current(publishing.models(settings), found.base)
    except (BotError, OSError) as error:
        return _failed("model", error, "unset BOT_MODEL for the packaged model"), ""
    gained = f", {GAINED.format_map(adoption.figures)}" if adoption and adoption.figures else ""
    return Check("model", "good", f"{found.name}{gained}, hash {fingerprint}"), fingerprint


def _snapshot(settings: Settings, fingerprint: str) -> Check:
    shelf = publishing.shelf(settings)
    manifest = shelf.manifest()
    if not fingerprint:
        return Check("snapshot", "bad", f"{manifest.id} cannot be checked without its model", "mend the model first")
    snapshot = wiring.engine(shelf.load(fingerprint)).snapshot
    size = f"{len(snapshot.documents):,} documents, {len(snapshot.passages):,} passages"
    return Check("snapshot", "good", f"{snapshot.id} loads, made by this model; {size}")


def _database(settings: Settings) -> Iterator[Check]:
    try:
        database = Database(settings.database_url or sqlite.sqlite_url(settings.data_dir))
        state, said, to_do = STANDINGS[database.standing()]
        yield Check("database", state, f"{database.place}: {said}", to_do)
    except (BotError, OSError) as error:
        yield _failed("database", error, "start it or mend BOT_DATABASE_URL; docs/operating.md tells how to restore a backup")
        return
    if database.is_sqlite:
        driver = sqlite.driver()
        yield library(driver.__name__.partition(".")[0], driver.sqlite_version_info)


def library(driver: str, version: tuple[int, ...]) -> Check:
    """What there is to say of a SQLite library, by the module that brings it and its version."""
    mode = sqlite.journal_mode(version)
    said = f"{'.'.join(map(str, version))} by {driver}, journal mode {mode}"
    if mode == "WAL":
        return Check("SQLite library", "good", said)
    slower = "nothing is lost, writes are slower: install pysqlite3 0.6.1 or a Python with SQLite 3.51.3 or newer"
    return Check("SQLite library", "warning", f"{said}, as its WAL can lose commits", slower)


def _corpus(settings: Settings, today: date, advance: Advance) -> Check:
    found = examination(settings, (), today, advance)
    state: State = "bad" if found.errors else "warning" if found.findings else "good"
    return Check("corpus", state, str(found), "`bot doctor corpus` names each" if found.findings else "")
