"""The recorded world: an observation model of what the registers would show.

A contact between a possible victim and a notifier becomes a CoMensha notification with a probability: a level for each
notifier, times a ratio in some years (in 2018 care organisations and others notified less, when privacy law changed;
from 2019 on they and the police had other practices). Several can notify one person, whom the register counts once,
except for duplicates that it does not recognise. A register shows that a person is gone, not why.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.engine.columns import NEVER
from sim.evidence.parameters import Parameters

NOTIFIERS: Final = ("police", "care", "inspectorate", "border_police", "others")
KNOWN_YEARS: Final = (2017, 2018, 2019, 2020, 2021)
"""Years with known chances of registration; any other year takes the nearest."""
RATIOS: Final = (
    ("recording.privacy_law_2018_ratio", ("care", "others"), 2018, 2018),
    ("recording.care_and_others_from_2019_ratio", ("care", "others"), 2019, KNOWN_YEARS[-1]),
    ("recording.police_from_2019_ratio", ("police",), 2019, KNOWN_YEARS[-1]),
)
"""Parameters that multiply the level of some notifiers, with the first and the last year; later years as the last."""
STEPS: Final = ("b8.signalled", "b8.intake", "whereabouts.left_unknown")
"""Steps that the history must keep."""


@dataclass(frozen=True)
class Period:
    """The days of a scenario, by calendar year."""

    start: dt.date
    end: dt.date

    @property
    def years(self) -> tuple[int, ...]:
        """The years with at least one day in the scenario."""
        return tuple(range(self.start.year, self.end.year + 1))

    @property
    def measured(self) -> tuple[int, ...]:
        """The years that have measures: those of the scenario, and the known ones, empty outside the scenario."""
        return measured_years(self.years)

    def named(self, year: int) -> str:
        """Return the name of a year in a title, with its days where it is not whole."""
        first, last = max(self.start, dt.date(year, 1, 1)), min(self.end, dt.date(year, 12, 31))
        if first > last:
            return f"{year} (not in the scenario)"
        whole = (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)
        return str(year) if whole else f"{year} ({first} to {last})"

    @property
    def stand_ins(self) -> dict[int, int]:
        """For each year without known chances of registration, the year that stands in for it."""
        return {year: nearest_known(year) for year in self.years if year not in KNOWN_YEARS}


@dataclass(frozen=True)
class Days:
    """The days that are simulated.

    Attributes
    ----------
    date
        Date of each day, ``datetime64[D]``.
    first
        Index of the first day that is measured.
    """

    date: NDArray[np.datetime64]
    first: int = 0

    @cached_property
    def year(self) -> NDArray[np.int64]:
        """Calendar year of each day."""
        return self.date.astype("datetime64[Y]").astype(np.int64) + 1970

    @property
    def years(self) -> range:
        """The years with at least one day that is measured."""
        return range(int(self.year[self.first]), int(self.year[-1]) + 1)

    def measured(self, day: NDArray[np.int16]) -> NDArray[np.bool_]:
        """Return which days are measured; never (32767) is not."""
        return np.asarray((day >= self.first) & (day < NEVER))

    def year_of(self, day: NDArray[np.int16]) -> NDArray[np.int64]:
        """Return the year of days; 0 for never."""
        return np.where(day < NEVER, self.year[np.minimum(day, self.year.size - 1)], 0)


def recorded_measures(period: Period) -> dict[str, tuple[str, str]]:
    """Return the measures of the recorded world, those by year for the years of a scenario: name -> (unit, title)."""
    years = {year: period.named(year) for year in period.measured}
    titles = {
        "registrations": "Registered at CoMensha as a possible victim",
        **{f"registrations_{n}": f"Registered at CoMensha, notified by: {n.replace('_', ' ')}" for n in NOTIFIERS},
        "registrations_twice": "Counted twice at CoMensha: notified again and taken for another person",
        **{f"registrations_{year}": f"Registered at CoMensha in {named}" for year, named in years.items()},
        **{name: f"{title}, registered at CoMensha by the last day" for name, title in _victims(period).items()},
        **{f"signalled_{year}": f"Signals passed to the police in {named}" for year, named in years.items()},
        "left_unknown": "Recorded as left with unknown destination, whatever the reason",
    }
    return {name: ("persons", title) for name, title in titles.items()}


def counterparts(period: Period) -> dict[str, tuple[str, str]]:
    """Return the simulated measures that complete registers would show of victims: name -> (unit, title)."""
    return {name: ("persons", title) for name, title in _victims(period).items()}


def recorded_meaning(measure: str, period: Period) -> str:
    """Return the meaning of a measure of the recorded world, with the years of its chances of registration."""
    meaning = "what the registers would show"
    stand_ins = period.stand_ins
    own = [year for year in stand_ins if measure.endswith(f"_{year}")]
    # Signals are counted, not registered; a total is of all its years.
    if not measure.startswith("registrations") or not (own or (stand_ins and not measure[-4:].isdecimal())):
        return meaning
    return f"{meaning}; {stand_in_text({year: stand_ins[year] for year in own or stand_ins})}"


def stand_in_text(stand_ins: Mapping[int, int]) -> str:
    """Return which year stands in for which: ``2021 stands in for 2022 and 2023, of which no chances are known``."""
    parts = []
    for known in dict.fromkeys(stand_ins.values()):
        years = [str(year) for year, other in stand_ins.items() if other == known]
        listed = " and ".join([", ".join(years[:-1]), years[-1]] if len(years) > 1 else years)
        parts.append(f"{known} stands in for {listed}, of which no chances of registration are known")
    return "; ".join(parts)


def _victims(period: Period) -> dict[str, str]:
    by_year = {f"registrations_victims_{y}": f"True victims who came in {period.named(y)}" for y in period.measured}
    return {"registrations_victims": "True victims who came", **by_year}


def nearest_known(year: int) -> int:
    """Return the year with known chances of registration that a year takes."""
    return min(max(year, KNOWN_YEARS[0]), KNOWN_YEARS[-1])


def measured_years(years: Sequence[int]) -> tuple[int, ...]:
    """Return the years that have measures in a scenario of some years."""
    return tuple(sorted({*KNOWN_YEARS, *years}))


def chance_of(notifier: str, year: int, parameters: Parameters) -> float:
    """Return the probability that a contact of a notifier in a known year is registered: at most 1."""
    chance = parameters.value(f"recording.{notifier}")
    for name, notifiers, first, last in RATIOS:
        if notifier in notifiers and first <= year <= last:
            chance *= parameters.value(name)
    return min(chance, 1.0)


def parameters_read(years: Collection[int]) -> list[str]:
    """Return the parameters of the registers that decide in known years: shares, chances and their ratios."""
    ratios = [name for name, _, first, last in RATIOS if any(first <= year <= last for year in years)]
    shares = [f"recording.notifier_share_{notifier}" for notifier in NOTIFIERS]
    return [*shares, *(f"recording.{notifier}" for notifier in NOTIFIERS), *ratios, "recording.duplicates_kept"]


def parameters_of(year: int) -> set[str]:
    """Return the parameters from which the chances of registration of a known year follow."""
    ratios = [(name, notifiers) for name, notifiers, first, last in RATIOS if first <= year <= last]
    changed = {notifier for _, notifiers in ratios for notifier in notifiers}
    return {name for name, _ in ratios} | {f"recording.{n}" for n in NOTIFIERS if n not in changed}
