"""All checks of a corpus, over what was read of it. Pure: files, settings and the day are handed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from posixpath import normpath, splitext

from bot.dialogue import contacts_file, examples, taught_turns, wording
from bot.errors import BadData
from bot.knowledge.readers.layout import Sheet
from bot.quality import gold
from bot.quality.corpus import dates, fields, labels, likeness, links, sources, succession
from bot.quality.corpus.finding import Finding, of_problem
from bot.vocabulary import LANGUAGES, Problem


@dataclass(frozen=True, slots=True)
class Label:
    """A file of the editors' that travels along, as it is shown and as it is."""

    file: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Corpus:
    """What there is to examine: documents by id, what kept others out, and the editors' other files by their names."""

    sheets: Mapping[str, Sheet]
    problems: Sequence[Problem] = ()
    files: Mapping[str, Label] = field(default_factory=dict)

    def broken(self, identity: str) -> bool:
        """Whether a file that could not be read would be the document of that id, or its path without the ending."""
        paths = (normpath(splitext(problem.file)[0]) for problem in self.problems)
        return any(f"/{path}".endswith(f"/{identity}") for path in paths)


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found, sorted by file and line."""

    documents: int
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> int:
        return sum(finding.severity == "error" for finding in self.findings)

    @property
    def warnings(self) -> int:
        return len(self.findings) - self.errors

    def __str__(self) -> str:
        return f"{_count(self.documents, 'document')}, {_count(self.errors, 'error')}, {_count(self.warnings, 'warning')}"


def examine(corpus: Corpus, today: date, exists: Callable[[str], bool]) -> Examination:
    """Everything that an editor should know of a corpus. `exists` tells whether a path names a file."""
    found = [*_of_documents(corpus, today, exists), *_of_files(corpus)]
    found.sort(key=lambda finding: (finding.file, finding.line or 0, finding.severity))
    return Examination(len(corpus.sheets), tuple(found))


def _of_documents(corpus: Corpus, today: date, exists: Callable[[str], bool]) -> Iterator[Finding]:
    sheets = corpus.sheets
    successors = succession.successors(sheets)
    yield from map(of_problem, corpus.problems)
    yield from succession.findings(sheets, corpus.broken)
    yield from links.findings(sheets, successors, exists, corpus.broken)
    yield from sources.findings(sheets.values())
    yield from fields.findings(sheets.values())
    yield from dates.findings(sheets.values(), today, successors)
    yield from likeness.findings(sheets, successors)


def _of_files(corpus: Corpus) -> Iterator[Finding]:
    """What is wrong with the other files; one that cannot be read stops every ingest."""
    readers: dict[str, Callable[[Label], Iterator[Finding]]] = {
        contacts_file.FILE: _contacts,
        examples.FILE: lambda label: labels.of_inquiries(examples.parse(label.data, label.file), label.file),
        taught_turns.FILE: lambda label: labels.of_turns(taught_turns.parse(label.data, label.file), label.file),
        gold.FILE: lambda label: labels.of_gold(
            gold.parse(label.data, label.file), label.data.decode("utf-8"), label.file, corpus.sheets, corpus.broken
        ),
    }
    for name, read in readers.items():
        if name in corpus.files:
            try:
                yield from read(corpus.files[name])
            except BadData as error:
                yield of_problem(error.problem, "labels")
    if all(wording.file(language) in corpus.files for language in LANGUAGES):
        try:
            wording.load(lambda name: corpus.files[name].data)
        except BadData as error:
            told = corpus.files[error.problem.file].file
            yield of_problem(Problem(told, error.problem.reason, error.problem.line), "labels")


def _contacts(label: Label) -> Iterator[Finding]:
    contacts_file.parse(label.data, label.file)
    yield from ()


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
