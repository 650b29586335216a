"""What a check has to say: about which line of which file, how grave, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.knowledge.readers.layout import Sheet
from bot.vocabulary import Problem

Severity = Literal["error", "warning"]
Check = Literal["reading", "links", "succession", "sources", "fields", "dates", "likeness", "labels"]


@dataclass(frozen=True, slots=True)
class Finding:
    """An error keeps text from visitors, leads them nowhere, or contradicts itself; a warning asks an editor to look."""

    severity: Severity
    check: Check
    file: str
    line: int | None
    what: str
    to_do: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.severity}: {self.what}; {self.to_do}"


def of_problem(problem: Problem, check: Check = "reading") -> Finding:
    """The finding of what keeps a file out. Reasons say what to do behind a semicolon."""
    what, parted, to_do = problem.reason.rpartition("; ")
    if not parted:
        what, to_do = problem.reason, "correct the file, or take it out of the folder"
    return Finding("error", check, problem.file, problem.line, what, to_do)


def at(sheet: Sheet, severity: Severity, check: Check, where: tuple[str | int, ...], what: str, to_do: str) -> Finding:
    """A finding about a field of a document."""
    return Finding(severity, check, sheet.document.origin, sheet.layout.line(*where), what, to_do)
