"""The fitted sets of assumptions for the page: what it needs of ``sim/evidence/ensembles``, for their scenario.

`sim.calibration.ensembles` describes the files and reads all of them. A page asks for a few sets, of the scenario that
was fitted and of no other: sets that fit one do not fit another.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from sim.files.toml import read_text
from sim.scenarios.scenario import Scenario

FOLDER: Final = Path(__file__).parents[1] / "evidence" / "ensembles"
MOST_SETS: Final = 24
"""Sets of a page: each is run again when a slider moves."""
ASSUMPTION: Final = "assumption "
READING: Final = "reading "
SIMULATED: Final = "simulated"
OF_THE_RUN: Final = frozenset(("title", "description", "regimes", "replicates", "seed"))
"""What a scenario may have of its own and still be the one that was fitted."""


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
    """The sets of a page; they weigh the same.

    Attributes
    ----------
    accepted
        Whether the sets reproduce every figure that was fitted; otherwise no set does, and these are the nearest.
    camps
        The titles of the camps that they come from, ``en`` and ``nl``.
    """

    accepted: bool
    camps: Sequence[Mapping[str, str]]
    sets: Sequence[FittedSet]

    def differences(self, baseline: str, reform: str, measure: str, group: str) -> list[float] | None:
        """Return reform less baseline in each set, on the same people; None where a set has none."""
        keys = (baseline, measure, group), (reform, measure, group)
        if not all(key in one.readings for one in self.sets for key in keys):
            return None
        return [one.readings[keys[1]] - one.readings[keys[0]] for one in self.sets]


def fitted_for(scenario: Scenario) -> FittedSets | None:
    """Return the fitted sets of a scenario; None where none ship for it, as it is."""
    receipt = _receipt(FOLDER)
    if receipt is None or receipt["scenario"] != scenario.name or not _is_shipped(scenario):
        return None
    return fitted_in(FOLDER)


@lru_cache(maxsize=2)
def fitted_in(folder: Path) -> FittedSets | None:
    """Return the sets of a folder: of camps in which some fit, or else of all, in turn and evenly from each.

    Camps that suppose a rival explanation are left out, since a set of theirs is more than its numbers.
    """
    receipt = _receipt(folder)
    if receipt is None:
        return None
    camps = {name: said for name, said in receipt["camps"].items() if said["presets"] == "none"}
    fit = {name: said for name, said in camps.items() if said["accepted"]}
    rows = {name: _rows(folder / f"{name}.csv", said["kept"]) for name, said in (fit or camps).items()}
    rows = {name: found for name, found in rows.items() if found}
    if not rows:
        return None
    each = -(-MOST_SETS // len(rows))
    spread = {name: [found[k * len(found) // min(each, len(found))] for k in range(min(each, len(found)))]
              for name, found in rows.items()}  # fmt: skip
    turns = [found[k] for k in range(each) for found in spread.values() if k < len(found)]
    return FittedSets(bool(fit), [camps[name]["title"] for name in rows], turns[:MOST_SETS])


def _is_shipped(scenario: Scenario) -> bool:
    shipped = Scenario.load(scenario.name).document.model_dump()
    here = scenario.document.model_dump()
    for document in (shipped, here):
        document["scenario"] = {key: value for key, value in document["scenario"].items() if key not in OF_THE_RUN}
    return bool(here == shipped)


def _receipt(folder: Path) -> dict[str, Any] | None:
    file = folder / "receipt.json"
    if not file.is_file():
        return None
    receipt: dict[str, Any] = json.loads(read_text(file, "JSON"))
    return receipt


def _rows(file: Path, kept: Mapping[str, float]) -> list[FittedSet]:
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
