"""Where the scenarios that come with the package are, in a checkout and in an installed wheel alike."""

from __future__ import annotations

from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).resolve().parents[1]
IN_WHEEL: Final = PACKAGE / "_shipped" / "scenarios"
IN_CHECKOUT: Final = PACKAGE.parent / "scenarios"


def shipped_scenarios_dir() -> Path:
    """Return the folder with the shipped scenario files.

    A wheel carries a copy inside the package; a checkout has none and keeps the files beside the package.
    """
    return IN_WHEEL if IN_WHEEL.is_dir() else IN_CHECKOUT
