"""Webhooks by the Standard Webhooks specification (standardwebhooks.com), one signed POST a letter. The door to httpcore2."""

from __future__ import annotations

import base64
import binascii
import hmac
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpcore2

from bot import __version__
from bot.errors import BadSetting
from bot.leads.failure import Kind, Undelivered

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], list[str]]
SECRET_PREFIX = "whsec_"  # noqa: S105 - the specification's, not a secret
SECRET_BYTES = range(24, 65)
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# What these say is of the address or of its server, and would be said of every letter.
COMMON = frozenset({401, 403, 404, 405, 407, 408, 421, 425, 429, 502, 503, 504})
GONE = 410


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where calls go. `private`: also to addresses inside a network, and without TLS. Seconds as for mail."""

    url: str
    secret: bytes = field(repr=False)
    private: bool = False
    step: float = 10.0
    whole: float = 30.0


@dataclass(frozen=True, slots=True)
class Call:
    """A message to a webhook. `id` is the same at every attempt, `moment` is that of the attempt."""

    id: str
    moment: datetime
    body: bytes


def endpoint(url: str, secret: str, *, private: bool, setting: str = "BOT_WEBHOOK_URL") -> Endpoint:
    """The endpoint by the settings, `setting` that of its address. Raises BadSetting."""
    parts = urlsplit(url)
    try:
        known = parts.scheme in ("https", "http") and parts.username is None and bool((parts.hostname or "").encode("idna"))
        known = known and url.isascii() and url.isprintable() and " " not in url and parts.port != 0
    except ValueError:  # no port, or a host that cannot be one
        known = False
    if not known:
        raise BadSetting(f"{setting}: takes an address in ASCII such as https://crm.example.com/leads, without a password in it")
    if parts.scheme == "http" and not private:
        raise BadSetting(f"{setting}: takes https only; inside your own network BOT_WEBHOOK_PRIVATE=true allows http")
    return Endpoint(url, _secret(secret), private)


def _secret(written: str) -> bytes:
    try:
        found = base64.b64decode(written.removeprefix(SECRET_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        found = b""
    if len(found) not in SECRET_BYTES:
        raise BadSetting(
            'BOT_WEBHOOK_SECRET: takes "whsec_" and 24 to 64 random bytes in base64, as `openssl rand -base64 32` makes'
        )
    return found


def signature(secret: bytes, call: Call) -> str:
    """The `webhook-signature` of a call: HMAC-SHA256 over its id, time and body."""
    signed = b".".join((call.id.encode(), str(int(call.moment.timestamp())).encode(), call.body))
    return "v1," + base64.b64encode(hmac.digest(secret, signed, "sha256")).decode()


def resolved(host: str, port: int) -> list[str]:
    """The addresses of a host, in the order to be tried. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in found))


class Webhook:
    """Calls one endpoint."""

    def __init__(self, target: Endpoint, resolve: Resolve = resolved, tls: ssl.SSLContext | None = None) -> None:
        self._target, self._resolve, self._tls = target, resolve, tls or ssl.create_default_context()

    def send(self, call: Call) -> None:
        """Returns once the endpoint said that it has the call (2xx). Follows no redirect, reads no body.

        Raises Undelivered: `gone` where the endpoint wants no more calls.
        """
        line = _Line(self._resolve, self._target)
        try:
            with (
                httpcore2.ConnectionPool(ssl_context=self._tls, network_backend=line) as pool,
                pool.stream(
                    "POST", self._target.url, headers=self._headers(call), content=call.body, extensions=self._times
                ) as reply,
            ):
                status, asked = reply.status, _header(reply.headers, b"retry-after")
        except (httpcore2.NetworkError, httpcore2.TimeoutException, httpcore2.ProtocolError) as error:
            raise _unanswered(error) from error
        if not 200 <= status < 300:
            raise Undelivered(_kind(status), f"http_{status}", wish(asked.decode("latin-1"), call.moment))

    @property
    def _times(self) -> dict[str, object]:
        return {"timeout": dict.fromkeys(("connect", "read", "write", "pool"), self._target.step)}

    def _headers(self, call: Call) -> Mapping[bytes | str, bytes | str]:
        return {
            b"host": urlsplit(self._target.url).netloc.encode(),
            b"content-type": b"application/json",
            b"content-length": str(len(call.body)).encode(),
            b"user-agent": f"inquiry-desk/{__version__}".encode(),
            b"connection": b"close",
            b"webhook-id": call.id.encode(),
            b"webhook-timestamp": str(int(call.moment.timestamp())).encode(),
            b"webhook-signature": signature(self._target.secret, call).encode(),
        }


