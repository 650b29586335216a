"""Twelve pages that do to the widget what pages of the world do: each by name, as it is made for a desk at an origin."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from xstatic.pkg import jquery

from tests.browser.hosts import STRICT, TEXT, Host, plain

SHOUT = """<style>
*, *::before, *::after { color: red !important; background: yellow !important; font: italic 40px/3 cursive !important;
  margin: 20px !important; padding: 30px !important; border: 5px dashed lime !important; display: block !important;
  position: static !important; float: right !important; width: 90px !important; height: 90px !important; z-index: 1 !important;
  text-transform: uppercase !important; letter-spacing: 1em !important; visibility: hidden !important; opacity: 0.2 !important;
  transform: rotate(20deg) !important; filter: blur(4px) !important; pointer-events: none !important; }
</style>"""
CURTAIN = '<div style="position: fixed; inset: 0; z-index: 2147483647; background: white">A curtain</div>'
QUIRKS = "<html><head><title>News</title>{script}</head><body bgcolor=white text=navy><center><table><tr><td><font size=7>{text}"
RIGHT = "<style>html, body { direction: rtl; text-align: right; font-size: 30px }</style>"
REGISTRY = """<script>
for (const name of ["desk-card", "desk-hours", "x-panel"]) customElements.define(name, class extends HTMLElement {})
const define = customElements.define.bind(customElements)
customElements.define = (name, made, options) => define(name, made, options)
const attach = Element.prototype.attachShadow
Element.prototype.attachShadow = function (options) { return attach.call(this, options) }
Array.prototype.ours = function () {}
Object.prototype.theirs = function () {}
</script><desk-card></desk-card>"""
TURNED = "<style>body { transform: translate(-90px, 50px) scale(0.8); filter: grayscale(1); opacity: 0.5 }</style>"
HANDLERS = """<script>
jQuery.ajaxSetup({ headers: { "X-Site": "news" } })
jQuery(document).on("click", "button, a, input", () => false)
jQuery(document).on("keydown keypress", () => false)
jQuery(window).on("load", () => jQuery("*").css({ fontFamily: "cursive", color: "red" }).addClass("panel desk button choice"))
</script><style>.panel, .desk, .button, .choice { color: red; width: 30px; transform: skew(9deg) }</style>"""


def _script(desk: str) -> str:
    return f'<script type="module" src="{desk}/widget.js"></script>'


def _framed(desk: str, host: Host) -> str:
    inner = host.put("framed", plain(desk))
    frame = f'<iframe src="{inner}" style="position: fixed; inset: 0; width: 100%; height: 100%; border: 0"></iframe>'
    return f"<!doctype html><html lang=en><title>News</title><body style='margin: 0'>{frame}"


def _with(head: str = "", body: str = TEXT, lang: str = "en") -> Callable[[str, Host], str]:
    return lambda desk, _: plain(desk, head=head, body=body, lang=lang)


PAGES: dict[str, Callable[[str, Host], str]] = {
    "all is unset": _with("<style>* { all: unset }</style>"),
    "everything important": _with(SHOUT),
    "a curtain on top": _with(body=TEXT + CURTAIN),
    "quirks": lambda desk, _: QUIRKS.format(script=_script(desk), text=TEXT),
    "right to left": _with(RIGHT, body=f'<div dir="rtl" lang="en">{TEXT}</div>'),
    "strict policy": _with(),
    "other elements": _with(body=REGISTRY + TEXT),
    "jquery": lambda desk, host: plain(desk, body=f'<script src="{host.origin}/jquery.js"></script>{TEXT}{HANDLERS}'),
    "a small root font": _with("<style>html { font-size: 62.5% } body { font-size: 1.1rem; line-height: 3 }</style>"),
    "a transformed body": _with(TURNED),
    "a body of no height": _with("<style>html, body { height: 0; overflow: hidden; contain: strict }</style>"),
    "in a frame": _framed,
}
POLICIES = {"strict policy": STRICT}


def put(name: str, desk: str, host: Host) -> str:
    """Puts a hostile page on a host; gives its address."""
    host.put("jquery.js", (Path(jquery.BASE_DIR) / "jquery.min.js").read_text("utf-8"))
    return host.put(name.replace(" ", "-"), PAGES[name](desk, host), POLICIES.get(name, "").format(desk=desk))
