"""Sweeps: points a second with processes and threads, what a run costs beyond the engine, memory, and the store.

Each sweep runs in a process of its own, which reports the seconds of the clock from the first finished part to the last
and the most memory that it and its workers held. Half the points in the first, all in the second: memory must not grow.
The shipped scenario has a history before the period, which a point simulates too; some sweeps leave it out.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.machine import Others, machine
from benchmarks.part_session import in_kernels
from benchmarks.timing import seconds_of

REGIMES = ("vc_2018", "vc_2019_08")
FACTORS = {"report.base": (0.5, 2.5), "leaves.transfer_per_year": "passport", "om.needed_base": "passport"}
WAYS = (("processes", 1), ("processes", 2), ("threads", 2))
HISTORIES = ("shipped", "start")
NOBODY = 'extends = "netherlands"\n[scenario]\nhistory_from = "start"\n'
MANY = 10_000
MEGABYTE = 2**20


def study(persons: int, points: int, history: str = "shipped") -> Any:
    """Return the study that is timed: the whole period, two regimes, one replicate; with a history or none."""
    import sim

    with tempfile.TemporaryDirectory() as folder:
        nobody = Path(folder) / "nobody.toml"
        nobody.write_text(NOBODY, encoding="utf-8")
        return sim.Study(
            "netherlands" if history == "shipped" else nobody, REGIMES, persons=persons, replicates=1,
            design={"kind": "sobol", "points": points}, parameters=FACTORS, capacities={"avim.report": "passport"},
        )  # fmt: skip


def timed(persons: int, points: int, way: str, workers: int, history: str) -> dict[str, Any]:
    """Run a sweep in this process, and say how fast it was and how much memory it took."""
    from sim.studies.sweep import begin

    marks: list[tuple[float, int]] = []
    loaded, others = study(persons, points, history), Others()
    with tempfile.TemporaryDirectory() as folder, _where(way, workers) as how:
        begin(loaded, Path(folder) / "out", progress=lambda done, *_: marks.append((time.perf_counter(), done)), **how)
    steady = [mark for mark in marks if mark[1]]
    seconds, done = steady[-1][0] - steady[0][0], steady[-1][1] - steady[0][1]
    held = {
        who: resource.getrusage(who).ru_maxrss * 1024 / MEGABYTE
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    }
    return {
        "way": way, "workers": workers, "history": history, "points": points, "seconds": seconds,
        "points_a_second": done / seconds,
        "megabytes_parent": held[resource.RUSAGE_SELF], "megabytes_worker": held[resource.RUSAGE_CHILDREN],
        "others": others.share(),
    }  # fmt: skip


@contextmanager
def _where(way: str, workers: int) -> Iterator[dict[str, Any]]:
    if way == "processes":
        yield {"workers": workers}
    else:
        with ThreadPoolExecutor(workers) as pool:
            yield {"executor": pool, "workers": workers}


def stages(persons: int, points: int, history: str = "shipped") -> dict[str, Any]:
    """Return milliseconds of the processor for a run of one regime: all of it, in kernels, and what the store adds."""
    from sim.studies.parts import parts_of
    from sim.studies.runner import Job, Runner
    from sim.studies.store import Store

    loaded = study(persons, points + 1, history)
    run, chosen = Runner(Job.of(loaded)), [point for _, point in loaded.points]
    run.run(chosen[0])
    seconds, _ = seconds_of(lambda: [run.run(point) for point in chosen[1:]])
    with in_kernels() as kernels:
        watched, results = seconds_of(lambda: [run.run(point) for point in chosen[1:]])
    whole = study(persons, MANY)  # parts are of the size that they have in a sweep of many points
    with tempfile.TemporaryDirectory() as folder:
        store = Store.create(Path(folder) / "out", whole)
        parts = parts_of(whole)[:9]
        made = [[replace(results[i % points], point=p.id) for i, p in enumerate(part.points)] for part in parts]
        store.add(parts[0], made[0])  # loads what writes Parquet
        written = sum(map(len, made[1:]))
        rest = list(zip(parts[1:], made[1:], strict=True))
        spent, _ = seconds_of(lambda: [store.add(part, found) for part, found in rest])
    runs = len(REGIMES)
    return {
        "milliseconds_a_run": 1000 * seconds / points / runs,
        "kernel_share": sum(kernels.values()) / watched,
        "kernels": {name: 1000 * spent / points / runs for name, spent in sorted(kernels.items()) if spent},
        "milliseconds_of_store_a_run": 1000 * spent / written / runs,
    }


def store_of(readings: int) -> dict[str, float]:
    """Fill a store with made-up readings, and time opening and filtering it with pyarrow."""
    import pyarrow.compute as pc
    import pyarrow.dataset as ds

    from sim.studies.runner import Result
    from sim.studies.store import Store

    size = 2 * study(300, 1).readings.size
    loaded = study(300, -(-readings // size))
    generator = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as folder:
        store = Store.create(Path(folder) / "out", loaded)
        shape = (1, 2, len(loaded.readings.labels), 1)
        for part in store.parts:
            store.add(part, [Result(p.id, generator.normal(size=shape)) for p in part.points])
        start = time.perf_counter()
        data = ds.dataset(store.folder / "readings", format="parquet")
        table = data.to_table(filter=(pc.field("measure") == "reports") & (pc.field("regime") == REGIMES[1]))
        seconds = time.perf_counter() - start
        start = time.perf_counter()
        whole = data.to_table().num_rows
        return {
            "readings": whole,
            "filtered": table.num_rows,
            "filter_seconds": seconds,
            "read_seconds": time.perf_counter() - start,
            "bytes_a_reading": sum(f.stat().st_size for f in (store.folder / "readings").iterdir()) / whole,
        }


def run(quick: bool) -> dict[str, Any]:
    """Measure all of it."""
    persons, points = (500, 16) if quick else (10_000, 128)
    rows = []
    for history, (way, workers) in [("shipped", way) for way in WAYS] + [("start", WAYS[1])]:
        for share in (2, 1):
            line = [sys.executable, "-m", "benchmarks.part_sweep", str(persons), str(points // share), way]
            line += [str(workers), history]
            answer = subprocess.run(line, check=True, capture_output=True, text=True)
            rows.append(json.loads(answer.stdout.splitlines()[-1]))
    here, others = machine(), Others()
    of_point = {history: stages(persons, 6 if quick else 20, history) for history in HISTORIES}
    return {
        "machine": f"{here['processors']} processors ({here['processor']})",
        "persons": persons,
        "sweeps": rows,
        "stages": of_point,
        "others_of_stages": others.share(),
        "store": store_of(20_000 if quick else 1_000_000),
    }


if __name__ == "__main__":
    print(json.dumps(timed(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4]), sys.argv[5])))
