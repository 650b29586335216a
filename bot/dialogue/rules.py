"""Where plain words decide: somebody asks how to hide, reroute or evade. Pure.

A rule needs both a wish for a way ("how do we", "помогите", "怎样", "wie können wir") and a word of concealment; questions
about how authorities find out, what is punished or whether something is lawful have neither together.
"""

from __future__ import annotations

import re

WISH = re.compile(
    r"\b(?:how|where|which \w+) (?:can|could|do|should|might|to|would|will|may)\b"
    r"(?! (?:the )?(?:regulators?|authorities|banks?|ofac|bis|ofsi)\b)"
    r"|\b(?:ways? to|want(?:ed)? to|like to|help (?:us|me)|need (?:a|to|someone)|recommend|suggest)\b"
    r"|\b(?:advise us|tell (?:us|me) how|so that)\b"
    r"|\bкак (?:нам |мне |бы |лучше |можно )*(?:[а-яё]+ть(?:ся)?)\b|помогите|посоветуйте|подскажите|чтобы"
    r"|怎样|怎么|如何|能否|帮我们|帮助我们"
    r"|\bwie (?:können|kann|könnten|bringen|verstecken|umgehen|vermeiden|lässt|lassen)\b|helfen sie|ohne dass|\bum .{3,60} zu ",
    re.IGNORECASE,
)
CONCEALMENT = re.compile(
    r"\b(?:hid(?:e|ing)|conceal\w*|disguis\w*|mask(?:ing)?|re-?label\w*|backdat\w*)\b"
    r"|\b(?:undetected|unnoticed|untraceable|off the radar)\b"
    r"|\b(?:does not|doesn't|don't|not|nobody|no one) (?:see|notice|notices|detect|find out|look closely|check)\b"
    r"|\b(?:get|getting|work|route|routing) around\b|\bbypass\w*|\bsidestep\w*|\bevad(?:e|ing)\b|\bcircumvent(?:ing)?\b"
    r"|скры(?:ть|вать)|спрятать|в обход|обойти|не заметил|задним числом|замаскировать"
    r"|隐藏|掩盖|规避|绕过|绕开|不被发现|偷偷|避开"
    r"|verstecken|verschleiern|verbergen|umgehen|auffällt|rückdatieren|zurückdatieren|umetikettieren",
    re.IGNORECASE,
)
ASKING_ABOUT = re.compile(
    r"\b(?:red flags?|detect(?:s|ion)?|regulators?|authorities|penalt(?:y|ies)|fine[ds]?|punish\w*|prevent|avoid being|accused)\b"
    r"|\b(?:lawful|illegal|legal to)\b"
    r"|признак|выявля|штраф|наказан|законно|监管|处罚|合法|发现规避|Behörde|erkennen|Strafe|strafbar|erlaubt",
    re.IGNORECASE,
)


def wants_evasion(text: str) -> bool:
    """Whether the text asks for a way to hide, disguise or get around, and not about such ways."""
    return bool(WISH.search(text) and CONCEALMENT.search(text) and not ASKING_ABOUT.search(text))
