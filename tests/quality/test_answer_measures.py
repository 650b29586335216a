"""What becomes of labelled questions, in numbers and as a picture."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

from bot.quality import answers
from bot.quality.answers import Outcome
from bot.quality.plots import answers as figure

IDENTITY = re.compile(r"\b[a-z][0-9a-f]{10}\b")  # of clips and markers: matplotlib takes some from the memory address
FOUND = [
    Outcome("en", answerable=True, answered=True, right=True, probability=0.9),
    Outcome("en", answerable=True, answered=True, right=False, probability=0.8),
    Outcome("en", answerable=True, answered=False, right=True, probability=0.4),
    Outcome("ru", answerable=False, answered=False, right=False, probability=0.2),
    Outcome("ru", answerable=False, answered=True, right=False, probability=0.7),
]


def test_measures_are_shares_of_what_they_say() -> None:
    result = answers.evaluate(FOUND, 0.5)
    assert (result["questions"], result["answerable"], result["answered"]) == (5, 3, 0.6)
    assert result["answered_answerable"] == 0.6667
    assert (result["cited_right"], result["precision"]) == (0.3333, 0.3333)
    assert result["refused_unanswerable"] == 0.5
    assert result["auroc"] == 0.6667
    assert result["coverage_at_precision"] == 0.8
    russian = result["by_language"]["ru"]
    assert (russian["answerable"], russian["cited_right"], russian["precision"], russian["auroc"]) == (0, None, 0.0, None)


def test_the_picture_is_svg_with_a_bar_for_every_language(tmp_path: Path) -> None:
    result = answers.evaluate(FOUND, 0.5)
    drawn = figure.draw(FOUND, result, tmp_path / "new")
    words = {"".join(text.itertext()).strip() for text in ElementTree.parse(drawn).iter("{http://www.w3.org/2000/svg}text")}
    assert {"all", "n = 5", "en", "n = 3", "ru", "n = 2", "Risk against coverage", "Probability and truth (n = 5)"} <= words
    before = IDENTITY.sub("", drawn.read_text("utf-8"))
    assert IDENTITY.sub("", figure.draw(FOUND, result, tmp_path / "new").read_text("utf-8")) == before
