"""How much of a start without people is left in what is measured, against a history that is five years longer."""

from __future__ import annotations

import datetime as dt

import numpy as np
from numpy.typing import NDArray

from sim.runs.single import Run, run
from sim.scenarios.scenario import Scenario
from verification.report import table

REGIME = "historical"
REPLICATES = 3
YEARS_EARLIER = 5
MOST_BIAS = 3.0
"""Percent that a bias may be."""
YEARS = (2017, 2018, 2019, 2020)
QUEUES = ("ind.asylum_track4", "ind.asylum_rest", "avim.report", "avim.intake", "om.triage", "om.assess")
"""Queues that are measured; those with fewer than ``FEWEST`` cases on a mean day are left out."""
FEWEST = 1.0


def shown(scenario: Scenario, replicates: int = REPLICATES) -> dict[str, float]:
    """Return requests and registrations by year and in all, and mean queues, over some replicates."""
    found = [_of(run(scenario, REGIME, replicate=k)) for k in range(replicates)]
    return {name: float(np.mean([values[name] for values in found])) for name in found[0]}


def _of(result: Run) -> dict[str, float]:
    moves = result.transitions
    asked: NDArray[np.int64] = moves.loc[moves["to"] == "b8.wish_to_report", "date"].dt.year.to_numpy()
    measured = result.measures[result.measures["group"] == "all"].set_index(["measure", "world"])["value"]
    values = {f"requests {year}": float((asked == year).sum()) for year in YEARS}
    values["requests"] = float(np.isin(asked, YEARS).sum())
    values |= {f"registrations {year}": float(measured[f"registrations_{year}", "recorded"]) for year in YEARS}
    values["registrations"] = float(measured["registrations", "recorded"])
    pools = [name for name, _ in measured.index if name.startswith("queue_")]
    return values | {name.replace("queue_", "queue "): float(measured[name, "simulated"]) for name in pools}


def longer(scenario: Scenario) -> Scenario:
    """Return a scenario whose history begins five years earlier."""
    first = scenario.first_day
    return scenario.replace(history_from=first.replace(year=first.year - YEARS_EARLIER))


def biases(scenario: Scenario, replicates: int = REPLICATES) -> dict[str, tuple[float, float, float]]:
    """Return what is measured, what it is with a longer history, and the difference in percent of that."""
    period = scenario.replace(start=dt.date(YEARS[0], 1, 1), end=dt.date(YEARS[-1], 12, 31))
    here, there = shown(period, replicates), shown(longer(period), replicates)
    return {
        name: (here[name], there[name], 100 * (here[name] / there[name] - 1))
        for name in here
        if there[name] >= FEWEST
    }
