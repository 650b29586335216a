"""Another system, asked over HTTP the same questions: `POST {"question": …}` for a list of what it found."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Sequence
from urllib.parse import SplitResult, urlsplit

from bot.errors import BadData
from bot.quality.retrieval import Ranking

SECONDS = 60.0  # that one question may take
IDS = ("document_id", "id", "_id")
CONNECTIONS: dict[str, type[http.client.HTTPConnection]] = {
    "http": http.client.HTTPConnection,
    "https": http.client.HTTPSConnection,
}


def parse(text: str) -> tuple[str, str]:
    """NAME=URL as name and address. Raises BadData."""
    name, _, url = text.partition("=")
    parts = urlsplit(url)
    if not name.strip() or parts.scheme not in CONNECTIONS or not parts.hostname:
        raise BadData("--peer", f"takes NAME=URL, such as txtai=http://127.0.0.1:9101/ask; not {text!r}")
    return name.strip(), url


def parse_all(texts: Sequence[str]) -> dict[str, str]:
    """Addresses by name of several NAME=URL. Raises BadData, also where two have the same name."""
    found: dict[str, str] = {}
    for name, url in map(parse, texts):
        if name in found:
            raise BadData("--peer", f"two have the name {name!r}; give each its own")
        found[name] = url
    return found


def ranking(url: str, asked: Callable[[int, int], None] = lambda *_: None) -> Ranking:
    """Ranks documents as a running server does; `asked(done, total)` is told of every question.

    It may answer with a list or with an object that holds one; its items are ids, or objects with `document_id`, `id` or `_id`.
    Raises BadData where it does not answer, or with something else.
    """
    parts = urlsplit(url)

    def rank(questions: Sequence[str]) -> list[list[str]]:
        found = []
        for done, question in enumerate(questions, 1):
            found.append(ids(url, _post(parts, url, {"question": question})))
            asked(done, len(questions))
        return found

    return rank


def ids(url: str, body: bytes) -> list[str]:
    """The ids of what was found, best first, each once. Raises BadData."""
    try:
        row = json.loads(body)
    except ValueError:
        raise BadData(url, "does not answer with JSON") from None
    listed = next((value for value in row.values() if isinstance(value, list)), None) if isinstance(row, dict) else row
    if not isinstance(listed, list):
        raise BadData(url, "answers with no list of what it found")
    named = [next((one[key] for key in IDS if key in one), None) if isinstance(one, dict) else one for one in listed]
    if any(one is None for one in named):
        raise BadData(url, f"answers with items that have none of {', '.join(IDS)}")
    return list(dict.fromkeys(map(str, named)))


def _post(parts: SplitResult, url: str, row: dict[str, str]) -> bytes:
    connection = CONNECTIONS[parts.scheme](parts.hostname or "", parts.port, timeout=SECONDS)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", path, json.dumps(row), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        body = answer.read()
    except (OSError, http.client.HTTPException) as error:
        raise BadData(url, f"does not answer: {error or type(error).__name__}") from None
    finally:
        connection.close()
    if answer.status != http.client.OK:
        raise BadData(url, f"answers with status {answer.status}")
    return body
