"""Capacities, events and programmes by day, also of a history (`sim.runs.dated`)."""

from __future__ import annotations

import datetime as dt

import pytest

import sim
from sim.engine.calendar import Calendar
from sim.runs.dated import apply_programmes, capacity_by_day, days_of_events
from sim.runs.world import make_world
from verification.small_worlds import netherlands

FIRST = dt.date(2014, 1, 1)
ROWS = [
    {"from": dt.date(2012, 1, 1), "value": 5.0},
    {"from": dt.date(2015, 1, 1), "times": "ind.asylum_ratio_2018"},
    {"from": dt.date(2018, 7, 1), "value": 7.0},
    {"from": dt.date(2029, 1, 1), "value": 9.0},
]
SCENARIO = netherlands(0.02).replace(
    history_from=FIRST, capacity={"ind.asylum": ROWS}, programmes=["national_approach"]
)
PARAMETERS = SCENARIO.parameter_values()
CALENDAR = Calendar(FIRST, SCENARIO.end)


def test_a_capacity_holds_from_its_day_also_before_the_first_one() -> None:
    by_day = capacity_by_day(SCENARIO, "ind.asylum", "ind.asylum_cases_per_working_day", PARAMETERS, CALENDAR)
    ratio = PARAMETERS.value("ind.asylum_ratio_2018") * PARAMETERS.value("ind.asylum_cases_per_working_day")
    for day, expected in (
        (FIRST, 5.0), (dt.date(2014, 12, 31), 5.0), (dt.date(2015, 1, 1), ratio), (dt.date(2018, 6, 30), ratio),
        (dt.date(2018, 7, 1), 7.0), (SCENARIO.end, 7.0),
    ):  # fmt: skip
        assert by_day[CALENDAR.day_of(day)] == expected, day
    other = capacity_by_day(SCENARIO, "ind.b8", "ind.b8_decisions_per_working_day", PARAMETERS, CALENDAR)
    assert set(other) == {PARAMETERS.value("ind.b8_decisions_per_working_day")}
    world = make_world(SCENARIO, sim.Regime.load("vc_2018"))
    pool = world.catalogue.pools.index("ind.asylum")
    assert world.capacity(pool, CALENDAR.day_of(dt.date(2016, 1, 4))) == pytest.approx(ratio)


def test_a_capacity_with_a_last_day_ends_after_it() -> None:
    """After the last day holds what goes on from before, or else the parameter."""
    stop = {"from": dt.date(2016, 1, 1), "until": dt.date(2016, 3, 31), "value": 1.0}
    usual = PARAMETERS.value("ind.asylum_cases_per_working_day")
    for rows, after in (([stop], usual), ([*ROWS[:2], stop], PARAMETERS.value("ind.asylum_ratio_2018") * usual)):
        scenario = SCENARIO.replace(capacity={"ind.asylum": rows})
        by_day = capacity_by_day(scenario, "ind.asylum", "ind.asylum_cases_per_working_day", PARAMETERS, CALENDAR)
        shown = [by_day[CALENDAR.day_of(dt.date(2016, *day))] for day in ((1, 1), (3, 31), (4, 1))]
        assert shown == [1.0, 1.0, after]
        assert by_day[CALENDAR.day_of(dt.date(2015, 12, 31))] == after


def test_events_and_programmes_have_their_days() -> None:
    stopped = days_of_events(SCENARIO, CALENDAR)["transfers_stopped"]
    days = stopped.nonzero()[0]
    assert [CALENDAR.date_of(int(day)) for day in (days[0], days[-1])] == [dt.date(2020, 3, 15), dt.date(2020, 6, 30)]
    pool = {
        "avim.report": capacity_by_day(SCENARIO, "avim.report", "avim.reports_per_working_day", PARAMETERS, CALENDAR)
    }
    usual = pool["avim.report"][0]
    apply_programmes(SCENARIO, pool, PARAMETERS)
    ratio = PARAMETERS.value("national_approach.reports_ratio")
    assert pool["avim.report"][CALENDAR.day_of(dt.date(2019, 6, 14))] == usual
    assert pool["avim.report"][CALENDAR.day_of(dt.date(2019, 6, 15))] == usual * ratio


def test_the_ratio_of_a_year_changes_the_queue() -> None:
    """More staff in the years before leave fewer people in the queue of the period."""
    base = sim.Scenario.load("netherlands").replace(
        history_from=2015, end="2017-12-31", inflow={"scale": 0.05, "capacities": "in_proportion"}
    )
    queues = []
    for ratio in (1.5, 3.0):
        run = sim.run(base.replace(parameters={"ind.asylum_ratio_2016": ratio}), "vc_2018", seed=1)
        queues.append(run.measures.query("measure == 'queue_ind.asylum' and group == 'all'")["value"].iloc[0])
    assert queues[1] < 0.8 * queues[0]
