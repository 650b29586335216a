"""The fields at the head of a Markdown file, between two lines of three hyphens; every fault with its line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from bot.errors import BrokenFile
from bot.knowledge.readers.encoding import CONTROL
from bot.knowledge.readers.fields import Unfit, Where, check
from bot.knowledge.readers.yaml_complaint import complaint
from bot.vocabulary import Problem

OPENING = re.compile(r"---[ \t]*\n")
CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE)
FIRST_LINE = 2
TAG = "tag:yaml.org,2002:"
TAGS = {TAG + kind for kind in ("str", "int", "float", "bool", "null", "timestamp", "merge", "value", "seq", "map")}
ALIAS = "aliases (*name) are not allowed; write the text out, in quotation marks where it begins with an asterisk"
LONGEST = 100_000
NO_YAML = "the front matter is no YAML"


class _Loader(yaml.SafeLoader):
    """YAML without aliases: a few lines of them can stand for gigabytes."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem=ALIAS, problem_mark=mark)
        return super().compose_node(parent, index)


@dataclass(frozen=True, slots=True)
class Head:
    """The checked fields with the line of each, and the body, which begins on line `body_line` of its file."""

    fields: dict[str, Any]
    lines: Mapping[Where, int]
    body: str
    body_line: int

    def line(self, *where: str | int) -> int:
        """The line of the innermost part on the way that is known."""
        return _line(self.lines, where)


def split(text: str, file: str, identity: str = "") -> Head:
    """The front matter and the body of the Markdown text of the document with that id.

    Scalars are taken as they are written, so `2022-10` stays that. Raises BrokenFile with every fault that can be seen.
    """
    opening = OPENING.match(text)
    if not opening:
        raise BrokenFile(file, "title is missing: the file must begin with front matter between two lines of ---", 1)
    closing = CLOSING.search(text, opening.end())
    if not closing:
        raise BrokenFile(file, "the front matter is not closed: a line of --- is missing; add it below the last field", 1)
    reading = _Reading(file)
    given = reading.parse(text[opening.end() : closing.start()])
    checked: dict[str, Any] = {}
    try:
        checked = check(given, identity)
    except Unfit as unfit:
        reading.faults += [Problem(file, one.reason, _line(reading.lines, one.where)) for one in unfit.every]
    if "title" not in given:
        reading.faults.append(Problem(file, "title is missing; add a line `title: …`", 1))
    if reading.faults:
        first, *others = sorted(reading.faults, key=lambda fault: fault.line or 0)
        raise BrokenFile(file, first.reason, first.line, others)
    return Head(checked, reading.lines, text[closing.end() :], text.count("\n", 0, closing.end()) + 1)


class _Reading:
    """One file's fields on their way from YAML to text, lists and dicts; gathers lines and faults."""

    def __init__(self, file: str) -> None:
        self._file = file
        self.lines: dict[Where, int] = {}
        self.faults: list[Problem] = []

    def parse(self, text: str) -> dict[str, object]:
        """The fields. Raises BrokenFile where the text is no YAML: no later field can be told then."""
        if len(text) > LONGEST:
            raise BrokenFile(self._file, f"the front matter is longer than {LONGEST:,} characters; move text below it", 1)
        control = CONTROL.search(text)
        if control:
            line = text.count("\n", 0, control.start()) + FIRST_LINE
            raise BrokenFile(self._file, f"the front matter holds a control character, {control[0]!a}; delete it", line)
        try:
            node = _Loader(text).get_single_node()
        except yaml.reader.ReaderError as error:
            line = text.count("\n", 0, error.position) + FIRST_LINE
            reason = f"the front matter holds a character that YAML does not allow: {text[error.position]!a}; delete it"
            raise BrokenFile(self._file, reason, line) from None
        except yaml.MarkedYAMLError as error:
            reason, line = complaint(error, text.split("\n"))
            raise BrokenFile(self._file, f"{NO_YAML}: {reason}", line + FIRST_LINE) from None
        except (RecursionError, ValueError):
            reason = f"{NO_YAML}: nested too deep, or an escape that names no character; write plain fields"
            raise BrokenFile(self._file, reason, 1) from None
        if node and not isinstance(node, yaml.MappingNode):
            raise BrokenFile(self._file, "the front matter must be fields like `title: …`; write one a line", FIRST_LINE)
        return self._fields(node, ()) if node else {}

    def _value(self, node: yaml.Node, where: Where) -> object:
        """The node as text, list or dict, the line of each noted. Null is None."""
        self.lines.setdefault(where, node.start_mark.line + FIRST_LINE)
        if node.tag not in TAGS:
            self._fault(node, f"the tag {node.tag} is not allowed; delete it, or put the text in quotation marks")
        if isinstance(node, yaml.ScalarNode):
            if CONTROL.search(node.value):
                self._fault(node, f"{where[0]} holds an escaped control character; delete it")
            return None if node.tag == f"{TAG}null" else str(node.value)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(item, (*where, i)) for i, item in enumerate(node.value)]
        return self._fields(node, where)

    def _fields(self, node: yaml.Node, where: Where) -> dict[str, object]:
        fields: dict[str, object] = {}
        for key, item in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._fault(key, "a field's name must be a word; write `name: value`")
            elif key.value in fields:
                self._fault(key, f"the field {key.value!r} is there twice; delete one of them")
            else:
                self.lines[(*where, key.value)] = key.start_mark.line + FIRST_LINE
                fields[key.value] = self._value(item, (*where, key.value))
        return fields

    def _fault(self, node: yaml.Node, reason: str) -> None:
        self.faults.append(Problem(self._file, f"{NO_YAML}: {reason}", node.start_mark.line + FIRST_LINE))


def _line(lines: Mapping[Where, int], where: Where) -> int:
    return next((lines[where[:n]] for n in range(len(where), -1, -1) if where[:n] in lines), 1)
