"""Run a study into a store: begin, go on, extend, merge."""

from __future__ import annotations

import os
import shutil
import time
import weakref
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager, nullcontext
from os import PathLike
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final, NamedTuple

from sim.files.errors import InputError
from sim.files.numbers import MOST_WORKERS, whole_number
from sim.files.paths import expanded
from sim.report.folder import open_folder
from sim.runs.receipt import source_hash
from sim.studies.disk import only_here, sha256
from sim.studies.parts import Part
from sim.studies.plan import BYTES_A_POINT, BYTES_A_READING, amount, duration
from sim.studies.progress import Progress, shown
from sim.studies.results import Results
from sim.studies.runner import Job, Result, packed
from sim.studies.store import KINDS, Status, Store
from sim.studies.study import Study
from sim.studies.workers import MakeExecutor, check_workers, cluster, processes, run_parts

SPARE: Final = 1.2
"""Free space that is asked for, in parts of what the results are expected to take."""


def sweep(
    study: Study | str | PathLike[str],
    out: str | PathLike[str] | None = None,
    *,
    progress: bool | Progress | None = None,
    **how: Any,
) -> Results:
    """Run a study, and return its results as tidy tables.

    Parameters
    ----------
    study
        A study, or its file.
    out
        Where the results go. In a folder in which this very study was begun it goes on, so that a script or a notebook
        can be run again. None: a folder that goes when the results do.
    progress
        True: a bar, or one line a minute where there is no terminal. Or a function, called as
        ``progress(done, total, message)``.
    **how
        ``workers``, ``executor``, ``scheduler`` as for `go_on`.

    Raises
    ------
    InputError
        Before the first run when anything is not as it should be.
    KeyboardInterrupt
        When interrupted; with ``out`` what is finished is there.
    """
    loaded = study if isinstance(study, Study) else Study.load(study)
    with shown(progress) as tell:
        if out is None:
            return _passing(loaded, tell, how)
        folder = expanded(out)
        if (folder / "manifest.json").exists() and _is_of(folder, loaded):
            resume(folder, progress=tell, **how)
        else:
            begin(loaded, folder, progress=tell, **how)
        return Results(folder)


def _passing(study: Study, progress: Progress | None, how: Mapping[str, Any]) -> Results:
    """Run a study into a folder that goes when its results do."""
    folder = Path(mkdtemp(prefix="b8sim-"))
    try:
        begin(study, folder / "sweep", progress=progress, **how)
        results = Results(folder / "sweep")
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    weakref.finalize(results, shutil.rmtree, folder, ignore_errors=True)
    return results


def _is_of(folder: Path, study: Study) -> bool:
    """Return whether a folder holds a study, point for point."""
    there = Store.look(folder).study
    return there.hash() == study.hash() and [p.id for _, p in there.points] == [p.id for _, p in study.points]


def begin(study: Study, folder: str | PathLike[str], *, share: tuple[int, int] = (1, 1), **how: Any) -> Status:
    """Run a study into a new or empty folder.

    Parameters
    ----------
    study
        The study.
    folder
        Where its results go.
    share
        ``(k, n)``: only every n-th part from the k-th on, for one of n machines; `merge` puts them together.
    **how
        As for `go_on`.

    Returns
    -------
    Status
        How far it is: complete, unless points failed or ``share`` left some to others.

    Raises
    ------
    InputError
        Before the first run when anything is not as it should be; during it when the disk is full.
    KeyboardInterrupt
        When interrupted; what is finished is in the folder.
    """
    assert study.points
    _check_space(study, expanded(folder), share)
    progress = how.pop("progress", None)
    with _executors(**how) as where:
        store = Store.create(folder, study, share)
        try:
            return _run(store, where, progress)
        except InputError:
            if not store.manifest["parts"]:  # nothing of it ran, so nothing of it stays
                shutil.rmtree(store.folder)
            raise


def resume(folder: str | PathLike[str], *, retry_failed: bool = False, **how: Any) -> Status:
    """Go on with a sweep that was broken off; parts that are spoilt or gone are run again.

    Parameters
    ----------
    folder
        The folder of the sweep.
    retry_failed
        Whether points that failed are tried again.
    **how
        As for `go_on`.

    Raises
    ------
    InputError
        When the study, the code or a package is not what it was when the sweep began.
    """
    return go_on(Store.open(folder), retry_failed=retry_failed, **how)


def extend(folder: str | PathLike[str], points: int, **how: Any) -> Status:
    """Add a block of points to a sweep and run them; results are those of a study that asked for all at once.

    Raises
    ------
    InputError
        As ``resume``; and when the design cannot be extended.
    """
    store = Store.open(folder)
    with only_here(store.folder):
        store = store.extended(points)
    return go_on(store, **how)


