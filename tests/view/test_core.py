"""The data that the page of a scenario opens with (`sim.view.core`)."""

from __future__ import annotations

import json

import pytest

from sim.files.errors import InputError
from sim.view.core import as_json, core_of
from verification.small_worlds import netherlands

SMALL = netherlands(0.01)
REGIMES = ["vc_2018", "vc_2019_08"]


def test_the_same_scenario_gives_the_same_text() -> None:
    one = as_json(core_of(SMALL, regimes=REGIMES, replicates=2, seed=3))
    again = as_json(core_of(SMALL, regimes=REGIMES, replicates=2, seed=3))
    assert one == again
    data = json.loads(one)
    assert data["scenario"]["replicates"] == 2
    assert data["receipt"]["seed"] == 3


def test_one_regime_is_refused() -> None:
    with pytest.raises(InputError, match="baseline"):
        core_of(SMALL, regimes=["vc_2018"], replicates=1)
