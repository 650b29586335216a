"""HTML, PDF and DOCX, which a limited child process reads: exact texts and places, and every limit named."""

from __future__ import annotations

import io
import subprocess
import sys
import time
import tracemalloc
import zipfile
import zlib
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from pypdf import PdfReader, PdfWriter

from bot.knowledge.files import Found, Limits, read
from bot.knowledge.readers import limited
from bot.knowledge.readers.pdf import assemble
from bot.vocabulary import Document, Heading, Problem

LIMITS = Limits(max_file_bytes=20_000_000, seconds=20, memory_bytes=1_000_000_000)
LEAST = Limits(max_file_bytes=20_000_000, seconds=20, memory_bytes=200_000_000)


def one(folder: Path, name: str, data: bytes, limits: Limits = LIMITS) -> Document | Problem:
    path = folder / name
    path.write_bytes(data)
    (only,) = read(Found(path, folder), limits)
    assert not isinstance(only, Problem) or only.file == str(path)
    return only


def document(folder: Path, name: str, data: bytes, limits: Limits = LIMITS) -> Document:
    only = one(folder, name, data, limits)
    assert isinstance(only, Document), only
    return only


def reason(folder: Path, name: str, data: bytes, limits: Limits = LIMITS) -> str:
    only = one(folder, name, data, limits)
    assert isinstance(only, Problem), only
    return only.reason


