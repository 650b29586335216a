"""A day at a desk: a lead in every place that there is, each field of one of them written to break pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from bot import wiring
from bot.intake import Consent, Lead, Letter, LetterSort, LetterState
from bot.store.letters import Failed
from bot.store.people import People
from tests.leads.dossiers import LEAD

AWKWARD = (
    "<script>alert('a')</script>",
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus='alert(2)",
    "{{ 7 * 7 }}{% raw %}",
    "</title></textarea><svg onload=alert(3)>",
    "javascript:alert(4)//",
    "a\u202eb\u0000c &amp; &lt;b&gt;",
    "word" * 120,
)
ALL = "\n".join(AWKWARD)
PLACES = {
    "delivered": "DDDD-2222-2222",
    "pending": "PPPP-2222-2222",
    "attention": "AAAA-2222-2222",
    "quarantined": "QQQQ-2222-2222",
    "erased": "EEEE-2222-2222",
}


def keep(bot: wiring.Bot, lead: Lead, sorts: tuple[LetterSort, ...] = ("desk", "acknowledgement")) -> Lead:
    """Keeps a lead, received now, with its letters."""
    now = bot.now()
    made = replace(lead, received_at=now, consent=replace(lead.consent, at=now))
    state: LetterState = "quarantined" if made.status == "quarantined" else "pending"
    to = {"desk": "russia@firm.example", "acknowledgement": made.email, "webhook": "https://crm.example/hook"}
    queued = [
        Letter(f"{made.id}-{sort}", made.id, sort, to[sort], f"<{made.id}-{sort}@firm.example>", state, now, now)
        for sort in sorts
    ]
    bot.receive.leads.keep(made, queued, sha256(made.id.encode()).digest(), timedelta(minutes=10))
    return made


def plain(bot: wiring.Bot, name: str, **changes: object) -> Lead:
    """A lead whose letters wait."""
    wanted: dict[str, object] = {"conversation_id": None, "transcript": False, "desk": "russia", "company": f"Company {name}"}
    return keep(bot, replace(LEAD, id=name, email=f"{name.lower()}@client.example", **{**wanted, **changes}))  # type: ignore[arg-type]


def deliver(bot: wiring.Bot, lead_id: str, now: datetime) -> None:
    """Ends the letters of a lead."""
    for letter in bot.receive.letters.of_lead(lead_id):
        bot.delivery.outbox.delivered(letter.id, now)


def stick(bot: wiring.Bot, lead_id: str, code: str = "rcpt_550") -> list[str]:
    """Brings the letters of a lead to attention; their ids. No other may be due."""
    now, outbox = bot.now(), bot.delivery.outbox
    stuck = []
    for letter in outbox.claim("day", now, timedelta(minutes=4), 100):
        if letter.lead_id == lead_id:
            outbox.failed(letter, "day", Failed("attention", None, code, ambiguous=True))
            stuck.append(letter.id)
        else:
            outbox.failed(letter, "day", Failed("pending", now + timedelta(minutes=3), "connect_refused"))
    return stuck


def whole(bot: wiring.Bot) -> dict[str, str]:
    """A lead in each place; their ids by place. The one in attention is the one that is written to break pages."""
    plain(bot, PLACES["delivered"])
    deliver(bot, PLACES["delivered"], bot.now())
    person = plain(bot, PLACES["erased"])
    bot.receive.letters.of_lead(person.id)
    _erase(bot, person.email)
    awkward(bot, PLACES["attention"])
    plain(bot, PLACES["pending"])
    stick(bot, PLACES["attention"], AWKWARD[1])
    plain(bot, PLACES["quarantined"], status="quarantined", suspicions=("content", AWKWARD[0]))
    return PLACES


def awkward(bot: wiring.Bot, name: str) -> Lead:
    """A lead of which every text is written to break pages."""
    names = ("name", "company", "goods", "message", "preferred_time", "on_behalf", "subject", "kind", "topic", "listed_party")
    texts = dict.fromkeys(names, ALL)
    codes = {
        "country": AWKWARD[0],
        "established": AWKWARD[1],
        "language": AWKWARD[2],
        "desk": AWKWARD[4],
        "email": f"{AWKWARD[1]}@x.example",
    }
    lists = {"reasons": AWKWARD, "suspicions": AWKWARD, "countries": AWKWARD[:2]}
    consent = Consent(AWKWARD[1], ALL, bot.now())
    made = replace(LEAD, id=name, conversation_id=None, transcript=False, consent=consent, **texts, **codes, **lists)  # type: ignore[arg-type]
    return keep(bot, made, ("desk", "acknowledgement", "webhook"))


def _erase(bot: wiring.Bot, address: str) -> None:
    People(bot.store).erase(address.casefold(), bot.now())
