"""What tests share: the real encoder, built once below var/, and a bot over the starter corpus."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import Browser, sync_playwright
from starlette.testclient import TestClient

from bot import publishing, wiring
from bot.knowledge.embedder import Embedder
from bot.quality import fitting
from bot.server import logs
from bot.server.app import create_app
from bot.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "tests" / "data"
NewSettings = Callable[..., Settings]


def quiet(_: str) -> None:
    """Says nothing."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the files that need no encoder right behind the first that does: one process builds it, the other tests those."""
    needing = [one.path for one in items if isinstance(one, pytest.Function) and "new_settings" in one.fixturenames]
    places = dict.fromkeys(needing, 2) | dict.fromkeys(needing[:1], 0)
    items.sort(key=lambda one: places.get(one.path, 1))


@pytest.fixture(scope="session", autouse=True)
def log() -> None:
    """Logs as the product does, without pictures of tracebacks, which take seconds to draw."""
    logs.configure("warning")


@pytest.fixture(scope="session")
def new_settings(tmp_path_factory: pytest.TempPathFactory) -> NewSettings:
    """Settings with a data folder of their own that shares the built models."""
    models = ROOT / "var" / "models"
    models.mkdir(parents=True, exist_ok=True)

    def make(**values: object) -> Settings:
        data = tmp_path_factory.mktemp("data")
        (data / "models").symlink_to(models)
        return Settings.model_validate({"data_dir": data} | values)

    return make


@pytest.fixture(scope="session")
def ingested(new_settings: NewSettings, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path | None:
    """Snapshots of the starter corpus, made once for all processes that test side by side; None where there is but one."""
    if worker_id == "master":
        return None
    shared = tmp_path_factory.getbasetemp().parent / "starter"
    with FileLock(f"{shared}.lock"):
        if not shared.exists():
            shutil.copytree(publish_starter(new_settings()).snapshots, shared)
    return shared


@pytest.fixture(scope="session")
def encoder(new_settings: NewSettings, ingested: Path | None) -> Embedder:
    """The real encoder; where tests run side by side, once it is built."""
    del ingested
    return publishing.encoder(new_settings(), quiet)


@pytest.fixture(scope="session")
def starter(new_settings: NewSettings, ingested: Path | None) -> Settings:
    """Settings whose live snapshot is the starter corpus."""
    settings = new_settings()
    if ingested is None:
        return publish_starter(settings)
    shutil.copytree(ingested, settings.snapshots)
    return settings


def publish_starter(settings: Settings) -> Settings:
    """Makes the starter corpus live, of what was kept of it: tests of other corpora need it too, and the next run."""
    publisher = publishing.Publisher(settings, fitting.prepare, quiet)
    publisher.starter()
    publisher.publish([], lambda *_: None)
    return settings


@pytest.fixture(scope="session")
def bot(starter: Settings) -> Iterator[wiring.Bot]:
    """A bot over the starter corpus."""
    made = wiring.build(starter, quiet)
    yield made
    made.close()


@pytest.fixture(scope="session")
def client(bot: wiring.Bot) -> TestClient:
    """A client of the application over the starter corpus."""
    return TestClient(create_app(bot), raise_server_exceptions=False)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("no chromium on this machine")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield started
        started.close()
