"""The papers are true: settings, links and commands that they name exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from bot import settings
from bot.cli import commands
from tests.conftest import ROOT

PAPERS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "corpus").glob("*.md")])


def test_the_settings_page_is_what_the_settings_say() -> None:
    assert (ROOT / "docs" / "settings.md").read_text("utf-8") == settings.markdown()


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.name)
def test_settings_links_and_commands_exist(path: Path) -> None:
    text = path.read_text("utf-8")
    known = {f"{settings.PREFIX}{name.upper()}" for name in settings.Settings.model_fields}
    assert set(re.findall(r"\bBOT_[A-Z_]*[A-Z]\b", text)) <= known
    for target in re.findall(r"\]\((?!https?://|mailto:|#)([^)#]+)", text):
        assert (path.parent / target).exists(), target
    group = typer.main.get_command(commands.app)
    known_commands = set(getattr(group, "commands", {}))
    assert known_commands
    assert set(re.findall(r"`bot ([a-z]+)", text)) <= known_commands, path
