"""Other systems beside ours: a server that is asked, plain vectors and plain words, and the paired difference."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bot import publishing
from bot.errors import BadData
from bot.knowledge.embedder import Embedder
from bot.knowledge.search import Search
from bot.quality import peer, retrieval
from bot.settings import Settings


@contextmanager
def serving(status: int, answer: object) -> Iterator[str]:
    """A server that gives every question the same answer, with the question as the first id where that is "?"."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            body = json.dumps(answer).replace("?", asked["question"]).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/ask?k=10"
        server.shutdown()


@pytest.mark.parametrize(
    "answer",
    [
        [{"id": "?", "score": 1.0}, {"id": 7}, {"id": "?"}],
        {"timings": {}, "passages": [{"document_id": "?", "id": "p"}, {"document_id": 7}]},
        ["?", 7],
    ],
)
def test_a_server_is_asked_every_question(answer: object) -> None:
    with serving(200, answer) as url:
        assert peer.ranking(url)(["a", "b"]) == [["a", "7"], ["b", "7"]]


@pytest.mark.parametrize(
    ("status", "answer", "told"),
    [(500, [], "status 500"), (200, {"answer": "?"}, "no list"), (200, [{"text": "?"}], "document_id"), (200, 5, "no list")],
)
def test_what_a_server_does_wrong_is_told(status: int, answer: object, told: str) -> None:
    with serving(status, answer) as url, pytest.raises(BadData, match=told):
        peer.ranking(url)(["a"])


def test_a_server_that_is_not_there_and_an_address_that_is_none() -> None:
    with pytest.raises(BadData, match="does not answer"):
        peer.ranking("http://127.0.0.1:9/ask")(["a"])
    assert peer.parse("x y=http://h:1/ask?a=b") == ("x y", "http://h:1/ask?a=b")
    assert peer.parse_all(["a=http://h/1", "b=http://h/2"]) == {"a": "http://h/1", "b": "http://h/2"}
    with pytest.raises(BadData, match="two have the name"):
        peer.parse_all(["a=http://h/1", "a=http://h/2"])
    for wrong in ("http://h/ask", "x=ftp://h/ask", "=http://h/ask", "x="):
        with pytest.raises(BadData, match="NAME=URL"):
            peer.parse(wrong)


def test_the_difference_is_paired() -> None:
    good, bad = retrieval.score(["a"], {"a": 1}), retrieval.score(["b", "a"], {"a": 1})
    found = retrieval.beside([good, good, bad], [bad, good, bad])
    assert found["hit@1"] == 0.3333
    gap, low, high = found["ours_less_theirs"]["hit@1"]
    assert (gap, low) == (0.3333, 0.0)
    assert high > gap
    assert found["ours_less_theirs"]["recall@10"] == [0.0, 0.0, 0.0]


def test_plain_vectors_and_plain_words_find_what_they_can(starter: Settings, encoder: Embedder) -> None:
    search = Search(publishing.shelf(starter).load(encoder.fingerprint))
    right = "articles/us-50-percent-rule"
    asked = ["How does the 50 Percent Rule work?"]
    for rank in (retrieval.by_vectors(search, encoder), retrieval.by_words(search)):
        found = rank(asked)[0]
        assert right in found[:3]
        assert len(found) == len(set(found)) >= 5
    assert retrieval.by_words(search)(["xyzzyx"]) == [[]]
