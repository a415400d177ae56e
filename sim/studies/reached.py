"""What it takes, as a share of the fitted sets of assumptions: in how many of them a regime reaches a target there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

import numpy as np

from sim.files.errors import B8simError
from sim.runs.fitted import CAMP, FOLDER, receipt_of_country
from sim.runs.fitted_sets import FittedSet, sets_in
from sim.scenarios.scenario import Scenario
from sim.studies.crossing import Search, Tried
from sim.studies.points import Point, Variety
from sim.studies.readings import readings_of
from sim.studies.runner import Job, Runner
from sim.studies.study import Study

SETS: Final = 12
"""Fitted sets that are run at each value that a search found."""


@dataclass(frozen=True)
class Reached:
    """In how many fitted sets a regime reaches a target at one value of a lever.

    Attributes
    ----------
    subject
        The regime.
    at
        The value of the lever.
    reached, sets
        How many sets reach the target, of how many that were run once each.
    """

    subject: str
    at: float
    reached: int
    sets: int


def share_of_sets(
    study: Study, searches: Sequence[Search], measure: str, target: float, side: Literal["at_most", "at_least"], *,
    group: str | None = None, sets: int = SETS, folder: Path | None = None,
) -> list[Reached] | None:  # fmt: skip
    """Run fitted sets at each value where a search found that a target is reached, or at an end of the range.

    Parameters
    ----------
    study
        That of the search; only what the sets do not vary may differ from their country, and the number of people.
    searches
        Of `sim.studies.crossing.needed`.
    measure, target, side, group
        As there.
    sets
        How many, evenly from all that fit.
    folder
        Fitted sets that ``b8sim validate DIR --ship FOLDER`` wrote; the shipped ones by default.

    Returns
    -------
    list of Reached or None
        One for each search; None where the sets were fitted to another country.
    """
    where = FOLDER if folder is None else folder
    receipt = receipt_of_country(study.asked, where)
    if receipt is None or not sets or len(study.variants) > 1:
        return None
    few = _evenly(sets_in(where / f"{CAMP}.csv", receipt["camps"][CAMP]["kept"]), sets)
    readings = readings_of(
        [measure], [group or study.readings.groups.names[0]], study.readings.pools, _period(study),
        study.asked.scenario.own, study.place,
    )  # fmt: skip
    drawn = Scenario.load(receipt["scenario"]).document.inflow.drawn_from
    scenario = study.asked.scenario.replace(inflow={"drawn_from": drawn})
    variant: Variety = next(iter(study.variants))
    job = replace(
        Job.of(study),
        variants={variant: (scenario, study.asked.regimes)},
        readings=readings,
        replicates=1,
        precision={},
    )
    runner, known = Runner(job), dict[float, list[list[float]]]()
    found = []
    for regime, search in enumerate(searches):
        at = _value(search)
        if at not in known:
            points = [Point({**one.numbers, search.factor.name: at}, *variant) for one in few]
            known[at] = [_values(runner, point) for point in points]
        values = np.array(known[at])[:, regime]
        there = values <= target if side == "at_most" else values >= target
        found.append(Reached(search.subject, at, int(there.sum()), len(few)))
    return found


def _value(search: Search) -> float:
    """Return the first value that reaches the target; without one the end of the range that is nearest to it."""
    rising = [crossing.at for crossing in search.crossings if crossing.rises]
    if rising or search.crossings:
        return (rising or [search.crossings[0].at])[0]
    ends: tuple[Tried, Tried] = (search.tried[0], search.tried[-1])
    reached = ends[0].mean >= 0
    return (min if reached else max)(ends, key=lambda one: one.mean).at


def _values(runner: Runner, point: Point) -> list[float]:
    result = runner.run(point)
    if result.error:
        raise B8simError(f"a fitted set: {result.error}")
    return [float(value) for value in result.values[0, :, 0, 0]]


def _evenly(found: Sequence[FittedSet], most: int) -> list[FittedSet]:
    few = min(most, len(found))
    return [found[k * len(found) // few] for k in range(few)]


def _period(study: Study):  # type: ignore[no-untyped-def]
    from sim.runs.replicate import period_of

    return period_of(study.asked.scenario)
