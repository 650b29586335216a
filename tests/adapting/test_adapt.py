"""`bot adapt` from end to end with a small encoder: it learns, is checked, adopted or refused, and goes on after a kill."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from bot import publishing
from bot.adapting import adapt, questions, training
from bot.adapting.adapt import Told
from bot.adapting.pairs import Pair
from bot.errors import BadData, Busy
from bot.settings import Settings
from tests.adapting.conftest import DOCUMENTS, WORDS, ask, told, write_questions
from tests.conftest import quiet
from tests.shell import run

RECIPE = training.Recipe(passes=20, rate=1e-2, frozen=0.0, share=1.0)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small encoder learns all there is by larger steps."""
    monkeypatch.setattr(training, "Recipe", lambda: RECIPE)


def test_what_learns_to_find_more_is_adopted(shown: Told, settings: Settings, tmp_path: Path) -> None:
    file = write_questions(tmp_path / "answered.jsonl", [(n, n) for n in range(20, DOCUMENTS)])
    outcome = adapt.adapt(shown, [], [file], 5)
    assert outcome.adopted, outcome.gain
    assert outcome.gain.ndcg_after > outcome.gain.ndcg_before + 0.2
    assert outcome.questions + outcome.gain.questions == DOCUMENTS
    assert publishing.in_use(settings, quiet).name == outcome.encoder == "small, adapted"
    live = publishing.shelf(settings).manifest()
    assert outcome.report and live.id == outcome.report.snapshot and live.model == "small, adapted"
    assert [path for path in (publishing.models(settings) / adapt.RUNS).iterdir() if path.is_dir()] == []


def test_what_gains_nothing_is_refused_and_nothing_changes(shown: Told, settings: Settings, tmp_path: Path) -> None:
    file = write_questions(tmp_path / "wrong.jsonl", [(n, (n * 7 + 3) % DOCUMENTS) for n in range(DOCUMENTS)])
    outcome = adapt.adapt(shown, [], [file], 5)
    assert not outcome.adopted and outcome.gain.least <= 0
    assert publishing.in_use(settings, quiet).name == "small"
    assert publishing.shelf(settings).live_id() is None
    assert list(publishing.models(settings).glob("adapted-*")) == []
    assert adapt.figures(outcome)["check"]["questions"] == outcome.gain.questions


def test_too_few_questions_are_refused_with_what_is_needed(shown: Told, tmp_path: Path) -> None:
    with pytest.raises(BadData, match=f"20 questions .* at least {questions.LEAST} .*JSON lines"):
        adapt.adapt(shown, [], [], 5)
    strangers = tmp_path / "strangers.jsonl"
    strangers.write_text(json.dumps({"question": "What?", "documents": ["nowhere"]}), "utf-8")
    with pytest.raises(BadData, match=r"strangers\.jsonl.*no document of the corpus"):
        adapt.adapt(shown, [], [strangers], 5)


def test_two_at_once_are_refused(shown: Told, settings: Settings) -> None:
    with adapt._alone(publishing.models(settings) / adapt.RUNS), pytest.raises(Busy, match="another adaptation"):
        adapt.adapt(shown, [], [], 5)


PAIRS = [Pair(ask(n), " ".join(WORDS[i] for i in told(n)), f"d{n}") for n in range(96)]
KILLED = """
import sys
from pathlib import Path
from bot.adapting.pairs import Pair
from bot.adapting.training import Recipe, train
rows = eval(sys.stdin.read())
recipe = Recipe(passes=20, rate=1e-2, frozen=0.0, share=1.0)
train(Path(sys.argv[1]), [Pair(*row) for row in rows], Path(sys.argv[2]), 30, recipe, lambda step, _: print(step, flush=True))
"""


def apart(one: Path, other: Path) -> float:
    """How far the weights of two models are from each other."""
    mine, theirs = (load_file(folder / "model.safetensors") for folder in (one, other))
    both = mine.keys() & theirs.keys()
    return float(np.sqrt(sum(np.sum((mine[name].astype(np.float64) - theirs[name]) ** 2) for name in both)))


def test_a_killed_training_goes_on_where_it_was_and_ends_the_same(small: Path, tmp_path: Path) -> None:
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    expected = training.train(small, PAIRS, whole, 30, RECIPE, lambda *_: None)
    rows = repr([(pair.anchor, pair.passage, pair.document) for pair in PAIRS])
    words = [sys.executable, "-c", KILLED, str(small), str(killed)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ) as process:
        assert process.stdin and process.stdout
        process.stdin.write(rows)
        process.stdin.close()
        for line in process.stdout:
            if int(line) >= 20:
                process.send_signal(signal.SIGKILL)
                break
    assert not (killed / training.TRAINED).exists() and list(killed.glob("checkpoint-*"))
    steps: list[int] = []
    again = training.train(small, PAIRS, killed, 30, RECIPE, lambda step, _: steps.append(step))
    assert steps[0] > 15 and steps[-1] == 60
    learned = apart(expected, small)
    assert apart(again, expected) < 0.1 * learned  # sums of several threads differ in their last digits
    assert apart(again, small) > 0.9 * learned


def test_time_bounds_the_steps(small: Path, tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    training.train(small, PAIRS, tmp_path / "run", 1e-4, RECIPE, lambda *step: steps.append(step))
    assert steps[-1][0] < 60


def test_the_command_says_what_is_missing_in_one_line(settings: Settings, corpus: Path) -> None:
    given = {"DATA_DIR": settings.data_dir, "CORPUS": corpus, "MODEL": settings.model, "BACKEND": settings.backend}
    environment = {f"BOT_{name}": str(value) for name, value in given.items()}
    for words, said in ((["adapt", "--undo"], "nothing to take back"), (["adapt", "--undo", "--questions", "x"], "--questions")):
        done = run(None, *words, **environment)
        assert done.returncode == 1
        assert said in done.stderr and "Traceback" not in done.stderr
