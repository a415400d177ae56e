"""The kernel against the same kernel in C: seconds for the same arrays, and the time of compiling either."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.timing import median, ratio_range, seconds_of
from benchmarks.worlds import scaled, world_of
from sim.engine.kernel import advance
from sim.engine.layout import OK
from sim.engine.portable.library import OPTIONS, build, compiler
from sim.engine.state import State
from sim.runs.world import people_of, population_of

REGIME = "vc_2019_08"
COMPILE_ANEW = "from benchmarks.part_kernel import warm_up; warm_up()"


def warm_up() -> None:
    """Run the engine on a few people, so that it is compiled, or loaded."""
    scenario = scaled(0.002)
    world, population = world_of(scenario, REGIME), population_of(scenario, people_of(scenario), 1, 0)
    advance(State(world.tables, world.catalogue, population.entities).arrays, 10)


def run(quick: bool) -> dict[str, Any]:
    """Run both in turn; without a compiler return the reason and no measurement."""
    found = compiler()
    if found is None:
        return {"skipped": "no C compiler was found (cc, gcc or clang)"}
    scale, repeats = (0.05, 3) if quick else (1.0, 7)
    scenario = scaled(scale)
    world, population = world_of(scenario, REGIME), population_of(scenario, people_of(scenario), 1, 0)
    warm_up()

    def fresh() -> State:
        return State(world.tables, world.catalogue, population.entities)

    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        in_c = build(Path(folder))
        compile_c = time.perf_counter() - start
        ours, other, transitions = [], [], 0
        for _ in range(repeats):
            one, two = fresh(), fresh()
            seconds, status = seconds_of(lambda s=one: advance(s.arrays, world.end_day))
            ours.append(seconds)
            seconds, status_c = seconds_of(lambda s=two: in_c(s.arrays, world.end_day))
            other.append(seconds)
            transitions = len(one.logged)
            if status != OK or status_c != OK or not np.array_equal(one.logged, two.logged):
                raise RuntimeError("the two kernels do not give the same log")
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
    ratio, low, high = ratio_range(ours, other)
    return {
        "compiler": version.splitlines()[0],
        "options": list(OPTIONS),
        "persons": int(population.entities.persons),
        "transitions": transitions,
        "repeats": repeats,
        "million_a_second_engine": transitions / median(ours) / 1e6,
        "million_a_second_c": transitions / median(other) / 1e6,
        "ratio": ratio,
        "ratio_low": low,
        "ratio_high": high,
        "compile_seconds_c": compile_c,
        "compile_seconds_engine": None if quick else _compile_anew(),
    }


def _compile_anew() -> float:
    """Return the seconds of a first run without compiled code, less those of a second run."""
    seconds = []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(2):
            start = time.perf_counter()
            environment = {**os.environ, "NUMBA_CACHE_DIR": folder}
            subprocess.run([sys.executable, "-c", COMPILE_ANEW], check=True, env=environment)
            seconds.append(time.perf_counter() - start)
    return seconds[0] - seconds[1]
