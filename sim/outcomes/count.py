"""The counting of one run: values of all measures by group, curves of exits, and the outcome of each person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.agents.population import Population
from sim.engine.columns import Floats, Ints
from sim.engine.held import ROWS, Take, fresh
from sim.evidence.parameters import Parameters
from sim.outcomes.counting import count_run
from sim.outcomes.groups import CAUSES
from sim.outcomes.opening import Opening
from sim.outcomes.plan import Plan
from sim.outcomes.recorded import NOTIFIERS
from sim.outcomes.tally import Tally

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
    log: Ints,
    population: Population,
    members: NDArray[np.bool_],
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
    log
        The rows of the log, ``int32[moves, LOG_PARTS]``.
    population
        The people and networks.
    members
        Who belongs to which group, ``bool[persons, G]``: persons who never arrive belong to none.
    grid
        Days since arrival at which the curves are drawn.
    opening
        What a history left behind; None: there was none.
    take
        Gives the scratch arrays; by default they are new. The moves of each person are written over the rows of a
        state that was made of the same arrays.
    """
    entities, (persons, groups) = population.entities, members.shape
    n, days, causes = entities.key.size, plan.days.date.size, len(CAUSES)
    steps = plan.arrays["slot"].size
    top, stand, measured = np.empty((plan.rows, groups)), np.empty(n, np.uint8), np.zeros(n, np.bool_)
    tracks = int(plan.arrays["slot"].max(initial=0)) + 1
    curve = np.empty((groups * causes, grid.size))
    count_run(
        Tally(
            log=np.ascontiguousarray(log, np.int32),
            key=entities.key,
            flags=entities.flags.view(np.int32),
            network=entities.network,
            arrival=entities.arrival,
            member_start=entities.member_start,
            member=entities.member,
            works_in=population.network_group,
            member_of=np.ascontiguousarray(members).view(np.uint8),
            **plan.arrays,
            **plan.numbers(parameters),
            **plan.opened(opening, n, take),
            grid=grid,
            start=take("count.start", (n + 1,), np.int32),
            move=take(ROWS, (log.shape[0], 2), np.int32),
            mine=take("count.mine", (groups + 1,), np.int32),
            since=take("count.since", (tracks,), np.int32),
            at=take("count.at", (tracks,), np.int32),
            first=take("count.first", (steps,), np.int32),
            entries=take("count.entries", (steps,), np.int32),
            days=take("count.days", (steps,), np.int32),
            done=take("count.done", (steps,), np.uint8),
            touched=take("count.touched", (steps + 1,), np.int32),
            followed=take("count.followed", (3,), np.uint64),
            notified=take("count.notified", (len(NOTIFIERS),), np.int32),
            day_together=take("count.day_together", (plan.days_together, n), np.int16),
            of_day=take("count.of_day", (days,), np.int32),
            leaving=take("count.leaving", (plan.tables * groups * 2, days + 1), np.int32),
            gone=take("count.gone", (groups * (causes + 1), days + 1), np.int32),
            top=top,
            below=take("count.below", (plan.rows, groups), np.float64),
            stand=stand,
            curve=curve,
            measured=measured.view(np.uint8),
        ),
        plan.days.first,
        days - 1,
    )
    return Counts(top, curve.reshape(groups, causes, grid.size), stand[:persons], measured[:persons])
