"""A mail server that misbehaves as a test wants, and keeps what it took."""

from __future__ import annotations

import asyncio
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

LONG = 30.0  # seconds: longer than any client here waits


@dataclass
class PostOffice:
    """How the server behaves, and every message that it took, as it came. `refuse` maps a stage or a recipient to a reply."""

    refuse: dict[str, str] = field(default_factory=dict)
    hang_in_data: bool = False
    drop_after_data: bool = False
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    sessions: int = 0
    port: int = 0

    @property
    def messages(self) -> list[EmailMessage]:
        """What was taken, read."""
        return [message_from_bytes(content, policy=policy.SMTP) for _, content in self.taken]

    @property
    def message_ids(self) -> list[str]:
        """The Message-ID of everything taken, in the order of arrival."""
        return [str(message["Message-ID"]) for message in self.messages]

    def authenticate(self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, _data: Any) -> AuthResult:
        """Lets in, or not."""
        return AuthResult(success="auth" not in self.refuse, handled=False)

    async def handle_EHLO(  # noqa: N802 - named by aiosmtpd
        self, server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Greets."""
        session.host_name = hostname
        self.sessions += 1
        if "ehlo" in self.refuse:
            await server.push(self.refuse["ehlo"])
            raise ConnectionResetError
        return responses

    async def handle_MAIL(self, _s: SMTP, _e: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        """Takes a sender."""
        if "mail" in self.refuse:
            return self.refuse["mail"]
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, _s: SMTP, _e: Session, envelope: Envelope, address: str, _o: list[str]) -> str:  # noqa: N802
        """Takes a recipient."""
        refusal = self.refuse.get("rcpt") or self.refuse.get(address)
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Takes a message, or seems not to have."""
        if "data" in self.refuse:
            return self.refuse["data"]
        content = envelope.content
        assert isinstance(content, bytes)
        self.taken.append((envelope.rcpt_tos[0], content))
        if self.hang_in_data:
            await asyncio.sleep(LONG)
        if self.drop_after_data:
            assert server.transport is not None
            server.transport.abort()  # type: ignore[attr-defined]
        return "250 taken"


@contextmanager
def opened(office: PostOffice, **options: Any) -> Iterator[PostOffice]:
    """The server, listening at 127.0.0.1 on the port of the office (0: one is chosen)."""
    port = office.port or free_port()
    options.setdefault("authenticator", office.authenticate)
    controller = Controller(office, hostname="127.0.0.1", port=port, enable_SMTPUTF8=True, ident="test", **options)
    office.port = port
    controller.start()
    try:
        yield office
    finally:
        controller.stop(no_assert=True)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def talking(said: bytes, pace: float) -> Iterator[int]:
    """The port of a server that says these bytes, one each `pace` seconds, whatever it hears."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        over = threading.Event()

        def talk() -> None:
            while not over.is_set():
                try:
                    line, _ = listener.accept()
                except OSError:
                    return
                with line:
                    for byte in said:
                        if over.wait(pace):
                            return
                        try:
                            line.send(bytes([byte]))
                        except OSError:
                            break

        thread = threading.Thread(target=talk, daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            over.set()
            listener.close()


def certificate(folder: Path, name: str = "localhost") -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Contexts of a server with a certificate of its own for a name, and of a client that trusts that one alone."""
    key, cert = folder / "key.pem", folder / "cert.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}"]
    command += ["-addext", f"subjectAltName=DNS:{name}", "-keyout", str(key), "-out", str(cert)]
    subprocess.run(command, check=True, capture_output=True)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(cert, key)
    return server, ssl.create_default_context(cafile=str(cert))
