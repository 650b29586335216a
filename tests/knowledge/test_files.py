"""Which files are found, and what every broken one is answered with."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import BrokenFile
from bot.knowledge.files import TYPES, Found, Limits, find, read
from bot.vocabulary import Document, Problem

LIMITS = Limits(max_file_bytes=200_000, seconds=20, memory_bytes=1_000_000_000)
HEAD = "---\ntitle: A title\n---\n"


def problem(path: Path, limits: Limits = LIMITS) -> Problem:
    (only,) = read(Found(path, path.parent), limits)
    assert isinstance(only, Problem)
    assert only.file == str(path)
    return only


def test_a_folder_is_walked_and_what_is_no_document_left_out(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    corpus = tmp_path / "corpus"
    for folder in (outside, corpus / "articles" / "deep", corpus / ".hidden"):
        folder.mkdir(parents=True)
    (outside / "secret.md").write_text(HEAD + "Secret.")
    for name in ("b.md", "articles/a.md", "articles/deep/c.TXT", "README.md", "contacts.toml", ".hidden/x.md", ".y.md"):
        (corpus / name).write_text(HEAD + "Text.")
    (corpus / "odd.xyz").write_text("?")
    (corpus / "way-out").symlink_to(outside)
    (corpus / "way-out.md").symlink_to(outside / "secret.md")
    (corpus / "dangling.md").symlink_to(corpus / "nowhere.md")
    (corpus / "again.md").symlink_to(corpus / "b.md")
    found = find([corpus, corpus / "b.md", corpus / "articles"])
    assert [one.path.relative_to(corpus).as_posix() for one in found] == [
        "articles/a.md",
        "articles/deep/c.TXT",
        "b.md",
        "odd.xyz",
    ]
    assert {one.root for one in found} == {corpus}


@pytest.mark.parametrize("name", ["articles/us-x", "2024.06-notes"])
def test_ids_count_from_the_folder_that_was_named(tmp_path: Path, name: str) -> None:
    path = tmp_path / f"{name}.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(HEAD + "Text.")
    (below,) = [next(read(found, LIMITS)) for found in find([tmp_path])]
    (alone,) = [next(read(found, LIMITS)) for found in find([path])]
    assert isinstance(below, Document) and isinstance(alone, Document)
    assert (below.id, alone.id, below.origin) == (name, Path(name).name, str(path))


def test_a_path_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(BrokenFile, match=r"gone\.md: there is no such file or folder"):
        find([tmp_path, tmp_path / "gone.md"])


def test_unknown_types_name_the_known_ones(tmp_path: Path) -> None:
    (tmp_path / "sheet.xlsx").write_bytes(b"PK")
    told = problem(tmp_path / "sheet.xlsx")
    assert told.reason.startswith("files of the type '.xlsx' cannot be read; those that can are .docx, .htm, .html")
    assert told.line is None


WRONG_BYTES: list[tuple[bytes, str, int]] = [
    (b"fine\nna\xefve\n", "is not UTF-8 (byte 0xef at offset 7); save it as UTF-8", 2),
    (b"\xef\xbb\xbfab\n\xff", "is not UTF-8 (byte 0xff at offset 6); save it as UTF-8", 2),
    (b"one\ntwo\0", "is not a text file (it holds NUL bytes)", 2),
    ("plain".encode("utf-16-le"), "is not a text file (it holds NUL bytes)", 1),
]


@pytest.mark.parametrize(("data", "reason", "line"), WRONG_BYTES)
@pytest.mark.parametrize("suffix", [".md", ".txt", ".html", ".jsonl"])
def test_wrong_bytes_are_named_with_their_place(tmp_path: Path, data: bytes, reason: str, line: int, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(data)
    last = list(read(Found(path, tmp_path), LIMITS))[-1]
    assert last == Problem(str(path), reason, line)


def test_a_broken_utf_16_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xff\xfea")
    assert problem(path).reason == "is not UTF-16 as its first bytes say (offset 2); save it as UTF-8"


@pytest.mark.parametrize("suffix", TYPES)
def test_an_empty_file(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.touch()
    assert problem(path) == Problem(str(path), "the file is empty")


@pytest.mark.parametrize(
    ("suffix", "reason"),
    [
        (".txt", "holds no text"),
        (".html", "holds no text"),
        (".jsonl", "holds no rows"),
        (".md", "title is missing: the file must begin with front matter between two lines of ---"),
    ],
)
def test_a_file_of_white_space(tmp_path: Path, suffix: str, reason: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(b" \n\n \n")
    assert problem(path).reason == reason


@pytest.mark.parametrize("suffix", sorted(set(TYPES) - {".jsonl", ".ndjson"}))
def test_a_file_that_is_too_large_is_not_read(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    with path.open("wb") as stream:
        stream.truncate(3_000_000_000)
    assert problem(path).reason == "has 3,000,000,000 bytes, more than the 200,000 allowed (BOT_MAX_FILE_BYTES)"


def test_a_file_that_went_away_or_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert problem(tmp_path / "gone.md").reason == "cannot be read: No such file or directory"
    path = tmp_path / "locked.md"
    path.write_text(HEAD + "Text.")
    path.chmod(0)
    if os.geteuid() == 0:  # root may read anything, so the refusal is played

        def refuse(*_: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "open", refuse)
    assert problem(path).reason == "cannot be read: Permission denied"


def test_a_folder_that_cannot_be_listed_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "locked").mkdir()
    scandir: Callable[[str], object] = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    (found,) = find([tmp_path])
    assert problem(found.path).reason == "the folder cannot be listed; allow it to be read"


def test_a_name_that_is_not_utf_8_is_a_problem_that_can_be_printed(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.md")
    path.write_text(HEAD + "Text.")
    ((told,),) = [list(read(found, LIMITS)) for found in find([tmp_path])]
    assert isinstance(told, Problem)
    assert told.file == str(tmp_path / "caf\ufffd.md") and told.reason.startswith("the file's name is not UTF-8")


CHILD = [suffix for suffix in TYPES if suffix in (".html", ".htm", ".xhtml", ".pdf", ".docx")]
STARTS = st.sampled_from([b"", b"---\ntitle: x\n---\n", b"---\n", b'{"id": 1, "text": ', b"\xff\xfe", b"\xef\xbb\xbf"])


def _holds(folder: Path, suffix: str, data: bytes) -> None:
    path = folder / f"any{suffix}"
    path.write_bytes(data)
    for item in read(Found(path, folder), LIMITS):
        assert isinstance(item, Document | Problem)
        if isinstance(item, Document):
            assert item.text.strip() and item.title and item.id
            f"{item}".encode()
            assert all(item.text[h.start : h.start + len(h.text)] == h.text for h in item.headings)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    suffix=st.sampled_from(sorted(set(TYPES) - set(CHILD))),
    start=STARTS,
    rest=st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)),
)
def test_any_bytes_are_read_or_named(tmp_path: Path, suffix: str, start: bytes, rest: bytes) -> None:
    _holds(tmp_path, suffix, start + rest)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    suffix=st.sampled_from(CHILD),
    start=st.sampled_from([b"", b"%PDF-1.7\n", b"PK\x03\x04", b"<html><body><p>"]),
    rest=st.binary(max_size=300),
)
def test_any_bytes_are_read_or_named_by_the_child(tmp_path: Path, suffix: str, start: bytes, rest: bytes) -> None:
    _holds(tmp_path, suffix, start + rest)
