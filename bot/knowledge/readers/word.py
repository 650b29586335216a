"""Word documents (DOCX): paragraphs, headings by style, lists, tables. Loaded only in the limited child process."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.oxml.ns import qn

from bot.errors import BrokenFile
from bot.knowledge.readers.encoding import one_line
from bot.knowledge.readers.extract import Composer, Extract

HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
BODY, PARAGRAPH, TABLE, ROW, CELL = (qn(f"w:{name}") for name in ("body", "p", "tbl", "tr", "tc"))
CONTROLS, CONTENT, GALLERY = (qn(f"w:{name}") for name in ("sdt", "sdtContent", "docPartGallery"))
TEXT, VALUE = qn("w:t"), qn("w:val")
GAPS = {qn("w:tab"): " ", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
LEFT_OUT = {qn("w:del"), qn("w:moveFrom"), qn("w:drawing"), qn("w:pict"), qn("w:pPr"), qn("w:rPr"), qn("w:object")}


def read(data: bytes, file: str) -> Extract:
    """The text of a document with tracked changes accepted. Raises BrokenFile if it holds none."""
    document = docx.Document(io.BytesIO(data))
    styles = _styles(document)
    composer = Composer()
    items: list[str] = []
    for element in _blocks(document.element.body):
        style = "" if element.tag == TABLE else _style(element, styles)
        text = "\n".join(_rows(element)) if element.tag == TABLE else _text(element)
        if _is_item(element, style):
            items += [f"- {one_line(text)}"] if text.strip() else []
            continue
        composer.block("\n".join(items))
        items = []
        level = 1 if style == "Title" else int(found[1]) if (found := HEADING.fullmatch(style)) else 0
        if level:
            composer.heading(level, text)
        else:
            composer.block(text)
    composer.block("\n".join(items))
    if not composer.says_something:
        raise BrokenFile(file, "holds no text")
    return Extract(composer.text, headings=composer.headings, title=one_line(document.core_properties.title or ""))


def _styles(document: WordDocument) -> dict[str, str]:
    """Style names by id; the names of built-in styles are English in every edition of Word."""
    return {style.style_id: style.name or "" for style in document.styles}


def _blocks(parent: Any) -> Iterator[Any]:
    """Paragraphs and tables in order, those inside content controls too, but no table of contents."""
    for child in parent:
        if child.tag in (PARAGRAPH, TABLE):
            yield child
        elif child.tag == CONTROLS and not any("Contents" in part.get(VALUE, "") for part in child.iter(GALLERY)):
            for content in child.iterchildren(CONTENT):
                yield from _blocks(content)


def _style(paragraph: Any, styles: dict[str, str]) -> str:
    return styles.get(paragraph.style or "", "")


def _is_item(element: Any, style: str) -> bool:
    if element.tag != PARAGRAPH or HEADING.fullmatch(style):
        return False
    return style.startswith("List ") or (element.pPr is not None and element.pPr.numPr is not None)


def _rows(table: Any) -> Iterator[str]:
    """A line for each row; what stands in a cell is on one line."""
    for row in table.iterchildren(ROW):
        yield " | ".join(one_line(" ".join(_text(p) for p in cell.iter(PARAGRAPH))) for cell in row.iterchildren(CELL)).rstrip(
            " |"
        )


def _text(element: Any) -> str:
    return "".join(_pieces(element)).strip()


def _pieces(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag == TEXT:
            yield child.text or ""
        elif child.tag in GAPS:
            yield GAPS[child.tag]
        elif child.tag not in LEFT_OUT:
            yield from _pieces(child)
