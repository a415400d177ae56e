"""Folders for the small worlds of a measurement."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def folders() -> Iterator[Iterator[Path]]:
    """Give new folders, one after another; all are gone at the end."""
    with tempfile.TemporaryDirectory() as name:
        yield (Path(name) / str(number) for number in range(1_000_000))
