"""Front matter broken in many ways: each names file, line and what to do, alone; the rest of the folder goes in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot import publishing
from bot.errors import NothingIngested
from bot.knowledge.files import Found, Limits, read
from bot.knowledge.ingest import Report
from bot.vocabulary import Document, Problem
from tests.conftest import NewSettings, quiet

LIMITS = Limits(max_file_bytes=200_000, seconds=20, memory_bytes=1_000_000_000)
NO_YAML = "the front matter is no YAML: "


@dataclass(frozen=True)
class Broken:
    """A file's name and content, the line of what is wrong with it, how the reason begins, and what it says to do."""

    name: str
    text: str | bytes
    line: int
    reason: str
    to_do: str

    @property
    def data(self) -> bytes:
        return self.text if isinstance(self.text, bytes) else self.text.encode()


def field(name: str, lines: str, at: int, reason: str, to_do: str) -> Broken:
    """A file whose front matter has a title and, from line 3, these lines."""
    return Broken(name, f"---\ntitle: x\n{lines}\n---\nText.", at, reason, to_do)


CASES = [
    Broken("no-front-matter", "Just text.", 1, "title is missing", "must begin with front matter between two lines of ---"),
    Broken("not-closed", "---\ntitle: x\n", 1, "the front matter is not closed", "add it below the last field"),
    Broken("closed-far-below", "---\ntitle: x\n\nWords, many.\n\nMore.\n---\n", 4, NO_YAML + "could not", "a line of ---"),
    Broken("title-missing", "---\nsummary: x\n---\nText.", 1, "title is missing", "add a line `title: …`"),
    Broken("nothing-given", "---\n---\nText.", 1, "title is missing", "add a line `title: …`"),
    Broken("title-null", "---\nsummary: x\ntitle:\n---\nText.", 3, "title is missing", "write it behind `title:`"),
    Broken("title-empty", "---\nsummary: x\ntitle: '  '\n---\nText.", 3, "title is missing", "write it behind `title:`"),
    Broken("title-list", "---\ntitle: [a]\n---\nText.", 2, "title must be text, not a list", "quotation marks"),
    Broken("title-fields", "---\ntitle:\n  en: a\n---\nText.", 2, "title must be text, not fields", "quotation marks"),
    Broken("title-control", "---\ntitle: a\x07b\n---\nText.", 2, "the front matter holds a control character", "delete it"),
    Broken("title-escaped", '---\ntitle: "a\\u0007b"\n---\nText.', 2, NO_YAML + "title holds an escaped", "delete it"),
    Broken("title-line-separator", "---\ntitle: a\u2028b\n---\nText.", 2, "the front matter holds a control", "delete it"),
    Broken("title-colon", "---\ntitle: a: b\n---\nText.", 2, NO_YAML + "mapping values", "quotation marks around a text"),
    Broken("title-no-space", "---\ntitle:x\nkind: article\n---\nText.", 2, NO_YAML + "mapping values", "a space behind"),
    Broken("title-quotes-inside", "---\ntitle: 'it's'\n---\nText.", 2, NO_YAML + "expected <block end>", "double those"),
    Broken("title-at-sign", "---\ntitle: @x\n---\nText.", 2, NO_YAML + "found character '@'", "put quotation marks"),
    Broken("list-at-the-top", "---\n- title\n---\nText.", 2, "the front matter must be fields", "write one a line"),
    Broken("too-long", f"---\ntitle: {'x' * 100_001}\n---\nText.", 1, "the front matter is longer", "move text below it"),
    Broken("too-deep", f"---\ntitle: {'[' * 5000}\n---\nText.", 1, NO_YAML + "nested too deep", "write plain fields"),
    Broken("latin-1", "---\ntitle: x\nsummary: Gebühr\n---\nText.".encode("latin-1"), 3, "is not UTF-8", "save it as UTF-8"),
    field("tab", "sources:\n\t- title: y", 4, NO_YAML + "found character '\\t'", "with spaces, not with tabs"),
    field("tab-in-front", "\tkind: article", 3, NO_YAML + "found character '\\t'", "with spaces, not with tabs"),
    field("key-twice", "kind: article\ntitle: y", 4, NO_YAML + "the field 'title' is there twice", "delete one of them"),
    field("key-unknown", "author: y", 3, "unknown field 'author'", "known are title, summary"),
    field("key-misspelt", "topic: [sanctions]", 3, "unknown field 'topic' (did you mean 'topics'?)", "known are title"),
    field("key-without-colon", "summary\nkind: article", 3, NO_YAML + "could not find expected ':'", "`name: value`"),
    field("key-list", "? [a]\n: b", 3, NO_YAML + "a field's name must be a word", "write `name: value`"),
    field("date-words", "\nas_of: August 21, 2024", 4, "as_of: 'August 21, 2024' is no date", "year-month-day"),
    field("date-impossible", "published: 2024-02-30", 3, "published: '2024-02-30' is no date", "year-month-day"),
    field("date-with-time", "as_of: 2024-08-21T10:00:00", 3, "as_of: '2024-08-21T10:00:00' is no date", "year-month-day"),
    field("date-other-order", "review_by: 21.08.2024", 3, "review_by: '21.08.2024' is no date", "as in 2024-08-21"),
    field("date-list", "valid_until: [2024-08-21]", 3, "valid_until must be text, not a list", "quotation marks"),
    field("ends-before", "as_of: 2025-01-02\nvalid_until: 2025-01-01", 4, "valid_until: 2025-01-01 is before as_of", "last day"),
    field("kind", "kind: blog", 3, "kind: 'blog' is unknown", "known are article, service, policy"),
    field("kind-close", "kind: Article", 3, "kind: 'Article' is unknown (did you mean 'article'?)", "known are"),
    field("topic", "topics:\n  - sanctions\n  - weather", 5, "topics 2: 'weather' is unknown", "known are sanctions"),
    field("topics-text", "topics: sanctions", 3, "topics must be a list, not text", "write `topics: [one, another]`"),
    field("jurisdiction", "jurisdictions: [US, USA]", 3, "jurisdictions 2: 'USA' is unknown", "known are US, EU"),
    field("language", "language: no", 3, "language: 'no' is unknown", "known are en, ru, zh, de"),
    field("url-scheme", "url: javascript:alert(1)", 3, "url: 'javascript:alert(1)' is no address", "https:// or http://"),
    field("url-markup", "url: 'https://a.b/\"><script>'", 3, "url: ", "https:// or http://"),
    field("url-host", "url: 'http://[::1'", 3, "url: ", "https:// or http://"),
    field("sources-text", "sources: OFAC", 3, "sources must be a list, not text", "begin each source with `- title: …`"),
    field("sources-words", "sources: [y]", 3, "sources 1 must have the fields title, publisher", "begin each source with"),
    field("source-untitled", "sources:\n  - title: y\n  - publisher: z", 5, "sources 2 has no title", "add a line `title: …`"),
    field("source-key", "sources:\n  - title: y\n    adress: z", 5, "unknown field 'adress' (did you mean 'address'?)", "known"),
    field("source-scheme", "sources:\n  - title: y\n    address: 'data:x'", 5, "sources 1 address: ", "https:// or http://"),
    field("source-column", "sources:\n  - title: y\n   date: z", 5, NO_YAML + "expected <block end>", "in the same column"),
    field("supersedes-itself", "supersedes: supersedes-itself", 3, "supersedes: names this document itself", "name the older"),
    field("quote-open", "summary: 'y\nkind: article", 3, NO_YAML + "found unexpected end of stream", "quotation mark"),
    field("bracket-open", "topics: [sanctions\nkind: article", 3, NO_YAML + "expected ',' or ']'", "close the bracket"),
    field("alias", "summary: *a", 3, NO_YAML + "aliases (*name) are not allowed", "write the text out"),
    field("alias-bomb", "topics: &a [x]\nsources: &b [*a, *a, *a]", 4, NO_YAML + "aliases", "write the text out"),
    field("tag-python", "summary: !!python/name:os.system", 3, NO_YAML + "the tag tag:yaml.org,2002:python", "delete it"),
    field("tag-own", "summary: !evil y", 3, NO_YAML + "the tag !evil", "delete it"),
    field("noncharacter", "summary: a\ufffeb", 3, "the front matter holds a character that YAML does not allow", "delete it"),
    field("half-a-character", 'summary: "\\ud800"', 3, "summary holds half a character", "write it anew"),
    field("escape", 'summary: "C:\\q"', 3, NO_YAML + "found unknown escape", "single quotation marks"),
]
SOUND = {
    "marked.md": "---\r\ntitle: Marked\r\npublished: 2024-08-21\r\n---\r\nThe fee is forty roubles.\r\n".encode("utf-8-sig"),
    "plain.md": b"---\ntitle: Plain\n---\nA permit is valid for three years.\n",
}


