"""Queues against theory: Erlang's formulas, Little's law, the fluid limit."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from verification.erlang import (
    DESK,
    LAST_DAY,
    LONG,
    SERVED,
    SERVICE_DAYS,
    WARM_UP_DAYS,
    erlang_a,
    erlang_c,
    poisson_arrivals,
    queue_world,
    waits,
)
from verification.small_worlds import (
    hazard,
    parameter,
    people,
    pools,
    procedure,
    small_world,
)


def close(sample: list[float], expected: float, *, relative: float, spread: float = 0.05) -> None:
    """Hold the mean over replicates against theory; the error must be small enough to tell."""
    values = np.array(sample)
    error = values.std(ddof=1) / np.sqrt(values.size)
    assert error < spread * expected, "too few replicates to tell anything"
    assert values.mean() == pytest.approx(expected, abs=4 * error + relative * expected)


@pytest.mark.parametrize(("servers", "busy"), [(1, 0.5), (3, 0.6), (8, 0.75)])
def test_waits_follow_erlang_c(tmp_path: Path, servers: int, busy: float) -> None:
    world = queue_world(tmp_path, float(servers), **LONG)
    per_day = busy * servers / SERVICE_DAYS
    mean_wait, waited, used = [], [], []
    for seed in range(60):
        arrival = poisson_arrivals(per_day, seed)
        run = world.run(people(arrival, seed=seed), until=LAST_DAY)
        days = waits(run, arrival)
        mean_wait.append(days.mean())
        waited.append((days > 0).mean())
        sums = run.pool("desk")
        used.append(sums["used"] / sums["offered"])
    chance_to_wait = erlang_c(servers, busy * servers)
    close(waited, chance_to_wait, relative=0.02)
    close(mean_wait, chance_to_wait / (servers / SERVICE_DAYS - per_day), relative=0.02, spread=0.08)
    close(used, busy, relative=0.02)


@pytest.mark.parametrize(("servers", "load", "patience_days"), [(3, 2.7, 80.0), (2, 4.0, 150.0)])
def test_a_queue_that_people_leave_follows_erlang_a(
    tmp_path: Path, servers: int, load: float, patience_days: float
) -> None:
    """Also where more come than can be served: who gives up keeps the queue finite."""
    world = queue_world(tmp_path, float(servers), leaves_after_days=patience_days, **LONG)
    per_day = load / SERVICE_DAYS
    queue, gave_up = erlang_a(servers, per_day, patience_days)
    lengths, shares = [], []
    for seed in range(40):
        arrival = poisson_arrivals(per_day, seed)
        run = world.run(people(arrival, seed=seed), until=LAST_DAY)
        left, served = run.days("queue.left"), run.days("served.busy")
        assert not ((left >= 0) & (served >= 0)).any(), "nobody gives up who is being served"
        counted = (arrival >= WARM_UP_DAYS) & (arrival < LAST_DAY - 3000)
        gone = np.where(left >= 0, left, served)
        assert (gone[counted] >= 0).all()
        shares.append((left[counted] >= 0).mean())
        lengths.append((gone - arrival)[counted].sum() / (LAST_DAY - 3000 - WARM_UP_DAYS))
    close(shares, gave_up, relative=0.02)
    close(lengths, queue, relative=0.03)


ENTRANCES = {
    "clock": ('takes = "hall.days"\nnext = [{ to = "desk" }]', ""),
    "choice": (
        'takes = "hall.days"\nnext = [{ to = "desk", when = "goes" }, { to = "hall" }]',
        '[decision.goes]\nwho = "person"\nat = ["queue.hall"]\nlaw = ["x"]\nchance = "p.goes"\n',
    ),
    "hazard": ("", hazard("is_called", "queue.hall", "queue.desk", "rate.is_called")),
}


@pytest.mark.parametrize("kind", ["staff", "places"])
@pytest.mark.parametrize("entrance", list(ENTRANCES))
def test_littles_law_holds_to_the_day(tmp_path: Path, kind: str, entrance: str) -> None:
    """The days that people spend in a queue are the lengths of that queue, summed over days."""
    hall, behaviour = ENTRANCES[entrance]
    world = small_world(
        tmp_path,
        {
            "queue": procedure(
                "case",
                "away",
                {"away": 'next = [{ to = "hall" }]', "hall": hall, "desk": DESK["desk"], "done": "final = true"},
            ),
            "served": procedure("work", "idle", SERVED),
        },
        behaviour=behaviour,
        authorities=pools(desk=kind),
        parameters=[
            parameter("hall.days", 9.0),
            parameter("desk.days", 20.0),
            parameter("p.goes", 0.5, "probability"),
            parameter("rate.is_called", 20.0, "per_year"),
            parameter("capacity.desk", 0.6 if kind == "staff" else 9.0, "per_working_day"),
        ],
    )
    arrival = np.sort(np.random.default_rng(3).integers(0, 700, 320))
    run = world.run(people(arrival))
    came, served = run.days("queue.desk"), run.days("served.busy")
    assert (served >= 0).all()
    spent, sums = (served - came).sum(), run.pool("desk")
    assert spent > 3000
    assert (sums["served"], sums["waited"]) == (320, spent)
    assert sums["queue_days"] == spent


def test_days_of_places_are_days_of_stays(tmp_path: Path) -> None:
    world = queue_world(tmp_path, 4.0, service_days=parameter("desk.days", 30.0))
    run = world.run(people(np.sort(np.random.default_rng(4).integers(0, 700, 80))))
    stay = run.days("queue.done") - run.days("served.busy")
    assert (stay == 30).all()
    sums = run.pool("desk")
    assert sums["used"] == stay.sum()
    assert sums["offered"] == 4 * (world.calendar.end_day + 1)


def test_a_crowded_desk_follows_the_fluid_limit(tmp_path: Path) -> None:
    """The larger the system, the closer its queue is to the difference of what comes and what can be served."""
    errors = []
    for size in (1, 10, 100):
        world = queue_world(tmp_path / str(size), 0.6 * size, kind="staff", end=dt.date(2019, 12, 31))
        arrival = np.sort(np.random.default_rng(size).integers(0, 365, 365 * size))
        run = world.run(people(arrival))
        days = np.arange(world.calendar.end_day + 1)
        served = run.days("served.busy")
        waiting = np.searchsorted(arrival, days, side="right") - np.searchsorted(np.sort(served), days, side="right")
        # Who was not served by the end stands at -1 and is taken out of those served.
        waiting = waiting + (served < 0).sum()
        fluid, queue = [], 0.0
        for day in days:
            queue += 1.0 if day < 365 else 0.0
            queue = max(queue - (0.6 if world.calendar.is_working_day[day] else 0.0), 0.0)
            fluid.append(queue)
        errors.append(np.abs(waiting / size - fluid).max())
    assert max(fluid) > 150
    assert errors[0] > errors[1] > errors[2]
    assert errors[2] < 3
