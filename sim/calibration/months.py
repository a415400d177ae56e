"""What registers would have shown month by month: requests to report, and people registered at CoMensha."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from os import PathLike
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.calibration.ensembles import MONTHS, Ensemble, ensembles
from sim.calibration.members import Members
from sim.engine.columns import NEVER
from sim.engine.draws import uniforms
from sim.files.paths import expanded
from sim.outcomes.measures import Measures
from sim.outcomes.plan import plan_of
from sim.outcomes.recorded import NOTIFIERS
from sim.outcomes.registers import ASKS_AT_INTAKE, ASKS_NOTIFIER, ASKS_RECORDED, ASKS_TWICE, POLICE
from sim.runs.lives import Lives, days_of, lives_of
from sim.runs.world import World, make_world, people_of, population_of, ratio_of_people, run_world
from sim.studies.disk import write_whole

Days = NDArray[np.int64]
Counts = NDArray[np.int64]
WISH: Final = "b8.wish_to_report"
SERIES: Final = ("requests", "registrations")
"""Requests to report, as the police would list them, and registrations at CoMensha."""


def monthly(world: World, people: Any, seed: int, replicate: int = 0) -> dict[str, Counts]:
    """Run a world once, and return each series by month of the period.

    Parameters
    ----------
    world
        A scenario under one regime.
    people
        Who might come, of `sim.runs.world.people_of`.
    seed, replicate
        Of all draws.

    Returns
    -------
    dict
        Name of ``SERIES`` to persons by month, ``[months]``: of those simulated.
    """
    population = population_of(world.scenario, people, seed, replicate)
    lives = lives_of(world, run_world(world, population), population)
    return {
        "requests": by_month(world, first_days(lives, WISH, before=False)),
        "registrations": by_month(world, *registered_days(lives)),
    }


def write_months(
    folder: str | PathLike[str], work: str | PathLike[str], *, tell: Callable[[str], None] | None = None
) -> Path:
    """Run every fitted set under the rules that are compared, and write ``months.csv`` beside the sets.

    A row for each set, series and regime; a column for each month: persons among those simulated, of whom each is
    ``country`` people of the whole country.

    Parameters
    ----------
    folder
        Fitted sets, as ``b8sim validate DIR --ship FOLDER`` writes them.
    work
        Where finished camps are kept: broken off, the same call goes on.
    tell
        Called with a line for each camp.

    Raises
    ------
    InputError
        When there are no fitted sets in the folder.
    """
    where, kept = expanded(folder), expanded(work)
    found, parts = ensembles(where), []
    for camp, sets in found.items():
        part = kept / f"months-{camp}.csv"
        if not part.exists():
            kept.mkdir(parents=True, exist_ok=True)
            rows = [row for place in range(sets.size) for row in _rows(found, camp, place, kept)]
            write_whole(part, pd.DataFrame(rows).to_csv(index=False, lineterminator="\n").encode())
        parts.append(pd.read_csv(part))
        if tell:
            tell(f"months of {camp}: {sets.size} sets")
    out = where / MONTHS
    write_whole(out, pd.concat(parts).to_csv(index=False, lineterminator="\n").encode())
    return out


def _rows(found: Mapping[str, Ensemble], camp: str, place: int, work: Path) -> Iterator[dict[str, Any]]:
    sets = found[camp]
    receipt = sets.receipt
    study = Members.at(found, {camp: [place]}).study(
        work / "set.csv", receipt["compared"], title="Months", persons=receipt["persons"], seed=receipt["seed"]
    )
    scenario = study.scenario_at(study.points[0][1])
    country = round(1 / ratio_of_people(scenario), 5)
    people, first = people_of(scenario), np.datetime64(scenario.start, "M")
    for regime, name in zip(study.asked.regimes, study.regimes, strict=True):
        for series, counts in monthly(make_world(scenario, regime), people, study.seed).items():
            months = {str(first + i): int(count) for i, count in enumerate(counts.tolist())}
            number = int(sets.table["set"].iloc[place])
            yield {"camp": camp, "set": number, "country": country, "series": series, "regime": name, **months}


def by_month(world: World, *days: Days) -> Counts:
    """Return how many of some days lie in each month of the period."""
    months = np.datetime64(world.calendar.start) + np.concatenate(days)
    first, last = np.datetime64(world.scenario.start, "M"), np.datetime64(world.scenario.end, "M")
    inside = months >= np.datetime64(world.scenario.start)
    place = (months[inside].astype("datetime64[M]") - first).astype(np.int64)
    size = int((last - first).astype(np.int64)) + 1
    return np.bincount(place[place < size], minlength=size)


def first_days(lives: Lives, step: str, *, before: bool, everybody: bool = False) -> Days:
    """Return the first day of each person in a step; those who never enter it are left out unless ``everybody``.

    Parameters
    ----------
    before
        Whether a day in the history before the period counts.
    """
    persons = lives.population.entities.persons
    found = np.full(persons, NEVER, np.int64)
    if step in lives.world.catalogue.steps:
        moves = lives.moves
        who = np.repeat(np.arange(persons), np.diff(moves.start[: persons + 1]))
        # Persons come before networks, so that their moves do too.
        rows = np.flatnonzero(moves.move[: who.size] >> 8 & 0xFF == lives.world.catalogue.step(step))
        np.minimum.at(found, who[rows], moves.day[rows])
        if before and lives.opening is not None:
            earlier = lives.opening.first_day(step)[:persons]
            found[: earlier.size] = np.minimum(found[: earlier.size], earlier)
    return found if everybody else found[found < NEVER]


def registered_days(lives: Lives) -> tuple[Days, Days]:
    """Return the days on which people are registered, and on which they are counted a second time.

    The same draws as those of ``registrations`` by year (`sim.outcomes.registers`).
    """
    world, key = lives.world, lives.population.entities.key[: lives.population.entities.persons]
    plan = plan_of(Measures.dated(), ("all",), world.catalogue, days_of(world))
    asked, numbers = plan.arrays["asked"], plan.numbers(world.parameters)
    year = plan.arrays["year_of_day"]
    signalled = first_days(lives, "b8.signalled", before=True, everybody=True)
    intake = first_days(lives, "b8.intake", before=True, everybody=True)
    notifier = np.minimum(np.searchsorted(numbers["bound"], uniforms(key, asked[ASKS_NOTIFIER], 0)), len(NOTIFIERS) - 1)

    def drawn(day: Days, by: Any, question: int) -> Days:
        there = day < NEVER
        chance = numbers["chance"][by, year[np.minimum(day, year.size - 1)]]
        return np.where(there & (uniforms(key, asked[question], 0) < chance), day, NEVER)

    notified = np.full((len(NOTIFIERS), key.size), NEVER, np.int64)
    notified[notifier, np.arange(key.size)] = drawn(signalled, notifier, ASKS_RECORDED)
    notified[POLICE] = np.minimum(notified[POLICE], drawn(intake, POLICE, ASKS_AT_INTAKE))
    first, second = np.sort(notified, axis=0)[:2]
    twice = (second < NEVER) & (uniforms(key, asked[ASKS_TWICE], 0) < numbers["kept_twice"][0])
    return first[first < NEVER], second[twice]
