"""Hazards that change with time, and the estimator of incidences, against closed forms and another implementation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import integrate, stats
from statsmodels.duration.survfunc import CumIncidenceRight

from sim.outcomes.incidence import aalen_johansen
from verification.small_worlds import SmallRun, hazard, parameter, people, procedure, small_world

Floats = NDArray[np.float64]
YEAR = 365.25
LAST_DAY = 1500
DAYS = np.arange(LAST_DAY + 1)
EVENT = (200, 500)


@dataclass(frozen=True)
class Law:
    """Hazards out of one step, in the words of the engine and as rates.

    Attributes
    ----------
    name
        What is special about it.
    hazards
        The hazards in TOML: one to ``case.out_0``, one to ``case.out_1``.
    parameters
        The numbers they name.
    rates
        The same as yearly rates on a day (counted from arrival), one function for each.
    event
        First and last day of an external event.
    """

    name: str
    hazards: str
    parameters: tuple[str, ...]
    rates: tuple[Callable[[float], float], ...]
    event: tuple[int, int] | None = None
    flags: dict[str, bool] = field(default_factory=dict)


def _hazard(number: int, more: str = "") -> str:
    text: str = hazard(f"goes_{number}", "case.in", f"case.out_{number}", f"rate.{number}", more)
    return text


def _in_event(day: float) -> bool:
    """Tell whether a rate of this day is the one of the event: rates are set in the evening, for the next day."""
    return EVENT[0] < day <= EVENT[1] + 1


def laws() -> tuple[Law, ...]:
    """List the laws that are tried."""
    rate = (parameter("rate.0", 0.6, "per_year"), parameter("rate.1", 0.35, "per_year"))
    grows, fades = parameter("growth.0", 1.1, "log_ratio"), parameter("growth.1", -0.9, "log_ratio")
    few, stops = parameter("ratio.few", 4.0, "ratio"), 'when = ["not registration_stopped"]'
    by_growth, by_fading = 'grows_per_year = "growth.0"', 'grows_per_year = "growth.1"'
    by_event = 'times = { fewer_controls = "ratio.few" }'
    return (
        Law("constant", _hazard(0), rate[:1], (lambda _: 0.6,)),
        Law("grows", _hazard(0, by_growth), (*rate[:1], grows), (lambda d: 0.6 * np.exp(1.1 * d / YEAR),)),
        Law(
            "fades, and competes with a constant one", _hazard(0) + _hazard(1, by_fading), (*rate, fades),
            (lambda _: 0.6, lambda d: 0.35 * np.exp(-0.9 * d / YEAR)),
        ),
        Law(
            "four times as high during an event", _hazard(0, by_event), (*rate[:1], few),
            (lambda d: 0.6 * (4.0 if _in_event(d) else 1.0),), EVENT,
        ),
        Law(
            "stands still during an event, and competes", _hazard(0, stops) + _hazard(1), rate,
            (lambda d: 0.0 if _in_event(d) else 0.6, lambda _: 0.35), EVENT,
        ),
        Law(
            "one grows, one fades, both compete", _hazard(0, by_growth) + _hazard(1, by_fading), (*rate, grows, fades),
            (lambda d: 0.6 * np.exp(1.1 * d / YEAR), lambda d: 0.35 * np.exp(-0.9 * d / YEAR)),
        ),
    )  # fmt: skip


def closed_form(law: Law, days: NDArray[np.int64] = DAYS) -> Floats:
    """Return the probability to have left by each cause by each day: the integral of rate times survival."""

    def slope(day: float, left: Floats) -> Floats:
        rates = np.array([rate(day) for rate in law.rates]) / YEAR
        return np.asarray(rates * (1.0 - left.sum()))

    start = np.zeros(len(law.rates))
    # Steps of a day at most, so that no jump of a rate is stepped over.
    solved = integrate.solve_ivp(slope, (0, days[-1]), start, t_eval=days, rtol=1e-9, atol=1e-11, max_step=1.0)
    return np.asarray(solved.y)


def crowd(law: Law, size: int, folder: Path, arrival: NDArray[np.int64] | None = None) -> SmallRun:
    """Let many people stand before these hazards."""
    outs = {f"out_{number}": "final = true" for number in range(len(law.rates))}
    shocks = dict.fromkeys(("registration_stopped", "fewer_controls"), law.event) if law.event else {}
    world = small_world(
        folder,
        {"case": procedure("case", "away", {"away": 'next = [{ to = "in" }]', "in": "", **outs})},
        behaviour=law.hazards,
        parameters=law.parameters,
        shocks=shocks,
    )
    return world.run(people(np.zeros(size, np.int64) if arrival is None else arrival), until=LAST_DAY)


def exits(run: SmallRun, causes: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the day of the exit, or of the end, and its cause; 0: none."""
    days = np.stack([run.days(f"case.out_{number}") for number in range(causes)])
    days[days < 0] = LAST_DAY + 1
    time = days.min(axis=0)
    return np.minimum(time, LAST_DAY), np.where(time <= LAST_DAY, days.argmin(axis=0) + 1, 0)


def changing_hazards(size: int, folder: Path) -> list[tuple[str, int, float, float]]:
    """Hold exits against closed forms.

    Returns
    -------
    list of tuple
        Law, persons, the largest distance between a curve and theory, and its probability (Kolmogorov; for whole days
        it is at least so large).
    """
    rows = []
    for number, law in enumerate(laws()):
        time, cause = exits(crowd(law, size, folder / str(number)), len(law.rates))
        seen = aalen_johansen(time, cause, len(law.rates), DAYS)
        distance = float(np.abs(seen - closed_form(law)).max())
        rows.append((law.name, size, distance, float(stats.kstwo.sf(distance, size))))
    return rows


def incidence_elsewhere(size: int, folder: Path) -> list[tuple[str, int, float, float]]:
    """Hold the estimator of incidences against statsmodels and theory, on people who come over time.

    Returns
    -------
    list of tuple
        Law, persons, the largest distance from statsmodels, and the largest from theory in standard errors.
    """
    rows = []
    for number, law in enumerate(laws()):
        if law.event is not None:
            continue
        arrival = np.sort(np.random.default_rng(number).integers(0, 1200, size))
        time, cause = exits(crowd(law, size, folder / str(number), arrival), len(law.rates))
        since = time - arrival
        grid = np.arange(0, 1001, 10)
        ours = aalen_johansen(since, cause, len(law.rates), grid)
        theirs = statsmodels_incidence(since, cause, len(law.rates), grid)
        expected = closed_form(law, grid)
        # Who came too late to be followed so long says nothing about a day.
        followed = (arrival[:, None] + grid <= LAST_DAY).sum(axis=0)
        spread = np.sqrt(np.clip(expected * (1 - expected), 1e-12, None) / followed)
        off = np.abs(ours - expected)[:, 1:] / spread[:, 1:]
        rows.append((law.name, size, float(np.abs(ours - theirs).max()), float(off.max())))
    return rows


def statsmodels_incidence(
    time: NDArray[np.int64], cause: NDArray[np.int64], causes: int, grid: NDArray[np.int64]
) -> Floats:
    """Return cumulative incidences as statsmodels gives them, on a grid of days."""
    with np.errstate(divide="ignore", invalid="ignore"):  # its variances, when the last one leaves
        found = CumIncidenceRight(time.astype(float), cause)
    at = np.searchsorted(found.times, grid, side="right")
    present = sorted(set(cause.tolist()) - {0})
    out = np.zeros((causes, grid.size))
    for kind, curve in zip(present, found.cinc, strict=True):
        out[kind - 1] = np.r_[0.0, curve][at]
    return out
