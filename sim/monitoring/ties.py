"""New published figures, each tied to the reading of the model that corresponds to it."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path

from sim.calibration.targets import Reading, Target, TargetDocument, load_targets
from sim.evidence.observed import numeric_values, read_observed
from sim.files.errors import InputError, nearest, raise_all
from sim.files.paths import expanded
from sim.monitoring.periods import FORMS, SUFFIX, days_of, suffix_of

Key = tuple[str, str, str]
"""Measure, world and group."""


@dataclass(frozen=True)
class Figure:
    """A published figure, read.

    Attributes
    ----------
    series, period, population, value, source
        Its cells.
    target
        The figure as a target: how it is read in the model, and how far it may be off.
    until
        The last day that it covers.
    """

    series: str
    period: str
    population: str
    value: str
    source: str
    target: Target
    until: dt.date

    @property
    def name(self) -> tuple[str, str, str]:
        """What makes it this figure and no other one."""
        return self.series, self.period, self.population

    def as_row(self) -> dict[str, str]:
        """Return its cells, as the log keeps them."""
        cells = ("series", "period", "population", "value", "source")
        return {cell: getattr(self, cell) for cell in cells}


def read_figures(path: str | PathLike[str], fitted: Collection[str], known: Collection[Key]) -> list[Figure]:
    """Read figures and tie each to a reading of the model; in the order of the days on which they end.

    Parameters
    ----------
    path
        A CSV file with the columns of `sim.evidence.observed.COLUMNS`. Its sources may be any text.
    fitted
        Names of the targets that the ensembles were fitted to.
    known
        The readings of which the ensembles have values.

    Raises
    ------
    InputError
        With every mistake: a broken row, a series that no target has, a period of which there is no reading, a cell
        that is not one number, a figure that was fitted, or one that comes twice.
    """
    file = expanded(path)
    table = read_observed(file, known_sources=False)
    if table.empty:
        raise InputError("no figures", file=file, accepted="a row for each figure")
    targets, values = load_targets(), numeric_values(table)
    figures: list[Figure] = []
    problems: list[InputError] = []
    for line, (row, value) in enumerate(zip(table.to_dict("records"), values, strict=True), start=2):
        at = _At(file, line)
        try:
            figure = _figure({str(k): str(v) for k, v in row.items()}, float(value), at, targets, known)
            _accept(figure, fitted, [one.name for one in figures], at)
        except InputError as error:
            problems.append(error)
        else:
            figures.append(figure)
    raise_all(problems)
    return sorted(figures, key=lambda one: (one.until, one.name))


def tied(row: Mapping[str, str], fitted: Collection[str], known: Collection[Key], file: Path, line: int) -> Figure:
    """Return a figure of a log, tied to its reading as `read_figures` ties one.

    Raises
    ------
    InputError
        As there.
    """
    at = _At(file, line)
    try:
        value = float(row["value"])
    except ValueError:
        value = float("nan")
    figure = _figure({**row, "source_key": row["source"]}, value, at, load_targets(), known)
    _accept(figure, fitted, (), at)
    return figure


def _accept(figure: Figure, fitted: Collection[str], others: Collection[tuple[str, str, str]], at: _At) -> None:
    if figure.target.name in fitted:
        problem = "the ensembles were fitted to it: weighed again, it would count twice"
        raise at.error("series", figure.series, problem, "figures that were held out")
    if figure.name in others:
        raise at.error("period", figure.period, "comes twice", "each figure once")


@dataclass(frozen=True)
class _At:
    file: Path
    line: int

    def error(
        self, cell: str, value: object, problem: str, accepted: str | Sequence[str], near: str | None = None
    ) -> InputError:
        key = f"line {self.line}, {cell}"
        return InputError(problem, file=self.file, key=key, value=value, accepted=accepted, nearest=near)


def _figure(
    row: Mapping[str, str], value: float, at: _At, targets: Mapping[str, Target], known: Collection[Key]
) -> Figure:
    series, period = row["series"].strip(), row["period"].strip()
    siblings = [target for target in targets.values() if target.document.published.series == series]
    if not siblings:
        names = sorted({target.document.published.series for target in targets.values()})
        raise at.error("series", series, "no reading of the model corresponds to this series", names,
                       nearest(series, names))  # fmt: skip
    population = row["population"].strip()
    of_population = [t for t in siblings if t.document.published.population in (None, population)]
    if not of_population:
        populations = sorted({str(target.document.published.population) for target in siblings})
        raise at.error("population", population, "no reading of the model corresponds to this population", populations,
                       nearest(population, populations))  # fmt: skip
    exact = [target for target in of_population if target.document.published.period == period]
    if not exact:
        target = _of_other_period(of_population[0], period, at, known)
    else:
        target = exact[0]
        if target.document.value is not None and math.isnan(value):
            value = target.value  # a direction, which the target reads as a bound
    if math.isnan(value):
        raise at.error("value", row["value"], "not one number", "a number")
    if any(reading.key not in known for reading in target.readings):
        raise at.error("period", period, "the ensembles have no value for it", _periods(of_population, known))
    target = replace(target, value=_as_read(value, target))
    return Figure(series, period, population, row["value"], row["source_key"], target, target.document.until)


def _as_read(value: float, target: Target) -> float:
    """Return a published number as the target reads it: percentages as shares."""
    return value / 100 if target.document.scale == "difference" and value > 1 else value


def _of_other_period(sibling: Target, period: str, at: _At, known: Collection[Key]) -> Target:
    """Return a target for a figure of the same series in another period, read in the same way."""
    try:
        _, until = days_of(period)
    except ValueError as error:
        raise at.error("period", period, f"not a period: {error}", FORMS) from None
    document = sibling.document
    moved = {"reading": _moved(document.reading, period)}
    if document.per is not None:
        moved["per"] = _moved(document.per, period)
    if any(reading.key not in known for reading in moved.values()):
        periods = _periods([sibling], known)
        raise at.error("period", period, "the ensembles have no value for it", periods, nearest(period, periods))
    changed: TargetDocument = document.model_copy(update={**moved, "is_": "about", "until": until})
    return replace(sibling, name=f"{sibling.document.published.series} {period}", document=changed)


def _moved(reading: Reading, period: str) -> Reading:
    return reading.model_copy(update={"measure": SUFFIX.sub("", reading.measure) + suffix_of(period)})


def _periods(siblings: Sequence[Target], known: Collection[Key]) -> list[str]:
    """Return the periods of which there is a reading, and those of the targets themselves."""
    found = {target.document.published.period for target in siblings}
    stems = {(SUFFIX.sub("", t.document.reading.measure), t.document.reading.group) for t in siblings}
    for measure, _, group in known:
        end = SUFFIX.search(measure)
        if end and (SUFFIX.sub("", measure), group) in stems:
            year, _, part = end[0][1:].partition("_")
            period = f"{year}-{part.upper()}" if part else year
            try:
                days_of(period)
            except ValueError:
                continue
            found.add(period)
    return sorted(found)
