"""The fitted sets of assumptions themselves, for a page that runs them again under a change.

Of the sets whose ranges `sim.runs.fitted` puts beside the intervals: their numbers, and what the model gave.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sim.files.toml import read_text
from sim.runs.fitted import CAMP, FOLDER, UNDER_READINGS, receipt_that_answers, under_other_readings
from sim.runs.loading import Asked

MOST_SETS: Final = 20
"""Sets of a page: each is run again when a slider moves."""
ASSUMPTION: Final = "assumption "
READING: Final = "reading "
SIMULATED: Final = "simulated"


@dataclass(frozen=True)
class FittedSet:
    """One set of assumptions.

    Attributes
    ----------
    numbers
        Values of parameters, and of capacities as ``capacity.POOL``.
    readings
        What the model gave in the whole country: (regime, measure, group) to a value.
    """

    numbers: Mapping[str, float]
    readings: Mapping[tuple[str, str, str], float]


@dataclass(frozen=True)
class FittedSets:
    """The sets of a page, which weigh the same.

    Attributes
    ----------
    scenario
        The name of the one that was fitted.
    every
        All sets, those under other readings of the law last: their answers are the range of what was computed.
    again
        Positions of those that a page runs again under a change: with the usual readings.
    """

    scenario: str
    every: Sequence[FittedSet]
    again: Sequence[int]

    @property
    def sets(self) -> list[FittedSet]:
        """The sets that a page runs again."""
        return [self.every[at] for at in self.again]

    def differences(self, baseline: str, reform: str, measure: str, group: str) -> list[float] | None:
        """Return reform less baseline in every set, on the same people; None where a set has none."""
        keys = (baseline, measure, group), (reform, measure, group)
        if not all(key in one.readings for one in self.every for key in keys):
            return None
        return [one.readings[keys[1]] - one.readings[keys[0]] for one in self.every]


def fitted_sets(asked: Asked, folder: Path | None = None) -> FittedSets | None:
    """Return sets of the camp that imposes no assumption; None where they answer another question or none fits.

    Parameters
    ----------
    asked
        The comparison.
    folder
        A folder that ``b8sim validate DIR --ship FOLDER`` wrote; the shipped one by default.
    """
    where = FOLDER if folder is None else folder
    receipt = receipt_that_answers(asked, where)
    if receipt is None:
        return None
    camp = receipt["camps"][CAMP]
    usual, other = sets_in(where / f"{CAMP}.csv", camp["kept"]), []
    if under_other_readings(receipt):
        other = sets_in(where / UNDER_READINGS / f"{CAMP}.csv", camp["kept"])
    return FittedSets(receipt["scenario"], [*usual, *other], evenly(len(usual)))


def evenly(count: int) -> list[int]:
    """Return the positions of no more sets than a page runs again, evenly from all."""
    few = min(MOST_SETS, count)
    return [k * count // few for k in range(few)]


def sets_in(file: Path, kept: Mapping[str, float]) -> list[FittedSet]:
    """Return the sets of a camp; ``kept`` are the numbers that do not vary in it."""
    found = []
    for row in csv.DictReader(read_text(file, "CSV").splitlines()):
        numbers = {name.removeprefix(ASSUMPTION): float(row[name]) for name in row if name.startswith(ASSUMPTION)}
        readings = {}
        for name in row:
            if name.startswith(READING) and row[name]:
                regime, measure, world, group = name.removeprefix(READING).split(" ")
                if world == SIMULATED:
                    readings[regime, measure, group] = float(row[name])
        found.append(FittedSet({**numbers, **kept}, readings))
    return found
