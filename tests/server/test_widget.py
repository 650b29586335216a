"""What pages of other sites may ask: the public endpoints and the widget's files, by the setting, and nothing else."""

from __future__ import annotations

import json
import re

import pytest
from starlette.testclient import TestClient

from bot import settings, wiring
from bot.errors import BadSetting
from bot.server.app import create_app
from bot.server.widget import files
from bot.settings import Settings
from bot.store.opening import open_store
from bot.vocabulary import LANGUAGES
from tests.conftest import NewSettings
from tests.server.conftest import Absent

SITE, OTHER = "https://www.firm.example", "https://elsewhere.example"
PUBLIC = ("/api/v1/ask", "/api/v1/leads", "/api/v1/feedback")
OWN = ("/", "/contact", "/api/v1/search", "/api/v1/outbox", "/metrics")


def visitors(chosen: Settings) -> TestClient:
    return TestClient(create_app(wiring.Bot(chosen, Absent(), open_store(chosen))), raise_server_exceptions=False)


@pytest.fixture(scope="module")
def anyone(new_settings: NewSettings) -> TestClient:
    return visitors(new_settings())


@pytest.fixture(scope="module")
def listed(new_settings: NewSettings) -> TestClient:
    return visitors(new_settings(widget_origins=f"{SITE}, https://other.firm.example:8443"))


def preflight(client: TestClient, path: str, origin: str, headers: str = "content-type,idempotency-key") -> dict[str, str]:
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": headers}
    return dict(client.options(path, headers=asked).headers)


@pytest.mark.parametrize("path", PUBLIC)
def test_any_site_may_ask_without_credentials(path: str, anyone: TestClient) -> None:
    told = preflight(anyone, path, OTHER)
    assert (told["access-control-allow-origin"], told["access-control-allow-methods"]) == ("*", "GET, POST")
    assert {"content-type", "idempotency-key"} <= set(told["access-control-allow-headers"].lower().split(", "))
    assert "authorization" not in told["access-control-allow-headers"].lower()
    answer = anyone.post(path, json={}, headers={"Origin": OTHER})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-expose-headers"] == "Retry-After"
    assert "access-control-allow-credentials" not in answer.headers


def test_an_error_of_ours_is_told_to_other_sites_too(new_settings: NewSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = new_settings()
    bot = wiring.Bot(chosen, Absent(), open_store(chosen))

    def fail(_: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(bot, "ask", fail)
    client = TestClient(create_app(bot), raise_server_exceptions=False)
    answer = client.post("/api/v1/ask", json={"question": "What is it?"}, headers={"Origin": OTHER})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (500, "*")
    assert answer.json()["desk"]["email"] == "russia@dezshira.com"


@pytest.mark.parametrize("path", OWN)
def test_what_is_not_public_stays_with_its_own_origin(path: str, anyone: TestClient) -> None:
    assert "access-control-allow-origin" not in preflight(anyone, path, OTHER)
    assert "access-control-allow-origin" not in anyone.get(path, headers={"Origin": OTHER}).headers


@pytest.mark.parametrize("path", ["/api/v1/ask", "/widget.js", "/widget/words/en.json", "/api/v1/leads/consent"])
def test_a_list_of_sites_restricts(path: str, listed: TestClient) -> None:
    for origin in (SITE, "https://other.firm.example:8443"):
        assert listed.get(path, headers={"Origin": origin}).headers["access-control-allow-origin"] == origin
    for origin in (OTHER, "null", "https://www.firm.example.evil.example", "http://www.firm.example"):
        assert "access-control-allow-origin" not in listed.get(path, headers={"Origin": origin}).headers
    assert "access-control-allow-origin" not in preflight(listed, path, OTHER)
    assert "origin" in listed.get(path, headers={"Origin": SITE}).headers["vary"].lower()


@pytest.mark.parametrize("given", ["*", "https://a.example", "https://A.example:8443, http://localhost:3000", "http://10.0.0.1"])
def test_origins_that_may_be_set(given: str) -> None:
    assert settings.load({"BOT_WIDGET_ORIGINS": given}).origins


@pytest.mark.parametrize("given", ["", "a.example", "https://a.example/", "https://*.a.example", "*, https://a.example"])
def test_what_is_no_origin_is_refused(given: str) -> None:
    with pytest.raises(BadSetting, match="BOT_WIDGET_ORIGINS"):
        settings.load({"BOT_WIDGET_ORIGINS": given})


def test_files_are_asked_for_once_and_compressed(anyone: TestClient) -> None:
    loader = anyone.get("/widget.js")
    assert loader.headers["content-type"].startswith("text/javascript")
    assert loader.headers["cross-origin-resource-policy"] == "cross-origin"
    assert loader.headers["content-encoding"] == "gzip"
    found = re.search(r"\./widget/(\w+)/panel\.js", loader.text)
    assert found and found[1] == files().version
    panel = anyone.get(f"/widget/{found[1]}/panel.js")
    assert panel.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert anyone.get("/widget/before/panel.js").headers["cache-control"] == "no-cache"
    for path in ("/widget.js", "/widget/before/panel.js", "/widget/words/zh.json", "/demo.css"):
        tag = anyone.get(path).headers["etag"]
        again = anyone.get(path, headers={"If-None-Match": f'"other", {tag}'})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)


def test_the_loader_knows_whom_to_write_to(anyone: TestClient) -> None:
    found = re.search(r"const SAID = (\{.+\})", anyone.get("/widget.js").text)
    assert found
    said = json.loads(found[1])
    assert set(said) == set(LANGUAGES)
    for row in said.values():
        assert row["mail"].startswith(f"mailto:{row['email']}?subject=")
        assert row["launch"] and row["away"]


@pytest.mark.parametrize(
    "path", ["/widget/x/none.js", "/widget/x/..%2Fsite.css", "/widget/words/fr.json", "/widget/", "/widget/x"]
)
def test_there_is_nothing_else(path: str, anyone: TestClient) -> None:
    assert anyone.get(path).status_code == 404


def test_an_event_stream_is_not_compressed(client: TestClient) -> None:
    headers = {"Accept": "text/event-stream", "Accept-Encoding": "gzip", "Origin": OTHER}
    answer = client.post("/api/v1/ask", json={"question": "How does OFAC's 50 percent rule work?"}, headers=headers)
    assert "content-encoding" not in answer.headers
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.text.startswith("event: route")
    whole = client.post(
        "/api/v1/ask", json={"question": "What is the profit tax in Russia?"}, headers={"Accept-Encoding": "gzip"}
    )
    assert whole.headers["content-encoding"] == "gzip"


def test_the_words_tell_the_hours_on_the_visitors_clock(client: TestClient) -> None:
    for zone in ("Europe/Berlin", "", "Mars/Olympus"):
        assert client.get("/widget/words/de.json", params={"time_zone": zone}).json()["desk"]["desk"] == "russia"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_demo_is_a_plain_page(language: str, anyone: TestClient) -> None:
    for mode in ("bubble", "inline"):
        page = anyone.get(f"/demo?lang={language}&mode={mode}").text
        assert f'<html lang="{language}">' in page
        assert f'<inquiry-desk mode="{mode}">' in page
        assert "&lt;script type=&#34;module&#34;" in page or "&lt;script type=" in page
