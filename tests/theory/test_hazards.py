"""Hazards and durations against closed forms."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.outcomes.incidence import aalen_johansen
from verification.small_worlds import SmallRun, SmallWorld, hazard, parameter, people, procedure, small_world

YEAR = 365.25
SIZE = 20_000
LAST_DAY = 1500
GRID = np.arange(0, LAST_DAY + 1, 25)
Floats = NDArray[np.float64]


def crowd(folder: Path, hazards: str, rates: dict[str, float], steps: dict[str, str], **more: object) -> SmallWorld:
    """Everybody stands in ``case.in`` from the first day on, until something happens."""
    parameters = [
        parameter(f"rate.{name}", rate, "log_ratio" if name.startswith("growth") else "per_year")
        for name, rate in rates.items()
    ]
    given = {"away": 'next = [{ to = "in" }]', "in": "", **steps}
    files = {"case": procedure("case", "away", given), **more.pop("files", {})}  # type: ignore[dict-item]
    parameters += more.pop("parameters", [])  # type: ignore[arg-type]
    return small_world(folder, files, behaviour=hazards, parameters=parameters, **more)  # type: ignore[arg-type]


def exits(run: SmallRun, *steps: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Day of the exit or of the end, and its cause: 0 for none, else the position of its step + 1."""
    days = np.stack([run.days(step) for step in steps])
    days[days < 0] = LAST_DAY + 1
    time = days.min(axis=0)
    return np.minimum(time, LAST_DAY), np.where(time <= LAST_DAY, days.argmin(axis=0) + 1, 0)


def incidence(run: SmallRun, *steps: str) -> Floats:
    return aalen_johansen(*exits(run, *steps), len(steps), GRID)


def assert_share(seen: Floats, expected: Floats, size: int = SIZE) -> None:
    """Every point of a curve lies within chance of what theory says."""
    spread = np.sqrt(np.clip(expected * (1 - expected), 0, None) / size)
    assert (np.abs(seen - expected) <= 4.5 * spread + 1e-9).all(), np.abs(seen - expected).max()


def test_one_hazard_is_exponential_to_the_day(tmp_path: Path) -> None:
    world = crowd(tmp_path, hazard("goes", "case.in", "case.out", "rate.a"), {"a": 1.3}, {"out": "final = true"})
    run = world.run(people(np.zeros(SIZE, np.int64)), until=LAST_DAY)
    (seen,) = incidence(run, "case.out")
    assert_share(seen, 1 - np.exp(-1.3 * GRID / YEAR))
    days = run.days("case.out")
    assert (days != 0).all(), "a hazard takes a day at least"
    early = np.arange(1, 40)
    assert_share(np.array([(days == day).mean() for day in early]), np.full(39, 1 - np.exp(-1.3 / YEAR)))


def test_competing_hazards_share_the_exits_by_their_rates(tmp_path: Path) -> None:
    rates = {"a": 0.9, "b": 0.4, "c": 0.15}
    world = crowd(
        tmp_path,
        "".join(hazard(f"goes_{name}", "case.in", f"case.out_{name}", f"rate.{name}") for name in rates),
        rates,
        {f"out_{name}": "final = true" for name in rates},
    )
    run = world.run(people(np.zeros(SIZE, np.int64)), until=LAST_DAY)
    seen = incidence(run, *(f"case.out_{name}" for name in rates))
    total = sum(rates.values())
    for curve, rate in zip(seen, rates.values(), strict=True):
        assert_share(curve, rate / total * (1 - np.exp(-total * GRID / YEAR)))
    _, cause = exits(run, *(f"case.out_{name}" for name in rates))
    assert (cause > 0).mean() > 0.99


def test_late_arrivals_are_censored_not_lost(tmp_path: Path) -> None:
    """Aalen-Johansen on people who come over time finds the same law."""
    world = crowd(
        tmp_path,
        hazard("goes", "case.in", "case.out", "rate.a") + hazard("stays", "case.in", "case.home", "rate.b"),
        {"a": 0.7, "b": 0.5},
        {"out": "final = true", "home": "final = true"},
    )
    arrival = np.sort(np.random.default_rng(2).integers(0, 1200, SIZE))
    run = world.run(people(arrival), until=LAST_DAY)
    time, cause = exits(run, "case.out", "case.home")
    (seen, _) = aalen_johansen(time - arrival, cause, 2, GRID)
    early = GRID <= 1000
    expected = 0.7 / 1.2 * (1 - np.exp(-1.2 * GRID / YEAR))
    assert (np.abs(seen - expected)[early] < 0.012).all()


