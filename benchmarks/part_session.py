"""A session: what a changed number costs, beside a comparison from nothing, and memory over many questions.

Each question is another value of a parameter: the change, and one replicate of two regimes as small arrays. Seconds
are of the processor, in turn with ``sim.compare`` of the same, in one process.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from benchmarks.machine import machine, peak_memory_megabytes
from benchmarks.timing import in_turn, median, seconds_of

REGIMES = ("vc_2018", "vc_2019_08")
PARAMETER, LOW, STEP = "report.base", 0.5, 1e-4
SIZES = {1_000: 0.1, 3_000: 0.25, 10_000: 0.5}
"""Most of the time of a comparison that a question may take, by the number of people."""
KERNELS = {
    "sim.agents.population:make_people": "people",
    "sim.engine.state:begin": "first morning",
    "sim.runs.world:advance": "days",
    "sim.runs.history:advance": "days",
    "sim.engine.packed:_pack": "shared days",
    "sim.engine.packed:_unpack": "shared days",
    "sim.engine.carried:_carry_steps": "shared days",
    "sim.engine.carried:_carry_evers": "shared days",
    "sim.engine.carried:_carry_hazards": "shared days",
    "sim.engine.carried:_carry_columns": "shared days",
    "sim.engine.carried:_carry_moves": "shared days",
    "sim.outcomes.opening:_remember": "history",
    "sim.outcomes.plan:begin_sequences": "history",
    "sim.outcomes.by_person:sort_moves": "measures",
    "sim.runs.lives:_mark_entered": "measures",
    "sim.outcomes.count:count_run": "measures",
    "sim.outcomes.pooled:_shares": "measures",
    "sim.runs.replicate:cross": "measures",
    "sim.outcomes.parting:_first_difference": "who parts",
    "sim.outcomes.parting:_who_part": "who parts",
    "sim.outcomes.parting:_first_moves": "who parts",
}
"""The compiled functions that Python calls for a question, and what they do."""


def scenario(persons: int) -> Any:
    """Return the shipped scenario with fewer people and without a history, and capacities in proportion."""
    import sim

    inflow = {"scale": None, "persons": persons, "capacities": "in_proportion"}
    return sim.Scenario.load("netherlands").replace(history_from="start", inflow=inflow)


@contextmanager
def in_kernels() -> Iterator[dict[str, float]]:
    """Sum the seconds of the processor in each kernel, as long as this is open."""
    seconds = dict.fromkeys(KERNELS.values(), 0.0)
    kept = []

    def watched(name: str, kernel: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*given: Any) -> Any:
            spent, result = seconds_of(lambda: kernel(*given))
            seconds[name] += spent
            return result

        return timed

    for place, name in KERNELS.items():
        module_name, _, function = place.partition(":")
        module = import_module(module_name)
        kept.append((module, function, getattr(module, function)))
        setattr(module, function, watched(name, getattr(module, function)))
    try:
        yield seconds
    finally:
        for module, function, kernel in kept:
            setattr(module, function, kernel)


def question(persons: int, repeats: int) -> dict[str, Any]:
    """Time a question to a session and a comparison in turn; return medians, and where the time of a question goes."""
    import sim

    base = scenario(persons)
    session = sim.Session(base, REGIMES, seed=1)

    def ask(k: int) -> None:
        session.set({PARAMETER: LOW + STEP * k})
        session.reading(0)

    def compare(k: int) -> None:
        sim.compare(base.replace(parameters={PARAMETER: LOW + STEP * k}), REGIMES, replicates=1, seed=1)

    seconds = in_turn({"session": ask, "compare": compare}, repeats, "session")
    with in_kernels() as kernels:
        spent, _ = seconds_of(lambda: [ask(repeats + k) for k in range(repeats)])
    sets, _ = seconds_of(lambda: [session.set({PARAMETER: LOW + STEP * k}) for k in range(100)])
    ratios = [one / other for one, other in zip(seconds["session"], seconds["compare"], strict=True)]
    return {
        "persons": persons,
        "session": median(seconds["session"]),
        "compare": median(seconds["compare"]),
        "ratio": median(ratios),
        "ratio_low": min(ratios),
        "ratio_high": max(ratios),
        "aim": SIZES.get(persons),
        "kernels_share": sum(kernels.values()) / spent,
        "outside_milliseconds": 1000 * (spent - sum(kernels.values())) / (repeats * len(REGIMES)),
        "kernels": {name: 1000 * seconds / repeats for name, seconds in sorted(kernels.items())},
        "set_milliseconds": 10 * sets,
    }


def memory(persons: int, questions: int) -> dict[str, Any]:
    """Ask many questions; return the most memory that the process held after a tenth of them, and after all."""
    import sim

    session = sim.Session(scenario(persons), REGIMES, seed=1)
    held = []
    for part in (range(questions // 10), range(questions // 10, questions)):
        for k in part:
            session.set({PARAMETER: LOW + STEP * (k % 5000)})
            session.reading(k % 20)
        held.append(peak_memory_megabytes())
    return {"persons": persons, "questions": questions, "megabytes_early": held[0], "megabytes": held[1]}


def run(quick: bool) -> dict[str, Any]:
    """Measure all of it; memory in a process of its own."""
    repeats, questions = (3, 100) if quick else (15, 10_000)
    line = [sys.executable, "-m", "benchmarks.part_session", str(1_000), str(questions)]
    here = machine()
    rows = [question(persons, repeats) for persons in ([500] if quick else SIZES)]
    answer = subprocess.run(line, check=True, capture_output=True, text=True)
    return {
        "machine": f"{here['processors']} processors ({here['processor']})",
        "repeats": repeats,
        "questions": rows,
        "memory": json.loads(answer.stdout.splitlines()[-1]),
    }


if __name__ == "__main__":
    print(json.dumps(memory(int(sys.argv[1]), int(sys.argv[2]))))
