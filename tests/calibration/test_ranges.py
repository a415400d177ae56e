"""The range of each headline difference over fitted sets (`sim.calibration.ranges`)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from sim.calibration.ensembles import Ensemble, load
from sim.calibration.ranges import range_table, write_ranges

SETS = Path(__file__).parent / "ensembles"
KEY = ("b8_granted", "simulated", "all")


def moved(free: Ensemble, by: float) -> Ensemble:
    """Return the sets as if other answers added this many permits under the reform."""
    table = free.table.copy()
    table["reading vc_2019_08 b8_granted simulated all"] += by
    return replace(free, table=table)


def test_a_range_holds_nine_tenths_of_the_sets() -> None:
    free = load("free", SETS)
    rows = range_table({"free": free}).set_index(["camp", "measure", "world", "group"])
    row, values = rows.loc[("free", *KEY)], np.sort(free.differences()[KEY].to_numpy())
    assert row["sets"] == values.size
    assert {row["low"], row["high"]} <= set(values)
    assert (values < row["low"]).mean() <= 0.05
    assert (values > row["high"]).mean() <= 0.05
    assert set(rows.index.get_level_values("measure")) == set(free.receipt["headline"])
    assert (rows["baseline"] == "vc_2018").all()
    assert (rows["reform"] == "vc_2019_08").all()


def test_sets_under_other_readings_count_beside_the_usual_ones() -> None:
    free = load("free", SETS)
    usual = range_table({"free": free}).set_index(["measure", "world", "group"]).loc[KEY]
    vars(free)["under_readings"] = moved(free, 1000.0)
    both = range_table({"free": free}).set_index(["measure", "world", "group"]).loc[KEY]
    assert both["sets"] == 2 * usual["sets"]
    # Of 22 values nine tenths are all but the least and the largest.
    values = np.sort(free.differences()[KEY].to_numpy())
    assert (both["low"], both["high"]) == (values[1], values[-2] + 1000)


def test_what_is_written_is_what_the_kept_file_has(tmp_path: Path) -> None:
    found = {camp: load(camp, SETS) for camp in ("free", "steering_off")}
    write_ranges(tmp_path, found)
    written, kept = (pd.read_csv(folder / "ranges.csv") for folder in (tmp_path, SETS))
    kept = kept[kept["camp"].isin(found)].reset_index(drop=True)
    pd.testing.assert_frame_equal(written, kept)
