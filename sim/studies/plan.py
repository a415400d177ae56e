"""What a study would cost, before anything of it is kept: points, runs, time and space."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from sim.studies.runner import Job, packed, run_points
from sim.studies.study import Study

BYTES_A_READING: Final = 12
"""In a part of a store, measured; a value of eight bytes, and what says whose it is, compressed."""
BYTES_A_POINT: Final = 400


@dataclass(frozen=True)
class Plan:
    """What a study would cost.

    Attributes
    ----------
    points, rows
        Distinct points, and rows of the design, of which some may be the same point.
    regimes, replicates
        How many are run at each point; with ``precision`` the replicates are the least.
    readings
        Numbers that are kept, of all points.
    seconds_a_point
        Of the clock in one worker; None if it was not timed.
    workers
        How many run at the same time.
    """

    points: int
    rows: int
    regimes: int
    replicates: int
    readings: int
    seconds_a_point: float | None
    workers: int

    @property
    def runs(self) -> int:
        """One run is one regime in one replicate at one point."""
        return self.points * self.regimes * self.replicates

    @property
    def seconds(self) -> float | None:
        """Expected seconds of the clock for the whole study."""
        return None if self.seconds_a_point is None else self.points * self.seconds_a_point / self.workers

    @property
    def bytes(self) -> int:
        """Expected size of the store."""
        return self.readings * BYTES_A_READING + self.points * BYTES_A_POINT

    def lines(self) -> list[str]:
        """Return what to show."""
        same = f" ({self.rows:,} rows of the design)" if self.rows != self.points else ""
        lines = [
            f"points    {self.points:,}{same}",
            f"runs      {self.runs:,} = {self.points:,} points x {self.regimes} regimes x {self.replicates} replicates",
            f"readings  {self.readings:,}, some {amount(self.bytes)} on disk",
        ]
        if self.seconds is not None and self.seconds_a_point is not None:
            each = f"{duration(self.seconds_a_point)} a point in one of {self.workers} workers"
            lines.append(f"time      some {duration(self.seconds)}: {each}, as the first point took")
        return lines


def plan_of(study: Study, workers: int, *, timed: bool = True) -> Plan:
    """Count what a study would run, and time its first point.

    Parameters
    ----------
    study
        The study.
    workers
        How many points run at the same time.
    timed
        Whether to run the first point, once to load the engine and once to time it, with one replicate.
    """
    head = study.document.study
    points, regimes = len(study.points), len(study.asked.regimes)
    seconds = _timed(study) * head.replicates if timed else None
    return Plan(
        points=points,
        rows=len(study.design),
        regimes=regimes,
        replicates=head.replicates,
        readings=points * regimes * head.replicates * study.readings.size,
        seconds_a_point=seconds,
        workers=min(workers, points),
    )


def _timed(study: Study) -> float:
    """Return the seconds that one replicate of the first point takes, when the engine is loaded."""
    once = study.with_head(replicates=1, precision={}) if study.document.study.replicates > 1 else study
    job, point = packed(Job.of(once)), (study.points[0][1],)
    seconds = 0.0
    for _ in range(2):
        start = time.perf_counter()
        run_points(job, point)
        seconds = time.perf_counter() - start
    return seconds


def duration(seconds: float) -> str:
    """Return a duration as it is read: ``0.12 s``, ``48 s``, ``12 min``, ``3 h 20 min``."""
    if seconds < 10:
        return f"{seconds:.2g} s"
    if seconds < 99:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"


def amount(size: float) -> str:
    """Return a number of bytes as it is read: ``12 kB``, ``3.4 GB``."""
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:.3g} TB"
