"""Studies of few people and days, for the tests of sweeps."""

from __future__ import annotations

import datetime as dt
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sim.studies.disk import LOCK
from sim.studies.points import Point
from sim.studies.runner import Result, run_points
from sim.studies.store import Status
from sim.studies.study import Study
from sim.studies.sweep import begin

COUNTRY = Path(__file__).with_name("small_country.toml")
HEAD = {"persons": 300, "start": "2019-06-01", "end": "2020-03-31", "replicates": 2, "seed": 3}
TWO = {"report.base": (0.5, 2.5), "leaves.transfer_per_year": "passport"}


def small_study(kind: str = "latin_hypercube", **changes: Any) -> Study:
    """Return a small study; ``changes`` are arguments of `Study`, those of the design begin with ``design_``."""
    design = {key.removeprefix("design_"): changes.pop(key) for key in list(changes) if key.startswith("design_")}
    if kind in ("latin_hypercube", "sobol", "morris", "saltelli"):
        design.setdefault("points", 4)
    given: dict[str, Any] = {
        **HEAD,
        "start": dt.date.fromisoformat(HEAD["start"]),
        "end": dt.date.fromisoformat(HEAD["end"]),
        "parameters": TWO,
        "measures": ("wish_to_report", "b8_granted", "report_wait_days"),
        **changes,
    }
    return Study(COUNTRY, ["vc_2018", "vc_2019_08"], design={"kind": kind, **design}, **given)


TEXT = """
[study]
title      = "A small study"
scenario   = "netherlands"
regimes    = ["vc_2018", "vc_2019_08"]
start      = 2019-06-01
end        = 2020-03-31
persons    = 300
replicates = 2
seed       = 3
measures   = ["wish_to_report", "b8_granted", "report_wait_days"]
groups     = ["all", "dublin"]

[design]
kind   = "latin_hypercube"
points = 6

[parameters]
"report.base"              = [0.5, 2.5]
"leaves.transfer_per_year" = "passport"
"""
"""A small study as a file."""


def in_threads(study: Study, folder: Path, **how: Any) -> Status:
    """Run a study into a folder with two threads of this process: no worker has to start."""
    with ThreadPoolExecutor(2) as pool:
        return begin(study, folder, executor=pool, workers=2, **how)


def content(folder: Path) -> dict[str, bytes]:
    """Return the files of a store: path to content; without the lock."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != LOCK)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def deadly(job: bytes, points: tuple[Point, ...]) -> list[Result]:
    """Run points, but end the process at one of them."""
    if any(point.values["report.base"] == float(os.environ["DEADLY"]) for point in points):
        os._exit(9)
    return run_points(job, points)
