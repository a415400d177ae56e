"""How much of a start without people is left in what is measured, against a history that is five years longer."""

from __future__ import annotations

import datetime as dt

import numpy as np
from numpy.typing import NDArray

from sim.runs.single import Run, run
from sim.scenarios.scenario import Scenario
from verification.report import table

Values = NDArray[np.float64]
REGIME = "historical"
REPLICATES = 6
YEARS_EARLIER = 5
MOST_BIAS = 3.0
"""Percent that a bias may be."""
YEARS = (2017, 2018, 2019, 2020)
FEWEST = 1.0
"""Cases on a mean day that a queue must have to be compared."""
FEWEST_ELSE = 50.0
"""Size that any other measure must have."""
ELSE = "else "
OF_POOLS = ("queue_", "wait_", "utilisation_")


def shown(scenario: Scenario, replicates: int = REPLICATES) -> dict[str, Values]:
    """Return requests and registrations by year and in all, mean queues, and all else, in each of some replicates."""
    found = [_of(run(scenario, REGIME, replicate=k)) for k in range(replicates)]
    return {name: np.array([values[name] for values in found]) for name in found[0]}


def _of(result: Run) -> dict[str, float]:
    moves = result.transitions
    asked: NDArray[np.int64] = moves.loc[moves["to"] == "b8.wish_to_report", "date"].dt.year.to_numpy()
    measured = result.measures[result.measures["group"] == "all"].set_index(["measure", "world"])["value"]
    values = {f"requests {year}": float((asked == year).sum()) for year in YEARS}
    values["requests"] = float(np.isin(asked, YEARS).sum())
    values |= {f"registrations {year}": float(measured[f"registrations_{year}", "recorded"]) for year in YEARS}
    values["registrations"] = float(measured["registrations", "recorded"])
    pools = [name for name, _ in measured.index if name.startswith("queue_")]
    values |= {name.replace("queue_", "queue "): float(measured[name, "simulated"]) for name in pools}
    others = [name for name, world in measured.index if world == "simulated" and not name.startswith(OF_POOLS)]
    return values | {ELSE + name: float(measured[name, "simulated"]) for name in others}


def longer(scenario: Scenario) -> Scenario:
    """Return a scenario whose history begins five years earlier, that of first applicants too."""
    first, applicants = (day.replace(year=day.year - YEARS_EARLIER) for day in _begins(scenario))
    return scenario.replace(history_from=first, inflow={"applicants_from": applicants})


def _begins(scenario: Scenario) -> tuple[dt.date, dt.date]:
    """Return the first day of a history, and that of its first applicants."""
    first = scenario.first_day
    return first, max(first, scenario.document.inflow.applicants_from or first)


def section() -> str:
    """Measure the shipped scenario without a history, with its own, and with a longer one; return the section."""
    scenario = Scenario.load("netherlands").replace(start=dt.date(YEARS[0], 1, 1), end=dt.date(YEARS[-1], 12, 31))
    longest = longer(scenario)
    none, own, more = (shown(one) for one in (scenario.replace(history_from="start"), scenario, longest))
    rows = []
    for name in own:
        if more[name].mean() >= FEWEST and not name.startswith(ELSE):
            levels = [round(float(values[name].mean()), 1) for values in (none, own, more)]
            rows.append((name, *levels, *(_bias(values[name], more[name]) for values in (none, own))))
    above = [str(row[0]) for row in rows if abs(row[-1][0]) > MOST_BIAS]
    said = f"Above {MOST_BIAS:g}% are: {', '.join(above)}." if above else f"None is above {MOST_BIAS:g}%."
    said += f" Of all other measures of at least {FEWEST_ELSE:g}, above it are: {_others(own, more)}."
    head = ("", "no history", "its own", "longest", "no history, %", "its own, %")
    text = TEXT.format(replicates=REPLICATES, regime=REGIME, own=_said(scenario), longest=_said(longest), said=said)
    return text + table(head, [(*row[:4], *(f"{mean:+.1f} ± {error:.1f}" for mean, error in row[4:])) for row in rows])


def _others(own: dict[str, Values], more: dict[str, Values]) -> str:
    """Return the measures, beside those of the table, that differ by more than they may, each with its difference."""
    names = [name for name in own if name.startswith(ELSE) and more[name].mean() >= FEWEST_ELSE]
    found = {name.removeprefix(ELSE): _bias(own[name], more[name]) for name in names}
    above = [f"`{k}` {mean:+.1f}% ± {error:.1f}" for k, (mean, error) in found.items() if abs(mean) > MOST_BIAS]
    return ", ".join(above) or "none"


def _bias(values: Values, longest: Values) -> tuple[float, float]:
    """Return the mean difference from the longest history in percent, and its standard error over replicates."""
    percent = 100 * (values - longest) / longest.mean()
    return float(percent.mean()), float(percent.std(ddof=1) / np.sqrt(percent.size))


def _said(scenario: Scenario) -> str:
    first, applicants = _begins(scenario)
    return f"hidden victims from {first:%Y} on, applicants from {applicants:%Y} on"


TEXT = """What is left of a start without people: `netherlands` without its history, with its own ({own}), and
with one that begins five years earlier ({longest}), on the same people in the period; {replicates} replicates
under `{regime}`. Requests and registrations by year, and mean queues of 2017 to 2020 with at least one case on a mean
day. The last two columns are the differences from the longest history, with the standard error of the mean over
replicates. {said} A queue that forms because its pool is nearly full magnifies a small difference in who comes.
Nothing in the model empties the stock of people with a permit, so their days grow with each year of history, and no
new network takes the place of one that is known: read such levels beside each other under two rules, not alone
(decision 101).

"""
