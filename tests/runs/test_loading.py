"""Scenario and regime as a caller may give them (`sim.runs.loading`)."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from own_files import REGIME, SCENARIO, behaviour_text, for_women, written

import sim
from sim.agents.behaviour import Behaviour
from sim.files.errors import InputError
from sim.follow.story import follow
from sim.runs.loading import asked_of, from_the_first_day, regime_of, regimes_given, scenario_of


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


@pytest.mark.parametrize(
    ("given", "accepted"),
    [
        ("vc_2018", 'a list, as ["vc_2018"]'),
        ("vc_2018, vc_2019_08", 'a list, as ["vc_2018", "vc_2019_08"]'),
        (Path("reform.toml"), "a list"),
        (sim.Regime.load("vc_2018"), "a list"),
        ({"vc_2018": 1}, "a list"),
        (3, "a list"),
    ],
)
def test_regimes_are_a_list(given: object, accepted: str) -> None:
    for call in (sim.compare, functools.partial(follow, person="NGA-2019-07-0001")):
        with pytest.raises(InputError, match="not a list of regimes") as caught:
            call("netherlands", regimes=given)
        assert str(caught.value.accepted).startswith(accepted)


def test_regimes_in_other_lists() -> None:
    names = ["vc_2018", "vc_2019_08"]
    for given in (tuple(names), np.array(names), pd.Series(names), [Path("vc_2018"), np.str_("vc_2019_08")]):
        assert [regime.name for regime in asked_of("netherlands", regimes_given(given)).regimes] == names


@pytest.mark.parametrize("given", [None, 3, ["vc_2018"], b"vc_2018"])
def test_what_is_no_regime(given: object) -> None:
    for call in (sim.Regime.load, lambda one: sim.run("netherlands", one), lambda one: sim.diff("vc_2018", one)):
        with pytest.raises(InputError, match="not the name of a regime"):
            call(given)


@pytest.mark.parametrize(
    ("given", "problem"),
    [({"replicate": wrong}, "out of range") for wrong in (-1, 10**7)]
    + [({"replicate": wrong}, "not a whole number") for wrong in (1.0, True, "1", float("nan"))]
    + [({"seed": wrong}, "not a whole number") for wrong in (np.True_, np.inf, "1")],
)
def test_numbers_of_a_run(given: dict[str, Any], problem: str) -> None:
    with pytest.raises(InputError, match=problem) as caught:
        sim.run("netherlands", "vc_2018", **given)
    assert caught.value.key in given


def test_a_regime_that_no_name_gives_says_so_in_the_scenario(tmp_path: Path) -> None:
    """An object can be anything: the scenario that is kept must not name another regime in its place."""
    made = dataclasses.replace(sim.Regime.load("vc_2019_08"), facts=())
    asked = asked_of("netherlands", ["vc_2018", made])
    kept = tmp_path / "scenario.toml"
    kept.write_text(asked.text, encoding="utf-8")
    assert [regime.hash() for regime in asked.regimes] == [sim.Regime.load("vc_2018").hash(), made.hash()]
    with pytest.raises(InputError) as caught:
        sim.Scenario.load(kept)
    assert caught.value.value == "vc_2019_08 (made in Python)"


def test_own_files_of_one_name_are_kept_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(written(tmp_path, reform=REGIME))
    written(tmp_path / "d", reform=for_women())
    written(tmp_path / "same", reform=REGIME)
    asked = asked_of("netherlands", ["reform.toml", "d/reform.toml", "same/reform.toml+U1=none", "vc_2018"])
    assert asked.own_files == {"regimes/reform.toml": REGIME, "regimes/2/reform.toml": for_women()}
    regimes = tomllib.loads(asked.text)["scenario"]["regimes"]
    assert regimes == ["regimes/reform.toml", "regimes/2/reform.toml", "regimes/reform.toml+U1=none", "vc_2018"]


def test_own_behaviour_is_kept_as_it_was_read(tmp_path: Path) -> None:
    path = written(tmp_path, mine=behaviour_text()) / "mine.toml"
    behaviour = Behaviour.load(path)
    for given in (behaviour, path, str(path)):
        asked = asked_of("netherlands", behaviour=given)
        written(tmp_path, again=asked.own_files["behaviour.toml"])
        assert Behaviour.load(tmp_path / "again.toml") == behaviour
        assert tomllib.loads(asked.text)["scenario"]["behaviour"] == "behaviour.toml"


def test_the_behaviour_of_a_scenario_is_the_one_that_runs(tmp_path: Path) -> None:
    """Also where a world is made in another way: as a Mesa model, or by the functions below `run`."""
    path = written(tmp_path, mine=behaviour_text(), scenario=SCENARIO) / "mine.toml"
    scenario = sim.Scenario.load(tmp_path / "scenario.toml").replace(inflow={"scale": 0.2})
    own = scenario.replace(behaviour=path)
    shipped_run, own_run = sim.run(scenario, "vc_2018"), sim.run(scenario, "vc_2018", behaviour=Behaviour.load(path))
    assert len(own_run.transitions) != len(shipped_run.transitions)
    pd.testing.assert_frame_equal(sim.run(own, "vc_2018").transitions, own_run.transitions)
    model = sim.PathwayModel(own, regime="vc_2018")
    model.run_model()
    assert model.log.day.size == len(own_run.transitions)
