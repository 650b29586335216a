"""A small encoder with random weights, and documents that it can learn to find: what they ask about is said in other words."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.adapting.adapt import Told
from bot.quality import fitting
from bot.settings import Settings
from tests.conftest import quiet

STARTS, ENDS = ("ba", "ke", "lo", "mu", "ni", "sa", "te", "vo"), ("dor", "fin", "gal", "rit")
WORDS = [start + end for start in STARTS for end in ENDS]
EXAMPLE = '[[example]]\ntext = "{text}"\nkind = "{kind}"\nlanguage = "en"\ntopic = "{topic}"\nunclear = {unclear}\n'
GOLD = '[[question]]\nquestion = "{question}"\ndocuments = ["{document}"]\n'
MEANT = [f"{word[::-1]}x" for word in WORDS]  # what a question calls what a document calls by the word at the same place
KINDS = ("question", "service", "contact", "screening")


NOISE, DOCUMENTS = 1.5, 160
SIDE = len(WORDS)  # half of the numbers of a word's vector tell what is meant, the other half are noise that drowns it


def build(folder: Path, seed: int, noise: float = NOISE) -> Path:
    """A sentence-transformers folder over these words alone, that has to learn which of its numbers to heed."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    torch.manual_seed(seed)
    known = ["<pad>", "<s>", "</s>", "<unk>", "query", "passage", ":", ".", *WORDS, *MEANT]
    tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(known)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=[("<s>", 1), ("</s>", 2)])
    words = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", pad_token="<pad>", unk_token="<unk>", model_max_length=128
    )
    shape = BertConfig(
        vocab_size=len(known),
        hidden_size=2 * SIDE,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=2 * SIDE,
        max_position_embeddings=130,
        initializer_range=0.01,
    )
    model = BertModel(shape, add_pooling_layer=False)
    table = model.get_input_embeddings().weight.data
    table[-2 * SIDE :] = torch.cat([torch.eye(SIDE).repeat(2, 1) * 4, torch.randn(2 * SIDE, SIDE) * noise], dim=1)
    model.save_pretrained(folder)
    words.save_pretrained(folder)
    kinds = (("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize"))
    files: dict[str, object] = {
        "modules.json": [
            {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.sentence_transformer.modules.{kind}"}
            for i, (path, kind) in enumerate(kinds)
        ],
        "1_Pooling/config.json": {"word_embedding_dimension": 2 * SIDE, "pooling_mode_mean_tokens": True},
        "sentence_bert_config.json": {"max_seq_length": 128, "do_lower_case": False},
        "config_sentence_transformers.json": {"prompts": {"query": "query: ", "passage": "passage: "}},
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(json.dumps(content))
    return folder


def write_corpus(folder: Path, documents: int) -> Path:
    """Documents of two words each, no two alike, with few labelled inquiries so that an ingest is quick."""
    folder.mkdir()
    for n in range(documents):
        one, other = told(n)
        (folder / f"d{n}.md").write_text(f"---\ntitle: d{n}\n---\n{WORDS[one]} {WORDS[other]}.\n", "utf-8")
    rows = [
        EXAMPLE.format(text=f"{WORDS[i]} {kind}", kind=kind, topic="firm", unclear="false") for i in range(6) for kind in KINDS
    ]
    rows.append(EXAMPLE.format(text="which one", kind="question", topic="sanctions", unclear="true"))
    (folder / "inquiries.toml").write_text("\n".join(rows), "utf-8")
    (folder / "gold.toml").write_text("\n".join(GOLD.format(question=ask(n), document=f"d{n}") for n in range(20)), "utf-8")
    return folder


def told(n: int) -> tuple[int, int]:
    """The two words that document n is made of."""
    return n % len(WORDS), (n // len(WORDS) * 5 + n * 3 + 1) % len(WORDS)


def ask(n: int) -> str:
    """A question that document n answers, in other words than its own."""
    one, other = told(n)
    return f"{MEANT[one]} {MEANT[other]}"


def write_questions(path: Path, answered: Sequence[tuple[int, int]]) -> Path:
    """A file of questions: that of document `asked` is said to be answered by document `by`."""
    rows = [json.dumps({"question": ask(asked), "documents": [f"d{by}"]}) for asked, by in answered]
    path.write_text("\n".join(rows), "utf-8")
    return path


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small encoder."""
    return build(tmp_path_factory.mktemp("small"), 1)


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of another small encoder, that heeds less of the noise."""
    return build(tmp_path_factory.mktemp("trained"), 1, noise=NOISE / 3)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A folder of documents."""
    return write_corpus(tmp_path / "corpus", DOCUMENTS)


@pytest.fixture
def settings(small: Path, corpus: Path, tmp_path: Path) -> Settings:
    """Settings of the small encoder over these documents, a data folder of their own."""
    return Settings.model_validate({"data_dir": tmp_path / "var", "corpus": (corpus,), "model": str(small), "backend": "torch"})


@pytest.fixture
def shown(settings: Settings) -> Told:
    """What the steps of an adaptation use; nothing is shown."""
    return Told(settings, fitting.prepare, quiet, lambda *_: contextlib.nullcontext(lambda *_: None))
