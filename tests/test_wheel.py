"""The wheel works outside the checkout: pages and starter corpus are inside it, and it answers a question."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--no-deps",
        "--no-build-isolation",
        "--quiet",
        "--wheel-dir",
        str(out),
        str(ROOT),
    ]
    subprocess.run(command, check=True, timeout=300)
    return next(out.glob("*.whl"))


def test_pages_corpus_words_and_migrations_are_inside(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for name in (
        "bot/_shipped/web/site.css",
        "bot/_shipped/web/desk-hours.js",
        "bot/_shipped/web/widget.js",
        "bot/_shipped/web/widget/panel.js",
        "bot/_shipped/web/templates/ask.html",
        "bot/_shipped/web/letters/acknowledgement.zh.txt",
        "bot/_shipped/corpus/contacts.toml",
        "bot/_shipped/corpus/wording/zh.toml",
        "bot/_shipped/corpus/articles/us-50-percent-rule.md",
    ):
        assert name in names
    assert any(name.startswith("bot/store/migrations/versions/") for name in names)


def test_installed_elsewhere_it_answers(wheel: Path, tmp_path: Path) -> None:
    target = tmp_path / "site"
    install = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--quiet", "--target", str(target), str(wheel)]
    subprocess.run(install, check=True, timeout=300)
    (tmp_path / "work" / "var").mkdir(parents=True)
    (tmp_path / "work" / "var" / "models").symlink_to(ROOT / "var" / "models")
    # first on the path, so that it is this copy that runs and not the checkout
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    environment |= {"PYTHONPATH": f"{target}{os.pathsep}{sysconfig.get_path('purelib')}", "HF_HUB_OFFLINE": "1"}

    def bot(*words: str) -> str:
        program = "import sys, bot; from bot.cli.commands import main; assert 'site' in bot.__file__, bot.__file__; main()"
        command = [sys.executable, "-c", program, *words]
        return subprocess.run(
            command, cwd=tmp_path / "work", env=environment, check=True, capture_output=True, text=True, timeout=300
        ).stdout

    assert json.loads(bot("ingest", "--json"))["documents"] >= 22
    answer = json.loads(bot("ask", "How does OFAC's 50 percent rule work?", "--json"))
    assert answer["status"] == "answered"
    assert answer["route"]["email"] == "russia@dezshira.com"
    quote = answer["citations"][0]
    source = (target / "bot" / "_shipped" / "corpus" / f"{quote['document_id']}.md").read_text("utf-8")
    assert quote["quote"] in source
    assert json.loads(bot("replay", answer["answer_id"], "--json")) == answer
