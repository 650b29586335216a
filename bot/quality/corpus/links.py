"""Links between documents: to a file beside (`other.md#heading`), or to a page of the desk (`/library/articles/other`)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from posixpath import basename, dirname, join, normpath, relpath, splitext
from urllib.parse import unquote, urlsplit

from bot.knowledge.readers.layout import Link, Sheet
from bot.quality.corpus.finding import Finding, Severity
from bot.quality.corpus.nearness import did_you_mean, suggestion
from bot.vocabulary import Document

PAGES = {"/", "/library", "/contact"}
LIBRARY = "/library/"
PART = re.compile(r"part-([1-9][0-9]*)")
NOT_IN_ANCHORS = re.compile(r"[^\w\- ]")


def findings(
    sheets: Mapping[str, Sheet],
    successors: Mapping[str, Sequence[str]],
    exists: Callable[[str], bool],
    broken: Callable[[str], bool] = lambda _: False,
) -> Iterator[Finding]:
    """Links that lead nowhere, to no document, or to one that is superseded.

    `exists` tells whether a path is a file. A link to an id that is `broken` is in order: the file itself is named for it.
    """
    targets = _Targets(sheets, exists)
    for sheet in sheets.values():
        for link in sheet.layout.links:
            told = targets.fault(sheet.document, link, successors)
            if told and not broken(splitext(_path(sheet.document, link))[0]):
                severity, what, to_do = told
                yield Finding(severity, "links", sheet.document.origin, link.line, what, to_do)


def anchors(document: Document) -> set[str]:
    """The places in a document that a link may name: its headings as Markdown viewers name them, and the parts of its page."""
    seen: Counter[str] = Counter()
    found: set[str] = set()
    for heading in document.headings:
        slug = NOT_IN_ANCHORS.sub("", heading.text.lower()).replace(" ", "-")
        found.add(f"{slug}-{seen[slug]}" if seen[slug] else slug)
        seen[slug] += 1
    return found


class _Targets:
    """What links may lead to."""

    def __init__(self, sheets: Mapping[str, Sheet], exists: Callable[[str], bool]) -> None:
        self._documents = {identity: sheet.document for identity, sheet in sheets.items()}
        self._by_file = {normpath(document.origin): document for document in self._documents.values()}
        self._exists = exists

    def fault(self, document: Document, link: Link, successors: Mapping[str, Sequence[str]]) -> tuple[Severity, str, str] | None:
        """What is wrong with a link in a document and what to do, if anything is."""
        try:
            address = urlsplit(link.target)
        except ValueError:
            return "error", "the link's address cannot be read", "correct it: an address within brackets must close them"
        if address.scheme or address.netloc or address.path in PAGES:
            return None
        path, anchor = unquote(address.path), unquote(address.fragment)
        target = self._target(document, path)
        if target is None:
            return self._dead(document, path)
        if anchor and not _has(target, anchor):
            known = sorted(anchors(target))
            what = f"the link names the place #{anchor}, which {_name(target, document)} does not have"
            return "error", what + did_you_mean(anchor, known), "name one of its headings, or link to the whole"
        newer = successors.get(target.id)
        if newer and document.id not in newer and newer[0] in self._documents:
            return "warning", f"the link leads to {target.id!r}, which {newer[0]!r} supersedes", f"link to {newer[0]!r}"
        return None

    def _target(self, document: Document, path: str) -> Document | None:
        if not path:
            return document
        if path.startswith(LIBRARY):
            return self._documents.get(path.removeprefix(LIBRARY))
        return self._by_file.get(_beside(document, path))

    def _dead(self, document: Document, path: str) -> tuple[Severity, str, str]:
        if path.startswith("/"):
            near = did_you_mean(path.removeprefix(LIBRARY), tuple(self._documents))
            return "error", f"the link leads to {path}, and the desk has no such page{near}", "link to a document's file or page"
        place = _beside(document, path)
        if self._exists(place):
            what = f"the link leads to {path}, which is no document of this corpus"
            return "warning", what, "link to a document: visitors cannot open other files"
        near = self._near(document, path)
        return "error", f"the link leads to {path}, and there is no such file{near}", "correct the link, or leave it out"

    def _near(self, document: Document, path: str) -> str:
        """The file that was meant, as this document would link to it: one of the same name anywhere, else one named nearly so."""
        here = dirname(document.origin) or "."
        namesakes = [file for file in self._by_file if splitext(basename(file))[0] == splitext(basename(path))[0]]
        if namesakes:
            return suggestion(relpath(namesakes[0], here))
        return did_you_mean(path, [relpath(file, here) for file in self._by_file])


def _beside(document: Document, path: str) -> str:
    return normpath(join(dirname(document.origin), path))


def _path(document: Document, link: Link) -> str:
    """Where a link leads, in the words of files."""
    path = unquote(link.target.partition("#")[0])
    return path.removeprefix(LIBRARY) if path.startswith(LIBRARY) else _beside(document, path)


def _has(target: Document, anchor: str) -> bool:
    part = PART.fullmatch(anchor)
    sections = sum(heading.level == 2 for heading in target.headings)
    return anchor in anchors(target) or bool(part and int(part[1]) <= sections)


def _name(target: Document, document: Document) -> str:
    return "this document" if target.id == document.id else repr(target.id)
