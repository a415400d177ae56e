"""Lets the tests of this folder forget their runs when a file is done."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

HERE = Path(__file__).resolve().parent


@pytest.fixture(scope="module", autouse=True)
def forget_runs(request: pytest.FixtureRequest) -> Iterator[None]:
    """Empty the caches of a file and of its helpers: whole runs take gigabytes together."""
    yield
    helpers = [m for m in sys.modules.values() if str(getattr(m, "__file__", None) or "").startswith(str(HERE))]
    for module in (request.module, *helpers):
        assert isinstance(module, ModuleType)
        for function in vars(module).values():
            if hasattr(function, "cache_clear"):
                function.cache_clear()
