"""Links between documents, and who supersedes whom."""

from __future__ import annotations

import pytest

from bot.quality.corpus import links, succession
from bot.quality.corpus.finding import Finding
from tests.quality.corpus.written import by_id, sheet

OTHER = sheet("ru/b", body="## Was gilt — wann?\n\nText.\n\n## Zwei\n\n## Zwei\n\nText.")


def found(target: str, files: tuple[str, ...] = ()) -> list[Finding]:
    """What is said of a document whose sixth and last line holds a link."""
    linking = sheet("ru/a", body=f"Words that\nlead [there]({target}).")
    sheets = by_id(linking, OTHER, sheet("articles/c"))
    return list(links.findings(sheets, succession.successors(sheets), files.__contains__))


@pytest.mark.parametrize(
    "target",
    [
        "b.md",
        "./b.md",
        "../articles/c.md",
        "b.md#was-gilt--wann",
        "b.md#zwei-1",
        "b.md#part-3",
        "/library/ru/b",
        "/library/ru/b#part-1",
        "/contact",
        "https://example.com/b.md",
        "mailto:a@example.com",
    ],
)
def test_links_that_lead_somewhere(target: str) -> None:
    assert found(target) == []


@pytest.mark.parametrize(
    ("target", "what", "severity"),
    [
        ("d.md", "leads to d.md, and there is no such file", "error"),
        ("../articles/d.md", "there is no such file", "error"),
        ("c.md", "there is no such file (did you mean '../articles/c.md'?)", "error"),
        ("b", "there is no such file", "error"),
        ("b.md#was", "names the place #was, which 'ru/b' does not have", "error"),
        ("b.md#part-4", "names the place #part-4", "error"),
        ("#nowhere", "which this document does not have", "error"),
        ("/library/artcles/c", "no such page (did you mean 'articles/c'?)", "error"),
        ("/price-list", "no such page", "error"),
        ("plan.xlsx", "is no document of this corpus", "warning"),
    ],
)
def test_links_that_lead_nowhere(target: str, what: str, severity: str) -> None:
    (finding,) = found(target, ("c/ru/plan.xlsx",))
    assert what in finding.what
    assert (finding.file, finding.line, finding.severity) == ("c/ru/a.md", 6, severity)
    assert finding.to_do


def test_a_link_to_what_is_superseded() -> None:
    sheets = by_id(
        sheet("a", body="[old](old.md)"), sheet("old"), sheet("new", "supersedes: old", body="Replaces [the old](old.md).")
    )
    (finding,) = links.findings(sheets, succession.successors(sheets), lambda _: False)
    assert finding.file == "c/a.md" and "'new' supersedes" in finding.what


def test_supersedes_names_a_document_and_goes_round_in_no_circle() -> None:
    sheets = by_id(
        sheet("a", "supersedes: b"),
        sheet("b", "supersedes: c"),
        sheet("c", "supersedes: a"),
        sheet("articles/new", "kind: article\nsupersedes: articles/odl"),
        sheet("articles/old"),
        sheet("d", "supersedes: articles/old"),
        sheet("e", "supersedes: articles/old"),
    )
    told = {(finding.file, finding.line, finding.severity): finding.what for finding in succession.findings(sheets)}
    assert told.keys() == {("c/a.md", 3, "error"), ("c/articles/new.md", 4, "error"), ("c/e.md", 3, "warning")}
    assert "a → b → c → a" in told["c/a.md", 3, "error"]
    assert "(did you mean 'articles/old'?)" in told["c/articles/new.md", 4, "error"]
    assert "as 'd' does" in told["c/e.md", 3, "warning"]
