"""A web server that hears calls, and says to each what a test wants."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Receiver:
    """What a server heard, and what it says to each; `says` None: it hangs up."""

    says: bytes | None
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    port: int = 0


@contextmanager
def receiving(says: bytes | None) -> Iterator[Receiver]:
    receiver = Receiver(says)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        receiver.port = listener.getsockname()[1]

        def serve() -> None:
            while True:
                try:
                    line, _ = listener.accept()
                except OSError:
                    return
                with line:
                    hear(line, receiver)

        threading.Thread(target=serve, daemon=True).start()
        try:
            yield receiver
        finally:
            listener.shutdown(socket.SHUT_RDWR)


def hear(line: socket.socket, receiver: Receiver) -> None:
    stream = line.makefile("rb")
    stream.readline()
    headers: dict[str, str] = {}
    while (row := stream.readline().decode()).strip():
        name, _, value = row.partition(":")
        headers[name.lower()] = value.strip()
    receiver.heard.append((headers, stream.read(int(headers["content-length"]))))
    if receiver.says is not None:
        line.sendall(receiver.says)


def reply(status: int, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} Such", "Content-Length: 2", *headers, "", "ok"]
    return "\r\n".join(lines).encode()
