"""Where points run: processes here, threads, a Dask cluster, or any executor; and what happens when a worker dies."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from contextlib import contextmanager
from multiprocessing.connection import wait as wait_for
from typing import Final

import numpy as np

from sim.files.errors import B8simError, InputError
from sim.runs.receipt import source_hash
from sim.studies.parts import Part
from sim.studies.points import Point
from sim.studies.runner import Result, run_points

AHEAD: Final = 2
"""Parts that wait for each worker, so that none is idle; no more, so that memory stays flat."""
DEATHS: Final = 2
"""How often a part may be there when a worker dies, before its points are tried one by one."""
SECONDS_TO_CONNECT: Final = 10
MakeExecutor = Callable[[int], Executor]
Done = Callable[[Part, list[Result]], None]


def processes(workers: int) -> Executor:
    """Return a pool of processes that end with this one, however it ends, and leave Ctrl-C to it.

    Raises
    ------
    InputError
        In a process that is being started: the caller's script would start itself again without end.
    """
    if getattr(multiprocessing.current_process(), "_inheriting", False):
        raise InputError(
            "a sweep begins while a worker is being started",
            accepted='the call under  if __name__ == "__main__":  in your script',
        )
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"), initializer=_begin)


def threads(workers: int) -> Executor:
    """Return a pool of threads."""
    return ThreadPoolExecutor(workers)


@contextmanager
def cluster(address: str) -> Iterator[tuple[Executor, int]]:
    """Connect to the scheduler of a Dask cluster; give an executor, and how many workers there are.

    Raises
    ------
    InputError
        When Dask is not installed, or the scheduler cannot be reached or has no workers.
    """
    try:
        from distributed import Client
    except ImportError:
        accepted = "pip install 'b8sim[dask]', here and on the workers"
        raise InputError("needs Dask", key="--scheduler", value=address, accepted=accepted) from None
    try:
        client = Client(address, timeout=SECONDS_TO_CONNECT, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        reason = f"cannot be reached: {error}".split("\n")[0]
        accepted = "the address that dask scheduler shows, such as tcp://127.0.0.1:8786"
        raise InputError(reason, key="--scheduler", value=address, accepted=accepted) from None
    with client:
        slots = sum(client.nthreads().values())
        if not slots:
            raise InputError(
                "no workers are connected to it", key="--scheduler", value=address, accepted="a dask worker"
            )
        yield client.get_executor(pure=False), slots


def check_workers(executor: Executor, expected: str) -> None:
    """Refuse workers that run other code: their numbers would not be ours.

    Raises
    ------
    InputError
        When a worker cannot import this package, or has another source.
    """
    try:
        found = executor.submit(_source).result()
    except BrokenExecutor:
        raise _cannot_start() from None
    except (ImportError, AttributeError) as error:
        raise InputError(
            f"the workers cannot run it: {error}", accepted="this b8sim installed on the workers"
        ) from None
    if found != expected:
        raise InputError("the workers run other code", key="source_hash", value=found, accepted=expected)


def run_parts(
    parts: Sequence[Part], job: bytes, make: MakeExecutor, workers: int, done: Done, *, own: bool = True
) -> None:
    """Run parts, and hand over each as it is finished, in any order.

    A part during which workers die again and again is run point by point, and the point that kills its worker gets that
    as its error. When interrupted, what has begun comes to its end and is handed over.

    Parameters
    ----------
    make
        Makes an executor with so many workers.
    done
        Called in this thread with the part and what came of its points.
    own
        Whether a broken executor can be made again.

    Raises
    ------
    KeyboardInterrupt
        When interrupted.
    B8simError
        When the caller's executor is broken.
    """
    waiting, deaths, checked = list(parts), Counter[str](), False
    while waiting:
        suspects = [part for part in waiting if deaths[part.name] >= DEATHS]
        for part in suspects:
            waiting.remove(part)
            done(part, _one_by_one(part, job, make))
        executor = make(workers)
        try:
            if own and not checked:
                check_workers(executor, source_hash())
                checked = True
            begun = _round(waiting, job, executor, workers, done)
        finally:
            if own:
                executor.shutdown(wait=True, cancel_futures=True)
        if begun and not own:
            raise B8simError(
                "the executor is broken; what is finished is kept, and b8sim sweep resume goes on from there"
            )
        deaths.update(part.name for part in begun)


def _round(waiting: list[Part], job: bytes, executor: Executor, workers: int, done: Done) -> list[Part]:
    """Run the parts that wait until all are finished or a worker dies; return those that were begun and lost then."""
    running: dict[Future[list[Result]], Part] = {}

    def take(future: Future[list[Result]]) -> bool:
        part = running.pop(future)
        try:
            results = future.result()
        except BrokenExecutor:
            waiting.insert(0, part)
            return False
        except Exception as error:  # such as a worker of a cluster that was lost too often
            results = [_failed(point, f"{type(error).__name__}: {error}") for point in part.points]
        done(part, results)
        return True

    try:
        while waiting or running:
            while waiting and len(running) < workers * AHEAD:
                part = waiting.pop(0)
                try:
                    running[executor.submit(run_points, job, part.points)] = part
                except BrokenExecutor:
                    waiting.insert(0, part)
                    if not running:
                        return [part]
                    break
            finished, _ = wait(running, timeout=0.5, return_when=FIRST_COMPLETED)
            lost = [part for future, part in [(f, running[f]) for f in finished] if not take(future)]
            if lost:
                lost += [part for future, part in [(f, running[f]) for f in list(running)] if not take(future)]
                return lost[:workers]
    except KeyboardInterrupt:
        for future in list(running):
            if future.cancel():
                running.pop(future)
        with contextlib.suppress(BrokenExecutor):
            for future in list(running):
                take(future)
        raise
    return []


def _one_by_one(part: Part, job: bytes, make: MakeExecutor) -> list[Result]:
    """Run the points of a part alone, each in a worker of its own."""
    results = []
    for point in part.points:
        executor = make(1)
        try:
            results += executor.submit(run_points, job, (point,)).result()
        except BrokenExecutor:
            results.append(_failed(point, "the process that ran it died"))
        finally:
            executor.shutdown(wait=True, cancel_futures=True)
    return results


def _failed(point: Point, error: str) -> Result:
    return Result(point.id, np.empty((0, 0, 0, 0)), error)


def _cannot_start() -> InputError:
    return InputError(
        "the workers cannot be started",
        accepted='in a script the call under  if __name__ == "__main__":  ; or --workers 1, if memory is short',
    )


def _source() -> str:
    return source_hash()


def _begin() -> None:
    """Leave Ctrl-C to the process that began this one, and end when it has ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait_for([sentinel])
    os._exit(1)
