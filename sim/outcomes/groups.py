"""The groups by which results are split, and where each person stands at the end."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.agents.population import Population
from sim.engine.columns import NEVER, Catalogue
from sim.outcomes.history import History
from sim.procedures.traits import GROUPS as NATIONALITY_GROUPS

GROUPS: Final = (
    "all",
    "dublin",
    "non_dublin",
    *NATIONALITY_GROUPS,
    "women",
    "men",
    "minors",
    "exploited_nl",
    "exploited_eu",
    "exploited_outside",
    "victims",
    "dublin_victims",
)
"""Groups of persons. ``dublin``: registration points to another state. Groups of nationality stand for route."""
RULE_GROUPS: Final = ("rule_changed", "rule_unchanged")
"""Those for whom the text of a regime made a difference somewhere, and everybody else: direct effect and spill-over."""
CAUSES: Final = ("b8_permit", "asylum_granted", "transferred", "left_unknown", "departed")
"""Exits that compete."""
OUTCOMES: Final = (*CAUSES, "in_procedure")
"""Where a person stands at the end of the scenario."""

_EXIT_STEPS: Final = {
    "b8_permit": ("b8.permit", "b8.hardship_permit"),
    "asylum_granted": ("asylum.granted",),
    "transferred": ("dublin.transferred",),
    "left_unknown": ("whereabouts.left_unknown",),
    "departed": ("whereabouts.departed",),
}
EXIT_STEPS: Final = tuple(step for steps in _EXIT_STEPS.values() for step in steps)
"""Steps that the history must keep for exits."""

_STANDS: Final = {
    "asylum_granted": ("asylum.granted", "asylum.status_holder", "asylum.housed"),
    "b8_permit": (
        "b8.permit",
        "b8.permit_second_year",
        "b8.permit_third_year",
        "b8.hardship_permit",
        "b8.three_years_held",
        "b8.continued_stay_three_years",
        "b8.continued_stay",
        "b8.continued_stay_application",
    ),
    "transferred": (
        "whereabouts.abroad_after_transfer",
        "whereabouts.abroad",
        "whereabouts.protected_abroad",
    ),
    "left_unknown": ("whereabouts.left_unknown", "whereabouts.gone_abroad"),
    "departed": ("whereabouts.departed",),
}


def members(population: Population, arrived: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return who belongs to which group, ``bool[groups, persons]``; those who never arrive belong to none."""
    flag = population.flag
    dublin = flag("dublin_indicator")
    rows = {
        "all": np.ones(dublin.size, bool),
        "dublin": dublin,
        "non_dublin": ~dublin,
        "men": ~flag("women"),
        "minors": flag("minor"),
        "victims": flag("victim"),
        "dublin_victims": flag("victim") & dublin,
    }
    return np.stack([(rows[name] if name in rows else flag(name)) & arrived for name in GROUPS])


def exits(history: History, arrival: NDArray[np.int16], end_day: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return (days from arrival to the first exit or the end, cause: 0 for none, else position in ``CAUSES`` + 1)."""
    persons = arrival.size
    first = np.stack([history.first(*_EXIT_STEPS[cause])[:persons] for cause in CAUSES])
    soonest = first.argmin(axis=0)
    day = first.min(axis=0)
    left = day <= end_day
    time = np.where(left, day, end_day).astype(np.int64) - arrival
    return np.maximum(time, 0), np.where(left, soonest + 1, 0).astype(np.int64)


def stands(history: History, catalogue: Catalogue, persons: int) -> NDArray[np.int64]:
    """Return where each person stands at the end: position in ``OUTCOMES``."""
    out = np.full(persons, OUTCOMES.index("in_procedure"), np.int64)
    for outcome, steps in reversed(_STANDS.items()):
        numbers = [catalogue.step(step) for step in steps if step in catalogue.steps]
        there = np.isin(history.last_state[:persons], numbers).any(axis=1)
        out[there] = OUTCOMES.index(outcome)
    return out


def arrived(population: Population, end_day: int) -> NDArray[np.bool_]:
    """Return who arrives within the scenario, ``bool[persons]``."""
    arrival = population.entities.arrival[: population.entities.persons]
    return (arrival < NEVER) & (arrival <= end_day)
