"""What the tests of the report share: a report of two regimes, written once."""

from __future__ import annotations

from pathlib import Path

import pytest
from report_page import Written, written
from synthetic_comparison import synthetic_comparison


@pytest.fixture(scope="session")
def two(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Return a comparison of two regimes, the folder of its report, and the page."""
    comparison, folder = synthetic_comparison(2), Path(tmp_path_factory.mktemp("two"))
    return comparison, folder, written(comparison, folder)
