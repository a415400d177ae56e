"""A queue whose waits are known from theory: Erlang C without, and Erlang A with, people who give up."""

from __future__ import annotations

import datetime as dt
from math import factorial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from verification.small_worlds import SmallRun, SmallWorld, hazard, parameter, pools, procedure, small_world

DESK = {
    "away": 'next = [{ to = "desk" }]',
    "desk": 'by = "desk"\ntakes = "desk.days"\non_start = ["served.busy"]\nnext = [{ to = "done" }]',
    "done": "final = true",
    "left": "final = true",
}
SERVED = {"idle": "", "busy": 'from = ["idle"]\nfinal = true'}
"""A track beside the queue that notes the day on which the work began."""
LONG = {"start": dt.date(1990, 1, 1), "end": dt.date(2070, 12, 31)}
SERVICE_DAYS, WARM_UP_DAYS, LAST_DAY = 100.0, 5000, 29_000


def queue_world(
    folder: Path,
    servers: float,
    *,
    kind: str = "places",
    leaves_after_days: float | None = None,
    desk: str = DESK["desk"],
    service_days: str = parameter("desk.days", SERVICE_DAYS, varies="exponential"),
    more: tuple[str, ...] = (),
    **period: object,
) -> SmallWorld:
    """Return a world with one queue, whose servers take exponential times; with patience, people give up."""
    leaves = 'when = ["not at served.busy"]'
    behaviour = hazard("gives_up", "queue.desk", "queue.left", "rate.gives_up", leaves)
    unit = "places" if kind == "places" else "per_working_day"
    steps = DESK | {"desk": desk}
    if leaves_after_days is None:
        behaviour = ""
        steps = {name: body for name, body in steps.items() if name != "left"}
    return small_world(
        folder,
        {"queue": procedure("case", "away", steps), "served": procedure("work", "idle", SERVED)},
        behaviour=behaviour,
        authorities=pools(desk=kind),
        parameters=[
            service_days,
            parameter("capacity.desk", servers, unit),
            parameter("rate.gives_up", 365.25 / (leaves_after_days or 1.0), "per_year"),
            *more,
        ],
        **period,  # type: ignore[arg-type]
    )


def poisson_arrivals(per_day: float, seed: int) -> NDArray[np.int64]:
    """Return the days on which people come, as a Poisson process."""
    draw = np.random.default_rng(seed)
    days = np.cumsum(draw.exponential(1 / per_day, int(per_day * LAST_DAY * 1.3) + 50))
    return days[days < LAST_DAY].astype(np.int64)


def waits(run: SmallRun, arrival: NDArray[np.int64], *, warm: bool = True) -> NDArray[np.int64]:
    """Return the days waited by those who came after the warm-up and were served."""
    served = run.days("served.busy")
    chosen = (served >= 0) & ((arrival >= WARM_UP_DAYS) & (arrival < LAST_DAY - 3000) if warm else True)
    return served[chosen] - arrival[chosen]


def erlang_c(servers: int, load: float) -> float:
    """Return the probability that an arrival waits."""
    top = load**servers / factorial(servers) * servers / (servers - load)
    return top / (sum(load**n / factorial(n) for n in range(servers)) + top)


def erlang_a(servers: int, per_day: float, patience_days: float) -> tuple[float, float]:
    """Return the mean number waiting and the share who give up, from the balance of births and deaths."""
    weight, weights = 1.0, [1.0]
    for n in range(1, 400):
        leaving = min(n, servers) / SERVICE_DAYS + max(n - servers, 0) / patience_days
        weight *= per_day / leaving
        weights.append(weight)
    share = np.array(weights) / sum(weights)
    queue = float((np.maximum(np.arange(400) - servers, 0) * share).sum())
    return queue, queue / patience_days / per_day
