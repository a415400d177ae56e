"""The engine of the browser: the kernel as WebAssembly in Node against the same kernel in numba."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.in_node.run import node, run_in_node
from benchmarks.machine import machine
from benchmarks.part_kernel import REGIME, warm_up
from benchmarks.timing import median, ratio_range, seconds_of
from benchmarks.worlds import scaled, world_of
from sim.engine.kernel import advance
from sim.engine.layout import OK
from sim.engine.state import State
from sim.runs.world import people_of, population_of
from sim.view.portable import FILE


def run(quick: bool) -> dict[str, Any]:
    """Run both in turn; without Node return the reason and no measurement."""
    found, here = node(), machine()
    if found is None:
        return {"skipped": "Node was not found"}
    warm_up()
    sizes = [_size(scale, repeats) for scale, repeats in (((0.02, 2),) if quick else ((0.03, 7), (0.1, 5), (1.0, 3)))]
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    return {
        "machine": f"{here['processors']} processors ({here['processor']})",
        "node": version,
        "bytes": FILE.stat().st_size,
        "sizes": sizes,
    }


def _size(scale: float, repeats: int) -> dict[str, Any]:
    scenario = scaled(scale)
    world, population = world_of(scenario, REGIME), population_of(scenario, people_of(scenario), 1, 0)
    ours, other, transitions = [], [], 0
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(repeats):
            state = State(world.tables, world.catalogue, population.entities)
            ran = run_in_node(Path(folder), state, world.end_day)
            seconds, status = seconds_of(lambda s=state: advance(s.arrays, world.end_day))
            if status != OK or ran.status != OK or ran.log != state.logged.tobytes():
                raise RuntimeError("the two kernels do not give the same log")
            ours.append(seconds)
            other.append(ran.seconds)
            transitions = len(state.logged)
    ratio, low, high = ratio_range(other, ours)
    return {
        "persons": int(population.entities.persons),
        "transitions": transitions,
        "repeats": repeats,
        "million_a_second_engine": transitions / median(ours) / 1e6,
        "million_a_second_browser": transitions / median(other) / 1e6,
        "ratio": ratio,
        "ratio_low": low,
        "ratio_high": high,
    }
