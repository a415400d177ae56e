"""The targets: published figures, tied to the readings of the model that correspond to them.

A target whose figure covers any day after `LAST_DAY_FITTED` is held out: it is predicted, never fitted. A figure from
which a number of the shipped scenario follows (``feeds``) is neither.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator, model_validator

from sim.agents.behaviour import Authorities
from sim.evidence.observed import numeric_values, observed
from sim.files.document import Document
from sim.files.errors import InputError, nearest, raise_all
from sim.files.place import Place
from sim.files.toml import read_toml, validate
from sim.outcomes.groups import Groups
from sim.outcomes.measures import Measures, labels
from sim.outcomes.populations import other_population, population_of
from sim.outcomes.recorded import KNOWN_YEARS, Period
from sim.procedures.schema import Title, in_both_languages

if TYPE_CHECKING:
    import pandas as pd

FILE: Final = Path(__file__).parent / "targets.toml"
LAST_DAY_FITTED: Final = dt.date(2019, 7, 31)
"""The eve of the change."""
Floats = NDArray[np.float64]


class Reading(Document):
    """What the model counts: a measure for a group, in the simulated or the recorded world."""

    measure: str
    group: str = "all"
    world: Literal["simulated", "recorded"] = "simulated"

    @property
    def key(self) -> tuple[str, str, str]:
        """Measure, world and group."""
        return self.measure, self.world, self.group


class Published(Document):
    """A row of the published figures."""

    series: str
    period: str
    population: str | None = None


class TargetDocument(Document):
    """One table of the file of targets; see its head."""

    title: Title
    published: Published
    reading: Reading
    per: Reading | None = None
    is_: Literal["about", "at_least", "at_most"] = Field(alias="is")
    value: float | None = None
    note: str | None = None
    scale: Literal["ratio", "difference"]
    tolerance: float = Field(gt=0, le=2)
    until: dt.date
    feeds: str | None = Field(default=None, min_length=1)
    why: str = Field(min_length=1)
    lacks: str | None = Field(default=None, min_length=1)

    _title = field_validator("title", mode="before")(in_both_languages)

    @model_validator(mode="after")
    def _says_how_it_is_read(self) -> Self:
        if (self.value is None) != (self.note is None):
            raise ValueError("value goes with note, which says how the published cell is read")
        return self


class TargetsDocument(Document):
    """The file of targets."""

    target: dict[str, TargetDocument] = Field(min_length=1)


@dataclass(frozen=True)
class Target:
    """A published figure, and the reading that corresponds to it.

    Attributes
    ----------
    name
        Its name.
    document
        Its table.
    value
        The published number.
    source, grade
        Key of the source and grade of the figure.
    """

    name: str
    document: TargetDocument
    value: float
    source: str
    grade: str

    @property
    def fitted(self) -> bool:
        """Whether it may be fitted: it covers no day after the eve of the change, and no input follows from it."""
        return self.document.until <= LAST_DAY_FITTED and self.document.feeds is None

    @property
    def predicted(self) -> bool:
        """Whether it is held out to be predicted: it covers a day after the change, and no input follows from it."""
        return self.document.until > LAST_DAY_FITTED and self.document.feeds is None

    @property
    def readings(self) -> tuple[Reading, ...]:
        """The readings that it needs."""
        return (self.document.reading,) if self.document.per is None else (self.document.reading, self.document.per)

    @property
    def population(self) -> str:
        """Whom the published figure is about, in its own words."""
        row = self.document.published
        said = row.population or str(_published(row, Place(FILE, f"target.{self.name}"))["population"].iloc[0])
        if not said.startswith("idem"):
            return said
        return next(str(other) for other in observed(row.series)["population"] if not str(other).startswith("idem"))

    @property
    def counted(self) -> Title:
        """Of whom the reading is: the population of its measure, and the group."""
        reading = self.document.reading
        measure = {**Measures.load().measure, **Measures.dated().measure}.get(reading.measure)
        known = reading.world == "simulated" and measure is not None
        who = population_of(measure) if known and measure else other_population(reading.measure, reading.world)
        if reading.group == "all":
            return who
        return Title(en=f"{who.en}; group {reading.group}", nl=f"{who.nl}; groep {reading.group}")

    @property
    def bound(self) -> str:
        """The published value in words: ``at least 475``."""
        word = {"about": "", "at_least": "at least ", "at_most": "at most "}[self.document.is_]
        return f"{word}{self.value:,.10g}"

    def model(self, values: Mapping[tuple[str, str, str], Floats]) -> Floats:
        """Return the value of the model from readings; NaN where a quotient has no denominator."""
        top = values[self.document.reading.key]
        if self.document.per is None:
            return top
        below = values[self.document.per.key]
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(below > 0, top / below, np.nan)

    def scaled(self, model: Floats) -> Floats:
        """Return values on the scale on which they are emulated: logarithms of counts, shares as they are.

        A count of 0 is taken as 0.5, so that it has a logarithm.
        """
        return np.log(np.maximum(model, 0.5)) if self.logarithmic else np.asarray(model, np.float64)

    @property
    def logarithmic(self) -> bool:
        """Whether deviations are ratios."""
        return self.document.scale == "ratio"

    def deviation(self, scaled: Floats) -> Floats:
        """Return the deviation from the figure in tolerances: above 0 too high, below 0 too low; 0 within a bound."""
        goal = np.log(max(self.value, 0.5)) if self.logarithmic else self.value
        deviation = (scaled - goal) / self.document.tolerance
        if self.document.is_ == "at_least":
            return np.minimum(deviation, 0.0)
        if self.document.is_ == "at_most":
            return np.maximum(deviation, 0.0)
        return deviation


def load_targets(path: str | PathLike[str] = FILE) -> dict[str, Target]:
    """Read targets, with their published values.

    Raises
    ------
    InputError
        With every mistake: a row that is not among the published figures or not one row, a cell that is not one
        number where no ``value`` says how it is read.
    """
    document = validate(TargetsDocument, read_toml(path), path)
    found, problems = {}, []
    for name, table in document.target.items():
        try:
            found[name] = _target(name, table, Place(Path(path), f"target.{name}"))
        except InputError as error:
            problems.append(error)
    raise_all(problems)
    return found


def chosen(targets: Mapping[str, Target], names: Sequence[str], place: Place, *, later: bool) -> tuple[Target, ...]:
    """Return the targets to fit: those that are named, or all that end before the change.

    Parameters
    ----------
    later
        Whether figures of after the change may be fitted: a declared second fit.

    Raises
    ------
    InputError
        For an unknown name, and for a figure of after the change unless ``later``.
    """
    if not names:
        return tuple(target for target in targets.values() if target.fitted or (later and target.predicted))
    problems = []
    for i, name in enumerate(names):
        if name not in targets:
            problems.append(place.at(f"targets[{i}]").unknown("target", name, targets))
        elif targets[name].document.feeds is not None:
            problems.append(
                place.at(f"targets[{i}]").error(
                    f"{targets[name].document.feeds} follows from this figure, so that it is no test",
                    value=name,
                    accepted=[n for n, target in targets.items() if target.fitted or (later and target.predicted)],
                )
            )
        elif not targets[name].fitted and not later:
            problems.append(
                place.at(f"targets[{i}]").error(
                    f"covers days after {LAST_DAY_FITTED}, which are predicted and not fitted",
                    value=name,
                    accepted=[n for n, target in targets.items() if target.fitted],
                )
            )
    raise_all(problems)
    return tuple(targets[name] for name in dict.fromkeys(names))


def measures_of(targets: Iterable[Target]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the measures and groups that targets read, each once."""
    readings = [reading for target in targets for reading in target.readings]
    return tuple(dict.fromkeys(r.measure for r in readings)), tuple(dict.fromkeys(r.group for r in readings))


