"""The fields at the head of a Markdown file, between two lines of three hyphens; every fault with its line."""

from __future__ import annotations

import re
from typing import Any

import yaml

from bot.errors import BrokenFile
from bot.knowledge.readers.fields import Unfit, Where, check

OPENING = re.compile(r"---[ \t]*\n")
CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE)
FIRST_LINE = 2
TAG = "tag:yaml.org,2002:"
TAGS = {TAG + kind for kind in ("str", "int", "float", "bool", "null", "timestamp", "merge", "value", "seq", "map")}
LONGEST = 100_000


class _Loader(yaml.SafeLoader):
    """YAML without aliases: a few lines of them can stand for gigabytes."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem="aliases (*name) are not allowed", problem_mark=mark)
        return super().compose_node(parent, index)


def split(text: str, file: str) -> tuple[dict[str, Any], str]:
    """The fields of a Markdown text, checked, and the body below them.

    Scalars are taken as they are written, so `2022-10` stays that. Raises BrokenFile for the first fault.
    """
    opening = OPENING.match(text)
    if not opening:
        raise BrokenFile(file, "title is missing: the file must begin with front matter between two lines of ---", 1)
    closing = CLOSING.search(text, opening.end())
    if not closing:
        raise BrokenFile(file, "the front matter is not closed: a line of --- is missing", 1)
    lines: dict[Where, int] = {}
    given = _parse(text[opening.end() : closing.start()], file, lines)
    try:
        checked = check(given)
    except Unfit as unfit:
        raise BrokenFile(file, unfit.reason, _line(lines, unfit.where)) from None
    if "title" not in checked:
        raise BrokenFile(file, "title is missing", 1)
    return checked, text[closing.end() :]


def _parse(text: str, file: str, lines: dict[Where, int]) -> dict[str, object]:
    if len(text) > LONGEST:
        raise BrokenFile(file, f"the front matter is longer than {LONGEST:,} characters", 1)
    try:
        node = _Loader(text).get_single_node()
        value = _value(node, (), lines) if node else {}
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + FIRST_LINE
        reason = f"the front matter holds a character that YAML does not allow: {text[error.position]!a}"
        raise BrokenFile(file, reason, line) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = f"the front matter is no YAML: {error.problem or error.context}"
        raise BrokenFile(file, reason, mark.line + FIRST_LINE if mark else 1) from None
    except (RecursionError, ValueError):
        reason = "the front matter is no YAML: nested too deep, or an escape that names no character"
        raise BrokenFile(file, reason, 1) from None
    if not isinstance(value, dict):
        raise BrokenFile(file, "the front matter must be fields like `title: …`", FIRST_LINE)
    return value


def _value(node: yaml.Node, where: Where, lines: dict[Where, int]) -> object:
    """The node as text, list or dict, the line of each noted. Null is None."""
    lines.setdefault(where, node.start_mark.line + FIRST_LINE)
    if node.tag not in TAGS:
        raise yaml.MarkedYAMLError(problem=f"the tag {node.tag} is not allowed", problem_mark=node.start_mark)
    if isinstance(node, yaml.ScalarNode):
        return None if node.tag == f"{TAG}null" else str(node.value)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*where, i), lines) for i, item in enumerate(node.value)]
    fields: dict[str, object] = {}
    for key, item in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise yaml.MarkedYAMLError(problem="a field's name must be a word", problem_mark=key.start_mark)
        if key.value in fields:
            raise yaml.MarkedYAMLError(problem=f"the field {key.value!r} is there twice", problem_mark=key.start_mark)
        lines[(*where, key.value)] = key.start_mark.line + FIRST_LINE
        fields[key.value] = _value(item, (*where, key.value), lines)
    return fields


def _line(lines: dict[Where, int], where: Where) -> int:
    """The line of the innermost part that is known."""
    return next((lines[where[:n]] for n in range(len(where), -1, -1) if where[:n] in lines), 1)
