"""Replicates needed for a given precision: draws paired by person and decision, by seed only, or not at all.

Four ways to compare the same two regimes:

* ``person_and_decision``: the engine as it is.
* ``people_only``: the engine, the same people under both regimes, but those of the reform get other draws: their keys
  are chained with one more part.
* ``seed_only``: the plain Mesa model, the same people under both, and one generator with the same seed, consumed in the
  order of events. The two runs are alike until the first event that differs; from there on their draws are unrelated.
* ``unpaired``: the sum of the variances of both levels, from the engine: other people and other draws.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from benchmarks.plain_mesa import PlainModel
from benchmarks.plain_mesa.measured import measure_names, values_of_engine, values_of_plain
from benchmarks.worlds import scaled, world_of
from sim.agents.population import Population
from sim.engine.draws import chain_all, name_key
from sim.outcomes.measures import Measures
from sim.runs.world import people_of, population_of, run_world

REGIMES = ("vc_2018", "vc_2019_08")
MEASURES = (
    *("reports", "b8_granted", "b8_refused", "dublin_transferred", "nl_responsible_by_permit", "left_unknown"),
    *("asylum_granted", "exploited_days", "protected_days"),
)
SCALE = 0.05
HALF_WIDTH = 0.01
"""Target half-width of the 95% interval of the difference, relative to the level under the first regime."""
CONFIDENCE = 0.95


def with_other_luck(population: Population) -> Population:
    """Return the same people with other keys for all draws from now on."""
    entities = population.entities
    key = chain_all(name_key("other luck"), entities.key)
    return Population(entities._replace(key=key), population.order, population.people, population.network_names)


def run(quick: bool) -> dict[str, Any]:
    """Run all ways and compare the variances of their differences."""
    scale, many, few = (0.01, 20, 6) if quick else (SCALE, 300, 40)
    scenario, measures = scaled(scale), Measures.load()
    worlds = [world_of(scenario, regime) for regime in REGIMES]
    people = people_of(scenario)
    chosen = [measure_names(worlds[0]).index(name) for name in MEASURES]
    levels, other_luck = np.empty((2, many, len(MEASURES))), np.empty((many, len(MEASURES)))
    for k in range(many):
        population = population_of(scenario, people, 1, k)
        for w, world in enumerate(worlds):
            levels[w, k] = values_of_engine(world, population, run_world(world, population), measures)[chosen]
        again = with_other_luck(population)
        other_luck[k] = values_of_engine(worlds[1], again, run_world(worlds[1], again), measures)[chosen]
    plain = np.empty((2, few, len(MEASURES)))
    for k in range(few):
        population = population_of(scenario, people, 1, k)
        for w, world in enumerate(worlds):
            plain[w, k] = values_of_plain(PlainModel(world, population, seed=k).run(), measures)[chosen]
    variances = {
        "person_and_decision": (levels[1] - levels[0]).var(axis=0, ddof=1),
        "people_only": (other_luck - levels[0]).var(axis=0, ddof=1),
        "seed_only": (plain[1] - plain[0]).var(axis=0, ddof=1),
        "unpaired": levels.var(axis=1, ddof=1).sum(axis=0),
    }
    return {
        "regimes": list(REGIMES),
        "scale": scale,
        "half_width": HALF_WIDTH,
        "replicates_engine": many,
        "replicates_plain": few,
        "measures": [
            _row(name, levels[:, :, i], {way: float(v[i]) for way, v in variances.items()}, many, few)
            for i, name in enumerate(MEASURES)
        ],
    }


def _row(name: str, levels: NDArray[Any], variance: dict[str, float], many: int, few: int) -> dict[str, Any]:
    level = float(levels[0].mean())
    half = HALF_WIDTH * level
    z = float(stats.norm.ppf((1 + CONFIDENCE) / 2))
    ours = variance["person_and_decision"]
    tail = (1 - CONFIDENCE) / 2
    ratio = variance["seed_only"] / ours
    return {
        "measure": name,
        "level": level,
        "difference": float((levels[1] - levels[0]).mean()),
        "variance": variance,
        "replicates_needed": {way: max(int(np.ceil((z / half) ** 2 * v)), 1) for way, v in variance.items()},
        "ratio": {way: v / ours for way, v in variance.items()},
        "seed_only_ratio_low": ratio / float(stats.f.ppf(1 - tail, few - 1, many - 1)),
        "seed_only_ratio_high": ratio / float(stats.f.ppf(tail, few - 1, many - 1)),
    }
