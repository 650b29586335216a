"""Serves the application without an encoder, until killed: `site.py DATABASE_URL DATA_DIR [bare|again|twice]`.

Tells its process id and port once the start has nothing left to write: no disk that fails from then on can hinder it.
`bare`: also without the filter, whose library does not bear libfiu. `again`: made ready once, it serves in a new process for
each line that it reads, when the one before has ended. `twice`: by two processes that share the port.
"""

from __future__ import annotations

import os
import socket
import sys
import threading

import uvicorn

from bot import wiring
from bot.leads.spam import filter_of
from bot.receiving import Receiving
from bot.server import logs
from bot.server.app import create_app
from bot.server.run import TURN_SECONDS, settle
from bot.settings import Settings
from bot.store.database import Database
from tests.server.conftest import Absent


def main(url: str, data_dir: str, mode: str = "") -> None:
    if mode != "again":
        serve(url, data_dir, mode)
        return
    filter_of()
    for _ in sys.stdin:
        child = os.fork()
        if not child:
            serve(url, data_dir)
        os.waitpid(child, 0)


def serve(url: str, data_dir: str, mode: str = "") -> None:
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    if mode == "twice":
        second(url, data_dir, listener)
    server = made(url, data_dir, mode)
    print(os.getpid(), listener.getsockname()[1], flush=True)
    server.run(sockets=[listener])


def made(url: str, data_dir: str, mode: str = "") -> uvicorn.Server:
    """A server that is ready to run."""
    logs.configure("error")
    sys.setswitchinterval(TURN_SECONDS)
    settings = Settings.model_validate({"data_dir": data_dir, "database_url": url, "deliver": "apart"})
    bot = wiring.Bot(settings, Absent(), Database(url).open())
    if mode == "bare":
        bot.receive = Receiving(bot.store, settings, bot.now, bot.directory, lambda _: None, lambda: lambda _: 0.0)
    bot.receive.warm()
    server = uvicorn.Server(uvicorn.Config(create_app(bot), log_config=None, access_log=False))
    settle()
    return server


def second(url: str, data_dir: str, listener: socket.socket) -> None:
    """Returns when another process is ready too; it ends with this one."""
    (ready, tell), (alive, mine) = os.pipe(), os.pipe()
    if os.fork():
        os.close(tell)
        os.close(alive)
        os.read(ready, 1)
        return
    os.close(mine)
    server = made(url, data_dir)
    threading.Thread(target=lambda: os._exit(len(os.read(alive, 1))), daemon=True).start()
    os.write(tell, b".")
    server.run(sockets=[listener])


if __name__ == "__main__":
    main(*sys.argv[1:])