def pdf(*contents: bytes, catalog: bytes = b"", raw: bool = False) -> bytes:
    """A PDF of one page for each content stream; `raw` streams are compressed already."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * n) for n in range(len(contents)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R %s>>" % catalog,
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(contents)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for n, content in enumerate(contents):
        fonts = b"/Resources << /Font << /F 3 0 R >> >>"
        page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] " + fonts + b" /Contents %d 0 R >>"
        stream = content if raw else zlib.compress(content)
        objects += [page % (5 + 2 * n), b"<< /Length %d %s>>\nstream\n%s\nendstream" % (len(stream), FILTER, stream)]
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for n, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (n, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        size,
        table,
        size,
        len(out),
    )
    return bytes(out)


FILTER = b"/Filter /FlateDecode "


def lines(*texts: str) -> bytes:
    shown = b"".join(b"(%s) Tj T*\n" % text.encode("cp1252") for text in texts)
    return b"BT /F 11 Tf 14 TL 50 800 Td\n" + shown + b"ET"


PAGES = (
    lines(
        "Export notice",
        "The authority grants a licence where the goods are listed in the annex and the appli-",
        "cant has shown that there is no other way to fulfil a contract which was signed before",
        "the rules began.",
        "It decides within",
        "1",
    ),
    lines("Export notice", "thirty days of the request.", "2"),
    lines("Export notice", "A third page says more.", "3"),
)
PDF_TEXT = (
    "Export notice\n\nThe authority grants a licence where the goods are listed in the "
    "annex and the applicant has shown that "
    "there is no other way to fulfil a contract which was signed before the rules began.\n\n"
    "It decides within thirty days of the request.\n\nA third page says more."
)


def test_pdf_pages_sentences_and_running_lines(tmp_path: Path) -> None:
    read_pdf = document(tmp_path, "notice.pdf", pdf(*PAGES))
    assert read_pdf.text == PDF_TEXT
    assert read_pdf.pages == (0, PDF_TEXT.index("thirty days"), PDF_TEXT.index("A third"))
    assert (read_pdf.id, read_pdf.title, read_pdf.language, read_pdf.headings) == ("notice", "notice", "en", ())


@pytest.mark.parametrize(
    ("given", "title"), [("A real title", "A real title"), ("Microsoft Word - a.doc", "a.doc"), ("Untitled", "n")]
)
def test_a_pdf_title_comes_from_its_properties(tmp_path: Path, given: str, title: str) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(*PAGES))))
    writer.add_metadata({"/Title": given})
    out = io.BytesIO()
    writer.write(out)
    assert document(tmp_path, "n.pdf", out.getvalue()).title == title


def test_pages_without_text_take_the_place_of_the_next() -> None:
    assert assemble([[], ["One."], [], ["Two."], []]) == ("One.\n\nTwo.", (0, 0, 6, 6, 10))


def test_pdfs_that_cannot_be_read(tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(*PAGES))))
    writer.encrypt("secret", algorithm="RC4-128")
    locked = io.BytesIO()
    writer.write(locked)
    assert reason(tmp_path, "a.pdf", locked.getvalue()) == "is encrypted; save a copy without a password"
    assert reason(tmp_path, "a.pdf", pdf(b"0 0 1 rg 0 0 100 100 re f")).startswith("holds no text: its pages are pictures")
    assert reason(tmp_path, "a.pdf", b"no pdf at all").startswith("cannot be read as PDF (PdfStreamError: ")
    assert reason(tmp_path, "a.pdf", pdf(*PAGES)[:300]).startswith(("cannot be read as PDF (", "holds no text"))


def zeros(size: int) -> bytes:
    packer = zlib.compressobj(9)
    piece = bytes(1_000_000)
    return b"".join(packer.compress(piece) for _ in range(size // len(piece))) + packer.flush()


def test_a_pdf_that_unfolds_to_half_a_gigabyte(tmp_path: Path) -> None:
    bomb = pdf(zeros(500_000_000), raw=True)
    assert len(bomb) < 1_000_000
    tracemalloc.start()
    told = reason(tmp_path, "a.pdf", bomb)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "limit" in told.lower() or "memory" in told
    assert peak < 10_000_000


def test_a_pdf_of_streams_within_streams(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "FILTER", b"/Filter [/FlateDecode /FlateDecode] ")
    bomb = pdf(zlib.compress(zeros(500_000_000), 9), raw=True)
    assert len(bomb) < 50_000
    told = reason(tmp_path, "a.pdf", bomb)
    assert "limit" in told.lower() or "memory" in told


def test_an_archive_that_needs_too_much_memory_names_the_limit(tmp_path: Path) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word())) as real, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as grown:
        for part in real.namelist():
            grown.writestr(part, real.read(part) + (b" " * 300_000_000 if part == "word/document.xml" else b""))
    assert len(bomb.getvalue()) < 1_000_000
    told = reason(tmp_path, "a.docx", bomb.getvalue(), LEAST)
    assert told == "needs more memory to read than 200,000,000 bytes (BOT_PARSE_MEMORY_BYTES)"


def test_the_least_memory_that_can_be_set_is_enough_for_ordinary_files(tmp_path: Path) -> None:
    for name, data in (("a.html", PAGE.encode()), ("a.pdf", pdf(*PAGES)), ("a.docx", word())):
        assert document(tmp_path, name, data, LEAST).text


def test_a_file_that_takes_too_long_names_the_limit(tmp_path: Path) -> None:
    slow = pdf(*[lines(*["A line of text."] * 20_000)] * 20)
    began = time.monotonic()
    told = reason(tmp_path, "a.pdf", slow, Limits(20_000_000, 1, 1_000_000_000))
    assert told == "takes longer to read than 1 seconds (BOT_PARSE_SECONDS)"
    assert time.monotonic() - began < 5


def test_the_child_starts_fast_from_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    began = time.monotonic()
    document(tmp_path, "a.pdf", pdf(*PAGES))
    assert time.monotonic() - began < 3
    assert list(tmp_path.iterdir()) == [tmp_path / "a.pdf"]


def test_the_child_gets_none_of_our_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_DATABASE_URL", "postgresql://user:secret@host/db")
    started: list[dict[str, str]] = []
    run = subprocess.run

    def watched(*command: Any, **options: Any) -> Any:
        started.append(options["env"])
        return run(*command, **options)

    monkeypatch.setattr("bot.knowledge.readers.limited.subprocess.run", watched)
    document(tmp_path, "a.pdf", pdf(*PAGES))
    assert len(started) == 1
    assert not [name for name, value in started[0].items() if name.startswith("BOT_") or "secret" in value]


@pytest.mark.parametrize("names", [("numpy", "torch", "sentence_transformers"), ("bot.knowledge.ingest",)])
def test_the_parsers_of_pdf_and_docx_load_no_heavy_library(names: tuple[str, ...]) -> None:
    code = f"import sys, bot.knowledge.readers.{{}} as _; print([n for n in {names!r} if n in sys.modules])"
    for module in ("limited", "pdf", "word"):
        told = subprocess.run(
            [sys.executable, "-c", code.format(module)], cwd=limited.IMPORT_ROOT, capture_output=True, check=True
        )
        assert told.stdout == b"[]\n"


PAGE = """<!DOCTYPE html><html lang="de-CH"><head><title>Ausfuhr &amp; Recht | Firma</title>
<meta property="og:title" content="Ausfuhr &amp; Recht">
<meta property="article:published_time" content="2024-05-06T08:00:00+02:00">
<link rel="canonical" href="https://example.com/ausfuhr"></head><body>
<nav><ul><li><a href="/">Start</a></li><li><a href="/b">Blog</a></li></ul></nav>
<main><h1>Ausfuhr &amp; Recht</h1>
<p>Wer Waren <b>ausführt</b>, braucht eine <a href="/g">Genehmigung</a>, wenn sie im Anhang der Verordnung stehen.</p>
<p>Das Amt entscheidet innerhalb von dreissig Tagen über jeden Antrag, der vollständig bei ihm eingegangen ist.</p>
<h2>Was zu tun ist</h2>
<ul><li>Waren einstufen und die Einstufung schriftlich festhalten</li><li>Endverwendung erklären lassen</li></ul>
<p>Alte Regel: <del>frei</del> gilt nicht mehr. <script>document.write("evil")</script></p>
<table><tr><th>Ware</th><th>Pflicht</th></tr><tr><td><a href="/m">Maschinen</a></td><td>ja</td></tr></table></main>
<footer><p>Impressum und Datenschutz der Firma, alle Rechte vorbehalten seit 1999.</p></footer></body></html>"""


def test_a_web_page(tmp_path: Path) -> None:
    page = document(tmp_path, "a.html", PAGE.encode())
    text = page.text
    assert (page.title, page.language, page.url) == ("Ausfuhr & Recht", "de", "https://example.com/ausfuhr")
    assert page.published == date(2024, 5, 6)
    assert text == (
        "Ausfuhr & Recht\n\nWer Waren ausführt, braucht eine Genehmigung, wenn sie im Anhang der Verordnung stehen.\n\n"
        "Das Amt entscheidet innerhalb von dreissig Tagen über jeden Antrag, der "
        "vollständig bei ihm eingegangen ist.\n\n"
        "Was zu tun ist\n\n- Waren einstufen und die Einstufung schriftlich festhalten\n- "
        "Endverwendung erklären lassen\n\n"
        "Alte Regel: gilt nicht mehr.\n\nWare | Pflicht\nMaschinen | ja"
    )
    assert page.headings == (
        Heading(0, 1, "Ausfuhr & Recht"),
        Heading(text.index("Was zu tun"), 2, "Was zu tun ist"),
    )


def test_a_day_the_page_does_not_state_is_not_its_day(tmp_path: Path) -> None:
    guessed = PAGE.replace("article:published_time", "x").replace("2024-05-06T08:00:00+02:00", "x")
    rows = '<td><time datetime="2022-02-25">25.2.2022</time><time datetime="2023-03-25">x</time></td>'
    assert document(tmp_path, "a.html", guessed.replace("<td>ja</td>", rows).encode()).published is None


@pytest.mark.parametrize(("tag", "language"), [("", "de"), (' lang="fr"', "en"), (' lang="ru_RU"', "ru")])
def test_the_language_of_a_page(tmp_path: Path, tag: str, language: str) -> None:
    assert document(tmp_path, "a.htm", PAGE.replace(' lang="de-CH"', tag).encode()).language == language


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"<html><body><nav><a href='/'>Home</a></nav></body></html>", "holds no text besides menus and the like"),
        (b"<!-- nothing -->", "holds no"),
        (b"<p>caf\xe9</p>", "is not UTF-8 (byte 0xe9 at offset 6); save it as UTF-8"),
    ],
)
def test_pages_that_cannot_be_read(tmp_path: Path, data: bytes, told: str) -> None:
    assert reason(tmp_path, "a.html", data).startswith(told)


def word() -> bytes:
    made = docx.Document()
    made.core_properties.title = "Service terms"
    made.add_heading("Terms", 0)
    made.add_paragraph("First sentence. ").add_run("Second\none.").bold = True
    made.add_heading("Scope\tof work", 2)
    made.add_paragraph("One", style="List Bullet")
    made.add_paragraph("Two", style="List Number")
    table = made.add_table(2, 2)
    for cell, text in zip((cell for row in table.rows for cell in row.cells), ("Law", "Place", "A", ""), strict=True):
        cell.text = text
    changed = made.add_paragraph("Kept ")
    for tag, text in (("ins", '<w:t xml:space="preserve">added </w:t>'), ("del", "<w:delText>removed</w:delText>")):
        changed._p.append(parse_xml(f"<w:{tag} {nsdecls('w')}><w:r>{text}</w:r></w:{tag}>"))
    changed.add_run("end.")
    control = f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>In a control.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    made.element.body.insert(len(made.element.body) - 1, parse_xml(control))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_a_word_document(tmp_path: Path) -> None:
    terms = document(tmp_path, "terms.docx", word())
    text = terms.text
    assert text == (
        "Terms\n\nFirst sentence. Second\none.\n\nScope of work\n\n- One\n- Two\n\nLaw | "
        "Place\nA\n\nKept added end.\n\nIn a control."
    )
    assert terms.headings == (Heading(0, 1, "Terms"), Heading(text.index("Scope"), 2, "Scope of work"))
    assert (terms.id, terms.title, terms.language) == ("terms", "Service terms", "en")


def test_word_documents_that_cannot_be_read(tmp_path: Path) -> None:
    empty = io.BytesIO()
    docx.Document().save(empty)
    assert reason(tmp_path, "a.docx", empty.getvalue()) == "holds no text"
    assert reason(tmp_path, "a.docx", b"PK\x03\x04 no archive").startswith("cannot be read as DOCX (")
    assert reason(tmp_path, "a.docx", word()[:2000]).startswith("cannot be read as DOCX (")
