"""H3: registrations move without a matching change of what is registered."""

from __future__ import annotations

import datetime as dt
from functools import cache

import pandas as pd

import sim
from sim.outcomes.recorded import NOTIFIERS, RATIOS
from sim.runs.single import Run
from sim.scenarios.scenario import Scenario
from verification.small_worlds import netherlands

PLAIN = netherlands(0.3, end=dt.date(2020, 12, 31))
STEADY = dict.fromkeys((name for name, *_ in RATIOS), 1.0)
"""The rival: notifiers pass on the same share every year."""


def under(hypothesis: bool) -> Scenario:
    return PLAIN.under("H3") if hypothesis else PLAIN.replace(parameters=STEADY)


@cache
def run(hypothesis: bool) -> Run:
    return sim.run(under(hypothesis), "vc_2018", seed=4)


def growth(of: Run, measure: str, group: str = "all") -> float:
    """How many times the value of 2018 that of 2019 is."""
    table = of.measures[of.measures.world == "recorded"].set_index(["measure", "group"])["value"]
    return float(table[f"{measure}_2019", group] / table[f"{measure}_2018", group])


def threats(of: Run) -> float:
    """How many times the number of threats of 2018 that of 2019 is, by the log."""
    year = of.transitions[of.transitions["to"] == "control.threatened"].date.dt.year.value_counts()
    return float(year[2019] / year[2018])


def test_registrations_outgrow_signals_and_threats() -> None:
    on = run(True)
    assert growth(on, "registrations") > 2 * growth(on, "signalled")
    assert growth(on, "registrations") > 1.6 * threats(on)
    for group in ("NGA", "other", "women", "dublin"):
        assert growth(on, "registrations", group) > 1.5 * growth(on, "signalled", group), group


def test_with_steady_recording_registrations_follow_signals() -> None:
    off = run(False)
    assert 0.8 < growth(off, "registrations") / growth(off, "signalled") < 1.25
    assert growth(off, "registrations") < 1.2 * threats(off)


def test_nothing_but_the_registers_changes() -> None:
    """The same people with the same moves: only the measures of registrations differ."""
    pd.testing.assert_frame_equal(run(True).transitions, run(False).transitions)
    on, off = (
        of.measures[of.measures.group == "all"].set_index(["measure", "world"])["value"]
        for of in map(run, (True, False))
    )
    changed = {measure for measure, world in on.index[(on != off) & ~(on.isna() & off.isna())]}
    moved = {notifier for _, notifiers, *_ in RATIOS for notifier in notifiers}
    assert {n for n in NOTIFIERS if f"registrations_{n}" in changed} == moved
    assert all(measure.startswith("registrations") for measure in changed)


def test_the_share_registered_is_low_in_2018_and_high_from_2019() -> None:
    table = run(True).measures.query("world == 'recorded' and group == 'all'").set_index("measure")["value"]
    share = {year: table[f"registrations_{year}"] / table[f"signalled_{year}"] for year in (2017, 2018, 2019, 2020)}
    assert share[2018] < 0.8 * share[2017]
    assert share[2019] > 1.8 * share[2018]
    assert share[2020] > 1.4 * share[2018]
