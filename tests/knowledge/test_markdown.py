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
