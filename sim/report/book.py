"""The tables of a comparison, looked up by name, for the figures and the HTML page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from sim.outcomes.dutch import MARK
from sim.report.language import known, spoken
from sim.report.phrases import GROUP_TITLES, Difference

if TYPE_CHECKING:
    import pandas as pd


class Rerunnable(Protocol):
    """A result with everything needed to reproduce it."""

    @property
    def receipt(self) -> dict[str, Any]:
        """Version, scenario, seed, replicates finished and wanted, hashes."""

    @property
    def scenario_text(self) -> str:
        """The scenario as it was run, as TOML."""

    @property
    def own_files(self) -> Mapping[str, str]:
        """The user's own files that the scenario names: path beside it to text."""


class SingleRun(Rerunnable, Protocol):
    """The parts of one run that are written and shown."""

    @property
    def regime(self) -> str:
        """Name of the regime."""

    @property
    def transitions(self) -> pd.DataFrame:
        """Every move."""

    @property
    def persons(self) -> pd.DataFrame:
        """Every person."""

    @property
    def measures(self) -> pd.DataFrame:
        """Every measure by group."""

    @property
    def catalogue(self) -> pd.DataFrame:
        """The measures: measure, world, area, title, unit, meaning."""


class Comparison(Rerunnable, Protocol):
    """The parts of a comparison that the report needs; the tables have the columns of ``b8sim compare``."""

    @property
    def measures(self) -> pd.DataFrame:
        """Levels: measure, world, group, regime, mean, low, high, unit, replicates."""

    @property
    def differences(self) -> pd.DataFrame:
        """Paired differences: measure, world, group, baseline, reform, difference, low, high, unit, ..."""

    @property
    def incidence(self) -> pd.DataFrame:
        """Cumulative incidence: regime, group, cohort, cause, day since arrival, incidence."""

    @property
    def pairs(self) -> pd.DataFrame:
        """Counts of the same persons: baseline, reform, group, baseline_outcome, reform_outcome, persons."""

    @property
    def regimes(self) -> list[str]:
        """Names of the regimes; the first is the baseline."""

    @property
    def complete(self) -> bool:
        """Whether all replicates that were asked for have run."""

    @property
    def law_changes(self) -> pd.DataFrame:
        """What each reform changed: reform, step, title, what, old, new, source, status, why."""

    @property
    def assumptions(self) -> pd.DataFrame:
        """Parameters with their evidence, the weakest first."""

    @property
    def catalogue(self) -> pd.DataFrame:
        """The measures: measure, world, area, title, unit, meaning."""


class Parted(Protocol):
    """Whose lives part in one replicate."""

    @property
    def reforms(self) -> Sequence[Any]:
        """For each reform the people to whom it makes a difference."""

    def as_data(self) -> dict[str, Any]:
        """Return it as lists and texts."""


class LiveComparison(Comparison, Protocol):
    """A comparison from which the page can be made: with every replicate and the people whose lives part."""

    @property
    def law_changes_nl(self) -> pd.DataFrame:
        """What each reform changed, in Dutch."""

    @property
    def scenario(self) -> Any:
        """The scenario."""

    @property
    def asked(self) -> Any:
        """The resolved arguments, with the regimes."""

    @property
    def blocks(self) -> Sequence[Any]:
        """Values of every replicate."""

    @property
    def numbers(self) -> Sequence[int]:
        """Numbers of the replicates."""

    @property
    def parting(self) -> Parted:
        """Whose lives part in the first replicate."""

    @property
    def fitted_sets(self) -> Any:
        """Some of the fitted sets of assumptions, with their answers; None where none answers this question."""

    @property
    def engine(self) -> bytes | None:
        """The data of the engine of the browser, in gzip; None for a scenario that it cannot run."""


class Entry(NamedTuple):
    """One measure of the catalogue in one world."""

    measure: str
    world: str
    area: str
    title: str
    unit: str
    meaning: str


class Book:
    """Fast look-up of levels and differences by measure, world, group and regime.

    Parameters
    ----------
    comparison
        The comparison to read.
    """

    def __init__(self, comparison: Comparison) -> None:
        # The receipt also has the titles of a user's own groups, and marks groups that rest on assumed shares.
        self.group_titles = {**GROUP_TITLES, **comparison.receipt.get("groups", {})}
        if spoken() == "nl":
            self.group_titles = {name: _in_dutch(title) for name, title in self.group_titles.items()}
        self.baseline: str = comparison.regimes[0]
        self.reforms: list[str] = list(comparison.regimes[1:])
        catalogue = comparison.catalogue
        if spoken() == "nl" and "title_nl" in catalogue:
            catalogue = catalogue.assign(title=catalogue["title_nl"], meaning=catalogue["meaning_nl"])
        self.entries = [Entry(*row) for row in catalogue[list(Entry._fields)].itertuples(index=False, name=None)]
        self.groups: list[str] = list(dict.fromkeys(comparison.measures["group"]))
        levels = comparison.measures[["measure", "world", "group", "regime", "mean"]]
        self._levels = {row[:4]: float(row[4]) for row in levels.itertuples(index=False, name=None)}
        fields = ["measure", "world", "group", *(f for f in Difference._fields if f in comparison.differences)]
        self._differences = {
            (*row[:3], row[4]): Difference(*row[3:])
            for row in comparison.differences[fields].itertuples(index=False, name=None)
        }

    def entry(self, measure: str, world: str = "simulated") -> Entry | None:
        """Return the catalogue's entry of a measure in one world, or None."""
        return next((e for e in self.entries if (e.measure, e.world) == (measure, world)), None)

    def level(self, entry: Entry, group: str, regime: str) -> float:
        """Return the mean level, NaN when the measure does not exist for that group and regime."""
        return self._levels.get((entry.measure, entry.world, group, regime), float("nan"))

    def levels(self, entry: Entry, group: str) -> list[float]:
        """Return the mean level under the baseline and under each reform."""
        return [self.level(entry, group, regime) for regime in (self.baseline, *self.reforms)]

    def difference(self, entry: Entry, group: str, reform: str) -> Difference | None:
        """Return the paired difference of a reform, or None when it is defined in no replicate."""
        row = self._differences.get((entry.measure, entry.world, group, reform))
        return row if row is not None and row.replicates > 0 else None

    def shown(self, names: Sequence[str], group: str) -> list[Entry]:
        """Return the entries of the measures that can be compared for a group, in the order of the names."""
        entries = [entry for name in names if (entry := self.entry(name)) is not None]
        return [e for e in entries if any(self.difference(e, group, reform) for reform in self.reforms)]


def _in_dutch(title: str) -> str:
    """Return the title of a group in Dutch, with the mark of a group that an assumed share drives."""
    bare, mark, rest = title.partition(" (driven by an assumed input")
    return f"{known(bare)} ({MARK}{rest}" if mark else known(bare)
