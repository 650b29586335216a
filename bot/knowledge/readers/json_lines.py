"""JSON lines: one document a row. A row that cannot be taken is named and the others go in."""

from __future__ import annotations

import codecs
import json
import os
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from bot.errors import BrokenFile
from bot.knowledge.readers.encoding import CONTROL, UTF16_MARKS, decode, one_line, utf8
from bot.knowledge.readers.fields import CHECKS, Unfit, check
from bot.knowledge.readers.language import detect
from bot.knowledge.readers.layout import Layout, Sheet
from bot.knowledge.readers.written_date import read_date
from bot.vocabulary import Document, Problem

Line = tuple[int, str | Problem]
ID_LENGTH = 500
SKIPPED_AT_ONCE = 1 << 20
LENIENT = ("topics", "jurisdictions")


def read(stream: BinaryIO, file: str, max_line_bytes: int) -> Iterator[Sheet | Problem]:
    """The rows of a file, each with its line, in order; it is read line by line and may be of any size.

    A row's text is kept as it is, character by character. An id that an earlier row has is a Problem.
    """
    rows: dict[str, int] = {}
    empty = True
    for number, line in _lines(stream, file, max_line_bytes):
        empty = False
        try:
            document = _document(line, file, number)
        except BrokenFile as error:
            yield from error.problems
            continue
        if document.id in rows:
            yield Problem(file, f"the id {document.id!r} is taken by line {rows[document.id]}", number)
        else:
            rows[document.id] = number
            yield Sheet(document, Layout(blocks=((0, number),)))
    if empty:
        yield Problem(file, "holds no rows")


def _document(line: str | Problem, file: str, number: int) -> Document:
    if isinstance(line, Problem):
        raise BrokenFile(line.file, line.reason, line.line)
    row = _row(line, file, number)
    identity = _identity(row, file, number)
    text = row["text"] if isinstance(row.get("text"), str) and row["text"] else row.get("answer")
    if not isinstance(text, str) or not text.strip():
        raise BrokenFile(file, "holds no text: the field text (or answer) is missing or empty", number)
    if "\0" in text:
        raise BrokenFile(file, "its text holds a NUL character", number)
    try:
        fields = check(_described(row), identity)
    except Unfit as unfit:
        first, *others = (Problem(file, one.reason, number) for one in unfit.every)
        raise BrokenFile(file, first.reason, number, others) from None
    return Document(
        id=identity, text=text, origin=file, **({"title": identity, "language": ""} | fields | _language(fields, text))
    )


def _row(line: str, file: str, number: int) -> dict[str, Any]:
    try:
        row = json.loads(line, strict=False)
    except RecursionError:
        raise BrokenFile(file, "is no JSON: nested too deep", number) from None
    except ValueError as error:
        raise BrokenFile(file, f"is no JSON: {error}", number) from None
    if not isinstance(row, dict):
        raise BrokenFile(file, "the row must be an object {…} with the fields id and text", number)
    if "\\u" in line:
        try:
            json.dumps(row, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise BrokenFile(file, "holds half a character (a lone surrogate)", number) from None
    return row


def _identity(row: Mapping[str, Any], file: str, number: int) -> str:
    given = row.get("_id", row.get("id"))
    if isinstance(given, int) and not isinstance(given, bool):
        given = str(given)
    if not isinstance(given, str) or not given.strip():
        raise BrokenFile(file, "the field _id (or id) is missing or empty", number)
    if len(given) > ID_LENGTH or CONTROL.search(given) or "\n" in given:
        raise BrokenFile(file, f"the id is longer than {ID_LENGTH} characters or holds control characters", number)
    return given


def _described(row: Mapping[str, Any]) -> dict[str, object]:
    """What the row says in the fields of front matter, and in the names other collections use for them."""
    given = {name: row[name] for name in CHECKS if row.get(name) is not None and name != "title"}
    for name in LENIENT:
        if name in given:
            try:
                check({name: given[name]})
            except Unfit:
                del given[name]
    if "published" not in given and isinstance(row.get("date"), str):
        day = read_date(row["date"])
        if day:
            given["published"] = day.isoformat()
    title = _title(row)
    return given | ({"title": title} if title else {})


def _title(row: Mapping[str, Any]) -> str:
    words = {name: one_line(row[name]) for name in ("title", "cfr", "question", "heading") if isinstance(row.get(name), str)}
    told = words.get("question") or words.get("heading", "")
    return words.get("title") or " ".join(part for part in (words.get("cfr"), told) if part)


def _language(fields: Mapping[str, Any], text: str) -> dict[str, str]:
    return {} if "language" in fields else {"language": detect(text)}


def _lines(stream: BinaryIO, file: str, limit: int) -> Iterator[Line]:
    """Lines that hold something, numbered from 1; a Problem for one that is too long or no text."""
    start = stream.read(len(codecs.BOM_UTF8))
    if start.startswith(UTF16_MARKS):
        yield from _utf16_lines(stream, start, file, limit)
        return
    stream.seek(len(codecs.BOM_UTF8) if start == codecs.BOM_UTF8 else 0)
    number, offset = 0, stream.tell()
    while line := stream.readline(limit + 1):
        number += 1
        size = len(line)
        if size > limit and not line.endswith(b"\n"):
            size += _skip(stream)
            yield number, Problem(file, f"the line is longer than {limit:,} bytes", number)
        elif line.strip():
            yield number, _text(line, file, number, offset)
        offset += size


def _text(line: bytes, file: str, number: int, offset: int) -> str | Problem:
    try:
        text = utf8(line, file, number, offset)
    except BrokenFile as error:
        return error.problem
    return Problem(file, "is not a text file (it holds NUL bytes)", number) if "\0" in text else text


def _skip(stream: BinaryIO) -> int:
    skipped = 0
    while rest := stream.readline(SKIPPED_AT_ONCE):
        skipped += len(rest)
        if rest.endswith(b"\n"):
            break
    return skipped


def _utf16_lines(stream: BinaryIO, start: bytes, file: str, limit: int) -> Iterator[Line]:
    if os.fstat(stream.fileno()).st_size > limit:
        raise BrokenFile(file, f"is UTF-16 and larger than {limit:,} bytes; save it as UTF-8")
    for number, line in enumerate(decode(start + stream.read(), file).split("\n"), 1):
        if line.strip():
            yield number, line
