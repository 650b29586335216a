"""Runs commands of `bot`: in this process, whose encoder is loaded already, or in one of their own as a shell does."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from unittest import mock

import structlog

from bot.cli import commands
from bot.server import logs
from bot.settings import Settings

LONGEST = 1800  # seconds: the machine may do much else at the same time
Ended = subprocess.CompletedProcess[str]
PROGRAM = "from bot.cli.commands import main; main()"


def run(chosen: Settings | None, *words: str | Path, **environment: str) -> Ended:
    """Runs a command here, by the program's own entry, without its log; an error that is not ours is raised.

    Settings are those of `environment` and the data folder of `chosen`.
    """
    out, err, status = io.StringIO(), io.StringIO(), 0
    with (
        mock.patch.dict(os.environ, variables(chosen, environment), clear=True),
        mock.patch.object(sys, "argv", ["bot", *map(str, words)]),
        mock.patch.object(logs, "configure"),
        structlog.testing.capture_logs(),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            commands.main()
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(end.code is not None)
    return subprocess.CompletedProcess(words, status, out.getvalue(), err.getvalue())


def run_apart(chosen: Settings | None, *words: str | Path, **environment: str) -> Ended:
    """Runs a command in a process of its own."""
    command = [sys.executable, "-c", PROGRAM, *map(str, words)]
    given = variables(chosen, environment)
    return subprocess.run(command, env=given, capture_output=True, text=True, timeout=LONGEST)


def variables(chosen: Settings | None, environment: Mapping[str, str]) -> dict[str, str]:
    """The environment of a command: that of the tests without its settings, and these."""
    found = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    folder = {"BOT_DATA_DIR": str(chosen.data_dir)} if chosen else {}
    return found | folder | {"HF_HUB_OFFLINE": "1"} | dict(environment)
