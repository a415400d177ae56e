"""A study: a scenario, the regimes that are compared on it, what varies, and what is kept of each run; as a file.

A study is checked as a whole before anything of it runs: every name, every range, every point.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any, Final

from sim.files.errors import InputError, raise_all
from sim.files.paths import expanded
from sim.files.place import Place
from sim.files.toml import read_toml, validate
from sim.runs.loading import Asked, asked_of
from sim.runs.replicate import period_of, pool_names
from sim.runs.world import make_world
from sim.scenarios.scenario import Scenario
from sim.studies.designs import EXTENDED, Row, rows_of
from sim.studies.drivers import combinations_of, with_drivers
from sim.studies.factors import factors_of
from sim.studies.points import Point
from sim.studies.readings import Readings, readings_of
from sim.studies.shares import families_of
from sim.studies.study_file import NO_PRESET, StudyFile, from_folder, plain_table, without_folders

MOST_RUNS: Final = 100_000_000
NOT_PUBLISHED: Final = {
    "tactics.": "what traffickers do on purpose: a sweep over it would show which of it works best",
    "intake.": "the triage of the police: a sweep over it would show what passes it",
}
"""How the names of parameters begin that no published study varies, and why."""


@dataclass(frozen=True)
class Variant:
    """The scenario under one set of presets, readings and drivers, with its regimes."""

    presets: str
    readings: tuple[tuple[str, str], ...]
    drivers: tuple[str, ...]
    asked: Asked


class Study:
    """A study, checked; do not change it.

    Attributes
    ----------
    document
        Its content.
    file
        Where it came from, for error messages.
    asked
        Scenario and regimes as they are run where nothing varies.
    factors
        What varies.
    kept
        What is not as in the scenario, at every point.
    variants
        By presets, readings and drivers: scenario and regimes.
    readings
        What is kept of each run.
    worlds
        The regimes, compiled where nothing varies.
    """

    def __init__(
        self,
        scenario: str | PathLike[str],
        regimes: Sequence[str] = (),
        *,
        design: Mapping[str, Any],
        parameters: Mapping[str, Any] | None = None,
        capacities: Mapping[str, Any] | None = None,
        readings: Mapping[str, Sequence[str]] | None = None,
        title: str = "A study",
        **head: Any,
    ) -> None:
        """Make a study without a file; the arguments are the tables and keys of one. Paths begin at the present folder.

        Raises
        ------
        InputError
            As ``load``.
        """
        data = {
            "study": {"title": title, "scenario": str(scenario), "regimes": tuple(regimes), **head},
            "design": dict(design),
            "parameters": plain_table(parameters or {}),
            "capacities": plain_table(capacities or {}),
            "readings": {question: tuple(options) for question, options in (readings or {}).items()},
        }
        self._settle(from_folder(validate(StudyFile, data, "study"), Path()), "study")

    def _settle(self, document: StudyFile, file: str | PathLike[str]) -> None:
        """Check a document, and find all that it names."""
        self.document, self.file = document, Path(file)
        self.place = Place(self.file, "")
        self.asked = self._asked(self._scenario())
        scenario = self.asked.scenario
        self.factors, self.kept = factors_of(
            document.parameters,
            document.capacities,
            scenario.parameter_values(),
            self.place,
            scenario.document.capacity,
        )
        if self.kept:
            self.asked = self._asked(self._changed(scenario, self.kept, "parameters"))
        self._check_factors()
        self.variants = {(v.presets, v.readings, v.drivers): v for v in self._variants()}
        self.worlds = [make_world(self.asked.scenario, regime) for regime in self.asked.regimes]
        pools, period, own = pool_names(self.worlds), period_of(self.asked.scenario), scenario.own
        self.readings: Readings = readings_of(document.measures, document.groups, pools, period, own, self.place)
        self._check_explained()
        self._check_precision()
        self._check_extremes()

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Study:
        """Read a study from its file.

        Raises
        ------
        InputError
            With every mistake: file, key path, value, what is accepted and the nearest match.
        """
        file = expanded(path)
        document = validate(StudyFile, read_toml(file), file)
        return cls.from_document(from_folder(document, file.parent), file)

    @classmethod
    def from_document(cls, document: StudyFile, file: str | PathLike[str]) -> Study:
        """Make a study of what a file holds; its paths lead from anywhere."""
        study = cls.__new__(cls)
        study._settle(document, file)
        return study

    # ---- what is run ----

    @property
    def regimes(self) -> tuple[str, ...]:
        """Names of the regimes; the first is the baseline."""
        from sim.runs.naming import distinct

        return tuple(distinct([regime.name for regime in self.asked.regimes]))

    @property
    def seed(self) -> int:
        """Seed of all draws."""
        return self.asked.seed

    @cached_property
    def rows(self) -> list[Row]:
        """The rows of the design, in order."""
        scenario = self.asked.scenario
        parameters = scenario.parameter_values()
        families = families_of(self.factors, parameters, self.place)
        rows = rows_of(self.document.design, self.factors, families, parameters, self.place)
        self._check_size(len(rows))
        return rows

    @cached_property
    def design(self) -> list[tuple[int, Row, Point]]:
        """Number, row and point of every run of the design: all rows under each variant in turn, block after block."""
        out = []
        blocks = itertools.groupby(self.rows, key=lambda row: row.block)
        for _, rows in blocks:
            of_block = list(rows)
            for variant in self.variants:
                out += [(row, Point(row.values, *variant)) for row in of_block]
        return [(number, row, point) for number, (row, point) in enumerate(out)]

    @cached_property
    def points(self) -> list[tuple[int, Point]]:
        """Block and point of every distinct point, in the order in which the design first has it."""
        found: dict[str, tuple[int, Point]] = {}
        for _, row, point in self.design:
            found.setdefault(point.id, (row.block, point))
        return list(found.values())

    def scenario_at(self, point: Point) -> Scenario:
        """Return the scenario at a point."""
        scenario = self.variants[point.variant].asked.scenario
        return scenario.replace(**point.changes) if point.changes else scenario

    def extended(self, points: int) -> Study:
        """Return the study with a further block of points.

        Raises
        ------
        InputError
            When the design cannot be extended.
        """
        design = self.document.design
        if design.kind not in EXTENDED:
            accepted = f"a design of kind {', '.join(EXTENDED)}"
            raise InputError("a design of this kind is complete", file=self.file, key="design.kind", value=design.kind,
                             accepted=accepted)  # fmt: skip
        more = design.model_copy(update={"points": (*design.blocks, points)})
        return Study.from_document(self.document.model_copy(update={"design": more}), self.file)

    def with_head(self, **changes: Any) -> Study:
        """Return the study with other values in ``[study]``."""
        return Study.from_document(
            self.document.model_copy(update={"study": self.document.study.model_copy(update=changes)}), self.file
        )

    # ---- as text ----

    def text(self, scenario: str, file: str | None, presets: Sequence[str] | None = None) -> str:
        """Return the study as TOML, with other paths of its scenario, of its list and of its presets."""
        import tomli_w

        data = self.document.model_dump(exclude_defaults=True)
        data["study"] |= {"scenario": scenario}
        data["study"].pop("regimes", None)
        if file is not None:
            data["design"]["file"] = file
        if presets is not None and "presets" in data["study"]:
            data["study"]["presets"] = list(presets)
        varied = {name: data.pop(name) for name in ("parameters", "capacities") if name in data}
        return tomli_w.dumps(data) + "".join(f"\n[{name}]\n{in_order(table)}" for name, table in varied.items())

    def hash(self) -> str:
        """Return a SHA-256 of what decides the points and what is run on them, without the number of points."""
        return hashlib.sha256(json.dumps(self.content(), sort_keys=True).encode()).hexdigest()

    def content(self) -> dict[str, Any]:
        """Return what the hash is of."""
        content = self.document.model_dump(
            mode="json", exclude={"study": {"title", "scenario", "regimes"}, "explained": True}
        )
        content["study"]["presets"] = [without_folders(presets) for presets in self.document.study.presets]
        content["design"].pop("points")
        content["design"].pop("file")
        if self.document.design.kind == "list":
            content["points"] = [point.id for _, point in self.points]
        content["scenarios"] = [v.asked.scenario.hash() for v in self.variants.values()]
        content["regimes"] = [[regime.hash() for regime in v.asked.regimes] for v in self.variants.values()]
        return content

    def __repr__(self) -> str:
        """Return the study in one line."""
        return (
            f"<Study {self.document.study.title}: {self.document.design.kind}, {len(self.points)} points, "
            f"{' | '.join(self.regimes)}, varies {', '.join(f.name for f in self.factors) or 'nothing'}>"
        )

    # ---- checks ----

    def _scenario(self) -> Scenario:
        head = self.document.study
        scenario = Scenario.load(head.scenario)
        changes: dict[str, Any] = {"replicates": head.replicates}
        changes |= {key: getattr(head, key) for key in ("start", "end", "seed") if getattr(head, key) is not None}
        if head.persons is not None:
            changes["inflow"] = {"persons": head.persons, "capacities": "in_proportion"}
        return self._replaced(scenario, changes, "study")

    def _replaced(self, scenario: Scenario, changes: Mapping[str, Any], key: str) -> Scenario:
        """Return a scenario with changes; what it refuses is a mistake of the study."""
        try:
            return scenario.replace(**changes)
        except InputError as error:
            raise_all(
                InputError(
                    p.problem,
                    file=self.file,
                    key=f"{key}: {p.key}",
                    value=p.value,
                    accepted=p.accepted,
                    nearest=p.nearest,
                )
                for p in error.problems
            )
            raise

    def _changed(self, scenario: Scenario, values: Mapping[str, float], key: str) -> Scenario:
        return self._replaced(scenario, Point(values).changes, key)

    def _asked(self, scenario: Scenario) -> Asked:
        head = self.document.study
        return asked_of(scenario, list(head.regimes) or None, throughout=head.throughout)

    def _variants(self) -> list[Variant]:
        """Return every combination of presets, readings and drivers."""
        scenario, questions, drivers = self.asked.scenario, self.document.readings, self.document.driver
        combinations = combinations_of(tuple(drivers))
        out = []
        for presets in self.document.study.presets:
            names = [] if presets == NO_PRESET else presets.split(",")
            under = scenario.under(*names) if names else scenario
            self._not_set_otherwise(under, scenario, presets)
            label = "" if presets == NO_PRESET else without_folders(presets)
            for options, on in itertools.product(itertools.product(*questions.values()), combinations):
                chosen = dict(zip(questions, options, strict=True))
                changed = self._replaced(under, {"readings": chosen}, "readings") if chosen else under
                if drivers:
                    changed = self._replaced(changed, with_drivers(drivers, on), "driver")
                    self._not_set_otherwise(changed, under, "a driver")
                out.append(Variant(label, tuple(chosen.items()), on, self._asked(changed)))
        if len({(v.presets, v.readings, v.drivers) for v in out}) != len(out):
            raise self.place.at("study.presets").error("named twice", value=list(self.document.study.presets))
        return out

    def _not_set_otherwise(self, under: Scenario, scenario: Scenario, presets: str) -> None:
        before, after = scenario.document.parameters, under.document.parameters
        for factor in self.factors:
            if after.get(factor.name) != before.get(factor.name):
                raise self.place.at(f"parameters.{factor.name}").error(
                    f"varies, and {presets} sets it", value=after.get(factor.name), accepted="one of the two"
                )

    def _check_factors(self) -> None:
        """Refuse what no published study varies."""
        if not self.document.study.publication:
            return
        raise_all(
            self.place.at(f"parameters.{factor.name}").error(
                f"{why}, so it varies in no study for publication",
                accepted="no such parameter; or publication = false in [study], for a study that stays inside",
            )
            for factor in self.factors
            for start, why in NOT_PUBLISHED.items()
            if factor.name.startswith(start)
        )

    def _check_explained(self) -> None:
        """Refuse what is to be explained in a world that does not have it, and a design of drivers without any."""
        known = [(label.name, label.world) for label in self.readings.labels]
        for i, one in enumerate(self.document.explained):
            for name in (one.name, one.less):
                if name is not None and (name, one.world) not in known:
                    worlds = [world for label, world in known if label == name]
                    raise self.place.at(f"explained[{i}].world").error(
                        f"{name} is not measured there", value=one.world, accepted=worlds
                    )
        if self.document.design.kind == "drivers" and not self.document.driver:
            raise self.place.at("driver").error("a design of drivers needs some", accepted="[driver.NAME]")

    def _check_precision(self) -> None:
        names = {label.name for label in self.readings.labels}
        for name, share in self.document.study.precision.items():
            where = self.place.at(f"study.precision.{name}")
            if name not in names:
                raise where.unknown("measure among those of the study", name, names)
            if not 0 < share < 1:
                raise where.error("out of range", value=share, accepted="a number between 0 and 1, such as 0.05")
        if self.document.study.precision and len(self.regimes) < 2:
            raise self.place.at("study.precision").error("needs a difference", accepted="two regimes or more")

    def _check_extremes(self) -> None:
        """Let the scenario check the first and the last of each range, once, so that no point fails for its values."""
        rows = self.rows
        for point in dict.fromkeys(p.id for _, p in (self.points[:1] + self.points[-1:])):
            found = next(p for _, p in self.points if p.id == point)
            self._changed(self.variants[found.variant].asked.scenario, found.values, "design")
        assert rows

    def _check_size(self, rows: int) -> None:
        runs = rows * len(self.variants) * len(self.asked.regimes) * self.document.study.replicates
        if runs > MOST_RUNS:
            raise self.place.at("design").error(
                "too large to finish", value=f"{runs:,} runs", accepted=f"{MOST_RUNS:,} runs at most"
            )


def in_order(table: Mapping[str, Any]) -> str:
    """Return the lines of a table in its order; a table in it becomes dotted keys, where a writer would put it last."""
    import tomli_w

    return "".join(
        tomli_w.dumps({name: value})
        if not isinstance(value, Mapping)
        else "".join(tomli_w.dumps({name: 0}).replace(" = 0\n", f".{line}\n") for line in _lines(value))
        for name, value in table.items()
    )


def _lines(table: Mapping[str, Any]) -> list[str]:
    """Return the lines of a table whose values are numbers, texts and lists of them, each on one line."""
    import tomli_w

    return [" ".join(tomli_w.dumps({key: value}).split()) for key, value in table.items()]
