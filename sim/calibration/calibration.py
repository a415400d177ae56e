"""A calibration: camps, each with its studies wave by wave."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.agents.behaviour import Authorities
from sim.calibration.plan_file import CalibrationFile, Camp, scenario_path
from sim.calibration.targets import Target, chosen, load_targets, measures_of
from sim.files.errors import InputError, raise_all
from sim.files.paths import expanded
from sim.files.place import Place
from sim.files.toml import read_toml, validate
from sim.outcomes.groups import Groups
from sim.outcomes.measures import Measures, labels
from sim.runs.replicate import period_of
from sim.scenarios.scenario import Scenario
from sim.studies.designs import Design, Row, rows_of
from sim.studies.factors import CAPACITY, Factor
from sim.studies.shares import families_of
from sim.studies.study import Study
from sim.studies.study_file import NO_PRESET

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Calibration:
    """A calibration file, checked.

    Attributes
    ----------
    document
        Its content.
    file
        Where it came from.
    fitted, held_out
        The targets that are fitted, and those that are predicted.
    """

    document: CalibrationFile
    file: Path
    fitted: tuple[Target, ...]
    held_out: tuple[Target, ...]

    @classmethod
    def load(cls, path: str | PathLike[str], scenario: str | PathLike[str] | None = None) -> Calibration:
        """Read and check a calibration: every name, every range, every camp.

        Parameters
        ----------
        path
            The file.
        scenario
            A file to take instead of the scenario that it names, as the one beside the results of a calibration.

        Raises
        ------
        InputError
            With the mistakes.
        """
        file = expanded(path)
        document = validate(CalibrationFile, read_toml(file), file)
        head = document.calibration
        named = head.scenario if scenario is None else str(expanded(scenario))
        head = head.model_copy(update={"scenario": scenario_path(named, file.parent)})
        document = document.model_copy(update={"calibration": head})
        targets = load_targets()
        fitted = chosen(targets, head.targets, Place(file, "calibration"), later=head.later)
        held_out = tuple(t for t in targets.values() if t not in fitted and t.predicted)
        out = cls(document, file, fitted, held_out)
        raise_all(_mistakes(out))
        raise_all(_unknown(out))
        for camp in document.camp:
            out.first(camp)
        return out

    @property
    def camps(self) -> tuple[str, ...]:
        """Names of the camps."""
        return tuple(self.document.camp)

    @cached_property
    def scenario(self) -> Scenario:
        """The country of every camp."""
        return Scenario.load(self.document.calibration.scenario)

    def hash(self) -> str:
        """Return a hash of all that decides the points and what is kept of them, the waves apart."""
        content = self.document.model_dump(mode="json", exclude={"waves"})
        content["scenario"] = self.first(self.camps[0]).asked.text
        content["calibration"].pop("scenario")
        content["targets"] = [(t.name, t.document.model_dump(mode="json"), t.value) for t in self.fitted]
        return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()

    def whole(self) -> Study:
        """Return a study of the scenario as every camp has it, before any camp keeps a number or adds a preset."""
        return self._study({"kind": "latin_hypercube", "points": 1, "seed": self.seed(0)}, "every camp", None)

    def first(self, camp: str) -> Study:
        """Return the study of the first wave: a Latin hypercube over all ranges."""
        points = self.document.waves.points[0]
        return self.study(camp, {"kind": "latin_hypercube", "points": points, "seed": self.seed(0)})

    def candidates(self, camp: str, wave: int) -> tuple[list[Row], Floats]:
        """Return the points among which a later wave chooses, and their places in the unit cube."""
        study = self.first(camp)
        parameters = study.asked.scenario.parameter_values()
        families = families_of(study.factors, parameters, study.place)
        design = Design(kind="latin_hypercube", points=self.document.waves.candidates, seed=self.seed(wave))
        rows = rows_of(design, study.factors, families, parameters, study.place)
        return rows, unit_of(study.factors, [row.values for row in rows])

    def free(self, study: Study) -> NDArray[np.bool_]:
        """Return which factors can be moved alone, ``[factors]``: no lists of values, no shares of one whole."""
        families = families_of(study.factors, study.asked.scenario.parameter_values(), study.place)
        bound = {name for family in families if family.binds for name in family.names}
        return np.array([not factor.values and factor.name not in bound for factor in study.factors])

    def listed(self, camp: str, file: Path) -> Study:
        """Return the study of a later wave: the points of a file."""
        return self.study(camp, {"kind": "list", "file": str(file)})

    def study(self, camp: str, design: Mapping[str, Any]) -> Study:
        """Return a study of a camp: the rules as lived, and those that are compared, on the same people."""
        return self._study(design, camp, self.document.camp[camp])

    def _study(self, design: Mapping[str, Any], name: str, camp: Camp | None) -> Study:
        head, kept = self.document.calibration, camp.kept if camp else {}
        measures, groups = measures_of((*self.fitted, *self.held_out))
        varied = {**self.document.parameters, **_of_parameters(kept)}
        capacities = {**self.document.capacities, **_of_capacities(kept)}
        try:
            return Study(
                head.scenario,
                (head.lived, *head.compared),
                design=design,
                parameters=varied,
                capacities=capacities,
                title=f"{head.title}: {name}",
                persons=head.persons,
                replicates=head.replicates,
                seed=head.seed,
                presets=(camp.presets if camp else NO_PRESET,),
                measures=tuple(dict.fromkeys((*measures, *head.headline, *head.also))),
                groups=tuple(dict.fromkeys((*head.groups, *groups))),
                publication=False,
            )
        except InputError as error:
            raise _from(error, self.file) from None

    @cached_property
    def receipt(self) -> dict[str, Any]:
        """Say what was fitted, and what was not."""
        return {
            "calibration_hash": self.hash(),
            "camps": {name: camp.title.model_dump() for name, camp in self.document.camp.items()},
            "fitted": [target.name for target in self.fitted],
            "held_out": [target.name for target in self.held_out],
            "figures_after_the_change_fitted": any(not target.fitted for target in self.fitted),
            "within_tolerances": self.document.calibration.within,
        }

    def seed(self, wave: int) -> int:
        """Return the seed of the design of a wave: another for each wave, the same for each camp."""
        return int(np.random.SeedSequence([self.document.calibration.seed, wave]).generate_state(1)[0])


def unit_of(factors: Sequence[Factor], points: Sequence[Mapping[str, float]]) -> Floats:
    """Return the places of points in the unit cube of the ranges, ``[points, factors]``."""
    columns = []
    for factor in factors:
        at = np.array([point.get(factor.name, factor.base) for point in points], np.float64)
        low, high = factor.low, factor.high
        if factor.log:
            at, low, high = np.log(at), float(np.log(low)), float(np.log(high))
        columns.append((at - low) / (high - low) if high > low else np.zeros(at.size))
    return np.stack(columns, axis=1)


def as_csv(factors: Sequence[Factor], points: Sequence[Mapping[str, float]]) -> str:
    """Return points as the file of a design of kind list."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(factor.name for factor in factors)
    writer.writerows([repr(point[factor.name]) for factor in factors] for point in points)
    return out.getvalue()


