"""Growth: people from a thousand to a million, replicates up to a thousand, threads and processes.

Each run has its own process, which reports its seconds and its peak memory. Runs in one thread are timed in seconds of
the processor. Timing by the clock needs free processors: the share that other programs took meanwhile is measured too,
and a short run that was disturbed is tried once more.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import Any

import numpy as np

from benchmarks.machine import Others, peak_memory_megabytes
from benchmarks.timing import median

PERSONS_AT_SCALE_ONE = 101_000
"""Approximate number of people in the shipped scenario."""
DISTURBED = 0.1
"""Share of all processors taken by other programs above which seconds of the clock are unreliable."""
TOO_LONG_TO_TRY_AGAIN = 30.0


def one_run(scale: float, repeats: int) -> dict[str, Any]:
    """Run one world; return seconds of the parts and memory."""
    from benchmarks.worlds import scaled, world_of
    from sim.runs.world import people_of, population_of, run_world

    small = scaled(0.002)
    run_world(world_of(small, "vc_2018"), population_of(small, people_of(small), 1, 0))
    before = peak_memory_megabytes()
    scenario = scaled(scale)
    world, people = world_of(scenario, "vc_2018"), people_of(scenario)
    making, running, transitions = [], [], 0
    for k in range(repeats):
        start = time.process_time()
        population = population_of(scenario, people, 1, k)
        made = time.process_time()
        outcome = run_world(world, population)
        running.append(time.process_time() - made)
        making.append(made - start)
        transitions = int(outcome.log.day.size)
        persons, state_bytes = int(population.entities.persons), outcome.state.bytes_per_entity
        del population, outcome
    return {
        "persons": persons,
        "transitions": transitions,
        "people_seconds": median(making),
        "kernel_seconds": median(running),
        "transitions_per_second": transitions / median(running),
        "state_bytes_per_person": state_bytes,
        "memory_megabytes": peak_memory_megabytes(),
        "memory_before_megabytes": before,
    }


def comparison(scale: float, replicates: int, workers: int, seed: int) -> dict[str, Any]:
    """Compare two regimes; return transitions and memory."""
    import sim
    from benchmarks.worlds import scaled

    result = sim.compare(scaled(scale), replicates=replicates, workers=workers, seed=seed)
    return {
        "transitions": result.receipt["transitions"],
        "memory_megabytes": peak_memory_megabytes(),
        "processor_seconds": time.process_time(),
    }


def _together(*calls: tuple[Any, ...]) -> dict[str, Any]:
    """Run calls in parallel, each in a process; return the least disturbed of up to two tries."""
    first = _once(calls)
    if first["others"] is None or first["others"] <= DISTURBED or first["seconds"] > TOO_LONG_TO_TRY_AGAIN:
        return first
    return min(first, _once(calls), key=lambda answer: answer["others"])


def _once(calls: tuple[tuple[Any, ...], ...]) -> dict[str, Any]:
    """Run calls once; return wall seconds, what others took of the processors, and the sums of what each reports."""
    start, others = time.perf_counter(), Others()
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "benchmarks.part_growth", *map(str, call)], stdout=subprocess.PIPE, text=True
        )
        for call in calls
    ]
    answers = [process.communicate()[0] for process in started]
    seconds, share = time.perf_counter() - start, others.share()
    if any(process.returncode for process in started):
        raise RuntimeError(f"a process of the benchmark failed: {calls}")
    results = [json.loads(answer.splitlines()[-1]) for answer in answers]
    whole = {key: sum(result[key] for result in results) for key in results[0]}
    return {**whole, "seconds": seconds, "others": share}


def run(quick: bool) -> dict[str, Any]:
    """Run all sizes."""
    thousand = 1000 / PERSONS_AT_SCALE_ONE
    sizes = [(1, 5), (10, 3)] if quick else [(1, 9), (10, 7), (100, 3), (1000, 1)]
    people = [_together(("one_run", size * thousand, repeats)) for size, repeats in sizes]
    grid = [(1, 1), (1, 10)] if quick else [(1, 1), (1, 10), (1, 100), (1, 1000), (10, 1), (10, 10), (10, 100)]
    grid += [] if quick else [(100, 1), (100, 10)]
    replicates = []
    for size, count in grid:
        for workers in (1, 2):
            if workers <= count:
                answer = _together(("comparison", size * thousand, count, workers, 1))
                replicates.append({"thousand_persons": size, "replicates": count, "threads": workers, **answer})
    pairs = [(1, 10)] if quick else [(1, 1000), (10, 100), (100, 10)]
    processes = [
        {
            "thousand_persons": size,
            "replicates": count,
            **_together(*(("comparison", size * thousand, count // 2, 1, seed) for seed in (1, 2))),
        }
        for size, count in pairs
    ]
    logs = np.log([[row["persons"], row["kernel_seconds"], row["transitions"]] for row in people])
    rows = [row for row in replicates if row["thousand_persons"] == 1 and row["threads"] == 1]
    counts = np.array([row["replicates"] for row in rows], float)
    per_replicate, fixed = np.polyfit(counts, [row["processor_seconds"] for row in rows], 1)
    return {
        "people": people,
        "replicates": replicates,
        "processes": processes,
        "exponent_of_persons": float(np.polyfit(logs[:, 0], logs[:, 1], 1)[0]),
        "exponent_of_transitions": float(np.polyfit(logs[:, 2], logs[:, 1], 1)[0]),
        "seconds_for_each_replicate": float(per_replicate),
        "seconds_before_the_first": float(fixed),
        "disturbed_above": DISTURBED,
        "left_out": [] if quick else ["100 thousand persons with 100 replicates or more", "a million with 10 or more"],
    }


if __name__ == "__main__":
    kind, scale, *rest = sys.argv[1:]
    work = {"one_run": one_run, "comparison": comparison}[kind]
    print(json.dumps(work(float(scale), *map(int, rest))))  # type: ignore[operator]
