"""What of a scenario has dates, by day: external events, programmes, and the capacity of each pool."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sim.engine.calendar import Calendar
from sim.scenarios.scenario import Scenario

Floats = NDArray[np.float64]


class Values(Protocol):
    """Parameters, or what looks like them."""

    def value(self, name: str) -> float:
        """Return a value by its name."""
        ...


def days_of_events(scenario: Scenario, calendar: Calendar) -> dict[str, NDArray[np.bool_]]:
    """Return on which days each external event goes on, by its name."""
    shocks: dict[str, NDArray[np.bool_]] = {}
    for event in scenario.document.shock:
        active = shocks.setdefault(event.name, np.zeros(calendar.days, bool))
        if event.on:
            first, last = (event.from_ - calendar.start).days, (event.until - calendar.start).days
            active[max(first, 0) : max(last + 1, 0)] = True
    return shocks


def apply_programmes(scenario: Scenario, capacities: dict[str, NDArray[np.float64]], parameters: Values) -> None:
    """Multiply the capacities on the days on which a programme runs."""
    for programme in scenario.document.programme:
        if not programme.on:
            continue
        first = max((programme.from_ - scenario.first_day).days, 0)
        last = None if programme.until is None else max((programme.until - scenario.first_day).days + 1, 0)
        for pool, ratio in programme.capacity_times.items():
            capacities[pool][first:last] *= parameters.value(ratio)


def capacity_by_day(
    scenario: Scenario, pool: str, name: str, parameters: Values, calendar: Calendar
) -> NDArray[np.float64]:
    """Return the capacity of a pool per day: the parameter ``name``, or the scenario's values on their days."""
    default = parameters.value(name)
    given = scenario.document.capacity.get(pool, default)
    if not isinstance(given, tuple):
        return np.full(calendar.days, float(given))
    capacity = np.full(calendar.days, default)
    for row in sorted(given, key=lambda row: row.from_):
        value = row.value if row.times is None else default * parameters.value(row.times)
        end = calendar.days if row.until is None else max((row.until - calendar.start).days + 1, 0)
        capacity[max((row.from_ - calendar.start).days, 0) : end] = value
    return capacity
