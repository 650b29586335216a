"""What to ask back: the subjects a question that names none may be about, the laws one may be asked under. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.dialogue.quotes import readable
from bot.vocabulary import Citation, Hit, Judgement

UNCLEAR_AT = 0.5  # probability from which a question counts as leaving out what it is about
SURE = 0.5  # probability from which its topic is known all the same
FEWEST, MOST = 2, 4


def is_open(judgement: Judgement) -> bool:
    """Whether the desk has to ask first."""
    return judgement.unclear >= UNCLEAR_AT


def subjects(hits: Sequence[Hit], judgement: Judgement, language: str) -> tuple[str, ...]:
    """The titles of two to four documents to choose from, nearest first; none if there are not two.

    They are of the question's topic if that is known and has so many, else of a topic each; a document without topics is its own.
    """
    near = readable(hits, language)
    topic = max(judgement.topics, key=lambda name: judgement.topics[name], default="")
    of_topic = [hit.document.title for hit in near if topic in hit.document.topics]
    of_each = {(hit.document.topics or (hit.document.id,))[0]: hit.document.title for hit in reversed(near)}
    nearest = [hit.document.title for hit in near if hit.document.title in of_each.values()]
    for titles in (of_topic if judgement.topics.get(topic, 0.0) >= SURE else [], nearest):
        chosen = tuple(dict.fromkeys(titles))[:MOST]
        if len(chosen) >= FEWEST:
            return chosen
    return ()


def laws(citations: Sequence[Citation]) -> tuple[str, ...]:
    """The two to four jurisdictions an answer's quotes are under, where they differ; else none."""
    if len({citation.jurisdictions for citation in citations}) < FEWEST:
        return ()
    found = tuple(dict.fromkeys(code for citation in citations for code in citation.jurisdictions))[:MOST]
    return found if len(found) >= FEWEST else ()
