"""How many runs are in their periods at a time (`sim.runs.admission`)."""

from __future__ import annotations

import time
from threading import BoundedSemaphore, Lock, Thread

import pytest

import sim
from sim.runs.admission import Admission
from sim.runs.course import Course
from verification.small_worlds import netherlands


def test_only_so_many_are_inside_and_leaving_twice_is_leaving_once() -> None:
    limit = BoundedSemaphore(1)
    one, other = Admission(limit), Admission(limit)
    one.enter()
    one.enter()
    entered: list[float] = []
    waits = Thread(target=lambda: (other.enter(), entered.append(time.monotonic())))
    waits.start()
    time.sleep(0.05)
    assert not entered
    left = time.monotonic()
    one.leave()
    one.leave()
    waits.join()
    assert entered[0] >= left
    other.leave()
    assert limit.acquire(blocking=False), "all have left"


def test_without_a_limit_all_are_admitted() -> None:
    for admission in (Admission(), Admission()):
        admission.enter()
    admission.leave()


def test_half_of_the_runs_of_many_people_are_in_their_periods_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.runs.rows.MANY_BYTES", 0)
    scenario = netherlands(0.02).replace(history_from="2014-01-01")
    expected = sim.compare(scenario, replicates=1, seed=5).replicates
    inside, most, lock = set[int](), [0], Lock()
    until, outcome = Course.until, Course.outcome

    def watched(course: Course, day: int) -> int:
        if course.past is None:
            with lock:
                inside.add(id(course.state.rows.base))
                most[0] = max(most[0], len(inside))
        return until(course, day)

    def over(course: Course) -> object:
        with lock:
            inside.discard(id(course.state.rows.base))
        return outcome(course)

    monkeypatch.setattr(Course, "until", watched)
    monkeypatch.setattr(Course, "outcome", over)
    found = sim.compare(scenario, replicates=9, seed=5, workers=4).replicates
    assert most[0] <= 2
    first = found[found.replicate == 0].reset_index(drop=True)
    assert first.equals(expected.reset_index(drop=True))
