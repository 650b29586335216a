"""Bytes to characters: UTF-8 or a marked UTF-16, nothing guessed; and what no plain text should hold."""

from __future__ import annotations

import codecs
import re

from bot.errors import BrokenFile

UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")
SURROGATE = re.compile(r"[\ud800-\udfff]")


def decode(data: bytes, file: str) -> str:
    """The text of a whole file, as it stands there. Raises BrokenFile where it is no text, with the line."""
    if data.startswith(UTF16_MARKS):
        text = _utf16(data, file)
    else:
        text = utf8(data.removeprefix(codecs.BOM_UTF8), file, 1, len(data) - len(data.removeprefix(codecs.BOM_UTF8)))
    if "\0" in text:
        raise BrokenFile(file, "is not a text file (it holds NUL bytes)", text.count("\n", 0, text.index("\0")) + 1)
    return text


def utf8(data: bytes, file: str, line: int, offset: int) -> str:
    """Decodes the part of a file that begins at `line` and byte `offset`. Raises BrokenFile, naming a bad byte."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        at = line + data.count(b"\n", 0, error.start)
        reason = f"is not UTF-8 (byte 0x{data[error.start]:02x} at offset {offset + error.start}); save it as UTF-8"
        raise BrokenFile(file, reason, at) from None


def plain(text: str) -> str:
    """The text with line feeds as the only line ends and a space for every control character."""
    return CONTROL.sub(" ", line_feeds(text))


def line_feeds(text: str) -> str:
    """The text with line feeds as the only line ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def printable(text: str) -> str:
    """As `plain`, with half characters (which cannot be stored) replaced as well: for what a parser hands over."""
    return SURROGATE.sub("\ufffd", plain(text))


def one_line(text: str) -> str:
    """The text on one line, every run of white space a single space."""
    return " ".join(printable(text).split())


def _utf16(data: bytes, file: str) -> str:
    try:
        return data.decode("utf-16")
    except UnicodeDecodeError as error:
        raise BrokenFile(file, f"is not UTF-16 as its first bytes say (offset {error.start}); save it as UTF-8") from None
