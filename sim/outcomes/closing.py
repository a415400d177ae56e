"""Values from sums: shares, restricted means and the curves of exits; compiled.

A person can leave in several ways, and one exit precludes the others: the incidence is that of Aalen and Johansen
(1978), Scandinavian Journal of Statistics 5, 141-150, as in ``sim.outcomes.incidence``. Within a day exits come before
the end of follow-up.
"""

from __future__ import annotations

import math

from sim.engine.compiled import compiled, int64
from sim.outcomes import tally
from sim.outcomes.tally import Tally


@compiled
def close_sums(a: Tally) -> None:
    """Replace the sums by the values of the measures, and draw the curves."""
    for measure in range(int64(a.measure.shape[0])):
        kind = int64(a.measure[measure, tally.OF_KIND])
        for group in range(int64(a.top.shape[1])):
            if kind == tally.KIND_NONE:
                a.top[measure, group] = math.nan
            elif kind == tally.KIND_RESTRICTED:
                a.top[measure, group] = restricted_mean(a, measure, group)
            elif kind == tally.KIND_NETWORKS:
                if a.below[measure, group] == 0.0:
                    a.top[measure, group] = math.nan
            elif kind > tally.KIND_DAYS:
                divide(a, measure, group)
    undefine_years(a)
    if int64(a.grid.shape[0]) > 0:
        for group in range(int64(a.top.shape[1])):
            draw_curves(a, group)


@compiled
def divide(a: Tally, measure: int, group: int) -> None:
    """Replace the sum of a share by its value; NaN for a share of nobody."""
    if a.below[measure, group] > 0.0:
        a.top[measure, group] = a.top[measure, group] / a.below[measure, group]
    else:
        a.top[measure, group] = math.nan


@compiled
def undefine_years(a: Tally) -> None:
    """Undefine the measures of years outside the period."""
    for year in range(int64(a.in_period.shape[0])):
        if not a.in_period[year]:
            for group in range(int64(a.top.shape[1])):
                a.top[int64(a.row[tally.REGISTERED_IN]) + year, group] = math.nan
                a.top[int64(a.row[tally.VICTIMS_REGISTERED]) + 1 + year, group] = math.nan
                a.top[int64(a.row[tally.SIGNALLED_IN]) + year, group] = math.nan
                a.top[int64(a.row[tally.CAME]) + 1 + year, group] = math.nan


@compiled
def restricted_mean(a: Tally, measure: int, group: int) -> float:
    """Return the mean days of spells up to a horizon by Kaplan and Meier: the area under the survival curve.

    NaN without spells, or without follow-up to the horizon.
    """
    table = int64(a.measure[measure, tally.OF_TABLE]) * int64(a.top.shape[1]) + group
    ended, censored = 2 * table + tally.ENDED, 2 * table + tally.CENSORED
    at_risk = int64(0)
    for day in range(int64(a.leaving.shape[1])):
        at_risk += int64(a.leaving[ended, day]) + int64(a.leaving[censored, day])
    if at_risk == 0:
        return math.nan
    area, gone, remaining = 0.0, 0.0, 1.0
    for day in range(int64(a.measure[measure, tally.OF_HORIZON])):
        if at_risk > 0:
            events = float(a.leaving[ended, day])
            gone += remaining * events / float(at_risk)
            remaining *= 1.0 - events / float(at_risk)
            at_risk -= int64(a.leaving[ended, day]) + int64(a.leaving[censored, day])
        elif remaining > 0.0:
            return math.nan
        area += 1.0 - gone
    return area


@compiled
def draw_curves(a: Tally, group: int) -> None:
    """Write the cumulative incidence of each exit in a group on the days of the grid."""
    causes = int64(a.exit_start.shape[0]) - 1
    last = last_day_of(a, group * (causes + 1), causes)
    for cause in range(causes):
        draw_curve(a, group, cause, last)


@compiled
def draw_curve(a: Tally, group: int, cause: int, last: int) -> None:
    """Write the cumulative incidence of one exit; NaN for an empty group, and past everybody's follow-up."""
    causes = int64(a.exit_start.shape[0]) - 1
    first, at_risk = group * (causes + 1), int64(0)
    for other in range(causes + 1):
        for day in range(last + 1):
            at_risk += int64(a.gone[first + other, day])
    line = group * causes + cause
    incidence, remaining, point, day = 0.0, 1.0, int64(0), int64(0)
    while point < int64(a.grid.shape[0]):
        if day > int64(a.grid[point]):
            followed = last >= 0 and (int64(a.grid[point]) <= last or remaining <= 0.0)
            a.curve[line, point] = incidence if followed else math.nan
            point += 1
        else:
            if at_risk > 0:
                events = int64(0)
                left = int64(a.gone[first, day])
                for other in range(1, causes + 1):
                    events += int64(a.gone[first + other, day])
                incidence += remaining * float(a.gone[first + 1 + cause, day]) / float(at_risk)
                remaining *= 1.0 - float(events) / float(at_risk)
                at_risk -= events + left
            day += 1


@compiled
def last_day_of(a: Tally, first: int, causes: int) -> int:
    """Return the last day on which anyone of a group leaves or is followed; -1: nobody is in it."""
    for back in range(int64(a.gone.shape[1])):
        day = int64(a.gone.shape[1]) - 1 - back
        for other in range(causes + 1):
            if a.gone[first + other, day]:
                return day
    return -1
