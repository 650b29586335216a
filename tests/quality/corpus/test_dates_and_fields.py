"""Dates against the day and each other; sources and fields that are missing."""

from __future__ import annotations

from datetime import date

import pytest

from bot.knowledge.readers.layout import Sheet
from bot.quality.corpus import dates, fields, sources
from bot.vocabulary import Document
from tests.quality.corpus.written import SOURCE, WHOLE, sheet

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("given", "line", "severity", "what"),
    [
        ("as_of: 2026-01-01\nreview_by: 2026-11-24", 4, "warning", "reviewed by 2026-11-24, yesterday"),
        ("valid_until: 2026-11-24\nreview_by: 2026-01-01", 3, "warning", "held until 2026-11-24"),
        ("kind: policy\npublished: 2026-11-27", 4, "warning", "still to come"),
        ("as_of: 2026-11-27", 3, "error", "still to come"),
        ("as_of: 2026-05-01\nreview_by: 2026-04-30", 4, "error", "before as_of"),
        ("published: 2026-05-01\nvalid_until: 2026-04-30", 4, "error", "before published"),
    ],
)
def test_each_date_that_is_wrong(given: str, line: int, severity: str, what: str) -> None:
    found = list(dates.findings([sheet("a", given)], TODAY, ()))
    (finding,) = [one for one in found if one.line == line and one.severity == severity]
    assert what in finding.what and finding.to_do


@pytest.mark.parametrize(
    "given",
    [
        "review_by: 2026-11-25",
        "valid_until: 2026-11-25",
        "published: 2026-11-26\nas_of: 2026-11-26",
        "published: 2024-01-01\nas_of: 2026-01-01",
        "published: 2026-01-01\nas_of: 2015-01-01",
    ],
)
def test_dates_that_are_in_order(given: str) -> None:
    assert list(dates.findings([sheet("a", given)], TODAY, ())) == []


def test_nobody_need_review_what_is_superseded() -> None:
    overdue = sheet("old", "review_by: 2020-01-01")
    assert list(dates.findings([overdue], TODAY, {"old"})) == []


def test_missing_sources_and_what_sources_lack() -> None:
    second = "  - {title: T}\n  - {title: U, publisher: P, address: https://example.com}"
    found = [
        *sources.findings([sheet("a"), sheet("s", "kind: service"), sheet("p", "kind: policy")]),
        *sources.findings([sheet("b", f"{SOURCE}\n{second}")]),
    ]
    assert [(one.file, one.line, one.what) for one in found] == [
        ("c/a.md", 1, "this article has no sources"),
        ("c/p.md", 1, "this policy has no sources"),
        ("c/b.md", 5, "source 2 has no publisher and no address and no date"),
        ("c/b.md", 6, "source 3 has no date"),
    ]


def test_what_a_document_leaves_out_is_one_finding() -> None:
    (finding,) = fields.findings([sheet("a", "as_of: 2024-01-01"), sheet("b", WHOLE)])
    assert finding.what == "does not say summary, topics, jurisdictions, review_by"
    assert (finding.file, finding.line) == ("c/a.md", 1)


def test_a_document_of_the_firm_has_no_jurisdiction_and_other_formats_no_front_matter() -> None:
    firm = sheet("a", WHOLE.replace("[US]", "[]"))
    plain = Sheet(Document("b", "B", "Text.", origin="c/b.txt"))
    assert list(fields.findings([firm, plain])) == []
    assert list(sources.findings([plain])) == []
