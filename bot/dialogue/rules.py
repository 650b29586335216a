"""What a plain rule is certain of: text without letters, keys struck at random, orders to the machine. Pure."""

from __future__ import annotations

import re

LETTERS = re.compile(r"[^\W\d_]")
WORD = re.compile(r"[^\W\d_]+")
ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiopü", "yxcvbnm", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю")
LEAST_STRUCK = 5  # letters
SENTENCE = r"(?:^|[.!?,;:…—-]\s*|\b(?:and|now|please|then|bitte|und)\s+)"  # an order begins here; "told us to ignore ..." is none
ORDERS = (
    SENTENCE + r"(?:ignore|disregard|forget|override)\s+(?:(?:all|any|every|of|the)\s+)*"
    r"(?:your|previous|prior|above|earlier|preceding)\b.{0,25}\b(?:instructions?|rules?|guidelines?|prompts?|directives?)\b",
    r"\b(?:reveal|print|show|output|repeat)\s+(?:me\s+)?(?:your|the)\s+(?:\w+\s+)?(?:system|hidden|initial)\s+(?:prompt|message|instructions?)\b",
    r"\byou are now (?:DAN\b|in (?:developer|debug|god) mode)",
    r"</?(?:system|assistant)>|\[/?INST\]|<\|im_(?:start|end)\|>",
    SENTENCE + r"(?:ignorier\w*|vergiss|vergessen Sie|missachte\w*)\s+(?:Sie\s+)?(?:all\w*\s+)?"
    r"(?:deine|Ihre|bisherige\w*|vorherige\w*|obige\w*|vorangegangene\w*)\b.{0,25}\b(?:Anweisung|Regel|Vorgabe|Instruktion)",
    r"(?:^|[.!?,;:…—-]\s*|\b(?:и|теперь|пожалуйста)\s+)(?:про)?(?:игнорируй|забудь|отбрось)(?:те)?\s+(?:обо?\s+)?(?:вс\w+\s+)?"
    r"(?:тво|сво|ваш|прежн|предыдущ)\w*.{0,20}(?:инструкци|правил|указани)",
    r"(?:忽略|无视|忘记|忘掉|不要理会)(?:掉)?(?:你|您)?(?:所有|全部|一切)?(?:之前|以上|先前|此前|上面|你的|您的|前面).{0,8}(?:指令|规则|提示|指示|设定)",
    r"\b(?:system prompt|Systemprompt)\b|системн\w+ промпт|系统提示词",
)
ORDER = re.compile("|".join(ORDERS), re.IGNORECASE | re.MULTILINE)


def certain(text: str) -> tuple[str, str] | None:
    """The kind of a text of which a rule is certain, and why; else None."""
    if not LETTERS.search(text):
        return "abuse", "the text holds no letters"
    if _is_struck(text):
        return "abuse", "the text is keys struck in a row"
    if ORDER.search(text):
        return "abuse", "the text gives orders to the machine"
    return None


def _is_struck(text: str) -> bool:
    """Whether every word runs along a row of the keyboard, or repeats one letter."""
    words = WORD.findall(text.casefold())
    return sum(map(len, words)) >= LEAST_STRUCK and all(
        len(word) > 2 and (len(set(word)) == 1 or any(word in row or word in row[::-1] for row in ROWS)) for word in words
    )
