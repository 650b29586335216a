"""Markdown and plain text: the exact text, headings and fields, and each fault of front matter with its line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.knowledge.files import Found, Limits, read
from bot.vocabulary import Document, Heading, Problem, Source

LIMITS = Limits(max_file_bytes=200_000, seconds=20, memory_bytes=1_000_000_000)

FULL = """---
title: "Licences: what changes"
summary: >
  Two lines
  that are one.
kind: policy
topics: [sanctions, export_controls, sanctions]
jurisdictions: [US, EU]
published: 2024-08-21
as_of: 2024-09-01
review_by: 2025-01-31
valid_until:
supersedes: articles/old
language: en
url: https://example.com/licences?a=1
sources:
  - title: General licence 8
    publisher: OFAC
    address: https://ofac.treasury.gov/gl8
    date: 2022-10
  - {title: Undated note, date: 2023-01-05}
---
# Licences

A first *paragraph* with a [link](https://example.com "tip"), `code  kept`
and a soft break.\\
A hard break.

- one **item**
- two
  1. inner
  2. more

  with a second paragraph
- [x](javascript:alert(1)) y

## Table & more

| Law | Place |
|-----|:-----:|
| *A* | US    |
| B   |       |

> Quoted words.

```python
x = 1

y = 2
```

<div onclick="evil()">
Dropped
</div>

Kept <b>bold</b> <script>evil()</script>words &amp; ~~gone~~ ![picture](a.png) &lt;i&gt;.
"""

FULL_TEXT = """Licences

A first paragraph with a link, code kept and a soft break.
A hard break.

- one item
- two
  1. inner
  2. more
  with a second paragraph
- [x](javascript:alert(1)) y

Table & more

Law | Place
A | US
B

Quoted words.

x = 1

y = 2

Kept bold words & <i>."""


def markdown(folder: Path, text: str | bytes, name: str = "a.md") -> Document | Problem:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    (only,) = read(Found(path, folder), LIMITS)
    return only


def test_every_field_and_every_block(tmp_path: Path) -> None:
    document = markdown(tmp_path, FULL)
    assert isinstance(document, Document), document
    assert document.text == FULL_TEXT
    start = FULL_TEXT.index("Table & more")
    assert document == Document(
        id="a",
        title="Licences: what changes",
        text=FULL_TEXT,
        kind="policy",
        summary="Two lines that are one.",
        topics=("sanctions", "export_controls"),
        jurisdictions=("US", "EU"),
        published=date(2024, 8, 21),
        as_of=date(2024, 9, 1),
        review_by=date(2025, 1, 31),
        valid_until=None,
        supersedes="articles/old",
        language="en",
        url="https://example.com/licences?a=1",
        sources=(
            Source("General licence 8", "OFAC", "https://ofac.treasury.gov/gl8", "2022-10"),
            Source("Undated note", date="2023-01-05"),
        ),
        headings=(Heading(0, 1, "Licences"), Heading(start, 2, "Table & more")),
        origin=str(tmp_path / "a.md"),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_line_ends_marks_and_control_characters(tmp_path: Path, encoding: str) -> None:
    document = markdown(tmp_path, "---\r\ntitle: T\r\n---\r\nOne\x07two\u2028three.\r\rFour.".encode(encoding))
    assert isinstance(document, Document), document
    assert document.text == "One two three.\n\nFour."


@pytest.mark.parametrize(
    ("body", "language"),
    [
        ("Wer Waren nach Russland ausführt, braucht dafür eine Genehmigung des Amtes.", "de"),
        ("Экспорт этих товаров в Россию требует лицензии.", "ru"),
        ("向俄罗斯出口这些货物需要许可证。", "zh"),
        ("Exports from Türkiye through Zürich need a licence of the authority.", "en"),
    ],
)
def test_the_language_is_seen_where_it_is_not_said(tmp_path: Path, body: str, language: str) -> None:
    document = markdown(tmp_path, f"---\ntitle: T\n---\n{body}")
    assert isinstance(document, Document) and document.language == language


FAULTS: list[tuple[str, int, str]] = [
    ("Just text.", 1, "title is missing: the file must begin with front matter"),
    ("---\ntitle: x\n", 1, "the front matter is not closed"),
    ("---\nsummary: x\n---\nText.", 1, "title is missing"),
    ("---\n---\nText.", 1, "title is missing"),
    ("---\nsummary: x\ntitle:\n---\nText.", 3, "title is missing"),
    ("---\nsummary: x\ntitle: '  '\n---\nText.", 3, "title is missing"),
    ("---\ntitle: [a]\n---\nText.", 2, "title must be text, not a list"),
    (
        "---\ntitle: x\ntopic: [sanctions]\n---\nText.",
        3,
        "unknown field 'topic' (did you mean 'topics'?); known are title",
    ),
    ("---\ntitle: x\npublished: 2024-02-30\n---\nText.", 3, "published: '2024-02-30' is no date; write year-month-day"),
    ("---\ntitle: x\n\nas_of: August 21, 2024\n---\nText.", 4, "as_of: 'August 21, 2024' is no date"),
    (
        "---\ntitle: x\ntopics:\n  - sanctions\n  - weather\n---\nText.",
        5,
        "topics 2: 'weather' is unknown; known are sanctions",
    ),
    ("---\ntitle: x\ntopics: sanctions\n---\nText.", 3, "topics must be a list, not text"),
    ("---\ntitle: x\nkind: blog\n---\nText.", 3, "kind: 'blog' is unknown; known are article, service, policy"),
    ("---\ntitle: x\nlanguage: no\n---\nText.", 3, "language: 'no' is unknown; known are en, ru, zh, de"),
    ("---\ntitle: x\njurisdictions: [US, USA]\n---\nText.", 3, "jurisdictions 2: 'USA' is unknown"),
    ("---\ntitle: x\nurl: javascript:alert(1)\n---\nText.", 3, "url: 'javascript:alert(1)' is no address"),
    ("---\ntitle: x\nurl: 'https://a.b/\"><script>'\n---\nText.", 3, "url: "),
    ("---\ntitle: x\nurl: 'http://[::1'\n---\nText.", 3, "url: "),
    (
        "---\ntitle: x\nsources:\n  - title: y\n    adress: z\n---\nText.",
        5,
        "unknown field 'adress' (did you mean 'address'?)",
    ),
    ("---\ntitle: x\nsources:\n  - title: y\n    address: 'data:text/html,x'\n---\nText.", 5, "sources 1 address: "),
    ("---\ntitle: x\nsources:\n  - title: y\n  - publisher: z\n---\nText.", 5, "sources 2 has no title"),
    ("---\ntitle: x\nsources: [y]\n---\nText.", 3, "sources 1 must have the fields title, publisher, address, date"),
    ("---\ntitle: x\ntitle: y\n---\nText.", 3, "the front matter is no YAML: the field 'title' is there twice"),
    ("---\ntitle: x\nsummary: 'y\n---\nText.", 4, "the front matter is no YAML: found unexpected end of stream"),
    ("---\ntitle: &a x\nsummary: *a\n---\nText.", 3, "the front matter is no YAML: aliases (*name) are not allowed"),
    ("---\ntitle: x\nsummary: !!python/name:os.system\n---\nText.", 3, "the front matter is no YAML: the tag"),
    ("---\ntitle: x\nsummary: !evil y\n---\nText.", 3, "the front matter is no YAML: the tag !evil"),
    (
        "---\ntitle: x\nsummary: a\ufffeb\n---\nText.",
        3,
        "the front matter holds a character that YAML does not allow: '\\ufffe'",
    ),
    ('---\ntitle: x\nsummary: "\\ud800"\n---\nText.', 3, "summary holds half a character"),
    ("---\ntitle: " + "[" * 5000 + "\n---\nText.", 1, "the front matter is no YAML: nested too deep"),
    ("---\n- title\n---\nText.", 2, "the front matter must be fields"),
    ("---\ntitle: x\n? [a]\n: b\n---\nText.", 3, "the front matter is no YAML: a field's name must be a word"),
    ("---\ntitle: " + "x" * 100_001 + "\n---\nText.", 1, "the front matter is longer than 100,000 characters"),
]


@pytest.mark.parametrize(("text", "line", "reason"), FAULTS)
def test_each_fault_has_its_line(tmp_path: Path, text: str, line: int, reason: str) -> None:
    told = markdown(tmp_path, text)
    assert isinstance(told, Problem), told
    assert (told.file, told.line) == (str(tmp_path / "a.md"), line)
    assert told.reason.startswith(reason), told.reason


@pytest.mark.parametrize("body", ["", "\n\n# Only a heading\n", "<script>evil()</script>", "![picture](a.png)"])
def test_front_matter_without_text_is_a_problem(tmp_path: Path, body: str) -> None:
    told = markdown(tmp_path, f"---\ntitle: x\n---\n{body}")
    assert told == Problem(str(tmp_path / "a.md"), "holds no text below its front matter")


def test_plain_text_with_a_title_and_wrapped_lines(tmp_path: Path) -> None:
    text = (
        "Notice on licences\n\nThe authority grants a licence where the goods are listed in the\nannex and the appli-\n"
        "cant has no other way.\n- first\n- second\n\nLast.\n"
    )
    document = markdown(tmp_path, text, "n.txt")
    assert isinstance(document, Document)
    assert (document.id, document.title) == ("n", "Notice on licences")
    assert document.text == (
        "The authority grants a licence where the goods are listed in the annex and the applicant has no other way."
        "\n\n- first\n\n- second\n\nLast."
    )


@pytest.mark.parametrize("text", ["Only one line", "A line\nand the next.", "x" * 121 + "\n\nText."])
def test_plain_text_without_a_title_takes_the_file_name(tmp_path: Path, text: str) -> None:
    document = markdown(tmp_path, text, "my notes.txt")
    assert isinstance(document, Document)
    assert document.title == "my notes" and document.text.startswith(text[:6])
