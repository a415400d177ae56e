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
FEWEST = 1.0
"""Cases on a mean day that a queue must have to be compared."""


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


def section() -> str:
    """Measure the shipped scenario without a history, with its own, and with a longer one; return the section."""
    scenario = Scenario.load("netherlands").replace(start=dt.date(YEARS[0], 1, 1), end=dt.date(YEARS[-1], 12, 31))
    none, own, more = (shown(one) for one in (scenario.replace(history_from="start"), scenario, longer(scenario)))
    rows = [
        (name, round(none[name], 1), round(own[name], 1), round(more[name], 1), *_percent(none, own, more, name))
        for name in own
        if more[name] >= FEWEST
    ]
    first, further = scenario.first_day, longer(scenario).first_day
    above = [str(row[0]) for row in rows if abs(float(row[-1])) > MOST_BIAS]
    said = f"Above {MOST_BIAS:g}% are: {', '.join(above)}." if above else f"None is above {MOST_BIAS:g}%."
    head = ("", "no history", f"from {first:%Y}", f"from {further:%Y}", "no history, %", f"from {first:%Y}, %")
    return TEXT.format(replicates=REPLICATES, regime=REGIME, first=first, further=further, said=said) + table(
        head, [(*row[:4], f"{row[4]:+.1f}", f"{row[5]:+.1f}") for row in rows]
    )


def _percent(none: dict[str, float], own: dict[str, float], more: dict[str, float], name: str) -> tuple[float, float]:
    return 100 * (none[name] / more[name] - 1), 100 * (own[name] / more[name] - 1)


TEXT = """What is left of a start without people: `netherlands` without its history, with it ({first}), and
with one that begins five years earlier ({further}), on the same people in the period; mean of {replicates} replicates
under `{regime}`. Requests and registrations by year, and mean queues of 2017 to 2020 with at least one case on a mean
day. The last two columns are the differences from the longest history. {said} A queue that forms because its pool is
nearly full magnifies a small difference in who comes.

"""
