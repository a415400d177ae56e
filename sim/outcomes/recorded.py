"""The second world: what the registers would show of what happened.

A contact between a possible victim and a notifier becomes a CoMensha registration with a probability that depends on
the notifier and the year (in 2018 care organisations notified less, when privacy law changed). A register sees that
somebody is gone, not why.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.agents.population import Population
from sim.engine.draws import name_key, uniforms
from sim.engine.tables import NEVER
from sim.evidence.parameters import Parameters
from sim.outcomes.history import History

NOTIFIERS: Final = ("police", "care", "inspectorate", "border_police")
YEARS: Final = (2017, 2018, 2019, 2020, 2021)
RECORDED: Final = {
    "registrations": ("persons", "Registered at CoMensha as a possible victim"),
    **{
        f"registrations_{n}": ("persons", f"Registered at CoMensha, notified by: {n.replace('_', ' ')}")
        for n in NOTIFIERS
    },
    **{f"registrations_{y}": ("persons", f"Registered at CoMensha in {y}") for y in YEARS},
    **{f"signalled_{y}": ("persons", f"Signals passed to the police in {y}") for y in YEARS},
    "left_unknown": ("persons", "Recorded as left with unknown destination, whatever the reason"),
}
"""Measures of the recorded world: name -> (unit, title)."""
TRUE_COUNTERPARTS: Final = {
    "registrations": ("persons", "True victims who came into the country"),
    **{f"registrations_{y}": ("persons", f"True victims who came into the country in {y}") for y in YEARS},
}
"""What the registers would show if they showed everybody: name -> (unit, title), in the true world."""
STEPS: Final = ("b8.signalled", "b8.intake", "whereabouts.left_unknown")
"""Steps that the history must keep."""


def recorded_values(
    history: History, population: Population, parameters: Parameters, year_of_day: NDArray[np.int64]
) -> list[NDArray[np.bool_]]:
    """Return one vector over persons for each measure in ``RECORDED``.

    Parameters
    ----------
    year_of_day
        Calendar year of each day of the scenario.
    """
    size = population.entities.persons
    keys = population.entities.key[:size]
    signalled, intake = history.first("b8.signalled")[:size], history.first("b8.intake")[:size]
    police_year = _year(intake, year_of_day)
    by_police = uniforms(keys, name_key("recorded by police"), 0) < _chance("police", police_year, parameters)
    notifier = np.where(by_police, 0, -1)
    other = _other_notifier(keys, parameters)
    signal_year = _year(signalled, year_of_day)
    u = uniforms(keys, name_key("recorded by another notifier"), 0)
    for i, name in enumerate(NOTIFIERS):
        hit = (notifier < 0) & (other == i) & (u < _chance(name, signal_year, parameters))
        notifier = np.where(hit, i, notifier)
    registered = notifier >= 0
    year = np.where(by_police, police_year, signal_year)
    vectors = [registered, *(notifier == i for i in range(len(NOTIFIERS)))]
    vectors += [registered & (year == y) for y in YEARS]
    vectors += [signal_year == y for y in YEARS]
    vectors.append(history.entered("whereabouts.left_unknown")[:size])
    return vectors


def true_counterparts(population: Population, year_of_day: NDArray[np.int64]) -> list[NDArray[np.bool_]]:
    """Return one vector over persons for each measure in ``TRUE_COUNTERPARTS``."""
    victim = population.flag("victim")
    year = _year(population.entities.arrival[: victim.size], year_of_day)
    return [victim & (year > 0), *(victim & (year == y) for y in YEARS)]


def _year(day: NDArray[np.int16], year_of_day: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the year of a day; 0 for never."""
    return np.where(day < NEVER, year_of_day[np.minimum(day, year_of_day.size - 1)], 0)


def _chance(notifier: str, year: NDArray[np.int64], parameters: Parameters) -> NDArray[np.float64]:
    """Return the probability that a contact of a notifier in a year is registered; years outside take the nearest."""
    by_year = np.array([parameters.value(f"recording.{notifier}_{y}") for y in YEARS])
    index = np.clip(year - YEARS[0], 0, len(YEARS) - 1)
    return np.where(year > 0, by_year[index], 0.0)


def _other_notifier(keys: NDArray[np.uint64], parameters: Parameters) -> NDArray[np.int64]:
    """Draw who, apart from the police intake, comes across a possible victim."""
    shares = [parameters.value(f"recording.notifier_share_{name}") for name in NOTIFIERS]
    bounds = np.cumsum(shares) / sum(shares)
    return np.searchsorted(bounds, uniforms(keys, name_key("notifier"), 0)).clip(max=len(NOTIFIERS) - 1)
