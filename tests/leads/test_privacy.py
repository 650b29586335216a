"""After an erasure nothing of the person is left in any file; a restored backup brings nobody back; old rows go."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from bot.errors import BadBackup
from bot.intake import Lead
from bot.leads import privacy
from bot.leads.restoring import restore
from bot.store.answers import Answers
from bot.store.backups import Backups
from bot.store.conservation import conservation
from bot.store.database import Database
from bot.store.leads import Key, Leads
from bot.store.letters import Outbox
from bot.store.sqlite import FILE, sqlite_url
from bot.store.tables import answers, conversations, erasures, lead_keys, leads, letters, spent_challenges
from bot.vocabulary import Turn
from tests.store.conftest import MakeReceipt
from tests.store.test_leads import AGAIN, PLAIN, START, letters_for

TOKENS = ("Zdeněk Příbramský", "zdenek@pribram-kovo.example", "Příbram Kovo", "gearbox-marker-71", "question-marker-72")
ZDENEK = replace(
    PLAIN,
    id="ZDEN",
    name=TOKENS[0],
    email="Zdenek@Pribram-Kovo.example",
    company=TOKENS[2],
    message=f"{TOKENS[3]} is what our letter to you is about, and a long one. " * 40,
    conversation_id="talk-1",
)


def keep(database: Database, lead: Lead) -> None:
    key = Key(lead.id.encode() * 8, b"body")
    Leads(database).keep(lead, letters_for(lead), lead.id.encode() * 8, AGAIN, key)


def talk(database: Database, receipt: MakeReceipt, name: str, question: str, at: datetime = START) -> None:
    made = receipt(f"a-{name}", name, turn=Turn(question), asked_at=at, body=json.dumps({"text": question}))
    Answers(database).keep(made, status="answered", kind="question", language="en", citations=[])


def fill(database: Database, receipt: MakeReceipt) -> None:
    talk(database, receipt, "talk-1", f"{TOKENS[4]}: may we?")
    talk(database, receipt, "talk-2", f"Please write to {TOKENS[1].upper()}")
    talk(database, receipt, "talk-3", "What is the profit tax?")
    keep(database, ZDENEK)
    keep(database, replace(PLAIN, id="ANNA", conversation_id="talk-3"))


def count(database: Database, table: object) -> int:
    with database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())  # type: ignore[arg-type]


def holding(folder: Path, texts: tuple[str, ...] = TOKENS) -> list[tuple[str, str]]:
    """Files that hold one of the texts, whatever the case of its letters."""
    found = {path.name: path.read_bytes().lower() for path in folder.rglob("*") if path.is_file()}
    return [(name, text) for name, data in found.items() for text in texts if text.encode().lower() in data]


def test_an_export_holds_everything(database: Database, receipt: MakeReceipt) -> None:
    fill(database, receipt)
    found = json.dumps(privacy.export(database, " ZDENEK@pribram-kovo.example "), ensure_ascii=False)
    assert all(token.lower() in found.lower() for token in TOKENS)
    assert "Novák" not in found
    assert privacy.export(database, "nobody@example.com")["leads"] == []


def test_an_erasure_takes_everything_and_leaves_the_others(database: Database, receipt: MakeReceipt) -> None:
    fill(database, receipt)
    done = privacy.erase(database, TOKENS[1], START, [])
    assert done.record.counts == {"leads": 1, "letters": 2, "conversations": 2, "answers": 2}
    assert (done.whole, done.found_in) == (True, ())
    kept = Leads(database).get("ZDEN")
    assert (kept.status, kept.name, kept.email, kept.message, kept.conversation_id) == ("erased", "", "", "", None)
    assert (kept.received_at, kept.desk) == (START, "russia")
    assert Outbox(database).of_lead("ZDEN") == []
    assert {one.lead_id for one in Outbox(database).claim("w", START, AGAIN, 99)} == {"ANNA"}
    assert Leads(database).get("ANNA") == replace(PLAIN, id="ANNA", conversation_id="talk-3")
    assert [count(database, table) for table in (answers, conversations, lead_keys, erasures)] == [1, 1, 1, 1]
    assert conservation(database).holds
    assert not privacy.export(database, TOKENS[1])["leads"]


def test_after_an_erasure_no_file_holds_a_word_of_the_person(tmp_path: Path, receipt: MakeReceipt) -> None:
    with Database(sqlite_url(tmp_path)) as database:
        for n in range(60):  # rows that move about, so that pages are split and filled anew
            keep(database, replace(PLAIN, id=f"N{n}", message="x" * (n * 97 % 3000)))
        fill(database, receipt)
        for n in range(60, 90):
            keep(database, replace(PLAIN, id=f"N{n}", message="y" * (n * 89 % 3000)))
        with database.write() as connection:
            connection.execute(leads.delete().where(leads.c.id.like("N1%")))
        assert len({text for _, text in holding(tmp_path)}) == len(TOKENS)
        done = privacy.erase(database, TOKENS[1], START, [tmp_path])
        assert (done.found_in, done.searched > 0) == ((), True)
        assert holding(tmp_path) == []
    assert holding(tmp_path) == []


def test_what_is_left_somewhere_is_named(tmp_path: Path, receipt: MakeReceipt) -> None:
    (tmp_path / "desk.log").write_text("x" * 1_048_570 + TOKENS[1], "utf-8")
    with Database(sqlite_url(tmp_path / "data")) as database:
        fill(database, receipt)
        keep(database, replace(PLAIN, id="HANA", message=f"My colleague {TOKENS[1]} wrote to you."))
        done = privacy.erase(database, TOKENS[1], START, [tmp_path / "desk.log", tmp_path / "nothing"])
    assert done.found_in == (str(tmp_path / "desk.log"),)
    assert done.mentioned_in == ("HANA",)


def test_a_backup_is_whole_and_listed_and_a_restore_erases_again(tmp_path: Path, receipt: MakeReceipt) -> None:
    database = Database(sqlite_url(tmp_path / "data"))
    with database:
        fill(database, receipt)
        made = Backups(database).make(tmp_path / "copies" / "one.backup", START)
        assert [one.file for one in Backups(database).list()] == [str(tmp_path / "copies" / "one.backup")]
        with pytest.raises(BadBackup, match="already"):
            Backups(database).make(tmp_path / "copies" / "one.backup", START)
        erased = privacy.erase(database, TOKENS[1], START + timedelta(hours=1), [])
        assert [one.file for one in erased.backups] == [made.file]
        keep(database, replace(PLAIN, id="LATE"))
    done = restore(Path(made.file), Database(sqlite_url(tmp_path / "data")), START + timedelta(hours=2))
    assert done.erased_again == 1
    assert done.before
    with database:
        assert Leads(database).get("ZDEN").status == "erased"
        assert Leads(database).get("ANNA").name == PLAIN.name
        assert count(database, leads) == 2
        assert conservation(database).holds
    assert holding(tmp_path / "data") == []
    with Database(f"sqlite:///{done.before}") as before:
        assert Leads(before).get("LATE").name == PLAIN.name


def test_a_restore_is_safe_while_others_use_the_database(tmp_path: Path) -> None:
    with Database(sqlite_url(tmp_path)) as serving:
        keep(serving, PLAIN)
        Backups(serving).make(tmp_path / "one.backup", START)
        keep(serving, replace(PLAIN, id="LATE"))
        restore(tmp_path / "one.backup", Database(sqlite_url(tmp_path)), START)
        assert count(serving, leads) == 1
        keep(serving, replace(PLAIN, id="NEXT"))
    with Database(sqlite_url(tmp_path)) as again:
        assert count(again, leads) == 2
        assert conservation(again).holds


@pytest.mark.parametrize("damage", ["cut", "text", "other", "absent"])
def test_what_is_no_backup_changes_nothing(damage: str, tmp_path: Path, receipt: MakeReceipt) -> None:
    file = tmp_path / "one.backup"
    with Database(sqlite_url(tmp_path / "data")) as database:
        fill(database, receipt)
        Backups(database).make(file, START)
    if damage == "cut":
        file.write_bytes(file.read_bytes()[:-9000])
    if damage == "text":
        file.write_text("This is a letter. " * 1000)
    if damage == "other":
        import sqlite3

        file.unlink()
        sqlite3.connect(file).execute("CREATE TABLE t (x)").connection.close()
    if damage == "absent":
        file.unlink()
    with pytest.raises(BadBackup, match=r"one\.backup"):
        restore(file, Database(sqlite_url(tmp_path / "data")), START)
    with Database(sqlite_url(tmp_path / "data")) as database:
        assert count(database, leads) == 2
    assert [path.name for path in (tmp_path / "data").iterdir()] == [FILE]


def test_a_dump_of_postgresql_comes_back(postgres: str, tmp_path: Path) -> None:
    with Database(postgres) as database:
        keep(database, replace(ZDENEK, conversation_id=None))
        keep(database, PLAIN)
        made = Backups(database).make(tmp_path / "one.dump", START)
        privacy.erase(database, TOKENS[1], START, [])
        keep(database, replace(PLAIN, id="LATE"))
    done = restore(Path(made.file), Database(postgres), START)
    with Database(postgres) as database:
        assert (done.erased_again, count(database, leads)) == (1, 2)
        assert Leads(database).get("ZDEN").status == "erased"


def test_what_is_over_its_time_goes(database: Database, receipt: MakeReceipt) -> None:
    now = START + timedelta(days=1000)
    fill(database, receipt)
    fresh = now - timedelta(days=10)
    talk(database, receipt, "talk-5", "An old one that goes on", START)
    talk(database, receipt, "talk-6", "A fresh one", fresh)
    with database.write() as connection:
        connection.execute(insert(spent_challenges), {"id": "c", "expires_at": START})
    goes_on = receipt("a-again", "talk-5", asked_at=fresh)
    Answers(database).keep(goes_on, status="answered", kind="question", language="en", citations=[])
    keep(database, replace(PLAIN, id="YOUNG", received_at=fresh, conversation_id="talk-6"))
    gone = privacy.swept(database, privacy.Retention(24, 90, 36), now)
    assert gone == {
        "conversations of leads": 2, "leads": 2, "conversations": 1, "keys": 1, "challenges": 1, "erasures": 0,
    }  # fmt: skip
    with database.read() as connection:
        assert sorted(connection.scalars(select(conversations.c.id))) == ["talk-5", "talk-6"]
        assert list(connection.scalars(select(leads.c.id))) == ["YOUNG"]
        assert set(connection.scalars(select(letters.c.lead_id))) == {"YOUNG"}
    assert not any(privacy.swept(database, privacy.Retention(24, 90, 36), now).values())


def test_the_moment_of_now_is_in_utc() -> None:
    assert privacy.Retention(1, 1, 1).terms(datetime(2026, 3, 31, tzinfo=UTC)).conversations == datetime(2026, 3, 30, tzinfo=UTC)
