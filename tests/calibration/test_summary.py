"""The tables of a calibration, from sets that were made by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.calibration.fits import Fits, deviations_of
from sim.calibration.summary import figure_table, headline_table, set_table, wave_table
from sim.calibration.targets import load_targets
from sim.calibration.waves import Wave

TARGETS = load_targets()
TRANSFERS, AUTUMN = TARGETS["transfers_2018"], TARGETS["transfers_autumn_2020"]


@pytest.fixture
def fits() -> Fits:
    columns = {
        ("historical", "dublin_transferred_2018", "simulated", "all"): [1870.0, 1870.0, 9000.0],
        ("historical", "dublin_transferred_2020_autumn", "simulated", "all"): [500.0, 800.0, 100.0],
        ("vc_2018", "b8_granted", "simulated", "all"): [10.0, 10.0, 10.0],
        ("vc_2019_08", "b8_granted", "simulated", "all"): [4.0, 12.0, 0.0],
    }
    readings = pd.DataFrame(columns)
    sets = pd.DataFrame({"point": ["a", "b", "c"], "block": 0, "presets": "none", "x": [1.0, 2.0, 3.0]})
    deviations = deviations_of([TRANSFERS], readings, "historical")
    return Fits("free", (TRANSFERS,), np.array([1, 1, 2]), sets, deviations, readings, 3.0)


def test_figures_held_out_are_in_or_outside_the_range(fits: Fits) -> None:
    table = figure_table(fits, [TRANSFERS, AUTUMN]).set_index("target")
    assert list(table["fitted"]) == [True, False]
    row = table.loc["transfers_autumn_2020"]
    assert (row["low"], row["high"], row["sets"], row["effective_size"]) == (500, 800, 2, pytest.approx(2))
    assert row["inside"]
    # Equal weight on 500 and 800 where 600 came, in logarithms.
    off, apart = np.abs(np.log(np.array([500, 800]) / 600)).mean(), np.log(800 / 500)
    assert row["crps"] == pytest.approx(off - apart / 4)


def test_differences_over_the_sets_with_their_signs(fits: Fits) -> None:
    (row,) = headline_table(fits, ["b8_granted"], ["all"]).itertuples()
    assert (row.low, row.high, row.weight_lower, row.weight_equal, row.weight_higher) == (-6, 2, 0.5, 0, 0.5)


def test_every_set_is_listed_with_its_weight(fits: Fits) -> None:
    table = set_table(fits)
    assert list(table["weight"]) == [0.5, 0.5, 0]
    assert list(table["accepted"]) == [True, True, False]
    assert {"camp", "wave", "x", "deviation transfers_2018"} <= set(table.columns)


def test_a_wave_without_emulators_has_a_row() -> None:
    table = wave_table("free", [Wave(1, {}, 1.0), Wave(2, {"transfers_2018": 0.8}, 0.2)])
    assert list(table["wave"]) == [1, 2]
    assert table["explained"].iloc[1] == 0.8
