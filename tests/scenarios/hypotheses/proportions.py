"""The Netherlands made small in proportion, so that desks are as busy and networks as large as in the whole."""

from __future__ import annotations

import datetime as dt
from functools import cache

import sim
from sim.agents.behaviour import Authorities
from sim.procedures.traits import GROUPS
from sim.runs.single import Run
from sim.scenarios.scenario import Scenario


@cache
def proportional(
    scale: float, start: dt.date = dt.date(2018, 1, 1), end: dt.date = dt.date(2020, 12, 31), desks: float = 1.0
) -> Scenario:
    """Return the shipped scenario with people, capacities and networks in proportion.

    Parameters
    ----------
    scale
        Share of the people, of the cells of traffickers, and of the capacities.
    start, end
        Period.
    desks
        Ratio of the capacity of the desk that takes reports to the one in proportion.
    """
    whole = Scenario.load("netherlands").replace(history_from="start")
    values = whole.parameter_values()
    capacity = {name: scale * values.value(pool.capacity) for name, pool in Authorities.load().pool.items()}
    capacity["avim.report"] *= desks
    counts = {f"network.count_{group}": scale * values.value(f"network.count_{group}") for group in GROUPS}
    return whole.replace(start=start, end=end, inflow={"scale": scale}, capacity=capacity, parameters=counts)


def with_many_victims(scenario: Scenario) -> Scenario:
    """Return a scenario with twice the victims and twice the networks: more of what is rare, at the cost of a run."""
    values = scenario.parameter_values()
    names = [f"inflow.victim_share_{group}" for group in GROUPS] + ["inflow.hidden_victims_per_year"]
    doubled = {name: min(2 * values.value(name), values.passport(name).high) for name in names}
    doubled |= {name: 2 * values.value(name) for name in (f"network.count_{group}" for group in GROUPS)}
    capacity = {name: 2 * value for name, value in scenario.document.capacity.items() if isinstance(value, float)}
    return scenario.replace(parameters=doubled, capacity=capacity)


@cache
def run(scenario: Scenario, regime: str, replicate: int = 0, throughout: bool = False) -> Run:
    """Run a scenario once; runs are kept."""
    return sim.run(scenario, regime, seed=1, replicate=replicate, throughout=throughout)


def value(of: Run, measure: str, group: str = "all") -> float:
    """Return a measure of a run."""
    table = of.measures
    row = table[(table.measure == measure) & (table.group == group) & (table.world == "simulated")]
    return float(row["value"].iloc[0])


QUICK_JUSTICE = {
    "om.assessment_days": 45,
    "network.investigation_days": 150,
    "network.prosecution_days": 150,
    "network.trial_days": 90,
}
"""Within the ranges: a case comes to its end within the period of a test."""


@cache
def _values(scenario: Scenario, regime: str, replicate: int) -> dict[tuple[str, str], float]:
    """Return the measures of a run in which the regime holds throughout, without keeping the run."""
    table = sim.run(scenario, regime, seed=1, replicate=replicate, throughout=True).measures
    table = table[table.world == "simulated"]
    return dict(zip(zip(table.measure, table.group, strict=True), table["value"], strict=True))


def total(scenario: Scenario, regime: str, measure: str, group: str = "all", replicates: int = 3) -> float:
    """Return the sum of a measure over replicates in which the regime holds from the first day on."""
    return sum(_values(scenario, regime, k)[measure, group] for k in range(replicates))