def _of_parameters(kept: Mapping[str, float]) -> dict[str, float]:
    return {name: value for name, value in kept.items() if not name.startswith(CAPACITY)}


def _of_capacities(kept: Mapping[str, float]) -> dict[str, float]:
    return {name.removeprefix(CAPACITY): value for name, value in kept.items() if name.startswith(CAPACITY)}


def _mistakes(calibration: Calibration) -> list[InputError]:
    head, place = calibration.document.calibration, Place(calibration.file, "calibration")
    problems = []
    if head.lived in head.compared:
        problems.append(
            place.at("lived").error("is compared too", value=head.lived, accepted="a regime beside those compared")
        )
    for name, camp in calibration.document.camp.items():
        if all(factor in camp.kept for factor in calibration.document.parameters):
            problems.append(Place(calibration.file, f"camp.{name}.kept").error("nothing varies"))
    return problems


def _unknown(calibration: Calibration) -> list[InputError]:
    """Return what a camp keeps, and what is measured, that does not exist: where the file has it."""
    head, out, whole = calibration.document.calibration, [], calibration.scenario
    known, pools = whole.parameter_values().passports, Authorities.load().pool
    for name, camp in calibration.document.camp.items():
        place = Place(calibration.file, f"camp.{name}.kept")
        for key in camp.kept:
            if key.startswith(CAPACITY) and key.removeprefix(CAPACITY) not in pools:
                out.append(place.at(key).unknown("pool", key, [f"{CAPACITY}{pool}" for pool in pools]))
            elif not key.startswith(CAPACITY) and key not in known:
                out.append(place.at(key).unknown("parameter", key, known))
    every = Measures(measure={**Measures.load(whole.own).measure, **Measures.dated().measure})
    names = list(dict.fromkeys(one.name for one in labels(every, tuple(pools), period_of(whole))))
    groups = Groups.load(whole.own).names
    for key, given, accepted in (("headline", head.headline, names), ("also", head.also, names),
                                 ("groups", head.groups, groups)):  # fmt: skip
        out += [
            Place(calibration.file, f"calibration.{key}[{i}]").unknown(
                "group" if key == "groups" else "measure", name, accepted
            )
            for i, name in enumerate(given)
            if name not in accepted
        ]
    return out


def _from(error: InputError, file: Path) -> InputError:
    """Return the mistakes of a study as mistakes of the calibration's file, which has its tables."""
    from sim.files.errors import InputErrors

    singles = [
        InputError(p.problem, file=file if p.file == "study" else p.file, key=p.key, value=p.value,
                   accepted=p.accepted, nearest=p.nearest)
        for p in error.problems
    ]  # fmt: skip
    return singles[0] if len(singles) == 1 else InputErrors(singles)
