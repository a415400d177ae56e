"""Monitoring: figures come, are weighed after those of before, and their forecasts are logged."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from sim.files.errors import InputError
from sim.files.paths import expanded
from sim.monitoring.forecasts import Forecasts
from sim.monitoring.log import append, logged_rows
from sim.monitoring.ties import Figure, read_figures, tied
from sim.monitoring.weighing import Weighed, weigh
from sim.monitoring.words import figure_lines, verdict


@dataclass(frozen=True)
class Monitored:
    """What weighing came to.

    Attributes
    ----------
    forecasts
        The fitted sets.
    weighed
        Every figure so far, in the order in which they were weighed.
    new
        How many of them, the last ones, are new to the log.
    log
        Where the forecasts are logged.
    """

    forecasts: Forecasts
    weighed: list[Weighed]
    new: int
    log: Path

    def lines(self, language: str = "en") -> list[str]:
        """Return it in plain sentences: the new figures, and what all figures together favour."""
        said = []
        for one in self.weighed[len(self.weighed) - self.new :]:
            said += figure_lines(one, self.forecasts, language)
        return [*said, *verdict(self.weighed, self.forecasts, language)]


def monitor(
    figures: str | PathLike[str],
    *,
    log: str | PathLike[str] | None = None,
    ensembles: str | PathLike[str] | None = None,
    today: dt.date | None = None,
) -> Monitored:
    """Weigh the camps by new published figures, and log what each had forecast before.

    Parameters
    ----------
    figures
        A CSV file with the columns of the published figures (`sim.evidence.observed.COLUMNS`).
    log
        The log, which is made or grows; ``forecasts.jsonl`` beside the figures by default. Its figures are weighed
        first.
    ensembles
        A folder of fitted sets; those that ship by default.
    today
        The day that the log says; that of the computer by default.

    Raises
    ------
    InputError
        With every mistake in the figures, before anything is written; for a figure that the log has with another value.
    """
    loaded = Forecasts.load(ensembles)
    file = expanded(figures)
    place = expanded(log) if log is not None else file.parent / "forecasts.jsonl"
    fitted = loaded.fitted
    given = read_figures(file, fitted, loaded.known)
    before = [tied(row, fitted, loaded.known, place, i) for i, row in enumerate(logged_rows(place, loaded), start=1)]
    new = _new(given, before, file, place)
    weighed = weigh(loaded, [*before, *new])
    if new:
        append(place, weighed[len(before) :], loaded, today or dt.date.today())
    return Monitored(loaded, weighed, len(new), place)


def _new(given: list[Figure], before: list[Figure], file: Path, log: Path) -> list[Figure]:
    """Return the figures that are not in the log."""
    known = {figure.name: figure for figure in before}
    for figure in given:
        if figure.name in known and known[figure.name].value != figure.value:
            raise InputError(
                f"{log.name} has this figure with another value, and figures are added, never replaced",
                file=file,
                key=", ".join(figure.name),
                value=figure.value,
                accepted=f"{known[figure.name].value}; or a new log",
            )
    return [figure for figure in given if figure.name not in known]
