"""The shape of a study file, and where the paths in it lead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import Field, field_validator

from sim.files.document import Document, as_tuple
from sim.files.numbers import LARGEST_SEED, MOST_REPLICATES
from sim.files.paths import absolute
from sim.studies.designs import Design
from sim.studies.drivers import Driver
from sim.studies.readings import USUAL

NO_PRESET: Final = "none"
"""Among the presets: the scenario as it is."""


class Head(Document):
    """The table ``[study]``.

    ``scenario``: a path from the folder of the file, or a shipped name. ``persons``: people, with capacities in
    proportion; everybody by default. ``presets``: rival explanations under which all points are run; ``"none"`` is the
    scenario as it is, commas join several. ``publication``: the output may be published; false lets a study vary what
    no published study varies. ``precision``: measure to the half width of the 95% interval of its paired
    difference, as a share of its level under the baseline, until which replicates are added.
    """

    title: str = Field(min_length=1)
    scenario: str = Field(min_length=1)
    regimes: tuple[str, ...] = ()
    start: dt.date | None = None
    end: dt.date | None = None
    throughout: bool | None = None
    persons: int | None = Field(default=None, ge=1, le=10_000_000)
    replicates: int = Field(default=4, ge=1, le=MOST_REPLICATES)
    seed: int | None = Field(default=None, ge=0, le=LARGEST_SEED)
    presets: tuple[str, ...] = (NO_PRESET,)
    measures: tuple[str, ...] = Field(default=USUAL, min_length=1)
    groups: tuple[str, ...] = Field(default=("all",), min_length=1)
    publication: bool = True
    precision: dict[str, float] = Field(default_factory=dict)
    most_replicates: int = Field(default=100, ge=1, le=MOST_REPLICATES)

    _tuples = field_validator("regimes", "presets", "measures", "groups", mode="before")(as_tuple)


class Explained(Document):
    """What is shared out among drivers: a measure, or the difference of two."""

    title: str
    name: str
    less: str | None = None
    world: str = "simulated"
    group: str = "all"


class StudyFile(Document):
    """The shape of a study.

    ``driver``: changes that can be on or off; every combination of them is a variant. ``explained``: what is shared out
    among them.
    """

    study: Head
    design: Design
    parameters: dict[str, Any] = Field(default_factory=dict)
    capacities: dict[str, Any] = Field(default_factory=dict)
    readings: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    driver: dict[str, Driver] = Field(default_factory=dict, max_length=10)
    explained: tuple[Explained, ...] = ()

    _tuples = field_validator("explained", mode="before")(as_tuple)

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures that are kept: those of the study, and all that is explained."""
        named = self.study.measures if "measures" in self.study.model_fields_set or not self.explained else ()
        needed = [name for one in self.explained for name in (one.name, one.less) if name is not None]
        return tuple(named) + tuple(name for name in dict.fromkeys(needed) if name not in named)

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups that are kept."""
        needed = dict.fromkeys(one.group for one in self.explained)
        return self.study.groups + tuple(name for name in needed if name not in self.study.groups)


def from_folder(document: StudyFile, folder: Path) -> StudyFile:
    """Return a study with paths that lead from anywhere: they begin at the folder of its file."""
    from sim.policies.library import located

    head, design = document.study, document.design
    scenario = head.scenario
    if scenario.endswith(".toml"):
        scenario = str(absolute(scenario, folder))
    regimes = tuple(located(regime, folder) for regime in head.regimes)
    presets = tuple(_located_presets(presets, folder) for presets in head.presets)
    head = head.model_copy(update={"scenario": scenario, "regimes": regimes, "presets": presets})
    if design.file is not None:
        design = design.model_copy(update={"file": str(absolute(design.file, folder))})
    return document.model_copy(update={"study": head, "design": design})


def without_folders(presets: str) -> str:
    """Return presets with only the names of their files."""
    return ",".join(Path(name).stem if name.endswith(".toml") else name for name in presets.split(","))


def _located_presets(presets: str, folder: Path) -> str:
    names = [name.strip() for name in presets.split(",")]
    return ",".join(str(absolute(name, folder)) if name.endswith(".toml") else name for name in names)


def plain_table(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return a table as a file would have it: lists and plain numbers."""
    from sim.scenarios.changes import plain

    return dict(plain({name: list(value) if isinstance(value, tuple) else value for name, value in table.items()}))
