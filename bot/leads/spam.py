"""How likely a message is spam, by its letters: fitted when it is first asked, on corpus/letters.toml, which people correct.

A message that says nothing of the firm's field is likelier spam than not: what is meant for the desk names its matter.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from math import exp, log, sqrt
from pathlib import Path

from bot import shipped
from bot.errors import BadDirectory

FILE = "letters.toml"
SPAM_FROM = 0.55
READ = 2000  # characters; longer letters are told by their beginning
LETTERS = (1, 4)  # runs of so many letters within words are what is counted
Filter = Callable[[str], float]


def learn(spam: Sequence[str], genuine: Sequence[str]) -> Filter:
    """A filter: text to the likelihood of spam, 0 to 1. Safe for many threads."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    reader = TfidfVectorizer(analyzer="char_wb", ngram_range=LETTERS, sublinear_tf=True, min_df=2)
    counts = reader.fit_transform([*spam, *genuine])
    labels = [1] * len(spam) + [0] * len(genuine)
    fitted = LogisticRegression(C=10.0, class_weight="balanced", max_iter=300).fit(counts, labels)

    runs, bias = reader.build_analyzer(), float(fitted.intercept_[0])
    values = {run: (float(reader.idf_[n]), float(fitted.coef_[0, n])) for run, n in reader.vocabulary_.items()}
    known = values.__contains__

    def likelihood(text: str) -> float:
        """As the fitted model would tell, without the detour over matrices of one row, which takes four times as long."""
        squares = total = 0.0
        for run, times in Counter(filter(known, runs(text[:READ]))).items():
            rarity, value = values[run]
            weight = rarity if times == 1 else rarity * (1 + log(times))
            squares += weight * weight
            total += weight * value
        return 1 / (1 + exp(-bias - total / (sqrt(squares) or 1.0)))

    return likelihood


@cache
def filter_of(folder: Path | None = None) -> Filter:
    """The filter by the file of a folder of the editors', else by the shipped one. Raises BadDirectory."""
    path = (folder or shipped.folder("corpus")) / FILE
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadDirectory(str(path), f"cannot be read ({error}); correct it or put the shipped file back") from None
    lists = [found.get(name) for name in ("spam", "genuine")]
    if not all(isinstance(one, list) and one and all(isinstance(text, str) for text in one) for one in lists):
        raise BadDirectory(str(path), "needs two lists of texts, `spam` and `genuine`")
    return learn(found["spam"], found["genuine"])