def nothing_learned(*_: object) -> Mapping[str, bytes]:
    """Fits nothing: what is refused does not depend on it."""
    return {}


@pytest.fixture(scope="module")
def report(new_settings: NewSettings, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report]:
    """What an ingest says of a folder that holds every broken file and two sound ones."""
    folder = tmp_path_factory.mktemp("documents")
    for name, data in SOUND.items() | {(f"{case.name}.md", case.data) for case in CASES}:
        (folder / name).write_bytes(data)
    publisher = publishing.Publisher(new_settings(), nothing_learned, quiet)
    return folder, publisher.publish([folder], lambda *_: None)


@pytest.fixture(scope="module")
def named(report: tuple[Path, Report]) -> Mapping[str, list[Problem]]:
    """The problems of that ingest by file."""
    by_file: dict[str, list[Problem]] = defaultdict(list)
    for problem in report[1].problems:
        by_file[problem.file].append(problem)
    return by_file


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_fault_names_file_line_and_what_to_do(
    case: Broken, report: tuple[Path, Report], named: Mapping[str, list[Problem]]
) -> None:
    (told,) = named[str(report[0] / f"{case.name}.md")]
    assert told.reason.startswith(case.reason), told.reason
    assert case.to_do in told.reason
    assert told.line == case.line


