"""The lens: it looks along the axes in which passages differ, and takes off what all questions share."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bot.knowledge.lens import Lens

Vectors = npt.NDArray[np.float32]
CHANCE = np.random.default_rng(7)


def crowded(count: int, dimension: int = 24) -> Vectors:
    """Unit vectors that share most of their length, and differ a lot along one axis and little along the others."""
    own = CHANCE.normal(size=(count, dimension))
    own[:, 0] = 6
    own[:, 1] *= 12
    rows: Vectors = (own / np.linalg.norm(own, axis=1, keepdims=True)).astype(np.float32)
    return rows


def test_what_all_passages_share_no_longer_outweighs_what_tells_them_apart() -> None:
    passages = crowded(400)
    noise = CHANCE.normal(scale=0.08, size=passages.shape).astype(np.float32)
    noise[:, 1] *= 8  # a question says little about the axis that all passages are spread along
    questions = passages + noise
    questions /= np.linalg.norm(questions, axis=1, keepdims=True)
    lens = Lens.fit(passages, ["en"] * len(passages), {"en": questions.mean(axis=0)})
    right = np.arange(len(passages))
    plain = np.argmax(questions @ passages.T, axis=1) == right
    seen = np.stack([lens(question, "en") for question in questions])
    level = passages.mean(axis=0) @ seen.T
    through = np.argmax(seen @ passages.T - level[:, None], axis=1) == right
    assert through.mean() > plain.mean() + 0.05


def test_products_are_of_the_size_of_cosines() -> None:
    passages = crowded(300)
    lens = Lens.fit(passages, ["en"] * 300, {"en": passages.mean(axis=0)})
    own = [lens(passage, "en") @ (passage - passages.mean(axis=0)) for passage in passages]
    assert abs(np.mean(np.square(own)) - 1) < 1e-3


def test_a_language_without_a_mean_of_its_own_gets_that_of_all() -> None:
    passages = crowded(50)
    lens = Lens.fit(passages, ["en"] * 50, {"en": passages[0], "ru": passages[1]})
    assert np.allclose(lens.means[""], (passages[0] + passages[1]) / 2)
    assert not np.allclose(lens(passages[2], "zh"), lens(passages[2], "en"))


def test_the_mean_question_and_passages_that_are_all_alike_give_numbers() -> None:
    alike = np.tile(crowded(1), (5, 1))
    lens = Lens.fit(alike, ["en"] * 5, {})
    assert np.isfinite(lens(alike[0], "en")).all()


def test_a_lens_is_the_same_after_it_was_written() -> None:
    passages = crowded(60)
    lens = Lens.fit(passages, ["en"] * 30 + ["ru"] * 30, {"en": passages[0]})
    again = Lens.from_bytes(lens.to_bytes())
    assert np.array_equal(lens(passages[3], "en"), again(passages[3], "en"))
