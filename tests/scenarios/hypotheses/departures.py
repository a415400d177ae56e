"""Departures from reception as a register sees them, for the four explanations of why people leave (H10a to H10d).

Nothing here looks at the reason that the simulation knows: only at who leaves, and when.
"""

from __future__ import annotations

import functools

import numpy as np
import pandas as pd
from journeys import DECIDED, OLD, journeys, netherlands

from sim.scenarios.scenario import Scenario

FETCHED, BEFORE_TRANSFER, ONWARD, WAITING = (
    "leaving_fetched",
    "leaving_before_transfer",
    "leaving_onward",
    "leaving_waiting",
)
PERIOD = ("2017-07-01", "2020-02-29")
DAYS_PER_YEAR = 365.25
SLOW = {"ind.asylum": 4.0}
"""So few decisions on asylum each working day that a queue of many months builds up."""


@functools.cache
def under(preset: str | None) -> Scenario:
    """Return the Netherlands made small under a preset, or the plain one."""
    plain = netherlands(0.3, *PERIOD)
    return plain.under(preset) if preset else plain


@functools.cache
def stays(preset: str | None, slow: bool = False) -> pd.DataFrame:
    """Return one row for each applicant: the first stay in reception, traits, and what came before its end.

    A stay counts until a permit: who has one waits for a house and does not leave. Columns: ``days`` in reception,
    ``left`` (ended by leaving with unknown destination), ``dublin``, ``victim``, ``debt``, ``group``, ``reached`` (a
    trafficker could reach the person before its end), ``threatened`` and ``decided`` (days of it after the first
    threat, and after the transfer decision; 0: none). With ``slow`` few asylum applications are decided.
    """
    scenario = under(preset)
    run = journeys(scenario.replace(capacity=SLOW) if slow else scenario, OLD)
    entered = run.first("whereabouts.reception")
    there = run.people[run.people.asks_asylum & run.people.index.isin(entered.index)]
    entered = entered.reindex(there.index)
    end = pd.Timestamp(PERIOD[1])
    out = run.moves[run.moves["from"] == "whereabouts.reception"].groupby("person")["date"].first()
    permit = run.first("asylum.granted", "b8.permit").reindex(there.index)
    ends = pd.concat([out.reindex(there.index), permit], axis=1).min(axis=1).fillna(end).clip(lower=entered)

    def part(start: pd.Series) -> pd.Series:
        return (ends - start.reindex(there.index).clip(lower=entered)).dt.days.clip(lower=0).fillna(0)

    reached = run.first("control.in_reach").reindex(there.index)
    return pd.DataFrame(
        {
            "days": (ends - entered).dt.days,
            "left": run.first("whereabouts.left_unknown").reindex(there.index) == ends,
            "dublin": there.dublin_indicator,
            "victim": there.victim,
            "debt": there.debt,
            "group": there.group,
            "reached": (reached <= ends) & reached.notna(),
            "threatened": part(run.first("control.threatened")),
            "decided": part(run.first(*DECIDED)),
        }
    )


def rate(table: pd.DataFrame, first: float = 0, last: float = np.inf) -> float:
    """Return departures for each year of stay, between two days of the stay."""
    at_risk = (table.days.clip(upper=last) - first).clip(lower=0).sum() / DAYS_PER_YEAR
    return float((table.left & (table.days >= first) & (table.days < last)).sum() / at_risk)


def rates_around(table: pd.DataFrame, event: str) -> tuple[float, float]:
    """Return departures for each year of stay before and after an event: ``decided`` or ``threatened``."""
    after = table[event].sum() / DAYS_PER_YEAR
    before = table.days.sum() / DAYS_PER_YEAR - after
    late = table.left & (table[event] > 0)
    return float((table.left & ~late).sum() / before), float(late.sum() / after)
