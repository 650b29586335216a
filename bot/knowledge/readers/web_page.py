"""Web pages: the main text without menus and footers. Loaded only in the limited child process."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from xml.etree import ElementTree

import trafilatura
from lxml import etree, html

from bot.errors import BrokenFile
from bot.knowledge.readers.encoding import decode, one_line
from bot.knowledge.readers.extract import Composer, Extract
from bot.knowledge.readers.fields import web_address
from bot.knowledge.readers.language import known
from bot.knowledge.readers.paragraphs import SENTENCE_END
from bot.knowledge.readers.written_date import read_date

MAIN = "//main | //*[@role='main' and not(self::main)]"
DATA_TABLE = "//table[.//th]"
LEAST_MAIN = 200


def read(data: bytes, file: str) -> Extract:
    """The main text of a page, its headings, and the title, day, language and address the page names.

    Raises BrokenFile if there is no main text.
    """
    text = decode(data, file)
    if not text.strip():
        raise BrokenFile(file, "holds no text")
    try:
        page = html.document_fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8"))
    except etree.ParserError:
        raise BrokenFile(file, "holds no HTML") from None
    stated = _stated_days(page)
    _focus(page)
    xml = trafilatura.extract(
        page,
        output_format="xml",
        include_tables=True,
        include_comments=False,
        with_metadata=True,
        date_extraction_params={"extensive_search": False},
    )
    document = ElementTree.fromstring(xml) if xml else None
    main = document.find("main") if document is not None else None
    if document is None or main is None:
        raise BrokenFile(file, "holds no text besides menus and the like")
    composer = Composer()
    for element in main:
        _block(element, composer)
    if not composer.says_something:
        raise BrokenFile(file, "holds no text besides menus and the like")
    address = document.get("url", "")
    return Extract(
        composer.text,
        headings=composer.headings,
        title=one_line(document.get("title", "")),
        published=_published(document.get("date", ""), stated),
        language=known(page.get("lang") or page.get("{http://www.w3.org/XML/1998/namespace}lang") or page.get("xml:lang") or ""),
        url=address if web_address(address) else "",
    )


def _focus(page: html.HtmlElement) -> None:
    """Helps the extraction where the page itself says what is its main part and what is a table of data."""
    for element in page.xpath("//del | //s | //strike"):
        element.drop_tree()
    for element in page.xpath(f"{DATA_TABLE}//a | {DATA_TABLE}//time"):
        element.drop_tag()
    mains = page.xpath(MAIN)
    bodies = page.xpath("/html/body")
    if len(mains) != 1 or len(bodies) != 1 or len(mains[0].text_content()) < LEAST_MAIN:
        return
    main = mains[0]
    if main.xpath(f".{DATA_TABLE}[not(ancestor::article)]"):
        for element in main.xpath(".//article | .//section"):
            element.tag = "div"
    for child in list(bodies[0]):
        bodies[0].remove(child)
    bodies[0].text = None
    main.tail = None
    bodies[0].append(main)


def _stated_days(page: html.HtmlElement) -> str:
    """Where a page says when it was published: meta tags, structured data, and the one time it gives, if it is one."""
    said = [str(value) for value in page.xpath("//meta/@content")]
    said += [str(value) for value in page.xpath("//script[@type='application/ld+json']/text()")]
    times = {str(value)[:10] for value in page.xpath("//time/@datetime")}
    return "\n".join(said + (list(times) if len(times) == 1 else []))


def _published(day: str, stated: str) -> date | None:
    """The day that was found, if the page states it: a day picked from the running text may be any day."""
    return read_date(day) if day and day in stated else None


def _block(element: ElementTree.Element, composer: Composer) -> None:
    if element.tag == "head":
        level = element.get("rend", "")
        composer.heading(int(level[1:]) if level[1:].isdigit() else 2, _inline(element))
    elif element.tag in ("quote", "div"):
        composer.block(_inline(element) if not len(element) or (element.text or "").strip() else "")
        for child in element if not (element.text or "").strip() else ():
            _block(child, composer)
    else:
        composer.block("\n".join(_lines(element)))


def _lines(element: ElementTree.Element) -> Iterator[str]:
    if element.tag == "list":
        for item in element:
            yield from _item(item)
    elif element.tag == "table":
        for row in element.iter("row"):
            yield " | ".join(one_line("".join(cell.itertext())) for cell in row.iter("cell")).rstrip(" |")
    elif element.tag == "code":
        yield from "".join(element.itertext()).strip("\n").split("\n")
    else:
        yield from _inline(element).split("\n")


def _item(item: ElementTree.Element) -> Iterator[str]:
    """The item's own words behind a mark, then the lists inside it, set in."""
    inner = [child for child in item if child.tag == "list"]
    own = one_line(_words(item, skip="list"))
    if own:
        yield f"- {own}"
    for child in inner:
        yield from (f"  {line}" for line in _lines(child))


def _inline(element: ElementTree.Element) -> str:
    lines: list[str] = []
    for line in (one_line(line) for line in _words(element).split("\n")):
        if lines and not SENTENCE_END.search(lines[-1]):
            lines[-1] = f"{lines[-1]} {line}".strip()
        elif line:
            lines.append(line)
    return "\n".join(lines)


def _words(element: ElementTree.Element, skip: str = "") -> str:
    """The words inside an element; a line feed only where the page breaks the line."""
    parts = [" ".join((element.text or "").split("\n"))]
    for child in element:
        if child.tag == "lb":
            parts.append("\n")
        elif child.tag != skip:
            parts.append(_words(child, skip) + ("\n" if child.tag == "p" else ""))
        parts.append(" ".join((child.tail or "").split("\n")))
    return "".join(parts)
