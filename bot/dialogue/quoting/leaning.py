"""Sentences that cannot be read without the one before: they open with a pronoun, a pointer or a link to it. Pure."""

from __future__ import annotations

import re

STEM = 5  # letters by which a noun is told in all its forms

_EN = (
    r"(?:these|those|it|they|such|he|she|however|moreover|furthermore|nevertheless|nonetheless|therefore|thus|hence"
    r"|accordingly|otherwise|instead"
    r"|conversely|in addition|in that case|in this case|in such cases?|in these cases|if so|if not|for example"
    r"|for instance|more exactly"
    r"|the (?:latter|former|same)|both of (?:them|these)|neither of|none of (?:them|these|the)|(?:one|two|some|most|all"
    r"|each) of (?:them|these|those)"
    r"|under (?:this|these|that|such)|before that|after that|as a result|but|and yet)\b"
    r"|(?:this|that)\b(?! (?:article|document|page|site)\b)"
)
_EN_NOUN = (
    r"the (?:[a-z]+ (?=(?:is|are|was|were|has|have|had|must|may|can|cannot|will|does|did|also|binds?|covers?|stands?|came"
    r"|comes|applies|apply|adds?|allows?"
    r"|bars?|decides?|requires?|reaches|gives?|includes?|runs?|names?)\b)|(?:same|first|second|third|other) [a-z]+)"
    r"|(?:one|two|each|another|both|none of the|(?:each|a) (?:higher|lower|further|other)) [a-z ]{0,20}"
)
_RU = (
    r"(?:эт(?:о|от|а|и|им|их|ой|ому|ого|у)|такой|такая|такое|такие|такого|таким|подобн\w+|он|она|оно|они|его|её|их|однако"
    r"|поэтому|тем не менее|кроме того"
    r"|при этом|при таком|в этом случае|в таком случае|в таких случаях|в противном случае|иначе|например|также|к тому же"
    r"|следовательно|таким образом"
    r"|последн(?:ий|яя|ее|ие)|данн(?:ый|ая|ое|ые|ого|ой)|указанн\w+|названн\w+|вышеуказанн\w+|упомянут\w+|тот же|та же"
    r"|то же|те же|если да|если нет)\b"
)
_RU_NOUN = (
    r"(?:правило|запрет|норма|ставка|срок|лицензия|условие|перечень|закон|указ|оговорка|разрешение|взнос)(?= (?:не |также )?"
    r"(?:\w+(?:ет|ит|ют|ят|ется|ится)|введен[аоы]?|закреплен[аоы]?)\b)"
)
_ZH = (
    r"(?:这|该|此|其(?!他|它|实)|上述|前述|以上|它|他们|她|同样|因此|但是|但(?!凡)|然而|不过"
    r"|另外|否则|例如|在此|在该|前者|后者|所述|也就是说|与此同时|对此)"
)
_DE = (
    r"(?:dies(?:e[rsnm]?)?|jene[rsnm]?|solche[rsnm]?|sie|es|er|jedoch|allerdings|daher|deshalb|außerdem|zudem|ferner"
    r"|dennoch|andernfalls|sonst|zum beispiel|so"
    r"|in diesem fall|in diesen fällen|in solchen fällen|dabei|dazu|darüber hinaus|hierfür|dafür|letztere[rsnm]?"
    r"|erstere[rsnm]?|d(?:er|ie|as)selbe[n]?|das gilt|das ist|das heißt|auch diese)\b"
)
OPENINGS = {language: re.compile(form, re.IGNORECASE) for language, form in {"en": _EN, "ru": _RU, "zh": _ZH, "de": _DE}.items()}
NOUNS = {"en": re.compile(_EN_NOUN, re.IGNORECASE), "ru": re.compile(_RU_NOUN, re.IGNORECASE)}
MARK = re.compile(r"(?:[-•*–▪·]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)])\s+")


def leans(sentence: str, language: str) -> bool:
    """Whether a sentence of this language opens with a pronoun, a pointer or a link to the one before."""
    mark = MARK.match(sentence)
    opening = OPENINGS.get(language, OPENINGS["en"])
    return bool(opening.match(sentence, mark.end() if mark else 0))


def continues(sentence: str, before: str, language: str) -> bool:
    """Whether a sentence opens with a bare noun ("The rule stands in ...") that the one before has named."""
    noun = NOUNS[language].match(sentence) if language in NOUNS else None
    if noun is None:
        return False
    stem = noun[0].split()[-1][:STEM].lower()
    return stem in before.lower()
