"""contacts.toml: what is taken, and every fault refused with the line of its key."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import shipped
from bot.desks import Days, Opening
from bot.dialogue.body import mail_address
from bot.dialogue.contacts_file import FILE, parse
from bot.dialogue.routing import default_route
from bot.dialogue.toml_lines import line
from bot.dialogue.wording import load
from bot.errors import BadDirectory
from tests.dialogue.conftest import NOON

HEAD = 'default = "main"\n\n[[desk]]\nid = "main"\nname = "Main desk"\nemail = "main@example.com"\n'
OTHER = HEAD + '\n[[desk]]\nid = "other"\nname = "Other desk"\n'  # the next line is 11
ZONED = OTHER + 'time_zone = "Asia/Shanghai"\n'  # the next line is 12

REFUSED = {
    "not UTF-8": (HEAD.encode() + b'subject = "\xff"\n', 7, "save it as UTF-8"),
    "not TOML": (HEAD + 'subject = "[Main"]\n', 7, "not valid TOML"),
    "not closed at the end": (HEAD + "topics = [\n", 8, "not valid TOML"),
    "a key twice": (HEAD + 'name = "Again"\n', 7, "not valid TOML"),
    "no desk": ('default = "main"\n', 1, "no [[desk]]"),
    "an empty list of desks": ('default = "main"\ndesk = []\n', 2, "has no desk"),
    "desk is a table": ('default = "main"\n\n[desk]\nid = "main"\n', 3, "[[desk]], with two brackets"),
    "desk is a list of words": ('default = "main"\ndesk = ["main"]\n', 2, "[[desk]], with two brackets"),
    "no default": (HEAD.partition("\n")[2], 1, "needs `default"),
    "default unknown": (HEAD.replace("main", "none", 1), 1, "one of the desks: main"),
    "default without an address": (OTHER.replace("main", "other", 1), 8, "'other' needs an `email`"),
    "unknown key": (OTHER + 'adress = "x"\n', 11, "'adress' is unknown"),
    "unknown key of the file": ('defualt = "main"\n' + HEAD, 1, "did you mean 'default'?"),
    "duplicate id": (OTHER.replace('"other"', '"main"'), 9, "the id 'main' too"),
    "missing id": (HEAD + '[[desk]]\nname = "Other"\n', 7, "needs `id"),
    "missing name": (HEAD + '[[desk]]\nid = "other"\n', 7, "needs `name"),
    "empty name": (OTHER.replace("Other desk", " "), 10, "`name` is empty"),
    "name is no text": (OTHER.replace('"Other desk"', "7"), 10, "`name` takes one line"),
    "broken address": (OTHER + 'email = "other@example"\n', 11, "not a mail address"),
    "broken address of the default": (HEAD.replace("@", " at "), 6, "not a mail address"),
    "address with two dots": (OTHER + 'email = "o..r@example.com"\n', 11, "not a mail address"),
    "two addresses": (OTHER + 'email = "a@example.com, b@example.com"\n', 11, "not a mail address"),
    "address with a line break": (OTHER + 'email = "a@example.com\\nBcc: b@example.com"\n', 11, "not a mail address"),
    "unknown topic": (OTHER + 'topics = ["sanctions", "sanction"]\n', 11, "did you mean 'sanctions'?"),
    "unknown topic in a long list": (OTHER + 'topics = [\n  "sanctions", # known\n  "[x]",\n]\n', 13, "'[x]' is unknown"),
    "unknown topic at a list's end": (OTHER + 'topics = [\n  "sanctions",\n  "x"]\nsubject = "x"\n', 13, "'x' is unknown"),
    "topics are no list": (OTHER + 'subject = "x"\ntopics = "sanctions"\n', 12, "takes a list"),
    "unknown language": (OTHER + 'languages = ["fr"]\n', 11, "known are en, ru, zh, de"),
    "language is a number": (OTHER + "languages = [1]\n", 11, "'1' is unknown"),
    "unknown kind": (OTHER + 'kinds = ["sreening"]\n', 11, "did you mean 'screening'?"),
    "unknown jurisdiction": (OTHER + 'jurisdictions = ["USA"]\n', 11, "known are US, EU"),
    "unknown time zone": (OTHER + 'time_zone = "Asia/Beijing"\n', 11, "IANA name"),
    "time zone is a path": (OTHER + 'time_zone = "../../etc/passwd"\n', 11, "IANA name"),
    "time zone is an offset": (OTHER + "time_zone = 8\n", 11, "IANA name"),
    "hours without time zone": (OTHER + 'subject = "x"\nhours = { mon = "09:00-18:00" }\n', 12, "needs a `time_zone`"),
    "hours as a line of text": (ZONED + 'hours = "Mon-Fri 9-18"\n', 12, "by weekday"),
    "malformed span": (ZONED + 'hours = { mon = "9 to 18" }\n', 12, '"09:00-18:00"'),
    "no span": (ZONED + 'hours = { mon = "" }\n', 12, '"09:00-18:00"'),
    "span is no text": (ZONED + "hours = { mon = 09:00:00 }\n", 12, '"09:00-18:00"'),
    "an hour that is none": (ZONED + 'hours = { mon = "09:00-25:00" }\n', 12, '"09:00-18:00"'),
    "a minute that is none": (ZONED + 'hours = { mon = "09:60-18:00" }\n', 12, '"09:00-18:00"'),
    "after the day's end": (ZONED + 'hours = { mon = "09:00-24:30" }\n', 12, '"09:00-18:00"'),
    "span ends before it begins": (ZONED + 'hours = { mon = "22:00-02:00" }\n', 12, "ends before it begins"),
    "span of no length": (ZONED + 'hours = { mon = "09:00-09:00" }\n', 12, "ends before it begins"),
    "overlapping spans": (ZONED + 'hours = { mon = "09:00-13:00, 12:59-18:00" }\n', 12, "overlap"),
    "spans of two keys overlap": (
        ZONED + '[desk.hours]\nmon-fri = "09:00-13:00"\nsat = "10:00-12:00"\nthu-sat = "12:00-18:00"\n',
        15,
        "two spans of thu overlap",
    ),
    "unknown weekday": (ZONED + 'hours = { mo = "09:00-18:00" }\n', 12, "'mo' is no weekday"),
    "a range of three": (ZONED + '[desk.hours]\nmon = "09:00-18:00"\ntue-wed-fri = "09:00-18:00"\n', 14, "no weekday"),
    "bad holiday": (OTHER + 'holidays = [2027-01-01, "2027-01-02"]\n', 11, "without quotation marks"),
    "bad holiday in a long list": (OTHER + "holidays = [\n  2027-01-01,\n\n  2027-01-02T00:00:00,\n]\n", 14, "takes dates"),
    "a date that is none": (OTHER + "holidays = [2027-02-29]\n", 11, "not valid TOML"),
    "holidays without brackets": (OTHER + "holidays = 2027-01-01\n", 11, "takes a list"),
    "range ends before it begins": (
        OTHER + "holidays = [\n  2027-01-01,\n  { from = 2027-02-11, to = 2027-02-05 },\n]\n",
        13,
        "ends before it begins",
    ),
    "range without an end": (OTHER + "holidays = [{ from = 2027-02-11 }]\n", 11, "to = "),
    "stand-in unknown": (OTHER + 'stand_in = "nobody"\n', 11, "'nobody'; known are main, other"),
    "stand-in is itself": (OTHER + 'stand_in = "other"\n', 11, "for itself"),
    "stand-in cycle": (HEAD + 'stand_in = "other"\n[[desk]]\nid = "other"\nname = "O"\nstand_in = "main"\n', 7, "of its own"),
    "stand-in chain": (OTHER + 'stand_in = "third"\n[[desk]]\nid = "third"\nname = "T"\nstand_in = "main"\n', 11, "of its own"),
    "subject with a line break": (OTHER + 'subject = "[Other]\\r\\nBcc: x@example.com"\n', 11, "one line of plain text"),
    "subject over several lines": (OTHER + 'subject = """\n[Other]\n"""\n', 11, "one line of plain text"),
    "name with a line separator": (OTHER.replace("Other desk", "Other\\u2028desk"), 10, "one line of plain text"),
    "name that turns its direction": (OTHER.replace("Other desk", "Other\\u202Edesk"), 10, "one line of plain text"),
    "priority not a number": (OTHER + 'priority = "high"\n', 11, "whole number"),
    "priority is true": (OTHER + "priority = true\n", 11, "whole number"),
}


@pytest.mark.parametrize(("written", "at", "told"), REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("ending", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_a_fault_is_refused_with_the_line_of_its_key(written: str | bytes, at: int, told: str, ending: str) -> None:
    data = written if isinstance(written, bytes) else written.encode()
    with pytest.raises(BadDirectory) as refusal:
        parse(data.replace(b"\n", ending.encode()), "folder/contacts.toml")
    assert refusal.value.problem.line == at, str(refusal.value)
    assert told in str(refusal.value)
    assert str(refusal.value).startswith(f"folder/contacts.toml:{at}: ")


def test_everything_a_desk_may_have_is_read() -> None:
    written = (
        HEAD
        + """
