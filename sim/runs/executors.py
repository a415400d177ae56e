"""Running many replicates at the same time, and keeping what is finished when interrupted."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from threadpoolctl import threadpool_limits

from sim.agents.candidates import Candidates
from sim.files.numbers import MOST_WORKERS, whole_number
from sim.outcomes.measures import Measures
from sim.runs.replicate import Reduced, reduce_replicate
from sim.runs.world import World
from sim.scenarios.scenario import Scenario

Progress = Callable[[int, int, str], None]


def one_thread_for_algebra() -> threadpool_limits:
    """Keep linear algebra, as long as this is open, to one thread.

    Its threads would take the processors from the replicates, and the last digit of a sum would depend on how many
    there are.
    """
    return threadpool_limits(limits=1)


def workers_wanted(workers: int | None, replicates: int) -> int:
    """Return how many replicates run at the same time: as asked, or one for each processor.

    Raises
    ------
    InputError
        When it is no whole number from 1 on.
    """
    if workers is not None:
        return whole_number(workers, "workers", 1, MOST_WORKERS)
    return min(os.cpu_count() or 1, max(replicates - 1, 1))


def all_replicates(
    scenario: Scenario,
    worlds: list[World],
    baselines: list[World],
    people: Candidates,
    measures: Measures,
    seed: int,
    replicates: int,
    tell: Progress,
    workers: int,
) -> tuple[list[Reduced], KeyboardInterrupt | None]:
    """Run the replicates in threads (the kernel holds no lock).

    Returns
    -------
    tuple
        The replicates that are finished, and the interrupt if one came: then they are the first ones, since those that
        have begun come to their end. Before the first is finished the interrupt is raised.
    """
    interrupt: KeyboardInterrupt | None = None
    finished: dict[int, Reduced] = {}
    finished[0] = reduce_replicate(scenario, worlds, baselines, people, measures, seed, 0)
    tell(1, replicates, "replicates")
    pool = ThreadPoolExecutor(max_workers=workers)
    pending: dict[Future[Reduced], int] = {
        pool.submit(reduce_replicate, scenario, worlds, baselines, people, measures, seed, k): k
        for k in range(1, replicates)
    }
    try:
        while pending:
            done, _ = wait(pending, timeout=0.2, return_when=FIRST_COMPLETED)
            for future in done:
                finished[pending.pop(future)] = future.result()
                tell(len(finished), replicates, "replicates")
    except KeyboardInterrupt as error:
        interrupt = error
        tell(len(finished), replicates, "interrupted: keeping what is finished")
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        for future, k in pending.items():
            # What came to its end while the others were called off counts too.
            if not future.cancelled() and future.exception() is None:
                finished[k] = future.result()
    return [finished[k] for k in sorted(finished)], interrupt
