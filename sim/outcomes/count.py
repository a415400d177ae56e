"""The counting of one run: values of all measures by group, curves of exits, and the outcome of each person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.agents.population import Population
from sim.engine.columns import Floats, Ints
from sim.engine.held import ROWS, Take, fresh, side_by_side
from sim.evidence.parameters import Parameters
from sim.outcomes.by_person import Moves
from sim.outcomes.counting import count_run
from sim.outcomes.groups import CAUSES
from sim.outcomes.opening import Opening
from sim.outcomes.plan import Plan
from sim.outcomes.recorded import NOTIFIERS
from sim.outcomes.tally import Tally

BLOCK: Final = 16384
"""Persons whose groups are written at a time, so that they stay in the cache."""
NO_CURVES: Final = np.zeros(0, np.int32)


@dataclass(frozen=True)
class Counts:
    """What one run gives; R measures of persons and networks, G groups, C exits.

    Attributes
    ----------
    values
        ``[R, G]``; NaN where a measure is undefined.
    curves
        ``[G, C, days]`` cumulative incidence of the exits.
    outcome
        Outcome of each person at the end: position in ``sim.outcomes.groups.OUTCOMES``.
    measured
        Who is measured, ``bool[persons]``: all who belong to a group; after a history those of them who come in the
        period, move in it, or spend days of it in a step whose days count.
    """

    values: Floats
    curves: Floats
    outcome: NDArray[np.uint8]
    measured: NDArray[np.bool_]


def count(
    plan: Plan,
    parameters: Parameters,
    moves: Moves,
    population: Population,
    members: Sequence[NDArray[np.bool_]] | NDArray[np.bool_],
    grid: Ints = NO_CURVES,
    opening: Opening | None = None,
    take: Take = fresh,
) -> Counts:
    """Count one run.

    Parameters
    ----------
    plan
        What is counted.
    parameters
        The numbers of the world.
    moves
        The moves of the run, by person.
    population
        The people and networks.
    members
        For each group who belongs to it, ``bool[persons]``: persons who never arrive belong to none.
    grid
        Days since arrival at which the curves are drawn.
    opening
        What a history left behind; None: there was none.
    take
        Gives the scratch arrays; by default they are new. They lie where the rows of a state were that was made of
        the same arrays.
    """
    entities, persons, groups = population.entities, population.entities.persons, len(members)
    n, days, causes = entities.key.size, plan.days.date.size, len(CAUSES)
    steps = plan.arrays["slot"].size
    top, stand, measured = np.empty((plan.rows, groups)), np.empty(n, np.uint8), np.zeros(n, np.bool_)
    curve = np.empty((groups * causes, grid.size))
    scratch = side_by_side(
        take,
        ROWS,
        {
            "begun": ((2, 0 if opening is None else len(opening.step)), np.uint64),
            "member_of": ((persons, groups), np.uint8),
            "mine": ((groups + 1,), np.int32),
            "since": ((plan.tracks,), np.int32),
            "at": ((plan.tracks,), np.int32),
            "first": ((steps,), np.int32),
            "entries": ((steps,), np.int32),
            "days": ((steps,), np.int32),
            "done": ((steps,), np.uint8),
            "touched": ((steps + 1,), np.int32),
            "counted_for": ((plan.arrays["measure"].shape[0],), np.int32),
            "followed": ((3,), np.uint64),
            "notified": ((len(NOTIFIERS),), np.int32),
            "day_together": ((plan.days_together, n), np.int16),
            "of_day": ((days,), np.int32),
            "leaving": ((plan.tables * groups * 2, days + 1), np.int32),
            "gone": ((groups * (causes + 1) if grid.size else 0, days + 1), np.int32),
            "below": ((plan.rows, groups), np.float64),
        },
    )
    for first in range(0, persons, BLOCK):
        some = slice(first, first + BLOCK)
        for group, member in enumerate(members):
            scratch["member_of"][some, group] = member[some]
    count_run(
        Tally(
            **moves._asdict(),
            key=entities.key,
            flags=entities.flags.view(np.int32),
            network=entities.network,
            arrival=entities.arrival,
            member_start=entities.member_start,
            member=entities.member,
            works_in=population.network_group,
            **plan.arrays,
            **plan.numbers(parameters),
            **plan.opened(opening, scratch["begun"]),
            **scratch,
            grid=grid,
            top=top,
            stand=stand,
            curve=curve,
            measured=measured.view(np.uint8),
        ),
        plan.days.first,
        days - 1,
    )
    return Counts(top, curve.reshape(groups, causes, grid.size), stand[:persons], measured[:persons])
