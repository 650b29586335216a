"""How follow-ups are measured, and what is reached on conversations that nothing was learned from."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from bot import shipped, wiring
from bot.cli.commands import app
from bot.dialogue import taught_turns
from bot.dialogue.carrying import Carried
from bot.dialogue.hearing import Heard
from bot.errors import BadData
from bot.quality import conversations, dialogue
from bot.quality.conversations import Task
from bot.quality.plots import dialogue as figure
from bot.vocabulary import Json, Judgement, Turn
from tests.conftest import DATA

ROW: Json = {
    "history": [{"speaker": "user", "text": "How long?"}, {"speaker": "agent", "text": "A year."}],
    "question": "and then?",
    "documents": ["a"],
}
UNREAD = Judgement({}, {})


def asked(
    task: Task, *, leaned: bool, recall: float = 0.0, written: float | None = None, said: float = 0.5, unclear: bool = False
) -> dialogue.Asked:
    heard = Heard(Turn(task.question), np.ones(2, dtype="<f2"), UNREAD, Carried("x", "x", ()) if leaned else None)
    return dialogue.Asked(task, heard, recall, recall / 2, written, said, unclear)


def write(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_rows_of_both_forms_are_read(tmp_path: Path) -> None:
    multi = {
        "history": [],
        "question": "Was ist das?",
        "context_ids": ["p1", "p2"],
        "answerability": ["PARTIAL"],
        "task_id": "x<::>1",
    }
    own, other = conversations.read(
        write(tmp_path / "rows.jsonl", ROW | {"leans": True, "written_out": "and after a year?"}, multi)
    )
    assert own == Task(("How long?",), ("A year.",), "and then?", ("a",), "ANSWERABLE", True, "and after a year?", "en")
    assert other == Task((), (), "Was ist das?", ("p1", "p2"), "PARTIAL", None, "", "de")
    assert conversations.read(write(tmp_path / "none.jsonl", ROW | {"documents": []}))[0].answerability == "UNANSWERABLE"


@pytest.mark.parametrize(
    "wrong",
    [
        {"question": ""},
        {"question": 3},
        {"documents": "a"},
        {"history": "How long?"},
        {"history": [{"speaker": "clerk", "text": "x"}]},
        {"history": [{"speaker": "user"}]},
        {"leans": "yes"},
    ],
)
def test_a_row_that_lacks_something_is_refused_with_its_line(tmp_path: Path, wrong: Json) -> None:
    with pytest.raises(BadData) as caught:
        conversations.read(write(tmp_path / "rows.jsonl", ROW, ROW | wrong))
    assert caught.value.problem.line == 2


def test_passages_become_documents(tmp_path: Path) -> None:
    source = write(tmp_path / "p.jsonl", {"doc_id": "p1", "title": "T", "text": "x"}, {"_id": "p2", "text": "y"})
    made = conversations.write_passages(source, tmp_path / "corpus.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in made] == [
        {"_id": "p1", "title": "T", "text": "x"},
        {"_id": "p2", "title": "p2", "text": "y"},
    ]
    with pytest.raises(BadData, match="doc_id"):
        conversations.write_passages(write(tmp_path / "q.jsonl", {"text": "x"}), tmp_path / "corpus.jsonl")


def test_the_measures_count_what_they_say(tmp_path: Path) -> None:
    follow = Task(("a",), ("b",), "q", ("d",), "ANSWERABLE", leans=True, written_out="w", language="en")
    alone = Task(("a",), ("b",), "q", ("d",), "ANSWERABLE", leans=False, language="de")
    first = Task((), (), "q", ("d",), "ANSWERABLE", language="de")
    lost = Task(("a",), ("b",), "q", (), "UNANSWERABLE", language="en")
    open_ = Task(("a",), ("b",), "q", (), "UNDERSPECIFIED", language="en")
    found = [
        asked(follow, leaned=True, recall=1.0, written=1.0, said=0.9),
        asked(follow, leaned=False, recall=0.0, written=1.0, said=0.3),
        asked(alone, leaned=False, recall=1.0, said=0.8),
        asked(alone, leaned=True, recall=0.0, said=0.8),
        asked(first, leaned=False, recall=0.0, said=0.8, unclear=True),
        asked(lost, leaned=False, said=0.4),
        asked(open_, leaned=False, unclear=True, said=0.99),
        asked(open_, leaned=False, said=0.99),
    ]
    result = dialogue.evaluate(found)
    expected = {
        "turns": 8,
        "answerable": 5,
        "recall@5": 0.5,
        "recall@5_alone": 0.25,
        "recall@5_written_out": 1.0,
        "lost": 0.5,
        "rewritten": 0.5,
        "inherits_nothing": 0.5,
        "auroc": 0.8,
        "clarified_underspecified": 0.5,
        "clarified_answerable": 0.2,
    }
    assert {name: result[name] for name in expected} == expected
    assert set(result["by_language"]) == {"en", "de"}
    assert result["by_language"]["de"]["rewritten"] is None
    assert result["intervals"]["recall@5"] == [0.0, 1.0]
    assert "recall@5" in dialogue.as_lines(found) and len(dialogue.as_lines(found).splitlines()) == 8
    picture = figure.draw(result, tmp_path).read_text(encoding="utf-8")
    assert "as typed" in picture and "as heard" in picture


def test_nothing_kept_apart_was_learned_from() -> None:
    tasks = conversations.read(DATA / "followups.jsonl")
    taught = taught_turns.parse((shipped.folder("corpus") / taught_turns.FILE).read_bytes())
    learned = {"".join(filter(str.isalnum, text.casefold())) for turn in taught for text in (turn.text, turn.earlier)}
    kept_apart = ["".join(filter(str.isalnum, text.casefold())) for task in tasks for text in (task.question, *task.asked)]
    assert not learned & set(kept_apart)
    count = Counter((task.language, task.leans) for task in tasks)
    assert sum(n for (_, leans), n in count.items() if leans is False) >= 80
    assert len(tasks) >= 240 and min(count.values()) >= 15


def test_follow_ups_find_what_they_would_find_written_out(bot: wiring.Bot) -> None:
    tasks = conversations.read(DATA / "followups.jsonl")
    engine = bot.live()
    examiner = dialogue.Examiner(engine.hearing, engine.search, engine.reply, engine.read, wiring.now())
    result = dialogue.evaluate([examiner(task) for task in tasks])
    assert result["lost"] <= 0.03
    assert result["inherits_nothing"] >= 0.9
    assert result["rewritten"] >= 0.9
    assert result["recall@5"] >= result["recall@5_alone"] + 0.15


def test_the_command_measures_passages_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bot: wiring.Bot) -> None:
    monkeypatch.setenv("BOT_DATA_DIR", str(bot.settings.data_dir))
    passages = write(
        tmp_path / "passages.jsonl",
        {"doc_id": "vat", "title": "VAT", "text": "The rate of value added tax in Russia is 20 percent. It is due each quarter."},
        {"doc_id": "tea", "title": "Tea", "text": "Tea is made of leaves. They are steeped in hot water for three minutes."},
    )
    tasks = write(
        tmp_path / "tasks.jsonl",
        {
            "history": [{"speaker": "user", "text": "What is the rate of value added tax?"}],
            "question": "and when is it due?",
            "context_ids": ["vat"],
            "answerability": ["ANSWERABLE"],
        },
    )
    rows = tmp_path / "rows.jsonl"
    ran = CliRunner().invoke(
        app, ["evaluate", "dialogue", str(tasks), "--passages", str(passages), "--rows", str(rows), "--json"]
    )
    assert ran.exit_code == 0, ran.output
    assert json.loads(ran.stdout)["recall@5"] == 1.0
    assert json.loads(rows.read_text(encoding="utf-8"))["meant"] == "What is the rate of value added tax? and when is it due?"
