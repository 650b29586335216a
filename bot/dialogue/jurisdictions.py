"""Which law an inquiry names: the regulators, lists and acts that belong to one jurisdiction only. Pure."""

from __future__ import annotations

import re

NAMED = {
    "US": r"\b(?:OFAC|SDNs?|BIS|EAR|FinCEN|U\.S\.|US|USA|United States|American|amerikanisch\w*)\b|\bE\.?O\.? ?1[34]\d{3}\b"
    r"|США|ОФАК|美国",
    "EU": r"\b(?:EU|European Union|European Commission|833/2014|269/2014)\b|\bЕС\b|Евросоюз|Европейск|欧盟"
    r"|Europäische[nr]? Union|\bEU-",
    "UK": r"\b(?:OFSI|OTSI|UK|United Kingdom|British|Britain)\b|Великобритан|британск|英国"
    r"|Großbritannien|Vereinigte[sn]? Königreich|britisch",
    "CH": r"\b(?:SECO|Swiss|Switzerland)\b|швейцар|瑞士|Schweiz",
    # as a place of business or a law, not as what sanctions are against
    "RU": r"\bRussian (?!sanctions?\b)\w+|\b(?:in|from|into|leav\w+|exit\w*|enter\w*) Russia\b"
    r"|(?<!против )(?<!отношении )\b(?:Росси[ияею]\w*|российск\w+|РФ\b)|(?<![对对])(?:俄罗斯|俄国|在俄)(?!制裁)"
    r"|\brussisch\w*|\b(?:in|aus|nach) Russland\b",
    "EAEU": r"\b(?:EAEU|EEU|EAC|Eurasian Economic Union|EAWU)\b|ЕАЭС|欧亚经济联盟",
    "CN": r"\b(?:China|Chinese|PRC)\b|Кита[йея]|китайск|中国|中国的|\bChina\b|chinesisch",
    "IN": r"\b(?:India|Indian)\b|Инди[яию]|индийск|印度|Indien\b|indisch",
}
# "us" the pronoun is not the country
PATTERNS = {code: re.compile(pattern, re.IGNORECASE if code != "US" else 0) for code, pattern in NAMED.items()}


def named(text: str) -> tuple[str, ...]:
    """The jurisdictions a text names, in the order of the vocabulary's list."""
    return tuple(code for code, pattern in PATTERNS.items() if pattern.search(text))
