"""`bot doctor corpus` as editors run it: every family of faults at once, exit statuses, and the shipped corpus."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from bot.doctor.corpus import examination
from bot.settings import Settings
from bot.vocabulary import Json
from tests.shell import Ended, run

WHOLE = """summary: S.
topics: [sanctions]
jurisdictions: [US]
as_of: 2024-01-01
review_by: 2999-01-01
language: en
sources:
  - {title: S, publisher: P, address: https://example.com/s, date: 2024-01}"""
SENTENCE = "A company in Russia is blocked where blocked persons own fifty percent or more of it, alone or together."


def doctor(*words: str | Path, **environment: str) -> Ended:
    return run(None, "doctor", "corpus", *words, **environment)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "documents"
    (made / "articles").mkdir(parents=True)
    (made / "articles" / "a.md").write_text(f"---\ntitle: A\n{WHOLE}\n---\n{SENTENCE}\n", "utf-8")
    return made


def test_every_family_of_faults_is_found_at_once(folder: Path) -> None:
    late = WHOLE.replace("2999-01-01", "2025-01-01")
    (folder / "broken.md").write_text("---\ntitel: B\npublished: soon\n---\nText.\n", "utf-8")
    (folder / "bare.md").write_text("---\ntitle: C\n---\nSee [this](articles/b.md).\n", "utf-8")
    (folder / "late.md").write_text(f"---\ntitle: D\n{late}\nsupersedes: articles/e\n---\n{SENTENCE}\n", "utf-8")
    (folder / "gold.toml").write_text('[[question]]\nquestion = "Q"\ndocuments = ["articles/z"]\n', "utf-8")
    done = doctor(folder, "--json")
    told: Json = json.loads(done.stdout)
    assert done.returncode == 1
    assert (told["documents"], told["errors"], told["warnings"]) == (3, 6, 4)
    found = {(one["check"], Path(one["file"]).name, one["line"], one["severity"]) for one in told["findings"]}
    assert found == {
        ("reading", "broken.md", 1, "error"),
        ("reading", "broken.md", 2, "error"),
        ("reading", "broken.md", 3, "error"),
        ("links", "bare.md", 4, "error"),
        ("sources", "bare.md", 1, "warning"),
        ("fields", "bare.md", 1, "warning"),
        ("dates", "late.md", 7, "warning"),
        ("succession", "late.md", 11, "error"),
        ("likeness", "late.md", 1, "warning"),
        ("labels", "gold.toml", 3, "error"),
    }
    assert all(one["what"] and one["to_do"] for one in told["findings"])


def test_people_read_a_line_a_finding_and_warnings_are_no_failure(folder: Path) -> None:
    (folder / "bare.md").write_text("---\ntitle: C\n---\nText.\n", "utf-8")
    done = doctor(BOT_CORPUS=str(folder))
    assert done.returncode == 0
    assert f"{folder}/bare.md:1: warning: this article has no sources; add" in done.stdout
    assert "2 documents, 0 errors, 2 warnings" in done.stderr


def test_a_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = doctor(tmp_path / "absent")
    assert done.returncode == 1
    assert "absent: there is no such file or folder" in done.stderr
    assert "Traceback" not in done.stderr


def test_questions_of_the_starter_corpus_say_nothing_of_another(folder: Path) -> None:
    settings = Settings.model_validate({"corpus": (folder,)})
    assert examination(settings, [], date(2026, 1, 1), lambda *_: None).errors == 0


def test_the_starter_corpus_has_no_errors_while_it_is_in_date() -> None:
    found = examination(Settings.model_validate({}), [], date(2026, 12, 1), lambda *_: None)
    assert found.documents > 80
    assert [str(finding) for finding in found.findings if finding.severity == "error" or finding.check == "likeness"] == []
    later = examination(Settings.model_validate({}), [], date(2030, 1, 1), lambda *_: None)
    assert sum(finding.check == "dates" for finding in later.findings) == found.documents


def test_rows_of_json_lines_have_their_line(tmp_path: Path) -> None:
    rows = [{"id": "a", "title": "One", "text": "Text."}, {"id": "b", "title": "one", "text": "Other.", "as_of": "2999-01-01"}]
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    found = examination(Settings.model_validate({}), [tmp_path], date(2026, 1, 1), lambda *_: None).findings
    assert [(finding.check, finding.line) for finding in found] == [("dates", 2), ("likeness", 2)]


def test_what_speaks_of_a_broken_file_is_not_blamed_for_it(folder: Path) -> None:
    (folder / "articles" / "broken.md").write_text("---\ntitle: B\nkind: blog\n---\nText.\n", "utf-8")
    body = f"{WHOLE}\nsupersedes: articles/broken\n---\nSee [this](articles/broken.md), [that](/library/articles/broken)."
    (folder / "b.md").write_text(f"---\ntitle: C\n{body}\n", "utf-8")
    (folder / "gold.toml").write_text('[[question]]\nquestion = "Q"\ndocuments = ["articles/broken"]\n', "utf-8")
    found = examination(Settings.model_validate({}), [folder], date(2026, 1, 1), lambda *_: None).findings
    assert [(finding.check, Path(finding.file).name, finding.line) for finding in found] == [("reading", "broken.md", 3)]
