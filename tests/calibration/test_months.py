"""Figures of registers by month (`sim.calibration.months`)."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.calibration.ensembles import ensembles
from sim.calibration.months import SERIES, monthly, write_months
from sim.runs.world import people_of
from sim.scenarios.scenario import Scenario

SETS = Path(__file__).parent / "ensembles"


def test_months_of_a_year_are_what_registers_give_of_the_year() -> None:
    scenario = Scenario.load("netherlands").replace(
        inflow={"persons": 3000, "capacities": "in_proportion"}, history_from=2012
    )
    run = sim.run(scenario, "vc_2019_08", heed=lambda _: None)
    found = monthly(run.world, people_of(scenario), run.receipt["seed"])
    assert {name: counts.size for name, counts in found.items()} == dict.fromkeys(SERIES, 60)
    measures = run.measures[run.measures["group"] == "all"].set_index(["measure", "world"])["value"]
    for year, counts in zip(range(2017, 2022), found["registrations"].reshape(5, 12), strict=True):
        assert counts.sum() == measures[f"registrations_{year}", "recorded"]
    assert found["registrations"].sum() > 20
    assert found["requests"].sum() == measures["wish_to_report", "simulated"]


def test_every_set_has_its_months_under_each_rule(tmp_path: Path) -> None:
    folder = tmp_path / "sets"
    shutil.copytree(SETS, folder)
    receipt = json.loads((SETS / "receipt.json").read_text()) | {"persons": 300}
    receipt["camps"] = {"free": receipt["camps"]["free"]}
    (folder / "receipt.json").write_text(json.dumps(receipt), encoding="utf-8")
    pd.read_csv(SETS / "free.csv").head(1).to_csv(folder / "free.csv", index=False)
    assert ensembles(folder)["free"].months is None
    write_months(folder, tmp_path / "work")
    found = ensembles(folder)["free"].months
    assert found is not None
    assert list(found["regime"]) == ["vc_2018", "vc_2018", "vc_2019_08", "vc_2019_08"]
    months = found[[name for name in found if name[:2] == "20"]]
    assert (months.columns[0], months.columns[-1], months.shape[1]) == ("2017-01", "2021-12", 60)
    # Before the rule is announced the two worlds are one.
    first, second = (months[found["regime"] == name].iloc[:, :24].to_numpy() for name in receipt["compared"])
    assert np.array_equal(first, second)
    # What is finished is not run again.
    (tmp_path / "work" / "months-free.csv").write_text((folder / "months.csv").read_text().replace("free", "other"))
    assert pd.read_csv(write_months(folder, tmp_path / "work"))["camp"].tolist() == ["other"] * 4


@pytest.mark.parametrize("name", SERIES)
def test_a_series_has_a_title(name: str) -> None:
    from sim.calibration.segmented import TITLES

    assert name in TITLES
