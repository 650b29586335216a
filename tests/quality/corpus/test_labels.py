"""gold.toml and inquiries.toml: documents that are not there, texts that stand twice."""

from __future__ import annotations

from datetime import date

from bot.dialogue import examples, taught_turns
from bot.quality import gold
from bot.quality.corpus import labels
from bot.quality.corpus.examination import Corpus, Label, examine
from tests.quality.corpus.written import WHOLE, by_id, sheet

GOLD = """# questions
[[question]]
question = "What is due?"
documents = [
  "a",
  "artcle/b",
]

[[question]]
question = "what  is due?"
documents = ["a"]

[[question]]
question = "What is due?"
documents = ["artcle/b", "a"]
"""
INQUIRIES = """[[example]]
text = "What is due?"
kind = "question"
topic = "sanctions"
language = "en"

[[example]]
text = "What  is DUE?"
kind = "question"
topic = "sanctions"
language = "en"

[[example]]
text = "what is due?"
kind = "advice"
topic = "sanctions"
language = "en"
"""


def test_gold_names_documents_that_there_are() -> None:
    found = list(labels.of_gold(gold.parse(GOLD.encode()), GOLD, "gold.toml", {"a", "article/b"}))
    assert [(one.line, one.severity) for one in found] == [(6, "error"), (9, "error"), (15, "error"), (13, "warning")]
    assert "'artcle/b', which is not there (did you mean 'article/b'?)" in found[0].what
    assert "on line 2 too, with other documents" in found[1].what


def test_inquiries_are_labelled_once_and_in_one_way() -> None:
    found = list(labels.of_inquiries(examples.parse(INQUIRIES.encode()), "inquiries.toml"))
    assert [(one.line, one.severity) for one in found] == [(7, "warning"), (13, "error")]
    assert "labelled question, sanctions there and advice, sanctions here" in found[1].what


def test_turns_are_labelled_once_and_in_one_way() -> None:
    taught = """[[conversation]]
language = "en"
earlier = "How long?"
leaning = ["why?", "Why?", "and then?"]
standing = ["what is VAT?", "and  then?"]
open = ["is the bank old?", "who is he?"]

[[conversation]]
language = "en"
earlier = "How much?"
leaning = ["why?"]
"""
    found = list(labels.of_turns(taught_turns.parse(taught.encode()), "followups.toml"))
    assert [(one.line, one.severity) for one in found] == [(1, "warning"), (1, "error")]
    assert "as leaning and as standing" in found[1].what


def test_a_file_that_cannot_be_read_is_an_error_among_the_others() -> None:
    files = {
        "contacts.toml": Label("c/contacts.toml", b'default = "x"\n\n[[desk]]\nid = "x"\nname = "X"\nemail = "none"\n'),
        "inquiries.toml": Label("c/inquiries.toml", b"[[example]]\ntext = 1 2\n"),
        "gold.toml": Label("c/gold.toml", b"[[question]]\nquestion = 1\n"),
    } | {f"wording/{language}.toml": Label(f"c/{language}.toml", b"") for language in ("ru", "zh", "de")}
    files["wording/en.toml"] = Label("c/en.toml", b'a = "b"')
    found = examine(Corpus(by_id(sheet("a", WHOLE)), files=files), date(2026, 1, 1), lambda _: False)
    assert [(one.file, one.line) for one in found.findings] == [
        ("c/contacts.toml", 6),
        ("c/gold.toml", 1),
        ("c/inquiries.toml", 2),
        ("c/ru.toml", None),
    ]
    assert found.errors == 4 and str(found) == "1 document, 4 errors, 0 warnings"
