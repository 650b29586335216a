"""`bot serve`: the port first, then the encoder, then uvicorn; several processes share the port."""

from __future__ import annotations

import gc
import socket
import sys
from collections.abc import Callable
from typing import Any

import structlog
import uvicorn
from fastapi import FastAPI
from threadpoolctl import threadpool_limits
from uvicorn.supervisors import Multiprocess

from bot import delivering, wiring
from bot.errors import BadSetting, BotError
from bot.knowledge.language import detect
from bot.server.app import create_app
from bot.server.logs import configure
from bot.settings import Settings, load

log = structlog.get_logger()
Say = Callable[[str], None]
TURN_SECONDS = 0.0005  # an encoder that is done shall not wait the interpreter's 5 ms for its turn: a tenth more answers a second


def run(settings: Settings, workers: int, say: Say) -> None:
    """Serves until stopped. Raises BadSetting if the port is taken or not this machine's, or letters cannot leave as set."""
    delivering.check(settings)
    listener = _listen(settings.host, settings.port)
    say(f"Inquiry Desk serves at http://{settings.host}:{settings.port}/ (API: /api/v1/ask, description: /openapi.json)")
    options: dict[str, Any] = {
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "timeout_graceful_shutdown": 10,
    }
    if workers > 1:
        config = uvicorn.Config("bot.server.run:app", factory=True, workers=workers, **options)
        Multiprocess(config, sockets=[listener]).run()
    else:
        uvicorn.Server(uvicorn.Config(app(settings, say), **options)).run(sockets=[listener])


def app(settings: Settings | None = None, say: Say = lambda _: None) -> FastAPI:
    """The application of one process, its encoder loaded; by the environment's settings where none are given."""
    chosen = settings or load()
    configure(chosen.log_level)
    sys.setswitchinterval(TURN_SECONDS)
    threadpool_limits(1, "blas")  # products of two visitors side by side, not in each other's way: three times as many answers
    detect("loads what tells languages apart, so that no visitor waits for it")
    bot = wiring.build(chosen, say)
    bot.receive.warm()
    try:
        snapshot = bot.live().snapshot
        say(f"snapshot {snapshot.id}: {len(snapshot.documents)} documents, {len(snapshot.passages)} passages")
    except BotError as error:
        say(f"no answers yet: {error}")
    if not delivering.leaves(chosen):
        log.warning("letters wait", why=delivering.NO_MAIL)
        say(delivering.NO_MAIL)
    made = create_app(bot)
    settle()
    return made


def settle() -> None:
    """Takes all that was loaded out of the garbage collector's sight, as it stays for good.

    Looking through it took a quarter of a second now and then, in which nobody was answered: 275 ms with no encoder loaded.
    """
    gc.collect()
    gc.freeze()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise BadSetting(
            f"BOT_PORT={port}: cannot listen on {host}:{port} ({error.strerror}); stop what uses it or choose another port"
        ) from None
    listener.set_inheritable(True)
    return listener
