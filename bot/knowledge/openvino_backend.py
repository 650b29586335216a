"""Runs a sentence-transformers model's transformer on OpenVINO; tokens, prompts, pooling and normalisation stay its own.

The graph is converted once a model and kept beside it, so later starts neither convert nor load the torch weights.
"""

from __future__ import annotations

import json
import os
import shutil
import time
import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Transformer
from transformers.modeling_outputs import BaseModelOutput

GRAPH = "encoder.xml"
EIGHT_BIT = "eight.xml"
FORMS = ("half.xml", EIGHT_BIT)
OPTIONS = {"PERFORMANCE_HINT": "LATENCY", "DYNAMIC_QUANTIZATION_GROUP_SIZE": "128"}
AGREEMENT = 0.999  # least cosine to torch for a converted graph to be used
PROBES = [
    "query: how long does it take to register a company?",
    "passage: Die Registrierung dauert fünf Tage.",
    "注册公司需要多长时间?",
]


def available() -> bool:
    """Whether OpenVINO is installed."""
    return find_spec("openvino") is not None


def load(model: Path, cache: Path, loader: Any) -> SentenceTransformer:
    """The model in folder `model` on OpenVINO; `loader(path, modules)` makes a SentenceTransformer of a folder.

    Converts on first use into `cache`. Raises RuntimeError or ValueError if the model cannot be converted faithfully.
    """
    import openvino

    folder = cache / f"openvino-{openvino.__version__.split('-')[0]}"
    if not (folder / GRAPH).is_file():
        convert(loader(model), folder)
    loaded: SentenceTransformer = loader(model, {_transformer_name(model): transformer_on(folder / GRAPH)})
    return loaded


def convert(model: SentenceTransformer, folder: Path) -> None:
    """Writes the transformer's graph into `folder`, whole or not at all.

    Two forms are tried, float16 and 8-bit weights, each compared with torch on real texts; the faster on this machine is
    kept (8-bit wins by a third on AVX-512 VNNI, float16 on AMX). Raises ValueError if neither agrees with torch.
    """
    building = folder.with_name(f".{folder.name}.{os.getpid()}")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    try:
        expected = model.encode(PROBES, normalize_embeddings=True, show_progress_bar=False)
        encoder = model[0].auto_model.eval()
        timed = []
        for name in FORMS:
            if name == EIGHT_BIT:
                _to_eight_bit(encoder)
            _write(model, encoder, building / name)
            if _agreement(model, building / name, expected) >= AGREEMENT:
                timed.append((_seconds(model, building / name), name))
        if not timed:
            raise ValueError("the converted model differs from the original")
        _, best = min(timed)
        for suffix in (".xml", ".bin"):
            (building / best).with_suffix(suffix).rename((building / GRAPH).with_suffix(suffix))
        for left in building.iterdir():
            if left.stem != Path(GRAPH).stem:
                left.unlink()
        shutil.rmtree(folder, ignore_errors=True)
        building.rename(folder)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def transformer_on(graph: Path) -> type[Transformer]:
    """A Transformer module that computes with the graph instead of torch weights, which it never loads."""

    class OpenVinoTransformer(Transformer):  # type: ignore[misc]  # the library's types are not followed
        def _load_model(
            self,
            model_name_or_path: str,
            transformer_task: Any,
            config: Any,
            backend: str,
            is_peft_model: bool,
            **model_kwargs: Any,
        ) -> Any:
            return _OnOpenVino(graph, config)

    return OpenVinoTransformer


class _HiddenStates(torch.nn.Module):
    """The part of an encoder that is converted: token ids in, last hidden states out."""

    def __init__(self, encoder: torch.nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        states: torch.Tensor = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        return states


class _OnOpenVino(torch.nn.Module):
    """Stands where the torch transformer stood. One call at a time."""

    def __init__(self, graph: Path, config: Any) -> None:
        import openvino

        super().__init__()
        self.config, self.dtype = config, torch.float32
        self._compiled = openvino.Core().compile_model(str(graph), "CPU", OPTIONS)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor, **_: Any) -> BaseModelOutput:
        output = self._compiled({"input_ids": input_ids.numpy(), "attention_mask": attention_mask.numpy()})
        return BaseModelOutput(last_hidden_state=torch.from_numpy(output[0]))


class _EightBit(torch.nn.Module):
    """A linear layer whose weights are 8-bit numbers with one scale a row; OpenVINO keeps them so."""

    def __init__(self, linear: torch.nn.Linear) -> None:
        super().__init__()
        weight = linear.weight.data
        scale = weight.abs().amax(dim=1, keepdim=True).clamp_min(1e-8) / 127
        self.weight = torch.nn.Buffer(torch.round(weight / scale).to(torch.int8))
        self.scale = torch.nn.Buffer(scale)
        self.bias = linear.bias

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.linear(states, self.weight.to(torch.float32) * self.scale, self.bias)


class _EightBitTable(torch.nn.Module):
    """A table of token vectors kept as 8-bit numbers with one scale a row, widened only where it is read."""

    def __init__(self, table: torch.nn.Embedding) -> None:
        super().__init__()
        weight = table.weight.data
        scale = weight.abs().amax(dim=1, keepdim=True).clamp_min(1e-8) / 127
        self.weight = torch.nn.Buffer(torch.round(weight / scale).to(torch.int8))
        self.scale = torch.nn.Buffer(scale)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        return self.weight[ids].to(torch.float32) * self.scale[ids]


def _to_eight_bit(module: torch.nn.Module) -> None:
    for name, child in module.named_children():
        if isinstance(child, torch.nn.Linear):
            setattr(module, name, _EightBit(child))
        elif isinstance(child, torch.nn.Embedding):
            setattr(module, name, _EightBitTable(child))
        else:
            _to_eight_bit(child)


def _write(model: SentenceTransformer, encoder: torch.nn.Module, graph: Path) -> None:
    import openvino

    example = model.tokenizer(["a b c", "d e f g h"], padding=True, return_tensors="pt")
    inputs = {name: example[name] for name in ("input_ids", "attention_mask")}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tracing warns of every shape that it fixes; the comparison is the check
        made = openvino.convert_model(_HiddenStates(encoder), example_input=inputs)
    openvino.save_model(made, str(graph), compress_to_fp16=True)


def _agreement(model: SentenceTransformer, graph: Path, expected: Any) -> float:
    """The least cosine between the graph's vectors and torch's."""
    original, model[0].model = model[0].model, _OnOpenVino(graph, model[0].model.config)
    try:
        got = model.encode(PROBES, normalize_embeddings=True, show_progress_bar=False)
    finally:
        model[0].model = original
    return float((expected * got).sum(axis=1).min())


def _seconds(model: SentenceTransformer, graph: Path) -> float:
    """The time of a batch of passages, the best of some runs."""
    encoder = _OnOpenVino(graph, model[0].model.config)
    inputs = model.tokenizer([" ".join(PROBES) * 4] * 16, padding=True, truncation=True, max_length=128, return_tensors="pt")
    runs = []
    for _ in range(4):
        began = time.perf_counter()
        encoder(inputs["input_ids"], inputs["attention_mask"])
        runs.append(time.perf_counter() - began)
    return min(runs)


def _transformer_name(model: Path) -> str:
    modules = json.loads((model / "modules.json").read_text(encoding="utf-8"))
    return str(modules[0]["type"])
