"""The second world: what the registers would show of what happened.

A contact between a possible victim and a notifier becomes a CoMensha notification with a probability that depends on
the notifier and the year (in 2018 care organisations and others notified less, when privacy law changed). Several can
notify one person, whom the register counts once, save for duplicates that it does not recognise. A register sees that
somebody is gone, not why.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.agents.population import Population
from sim.engine.columns import NEVER
from sim.engine.draws import name_key, uniforms
from sim.evidence.parameters import Parameters
from sim.outcomes.history import History

NOTIFIERS: Final = ("police", "care", "inspectorate", "border_police", "others")
YEARS: Final = (2017, 2018, 2019, 2020, 2021)
VICTIMS: Final = {
    "registrations_victims": "True victims who came",
    **{f"registrations_victims_{y}": f"True victims who came in {y}" for y in YEARS},
}
RECORDED: Final = {
    "registrations": ("persons", "Registered at CoMensha as a possible victim"),
    **{
        f"registrations_{n}": ("persons", f"Registered at CoMensha, notified by: {n.replace('_', ' ')}")
        for n in NOTIFIERS
    },
    "registrations_twice": ("persons", "Counted twice at CoMensha: notified again and taken for another person"),
    **{f"registrations_{y}": ("persons", f"Registered at CoMensha in {y}") for y in YEARS},
    **{name: ("persons", f"{title}, registered at CoMensha by the last day") for name, title in VICTIMS.items()},
    **{f"signalled_{y}": ("persons", f"Signals passed to the police in {y}") for y in YEARS},
    "left_unknown": ("persons", "Recorded as left with unknown destination, whatever the reason"),
}
"""Measures of the recorded world: name -> (unit, title)."""
TRUE_COUNTERPARTS: Final = {name: ("persons", title) for name, title in VICTIMS.items()}
"""What the registers would show of victims if they showed all of them: name -> (unit, title), as simulated."""
STEPS: Final = ("b8.signalled", "b8.intake", "whereabouts.left_unknown")
"""Steps that the history must keep."""


def recorded_values(
    history: History, population: Population, parameters: Parameters, year_of_day: NDArray[np.int64]
) -> list[NDArray[Any]]:
    """Return one vector over persons for each measure in ``RECORDED``.

    Parameters
    ----------
    year_of_day
        Calendar year of each day of the scenario.
    """
    size = population.entities.persons
    keys = population.entities.key[:size]
    signalled, intake = history.first("b8.signalled")[:size], history.first("b8.intake")[:size]
    day = _notification_days(keys, signalled, intake, parameters, year_of_day)
    first = day.min(axis=0)
    registered = first < NEVER
    # One who is notified twice is one person in the register, unless the second notification is not recognised.
    second = np.where(np.arange(len(NOTIFIERS))[:, None] == day.argmin(axis=0), NEVER, day).min(axis=0)
    kept = uniforms(keys, name_key("taken for another person"), 0) < parameters.value("recording.duplicates_kept")
    twice = kept & (second < NEVER)
    year, second_year = _year(first, year_of_day), _year(second, year_of_day)
    vectors: list[NDArray[Any]] = [registered + twice.astype(np.float64), *(day < NEVER), twice]
    vectors += [(registered & (year == y)) + (twice & (second_year == y)).astype(np.float64) for y in YEARS]
    vectors += [came & registered for came in true_counterparts(population, year_of_day)]
    signal_year = _year(signalled, year_of_day)
    vectors += [signal_year == y for y in YEARS]
    vectors.append(history.entered("whereabouts.left_unknown")[:size])
    return vectors


def _notification_days(
    keys: NDArray[np.uint64],
    signalled: NDArray[np.int16],
    intake: NDArray[np.int16],
    parameters: Parameters,
    year_of_day: NDArray[np.int64],
) -> NDArray[np.int16]:
    """Return the day on which each notifier notified each person, ``[notifiers, persons]``; NEVER: did not.

    The police notify at the intake; whoever else came across the person (it may be the police too) at the signal.
    """
    day = np.full((len(NOTIFIERS), keys.size), NEVER, np.int16)
    other = _other_notifier(keys, parameters)
    u = uniforms(keys, name_key("recorded by another notifier"), 0)
    signal_year = _year(signalled, year_of_day)
    for i, name in enumerate(NOTIFIERS):
        hit = (other == i) & (u < _chance(name, signal_year, parameters))
        day[i, hit] = signalled[hit]
    at_intake = uniforms(keys, name_key("recorded by police"), 0) < _chance(
        "police", _year(intake, year_of_day), parameters
    )
    day[0, at_intake] = np.minimum(day[0], intake)[at_intake]
    return day


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
