"""Where the folders that come with the product are: `web` and `corpus`, in a checkout or inside the wheel."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

PACKAGE = Path(__file__).resolve().parent


def folder(name: Literal["web", "corpus"]) -> Path:
    """The shipped folder of that name: inside the installed package, else beside it in the checkout."""
    installed = PACKAGE / "_shipped" / name
    return installed if installed.is_dir() else PACKAGE.parent / name
