"""The floors hold: imports go strictly down, heavy libraries have one door each, files and functions keep their size."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted((ROOT / "bot").rglob("*.py"))
FLOORS = {
    "bot.desks": 1,
    "bot.intake": 1,
    "bot.vocabulary": 1,
    "bot.errors": 1,
    "bot.paging": 1,
    "bot.settings": 1,
    "bot.shipped": 1,
    "bot.knowledge": 2,
    "bot.store": 2,
    "bot.dialogue": 3,
    "bot.leads": 3,
    "bot.delivering": 4,
    "bot.publishing": 4,
    "bot.quality": 4,
    "bot.recalling": 4,
    "bot.receiving": 4,
    "bot.wiring": 5,
    "bot.adapting": 5,
    "bot.doctor": 6,
    "bot.server": 6,
    "bot.terminal": 6,
    "bot.cli": 7,
}
GROUND = {
    ("bot.vocabulary", "bot.desks"),
    ("bot.errors", "bot.vocabulary"),
    ("bot.settings", "bot.errors"),
    ("bot.paging", "bot.errors"),
}
DOORS = {
    "faiss": {"bot.knowledge.dense"},
    "bm25s": {"bot.knowledge.sparse", "bot.knowledge.words"},
    "Stemmer": {"bot.knowledge.words"},
    "sentence_transformers": {"bot.knowledge.torch_embedder", "bot.adapting.training"},
    "datasets": {"bot.adapting.training"},
    "openvino": {"bot.knowledge.openvino_embedder", "bot.knowledge.openvino_graph"},
    "torch": {
        "bot.knowledge.torch_embedder",
        "bot.knowledge.openvino_graph",
        "bot.knowledge.packaged",
        "bot.adapting.training",
    },
    "sqlalchemy": {"bot.store"},
    "alembic": {"bot.store"},
    "fastapi": {"bot.server"},
    "smtplib": {"bot.leads.mail"},
    "httpcore2": {"bot.leads.webhook"},
    "matplotlib": {"bot.quality.plots"},
    "email_validator": {"bot.leads.fields"},
}
DRAWERS = {"utils", "helpers", "common", "misc", "manager", "base", "core"}
LONGEST_FILE, LONGEST_FUNCTION = 300, 50


def module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def floor(name: str) -> int:
    return next(level for room, level in FLOORS.items() if name == room or name.startswith(room + "."))


def room(name: str) -> str:
    return ".".join(name.split(".")[:2])


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def own_imports(path: Path) -> set[str]:
    names = {module(file) for file in FILES}
    return {name for name in imports(ast.parse(path.read_text(encoding="utf-8"))) if name in names and name != "bot"}


@pytest.mark.parametrize("path", FILES, ids=module)
def test_imports_go_strictly_down(path: Path) -> None:
    name = module(path)
    if name == "bot":
        return
    for other in own_imports(path):
        if room(other) == room(name) or (name, other) in GROUND:
            continue
        assert floor(other) < floor(name), f"{name} imports {other}, which is not below it"


def test_no_import_cycle() -> None:
    graph = {module(path): own_imports(path) - {module(path)} for path in FILES}
    done: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, " -> ".join([*above, name])
        if name in done:
            return
        for other in graph.get(name, ()):
            visit(other, (*above, name))
        done.add(name)

    for name in graph:
        visit(name, ())


@pytest.mark.parametrize("library", DOORS)
def test_a_heavy_library_has_one_door(library: str) -> None:
    users = {
        module(path)
        for path in FILES
        for name in imports(ast.parse(path.read_text(encoding="utf-8")))
        if name == library or name.startswith(library + ".")
    }
    assert users
    assert all(any(user == door or user.startswith(door + ".") for door in DOORS[library]) for user in users), users


@pytest.mark.parametrize("path", FILES, ids=module)
def test_files_and_functions_keep_their_size(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_FILE
    assert path.stem not in DRAWERS
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < LONGEST_FUNCTION, f"{node.name} is too long"
