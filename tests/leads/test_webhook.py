"""Webhooks: the signature, and what each way to fail means. The servers are real ones that speak bytes."""

from __future__ import annotations

import base64
import json
import socket
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from standardwebhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from bot.errors import BadSetting
from bot.leads.failure import Undelivered
from bot.leads.webhook import Call, Endpoint, Webhook, endpoint, public, signature, wish
from tests.leads.post_office import certificate, free_port, talking
from tests.leads.receiver import Receiver, hear, receiving, reply

SECRET = bytes(range(32))
WRITTEN = "whsec_" + base64.b64encode(SECRET).decode()
BODY = json.dumps({"type": "lead.received", "data": {"name": "Łódź 张"}}, ensure_ascii=False).encode()


def call() -> Call:
    return Call("msg_1", datetime.now(UTC), BODY)


def target(port: int, **changes: object) -> Endpoint:
    plain = Endpoint(f"http://127.0.0.1:{port}/hook?a=1", SECRET, private=True, step=1.0, whole=2.0)
    return replace(plain, **changes)  # type: ignore[arg-type]


def failed(hook: Webhook) -> Undelivered:
    with pytest.raises(Undelivered) as raised:
        hook.send(call())
    return raised.value


def test_a_call_is_signed_so_that_the_library_of_the_specification_verifies_it() -> None:
    with receiving(reply(204)) as receiver:
        Webhook(target(receiver.port)).send(call())
    ((headers, body),) = receiver.heard
    assert Verifier(WRITTEN).verify(body, headers) == json.loads(BODY)
    assert (headers["webhook-id"], headers["content-type"]) == ("msg_1", "application/json")
    assert headers["host"] == f"127.0.0.1:{receiver.port}"
    with pytest.raises(WebhookVerificationError):
        Verifier(WRITTEN).verify(body + b" ", headers)


def test_the_signature_is_that_of_the_library() -> None:
    moment = datetime(2026, 3, 1, tzinfo=UTC)
    assert signature(SECRET, Call("msg_9", moment, BODY)) == Verifier(WRITTEN).sign("msg_9", moment, BODY.decode())


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (301, "outage"),
        (302, "outage"),
        (307, "outage"),
        (400, "permanent"),
        (401, "outage"),
        (404, "outage"),
        (422, "permanent"),
        (410, "gone"),
        (429, "outage"),
        (500, "transient"),
        (503, "outage"),
    ],
)
def test_a_status_says_what_to_do(status: int, kind: str) -> None:
    with receiving(reply(status, "Location: http://127.0.0.1:1/", "Retry-After: 120")) as receiver:
        error = failed(Webhook(target(receiver.port)))
        assert (error.kind, error.code, error.retry_after) == (kind, f"http_{status}", timedelta(seconds=120))
        assert len(receiver.heard) == 1


def test_a_redirect_is_not_followed() -> None:
    with receiving(reply(200)) as inside, receiving(reply(307, f"Location: http://127.0.0.1:{inside.port}/")) as outside:
        assert failed(Webhook(target(outside.port))).code == "http_307"
        assert inside.heard == []


@pytest.mark.parametrize(
    ("says", "kind", "code"),
    [
        (None, "ambiguous", "http_dropped"),
        (b"", "ambiguous", "http_dropped"),
        (b"220 mail.example ESMTP\r\n", "ambiguous", "http_dropped"),
        (b"HTTP/1.1 200", "ambiguous", "http_dropped"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 300_000, "ambiguous", "http_dropped"),
    ],
)
def test_a_reply_that_is_none(says: bytes | None, kind: str, code: str) -> None:
    with receiving(says) as receiver:
        error = failed(Webhook(target(receiver.port)))
        assert (error.kind, error.code) == (kind, code)


