"""The measures of one run: those of ``measures.toml`` by group, simulated and as registers would show them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator, model_validator

from sim.evidence.parameters import Parameters
from sim.files.document import Document, as_tuple
from sim.files.errors import InputError, raise_all
from sim.files.place import Place
from sim.files.toml import read_toml, validate
from sim.outcomes import dutch
from sim.outcomes.headline import role_of
from sim.outcomes.pairing import MeasureLabel
from sim.outcomes.pools import pool_catalogue, pool_labels, pool_measures
from sim.outcomes.populations import other_population, population_of
from sim.outcomes.quarters import each_quarter
from sim.outcomes.recorded import (
    Period,
    counterparts,
    recorded_meaning,
    recorded_measures,
)
from sim.policies.own import NOTHING, Own
from sim.procedures.conditions import Criterion
from sim.procedures.schema import Title, in_both_languages
from sim.procedures.traits import FLAGS

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Kind = Literal[
    "persons",
    "entries",
    "days",
    "mean_days",
    "restricted_mean_days",
    "share",
    "ratio",
    "within",
    "networks",
    "together",
]
OF_DAYS: Final = ("persons", "share", "together")
"""Kinds that can count only first entries from one day to another."""
OF_SPELLS: Final = ("mean_days", "restricted_mean_days", "within")
NEEDS: Final = {
    ("share", "ratio", "mean_days"): "per",
    ("within",): "limit",
    ("restricted_mean_days",): "horizon_days",
}
"""Keys that measures of some kinds need."""
TAKEN: Final = ("queue", "wait", "utilisation", "beyond_capacity", "registrations", "signalled")
"""Prefixes of the names of measures of pools and registers; the pool, notifier or year follows."""
CATALOGUE_COLUMNS: Final = (
    "measure", "world", "area", "title", "unit", "meaning", "title_nl", "meaning_nl", "role", "population",
    "population_nl",
)  # fmt: skip
WORKING_DAYS_PER_WEEK, DAYS_PER_WEEK = 5, 7


class Sequence(NamedTuple):
    """Steps in order: the first of ``steps``, at any time later one of ``then``, and none of ``not_before`` first."""

    steps: tuple[str, ...]
    then: tuple[str, ...]
    not_before: tuple[str, ...] = ()


class Measure(Document):
    """One measure; see the head of ``measures.toml`` for the kinds."""

    area: str
    title: Title
    kind: Kind
    steps: tuple[str, ...] = Field(min_length=1)
    among: tuple[Criterion, ...] = ()
    not_steps: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()
    per: tuple[str, ...] = ()
    per_done: bool = False
    limit: str | None = None
    horizon_days: int | None = Field(default=None, ge=1)
    between: tuple[dt.date, dt.date] | None = None
    assumed: str | None = None

    _tuples = field_validator("steps", "among", "not_steps", "then", "not_before", "per", "between", mode="before")(
        as_tuple
    )
    _title = field_validator("title", mode="before")(in_both_languages)

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> Self:
        for kinds, key in NEEDS.items():
            if (self.kind in kinds) and not getattr(self, key):
                raise ValueError(f"a measure of kind {self.kind} needs {key}")
        if self.not_before and not self.then:
            raise ValueError("not_before goes with then")
        if self.between is not None and self.kind not in OF_DAYS:
            raise ValueError(f"between goes with a measure of kind {' or '.join(OF_DAYS)}")
        if self.between is not None and self.between[0] > self.between[1]:
            raise ValueError("between is two days, the earlier first")
        return self

    @property
    def sequence(self) -> Sequence | None:
        """The sequence of steps that it counts, if it has a ``then``."""
        return Sequence(self.steps, self.then, self.not_before) if self.then else None

    @property
    def unit(self) -> str:
        """Unit of the value."""
        units = {
            "entries": "cases",
            "days": "days",
            "mean_days": "days",
            "restricted_mean_days": "days",
            "share": "share",
            "within": "share",
            "ratio": "ratio",
            "networks": "networks",
            "together": "share",
        }
        return units.get(self.kind, "persons")


class Measures(Document):
    """The file of measures."""

    measure: dict[str, Measure]

    @staticmethod
    def dated() -> Measures:
        """Return the shipped measures of some months or years, which correspond to published figures."""
        return _shipped("dated.toml")

    @staticmethod
    def load(own: Own = NOTHING) -> Measures:
        """Read the shipped measures and a user's own.

        Raises
        ------
        InputError
            If a measure of the user's has the name of another one, or names a step, trait or parameter that no regime,
            shipped or of the user's, has.
        """
        if not own.measures:
            return _shipped()
        tables = dict(_shipped().measure)
        for name, table in own.measures.items():
            assert table.place.file is not None
            if name in tables or name in Measures.dated().measure or any(name.startswith(f"{kind}_") for kind in TAKEN):
                raise table.place.error("a measure of this name is there already", accepted="another name")
            found = validate(Measures, {"measure": {name: dict(table.content)}}, table.place.file).measure[name]
            raise_all(_mistakes(found, table.place, own))
            tables[name] = found
        return Measures(measure=tables)

    def steps(self) -> tuple[str, ...]:
        """Return all steps that the history must keep."""
        names: dict[str, None] = {}
        for m in self.measure.values():
            names |= dict.fromkeys((*m.steps, *m.not_steps, *m.then, *m.not_before, *m.per))
        return tuple(names)

    def remembered(self) -> list[str]:
        """Return the steps that measures ask for however long ago they were entered."""
        once = [m.steps if m.then else () for m in self.measure.values()]
        once += [(*m.not_steps, *m.not_before) for m in self.measure.values()]
        return list(dict.fromkeys(step for steps in once for step in steps))


@cache
def _shipped(name: str = "measures.toml") -> Measures:
    path = Path(__file__).parent / name
    content = read_toml(path)
    for start, table in content.pop("each_quarter", {}).items():
        content["measure"] |= dict(each_quarter(start, table))
    return validate(Measures, content, path)


def _mistakes(measure: Measure, place: Place, own: Own) -> Iterator[InputError]:
    """Yield a mistake for each step, trait or parameter of a measure that does not exist."""
    steps = [*own.rulebook.steps, *own.steps]
    for key in ("steps", "not_steps", "then", "not_before", "per"):
        for step in getattr(measure, key):
            if step not in steps:
                yield place.at(key).unknown("step", step, steps)
    for criterion in measure.among:
        if str(criterion.subject) not in FLAGS:
            yield place.at("among").unknown("trait", str(criterion.subject), FLAGS)
    for key in ("limit", "assumed"):
        parameter = getattr(measure, key)
        if parameter is not None and parameter not in own.parameters:
            yield place.at(key).unknown("parameter", parameter, list(own.parameters))


def labels(measures: Measures, pools: tuple[str, ...], period: Period) -> list[MeasureLabel]:
    """Return name, world and unit of every measure, in the order of the values; by year for the years of a period."""
    out = [MeasureLabel(name, "simulated", measure.unit) for name, measure in measures.measure.items()]
    out += [MeasureLabel(name, "simulated", unit) for name, (unit, _) in counterparts(period).items()]
    out += [MeasureLabel(name, "recorded", unit) for name, (unit, _) in recorded_measures(period).items()]
    return out + pool_labels(pools)


def catalogue_table(
    measures: Measures, pools: Mapping[str, Title], period: Period, parameters: Parameters
) -> pd.DataFrame:
    """Return measure, world, area, title, unit, meaning, the last two in Dutch, role and population of each measure.

    The title of a measure names the assumed parameter that drives it, if there is one, with the value in use.

    Parameters
    ----------
    measures
        The measures.
    pools
        Title of each pool, by name.
    period
        The years that are measured.
    parameters
        The numbers in use.
    """
    import pandas as pd

    rows = [
        (name, "simulated", m.area, marked(m.title.en, m.assumed, parameters), m.unit, _meaning(m, ENGLISH))
        for name, m in measures.measure.items()
    ]
    for name, (unit, title) in counterparts(period).items():
        rows.append((name, "simulated", "detection", title, unit, "by year of arrival; the same under every regime"))
    for name, (unit, title) in recorded_measures(period).items():
        rows.append((name, "recorded", "detection", title, unit, recorded_meaning(name, period)))
    rows += pool_catalogue({name: title.en for name, title in pools.items()})
    in_dutch = [
        (marked(m.title.nl, m.assumed, parameters, dutch.MARK), _meaning(m, dutch.MEANING))
        for m in measures.measure.values()
    ]
    in_dutch += [*dutch.counterparts(period), *dutch.recorded(period)]
    in_dutch += dutch.pools(pool_measures(list(pools)), pools)
    who = [population_of(m) for m in measures.measure.values()]
    who += [other_population(name, world) for name, world, *_ in rows[len(who) :]]
    return pd.DataFrame(
        [
            (*row, *more, role_of(row[0], row[1]), one.en, one.nl)
            for row, more, one in zip(rows, in_dutch, who, strict=True)
        ],
        columns=list(CATALOGUE_COLUMNS),
    )


def marked(title: str, assumed: str | None, parameters: Parameters, mark: str = "driven by an assumed input") -> str:
    """Return a title, with the assumed parameter that drives what it names, if one does."""
    return title if assumed is None else f"{title} ({mark}: {assumed} = {parameters.value(assumed):g})"


ENGLISH: Final = {
    "then": "and later",
    "not_before": "with none before of",
    "not_steps": "but not",
    "per_done": "for each that has ended of",
    "per": "for each",
    "among": "among",
}


def _meaning(m: Measure, words: Mapping[str, str]) -> str:
    """Say in words how a measure is counted."""
    parts = [f"{words.get(m.kind, m.kind)}: {', '.join(m.steps)}"]
    for key in ("then", "not_before", "not_steps", "per", "among"):
        names = getattr(m, key)
        if names:
            word = words["per_done" if key == "per" and m.per_done else key]
            parts.append(f"{word} {', '.join(map(str, names))}")
    return "; ".join(parts)
