"""What editors label: gold.toml names documents that there are, and no text is labelled twice or in two ways."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

from bot.dialogue.examples import Example
from bot.dialogue.taught_turns import TaughtTurn
from bot.quality.corpus.finding import Finding
from bot.quality.corpus.nearness import did_you_mean
from bot.quality.gold import Labelled


def of_gold(
    questions: Sequence[Labelled],
    text: str,
    file: str,
    known: Collection[str],
    broken: Callable[[str], bool] = lambda _: False,
) -> Iterator[Finding]:
    """Documents that are not there, and questions that stand twice. `text` is the file's, to find lines in.

    An id that is `broken` is there, though its file cannot be read.
    """
    lines, names = text.split("\n"), tuple(known)
    first: dict[str, Labelled] = {}
    for question in questions:
        for identity in question.documents:
            if identity not in known and not broken(identity):
                what = f"names the document {identity!r}, which is not there{did_you_mean(identity, names)}"
                to_do = "write the id of a document (its path without .md), or take it out"
                yield Finding("error", "labels", file, _line(lines, question.line, f'"{identity}"'), what, to_do)
        earlier = first.setdefault(_same(question.question), question)
        if earlier is not question:
            what = f"the question stands on line {earlier.line} too"
            if set(earlier.documents) != set(question.documents):
                yield Finding("error", "labels", file, question.line, f"{what}, with other documents", "keep one of the two")
            else:
                yield Finding("warning", "labels", file, question.line, what, "delete one of the two")


def of_inquiries(examples: Sequence[Example], file: str) -> Iterator[Finding]:
    """Texts that stand twice, and those that are labelled in two ways."""
    first: dict[str, Example] = {}
    for example in examples:
        earlier = first.setdefault(_same(example.text), example)
        if earlier is example:
            continue
        what = f"the text stands on line {earlier.line} too"
        labels = [f"{one.kind}, {one.topic or 'no topic'}" for one in (earlier, example)]
        if labels[0] != labels[1]:
            told = f"{what}, labelled {labels[0]} there and {labels[1]} here"
            yield Finding("error", "labels", file, example.line, told, "decide for one label, and delete the other example")
        else:
            yield Finding("warning", "labels", file, example.line, what, "delete one of the two")


def of_turns(turns: Sequence[TaughtTurn], file: str) -> Iterator[Finding]:
    """Turns that stand twice after the same question, and those that are labelled in two ways."""
    first: dict[tuple[str, str], TaughtTurn] = {}
    for turn in turns:
        earlier = first.setdefault((_same(turn.earlier), _same(turn.text)), turn)
        if earlier is not turn:
            what = f"a turn stands twice after the same question, the first time on line {earlier.line}"
            if earlier.label != turn.label:
                told = f"{what}, as {earlier.label} and as {turn.label}"
                yield Finding("error", "labels", file, turn.line, told, "decide for one label, and delete the other turn")
            else:
                yield Finding("warning", "labels", file, turn.line, what, "delete one of the two")


def _same(text: str) -> str:
    return " ".join(text.casefold().split())


def _line(lines: Sequence[str], begin: int | None, wanted: str) -> int | None:
    """The first line from `begin` on that holds the text, else `begin`."""
    if begin is None:
        return None
    return next((n for n in range(begin, len(lines) + 1) if wanted in lines[n - 1]), begin)
