"""How authorities serve those who wait (`sim.engine.queues`): capacity, working days, new ranks."""

from __future__ import annotations

import datetime as dt
from math import exp
from pathlib import Path

import numpy as np
import pytest
from small_laws import FINAL, order_served, served_per_day

from verification.erlang import (
    DESK,
    SERVED,
    queue_world,
)
from verification.small_worlds import (
    START,
    hazard,
    parameter,
    people,
    pools,
    procedure,
    small_world,
)


def test_a_step_without_end_holds_its_place(tmp_path: Path) -> None:
    """A bed that is held until something moves the person."""
    steps = {"away": 'next = [{ to = "bed" }]', "bed": 'by = "beds"', "out": FINAL}
    world = small_world(
        tmp_path,
        {"case": procedure("case", "away", steps)},
        behaviour=hazard("goes", "case.bed", "case.out", "rate.goes", 'when = ["registration_stopped"]'),
        authorities=pools(beds="places"),
        parameters=[parameter("capacity.beds", 2.9, "places"), parameter("rate.goes", 1e6, "per_year")],
        shocks={"registration_stopped": (100, 101)},
    )
    run = world.run(people([0, 0, 0]), until=99)
    assert run.state.pools[0, :2].tolist() == [1, 2]
    run = world.run(people([0, 0, 0]), until=101)
    assert run.state.pools[0, :2].tolist() == [0, 0]
    run = world.run(people([0, 0, 0, 102, 102, 102]), until=200)
    assert run.state.pools[0, :2].tolist() == [1, 2]


def test_a_signal_takes_one_out_of_a_queue_and_frees_a_place(tmp_path: Path) -> None:
    """The clock of another track ends a wait (person 1) and a stay (person 0)."""
    bed = {
        "away": 'next = [{ to = "bed", signals = ["other.clock"] }]',
        "bed": 'by = "beds"\ntakes = "d.long"\nnext = [{ to = "end" }]',
        "out": 'from = ["bed"]\nfinal = true',
        "end": FINAL,
    }
    other = {
        "idle": "",
        "clock": 'from = ["idle"]\ntakes = "d.ten"\nnext = [{ to = "rang", signals = ["case.out"] }]',
        "rang": FINAL,
    }
    world = small_world(
        tmp_path,
        {"case": procedure("case", "away", bed), "other": procedure("other", "idle", other)},
        authorities=pools(beds="places"),
        parameters=[
            parameter("d.ten", 10.0),
            parameter("d.long", 400.0),
            parameter("capacity.beds", 1.0, "places"),
        ],
    )
    run = world.run(people([0, 0, 9]))
    assert [run.days("case.out")[i] for i in range(3)] == [10, 10, 19]
    sums = run.pool("beds")
    assert (sums["served"], sums["waited"], sums["used"]) == (2, 1, 10 + 9)
    assert run.state.pools[0, :2].tolist() == [0, 0]


BACKLOG = np.zeros(3000, np.int64)


def test_staff_work_on_working_days_only(tmp_path: Path) -> None:
    world = queue_world(tmp_path, 3.0, kind="staff", end=dt.date(2018, 12, 31))
    served = served_per_day(world, BACKLOG)
    is_open = world.calendar.is_working_day[: served.size]
    assert (served == np.where(is_open, 3, 0)).all()
    days = [START + dt.timedelta(days=int(day)) for day in np.flatnonzero(served)]
    assert {day.weekday() for day in days} == {0, 1, 2, 3, 4}
    for holiday in (dt.date(2018, 1, 1), dt.date(2018, 4, 2), dt.date(2018, 4, 27), dt.date(2018, 12, 25)):
        assert holiday not in days
    weeks = served[: 7 * 52].reshape(52, 7).sum(axis=1)
    assert sorted(set(weeks.tolist())) == [9, 12, 15]
    assert (weeks == 15).sum() >= 45


@pytest.mark.parametrize("capacity", [0.4, 0.1, 0.25, 1.5, 2.3, 1 / 3])
def test_fractions_of_a_case_add_up(tmp_path: Path, capacity: float) -> None:
    """0.4 a working day gives 2 in 5 working days, and no more and no less later on."""
    world = queue_world(tmp_path, capacity, kind="staff")
    served = served_per_day(world, BACKLOG)[world.calendar.is_working_day[: world.calendar.end_day + 1]]
    expected = np.floor(capacity * np.arange(1, served.size + 1) + 1e-6)
    assert (np.cumsum(served) == expected).all()
    assert served.sum() > 100


