"""Markdown with front matter: rendered to plain text, so that a quote is what a reader of the page sees."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from bot.errors import BrokenFile
from bot.knowledge.readers.encoding import decode, line_feeds, plain
from bot.knowledge.readers.extract import Composer
from bot.knowledge.readers.front_matter import split
from bot.knowledge.readers.language import detect
from bot.knowledge.readers.layout import Layout, Link, Sheet
from bot.vocabulary import Document

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
HTML_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")
HIDING = {"script", "style", "iframe", "object", "template", "noscript", "textarea", "title", "svg", "math", "select"}
BREAKS = {"softbreak": " ", "hardbreak": "\n", "image": ""}
SPACES = re.compile(r"[ \t]+")
INDENT = "  "


def read(data: bytes, file: str, identity: str) -> Sheet:
    """The document a Markdown file holds. Raises BrokenFile, with the line where there is one."""
    head = split(line_feeds(decode(data, file)), file, identity)
    composer = Composer()
    links: list[Link] = []
    blocks: list[tuple[int, int]] = []
    for node in SyntaxTreeNode(PARSER.parse(plain(head.body))).children:
        start, line = composer.next_start, head.body_line + (node.map[0] if node.map else 0)
        _block(node, composer)
        if composer.next_start > start:
            blocks.append((start, line))
        links += _links(node, head.body_line)
    if not composer.says_something:
        raise BrokenFile(file, "holds no text below its front matter")
    text = composer.text
    fields = head.fields if "language" in head.fields else head.fields | {"language": detect(text)}
    document = Document(id=identity, text=text, headings=composer.headings, origin=file, **fields)
    return Sheet(document, Layout(head.lines, tuple(links), tuple(blocks)))


def _links(node: SyntaxTreeNode, body_line: int) -> Iterator[Link]:
    """The links in a block, each with its line."""
    for inline in (part for part in node.walk() if part.type == "inline"):
        line = body_line + (inline.map[0] if inline.map else 0)
        for leaf in inline.walk(include_self=False):
            if leaf.type in ("softbreak", "hardbreak"):
                line += 1
            elif leaf.type == "link":
                yield Link(str(leaf.attrs.get("href", "")), line)


def _block(node: SyntaxTreeNode, composer: Composer) -> None:
    if node.type == "heading":
        composer.heading(int(node.tag[1:]), _inline(node))
    elif node.type == "blockquote":
        for child in node.children:
            _block(child, composer)
    else:
        composer.block("\n".join(_lines(node)))


def _lines(node: SyntaxTreeNode) -> Iterator[str]:
    """The lines of any block; raw HTML and rules have none."""
    if node.type in ("paragraph", "heading"):
        yield from _inline(node).split("\n")
    elif node.type in ("fence", "code_block"):
        yield from node.content.rstrip("\n").split("\n")
    elif node.type == "table":
        for row in (row for part in node.children for row in part.children):
            yield " | ".join(_inline(cell).replace("\n", " ") for cell in row.children).rstrip(" |")
    elif node.type == "blockquote":
        for child in node.children:
            yield from _lines(child)
    elif node.type in ("bullet_list", "ordered_list"):
        start = int(node.attrs.get("start", 1))
        for n, item in enumerate(node.children, start):
            yield from _item(item, "- " if node.type == "bullet_list" else f"{n}. ")


def _item(item: SyntaxTreeNode, mark: str) -> Iterator[str]:
    lines = [line for child in item.children for line in _lines(child) if line.strip()]
    for n, line in enumerate(lines):
        yield INDENT + line if n else mark + line


def _inline(node: SyntaxTreeNode) -> str:
    """The words of a paragraph, heading or cell. What an HTML element hides in a browser is left out too."""
    words: list[str] = []
    hidden = ""
    for leaf in _leaves(node):
        if leaf.type == "html_inline":
            tag = HTML_TAG.match(leaf.content)
            name = tag[2].lower() if tag else ""
            if hidden and tag and tag[1] and name == hidden:
                hidden = ""
            elif not hidden and tag and not tag[1] and name in HIDING:
                hidden = name
        elif not hidden:
            words.append(BREAKS.get(leaf.type, leaf.content))
    return "\n".join(SPACES.sub(" ", line).strip() for line in "".join(words).split("\n")).strip()


def _leaves(node: SyntaxTreeNode) -> Iterator[SyntaxTreeNode]:
    """What stands in the text, in order; struck-out words no longer do, nor do pictures."""
    for child in node.children:
        if child.type == "s":
            continue
        if child.children and child.type != "image":
            yield from _leaves(child)
        elif child.type not in ("inline", "link", "em", "strong"):
            yield child
