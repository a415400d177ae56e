"""The small worlds of the tests, for measurements with larger numbers."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from verification.report import ROOT

for folder in (ROOT / "tests" / "theory", ROOT / "tests"):
    if str(folder) not in sys.path:
        sys.path.append(str(folder))


from small_worlds import netherlands

__all__ = ["folders", "netherlands"]


@contextmanager
def folders() -> Iterator[Iterator[Path]]:
    """Give new folders, one after another; all are gone at the end."""
    with tempfile.TemporaryDirectory() as name:
        yield (Path(name) / str(number) for number in range(1_000_000))
