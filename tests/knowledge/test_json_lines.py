"""JSON lines: rows kept to the character, and each bad row named by its line while the others go in."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from bot.knowledge.files import Found, Limits, read
from bot.knowledge.readers.written_date import read_date
from bot.vocabulary import Document, Problem, Source

LIMITS = Limits(max_file_bytes=2_000, seconds=20, memory_bytes=1_000_000_000)


def items(folder: Path, data: bytes, limits: Limits = LIMITS) -> list[Document | Problem]:
    path = folder / "rows.jsonl"
    path.write_bytes(data)
    return list(read(Found(path, folder), limits))


def row(folder: Path, **fields: object) -> Document | Problem:
    (only,) = items(folder, json.dumps(fields).encode())
    return only


def test_a_row_of_a_retrieval_collection(tmp_path: Path) -> None:
    text = "  Kept  as it is:\r\n\ttabs,\u00a0spaces \u0007 and\u2028all. \n"
    document = row(tmp_path, _id="d-1", id="other", title="", text=text, metadata={})
    assert document == Document(id="d-1", title="d-1", text=text, origin=str(tmp_path / "rows.jsonl"))


def test_a_question_with_its_answer(tmp_path: Path) -> None:
    document = row(
        tmp_path,
        id=17,
        topic="Free words",
        topics=["free words"],
        jurisdictions=["US"],
        question="May  we\nship?",
        answer="Only with a licence.",
        date="August 21, 2024",
        url="https://example.com/17",
        sources=[{"title": "Notice", "date": "2022-10"}],
    )
    assert document == Document(
        id="17",
        title="May we ship?",
        text="Only with a licence.",
        topics=(),
        jurisdictions=("US",),
        published=date(2024, 8, 21),
        url="https://example.com/17",
        sources=(Source("Notice", date="2022-10"),),
        origin=str(tmp_path / "rows.jsonl"),
    )


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ({"title": "Given", "question": "Q?", "heading": "H"}, "Given"),
        (
            {"title": 31, "cfr": "31 CFR 501.101", "heading": "Relation of this part."},
            "31 CFR 501.101 Relation of this part.",
        ),
        ({"question": "Q?", "heading": "H"}, "Q?"),
        ({"heading": "H"}, "H"),
        ({"title": " "}, "a"),
        ({}, "a"),
    ],
)
def test_titles(tmp_path: Path, fields: dict[str, object], title: str) -> None:
    document = row(tmp_path, id="a", text="Text.", **fields)
    assert isinstance(document, Document) and document.title == title


@pytest.mark.parametrize(
    ("fields", "language"),
    [
        ({"text": "Экспорт этих товаров в Россию требует лицензии."}, "ru"),
        ({"text": "Für die Ausfuhr dieser Güter ist eine Genehmigung nötig."}, "de"),
        ({"text": "出口这些货物需要许可证。"}, "zh"),
        ({"text": "Экспорт.", "language": "en"}, "en"),
        ({"text": "123"}, "en"),
    ],
)
def test_languages(tmp_path: Path, fields: dict[str, object], language: str) -> None:
    document = row(tmp_path, id="a", **fields)
    assert isinstance(document, Document) and document.language == language


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"text": "x"}, "the field _id (or id) is missing or empty"),
        ({"id": True, "text": "x"}, "the field _id (or id) is missing or empty"),
        ({"id": "a\nb", "text": "x"}, "the id is longer than 500 characters or holds control characters"),
        ({"id": "a"}, "holds no text: the field text (or answer) is missing or empty"),
        ({"id": "a", "text": " \n"}, "holds no text: the field text (or answer) is missing or empty"),
        ({"id": "a", "text": ["x"]}, "holds no text: the field text (or answer) is missing or empty"),
        ({"id": "a", "text": "x\0"}, "its text holds a NUL character"),
        ({"id": "a", "text": "x\ud800"}, "holds half a character (a lone surrogate)"),
        (
            {"id": "a", "text": "x", "published": "soon"},
            "published: 'soon' is no date; write year-month-day, as in 2024-08-21",
        ),
        (
            {"id": "a", "text": "x", "url": "file:///etc"},
            "url: 'file:///etc' is no address; it must begin with https:// or http://",
        ),
        ({"id": "a", "text": "x", "kind": "spam"}, "kind: 'spam' is unknown; known are article, service, policy"),
        ({"id": "a", "text": "x", "summary": 5}, "summary must be text, not a number; put it in quotation marks"),
    ],
)
def test_each_fault_of_a_row(tmp_path: Path, fields: dict[str, object], reason: str) -> None:
    assert row(tmp_path, **fields) == Problem(str(tmp_path / "rows.jsonl"), reason, 1)


def test_bad_rows_are_named_and_the_others_go_in(tmp_path: Path) -> None:
    lines = [
        b'\xef\xbb\xbf{"id": "a", "text": "First."}',
        b"",
        b"{broken",
        b'["id"]',
        b'{"id": "a", "text": "Again."}',
        b'{"id": "b", "text": "caf\xe9"}',
        b'{"id": "c", "text": "' + b"x" * 3_000_000 + b'"}',
        b"[" * 1_900,
        b'{"id": "d", "text": "two\0"}',
        b'{"id": "e", "n": ' + b"9" * 5 + b', "text": "Last."}\r',
    ]
    read_items = items(tmp_path, b"\n".join(lines))
    offset = sum(len(line) + 1 for line in lines[:5]) + lines[5].index(b"\xe9")
    assert [item.id for item in read_items if isinstance(item, Document)] == ["a", "e"]
    problems = {item.line: item.reason for item in read_items if isinstance(item, Problem)}
    assert problems.pop(3).startswith("is no JSON: Expecting property name")
    assert problems.pop(8).startswith("is no JSON: ")
    assert problems == {
        4: "the row must be an object {…} with the fields id and text",
        5: "the id 'a' is taken by line 1",
        6: f"is not UTF-8 (byte 0xe9 at offset {offset}); save it as UTF-8",
        7: "the line is longer than 2,000 bytes",
        9: "is not a text file (it holds NUL bytes)",
    }


def test_the_limit_is_for_a_line_and_not_for_the_file(tmp_path: Path) -> None:
    rows = b"".join(json.dumps({"_id": n, "text": "Words. " * 200}).encode() + b"\n" for n in range(500))
    assert len(rows) > 300 * LIMITS.max_file_bytes
    assert len([item for item in items(tmp_path, rows) if isinstance(item, Document)]) == 500


def test_utf_16_rows(tmp_path: Path) -> None:
    rows = '{"id": "a", "text": "Größe."}\r\n{"id": "b"}\n'.encode("utf-16")
    first, second = items(tmp_path, rows)
    assert isinstance(first, Document) and first.text == "Größe."
    assert isinstance(second, Problem) and second.line == 2
    (refused,) = items(tmp_path, rows * 100)
    assert isinstance(refused, Problem) and refused.reason.startswith("is UTF-16 and larger than 2,000 bytes")


@pytest.mark.parametrize(
    "written",
    [
        "2024-08-21",
        "2024-08-21T10:00:00Z",
        "August 21, 2024",
        " Aug. 21, 2024",
        "21 August 2024",
        "August 21st, 2024",
        "21. August 2024",
        "21 августа 2024 г.",
        "21.08.2024",
        "2024年8月21日",
    ],
)
def test_written_dates(written: str) -> None:
    assert read_date(written) == date(2024, 8, 21)


@pytest.mark.parametrize("written", ["", "08/21/2024", "August 2024", "Augustus 21, 2024", "August 41, 2024", "soon", "2024"])
def test_what_is_no_single_day_is_none(tmp_path: Path, written: str) -> None:
    assert read_date(written) is None
    document = row(tmp_path, id="a", text="x", date=written)
    assert isinstance(document, Document) and document.published is None
