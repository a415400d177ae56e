"""Running many replicates (`sim.runs.executors`): in any number at a time, and what an interrupt leaves."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from threadpoolctl import threadpool_info

import sim
from sim.runs.executors import one_thread_for_algebra
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
    part = sim.compare(SMALL, REGIMES, replicates=40, seed=3, workers=1, progress=interrupt)
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


def test_linear_algebra_has_one_thread_meanwhile() -> None:
    with one_thread_for_algebra():
        inside = [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]
    assert set(inside) == {1}
