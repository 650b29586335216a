"""Plain text. A short first line with an empty one below it is the title."""

from __future__ import annotations

from bot.errors import BrokenFile
from bot.knowledge.readers.encoding import decode, one_line, plain
from bot.knowledge.readers.extract import Composer, Extract
from bot.knowledge.readers.paragraphs import paragraphs

TITLE_LENGTH = 120


def read(data: bytes, file: str) -> Extract:
    """The paragraphs of a text file, the title left out of them. Raises BrokenFile if there is none."""
    lines = plain(decode(data, file)).strip().split("\n")
    title = ""
    if len(lines) > 2 and not lines[1].strip() and len(lines[0]) <= TITLE_LENGTH:
        title, lines = one_line(lines[0]), lines[2:]
    composer = Composer()
    for paragraph in paragraphs(lines):
        composer.block(paragraph)
    if not composer.says_something:
        raise BrokenFile(file, "holds no text")
    return Extract(composer.text, title=title)
