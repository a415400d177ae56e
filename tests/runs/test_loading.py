"""Scenario and regime as a caller may give them (`sim.runs.loading`)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

import sim
from sim.files.errors import InputError
from sim.runs.loading import from_the_first_day, regime_of, scenario_of


def test_a_scenario_is_an_object_a_file_or_a_name(tmp_path: Path) -> None:
    shipped = scenario_of("netherlands")
    assert scenario_of(shipped) is shipped
    mine = tmp_path / "mine.toml"
    mine.write_text('extends = "netherlands"\n[scenario]\ntitle = "Mine"\n', encoding="utf-8")
    assert scenario_of(mine).title == scenario_of(str(mine)).title == "Mine"
    with pytest.raises(InputError, match="nearest: netherlands"):
        scenario_of("nederlands")


def test_a_regime_by_name_has_the_readings_of_the_scenario() -> None:
    scenario = scenario_of("netherlands").replace(readings={"U7": "wish_date"})
    assert regime_of(scenario, "vc_2019_08", False).readings["U7"] == "wish_date"
    given = sim.Regime.load("vc_2019_08")
    assert regime_of(scenario, given, False) is given, "an object is as it is"


def test_throughout_the_last_text_holds_from_the_first_day_and_the_base_text_is_kept() -> None:
    regime = sim.Regime.load("historical")
    always = regime_of(scenario_of("netherlands"), regime, True)
    assert always == from_the_first_day(regime)
    old, new = always.versions["b8.report"]
    assert old.layer == "vc_2018"
    assert (new.step, new.in_force) == (regime.final_steps["b8.report"], None)
    assert regime.versions["b8.report"][1].in_force == dt.date(2019, 8, 1), "the given one is untouched"
    assert always.final_steps == regime.final_steps
    assert len(always.versions["asylum.granted"]) == 1
