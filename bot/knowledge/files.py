"""Files to documents: which files there are, and which reader takes which."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from bot.errors import BrokenFile
from bot.knowledge.readers import json_lines, limited, markdown, plain
from bot.knowledge.readers.encoding import CONTROL, SURROGATE
from bot.knowledge.readers.extract import Extract
from bot.knowledge.readers.language import detect
from bot.knowledge.readers.layout import Sheet
from bot.vocabulary import Document, Problem

MARKDOWN = {".md", ".markdown"}
PLAIN = {".txt", ".text"}
JSON_LINES = {".jsonl", ".ndjson"}
PARSED_APART = {".html": "HTML", ".htm": "HTML", ".xhtml": "HTML", ".pdf": "PDF", ".docx": "DOCX"}
TYPES = sorted(MARKDOWN | PLAIN | JSON_LINES | PARSED_APART.keys())


@dataclass(frozen=True, slots=True)
class Found:
    """A file, and the folder that its document's id counts from."""

    path: Path
    root: Path


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may take: its size (of JSON lines each line), and time and address space to parse it."""

    max_file_bytes: int
    seconds: float
    memory_bytes: int


def find(paths: Sequence[Path]) -> list[Found]:
    """The files at the given paths, sorted, each once; a folder stands for all below it.

    Left out without a word: hidden files, README.md, TOML files (they are settings), and links that lead out of the
    folder or to another folder. Raises BrokenFile for a path that does not exist.
    """
    found: dict[Path, Found] = {}
    for path in paths:
        is_folder, inside = _inside(path)
        for file in inside:
            if not _is_setting(file):
                found.setdefault(file.resolve(), Found(file, path if is_folder else path.parent))
    return sorted(found.values(), key=lambda one: one.path)


def read(found: Found, limits: Limits) -> Iterator[Document | Problem]:
    """The documents of a file, and a Problem, with its line where there is one, for everything that keeps it from being read.

    Raises nothing: every fault of a file is a Problem.
    """
    for item in sheets(found, limits):
        yield item if isinstance(item, Problem) else item.document


def sheets(found: Found, limits: Limits) -> Iterator[Sheet | Problem]:
    """As `read`, with the lines of the documents' parts."""
    file = shown(found.path)
    try:
        yield from _read(found, file, limits)
    except BrokenFile as error:
        yield from error.problems
    except OSError as error:
        yield Problem(file, f"cannot be read: {error.strerror or error}")


def gather(paths: Sequence[Path], limits: Limits, advance: Callable[[int, int], None]) -> tuple[dict[str, Sheet], list[Problem]]:
    """All documents at the paths by id, in order, and what keeps others out. `advance(done, total)` counts files.

    Raises BrokenFile for a path that does not exist.
    """
    taken: dict[str, Sheet] = {}
    problems: list[Problem] = []
    found = find(paths)
    for done, one in enumerate(found, 1):
        for item in sheets(one, limits):
            if isinstance(item, Problem):
                problems.append(item)
            elif (document := item.document).id in taken:
                reason = f"the id {document.id!r} is taken by {taken[document.id].document.origin}; rename one of them"
                problems.append(Problem(document.origin, reason))
            else:
                taken[document.id] = item
        advance(done, len(found))
    return taken, problems


def shown(path: Path) -> str:
    """The path as it can be printed and stored, whatever bytes its name has."""
    return CONTROL.sub("\ufffd", os.fsencode(path).decode("utf-8", "replace"))


def _inside(path: Path) -> tuple[bool, list[Path]]:
    """Whether the path is a folder, and the files it stands for: real ones before the links to them."""
    try:
        if path.is_dir():
            return True, sorted(_walk(path), key=lambda file: (file.is_symlink(), file))
        if path.is_file():
            return False, [path]
    except OSError as error:
        raise BrokenFile(shown(path), f"cannot be read: {error.strerror or error}") from None
    raise BrokenFile(shown(path), "there is no such file or folder")


def _walk(folder: Path) -> Iterator[Path]:
    """Visible files below a folder; a folder that cannot be listed stands for itself."""
    top = folder.resolve()
    unlisted: list[Path] = []
    for place, folders, names in os.walk(folder, onerror=lambda error: unlisted.append(Path(error.filename))):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            file = Path(place, name)
            if not name.startswith(".") and _is_inside(file, top):
                yield file
    yield from unlisted


def _is_inside(file: Path, top: Path) -> bool:
    """Whether it is a file and no link out of the folder. One that may not be looked at is, so that it gets named."""
    try:
        return file.is_file() and (not file.is_symlink() or file.resolve().is_relative_to(top))
    except OSError:
        return True


def _is_setting(file: Path) -> bool:
    return file.name.lower() == "readme.md" or file.suffix.lower() == ".toml"


def _read(found: Found, file: str, limits: Limits) -> Iterator[Sheet | Problem]:
    path, suffix = found.path, found.path.suffix.lower()
    if SURROGATE.search(str(path)) or CONTROL.search(str(path)):
        raise BrokenFile(file, "the file's name is not UTF-8 or holds control characters; rename it")
    if path.is_dir():
        raise BrokenFile(file, "the folder cannot be listed; allow it to be read")
    if suffix not in TYPES:
        raise BrokenFile(file, f"files of the type {suffix or path.name!r} cannot be read; those that can are {', '.join(TYPES)}")
    with path.open("rb") as stream:
        size = os.fstat(stream.fileno()).st_size
        if not size:
            raise BrokenFile(file, "the file is empty")
        if suffix in JSON_LINES:
            yield from json_lines.read(stream, file, limits.max_file_bytes)
        elif size > limits.max_file_bytes:
            raise BrokenFile(file, f"has {size:,} bytes, more than the {limits.max_file_bytes:,} allowed (BOT_MAX_FILE_BYTES)")
        else:
            yield _sheet(found, stream, file, limits)


def _sheet(found: Found, stream: BinaryIO, file: str, limits: Limits) -> Sheet:
    suffix = found.path.suffix.lower()
    identity = found.path.relative_to(found.root).with_suffix("").as_posix()
    if suffix in MARKDOWN:
        return markdown.read(stream.read(limits.max_file_bytes), file, identity)
    if suffix in PLAIN:
        extract = plain.read(stream.read(limits.max_file_bytes), file)
    else:
        extract = limited.read(PARSED_APART[suffix], stream, file, limits.seconds, limits.memory_bytes)
    return Sheet(_from_extract(extract, identity, file, found.path.stem))


def _from_extract(extract: Extract, identity: str, file: str, name: str) -> Document:
    return Document(
        id=identity,
        title=extract.title or name,
        text=extract.text,
        published=extract.published,
        language=extract.language or detect(extract.text),
        url=extract.url,
        headings=extract.headings,
        pages=extract.pages,
        origin=file,
    )