def test_the_rest_of_the_folder_goes_in(report: tuple[Path, Report], named: Mapping[str, list[Problem]]) -> None:
    assert report[1].documents == len(SOUND)
    assert len(named) == len(CASES)


def test_all_faults_of_a_file_are_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(
        "---\nkind: blog\ntopics: [weather, sanctions, sport]\npublished: soon\nkind: article\nauthor: y\n"
        "sources:\n  - adress: https://a.b\n    date: 2024\n---\nText.",
        "utf-8",
    )
    told = [(item.line, item.reason) for item in read(Found(path, tmp_path), LIMITS) if isinstance(item, Problem)]
    assert [line for line, _ in told] == [1, 2, 3, 3, 4, 5, 6, 8, 8]
    for (_, reason), sign in zip(
        told,
        ["title", "'blog'", "'weather'", "'sport'", "'soon'", "twice", "'author'", "'adress'", "sources 1 has no title"],
        strict=True,
    ):
        assert sign in reason


def test_a_byte_order_mark_and_carriage_returns_are_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "marked.md"
    path.write_bytes(SOUND["marked.md"])
    (document,) = read(Found(path, tmp_path), LIMITS)
    assert isinstance(document, Document) and document.title == "Marked"


def test_a_folder_of_broken_files_alone_keeps_the_old_snapshot(new_settings: NewSettings, tmp_path: Path) -> None:
    settings = new_settings()
    publisher = publishing.Publisher(settings, nothing_learned, quiet)
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "plain.md").write_bytes(SOUND["plain.md"])
    old = publisher.publish([folder], lambda *_: None).snapshot
    (folder / "plain.md").unlink()
    for case in CASES:
        (folder / f"{case.name}.md").write_bytes(case.data)
    with pytest.raises(NothingIngested, match=r"alias-bomb\.md:4: the front matter is no YAML"):
        publisher.publish([folder], lambda *_: None)
    shelf = publishing.shelf(settings)
    assert shelf.live_id() == old
    assert set(shelf.load(shelf.manifest().model_fingerprint).documents) == {"plain"}
