"""What of an intake is for the compliance desk to look at first. Pure; nobody is called anything."""

from __future__ import annotations

import re

from bot.leads.fields import Submission

STATE_ADDRESS = re.compile(r"@(?:[\w.-]+\.)?(?:gov|mil)\.(?:ru|by)$", re.IGNORECASE)
RUSSIAN = ("RU", "BY")
# words that a Russian or Belarusian state body has in its name, in the languages spoken here
STATE_BODY = re.compile(
    r"\bministry\b|\bstate (?:corporation|agency|enterprise|duma)\b|\bfederal (?:agency|service)\b|\bgovernment of\b|"
    r"\bministerium\b|\bstaats(?:konzern|korporation|unternehmen|duma)\b|\bföderale[rns]? (?:agentur|dienst)\b|"
    r"министерств|госкорпораци|государственн\w+ (?:корпораци|компани|предприяти|учреждени|дум)|\bфгуп\b|\bфгбу\b|\bгуп\b|"
    r"федеральн\w+ (?:агентств|служб|государственн)|правительств\w* (?:рф|росси|республик|москв)|"
    r"联邦[\w]{0,6}(?:局|署|部)|国家(?:集团|杜马)|俄罗斯[\w]{0,8}部\b",
    re.IGNORECASE,
)


def doubts(sent: Submission) -> tuple[str, ...]:
    """Why a submission goes to the compliance desk first; none where nothing speaks for it."""
    found = []
    if sent.listed_party == "yes":
        found.append("the enquirer says that a listed person or a state body is involved")
    if sent.listed_party == "unsure":
        found.append("the enquirer is not sure whether a listed person or a state body is involved")
    if STATE_ADDRESS.search(sent.email):
        found.append("the address is that of a state body")
    named = STATE_BODY.search(f"{sent.company}\n{sent.on_behalf}")
    if named and {sent.country, sent.established, *sent.countries} & set(RUSSIAN):
        found.append("the company, or who it writes for, has the name of a state body")
    return tuple(found)
