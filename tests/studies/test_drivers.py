"""Drivers: every combination of them, and what a scenario is like under each."""

from __future__ import annotations

from pathlib import Path

from sim.studies.drivers import combinations_of, with_drivers
from sim.studies.study import Study
from verification.small_worlds import netherlands

SHIPPED = Study.load(Path(__file__).parents[2] / "experiments" / "attribution.toml").document.driver
DRIVERS = ("rule", "covid", "programmes", "inflow")


def test_combinations_are_all_sets_from_none_to_all() -> None:
    listed = combinations_of(DRIVERS)
    assert listed[0] == ()
    assert listed[-1] == DRIVERS
    assert len({frozenset(on) for on in listed}) == len(listed) == 16


def test_each_combination_switches_what_its_drivers_name() -> None:
    scenario = netherlands(0.02)
    nothing = scenario.replace(**with_drivers(SHIPPED, ()))
    assert not any(event.on for event in (*nothing.document.shock, *nothing.document.programme))
    assert nothing.document.inflow.level == "as_in_2018"
    everything = scenario.replace(**with_drivers(SHIPPED, tuple(SHIPPED)))
    assert all(event.on for event in (*everything.document.shock, *everything.document.programme))
    assert everything.document.inflow.level == "published"
    covid = scenario.replace(**with_drivers(SHIPPED, ("covid",)))
    assert [event.on for event in covid.document.shock] == [True] * 3
    assert not any(event.on for event in covid.document.programme)
    assert covid.document.inflow.scale == scenario.document.inflow.scale


def test_what_no_driver_speaks_of_stays_as_the_scenario_has_it() -> None:
    scenario = netherlands(0.02)
    only = {"inflow": SHIPPED["inflow"]}
    changed = scenario.replace(**with_drivers(only, ("inflow",)))
    assert changed.document.shock == scenario.document.shock
