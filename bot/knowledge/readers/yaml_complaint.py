"""What a YAML parser complains of, said for an editor: the line where the mistake was made, and what to do there. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

import yaml

UNCLOSED = (
    "while scanning a quoted scalar",
    "while scanning a double-quoted scalar",
    "while parsing a flow ",
    "while scanning a simple key",
)
ADVICE = (
    ("found character '\\t'", "indent with spaces, not with tabs"),
    ("cannot start any token", "put quotation marks around the text"),
    (
        "mapping values are not allowed",
        "put quotation marks around a text that holds a colon, and a space behind the field's own",
    ),
    ("unexpected end of stream", "close the quotation mark that is opened here"),
    ("expected ',' or", "close the bracket that is opened here"),
    ("could not find expected ':'", "write each field as `name: value`, and a line of --- below the last"),
    ("unknown escape character", "write \\\\ for a backslash, or use single quotation marks"),
    ("but found '<scalar>'", "put quotation marks around the whole text, and double those of the same kind inside it"),
    ("expected <block end>", "begin all fields of one list or source in the same column"),
    ("chomping or indentation", "put quotation marks around a text that begins with | or >"),
)
OTHERWISE = "write each field as `name: value` on a line of its own"
COLON = re.compile(r":(?:\s|$)")


def complaint(error: yaml.MarkedYAMLError, lines: Sequence[str]) -> tuple[str, int]:
    """What is wrong and what to do, and the place of the line in `lines`, counted from 0, that is to be mended.

    A parser notices an unclosed quotation mark at the end of the text; an editor looks for where it was opened.
    """
    problem = str(error.problem or error.context or "it cannot be read")
    advice = next((advice for sign, advice in ADVICE if sign in problem), "" if ";" in problem else OTHERWISE)
    return f"{problem}; {advice}" if advice else problem, _place(error, problem, lines)


def _place(error: yaml.MarkedYAMLError, problem: str, lines: Sequence[str]) -> int:
    if error.context_mark and str(error.context).startswith(UNCLOSED):
        return int(error.context_mark.line)
    mark = error.problem_mark or error.context_mark
    line = int(mark.line) if mark else 0
    if problem.startswith("mapping values") and line < len(lines) and _sound(lines[line]):
        return next((n for n in range(line - 1, -1, -1) if lines[n].strip()), line)
    return line


def _sound(line: str) -> bool:
    """Whether the line is a field at the margin with one colon, so that the fault lies above it."""
    return not line[:1].isspace() and len(COLON.findall(line)) == 1
