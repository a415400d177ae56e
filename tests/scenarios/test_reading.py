"""Reading scenario files (`sim.scenarios.reading`): a path begins at the folder of the file that names it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from own_files import REGIME, SCENARIO, behaviour_text, for_women, with_regimes, written

import sim
from sim.files.errors import InputError
from sim.replay import read_case
from sim.scenarios.reading import scenario_file, scenario_tables

CASE = """
[case]
title  = "t"
source = "ECLI:NL:RBDHA:2020:13035"
regime = "reform.toml"
[[event]]
date = 2020-07-09
step = "b8.wish_to_report"
"""


@pytest.fixture
def two_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project, and another folder, in which the user is, with a regime and a behaviour of the same names."""
    text = with_regimes("vc_2019_08", "reform.toml").replace("title ", 'behaviour = "mine.toml"\ntitle ')
    written(tmp_path / "project", scenario=text, reform=REGIME, mine=behaviour_text(), case=CASE)
    written(tmp_path / "other", reform=for_women(), mine="[nothing]\nof = 'the kind'\n")
    monkeypatch.chdir(tmp_path / "other")
    return tmp_path


def test_a_file_of_that_name_where_the_user_is_is_not_taken(two_folders: Path) -> None:
    scenario = sim.Scenario.load("../project/scenario.toml")
    own = sim.Regime.load(two_folders / "project" / "reform.toml")
    assert sim.Regime.load(scenario.regimes[1]).hash() == own.hash() != sim.Regime.load("reform.toml").hash()
    assert scenario.own_behaviour is not None
    _, rules = read_case("../project/case.toml")
    assert rules.hash() == own.hash()


def test_it_is_found_from_anywhere_and_after_moving_on(two_folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = sim.Scenario.load("../project/scenario.toml")
    monkeypatch.chdir("/")
    assert [regime.name for regime in map(sim.Regime.load, scenario.regimes)] == ["vc_2019_08", "reform"]
    assert sim.run(scenario, scenario.regimes[1]).receipt["regimes"] == ["reform"]


def test_what_a_parent_names_is_beside_the_parent(two_folders: Path) -> None:
    parent = sim.Scenario.load("netherlands").text_with(["vc_2019_08", "reform.toml"], None, None)
    written(two_folders / "project", parent=parent)
    written(two_folders / "project" / "below", child='extends = "../parent.toml"\n[inflow]\nscale = 0.01\n')
    written(two_folders / "project" / "below", reform=for_women())
    child = sim.Scenario.load("../project/below/child.toml")
    own = sim.Regime.load(two_folders / "project" / "reform.toml")
    assert sim.Regime.load(child.regimes[1]).hash() == own.hash()


def test_a_parent_is_not_looked_for_where_the_user_is(two_folders: Path) -> None:
    written(two_folders / "other", base=SCENARIO)
    child = written(two_folders / "project", child='extends = "base.toml"\n') / "child.toml"
    with pytest.raises(InputError, match="no such file"):
        scenario_tables(child)
    child.write_text('extends = "base"\n', encoding="utf-8")
    with pytest.raises(InputError, match="extends: no such scenario"):
        scenario_tables(child)


def test_a_missing_regime_is_told_where_it_is_named(two_folders: Path) -> None:
    os.remove("../project/reform.toml")
    with pytest.raises(InputError) as caught:
        sim.Scenario.load("../project/scenario.toml")
    assert (caught.value.file, caught.value.key) == ("../project/scenario.toml", "scenario.regimes")
    assert "no such file" in str(caught.value)


def test_what_is_given_in_a_call_begins_where_the_user_is(two_folders: Path) -> None:
    scenario = sim.Scenario.load("netherlands").replace(regimes=["vc_2018", Path("reform.toml")])
    assert scenario.regimes[1] == str(two_folders / "other" / "reform.toml")
    assert sim.Regime.load(Path("reform.toml")).hash() == sim.Regime.load(scenario.regimes[1]).hash()


def test_home_folder(two_folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(two_folders / "project"))
    assert scenario_file("~/scenario.toml") == two_folders / "project" / "scenario.toml"
    own = sim.Regime.load(two_folders / "project" / "reform.toml")
    assert sim.Regime.load("~/reform.toml+U1=ninety_days").name == "reform+U1=ninety_days"
    assert sim.Regime.load("~/reform.toml").hash() == own.hash()
    assert sim.Scenario.load("~/scenario.toml").replace(behaviour="~/mine.toml").own_behaviour is not None


@pytest.mark.parametrize("given", [3, None, ["netherlands"]])
def test_what_is_no_path_is_refused(given: object) -> None:
    with pytest.raises(InputError, match="not a scenario"):
        sim.Scenario.load(given)  # type: ignore[arg-type]
