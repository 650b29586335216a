"""What a sentence states: a decision, a duration, an amount, a date, who acts, what a thing is. By its form. Pure."""

from __future__ import annotations

import re

_EN_NUMBER = (
    r"(?:\d[\d,.]*|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|sixty|ninety|half an?)"
)
_EN_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_RU_NUMBER = r"(?:(?<!\d)\d{1,3}|одн\w+|дв[аеу]\w*|тр[её]\w*|четыр\w+|пят\w+|шест\w+|сем\w+|восьм\w+|десят\w+)"
_RU_MONTH = r"(?:январ|феврал|март|апрел|ма[йея]|июн|июл|август|сентябр|октябр|ноябр|декабр)\w*"
_ZH_NUMBER = r"(?:(?<!\d)\d{1,3}|[一二两三四五六七八九十百半]+)"
_DE_NUMBER = r"(?:\d[\d,.]*|eine[nmrs]?|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|zwölf|dreißig)"
_DE_MONTH = r"(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)"

_EN = {
    "decision": r"\b(?:must|may|can|cannot|need not|shall|forbid\w*|prohibit\w*|bars?|barred|bans?|banned|allow\w*"
    r"|permit\w*|requires?|required|needs?"
    r"|lets?|obliged?|obliges|binds?|prescribes?|authoris\w+|authoriz\w+|exempt\w*|free (?:of|from)|blocked|covers?"
    r"|applies|apply|reach(?:es)?|counts?"
    r"|does not|do not|did not|is not|are not|has not|no longer|nor|nobody|never|no)\b",
    "duration": rf"\b{_EN_NUMBER}(?: to {_EN_NUMBER})?[ -](?:(?:business|working|calendar|full) )?(?:hours?|days?|weeks?"
    rf"|months?|years?|quarters?)\b|\bevery (?:\w+ )?(?:day|week|month|quarter|year|\d+)",
    "amount": r"(?:\b|[$€£])\d[\d,.]*(?: (?:to|and) \d[\d,.]*)? ?(?:%|percent|per cent|million|billion|thousand|roubles?"
    r"|rubles?|dollars?|euros?|pounds?|tonnes?|tons?|km|kilo\w+|TEU"
    r"|US dollars|codes?|units?|groups?|users?|banks?|ships?|\w+s)\b|[$€£]\d",
    "date": rf"\b\d{{1,2}} {_EN_MONTH}(?: \d{{4}})?|{_EN_MONTH} (?:\d{{1,2}}, )?\d{{4}}|\b(?:since|until|from|in|by|on"
    rf"|after|before|of) (?:\w+ )?(?:19|20)\d\d\b",
    "actor": r"\b[A-Z]{3,}\b|\bby (?:the )?[A-Z]|^(?!(?:The|An?|As|In|Since|Under|For|At|On|By|Until|From|No|If|According"
    r"|Where|When)\b)[A-Z][\w&]+ (?:has|have|is|was|[a-z]+s)\b"
    r"|\b(?:Bureau|Commission|Council|Parliament|Ministry|Treasury|Department|President|Government|authorit(?:y|ies)"
    r"|regulators?"
    r"|courts?|agency|bank of|persons?|individuals?|nationals|citizens?|employers?|importers?|exporters?|makers?|owners?"
    r"|holders?|sellers?|buyers?|applicants?"
    r"|operators?|manag\w+|shareholders?|founders?|founded by|entit(?:y|ies)|customers?|clients?)\b",
    "definition": r"^(?:(?:Under|In|For|By|As of|According to) [^,]{1,60},? )?(?:An? |The )?[^,;:]{2,90}? (?:is|are"
    r"|means?|counts? as|treats? as|refers? to|consists?|holds?|covers?|includes?)\b",
}
_RU = {
    "decision": r"\b(?:не|нельзя|можно|мо[гж]\w+|вправе|долж\w+|обязан\w*|обязыва\w+|нуж\w+|требу\w+|необходим\w*"
    r"|запрещ\w+|запрет\w*|разреш\w+|допуска\w+|освобожд\w+"
    r"|охватыва\w+|распространя\w+|применя\w+|блокир\w+|заблокирован\w*|достаточно|нет)\b",
    "duration": rf"\b{_RU_NUMBER} ?(?:(?:рабоч|календарн)\w+ )?(?:час|дн|день|недел|месяц|лет\b|год[ау]?\b|квартал)\w*"
    rf"|\bкажд\w+ (?:\w+ )?(?:день|недел|месяц|квартал|год|полгода)",
    "amount": r"\d[\d  ,.]* ?(?:%|процент|млн|млрд|тыс|миллион|миллиард|рубл|доллар|евро|фунт|тонн|км|тенге|юан|код|банк"
    r"|пользовател|част|зон|форм|групп|суд|\w{4,})",
    "date": rf"\b\d{{1,2}} {_RU_MONTH}|\b{_RU_MONTH} (?:19|20)\d\d|\b(?:19|20)\d\d год",
    "actor": r"\b(?:OFAC|OFSI|BIS|орган\w*|министерств\w*|комисси\w+|подкомисси\w+|правительств\w*|президент\w*|банк\w*"
    r"|суд\w*|регулятор\w*|лиц[оаум]\w*|гражд\w+|владел\w+|акционер\w*"
    r"|учредител\w+|экспорт[её]р\w*|импорт[её]р\w*|работодател\w+|продав\w+|покупател\w+|оператор\w*|клиент\w*|компани\w+"
    r"|организац\w+|совет\w*)",
    "definition": r"—|\b(?:это|означает|является|являются|считается|считаются|называ\w+|охватыва\w+|включа\w+|относятся"
    r"|понятие|содержит\w*)\b",
}
_ZH = {
    "decision": r"不得|禁止|可以|不可|必须|须|应当?|需要|无需|无须|允许|不能|能够|未|并不|并非|不是|不会|不再"
    r"|不算|要求|适用|涵盖|受到?限制|被冻结|豁免|即被",
    "duration": rf"{_ZH_NUMBER} ?(?:个)?(?:工作日|日内|天|周|个月|年(?!\d"
    rf"| ?\d{{1,2}} ?月)|小时|季度)|每(?:天|周|月|季|年|半年)",
    "amount": r"\d[\d,.]* ?(?:%|万|亿|卢布|美元|欧元|英镑|元|吨|公里|个|家|份|名|艘|项|组|倍|级"
    r"|条)|百分之|[一二两三四五六七八九十]+(?:个|家|份|名|项|级|种)",
    "date": r"(?:19|20)\d\d ?年|\d{1,2} ?月 ?\d{1,2} ?日",
    "actor": r"OFAC|BIS|办公室|委员会|部门|机关|机构|总统|政府|银行|法院|主体|个人|公民|企业|公司|出口商"
    r"|进口商|所有人|创办人|股东|买方|卖方|运营|集团|客户",
    "definition": r"是指|指的是|(?<!不)是|即|系指|视为|包括|涵盖|分为|列出|称为|含义",
}
_DE = {
    "decision": r"\b(?:darf|dürfen|kann|können|muss|müssen|soll|verboten|verbiet\w+|untersag\w+|erlaub\w+|gestatt\w+"
    r"|zulässig|unzulässig|erforderlich|bedarf|braucht|gilt|gelten|umfasst|gesperrt|nicht|kein\w*|nie)\b",
    "duration": rf"\b{_DE_NUMBER} (?:(?:Arbeits|Kalender|Werk)?(?:tag|Tag)\w*|Stunde\w*|Woche\w*|Monat\w*|Jahr\w*"
    rf"|Quartal\w*|Werktag\w*|Arbeitstag\w*)|\balle \w+ (?:Tage|Wochen|Monate|Jahre)",
    "amount": r"\d[\d.,]* ?(?:%|Prozent|Mio|Mrd|Million\w*|Milliard\w*|Tausend|Rubel|Dollar|Euro|Pfund|Tonnen|km|\w{4,})"
    r"|[€$£] ?\d",
    "date": rf"\b\d{{1,2}}\. ?{_DE_MONTH}|{_DE_MONTH} (?:19|20)\d\d|\b(?:seit|bis|ab|im Jahr|in) (?:19|20)\d\d\b"
    rf"|\d{{1,2}}\.\d{{1,2}}\.(?:19|20)\d\d",
    "actor": r"(?:\b|[a-zäöü])(?:Behörde\w*|Amt\w*|Kommission|Ministeri\w+|Rat\b|Präsident\w*|Regierung|Gericht\w*"
    r"|Bank\w*|Person\w*|Eigentümer\w*|Inhaber\w*|Verkäufer\w*|Käufer\w*|Antragsteller\w*"
    r"|Unternehmen|Arbeitgeber\w*|Exporteur\w*|Importeur\w*|Gesellschaft\w*|Kunde\w*)\b",
    "definition": r"\b(?:ist|sind|bedeutet|heißt|gilt als|gelten als|umfasst|umfassen|bezeichnet|besteht aus|enthält)\b",
}
FORMS: dict[str, dict[str, re.Pattern[str]]] = {
    language: {
        want: re.compile(form, re.IGNORECASE if language != "en" or want not in ("actor", "date") else 0)
        for want, form in forms.items()
    }
    for language, forms in {"en": _EN, "ru": _RU, "zh": _ZH, "de": _DE}.items()
}


ENUMERATED = re.compile(r"[,;、，；]|\band\b|\bи\b|和|以及|\bund\b|[:：]$")
FEWEST_COMMAS = 3


def states(sentence: str, want: str, language: str) -> bool:
    """Whether a sentence of this language has the form of what is wanted; `items` have that of an enumeration or its lead-in."""
    if want == "items":
        return len(ENUMERATED.findall(sentence)) >= FEWEST_COMMAS or sentence.endswith((":", "："))
    form = FORMS[language if language in FORMS else "en"].get(want)
    return bool(form and form.search(sentence))
