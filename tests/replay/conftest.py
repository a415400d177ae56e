"""What the tests of the replay share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from case_files import Told, written

from sim.policies.regime import Regime
from sim.policies.statute import Span
from sim.replay import Replay, replay
from sim.replay.config import Config, Happening, Stand
from sim.replay.known import Known
from sim.replay.rules import Rules


@pytest.fixture
def told(tmp_path: Path) -> Told:
    """Replay a case given as facts and as lines ``date step [outcome]``."""

    def told(*events: str, facts: str = "", regime: str = "historical") -> Replay:
        return replay(written(tmp_path, *events, facts=facts), regime)

    return told


@cache
def _blank() -> Config:
    rules = Rules(Regime.load("vc_2018"), dt.date(2018, 1, 1), dt.date(2018, 12, 31))
    return Config.blank(Known(rules, {}))


@pytest.fixture
def blank() -> Config:
    """A configuration of 2018 in which nothing is known."""
    return _blank()


@pytest.fixture
def at() -> Callable[..., Config]:
    """Put a track of a configuration at a step, entered within some days."""

    def at(config: Config, step: str, first: int, last: int, event: int | None = None) -> Config:
        entered = Span(first, last)
        return config.at(Stand(step, entered), Happening(step, entered, event, "branch"))

    return at
