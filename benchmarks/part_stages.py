"""A profile of ``b8sim compare``: time and memory of the whole command, from the start of Python to the report.

The command runs in its own process in which the functions of each stage are wrapped with a stopwatch. Seconds are of
the processor, summed over threads; the time of a stage excludes the stages that it calls.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.machine import peak_memory_megabytes
from benchmarks.timing import median

STAGES = {
    "law": (
        "sim.runs.compare:asked_of",
        "sim.runs.session:make_world",
        "sim.runs.session:with_parameters",
        "sim.runs.people:people_of",
        "sim.runs.comparison:law_changes_table",
    ),
    "people": ("sim.runs.people:population_of",),
    "kernel": (
        "sim.runs.course:State",
        "sim.runs.course:run_history",
        "sim.runs.course:run_until",
        "sim.runs.shared:run_world",
    ),
    "measures": ("sim.runs.lives:moves_of", "sim.runs.lives:count", "sim.runs.replicate:_crossed"),
    "tables": ("sim.runs.compare:compared",),
    "report": ("sim.report.folder:write_comparison", "sim.cli.screen:print_headlines"),
}
"""Functions of each stage, by module and name. The rest is the start: Python, imports, compiled code."""
OUTSIDE_IS_WORK = 0.2
"""A share of a stage outside the kernel above which it deserves work."""


class Stopwatch:
    """Sums the seconds that each thread spends in each stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.local, self.lock = threading.local(), threading.Lock()

    def wrap(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function with a stopwatch around it."""

        @wraps(function)
        def timed(*args: Any, **kwargs: Any) -> Any:
            stack = self.local.__dict__.setdefault("stack", [])
            stack.append(0.0)
            start = time.thread_time()
            try:
                return function(*args, **kwargs)
            finally:
                spent, inside = time.thread_time() - start, stack.pop()
                if stack:
                    stack[-1] += spent
                with self.lock:
                    self.seconds[stage] += spent - inside

        return timed


def command(out: str, replicates: int) -> dict[str, Any]:
    """Run the command in this process with stopwatches; return seconds by stage."""
    watch = Stopwatch()
    for stage, places in STAGES.items():
        for place in places:
            module_name, _, name = place.partition(":")
            module = import_module(module_name)
            setattr(module, name, watch.wrap(stage, getattr(module, name)))
    from sim.cli import main

    sys.argv = ["b8sim", "compare", "netherlands", "--replicates", str(replicates), "--quiet", "--out", out]
    try:
        main()
    except SystemExit as end:
        if end.code:
            raise
    seconds = dict(watch.seconds)
    seconds["start"] = time.process_time() - sum(seconds.values())
    receipt = json.loads((Path(out) / "receipt.json").read_text(encoding="utf-8"))
    return {"seconds": seconds, "transitions": receipt["transitions"], "memory_megabytes": peak_memory_megabytes()}


def run(quick: bool) -> dict[str, Any]:
    """Run the command several times, each in a process of its own."""
    replicates, repeats = (2, 1) if quick else (20, 3)
    runs, wall = [], []
    for repeat in range(repeats + 1):
        with tempfile.TemporaryDirectory() as folder:
            start = time.perf_counter()
            line = [sys.executable, "-m", "benchmarks.part_stages", str(Path(folder) / "out"), str(replicates)]
            answer = subprocess.run(line, check=True, capture_output=True, text=True)
            if repeat:  # the first one may compile
                wall.append(time.perf_counter() - start)
                runs.append(json.loads(answer.stdout.splitlines()[-1]))
    seconds = {stage: median([run["seconds"].get(stage, 0.0) for run in runs]) for stage in ("start", *STAGES)}
    whole = sum(seconds.values())
    return {
        "scenario": "netherlands",
        "replicates": replicates,
        "repeats": repeats,
        "wall_seconds": median(wall),
        "processor_seconds": whole,
        "transitions": runs[0]["transitions"],
        "memory_megabytes": max(run["memory_megabytes"] for run in runs),
        "stages": [{"stage": s, "seconds": value, "share": value / whole} for s, value in seconds.items()],
        "work": [s for s, value in seconds.items() if s != "kernel" and value / whole > OUTSIDE_IS_WORK],
    }


if __name__ == "__main__":
    print(json.dumps(command(sys.argv[1], int(sys.argv[2]))))
