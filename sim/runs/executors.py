"""Running replicates in parallel, and keeping the finished ones when interrupted."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ThreadPoolExecutor, wait
from queue import LifoQueue
from threading import BoundedSemaphore

from threadpoolctl import threadpool_limits

from sim.engine.held import Held, give_back
from sim.files.numbers import MOST_WORKERS, whole_number
from sim.runs.admission import Admission
from sim.runs.replicate import Reduced, reduce_replicate
from sim.runs.session import Cancel, Session

Progress = Callable[[int, int, str], None]


def one_thread_for_algebra() -> threadpool_limits:
    """Limit linear algebra to one thread, as long as this is open.

    Its threads would compete with the replicates for processors, and the last digit of a sum would depend on their
    number.
    """
    return threadpool_limits(limits=1)


def workers_wanted(workers: int | None, replicates: int) -> int:
    """Return the number of replicates that run in parallel: as given, or one for each processor.

    Raises
    ------
    InputError
        When it is not a whole number from 1 on.
    """
    if workers is not None:
        return whole_number(workers, "workers", 1, MOST_WORKERS)
    return min(os.cpu_count() or 1, max(replicates - 1, 1))


def all_replicates(
    session: Session, replicates: int, tell: Progress, workers: int, cancel: Cancel | None = None
) -> tuple[list[Reduced], KeyboardInterrupt | None]:
    """Run the replicates in threads (the kernel holds no lock).

    Parameters
    ----------
    cancel
        Asked before each replicate: when it is set, those that have begun are finished, and nothing is kept.

    Returns
    -------
    tuple
        The finished replicates, and the interrupt if there was one: then they are the first ones, since a replicate
        that has begun is finished. The interrupt is raised if no replicate is finished.

    Raises
    ------
    CancelledError
        When cancelled before the last replicate has begun.
    """
    interrupt: KeyboardInterrupt | None = None
    finished: dict[int, Reduced] = {}
    pending: dict[Future[Reduced], int] = {}
    pool = ThreadPoolExecutor(max_workers=workers)
    setting = session.setting
    free: LifoQueue[Held] = LifoQueue()
    for _ in range(workers):
        free.put(Held())
    # A replicate takes most memory in its period. While half of them are there, the others are in their histories.
    in_period = BoundedSemaphore(workers - workers // 2)

    def reduced(k: int) -> Reduced:
        if cancel is not None and cancel.is_set():
            raise CancelledError
        held, admission = free.get(), Admission(in_period)
        try:
            return reduce_replicate(setting, held.take, k, admission)
        finally:
            admission.leave()
            held.rest()
            free.put(held)
            give_back()

    # An interrupt can come at any line, also while thousands of replicates are being handed out.
    try:
        finished[0] = reduced(0)
        tell(1, replicates, "replicates")
        for k in range(1, replicates):
            pending[pool.submit(reduced, k)] = k
        while pending:
            done, _ = wait(pending, timeout=0.2, return_when=FIRST_COMPLETED)
            for future in done:
                finished[pending[future]] = future.result()
                del pending[future]
                tell(len(finished), replicates, "replicates")
    except KeyboardInterrupt as error:
        if not finished:
            raise
        interrupt = error
        tell(len(finished), replicates, "interrupted: keeping what is finished")
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        for future, k in pending.items():
            # Replicates that finished while the others were cancelled count too.
            if not future.cancelled() and future.exception() is None:
                finished[k] = future.result()
    return [finished[k] for k in sorted(finished)], interrupt