@pytest.mark.parametrize("growth", [1.1, -0.9])
def test_growing_and_fading_hazards(tmp_path: Path, growth: float) -> None:
    world = crowd(
        tmp_path,
        hazard("goes", "case.in", "case.out", "rate.a", 'grows_per_year = "rate.growth"'),
        {"a": 0.6, "growth": growth},
        {"out": "final = true"},
    )
    arrival = np.repeat([0, 90], SIZE // 2)
    run = world.run(people(arrival))
    days = run.days("case.out")
    since = np.where(days < 0, LAST_DAY, days - arrival)
    seen = np.array([(since <= day).mean() for day in GRID[:-5]])
    assert_share(seen, 1 - np.exp(-0.6 * np.expm1(growth * GRID[:-5] / YEAR) / growth))


def test_a_fading_hazard_may_never_strike(tmp_path: Path) -> None:
    world = crowd(
        tmp_path,
        hazard("goes", "case.in", "case.out", "rate.a", 'grows_per_year = "rate.growth"'),
        {"a": 1.5, "growth": -3.0},
        {"out": "final = true"},
        end=dt.date(2050, 12, 31),
    )
    run = world.run(people(np.zeros(SIZE, np.int64)))
    assert_share(np.array([(run.days("case.out") < 0).mean()]), np.array([np.exp(-1.5 / 3.0)]))


TICKING = {
    "off": "",
    "tick": 'takes = "tick.days"\nfrom = ["off"]\nnext = [{ to = "tock" }]',
    "tock": 'takes = "tick.days"\nnext = [{ to = "tick" }]',
}


@pytest.mark.parametrize("more", ["", 'grows_per_year = "rate.growth"'])
def test_looking_at_a_clock_does_not_change_it(tmp_path: Path, more: str) -> None:
    """What happens on other tracks makes the engine look at a clock again, and the same day comes out."""
    days = []
    for number, signals in enumerate(("", 'signals = ["clock.tick"]')):
        files = {"clock": procedure("clock", "off", TICKING)} if number else {}
        world = crowd(
            tmp_path / str(number),
            hazard("goes", "case.in", "case.out", "rate.a", more),
            {"a": 0.6, "growth": 0.8},
            {"in": signals, "out": "final = true"},
            files=files,
            parameters=[parameter("tick.days", 3.0)],
        )
        days.append(world.run(people(np.zeros(SIZE // 4, np.int64))).days("case.out"))
    # Clocks are kept in single precision: now and then one falls on the next day.
    assert np.abs(days[0] - days[1]).max() <= 1
    assert (days[0] != days[1]).mean() < 0.005


# ---- the same person, another exposure ----


def test_a_person_meets_the_same_fate_sooner_at_a_higher_rate(tmp_path: Path) -> None:
    """The clock inside is the person's own: twice the rate, half the time."""
    days = []
    for number, rate in enumerate((0.5, 1.0)):
        world = crowd(
            tmp_path / str(number),
            hazard("goes", "case.in", "case.out", "rate.a"),
            {"a": rate},
            {"out": "final = true"},
            end=dt.date(2050, 12, 31),
        )
        days.append(world.run(people(np.zeros(3000, np.int64))).days("case.out"))
    slow, fast = days
    assert (slow > 0).all()
    assert np.abs(fast - np.ceil(slow / 2)).max() <= 1


PAUSE = (200, 320)


def test_a_pause_puts_off_what_was_to_come(tmp_path: Path) -> None:
    """While an event keeps a hazard from running, the clock stands still; afterwards it goes on."""
    days = []
    for number, shocks in enumerate(({}, {"registration_stopped": PAUSE})):
        world = crowd(
            tmp_path / str(number),
            hazard("goes", "case.in", "case.out", "rate.a", 'when = ["not registration_stopped"]'),
            {"a": 1.0},
            {"out": "final = true"},
            end=dt.date(2040, 12, 31),
            shocks=shocks,
        )
        days.append(world.run(people(np.zeros(3000, np.int64))).days("case.out"))
    free, paused = days
    early = free < PAUSE[0]
    assert 0.2 < early.mean() < 0.8
    assert (paused[early] == free[early]).all()
    length = PAUSE[1] - PAUSE[0] + 1
    assert (paused[~early] > PAUSE[1]).all()
    assert np.abs(paused[~early] - free[~early] - length).max() <= 1


def test_a_pause_holds_for_those_who_come_in_it(tmp_path: Path) -> None:
    """A clock that could not run on arrival starts in the first evening after the event, for everybody."""
    world = crowd(
        tmp_path,
        hazard("goes", "case.in", "case.out", "rate.a", 'when = ["not registration_stopped"]'),
        {"a": 2.0},
        {"out": "final = true"},
        shocks={"registration_stopped": (0, 99)},
    )
    run = world.run(people(np.full(SIZE, 50)))
    days = run.days("case.out")
    assert days[days >= 0].min() > 99
    (seen,) = incidence(run, "case.out")
    assert_share(seen, 1 - np.exp(-2.0 * np.clip(GRID - 100, 0, None) / YEAR))


def test_an_event_changes_a_rate_while_it_lasts(tmp_path: Path) -> None:
    world = crowd(
        tmp_path,
        hazard("goes", "case.in", "case.out", "rate.a", 'times = { fewer_controls = "ratio.few" }'),
        {"a": 0.4},
        {"out": "final = true"},
        parameters=[parameter("ratio.few", 4.0, "ratio")],
        shocks={"fewer_controls": PAUSE},
    )
    run = world.run(people(np.zeros(SIZE, np.int64)), until=LAST_DAY)
    (seen,) = incidence(run, "case.out")
    # The rate of a day is set in its evening: the event counts from its first evening to its last.
    exposure = GRID + 3.0 * np.clip(GRID - PAUSE[0], 0, PAUSE[1] - PAUSE[0] + 1)
    assert_share(seen, 1 - np.exp(-0.4 * exposure / YEAR))


def test_a_hazard_runs_only_where_another_track_lets_it(tmp_path: Path) -> None:
    steps = {
        "off": 'takes = "tick.days"\nfrom = ["on"]\nnext = [{ to = "on" }]',
        "on": 'takes = "tick.days"\nnext = [{ to = "off" }]',
    }
    world = crowd(
        tmp_path,
        hazard("goes", "case.in", "case.out", "rate.a", 'when = ["at clock.on"]'),
        {"a": 1.0},
        {"out": "final = true", "in": 'signals = ["clock.off"]'},
        files={
            "clock": procedure(
                "clock",
                "before",
                {"before": "", **steps, "off": steps["off"].replace('from = ["on"]', 'from = ["before"]')},
            )
        },
        parameters=[parameter("tick.days", 100.0)],
    )
    run = world.run(people(np.zeros(SIZE, np.int64)), until=LAST_DAY)
    (seen,) = incidence(run, "case.out")
    exposure = np.array([sum(1 for day in range(1, last + 1) if (day - 1) // 100 % 2) for last in GRID])
    assert_share(seen, 1 - np.exp(-exposure / YEAR))


def test_a_hazard_can_wait_for_a_step_ever_entered(tmp_path: Path) -> None:
    steps = {"in": 'takes = "stay.days"\nnext = [{ to = "then" }]', "then": "", "out": "final = true"}
    world = crowd(
        tmp_path,
        hazard("goes", ["case.in", "case.then"], "case.out", "rate.a", 'when = ["ever case.then"]'),
        {"a": 1.0},
        steps,
        parameters=[parameter("stay.days", 100.0)],
    )
    run = world.run(people(np.zeros(SIZE, np.int64)), until=LAST_DAY)
    (seen,) = incidence(run, "case.out")
    assert_share(seen, 1 - np.exp(-np.clip(GRID - 100, 0, None) / YEAR))


def test_ratios_multiply_with_traits(tmp_path: Path) -> None:
    """A ratio is for the full trait, and a product of factors takes them together."""
    world = crowd(
        tmp_path,
        hazard(
            "goes",
            "case.in",
            "case.out",
            "rate.a",
            'times = { fear = "ratio.fear", victim = "ratio.victim", "trust * victim" = "ratio.both" }',
        ),
        {"a": 0.3},
        {"out": "final = true"},
        parameters=[
            parameter("ratio.fear", 5.0, "ratio"),
            parameter("ratio.victim", 0.5, "ratio"),
            parameter("ratio.both", 8.0, "ratio"),
        ],
    )
    for fear, trust, victim in ((0.0, 0.0, False), (0.5, 1.0, False), (1.0, 0.0, True), (0.25, 0.5, True)):
        crowded = people(
            np.zeros(SIZE, np.int64),
            flags={"victim": [victim] * SIZE},
            levels={"fear": [fear] * SIZE, "trust": [trust] * SIZE},
        )
        (seen,) = incidence(world.run(crowded, until=LAST_DAY), "case.out")
        rate = 0.3 * 5.0**fear * (0.5 * 8.0**trust if victim else 1.0)
        assert_share(seen, 1 - np.exp(-rate * GRID / YEAR))


def test_what_recurs_is_a_poisson_process(tmp_path: Path) -> None:
    world = crowd(
        tmp_path,
        hazard("strikes", "case.in", "case.again", "rate.a"),
        {"a": 3.0},
        {"again": 'next = [{ to = "in" }]'},
    )
    run = world.run(people(np.zeros(4000, np.int64)), until=LAST_DAY)
    struck = run.log.to_step == world.catalogue.step("case.again")
    counts = np.bincount(run.log.entity[struck], minlength=4000)
    # After an event the next one takes a day at least: gaps are rounded up, by half a day on average.
    expected = LAST_DAY / (YEAR / 3.0 + 0.5)
    assert counts.mean() == pytest.approx(expected, rel=0.01)
    assert counts.var() == pytest.approx(expected, rel=0.08)
    first = np.array([counts[:2000].mean(), counts[2000:].mean()])
    assert abs(first[0] - first[1]) < 5 * np.sqrt(expected / 1000)


# ---- durations ----


def durations(folder: Path, passport: str) -> NDArray[np.int64]:
    world = crowd(
        folder,
        "",
        {},
        {"in": 'takes = "stay.length"\nnext = [{ to = "out" }]', "out": "final = true"},
        parameters=[passport],
        end=dt.date(2040, 12, 31),
    )
    return world.run(people(np.zeros(SIZE, np.int64))).days("case.out")


@pytest.mark.parametrize(
    ("mean", "unit", "days"),
    [(40.0, "days", 40.0), (6.0, "weeks", 42.0), (3.0, "months", YEAR / 4), (0.5, "years", YEAR / 2)],
)
def test_exponential_durations(tmp_path: Path, mean: float, unit: str, days: float) -> None:
    length = durations(tmp_path, parameter("stay.length", mean, unit, varies="exponential"))
    assert length.mean() == pytest.approx(days, abs=4.5 * days / np.sqrt(SIZE))
    at = np.array([0, 1, 5, 20, 60, 150])
    assert_share(np.array([(length <= day).mean() for day in at]), 1 - np.exp(-(at + 0.5) / days))


@pytest.mark.parametrize("cv", [0.3, 1.0, 2.0])
def test_lognormal_durations(tmp_path: Path, cv: float) -> None:
    length = durations(tmp_path, parameter("stay.length", 80.0, "days", varies="lognormal", cv=cv))
    sigma = np.sqrt(np.log1p(cv**2))
    assert length.mean() == pytest.approx(80.0, abs=5 * 80 * cv / np.sqrt(SIZE))
    median = 80 * np.exp(-(sigma**2) / 2)
    assert_share(np.array([(length > round(median)).mean()]), np.array([0.5 - 0.4 * 0.5 / median / sigma]))
    middle = np.log(np.maximum(length, 0.5))
    quartiles = np.quantile(middle, [0.25, 0.75])
    assert (quartiles[1] - quartiles[0]) / 1.349 == pytest.approx(sigma, rel=0.03)


def test_a_mean_of_zero_takes_no_time(tmp_path: Path) -> None:
    assert (durations(tmp_path, parameter("stay.length", 0.0, "days", varies="exponential")) == 0).all()


def test_working_days_pass_on_working_days_only(tmp_path: Path) -> None:
    world = crowd(
        tmp_path,
        "",
        {},
        {"in": 'takes = "stay.length"\nnext = [{ to = "out" }]', "out": "final = true"},
        parameters=[parameter("stay.length", 10.0, "working_days", varies="exponential")],
    )
    arrival = np.arange(SIZE) // 200 * 7  # Mondays
    ends = world.run(people(arrival)).days("case.out")
    calendar = world.calendar
    late = ends > arrival
    assert calendar.is_working_day[ends[late]].all()
    worked = calendar.working_day_index[ends] - calendar.working_day_index[arrival]
    on_working_days = calendar.is_working_day[arrival]
    assert worked[on_working_days].mean() == pytest.approx(10.0, abs=0.35)
