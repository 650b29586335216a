"""What a question asks for, by its form, in the four languages. Pure."""

from __future__ import annotations

import re
from typing import Literal

Want = Literal["decision", "duration", "amount", "date", "actor", "definition", "items"]

_EN: dict[Want, str] = {
    "decision": r"(?:^|[.,:;] *(?:so |and |but |or )?)(?:is|are|was|were|do|does|did|can|could|may|might|must|should"
    r"|shall|will|would|has"
    r"|have|need)\b(?! (?:you )?(?:tell|explain|list|say what)\b)|\b(?:are we|am i|is it|do we) (?:allowed|permitted"
    r"|obliged|required)\b"
    r"|\bwhether\b",
    "duration": r"\bhow (?:long|fast|soon|quickly|often|many (?:\w+ )?(?:days?|weeks?|months?|years?|hours?))\b|\b(?:in"
    r"|within|for) (?:what|which)"
    r" (?:time|period|term)|\b(?:what|which|any) (?:is the )?(?:deadline|time limit|period|duration)|\bfor how many\b",
    "amount": r"\bhow (?:much|many|high|large|big|low)\b|\b(?:what|which)(?:'s| is| are| was"
    r"| were)?(?: the)?(?: \w+){0,3}? (?:rates?|shares?|percentages?"
    r"|amounts?|fines?|fees?|prices?|costs?|levels?|thresholds?|limits?|stakes?|capital|minimum|maximum|salary|size"
    r"|number|quota|sum|penalt(?:y|ies))\b",
    "date": r"\bwhen\b|\b(?:since|until|till|by|from|on) (?:what|which|when)\b|\b(?:what|which) (?:date|day|month|year)\b",
    "actor": r"\b(?:who|whom|whose)\b|\b(?:what|which) (?:\w+ )?(?:authorit(?:y|ies)|body|bodies|agency|regulator"
    r"|ministry|department|court|bank|person)\b",
    "definition": r"\bwhat (?:is|are|was) (?:an? |the )?(?:\w+ ?){1,4}\??$|\bwhat (?:is|are) (?!the\b|your\b)"
    r"|\bwhat (?:does|do|did) .{1,60}? means?\b|\bmeaning of\b|\bdefin(?:e|ed|ition)\b"
    r"|\b(?:who|what|which \w+) (?:counts?|qualif\w+) (?:as|for)\b|\bmeant by\b",
    "items": r"\b(?:which|what) (?:\w+ ){0,3}?(?!is\b|was\b|does\b|has\b)\w{3,}s\b|\blist\b|\bname the\b|\bwhat (?:\w+ ){0,3}?"
    r"(?:include|cover|contain|comprise|consist)|\bwhat(?:'s| is) included\b"
    r"|\bwhat are (?:the|your|its)\b|\bwhat (?:should|must|do|does|can) .{1,60}? (?:ask|check|confirm|do|bring|prepare"
    r"|verify|clarify|settle)\b",
}
_RU: dict[Want, str] = {
    "decision": r"\bли\b|(?:^|[.,:;] *(?:а |и |но )?)(?:можно|нужн[оаы]?|надо|может|могут|можем|должн\w+|обязан\w*"
    r"|требуется|разреш\w+|запрещ\w+"
    r"|вправе|правда|есть ли|будет|поможете|распространяется|покрывает|касается|считается|подпадает)\b",
    "duration": r"\bсколько (?:\w+ )?(?:дн|дней|лет|месяц|недел|времени|часов|идёт|идет|длится|действует|хранить)"
    r"|\b(?:как|на как|в как)\w* (?:долго|быстро|часто)"
    r"|\b(?:на|в|за) какой срок|\bсрок\w*\b|\bза сколько\b",
    "amount": r"\bсколько\b|\bна сколько\b|\b(?:как(?:ой|ая|ое|ую|ие|ова|ов|овы)) (?:\w+ ){0,3}?(?:ставк|размер|сумм"
    r"|штраф|дол[яюи]|процент|лимит|порог"
    r"|потолок|цен|скидк|дисконт|взнос|капитал|зарплат|квот|налог|длин|стоимост|част)|\b(?:с|от|до|на) как(?:ой|ую) сумм",
    "date": r"\bкогда\b|\b(?:с|до|от|к|на) как(?:ого|ой|ому|ую) (?:по )?(?:числ|дат|дн|год|врем|момент|месяц)"
    r"|\bкакого числа\b|\bв каком году\b|\bс каких пор\b",
    "actor": r"\b(?:кто|кого|кому|кем|ком)\b|\b(?:как(?:ой|ая|ое|ие|ого)) (?:\w+ )?(?:орган|ведомств|министерств"
    r"|регулятор|банк|суд|комисси)",
    "definition": r"\bчто (?:такое|значит|означает|понимается|понимают|считается|считает|называют|называется)\b"
    r"|\bпонимается под\b|\bкто считается\b"
    r"|\bчто \w+ (?:понимает|понимают|считает) ",
    "items": r"\bкакие\b|\bкаких\b|\bкаким\b|\bперечисл|\bперечень\b|\bпо каким\b"
    r"|\bчто (?:\w+ ){0,2}?(?:входит|включает|нужно|проверить|принести|сделать|подтвердить|решить|подготовить|выяснить)\b",
}
_ZH: dict[Want, str] = {
    "decision": r"吗|是否|能否|可否|能不能|可不可以|是不是|有没有|需不需要|要不要|会不会|算不算",
    "duration": r"多久|多长(?:时间)?|几天|几年|几个月|几周|多少(?:个)?(?:天|日|年|月|周|小时|工作日)|期限|有效期|时效",
    "amount": r"多少|几(?:成|倍|个百分)|多高|多大|多重|税率|比例|金额|上限|下限|罚款|门槛|价格",
    "date": r"何时|什么时候|几时|哪(?:一)?(?:天|年|月|日)|几月几日|什么时间|从何时|自何时|到哪",
    "actor": r"谁|哪(?:个|些|家)(?:机构|部门|机关|单位|银行|主管|法院|国家机关)|由哪",
    "definition": r"什么是|是什么|什么意思|是指|指什么|指谁|指的是|什么叫|何谓|(?:算|怎样才算)“?不?[^吗]*[？?]?$|含义",
    "items": r"哪些|哪几|有什么要求|包括什么|包括哪|(?:应|要|须|需)\w{0,8}什么|列出|列举|哪六|哪四|哪三",
}
_DE: dict[Want, str] = {
    "decision": r"(?:^|[.,:;] *(?:und |aber |oder )?)(?:ist|sind|war|waren|darf|dürfen|kann|können|könnte|muss|müssen"
    r"|soll|sollte|sollen|hat|haben|wird|werden|gilt|gelten"
    r"|gibt|braucht|brauchen|reicht|genügt|fällt|fallen|zählt|zählen|deckt|friert|verbietet|haftet|lässt|steht|stehen"
    r"|helfen|bedarf|besteht|suchen|erlaubt)\b"
    r"|\b(?:ob)\b",
    "duration": r"\bwie (?:lange|schnell|oft|viele (?:\w+ )?(?:tage|wochen|monate|jahre|stunden)[n]?)\b|\b(?:innerhalb"
    r"|binnen|in) (?:welcher|wie vielen?|welchem)\b"
    r"|\b(?:welche|welcher) (?:frist|dauer|laufzeit)\b|\bwie lang\b",
    "amount": r"\bwie (?:viel|viele|hoch|groß|teuer|niedrig)\b|\b(?:welche[rsnm]?) (?:\w+ )?(?:\w*satz|\w*sätze|\w*betrag"
    r"|\w*anteil|\w*grenze|\w*gebühr|\w*strafe|\w*preis|\w*wert"
    r"|summe|höhe|kapital|quote)\b|\bab welche[rm] (?:betrag|summe|anteil|wert)\b|\bwas kostet\b",
    "date": r"\bwann\b|\b(?:seit|bis|ab|zu) (?:wann|welche[mnr])\b|\ban welchem tag\b",
    "actor": r"\b(?:wer|wem|wen|wessen)\b|\bwelche[rs]? (?:\w+ )?(?:\w*behörde|\w*stelle|ministerium|gericht|bank|amt"
    r"|person)\w*\b",
    "definition": r"\bwas (?:ist|sind|war|bedeutet|heißt|meint)\b|\bwas versteht\b|\bdefin\w+\b|\bwe[rl]\w* gilt\b"
    r"|\bwas (?:gilt|zählt)\b|\bbedeutung von\b",
    "items": r"\bwelche\b(?! (?:\w*behörde|frist)\b)|\bzu welchen\b|\baus welchen\b|\bnenne|\bwas (?:umfasst|gehört"
    r"|enthält|muss|müssen|ist zu|verlangt|sollte)\b|\bdurch welche\b",
}
FORMS: dict[str, dict[Want, re.Pattern[str]]] = {
    language: {want: re.compile(form, re.IGNORECASE) for want, form in forms.items()}
    for language, forms in {"en": _EN, "ru": _RU, "zh": _ZH, "de": _DE}.items()
}


def wants(question: str, language: str) -> frozenset[Want]:
    """What may stand in a sentence that answers; nothing where the form does not tell. A time or sum asked for is no decision."""
    text = question.strip()
    found = {want for want, form in FORMS[language if language in FORMS else "en"].items() if form.search(text)}
    if found & {"duration"}:
        found -= {"amount", "items", "date"}
    if found & {"duration", "amount", "date", "actor"}:
        found -= {"items"}
    return frozenset(found)
