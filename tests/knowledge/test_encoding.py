"""The encoder: the same vectors on OpenVINO as on torch, many questions at once, clear errors; and how texts are packed."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.errors import ModelUnavailable
from bot.knowledge import models
from bot.knowledge.batching import BatchingEmbedder
from bot.knowledge.embedder import Embedder, Reading
from bot.knowledge.packs import HEIGHTS, packs, padded
from bot.settings import PACKAGED_MODEL
from tests.conftest import ROOT, quiet


def test_the_encoder_knows_meaning_across_languages(encoder: Embedder) -> None:
    question = encoder.questions(["Wie hoch ist die Mehrwertsteuer in Russland?"])[0]
    right, wrong = encoder.passages(["Russian value added tax is 22 percent.", "The Northern Sea Route is open in summer."])
    assert float(right @ question) > float(wrong @ question) + 0.05
    assert np.allclose(np.linalg.norm(right), 1, atol=1e-3)


def test_openvino_and_torch_agree(encoder: Embedder) -> None:
    texts = [
        "How long does it take to register a company?",
        "外国公司需要注册。",
        "Экспортный контроль",
        "so on and so on " * 400,
        "?",
    ]
    torch = models.load(PACKAGED_MODEL, "torch", ROOT / "var" / "models", quiet)
    assert torch.fingerprint == encoder.fingerprint
    assert torch.count_tokens(texts) == encoder.count_tokens(texts)
    assert torch.max_tokens == encoder.max_tokens
    for ours_read, theirs_read in zip(encoder.readings(texts), torch.readings(texts), strict=True):
        assert ours_read.traits.shape == theirs_read.traits.shape
        assert np.corrcoef(ours_read.traits, theirs_read.traits)[0, 1] > 0.99
    for ours, theirs in ((encoder.questions, torch.questions), (encoder.passages, torch.passages)):
        assert float((ours(texts) * theirs(texts)).sum(axis=1).min()) > 0.999


def test_a_model_that_cannot_be_had_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="BOT_MODEL"):
        models.load("nobody/no-such-model", "auto", tmp_path, quiet)
    with pytest.raises(ModelUnavailable, match=r"modules\.json"):
        models.load(str(tmp_path), "auto", tmp_path, quiet)


def test_questions_that_arrive_together_get_their_own_vectors(encoder: Embedder) -> None:
    batching, texts = BatchingEmbedder(encoder), [f"What does permit number {i} cost?" for i in range(24)]
    got: dict[str, object] = {}

    def ask(text: str) -> None:
        got[text] = batching.reading(text).vector

    threads = [threading.Thread(target=ask, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = encoder.questions(texts)
    cosines = np.stack([np.asarray(got[text]) for text in texts]) @ expected.T
    assert (cosines.argmax(axis=1) == np.arange(len(texts))).all()


def test_an_error_reaches_everybody_who_waits() -> None:
    class Failing:
        name, fingerprint, dimension, max_tokens, parallel = "f", "f", 1, 1, 1

        def readings(self, _: object) -> object:
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        BatchingEmbedder(Failing()).reading("a")  # type: ignore[arg-type]


class Counting:
    """An encoder that notes what it was asked for."""

    name, fingerprint, dimension, max_tokens, parallel = "c", "c", 2, 512, 2

    def __init__(self) -> None:
        self.asked: list[str] = []

    def readings(self, texts: Sequence[str]) -> list[Reading]:
        self.asked += texts
        vectors = np.array([[len(text), 1] for text in texts], dtype=np.float32)
        return [Reading(vector, vector) for vector in vectors]


def test_a_question_asked_before_is_not_encoded_again() -> None:
    counting = Counting()
    batching = BatchingEmbedder(counting)  # type: ignore[arg-type]
    vectors = [batching.reading(text).vector for text in ("one", "three", "one", "one")]
    batching.close()
    assert counting.asked == ["one", "three"]
    assert [vector[0] for vector in vectors] == [3, 5, 3, 3]


def test_what_waits_at_the_end_is_still_answered() -> None:
    batching = BatchingEmbedder(Counting())  # type: ignore[arg-type]
    got: list[float] = []
    threads = [threading.Thread(target=lambda n=n: got.append(float(batching.reading("x" * n).vector[0]))) for n in range(1, 40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    batching.close()
    assert sorted(got) == list(range(1, 40))


@given(some.lists(some.integers(1, 700), max_size=80))
def test_every_text_is_packed_once_with_little_padding_in_few_shapes(sizes: list[int]) -> None:
    made = packs(sizes)
    assert sorted(row for pack in made for row in pack.rows) == list(range(len(sizes)))
    for pack in made:
        assert len(pack.rows) in HEIGHTS
        assert pack.length == max(padded(sizes[row]) for row in pack.rows)
        assert all(padded(sizes[row]) >= pack.length - max(16, pack.length // 8) for row in pack.rows)
