"""Converts a sentence-transformers model to an OpenVINO graph, once: token ids and mask in, unit vectors out.

Everything behind the tokens is in the graph (transformer, pooling, normalisation), so that whoever answers needs neither
torch nor transformers. Two forms are tried, float16 and 8-bit weights.
"""

from __future__ import annotations

import os
import shutil
import time
import warnings
from pathlib import Path
from typing import Any

import openvino
import torch
from tokenizers import Tokenizer

from bot.knowledge.openvino_embedder import GRAPH, TOKENIZER, About, OpenVinoEmbedder
from bot.knowledge.torch_embedder import TorchEmbedder

FORMS = ("half.xml", "eight.xml")
AGREEMENT = 0.999  # least cosine to torch for a converted graph to be used
PROBES = (
    "How long does it take to register a company?",
    "Die Registrierung dauert fünf Tage.",
    "注册公司需要多长时间？",
    "Экспортный контроль",
    "A LONG ONE. " * 300,
)


def convert(original: TorchEmbedder, folder: Path) -> None:
    """Writes the graph and what belongs to it into `folder`, whole or not at all.

    Each form is compared with torch on real texts; of those that agree the faster on this machine is kept. Raises ValueError or
    RuntimeError if there is none: the model has no tokenizer file, or does more than a graph can.
    """
    building = folder.with_name(f".{folder.name}.{os.getpid()}")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    try:
        _write_tokenizer(original, building)
        expected = _probed(original)
        timed = []
        for form in FORMS:
            if form == "eight.xml":
                _to_eight_bit(original.model[0].auto_model)
            _write_graph(original, building / form)
            made = OpenVinoEmbedder(building, original.name, original.fingerprint, form)
            if float((_probed(made) * expected).sum(axis=1).min()) >= AGREEMENT:
                timed.append((_seconds(made), form))
        if not timed:
            raise ValueError("the converted model differs from the original")
        _keep(building, min(timed)[1])
        shutil.rmtree(folder, ignore_errors=True)
        building.rename(folder)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _write_tokenizer(original: TorchEmbedder, folder: Path) -> None:
    backend = getattr(original.model.tokenizer, "backend_tokenizer", None)
    if backend is None:
        raise ValueError("the model's tokenizer has no file form")
    tokenizer = Tokenizer.from_str(backend.to_str())
    tokenizer.no_padding()
    tokenizer.no_truncation()
    tokenizer.save(str(folder / TOKENIZER))
    padding = original.model.tokenizer.pad_token_id or 0
    About(original.query_prompt, original.passage_prompt, original.longest, padding, original.dimension).save(folder)


def _write_graph(original: TorchEmbedder, graph: Path) -> None:
    example = original.model.tokenizer(["a b c", "d e f g h"], padding=True, return_tensors="pt")
    inputs = {name: example[name] for name in ("input_ids", "attention_mask")}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tracing warns of every shape that it fixes; the comparison is the check
        made = openvino.convert_model(original.whole, example_input=inputs)
    openvino.save_model(made, str(graph), compress_to_fp16=True)


def _keep(folder: Path, form: str) -> None:
    for suffix in (".xml", ".bin"):
        (folder / form).with_suffix(suffix).rename((folder / GRAPH).with_suffix(suffix))
    for other in FORMS:
        for suffix in (".xml", ".bin"):
            (folder / other).with_suffix(suffix).unlink(missing_ok=True)


def _probed(embedder: TorchEmbedder | OpenVinoEmbedder) -> Any:
    """Vectors of the probes as questions and, below them, as passages."""
    return torch.cat([torch.from_numpy(encode(PROBES)) for encode in (embedder.questions, embedder.passages)])


def _seconds(embedder: OpenVinoEmbedder) -> float:
    """The time of some passages, the best of some runs."""
    texts, runs = [" ".join(PROBES[:4]) * 3] * 32, []
    for _ in range(3):
        began = time.perf_counter()
        embedder.passages(texts)
        runs.append(time.perf_counter() - began)
    return min(runs)


class _EightBit(torch.nn.Module):
    """A linear layer whose weights are 8-bit numbers with one scale a row; OpenVINO keeps them so."""

    def __init__(self, linear: torch.nn.Linear) -> None:
        super().__init__()
        self.weight, self.scale = _whole_numbers(linear.weight.data)
        self.bias = linear.bias

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.linear(states, self.weight.to(torch.float32) * self.scale, self.bias)


class _EightBitTable(torch.nn.Module):
    """A table of token vectors kept as 8-bit numbers with one scale a row, widened only where it is read."""

    def __init__(self, table: torch.nn.Embedding) -> None:
        super().__init__()
        self.weight, self.scale = _whole_numbers(table.weight.data)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        return self.weight[ids].to(torch.float32) * self.scale[ids]


def _whole_numbers(weight: torch.Tensor) -> tuple[torch.nn.Buffer, torch.nn.Buffer]:
    """A table of weights as 8-bit numbers, and the scale of each row."""
    scale = weight.abs().amax(dim=1, keepdim=True).clamp_min(1e-8) / 127
    return torch.nn.Buffer(torch.round(weight / scale).to(torch.int8)), torch.nn.Buffer(scale)


def _to_eight_bit(module: torch.nn.Module) -> None:
    for name, child in module.named_children():
        if isinstance(child, torch.nn.Linear):
            setattr(module, name, _EightBit(child))
        elif isinstance(child, torch.nn.Embedding):
            setattr(module, name, _EightBitTable(child))
        else:
            _to_eight_bit(child)
