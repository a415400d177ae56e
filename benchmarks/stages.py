"""Where the time of one replicate goes: people, kernel, history, measures; and how many bytes a person takes.

Run it with ``.venv/bin/python benchmarks/stages.py [scenario] [repeats]``. Figures are medians over the repeats, after
one repeat that is not counted; shares and the number of transitions are comparable between machines, seconds are not.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from sim.outcomes.groups import GROUPS, arrived, members
from sim.outcomes.measures import Measures
from sim.outcomes.replicate import complete_values, counted, history_of
from sim.policies.regime import Regime
from sim.scenario import Scenario
from sim.world import make_world, people_of, population_of, run_world


def main(name: str = "netherlands", repeats: int = 7) -> None:
    """Print the stages of one replicate of the first regime of a scenario."""
    scenario, measures = Scenario.load(name), Measures.load()
    started = time.perf_counter()
    world = make_world(scenario, Regime.load(scenario.regimes[0], scenario.readings))
    people, pools = people_of(scenario), list(range(len(world.catalogue.pools)))
    print(f"world and candidates, once: {time.perf_counter() - started:.2f} s")
    seconds: dict[str, list[float]] = defaultdict(list)

    def timed(stage: str, work: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        result = work()
        seconds[stage].append(time.perf_counter() - start)
        return result

    for replicate in range(repeats + 1):
        population = timed("people", lambda k=replicate: population_of(scenario, people, 1, k))
        outcome = timed("kernel", lambda p=population: run_world(world, p))
        past = timed("history", lambda o=outcome: history_of(world, o, measures))
        groups = members(population, arrived(population, world.end_day))
        timed(
            "measures",
            lambda o=outcome, p=population, h=past, g=groups: complete_values(
                counted(world, o, p, measures, h), g, GROUPS, pools
            ),
        )
    medians = {stage: statistics.median(values[1:]) for stage, values in seconds.items()}
    whole, transitions = sum(medians.values()), outcome.log.day.size
    for stage, median in medians.items():
        print(f"{stage:10s} {median:7.3f} s  {100 * median / whole:5.1f} %")
    print(f"whole      {whole:7.3f} s  {transitions:,} transitions, {transitions / whole / 1e6:.2f} million a second")
    print(f"kernel alone: {transitions / medians['kernel'] / 1e6:.2f} million transitions a second")
    print(f"bytes of state for each person, without the log: {outcome.state.bytes_per_entity:.1f}")


if __name__ == "__main__":
    main(*sys.argv[1:2], *map(int, sys.argv[2:3]))
