"""The fitted sets of assumptions that ship with the package: for each camp the sets that reproduce what was published.

A folder holds ``receipt.json`` (what was fitted, to what, by which code, under which licence) and ``CAMP.csv``, a row
for each set. Column names begin with what they hold: ``assumption``, ``deviation`` (of a fitted figure, in tolerances)
and ``reading`` (``REGIME MEASURE WORLD GROUP``; counts of the whole country). ``ranges.csv`` has the range of each
headline difference over the sets of each camp. ``readings/CAMP.csv`` has the sets as they were run again, each under
its own answers to open legal questions (``answer``), as far as they still fit (`sim.calibration.open_readings`);
``months.csv`` has monthly figures of each set (`sim.calibration.months`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.calibration.fits import quantiles
from sim.calibration.targets import Target, load_targets
from sim.files.errors import InputError, nearest
from sim.files.paths import expanded
from sim.files.toml import read_text
from sim.runs.fitted import FOLDER, UNDER_READINGS

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
FORMAT: Final = 1
ASSUMPTION: Final = "assumption "
DEVIATION: Final = "deviation "
READING: Final = "reading "
ANSWER: Final = "answer "
MONTHS: Final = "months.csv"
"""What the registers would have shown month by month, of every set under each rule that is compared."""
RANGE: Final = (0.05, 0.95)
"""Shares of the weight at the two ends of a range."""


@dataclass(frozen=True)
class Ensemble:
    """The sets of assumptions of one camp.

    Attributes
    ----------
    camp
        Its name.
    table
        A row for each set, as in the file.
    receipt
        What was fitted, to what, by which code: the same for all camps of a folder.
    folder
        Where they are.
    """

    camp: str
    table: pd.DataFrame
    receipt: Mapping[str, Any]
    folder: Path

    @property
    def said(self) -> Mapping[str, Any]:
        """What the receipt says of this camp: title, why, kept numbers, sets that were run, nearest deviations."""
        said: Mapping[str, Any] = self.receipt["camps"][self.camp]
        return said

    @property
    def title(self) -> Mapping[str, str]:
        """The title by language, ``en`` and ``nl``."""
        title: Mapping[str, str] = self.said["title"]
        return title

    @property
    def accepted(self) -> bool:
        """Whether the sets reproduce every figure; otherwise no set did, and these are the nearest."""
        return bool(self.said["accepted"])

    @property
    def size(self) -> int:
        """The number of sets."""
        return len(self.table)

    @cached_property
    def weight(self) -> Floats:
        """The weight of each set, ``[sets]``: they weigh the same, and sum to 1."""
        return np.full(self.size, 1 / self.size)

    @cached_property
    def assumptions(self) -> pd.DataFrame:
        """The numbers that vary, ``[sets, factors]``: parameters, and capacities as ``capacity.POOL``."""
        return self._part(ASSUMPTION)

    @cached_property
    def answers(self) -> pd.DataFrame:
        """The answers to open legal questions, ``[sets, questions]``; no column where every set has the usual ones."""
        return self._part(ANSWER)

    @cached_property
    def explaining(self) -> pd.DataFrame:
        """All that differs between sets, as numbers: assumptions, and each answer as ``QUESTION=ANSWER``, 1 or 0."""
        import pandas as pd

        answers = {
            f"{question}={answer}": (self.answers[question] == answer).astype(np.float64)
            for question in self.answers
            for answer in sorted(set(self.answers[question]))
        }
        return pd.concat([self.assumptions, pd.DataFrame(answers, index=self.assumptions.index)], axis=1)

    @cached_property
    def under_readings(self) -> Ensemble | None:
        """The sets as run again, each under its own answers to open legal questions, as far as they still fit.

        None where that was not done (`sim.calibration.open_readings`).
        """
        if self.camp not in self.receipt.get("open_readings", {"camps": ()})["camps"]:
            return None
        return replace(self, table=_read(self.folder / UNDER_READINGS / f"{self.camp}.csv"))

    @cached_property
    def months(self) -> pd.DataFrame | None:
        """What the registers would have shown by month (`sim.calibration.months`); None where that was not run.

        Columns: ``set``, ``series``, ``regime``, and a column for each month with persons among those simulated.
        """
        if not (self.folder / MONTHS).exists():
            return None
        table = _read(self.folder / MONTHS)
        return table[table["camp"] == self.camp].drop(columns="camp")

    @property
    def kept(self) -> Mapping[str, float]:
        """The numbers that the camp keeps."""
        kept: Mapping[str, float] = self.said["kept"]
        return kept

    @cached_property
    def deviations(self) -> pd.DataFrame:
        """The deviation from each figure that was fitted, in tolerances, ``[sets, figures]``."""
        return self._part(DEVIATION)

    @cached_property
    def readings(self) -> pd.DataFrame:
        """What the model gave, ``[sets, readings]``; columns are (regime, measure, world, group)."""
        import pandas as pd

        part = self._part(READING)
        part.columns = pd.MultiIndex.from_tuples(
            [tuple(name.split(" ")) for name in part.columns], names=["regime", "measure", "world", "group"]
        )
        return part

    def lived(self) -> dict[tuple[str, str, str], Floats]:
        """Return the readings under the rules as they followed each other: (measure, world, group) to ``[sets]``."""
        part = self.readings[self.receipt["lived"]]
        return {tuple(name): part[name].to_numpy(np.float64) for name in part.columns}

    def figure(self, target: Target) -> Floats:
        """Return what the sets give for a published figure, ``[sets]``."""
        return target.model(self.lived())

    def differences(self, reform: str | None = None) -> pd.DataFrame:
        """Return reform less baseline, on the same people; columns are (measure, world, group).

        Parameters
        ----------
        reform
            A regime that was compared; the first reform by default.

        Raises
        ------
        InputError
            For another regime.
        """
        baseline, *reforms = self.receipt["compared"]
        if reform is not None and reform not in reforms:
            raise InputError("not a reform of the fitted sets", key="reform", value=reform, accepted=tuple(reforms))
        import pandas as pd

        after, before = self.readings[reform or reforms[0]], self.readings[baseline]
        return pd.DataFrame(after - before[after.columns])

    def range_of(self, values: Floats) -> tuple[float, float]:
        """Return the range of values ``[sets]`` that holds nine tenths of the weight; NaN without any."""
        low, high = quantiles(values, self.weight, RANGE)
        return float(low), float(high)

    def _part(self, begin: str) -> pd.DataFrame:
        names = [str(name) for name in self.table if str(name).startswith(begin)]
        return self.table[names].rename(columns=lambda name: str(name).removeprefix(begin))


def ensembles(folder: str | PathLike[str] | None = None) -> dict[str, Ensemble]:
    """Return the fitted sets of every camp: those that ship with the package, or those of a folder.

    Parameters
    ----------
    folder
        A folder that ``b8sim validate DIR --ship FOLDER`` wrote.

    Raises
    ------
    InputError
        When there is none in the folder, or a file is not as it was written.
    """
    where = FOLDER if folder is None else expanded(folder)
    receipt = _receipt(where)
    return {camp: Ensemble(camp, _read(where / f"{camp}.csv"), receipt, where) for camp in receipt["camps"]}


def load(camp: str, folder: str | PathLike[str] | None = None) -> Ensemble:
    """Return the fitted sets of one camp.

    Raises
    ------
    InputError
        For an unknown camp, and as `ensembles`.
    """
    found = ensembles(folder)
    if camp not in found:
        raise InputError("unknown camp", key="camp", value=camp, accepted=tuple(found), nearest=nearest(camp, found))
    return found[camp]


def country_of(receipt: Mapping[str, Any]) -> float:
    """Return how many of the country each simulated person of the sets is."""
    from sim.runs.world import ratio_of_people
    from sim.scenarios.scenario import Scenario

    scenario = Scenario.load(str(receipt["scenario"]))
    if receipt["persons"] is not None:
        scenario = scenario.replace(inflow={"persons": receipt["persons"], "capacities": "in_proportion"})
    return 1 / ratio_of_people(scenario)


def targets_of(receipt: Mapping[str, Any]) -> tuple[tuple[Target, ...], tuple[Target, ...]]:
    """Return the figures that were fitted, and those that were held out."""
    targets = load_targets()
    fitted, held_out = (
        tuple(targets[name] for name in receipt[key] if name in targets) for key in ("fitted", "held_out")
    )
    return fitted, held_out


def _read(file: Path) -> pd.DataFrame:
    import pandas as pd

    try:
        return pd.read_csv(file)
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be read: {error}", file=file, accepted="a file that --ship wrote") from None


def _receipt(where: Path) -> Mapping[str, Any]:
    file = where / "receipt.json"
    if not file.exists():
        raise InputError("no fitted sets", file=where, accepted="a folder that b8sim validate DIR --ship FOLDER wrote")
    try:
        receipt: Mapping[str, Any] = json.loads(read_text(file, "JSON"))
        if receipt["format"] == FORMAT:
            return receipt
    except (KeyError, TypeError, ValueError):
        pass
    raise InputError("not the receipt of fitted sets", file=file, accepted=f"a file that --ship wrote, format {FORMAT}")
