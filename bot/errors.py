"""The error tree: what can go wrong, by what the reader of the message can do about it.

BotError                    every error this product raises on purpose
├── BadSetting              a setting cannot be used as given
├── BadQuestion             what a visitor sent does not fit; carries the field
├── BadLead                 fields of a lead do not fit; carries each with a code
├── KeyReused               an idempotency key came again with another body
├── InFlight                an idempotency key came again before its first answer
├── CrossSite               a form was sent from a page of another site
├── TooMany                 too many leads from one part of the network
├── ModelUnavailable        the encoder cannot be had
├── BadData                 a file of ours is wrong; carries file and line
│   ├── BrokenFile          a document cannot be read
│   └── BadDirectory        contacts.toml, inquiries.toml, followups.toml or gold.toml is wrong
├── SnapshotError
│   ├── NoSnapshot          nothing was ingested yet
│   ├── SnapshotMismatch    another model made it
│   └── SnapshotDamaged     its files are not what its manifest says
├── NothingIngested         an ingest found no usable document; the old snapshot stays
├── BadBackup               a backup cannot be made, or is not one
├── StorageFull             the disk refused; nothing was changed
├── Busy                    too much to do; try again
├── NotFound                no such answer, document or key
├── NotAllowed              no key, or a key without the scope
│   └── SignedOut           nobody is signed in at the console, or no longer
├── Undelivered             a letter was not taken (bot/leads/failure.py)
└── ClaimLost               a letter is another worker's by now (there too)
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.vocabulary import Problem


class BotError(Exception):
    """Every error raised on purpose. Its text is for people and never holds a visitor's words."""


class BadSetting(BotError):
    """A setting cannot be used as given; names the setting and what it takes."""


class BadQuestion(BotError):
    """What a visitor sent does not fit. `field` is its name, `reason` what it takes; neither holds what was sent."""

    def __init__(self, field: str, reason: str) -> None:
        self.field, self.reason = field, reason
        super().__init__(f"{field} {reason}")


class BadLead(BotError):
    """Fields of a lead do not fit. `fields` are their names with a code each, for which the wording files have the words."""

    def __init__(self, fields: tuple[tuple[str, str], ...]) -> None:
        self.fields = fields
        super().__init__(", ".join(f"{name}: {why}" for name, why in fields))


class KeyReused(BotError):
    """An idempotency key came again, with another body than the first time."""


class InFlight(BotError):
    """An idempotency key came again while what it came with first is still being taken in."""


class CrossSite(BotError):
    """A form was sent from a page of another site."""


class TooMany(BotError):
    """Too many leads came from one part of the network."""


class ModelUnavailable(BotError):
    """The encoder cannot be loaded or built; names the model and what to do."""


class BadData(BotError):
    """A file of ours is wrong. `problems` are all that were found in it at once, `problem` is the first."""

    def __init__(self, file: str, reason: str, line: int | None = None, also: Sequence[Problem] = ()) -> None:
        self.problem = Problem(file, reason, line)
        self.problems = (self.problem, *also)
        super().__init__(str(self.problem))


class BrokenFile(BadData):
    """A document cannot be read; the others still can."""


class BadDirectory(BadData):
    """contacts.toml, inquiries.toml, followups.toml or gold.toml is wrong."""


class SnapshotError(BotError):
    """The index cannot be used."""


class NoSnapshot(SnapshotError):
    """Nothing was ingested yet."""


class SnapshotMismatch(SnapshotError):
    """The snapshot was made by another model than the one in use."""


class SnapshotDamaged(SnapshotError):
    """The snapshot's files are not what its manifest says."""


class NothingIngested(BotError):
    """An ingest found no usable document; the old snapshot stays."""


class BadBackup(BotError):
    """A backup cannot be made, or a file is none; what was there before is unchanged."""


class StorageFull(BotError):
    """The disk refused a write; what was there before is unchanged."""


class Busy(BotError):
    """More is asked than can be done now."""


class NotFound(BotError):
    """There is no such answer, document or key."""


class NotAllowed(BotError):
    """No staff key, or one without the scope that is needed."""


class SignedOut(NotAllowed):
    """Nobody is signed in at the console, or no longer."""