def test_a_body_without_end_is_not_read() -> None:
    with receiving(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n" + b"x" * 100_000) as receiver:
        began = time.monotonic()
        Webhook(target(receiver.port)).send(call())
        assert time.monotonic() - began < 2


def test_a_byte_at_a_time_ends_when_time_is_up() -> None:
    with talking(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 90, 0.1) as port:
        began = time.monotonic()
        error = failed(Webhook(target(port, step=1.0, whole=0.5)))
        assert (error.kind, error.code) == ("ambiguous", "http_timeout")
        assert time.monotonic() - began < 5


def test_a_server_that_says_nothing_is_given_up() -> None:
    with talking(b"x", 9) as port:
        assert failed(Webhook(target(port, step=0.3))).code == "http_timeout"


def test_a_host_that_is_not_there() -> None:
    assert failed(Webhook(target(free_port()))).code == "connect_refused"
    assert failed(Webhook(target(1, url="http://nowhere.invalid/"))).code == "connect_dns"


def test_tls_is_checked(tmp_path: Path) -> None:
    server, client = certificate(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        receiver = Receiver(reply(200))

        def serve() -> None:
            for _ in range(2):
                try:
                    with server.wrap_socket(listener.accept()[0], server_side=True) as line:
                        hear(line, receiver)
                except OSError:
                    continue

        threading.Thread(target=serve, daemon=True).start()
        there = target(0, url=f"https://localhost:{listener.getsockname()[1]}/")
        assert failed(Webhook(there)).code == "connect_tls"
        Webhook(there, tls=client).send(call())
        assert len(receiver.heard) == 1


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
        "2001:db8::1",
    ],
)
def test_no_address_inside_a_network_is_called(address: str) -> None:
    assert not public(address)
    with receiving(reply(200)) as receiver:
        # one of two is enough: which one is called is not for the resolver to choose
        hook = Webhook(target(receiver.port, private=False), lambda _host, _port: ["93.184.215.14", address])
        assert failed(hook).code == "address_private"
        assert receiver.heard == []


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14"])
def test_addresses_of_the_open_network_may_be_called(address: str) -> None:
    assert public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"])
def test_no_spelling_of_loopback_is_called(host: str) -> None:
    with receiving(reply(200)) as receiver:
        there = target(0, url=f"http://{host}:{receiver.port}/", private=False)
        assert failed(Webhook(there)).kind == "outage"
        assert receiver.heard == []


def test_the_address_that_was_looked_at_is_the_one_that_is_called() -> None:
    asked: list[str] = []

    def resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    with receiving(reply(200)) as receiver:
        Webhook(target(0, url=f"http://crm.invalid:{receiver.port}/"), resolve).send(call())
        assert asked == ["crm.invalid"]
        assert receiver.heard[0][0]["host"] == f"crm.invalid:{receiver.port}"


def test_the_next_address_is_tried_where_one_does_not_answer() -> None:
    with receiving(reply(200)) as receiver:
        Webhook(target(receiver.port), lambda _host, _port: ["127.0.0.9", "127.0.0.1"]).send(call())
        assert len(receiver.heard) == 1
        assert failed(Webhook(target(free_port()), lambda _host, _port: ["127.0.0.9", "127.0.0.8"])).code == "connect_refused"
        assert failed(Webhook(target(receiver.port), lambda _host, _port: [])).code == "connect_dns"


def test_what_retry_after_asks() -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    assert wish("120", now) == timedelta(seconds=120)
    assert wish(format_datetime(now + timedelta(hours=1), usegmt=True), now) == timedelta(hours=1)
    assert wish(format_datetime(now - timedelta(hours=1), usegmt=True), now) == timedelta(0)
    assert [wish(bad, now) for bad in ("", "soon", "-1", "१२", "Thu, 99 Foo")] == [None] * 5


@pytest.mark.parametrize(
    "url",
    [
        "ftp://x.example/",
        "x.example",
        "https://",
        "https://a:b@x.example/",
        "http://x.example/",
        "https://x.example:99999/",
        "https://" + "a" * 70 + ".example/",
        "https://bücher.example/",
        "https://x.example/a b",
        "https://x.example/\r\nX: y",
    ],
)
def test_an_address_that_does_not_do_is_named(url: str) -> None:
    with pytest.raises(BadSetting, match="BOT_WEBHOOK_URL"):
        endpoint(url, WRITTEN, private=False)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_c2hvcnQ=", "whsec_%%%", "x" * 200])
def test_a_secret_that_does_not_do_is_named_and_not_shown(secret: str) -> None:
    with pytest.raises(BadSetting, match="BOT_WEBHOOK_SECRET") as raised:
        endpoint("https://x.example/", secret, private=False)
    assert not secret or secret not in str(raised.value).replace('"whsec_"', "")


def test_a_secret_is_not_in_what_is_printed() -> None:
    found = endpoint("http://x.example/", WRITTEN, private=True)
    assert found.secret == SECRET
    assert "secret" not in repr(found)
