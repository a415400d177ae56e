"""Plain Mesa against the engine: seconds for each transition, at two sizes."""

from __future__ import annotations

import gc
from typing import Any

from benchmarks.plain_mesa import PlainModel
from benchmarks.timing import median, ratio_range, seconds_of
from benchmarks.worlds import scaled, world_of
from sim.runs.world import people_of, population_of, run_world

REGIME = "vc_2019_08"


def run(quick: bool) -> dict[str, Any]:
    """Run both in turn on the same people; creating the agents, or the state, counts."""
    sizes = {0.02: 3} if quick else {0.05: 5, 1.0: 3}
    return {"regime": REGIME, "sizes": [_at(scale, repeats) for scale, repeats in sizes.items()]}


def _at(scale: float, repeats: int) -> dict[str, Any]:
    scenario = scaled(scale)
    world, people = world_of(scenario, REGIME), people_of(scenario)
    run_world(world, population_of(scenario, people, 1, 0))
    ours, plain, transitions = [], [], [0, 0]
    for k in range(repeats):
        population = population_of(scenario, people, 1, k)
        seconds, outcome = seconds_of(lambda p=population: run_world(world, p))
        ours.append(seconds / outcome.log.day.size)
        transitions[0] += outcome.log.day.size
        del outcome
        gc.collect()
        seconds, model = seconds_of(lambda p=population, k=k: PlainModel(world, p, seed=k).run())
        plain.append(seconds / len(model.log))
        transitions[1] += len(model.log)
        del model
        gc.collect()
    ratio, low, high = ratio_range(plain, ours)
    return {
        "scale": scale,
        "persons": int(population.entities.persons),
        "repeats": repeats,
        "transitions_engine": transitions[0] // repeats,
        "transitions_plain": transitions[1] // repeats,
        "microseconds_engine": 1e6 * median(ours),
        "microseconds_plain": 1e6 * median(plain),
        "ratio": ratio,
        "ratio_low": low,
        "ratio_high": high,
    }
