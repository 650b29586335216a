"""`supersedes`: it names a document that there is, goes round in no circle, and one successor is enough."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

from bot.knowledge.readers.layout import Sheet
from bot.quality.corpus.finding import Finding, at
from bot.quality.corpus.nearness import did_you_mean

WHERE = ("supersedes",)


def successors(sheets: Mapping[str, Sheet]) -> dict[str, list[str]]:
    """For each id that is superseded the ids that do so, in the order of the documents."""
    found: dict[str, list[str]] = defaultdict(list)
    for identity, sheet in sheets.items():
        if sheet.document.supersedes:
            found[sheet.document.supersedes].append(identity)
    return found


def findings(sheets: Mapping[str, Sheet], broken: Callable[[str], bool] = lambda _: False) -> Iterator[Finding]:
    """What is wrong with who supersedes whom. An id that is `broken` is there, though its file cannot be read."""
    for older, newer in successors(sheets).items():
        if older not in sheets and not broken(older):
            near = did_you_mean(older, tuple(sheets))
            for identity in newer:
                what = f"supersedes {older!r}, which is no document here{near}"
                yield at(
                    sheets[identity], "error", "succession", WHERE, what, "write the id of the older document, or leave it out"
                )
        for identity in newer[1:]:
            what = f"supersedes {older!r}, as {newer[0]!r} does; the page of the older one can lead to one of them only"
            yield at(sheets[identity], "warning", "succession", WHERE, what, "let one of them supersede the other")
    for circle in _circles(sheets):
        way = " → ".join([*circle, circle[0]])
        what = f"supersedes in a circle: {way}; none of them would ever be quoted"
        yield at(sheets[circle[0]], "error", "succession", WHERE, what, "delete `supersedes` from the oldest of them")


def _circles(sheets: Mapping[str, Sheet]) -> Iterator[list[str]]:
    """Each circle once, from the first of its documents on."""
    done: set[str] = set()
    for identity in sheets:
        way: list[str] = []
        here = identity
        while here in sheets and here not in done and here not in way:
            way.append(here)
            here = sheets[here].document.supersedes
        if here in way:
            yield way[way.index(here) :]
        done.update(way)