def go_on(
    store: Store,
    *,
    workers: int | None = None,
    executor: Executor | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
    retry_failed: bool = False,
) -> Status:
    """Run what is not finished in a store.

    Parameters
    ----------
    workers
        Processes at the same time; the number of processors by default.
    executor
        Any executor of ``concurrent.futures`` instead of processes; it stays open. ``workers`` is how many it has.
    scheduler
        Address of a Dask scheduler instead of processes.
    progress
        Called as ``progress(done, total, message)`` with points.
    """
    with _executors(workers, executor, scheduler) as where:
        return _run(store, where, progress, retry_failed=retry_failed)


def _run(store: Store, where: Where, progress: Progress | None, *, retry_failed: bool = False) -> Status:
    """Run what is not finished in a store."""
    with only_here(store.folder):
        store.settle()
        pending = store.pending(failed=retry_failed)
        total = sum(len(part.points) for part in store.parts)
        clock = Clock(total, total - sum(len(part.points) for part in pending), progress)
        if pending:
            clock.show("starting the workers")

            def done(part: Part, results: list[Result]) -> None:
                store.add(part, results)
                clock.add(len(part.points))

            job, workers = packed(Job.of(store.study)), min(where.workers, len(pending)) if where.own else where.workers
            run_parts(pending, job, where.make, workers, done, own=where.own)
        store.write_manifest()
        return store.status()


def merge(folders: Sequence[str | PathLike[str]], out: str | PathLike[str]) -> Status:
    """Put the parts of one study together that were run in several folders.

    Raises
    ------
    InputError
        When the folders are not of the same study, or the new one is not empty.
    """
    stores = [Store.look(folder) for folder in folders]
    first = stores[0]
    for store in stores[1:]:
        for name in ("study.toml", "receipt.json"):
            if (store.folder / name).read_bytes() != (first.folder / name).read_bytes():
                accepted = f"folders of the same study, as {first.folder}"
                raise InputError("another study, or made by other code", file=store.folder / name, accepted=accepted)
    target = expanded(out)
    with open_folder(target) as hidden:
        shutil.copytree(first.folder, hidden, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".*", "part-*.parquet"))
        merged = Store(hidden, first.study, {**first.manifest, "share": [1, 1], "parts": {}})
        for store in stores:
            broken = set(store.broken())
            for name, said in store.manifest["parts"].items():
                if name not in broken:
                    for kind in KINDS:
                        shutil.copyfile(store.file(kind, name), merged.file(kind, name))
                        assert sha256(merged.file(kind, name)) == said[kind]
                    merged.manifest["parts"][name] = said
        merged.write_manifest()
    return Store.look(target).status()


class Clock:
    """Says how far a sweep is, how fast it goes and how long it will take."""

    def __init__(self, total: int, before: int, tell: Progress | None) -> None:
        self.total, self.before, self.done, self.tell = total, before, before, tell
        self.start = time.monotonic()

    def add(self, points: int) -> None:
        """Note that points are finished, and say so."""
        self.done += points
        seconds = max(time.monotonic() - self.start, 1e-9)
        rate = (self.done - self.before) / seconds
        each = f"{rate:.1f} a second" if rate >= 1 else f"{duration(1 / rate)} a point"
        left = (self.total - self.done) / rate
        self.show(f"points, {each}" + (f", {duration(left)} left" if left else ""))

    def show(self, message: str) -> None:
        """Say how far it is, if anybody listens."""
        if self.tell is not None:
            self.tell(self.done, self.total, message)


class Where(NamedTuple):
    """What makes an executor, how many workers it has, and whether it is ours to close and to make again."""

    make: MakeExecutor
    workers: int
    own: bool


@contextmanager
def _executors(
    workers: int | None = None, executor: Executor | None = None, scheduler: str | None = None
) -> Iterator[Where]:
    """Give where points run; what is not made here is tried first."""
    if workers is not None:
        workers = whole_number(workers, "workers", 1, MOST_WORKERS)
    here = nullcontext((executor, os.cpu_count() or 1))
    with cluster(scheduler) if scheduler is not None else here as (given, number):
        if given is None:
            yield Where(processes, workers or number, True)
        else:
            check_workers(given, source_hash())
            yield Where(lambda _: given, workers or number, False)


def _check_space(study: Study, folder: Path, share: tuple[int, int]) -> None:
    """Refuse a disk on which the results have no place."""
    head = study.document.study
    readings = len(study.points) * len(study.asked.regimes) * head.replicates * study.readings.size
    needed = (readings * BYTES_A_READING + len(study.points) * BYTES_A_POINT) / share[1] * SPARE
    there = next(parent for parent in (folder.absolute(), *folder.absolute().parents) if parent.exists())
    free = shutil.disk_usage(there).free
    if free < needed:
        raise InputError(
            "no space for the results", file=folder, value=f"{amount(free)} free", accepted=f"some {amount(needed)}"
        )
