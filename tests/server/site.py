"""Serves the application without an encoder, until killed: `site.py DATABASE_URL DATA_DIR [bare]`. Tells its port.

`bare`: also without the filter, whose library does not bear libfiu.
"""

from __future__ import annotations

import socket
import sys

import uvicorn

from bot import wiring
from bot.receiving import Receiving
from bot.server import logs
from bot.server.app import create_app
from bot.server.run import TURN_SECONDS
from bot.settings import Settings
from bot.store.database import Database
from tests.server.conftest import Absent


def main(url: str, data_dir: str, bare: str = "") -> None:
    logs.configure("error")
    sys.setswitchinterval(TURN_SECONDS)
    settings = Settings.model_validate({"data_dir": data_dir, "database_url": url, "deliver": "apart"})
    bot = wiring.Bot(settings, Absent(), Database(url).open())
    if bare:
        bot.receive = Receiving(bot.store, settings, bot.now, bot.directory, lambda _: None, lambda: lambda _: 0.0)
    bot.receive.warm()
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    print(listener.getsockname()[1], flush=True)
    config = uvicorn.Config(create_app(bot), log_config=None, access_log=False)
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main(*sys.argv[1:])
