"""What the tests of the replay share."""

from __future__ import annotations

from pathlib import Path

import pytest
from case_files import Told, written

from sim.replay import Replay, replay


@pytest.fixture
def told(tmp_path: Path) -> Told:
    """Replay a case given as facts and as lines ``date step [outcome]``."""

    def told(*events: str, facts: str = "", regime: str = "historical") -> Replay:
        return replay(written(tmp_path, *events, facts=facts), regime)

    return told
