"""Does what happens to one person show in those of the same centre and language? From the tables of a run alone."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.runs.single import Run
from sim.runs.world import people_of, population_of
from sim.scenarios.scenario import Scenario

TOGETHER = 100
"""Days between two arrivals up to which people are looked at as having come together."""


def circles_of(scenario: Scenario, seed: int, replicate: int) -> pd.DataFrame:
    """Reception site and language by the name of a person; the same whether or not people tell each other anything."""
    talking = scenario.replace(switches={"word_of_mouth": True})
    population = population_of(talking, people_of(talking), seed, replicate)
    contacts = population.contacts
    assert contacts is not None
    return pd.DataFrame({"site": contacts.site, "language": contacts.language}, index=population.names())


def near_and_far(
    run: Run, circles: pd.DataFrame, told: str, done: str, window: tuple[int, int], among: pd.Series | None = None
) -> np.ndarray:
    """Count who does something in a window of days after others were met by an event.

    Parameters
    ----------
    run
        The run.
    circles
        Reception site and language by person.
    told, done
        Step that is the event, such as ``b8.permit``; step that others may enter then, for the first time.
    window
        From so many days after the event, until so many.
    among
        By person: who is looked at; everybody by default.

    Returns
    -------
    np.ndarray
        ``[[done near, at risk near], [done far, at risk far]]``: near is the same centre and language, far the same
        language in another centre; at risk is who had come and had not done it when the window opens.
    """
    persons = run.persons.set_index("person")
    if among is not None:
        persons = persons[among.reindex(persons.index)]
    first = run.transitions.drop_duplicates(["person", "to"]).set_index(["to", "person"])["date"]
    acted = first[done].reindex(persons.index).to_numpy()
    left = run.transitions[run.transitions["to"].isin(["whereabouts.left_unknown", "whereabouts.departed"])]
    gone = left.drop_duplicates("person").set_index("person")["date"].reindex(persons.index).to_numpy()
    came, circle_of = persons["arrival"].to_numpy(), dict(zip(circles.index, circles.to_numpy(), strict=True))
    place, language = circles.reindex(persons.index).to_numpy().T
    counts = np.zeros((2, 2))
    came_of = run.persons.set_index("person")["arrival"]
    for person, day in first[told].items():
        opens = np.datetime64(day) + np.timedelta64(window[0], "D")
        closes = np.datetime64(day) + np.timedelta64(window[1], "D")
        together = np.abs(came - np.datetime64(came_of[person])) <= np.timedelta64(TOGETHER, "D")
        risk = (
            together
            & (came < np.datetime64(day))
            & ~(acted < opens)
            & ~(gone < opens)
            & (language == circle_of[person][1])
        )
        risk &= persons.index != person
        does = risk & (acted < closes)
        here = place == circle_of[person][0]
        counts[0] += (does & here).sum(), (risk & here).sum()
        counts[1] += (does & ~here).sum(), (risk & ~here).sum()
    return counts


def ratio(counts: np.ndarray) -> float:
    """How many times the rate far away the rate nearby is."""
    (near, of_near), (far, of_far) = counts
    return float((near / of_near) / (far / of_far))