def test_work_that_nobody_needed_cannot_be_stored(tmp_path: Path) -> None:
    """After months without cases staff start no more than on any day; only the fraction of a case waits."""
    world = queue_world(tmp_path, 2.4, kind="staff")
    served = served_per_day(world, np.full(100, 200))
    working = np.flatnonzero(world.calendar.is_working_day)
    first = working[working >= 200][:5]
    assert served[:200].sum() == 0
    assert served[first].tolist() in (
        [2, 2, 3, 2, 3],
        [2, 3, 2, 3, 2],
        [3, 2, 2, 3, 2],
        [2, 3, 2, 2, 3],
        [3, 2, 3, 2, 2],
    )


@pytest.mark.parametrize("kind", ["staff", "places"])
def test_capacity_zero_serves_nobody(tmp_path: Path, kind: str) -> None:
    world = queue_world(tmp_path, 0.0, kind=kind)
    run = world.run(people(np.arange(50)))
    assert (run.days("queue.desk") == np.arange(50)).all()
    assert (run.days("served.busy") == -1).all()
    sums = run.pool("desk")
    assert (sums["served"], sums["used"], sums["offered"]) == (0, 0, 0)
    assert sums["queue_days"] == sum(world.calendar.end_day + 1 - day for day in range(50))


def test_capacity_can_change_from_day_to_day(tmp_path: Path) -> None:
    daily = np.r_[np.zeros(14), np.full(14, 5.0), np.full(14, 0.5)]
    world = small_world(
        tmp_path,
        {"queue": procedure("case", "away", {k: v for k, v in DESK.items() if k != "left"})}
        | {"served": procedure("work", "idle", SERVED)},
        authorities=pools(desk="staff"),
        parameters=[parameter("desk.days", 1.0), parameter("capacity.desk", 0.0, "per_working_day")],
        capacities={"desk": daily},
    )
    served = served_per_day(world, np.zeros(500, np.int64))
    assert served[:42].reshape(6, 7).sum(axis=1).tolist() == [0, 0, 25, 25, 2, 3]
    assert served[42:].sum() == 0


def test_a_new_rule_ranks_those_who_wait_anew(tmp_path: Path) -> None:
    """From its first day minors go first, among them those who came first; who was served stays served."""
    world = queue_world(
        tmp_path,
        1.0,
        kind="staff",
        later={
            "queue.desk": (
                dt.date(2018, 1, 15),
                None,
                {"priority": ({"when": ("minor",), "rank": 0},)},
            )
        },
    )
    minor = np.arange(40) % 4 == 0
    run = world.run(people(np.zeros(40, np.int64), flags={"minor": minor.tolist()}))
    order = order_served(run)
    before = [row for row in order if run.days("served.busy")[row] < 14]
    assert before == list(range(9))  # nine working days from 2 to 12 January
    after = order[len(before) :]
    assert after == [12, 16, 20, 24, 28, 32, 36, *(row for row in range(9, 40) if row % 4)]


def test_a_shock_can_rank_anew_and_back(tmp_path: Path) -> None:
    """A rank that holds only while an event lasts."""
    desk = DESK["desk"] + '\npriority = [{ when = ["minor", "registration_stopped"], rank = 0 }]'
    world = queue_world(tmp_path, 1.0, kind="staff", desk=desk, shocks={"registration_stopped": (14, 20)})
    minor = np.arange(40) >= 30
    run = world.run(people(np.zeros(40, np.int64), flags={"minor": minor.tolist()}))
    assert order_served(run) == [*range(9), *range(30, 35), *range(9, 30), *range(35, 40)]


def test_who_leaves_a_queue_is_not_served(tmp_path: Path) -> None:
    world = queue_world(tmp_path, 0.2, kind="staff", leaves_after_days=30.0)
    run = world.run(people(np.zeros(300, np.int64)))
    left, served = run.days("queue.left"), run.days("served.busy")
    assert ((left >= 0) ^ (served >= 0)).all()
    assert (left >= 0).mean() > 0.9
    order = order_served(run)
    assert order == sorted(order)
    waited = np.where(left >= 0, left, served)
    assert run.pool("desk")["queue_days"] == waited.sum()
    assert run.state.pools[0, 0] == 0
    share_left = np.mean(left[left >= 0] <= 30)
    assert share_left == pytest.approx(1 - exp(-1), abs=0.09)
