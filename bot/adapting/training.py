"""Trains an encoder on pairs, by sentence-transformers' own trainer; a run that was killed goes on where it was.

The only door to that trainer and what it needs (datasets, accelerate). A run's folder holds `steps.json` (how many steps fit the
time), `checkpoint-N/`, and at the end `trained/`.
"""

from __future__ import annotations

import json
import math
import os
import shutil
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from sentence_transformers import SentenceTransformer, SentenceTransformerTrainer, SentenceTransformerTrainingArguments
from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
from sentence_transformers.sentence_transformer.training_args import BatchSamplers
from transformers import PrinterCallback, TrainerCallback
from transformers.utils import logging as transformers_logging

from bot.adapting.pairs import Pair
from bot.knowledge import torch_embedder

Progress = Callable[[int, int], None]
STEPS, TRAINED, STATE = "steps.json", "trained", "trainer_state.json"
PROBED = 3  # steps that are timed to tell how many fit
RESERVE = 1.25  # a machine that grows slower may take this much longer than was measured before training is stopped


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train: `passes` over the pairs, as far as time allows; cosines are multiplied by `scale`.

    `frozen` is the share of the layers, from below, that stay as they are; `share` that of the trained weights in the mean of
    trained and first weights, which keeps what training does not speak of.
    """

    passes: int = 6
    batch: int = 32
    rate: float = 5e-5
    warm: float = 0.1
    scale: float = 50.0
    longest: int = 192
    frozen: float = 0.5
    share: float = 0.8
    seed: int = 17


def train(base: Path, pairs: Sequence[Pair], run: Path, minutes: float, recipe: Recipe, progress: Progress) -> Path:
    """A folder with the trained model: the mean of its weights and those of the model in `base`.

    Takes at most about `minutes`. `progress(step, steps)` is told of every step, also of those done before a kill.
    """
    done = run / TRAINED
    if done.is_dir():
        return done
    run.mkdir(parents=True, exist_ok=True)
    encoder = _loaded(base, recipe)
    model, prompts = encoder.model, {"anchor": encoder.query_prompt, "positive": encoder.passage_prompt}
    first = {name: weights.detach().clone() for name, weights in model.named_parameters() if weights.requires_grad}
    steps = _steps(run, len(pairs), minutes, recipe, lambda: _pace(model, pairs, prompts, recipe))
    trainer = _trainer(model, pairs, prompts, run, steps, recipe)
    trainer.remove_callback(PrinterCallback)
    trainer.add_callback(_Told(progress, minutes * 60 * RESERVE))
    trainer.train(resume_from_checkpoint=_checkpoint(run))
    _average(model, first, recipe.share)
    _save(model, done)
    return done


def _loaded(base: Path, recipe: Recipe) -> torch_embedder.TorchEmbedder:
    """The model, its table of words and its lower layers left as they are.

    Words that no pair holds would else drift apart from those that one does; and what the lower layers hold is of every language.
    """
    encoder = torch_embedder.load(base, base.name, "")
    encoder.model.max_seq_length = min(recipe.longest, int(encoder.model.max_seq_length or recipe.longest))
    transformer: torch.nn.Module = encoder.model[0].auto_model
    layers: Sequence[torch.nn.Module] = max(
        (list(part) for part in transformer.modules() if isinstance(part, torch.nn.ModuleList)), key=len, default=[]
    )
    kept = [part for name, part in transformer.named_children() if "embed" in name]
    for part in (*kept, *layers[: round(recipe.frozen * len(layers))]):
        part.requires_grad_(False)
    return encoder


def _trainer(
    model: SentenceTransformer, pairs: Sequence[Pair], prompts: dict[str, str], run: Path, steps: int, recipe: Recipe
) -> SentenceTransformerTrainer:
    import datasets

    datasets.disable_progress_bars()
    transformers_logging.set_verbosity_error()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it pickles its table for a hash, and warns of classes that it cannot name
        rows = datasets.Dataset.from_dict({"anchor": [p.anchor for p in pairs], "positive": [p.passage for p in pairs]})
    arguments = SentenceTransformerTrainingArguments(
        output_dir=str(run),
        max_steps=steps,
        per_device_train_batch_size=recipe.batch,
        learning_rate=recipe.rate,
        warmup_steps=max(1, round(recipe.warm * steps)),
        batch_sampler=BatchSamplers.NO_DUPLICATES,
        prompts=prompts,
        seed=recipe.seed,
        use_cpu=True,
        save_strategy="steps",
        save_steps=max(1, min(50, steps // 4)),
        save_total_limit=1,
        logging_strategy="no",
        report_to="none",
        disable_tqdm=True,
        dataloader_pin_memory=False,
    )
    return _Trainer(model=model, args=arguments, train_dataset=rows, loss=_loss(model, recipe))


def _loss(model: SentenceTransformer, recipe: Recipe) -> MultipleNegativesRankingLoss:
    return MultipleNegativesRankingLoss(model, scale=recipe.scale)


class _Trainer(SentenceTransformerTrainer):  # type: ignore[misc]
    """Writes no model card: it would show texts of the corpus and of visitors."""

    def add_model_card_callback(self, default_args_dict: dict[str, Any]) -> None:
        """Adds none."""


class _Told(TrainerCallback):  # type: ignore[misc]
    """Tells of every step, and stops when the time is out."""

    def __init__(self, progress: Progress, seconds: float) -> None:
        self._progress, self._until = progress, time.monotonic() + seconds

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """After each step."""
        del args
        self._progress(state.global_step, state.max_steps)
        control.should_training_stop |= time.monotonic() > self._until


def _steps(run: Path, pairs: int, minutes: float, recipe: Recipe, pace: Callable[[], float]) -> int:
    """How many steps are done: all passes, or as many as fit the time by the pace of this machine. Kept for a resumed run."""
    path = run / STEPS
    if path.is_file():
        return int(json.loads(path.read_text(encoding="utf-8"))["steps"])
    wanted = recipe.passes * math.ceil(pairs / recipe.batch)
    steps = max(1, min(wanted, int(minutes * 60 / pace())))
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps({"steps": steps, "of": wanted}), encoding="utf-8")
    os.replace(fresh, path)
    return steps


def _pace(model: SentenceTransformer, pairs: Sequence[Pair], prompts: dict[str, str], recipe: Recipe) -> float:
    """Seconds a step takes: some batches forth and back, nothing learned."""
    loss = _loss(model, recipe)
    every = max(1, len(pairs) // (PROBED * recipe.batch))
    began = time.perf_counter()
    for n in range(PROBED):
        some = pairs[n :: PROBED * every][: recipe.batch]
        texts = ([prompts["anchor"] + p.anchor for p in some], [prompts["positive"] + p.passage for p in some])
        loss([dict(model.preprocess(column)) for column in texts], None).backward()
    model.zero_grad(set_to_none=True)
    return (time.perf_counter() - began) / PROBED


def _checkpoint(run: Path) -> str | None:
    """The last whole checkpoint; what a kill left half written is removed."""
    whole = []
    for path in run.glob("checkpoint-*"):
        if (path / STATE).is_file():
            whole.append(path)
        else:
            shutil.rmtree(path)
    return str(max(whole, key=lambda path: int(path.name.rpartition("-")[2]))) if whole else None


def _average(model: SentenceTransformer, first: dict[str, torch.Tensor], share: float) -> None:
    """Wortsman et al., "Robust fine-tuning of zero-shot models", 2022."""
    with torch.no_grad():
        for name, weights in model.named_parameters():
            if name in first:
                weights.copy_(torch.lerp(first[name], weights, share))


def _save(model: SentenceTransformer, folder: Path) -> None:
    building = folder.with_name(f".{folder.name}")
    shutil.rmtree(building, ignore_errors=True)
    model.half().save_pretrained(str(building), create_model_card=False)
    os.replace(building, folder)