def _header(headers: Sequence[tuple[bytes, bytes]], name: bytes) -> bytes:
    return next((value for key, value in headers if key.lower() == name), b"")


def wish(written: str, now: datetime) -> timedelta | None:
    """How long a Retry-After header asks to wait: seconds, or until a date; None where it is neither."""
    try:
        if written.isascii() and written.isdigit():
            return timedelta(seconds=int(written[:9]))
        until = parsedate_to_datetime(written)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return max(until.replace(tzinfo=until.tzinfo or UTC) - now, timedelta(0))


def public(written: str) -> bool:
    """Whether an address is one of the open network, and so is every other that is written inside it."""
    found = ipaddress.ip_address(written.partition("%")[0])
    inner: Iterable[Address | None] = ()
    if isinstance(found, ipaddress.IPv6Address):
        teredo = found.teredo[1] if found.teredo else None
        nat64 = ipaddress.IPv4Address(found.packed[-4:]) if found in NAT64 else None
        inner = (found.ipv4_mapped, found.sixtofour, teredo, nat64)
        if found.ipv4_mapped:
            return public(str(found.ipv4_mapped))
    return all(one.is_global and not one.is_multicast for one in (found, *inner) if one is not None)


def _kind(status: int) -> Kind:
    if status == GONE:
        return "gone"
    if status in COMMON or 300 <= status < 400:
        return "outage"
    return "transient" if status >= 500 else "permanent"


def _unanswered(error: Exception) -> Undelivered:
    """What it means that there was no reply: unless the line never stood, the call may have been read."""
    word = "timeout" if isinstance(error, httpcore2.TimeoutException) else "dropped"
    if isinstance(error, (httpcore2.ConnectError, httpcore2.ConnectTimeout)):
        cause = error.__cause__ or error.__context__
        known = ((socket.gaierror, "dns"), (ssl.SSLError, "tls"), (ConnectionRefusedError, "refused"))
        return Undelivered("outage", "connect_" + next((name for kind, name in known if isinstance(cause, kind)), word))
    return Undelivered("ambiguous", f"http_{word}")


class _Line(httpcore2.NetworkBackend):
    """Connects to addresses that were looked at, so that no second look-up leads elsewhere, and cuts what lasts too long."""

    def __init__(self, resolve: Resolve, target: Endpoint) -> None:
        self._resolve, self._target, self._tcp = resolve, target, httpcore2.SyncBackend()
        self._until = time.monotonic() + target.whole

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """A line to the first address that takes one. Raises Undelivered where one of them is inside a network."""
        try:
            addresses = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise Undelivered("outage", "connect_dns") from error
        if not self._target.private and not all(map(public, addresses)):
            raise Undelivered("outage", "address_private")
        for last, address in enumerate(addresses, 1 - len(addresses)):
            try:
                stream = self._tcp.connect_tcp(address, port, _left(self._until, timeout), local_address, socket_options)
                return _Timed(stream, self._until)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                if not last:
                    raise
        raise Undelivered("outage", "connect_dns")


class _Timed(httpcore2.NetworkStream):
    """A line that ends at a moment of the monotonic clock."""

    def __init__(self, stream: httpcore2.NetworkStream, until: float) -> None:
        self._stream, self._until = stream, until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Reads what has come. Raises ReadTimeout."""
        return self._stream.read(max_bytes, _left(self._until, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Writes all. Raises WriteTimeout."""
        self._stream.write(buffer, _left(self._until, timeout))

    def close(self) -> None:
        """Closes the line."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        """The same line under TLS. Raises ConnectError."""
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, _left(self._until, timeout)), self._until)

    def get_extra_info(self, info: str) -> object:
        """What is known of the line."""
        return self._stream.get_extra_info(info)


def _left(until: float, timeout: float | None) -> float:
    """What may be waited: never nothing, which would mean no limit or no blocking."""
    return max(min(timeout if timeout is not None else until, until - time.monotonic()), 0.001)
