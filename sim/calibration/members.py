"""Some fitted sets of every camp, as the points of studies that ask more of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from sim.calibration.ensembles import Ensemble
from sim.files.errors import InputError
from sim.files.toml import validate
from sim.studies.disk import write_whole
from sim.studies.factors import CAPACITY
from sim.studies.points import Variety
from sim.studies.study import Study
from sim.studies.study_file import StudyFile


@dataclass(frozen=True)
class Members:
    """Sets of assumptions, a row for each.

    Attributes
    ----------
    camps
        The camp of each.
    names
        The assumptions, parameters and capacities as ``capacity.POOL``.
    values
        ``[members][assumptions]``.
    scenario
        That in which they were fitted.
    """

    camps: tuple[str, ...]
    names: tuple[str, ...]
    values: tuple[tuple[float, ...], ...]
    scenario: str

    @classmethod
    def of(cls, ensembles: Mapping[str, Ensemble], each: int) -> Members:
        """Take some sets of every camp, as different from each other in place in the file as can be.

        Parameters
        ----------
        ensembles
            The fitted sets, by camp.
        each
            How many of each camp at most.

        Raises
        ------
        InputError
            When there is no set, or a camp has presets, which are not numbers.
        """
        places = {
            camp: np.unique(np.linspace(0, one.size - 1, min(each, one.size)).round().astype(int)).tolist()
            for camp, one in ensembles.items()
            if one.size
        }
        return cls.at(ensembles, places)

    @classmethod
    def at(cls, ensembles: Mapping[str, Ensemble], places: Mapping[str, Sequence[int]]) -> Members:
        """Take the sets at some places in the files of camps, from 0.

        Raises
        ------
        InputError
            As `of`.
        """
        rows: list[dict[str, float]] = []
        camps: list[str] = []
        for camp, mine in places.items():
            one = ensembles[camp]
            if one.said.get("presets", "none") != "none":
                raise InputError("has presets, which are not numbers", key=f"camp {camp}", value=one.said["presets"])
            for place in mine:
                values = one.assumptions.iloc[int(place)].to_dict()
                rows.append({**{str(k): float(v) for k, v in values.items()}, **one.kept})
                camps.append(camp)
        if not rows:
            raise InputError("no fitted sets", key="ensembles", accepted="camps with sets")
        names = tuple(name for name in dict.fromkeys(n for row in rows for n in row) if all(name in r for r in rows))
        scenario = str(next(iter(ensembles.values())).receipt["scenario"])
        return cls(tuple(camps), names, tuple(tuple(row[n] for n in names) for row in rows), scenario)

    def replaced(self, changes: Mapping[str, float]) -> Members:
        """Return the same members with some assumptions at one value; those that none has stay out."""
        values = tuple(
            tuple(changes.get(name, value) for name, value in zip(self.names, row, strict=True)) for row in self.values
        )
        return replace(self, values=values)

    def study(self, file: Path, regimes: Sequence[str], *, title: str, **more: Any) -> Study:
        """Return a study of all members; its points are written to a file.

        Parameters
        ----------
        file
            Where the points go, a CSV file.
        regimes
            As for a study.
        title
            Of the study.
        **more
            Tables of a study file (``readings``, ``driver``, ``explained``), and keys of its head.
        """
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        varied = [j for j in range(len(self.names)) if len({row[j] for row in self.values}) > 1]
        if not varied and not more.get("driver"):
            # One member and no driver: a list needs a factor, so the first number above 0 has a range that ends there.
            varied = [next(j for j, value in enumerate(self.values[0]) if value > 0)]
        writer.writerow(self.names[j] for j in varied)
        writer.writerows([repr(row[j]) for j in varied] for row in self.values)
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, out.getvalue().encode())
        tables: dict[str, dict[str, Any]] = {"parameters": {}, "capacities": {}}
        for j, name in enumerate(self.names):
            column = [row[j] for row in self.values]
            capacity = name.startswith(CAPACITY)
            low = min(column) if min(column) < max(column) else max(column) * (1 - 1e-9)
            value: Any = [low, max(column)] if j in varied else column[0]
            tables["capacities" if capacity else "parameters"][name.removeprefix(CAPACITY)] = value
        rest: dict[str, Any] = {key: more.pop(key) for key in ("readings", "driver", "explained") if key in more}
        head = {"title": title, "scenario": self.scenario, "regimes": tuple(regimes), "publication": False, **more}
        # Where there is one member nothing varies, and its study has one point.
        design = {"kind": "list", "file": str(file)} if varied else {"kind": "drivers"}
        data: dict[str, Any] = {"study": head, "design": design, **tables, **rest}
        return Study.from_document(validate(StudyFile, data, "study"), "study")

    def order(self, study: Study) -> dict[Variety, list[str]]:
        """Return for each variant of a study the identity of the point of every member."""
        found: dict[Variety, list[str]] = {}
        for _, _, point in study.design:
            found.setdefault(point.variant, []).append(point.id)
        return found
