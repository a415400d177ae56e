"""The capacities of the shipped scenario that have days: each moves its pool, then and not at other times."""

from __future__ import annotations

import datetime as dt

import pytest

import sim
from sim.evidence.observed import numeric_values, observed
from sim.evidence.parameters import Parameters
from sim.runs.world import make_world
from verification.small_worlds import netherlands

SPRING, AUTUMN = (dt.date(2018, 1, 1), dt.date(2018, 12, 31)), (dt.date(2020, 4, 1), dt.date(2020, 12, 31))
EARLY, LATER = (dt.date(2014, 1, 1), dt.date(2016, 12, 31)), (dt.date(2017, 1, 1), dt.date(2018, 12, 31))
MANY_SUSPECTS = {"lead.base": 3.0, "network.opens_base": 5.0, "network.suspect_base": 5.0}
"""In a small country few cases come to court."""
NEUTRAL = {
    "avim.reports_ratio_before_2019": ("avim.report", SPRING),
    "avim.reports_ratio_2020": ("avim.report", AUTUMN),
    "om.necessity_tests_ratio_2020": ("om.triage", AUTUMN),
    "om.assessments_ratio_before_2019": ("om.assessment", SPRING),
    "om.assessments_ratio_2020": ("om.assessment", AUTUMN),
    "ind.b8_ratio_before_2019": ("ind.b8", SPRING),
    "ind.b8_ratio_2020": ("ind.b8", AUTUMN),
}
"""Parameter to pool, and a period in which it holds: of these no number is published by year."""
PUBLISHED = {
    "om.prosecutions_ratio_2014": ("om.prosecution", EARLY),
    "om.prosecutions_ratio_2017": ("om.prosecution", LATER),
}


def used(pool: str, period: tuple[dt.date, dt.date], **ratio: float) -> float:
    """Return the share of a pool's capacity that was used in a period."""
    scenario = netherlands(0.1).replace(start=period[0], end=period[1], parameters={**MANY_SUSPECTS, **ratio})
    measured = sim.run(scenario, "vc_2019_08", seed=5, throughout=True).measures
    return float(
        measured.query("measure == @name and group == 'all'", local_dict={"name": f"utilisation_{pool}"})["value"].iloc[
            0
        ]
    )


@pytest.mark.parametrize("name", [*NEUTRAL, *PUBLISHED])
def test_half_the_capacity_is_used_more(name: str) -> None:
    pool, period = {**NEUTRAL, **PUBLISHED}[name]
    value = Parameters.load().value(name)
    usual, half = used(pool, period), used(pool, period, **{name: value / 2})
    assert 0 < usual < 0.98
    assert half >= min(1.5 * usual, 0.98)


@pytest.mark.parametrize("name", NEUTRAL)
def test_what_is_not_published_is_neutral_and_says_so(name: str) -> None:
    passport = Parameters.load().passport(name)
    assert (passport.value, passport.grade) == (1, "assumption")
    assert passport.low < passport.high
    assert "not published" in passport.note or "published; " in passport.note


def transferred(**ratio: float) -> tuple[int, int, int]:
    """Count transfers from July to 13 September of 2019 and of 2020, and in the first three days of July 2020."""
    scenario = netherlands(0.3, end=dt.date(2020, 9, 13)).replace(
        start=dt.date(2018, 1, 1), inflow={"capacities": "in_proportion"}, parameters=ratio
    )
    moves = sim.run(scenario, "historical", seed=4).transitions
    days = moves.query("to == 'dublin.transferred'")["date"]
    summers = [(f"{year}-07-01", f"{year}-09-13") for year in (2019, 2020)]
    return *(int(days.between(*days_of).sum()) for days_of in summers), int(
        days.between("2020-07-01", "2020-07-03").sum()
    )


def test_transfers_recover_slowly_after_the_stop_as_published() -> None:
    """280 in the summer of 2020 after 480 in that of 2019; with the capacity of before, more than in 2019."""
    published = numeric_values(observed("dublin_transfers_covid"))
    before, after, at_once = transferred()
    assert after / before == pytest.approx(published.iloc[1] / published.iloc[0], abs=0.2)
    usual = {name: 1.0 for name in Parameters.load() if name.startswith("dtv.transfers_ratio_")}
    as_before, without, burst = transferred(**usual)
    assert as_before == before
    assert without > 1.5 * after
    assert burst > 1.5 * at_once


@pytest.mark.parametrize("name", ["dtv.transfers_ratio_stop_2020", "dtv.transfers_ratio_2020_07"])
def test_each_part_of_the_recovery_counts(name: str) -> None:
    assert transferred(**{name: 1.0})[1] > transferred()[1]


@pytest.mark.parametrize(
    ("name", "day", "eve"),
    [
        ("dtv.transfers_ratio_stop_2020", dt.date(2020, 3, 16), dt.date(2020, 3, 13)),
        ("dtv.transfers_ratio_2020_07", dt.date(2020, 7, 1), dt.date(2020, 6, 30)),
        ("dtv.transfers_ratio_2020_09", dt.date(2020, 9, 14), dt.date(2020, 9, 11)),
        ("dtv.transfers_ratio_2021", dt.date(2021, 6, 1), dt.date(2020, 12, 31)),
    ],
)
def test_a_ratio_of_transfers_has_its_days(name: str, day: dt.date, eve: dt.date) -> None:
    scenario = netherlands(0.02)
    capacity = []
    for value in (Parameters.load().value(name), 0.9):
        world = make_world(scenario.replace(parameters={name: value}), sim.Regime.load("vc_2018"))
        pool = world.catalogue.pools.index("dtv.transfer")
        capacity.append([world.capacity(pool, world.calendar.day_of(at)) for at in (eve, day)])
    assert capacity[0][0] == capacity[1][0]
    assert capacity[1][1] == pytest.approx(0.9 * Parameters.load().value("dtv.transfers_per_working_day"))
    assert capacity[0][1] == pytest.approx(capacity[1][1] / 0.9 * Parameters.load().value(name))
