"""Pairs and parts: what is learned from, each once, and nothing of what is kept aside."""

from __future__ import annotations

from collections.abc import Collection

from hypothesis import given
from hypothesis import strategies as some

from bot.adapting.pairs import Pair, Question, pairs, part
from bot.knowledge.passages import passages
from bot.vocabulary import Document, Heading


def document(identity: str, title: str, text: str, *headings: str, summary: str = "") -> Document:
    places = tuple(Heading(text.index(heading), 1, heading) for heading in headings)
    return Document(identity, title, text, summary=summary, headings=places)


def made(documents: list[Document], learned: Collection[str], questions: list[Question], nearest: int = 1) -> list[Pair]:
    cut = [passage for one in documents for passage in passages(one, 40, lambda texts: [len(text.split()) for text in texts])]

    def first(_: str, wanted: Collection[str]) -> list[int]:
        return [row for row, passage in enumerate(cut) if passage.document_id in wanted][:nearest]

    return pairs({one.id: one for one in documents}, cut, learned, questions, first)


FEES = document("fees", "Fees", "What it costs\nThe fee is forty roubles.\nWhen\nIt is paid in advance.", "What it costs", "When")
TERMS = document("terms", "terms", "A permit is valid for three years.", summary="How long permits last.")


def test_headings_titles_and_summaries_lead_to_what_stands_below_them() -> None:
    found = {(pair.anchor, pair.passage) for pair in made([FEES, TERMS], {"fees", "terms"}, [])}
    assert ("Fees: When", "It is paid in advance.") in found
    assert ("Fees", "The fee is forty roubles.") in found
    assert ("How long permits last.", "A permit is valid for three years.") in found
    assert not [anchor for anchor, _ in found if anchor == "terms"], "a title that is only the id asks nothing"


def test_a_question_leads_to_a_passage_as_it_is_embedded() -> None:
    (pair,) = [p for p in made([FEES], {"fees"}, [Question("How much?", ("fees",))]) if p.anchor == "How much?"]
    assert pair == Pair("How much?", "Fees › What it costs\nThe fee is forty roubles.", "fees")


def test_nothing_comes_from_documents_that_are_kept_aside() -> None:
    found = made([FEES, TERMS], {"terms"}, [Question("How much?", ("fees", "terms"))])
    assert {pair.document for pair in found} == {"terms"}


def test_what_differs_in_case_and_punctuation_is_one_pair() -> None:
    questions = [Question("How much?", ("fees",)), Question("how much", ("fees",)), Question("How many?", ("fees",))]
    assert [pair.anchor for pair in made([FEES], {"fees"}, questions) if pair.anchor.lower().startswith("how")] == [
        "How much?",
        "How many?",
    ]


def test_a_heading_over_many_documents_asks_nothing() -> None:
    many = [document(f"d{n}", f"Title {n}", f"Penalties\nThey are {n} roubles.", "Penalties") for n in range(5)]
    plain = [document(f"e{n}", f"e{n}", f"Penalties\nThey are {n} days.", "Penalties") for n in range(5)]
    anchors = {pair.anchor for pair in made([*many, *plain], {one.id for one in (*many, *plain)}, [])}
    assert "Title 3: Penalties" in anchors
    assert "Penalties" not in anchors


IDS = some.sampled_from([f"d{n}" for n in range(12)])
QUESTIONS = some.lists(some.builds(Question, some.text("ab", min_size=1), some.lists(IDS, min_size=1, max_size=3).map(tuple)))


@given(QUESTIONS, some.floats(0, 1))
def test_no_question_is_both_learned_and_kept_aside(questions: list[Question], share: float) -> None:
    documents = {f"d{n}" for n in range(12)}
    parts = part(documents, questions, share)
    assert parts.learned | parts.aside == documents and not parts.learned & parts.aside
    assert all(not parts.aside & set(question.documents) for question in parts.questions)
    assert all(parts.aside & set(question.documents) for question in parts.questions_aside)
    assert set(parts.questions) | set(parts.questions_aside) == set(questions)
    assert len(parts.questions_aside) >= share * len(set(questions)) - 1


def test_what_is_kept_aside_stays_so_when_documents_come() -> None:
    questions = [Question(f"q{n}", (f"d{n}",)) for n in range(100)]
    before = part({f"d{n}" for n in range(100)}, questions, 0.25)
    after = part({f"d{n}" for n in range(110)}, [*questions, *(Question(f"q{n}", (f"d{n}",)) for n in range(100, 110))], 0.25)
    assert len(before.aside) == 25
    assert len(before.aside & after.aside) >= 20