[[desk]]
id = "shanghai"
name = "Shanghai desk"
languages = ["zh", "en", "zh"]
topics = [ # two
  "logistics",
  "firm",
]
jurisdictions = ["CN"]
subject = "[上海] "
priority = 5
time_zone = "Asia/Shanghai"
hours = { sat-mon = "13:30 - 18:00, 9:00–12:30", Tue = "00:00-24:00" }
holidays = [2027-01-01, { from = 2027-02-05, to = 2027-02-11 }]
stand_in = "main"
"""
    )
    contacts = parse(b"\xef\xbb\xbf" + written.encode())
    desk = contacts.desks[1]
    assert (contacts.default.id, desk.email, desk.languages) == ("main", "main@example.com", ("zh", "en"))
    assert desk.hours == (
        Opening(1, 540, 750),
        Opening(1, 810, 1080),
        Opening(2, 0, 1440),
        Opening(6, 540, 750),
        Opening(6, 810, 1080),
        Opening(7, 540, 750),
        Opening(7, 810, 1080),
    )
    assert desk.holidays == (
        Days(date(2027, 1, 1), date(2027, 1, 1)),
        Days(date(2027, 2, 5), date(2027, 2, 11)),
    )
    assert (desk.topics, desk.jurisdictions, desk.stand_in) == (("logistics", "firm"), ("CN",), "main")


def test_the_version_changes_with_the_file_alone() -> None:
    assert parse(HEAD.encode()).version == parse(HEAD.encode()).version
    assert parse(HEAD.encode()).version != parse(HEAD.encode() + b"# a remark\n").version
    assert re.fullmatch("[0-9a-f]{12}", parse(HEAD.encode()).version)


def test_the_example_in_the_shipped_file_is_taken() -> None:
    shipped_file = (shipped.folder("corpus") / FILE).read_text("utf-8")
    _, _, below = shipped_file.partition("# A complete example:\n#\n")
    example = "".join(row.removeprefix("#").lstrip() + "\n" for row in below.partition("#\n")[0].splitlines())
    contacts = parse(f"{shipped_file}\n{example}".encode())
    desk = contacts.desk("shanghai")
    assert desk and len(desk.hours) == 10 and len(desk.holidays) == 2


@given(st.text(), st.text())
def test_no_subject_or_name_adds_a_line_to_a_mail(subject: str, name: str) -> None:
    def quoted(text: str) -> str:
        return '"' + "".join(f"\\U{ord(c):08x}" for c in text if not 0xD800 <= ord(c) < 0xE000) + '"'

    written = HEAD.replace('"Main desk"', quoted(name)) + f"subject = {quoted(subject)}\n"
    words = load(lambda file: (shipped.folder("corpus") / file).read_bytes())["en"]
    try:
        route = default_route(parse(written.encode()), words, NOON)
    except BadDirectory:
        return
    for line_of_head in (route.subject, route.desk.name, mail_address(route)):
        assert len(line_of_head.splitlines()) == 1
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", line_of_head)


def test_lines_are_found_below_strings_and_comments_that_look_like_toml() -> None:
    text = '# [[desk]]\na = """\n[[desk]]\nb = 1\n"""\n\n[[desk]]\nx.y = 1 # z = 2\nz = [\n  [1,\n  2],\n  3,\n]\n'
    places = {
        ("a",): 2,
        ("desk",): 7,
        ("desk", 0, "x"): 8,
        ("desk", 0, "x", "y"): 8,
        ("desk", 0, "z"): 9,
        ("desk", 0, "z", 1): 12,
        ("desk", 0, "missing"): 7,
        ("missing",): 1,
        (): 1,
    }
    assert {where: line(text, where) for where in places} == places
