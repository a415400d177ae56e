"""What one person heard from others: when, what, and from what kind of contact; never from whom.

The engine keeps only the final beliefs. This module reconstructs each story from the log of a run, the contacts and the
keyed draw whether it arrived truly, so that the resulting beliefs are the engine's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.engine import columns as tb
from sim.engine.draws import chain, uniform
from sim.engine.elementary import exp

if TYPE_CHECKING:
    from sim.runs.single import Run


@dataclass(frozen=True)
class Heard:
    """One story that reached a person.

    Attributes
    ----------
    day
        Day index on which it was heard.
    kind
        Kind of contact of the teller (``sim.agents.community.KINDS``); the teller stays anonymous.
    step
        The step that somebody entered, such as ``b8.permit``.
    truly
        False: it arrived reversed.
    beliefs
        The new value of each belief that the story moved: (name, -1 to 1).
    """

    day: int
    kind: str
    step: str
    truly: bool
    beliefs: tuple[tuple[str, float], ...]


def heard_by(run: Run, row: int) -> tuple[Heard, ...]:
    """Return the stories that reached a person, in the order in which they were heard.

    Parameters
    ----------
    run
        A run; without word of mouth there are no stories.
    row
        Row of the person in the population.
    """
    return _retold(run, row)[0]


def beliefs_of(run: Run, row: int, day: int) -> dict[str, float]:
    """Return the beliefs of a person in the evening of a day, from all stories heard by then: name -> -1 to 1."""
    names = run.world.catalogue.beliefs
    stories, fades = _retold(run, row)
    believed, since = dict.fromkeys(names, 0.0), dict.fromkeys(names, day)
    for story in stories:
        if story.day <= day:
            believed |= dict(story.beliefs)
            since |= dict.fromkeys(dict(story.beliefs), story.day)
    return {name: value * exp(-fades * (day - since[name])) for name, value in believed.items()}


def _retold(run: Run, row: int) -> tuple[tuple[Heard, ...], float]:
    """Return the stories a person heard, and the rate per day at which a belief fades."""
    contacts, tables = run.population.contacts, run.world.tables
    if contacts is None:
        return (), 0.0
    value = run.world.parameters.value
    weight, distorted = value("heard.weight"), value("heard.distorted_share")
    fades = value("heard.fades_per_year") / tb.DAYS_PER_YEAR
    names, steps = run.world.catalogue.beliefs, run.world.catalogue.steps
    ranges = tables.column(tb.STEP_NEWS, 2 * len(steps)).reshape(-1, 2)
    believed, since = dict.fromkeys(names, 0.0), dict.fromkeys(names, 0)
    known = contacts.of(row)
    stories = []
    for day, teller, step in _news(run, row, np.array(list(known), np.int32), ranges):
        truly = not _turned(run, row, teller, step, distorted)
        moved = {}
        for place in range(*ranges[step]):
            name = names[tables.t[tb.NEWS_BELIEF + place]]
            says = float(tables.t[tb.NEWS_SAYS + place]) * (1 if truly else -1)
            now = believed[name] * exp(-fades * (day - since[name]))
            believed[name], since[name] = now + weight * (says - now), day
            moved[name] = believed[name]
        stories.append(Heard(day, known[teller], steps[step], truly, tuple(moved.items())))
    return tuple(stories), fades


def _news(run: Run, row: int, known: NDArray[np.int32], ranges: NDArray[np.int32]) -> Iterator[tuple[int, int, int]]:
    """Yield day of hearing, teller and step of all news that contacts told while the person could hear it."""
    log, tables = run.outcome.whole_log, run.world.tables
    of_news = (ranges[:, 1] > ranges[:, 0])[log.to_step] & np.isin(log.entity, known)
    can_hear = _can_hear(run, row)
    # The news of a day is told on a later morning, even with a delay of zero days.
    after = max(int(tables.t[tb.NEWS_AFTER]), 1)
    for place in np.flatnonzero(of_news):
        day = int(log.day[place]) + after
        if day <= run.world.end_day and can_hear[day]:
            yield day, int(log.entity[place]), int(log.to_step[place])


def _can_hear(run: Run, row: int) -> NDArray[np.bool_]:
    """Return the mornings on which a person can hear what others tell; ``bool[days]``."""
    log, catalogue = run.outcome.whole_log, run.world.catalogue
    places = run.world.statute.conditions["can_hear_news"].at
    numbers = [catalogue.step(name) for name in places]
    slots = np.array(catalogue.slots)
    slot = slots[numbers[0]]
    own = np.flatnonzero((log.entity == row) & (slots[log.to_step] == slot))
    can_hear = np.zeros(run.world.end_day + 1, bool)
    for place in own:
        can_hear[int(log.day[place]) + 1 :] = int(log.to_step[place]) in numbers
    return can_hear


def _turned(run: Run, row: int, teller: int, step: int, distorted: float) -> bool:
    """Return whether a story arrives reversed: a draw of the two people and the step."""
    key = run.population.entities.key
    with np.errstate(over="ignore"):
        pair = np.uint64(chain(key[row], key[teller]))
        name = run.world.tables.u[run.world.tables.t[tb.NEWS_DRAW]]
        return bool(uniform(pair, name, step) < distorted)
