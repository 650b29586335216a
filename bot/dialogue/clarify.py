"""What to ask back: the subjects a question that names none may be about, the laws one may be asked under. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.vocabulary import Citation, Hit, Judgement, Turn

UNCLEAR_AT = 0.5  # probability from which a question counts as leaving out what it is about
SURE = 0.5  # probability from which its topic is known all the same
FEWEST, MOST = 2, 4


def is_open(turn: Turn, judgement: Judgement) -> bool:
    """Whether the desk has to ask first. It asks once: what replies to it is taken as it is."""
    return not turn.meant and judgement.unclear >= UNCLEAR_AT


def subjects(hits: Sequence[Hit], judgement: Judgement, language: str) -> tuple[str, ...]:
    """The titles of two to four documents to choose from, nearest first; none if there are not two.

    They are of the question's topic if that is known, else of a topic each, and in the visitor's language where there are any.
    """
    topic = max(judgement.topics, key=lambda name: judgement.topics[name], default="")
    known = judgement.topics.get(topic, 0.0) >= SURE
    spoken = [hit for hit in hits if hit.document.language == language]
    titles: dict[str, str] = {}
    for hit in spoken if len({hit.document.id for hit in spoken}) >= FEWEST else hits:
        topics = hit.document.topics or ("",)
        if not known:
            titles.setdefault(topics[0], hit.document.title)
        elif topic in topics:
            titles.setdefault(hit.document.id, hit.document.title)
    chosen = tuple(dict.fromkeys(titles.values()))[:MOST]
    return chosen if len(chosen) >= FEWEST else ()


def laws(citations: Sequence[Citation]) -> tuple[str, ...]:
    """The two to four jurisdictions an answer's quotes are under, where they differ; else none."""
    if len({citation.jurisdictions for citation in citations}) < FEWEST:
        return ()
    found = tuple(dict.fromkeys(code for citation in citations for code in citation.jurisdictions))[:MOST]
    return found if len(found) >= FEWEST else ()
