"""Running many replicates (`sim.runs.executors`): in any number at a time, and what an interrupt leaves."""

from __future__ import annotations

import datetime as dt
import os
import threading
from concurrent.futures import CancelledError, ThreadPoolExecutor
from typing import Any

import numpy as np
import pandas as pd
import pytest
from threadpoolctl import threadpool_info

import sim
from sim.runs.executors import one_thread_for_algebra, workers_wanted
from verification.small_worlds import netherlands

SMALL = netherlands(0.01, end=dt.date(2019, 12, 31))
REGIMES = ["vc_2018", "vc_2019_08"]


def test_how_many_run_at_a_time_changes_nothing() -> None:
    one, three = (sim.compare(SMALL, REGIMES, replicates=4, seed=3, workers=workers) for workers in (1, 3))
    pd.testing.assert_frame_equal(one.measures, three.measures)
    assert one.receipt["population_hashes"] == three.receipt["population_hashes"]


def test_an_interrupt_keeps_what_is_finished_in_order() -> None:
    def interrupt(done: int, total: int, message: str) -> None:
        if done == 2 and message == "replicates":
            raise KeyboardInterrupt

    whole = sim.compare(SMALL, REGIMES, replicates=2, seed=3)
    part = sim.compare(SMALL, REGIMES, replicates=40, seed=3, workers=1, progress=interrupt, partial=True)
    assert not part.complete
    assert part.receipt["replicates_wanted"] == 40
    assert 2 <= part.receipt["replicates"] < 40
    assert part.receipt["population_hashes"][:2] == whole.receipt["population_hashes"]
    assert part.measures.replicates.max() == part.receipt["replicates"]


def test_an_interrupt_before_anything_is_finished_is_passed_on() -> None:
    def interrupt(done: int, total: int, message: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sim.compare(SMALL, REGIMES, replicates=2, progress=interrupt)


def test_an_interrupt_that_is_not_asked_for_ends_a_loop_and_has_what_is_finished() -> None:
    def interrupt(done: int, total: int, message: str) -> None:
        if done == 3 and message == "replicates":
            raise KeyboardInterrupt

    points = []

    def loop() -> None:
        for seed in range(5):
            points.append(sim.compare(SMALL, REGIMES, replicates=40, seed=seed, workers=1, progress=interrupt))

    with pytest.raises(KeyboardInterrupt) as caught:
        loop()
    assert points == [], "no point has fewer replicates than the others"
    assert type(caught.value) is KeyboardInterrupt, "of which alone Python ends as a shell expects"
    part = caught.value.partial  # type: ignore[attr-defined]
    assert 3 <= part.receipt["replicates"] < 40
    assert not part.complete
    (note,) = caught.value.__notes__
    assert note.startswith(f"{part.receipt['replicates']} of 40 replicates were finished")


def test_an_interrupt_right_after_the_first_replicate_keeps_it() -> None:
    def interrupt(done: int, total: int, message: str) -> None:
        if done == 1 and message == "replicates":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as caught:
        sim.compare(SMALL, REGIMES, replicates=3, seed=3, progress=interrupt)
    assert caught.value.partial.receipt["replicates"] == 1  # type: ignore[attr-defined]


def test_an_interrupt_while_replicates_are_handed_out_keeps_what_is_finished(monkeypatch: pytest.MonkeyPatch) -> None:
    hand_out, given = ThreadPoolExecutor.submit, []

    def interrupted(pool: ThreadPoolExecutor, work: Any, k: int) -> Any:
        given.append(k)
        if k == 3:
            raise KeyboardInterrupt
        return hand_out(pool, work, k)

    monkeypatch.setattr(ThreadPoolExecutor, "submit", interrupted)
    with pytest.raises(KeyboardInterrupt) as caught:
        sim.compare(SMALL, REGIMES, replicates=1000, seed=3, workers=1)
    assert 1 <= caught.value.partial.receipt["replicates"] <= 3  # type: ignore[attr-defined]
    assert given == [1, 2, 3]


def test_an_interrupt_after_the_last_replicate_is_raised_too() -> None:
    def interrupt(done: int, total: int, message: str) -> None:
        if done == total and message == "replicates":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as caught:
        sim.compare(SMALL, REGIMES, replicates=3, seed=3, progress=interrupt)
    assert caught.value.partial.complete  # type: ignore[attr-defined]


def test_as_many_at_a_time_as_asked_or_as_there_are_processors() -> None:
    assert workers_wanted(np.int64(3), 10) == 3
    assert workers_wanted(None, 10) == min(os.cpu_count() or 1, 9)
    assert workers_wanted(None, 1) == 1


def test_linear_algebra_has_one_thread_meanwhile() -> None:
    with one_thread_for_algebra():
        inside = [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]
    assert set(inside) == {1}


def test_a_comparison_that_is_cancelled_begins_no_further_replicate() -> None:
    cancel, begun = threading.Event(), []

    def stop(done: int, total: int, message: str) -> None:
        begun.append(done)
        if done == 3:
            cancel.set()

    with pytest.raises(CancelledError):
        sim.compare(SMALL, REGIMES, replicates=400, seed=3, workers=2, progress=stop, cancel=cancel)
    assert len(begun) < 10
    with pytest.raises(CancelledError):
        sim.compare(SMALL, REGIMES, replicates=2, cancel=cancel)
    with pytest.raises(sim.InputError, match="cannot be asked"):
        sim.compare(SMALL, REGIMES, replicates=2, cancel=3)  # type: ignore[arg-type]
