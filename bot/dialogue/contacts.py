"""Who answers: the desks, and which of them takes an inquiry. Pure. How they are written: `contacts_file.py`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.desks import Desk
from bot.vocabulary import Inquiry


@dataclass(frozen=True, slots=True)
class Choice:
    """A desk, and what decided for it where others took the inquiry too."""

    desk: Desk
    decided_by: str = ""


@dataclass(frozen=True, slots=True)
class Contacts:
    """All desks, the default one named. `version` changes with every byte of the file that they were read from."""

    default: Desk
    desks: tuple[Desk, ...]
    version: str = ""

    def desk(self, desk_id: str | None) -> Desk | None:
        """The desk of an id."""
        return next((desk for desk in self.desks if desk.id == desk_id), None)

    def for_kind(self, inquiry: Inquiry) -> Choice | None:
        """The desk that takes a kind of inquiry ahead of any other routing."""
        return _choose((desk for desk in self.desks if inquiry.kind in desk.kinds), inquiry)

    def for_topic(self, inquiry: Inquiry) -> Choice | None:
        """The desk that takes the inquiry's topic; the default desk is nobody's rival."""
        return _choose((desk for desk in self._others() if inquiry.topic in desk.topics), inquiry)

    def for_jurisdiction(self, inquiry: Inquiry) -> Choice | None:
        """The desk that takes a jurisdiction the inquiry names; the default desk is nobody's rival."""
        return _choose((desk for desk in self._others() if set(desk.jurisdictions) & set(inquiry.jurisdictions)), inquiry)

    def _others(self) -> Iterable[Desk]:
        return (desk for desk in self.desks if desk.id != self.default.id)


def _choose(desks: Iterable[Desk], inquiry: Inquiry) -> Choice | None:
    """Of several desks that of a jurisdiction named, then that of the visitor's language, then by priority, then the first."""
    ranked = sorted(((_fit(desk, inquiry), desk) for desk in desks), key=lambda one: one[0], reverse=True)
    if not ranked:
        return None
    fit, desk = ranked[0]
    if len(ranked) == 1:
        return Choice(desk)
    words = ("a jurisdiction that is named", "the visitor's language", "priority")
    better = (word for word, own, other in zip(words, fit, ranked[1][0], strict=True) if own != other)
    return Choice(desk, next(better, "its place in the file"))


def _fit(desk: Desk, inquiry: Inquiry) -> tuple[bool, bool, int]:
    named = bool(set(desk.jurisdictions) & set(inquiry.jurisdictions))
    return named, inquiry.language in desk.languages, desk.priority
