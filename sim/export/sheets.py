"""What a figure of paired differences shows: of a comparison, of a study, of a calibration."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from sim.export.results import Results
from sim.export.words import both, word
from sim.outcomes.headline import HEADLINE
from sim.procedures.schema import Title
from sim.report.phrases import Difference


@dataclass(frozen=True)
class Row:
    """One measure.

    Attributes
    ----------
    title, unit
        Of the measure.
    level
        Under the baseline; NaN where there is none.
    marks
        A difference for each entry of the legend; None where there is none.
    """

    title: Title
    unit: str
    level: float
    marks: Sequence[Difference | None]


@dataclass(frozen=True)
class Sheet:
    """A figure of rows.

    Attributes
    ----------
    head, under
        Its title, and the line under it.
    legend
        What the marks of a row are of, from above.
    rows
        The rows.
    of_marks, of_levels
        What the numbers of marks and the levels are; of_levels is None where no levels are shown.
    """

    head: Title
    under: Title
    legend: Sequence[Title]
    rows: Sequence[Row]
    of_marks: Title
    of_levels: Title | None


def sheet_of_comparison(results: Results, group: str) -> Sheet:
    """Return the paired differences of the headline measures for a group, with all reforms."""
    book, titles = results.book, results.titles
    rows = []
    for entry in book.shown(HEADLINE, group):
        levels = book.levels(entry, group)
        marks = [book.difference(entry, group, reform) for reform in book.reforms]
        rows.append(Row(titles.measures[entry.measure, entry.world], entry.unit, levels[0], marks))
    interval = _numbers("difference", "interval")
    return _sheet(results, group, [titles.regimes[name] for name in book.reforms], rows, interval)


def sheet_of_study(results: Results, group: str) -> Sheet:
    """Return between which values the differences of a study lie over its points for a group, with all reforms."""
    ranges, levels, titles = results.table("ranges"), results.table("level_ranges"), results.titles
    reforms, baseline = results.regimes[1:], results.regimes[0]
    mine = ranges[(ranges["group"] == group) & (ranges["world"] == "simulated")]
    of_levels = levels[(levels["group"] == group) & (levels["world"] == "simulated")]
    rows = []
    for measure, some in mine.groupby("measure", sort=False):
        unit = str(some["unit"].iloc[0])
        at = of_levels[of_levels["measure"] == measure]
        middles = at.loc[at["regime"] == baseline, "middle"]
        marks = [_of_points(some[some["reform"] == reform].iloc[0]) for reform in reforms]
        level = float(middles.iloc[0]) if len(middles) else math.nan
        rows.append(Row(titles.measures[str(measure), "simulated"], unit, level, marks))
    said = _numbers("middle", "lowest to highest")
    return _sheet(results, group, [titles.regimes[name] for name in reforms], rows, said)


def sheet_of_calibration(results: Results, group: str, reform: str) -> Sheet:
    """Return the difference that a reform makes over the sets of each camp that fit, for a group."""
    table, titles = results.table("camp_differences"), results.titles
    mine = table[(table["group"] == group) & (table["reform"] == reform) & (table["world"] == "simulated")]
    camps = results.receipt["camps"]
    units = results.catalogue.set_index(["measure", "world"])["unit"]
    rows = []
    for measure, some in mine.groupby("measure", sort=False):
        unit = str(units[measure, "simulated"])
        marks = [_of_camp(some[some["camp"] == camp].iloc[0], unit) for camp in camps]
        rows.append(Row(titles.measures[str(measure), "simulated"], unit, math.nan, marks))
    who, baseline = titles.groups[group], str(mine["baseline"].iloc[0])
    under = both(
        f"{titles.regime(reform, 'en')}, less: {titles.regime(baseline, 'en')}",
        f"{titles.regime(reform, 'nl')}, min: {titles.regime(baseline, 'nl')}",
    )
    head = both(f"Difference by camp: {who.en}", f"Verschil naar kamp: {who.nl}")
    legend = [Title(**camp) for camp in camps.values()]
    return Sheet(head, under, legend, rows, _numbers("middle", "nine tenths"), None)


def _of_points(row: pd.Series) -> Difference:
    middle, lowest, highest = (float(row[name]) for name in ("middle", "lowest", "highest"))
    points = int(row["points"])
    higher, lower = (row[name] / points for name in ("points_higher", "points_lower"))
    ends = (middle, lowest, highest)
    return Difference(row["baseline"], row["reform"], *ends, row["unit"], higher, lower, 1 - higher - lower, points)


def _of_camp(row: pd.Series, unit: str) -> Difference | None:
    middle, low, high = (float(row[name]) for name in ("middle", "low", "high"))
    if math.isnan(middle):
        return None
    higher, lower, equal = (float(row[name]) for name in ("weight_higher", "weight_lower", "weight_equal"))
    return Difference(row["baseline"], row["reform"], middle, low, high, unit, higher, lower, equal, int(row["sets"]))


def _sheet(results: Results, group: str, legend: Sequence[Title], rows: Sequence[Row], of_marks: Title) -> Sheet:
    titles, baseline = results.titles, results.regimes[0]
    who, regime = titles.groups[group], titles.regimes[baseline]
    head, under = (
        both(f"{word(name, 'en')}: {title.en}", f"{word(name, 'nl')}: {title.nl}")
        for name, title in (("difference", who), ("baseline", regime))
    )
    level = both(word("baseline", "en").lower(), word("baseline", "nl").lower())
    return Sheet(head, under, legend, rows, of_marks, level)


def _numbers(name: str, inside: str) -> Title:
    """Return what the numbers of a mark are, as 'difference (95% interval)'."""
    english, dutch = (f"{word(name, language).lower()} ({word(inside, language)})" for language in ("en", "nl"))
    return both(english, dutch)
