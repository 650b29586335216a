"""The commands: output for programs, exit statuses, one-line errors."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bot import settings
from bot.errors import BadSetting
from bot.settings import Settings
from tests.shell import run, run_apart


def test_a_shell_is_answered_in_json_and_another_replays_it(starter: Settings) -> None:
    answer = json.loads(run_apart(starter, "ask", "What is the profit tax in Russia?", "--json").stdout)
    assert answer["status"] == "answered"
    assert json.loads(run_apart(starter, "replay", answer["answer_id"], "--json").stdout) == answer
    failed = run_apart(starter, "replay", "unknown")
    assert (failed.returncode, failed.stdout, failed.stderr) == (1, "", "error: there is no such answer\n")


def test_search_and_route_speak_json(starter: Settings) -> None:
    assert json.loads(run(starter, "route", "Is Sberbank sanctioned?", "--json").stdout)["desk"] == "compliance"
    assert json.loads(run(starter, "search", "profit tax", "--json").stdout)["passages"]


def test_explain_shows_every_step(starter: Settings) -> None:
    shown = run(starter, "ask", "What is the profit tax in Russia?", "--explain").stdout
    for step in ("understand", "send", "guard", "look_up", "weigh", "write"):
        assert step in shown


def test_a_conversation_goes_on_and_explains_what_it_carried_over(starter: Settings) -> None:
    first = json.loads(run(starter, "ask", "How does OFAC's 50 Percent Rule work?", "--json").stdout)
    shown = run(starter, "ask", "and in the UK?", "--conversation", first["conversation_id"], "--explain")
    assert "How does UK's 50 Percent Rule work? and in the UK?" in " ".join(shown.stdout.replace("│", " ").split())
    assert "UK instead of OFAC" in " ".join(shown.stdout.replace("│", " ").split())
    assert f"--conversation {first['conversation_id']}" in shown.stderr
    assert "carried over │ nothing" in run(starter, "ask", "and in the UK?", "--explain").stdout.replace("  ", "")


@pytest.mark.parametrize(
    ("words", "environment", "told"),
    [
        (("ask", "x" * 1001), {}, "too long"),
        (("ask", " "), {}, "empty"),
        (("settings",), {"BOT_PROT": "1"}, "no such setting"),
        (("settings",), {"BOT_PORT": "many"}, "BOT_PORT"),
        (("replay", "unknown"), {}, "no such answer"),
        (("recall", "unknown"), {}, "no document or passage of that id"),
        (("recall", "articles/us-50-percent-rule", "--since", "soon"), {}, "since takes"),
        (("ingest", "/no/such/path"), {}, "/no/such/path"),
        (("evaluate", "retrieval", "/no/such/path"), {}, "corpus.jsonl"),
        (("evaluate", "dialogue", "/no/such/path"), {}, "history"),
        (("evaluate", "quotes", "/no/such/path"), {}, "/no/such/path"),
        (("ask", "hello there"), {"BOT_MODEL": "nobody/none"}, "BOT_MODEL"),
    ],
)
def test_errors_are_one_line_and_status_1(
    words: tuple[str, ...], environment: dict[str, str], told: str, starter: Settings
) -> None:
    done = run(starter, *words, **environment)
    assert done.returncode == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_recall_lists_answers_and_writes_letters_once(starter: Settings, tmp_path: Path) -> None:
    answer = json.loads(run(starter, "ask", "What is the profit tax in Russia?", "--json").stdout)
    cited = answer["citations"][0]
    for identity in (cited["document_id"], cited["passage_id"]):
        found = json.loads(run(starter, "recall", identity, "--json").stdout)
        assert answer["answer_id"] in [one["answer_id"] for one in found["answers"]]
        assert cited["quote"] in found["letters"][0]["text"]
    shown = run(starter, "recall", cited["document_id"])
    assert answer["answer_id"] in shown.stdout
    words = ("recall", cited["document_id"], "--letters", str(tmp_path), "--json")
    letters = json.loads(run(starter, *words).stdout)["letters"]
    name = cited["document_id"].replace("/", "_")
    assert {Path(one["file"]).name for one in letters} == {f"{name}.{one['language']}.txt" for one in letters}
    made = [one for one in letters if one["language"] == "en"]
    text = Path(made[0]["file"]).read_text("utf-8")
    assert text.startswith(made[0]["subject"])
    assert cited["quote"] in text
    again = run(starter, *words)
    assert again.returncode == 1
    assert "is there already" in again.stderr
    assert Path(made[0]["file"]).read_text("utf-8") == text


def test_a_recall_loads_neither_encoder_nor_index(starter: Settings) -> None:
    told = "import sys\nfrom bot.cli import commands\nwords = ['recall', 'policies/how-this-desk-quotes', '--json']\n"
    told += "commands.app(words, standalone_mode=False)\n"
    told += "print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    variables = os.environ | {"BOT_DATA_DIR": str(starter.data_dir)}
    done = subprocess.run([sys.executable, "-c", told], env=variables, capture_output=True, text=True, timeout=300)
    loaded = set(done.stderr.split())
    assert "sqlalchemy" in loaded
    assert not loaded & {"numpy", "faiss", "bm25s", "openvino", "torch", "transformers", "sklearn", "py3langid", "fastapi"}


def test_a_recall_of_what_was_never_quoted_says_so(starter: Settings, tmp_path: Path) -> None:
    words = ("recall", "policies/how-this-desk-quotes", "--since", "2999-01-01")
    plain, program = run(starter, *words), run(starter, *words, "--json", "--letters", str(tmp_path))
    assert (plain.returncode, program.returncode) == (0, 0)
    assert "was never quoted since 2999-01-01" in plain.stdout
    found = json.loads(program.stdout)
    assert (found["answers"], found["conversations"], found["letters"]) == ([], [], [])
    assert list(tmp_path.iterdir()) == []


def test_letters_that_cannot_be_written_are_one_line(starter: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    done = run(starter, "recall", "policies/how-this-desk-quotes", "--letters", str(tmp_path / "file" / "below"))
    assert done.returncode == 1
    assert "--letters" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_that_is_taken_is_named(starter: Settings) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run_apart(starter, "serve", "--port", str(port))
    assert done.returncode == 1
    assert str(port) in done.stderr
    assert "Traceback" not in done.stderr


def test_a_key_is_shown_once_and_can_be_revoked(starter: Settings) -> None:
    made = run(starter, "keys", "create", "--name", "console", "--scopes", "search").stdout.split()
    listed = json.loads(run(starter, "keys", "list", "--json").stdout)
    assert made[-1] not in json.dumps(listed)
    identity = next(row["id"] for row in listed if row["name"] == "console")
    assert run(starter, "keys", "revoke", identity).returncode == 0


def test_settings_come_from_the_environment_and_paths_from_a_list() -> None:
    chosen = settings.load({"BOT_CORPUS": f"a{os.pathsep}b", "BOT_PORT": "99"})
    assert chosen.corpus == (Path("a"), Path("b"))
    assert chosen.port == 99
    assert settings.load({"BOT_PORT": "99"}, port=77).port == 77
    with pytest.raises(BadSetting, match="BOT_BACKEND"):
        settings.load({"BOT_BACKEND": "magic"})