def _target(name: str, table: TargetDocument, place: Place) -> Target:
    for key, reading in (("reading", table.reading), ("per", table.per)):
        if reading is not None:
            _check_reading(reading, place.at(key))
    rows = _published(table.published, place.at("published"))
    if len(rows) != 1:
        accepted = list(rows["population"])
        raise place.at("published").error("more than one figure", value=table.published.series, accepted=accepted)
    value = float(numeric_values(rows).iloc[0]) if table.value is None else table.value
    if np.isnan(value):
        raise place.at("published").error(
            "the published cell is not one number", value=rows["value"].iloc[0], accepted="a value and a note beside it"
        )
    return Target(name, table, value, rows["source_key"].iloc[0], rows["grade"].iloc[0])


def _check_reading(reading: Reading, place: Place) -> None:
    """Refuse a measure that its world does not have, and a group that does not exist."""
    simulated, recorded = _measures()
    known = simulated if reading.world == "simulated" else recorded
    if reading.measure not in known:
        raise place.at("measure").unknown(f"measure of the {reading.world} world", reading.measure, sorted(known))
    groups = Groups.load().names
    if reading.group not in groups:
        raise place.at("group").unknown("group", reading.group, groups)


@cache
def _measures() -> tuple[frozenset[str], frozenset[str]]:
    """Return the names of all measures of the two worlds; of pools too."""
    every = Measures(measure={**Measures.load().measure, **Measures.dated().measure})
    period = Period(dt.date(KNOWN_YEARS[0], 1, 1), dt.date(KNOWN_YEARS[-1], 12, 31))
    found = labels(every, tuple(Authorities.load().pool), period)
    return tuple(frozenset(one.name for one in found if one.world == w) for w in ("simulated", "recorded"))  # type: ignore[return-value]


def _published(row: Published, place: Place) -> pd.DataFrame:
    try:
        table = observed(row.series)
    except InputError:
        names = sorted(set(observed()["series"]))
        raise place.at("series").unknown("series", row.series, names) from None
    periods = list(dict.fromkeys(table["period"]))
    if row.period not in periods:
        raise place.at("period").error(
            "no figure of this period", value=row.period, accepted=periods, near=nearest(row.period, periods)
        )
    table = table[table["period"] == row.period]
    if row.population is None:
        return table
    populations = list(table["population"])
    if row.population not in populations:
        raise place.at("population").error("no figure of this population", value=row.population, accepted=populations,
                                           near=nearest(row.population, populations))  # fmt: skip
    return table[table["population"] == row.population]
