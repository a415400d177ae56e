"""Waits and terms when the scenario ends before the work is done."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.engine.log import Log
from sim.runs.single import Run
from tests.hand_made_lives import AWAY, A, B, counted, measures_of

LIMIT = 28
"""Calendar days of the target of the prosecutor, which is in working days."""


def spells(*rows: tuple[int, str]) -> tuple[Log, list[int]]:
    """The moves of people with one spell each: of some days, ``done``, ``left``, or ``open`` on the last day.

    All come on the same day; the last day of the scenario is that of the longest open spell.
    """
    last = max([days for days, _ in rows], default=0) + 1
    moves = []
    for person, (days, how) in enumerate(rows):
        begun = last - days if how == "open" else 0
        moves.append((begun, person, AWAY, A, 0))
        if how != "open":
            moves.append((begun + days, person, A, B, 0 if how == "done" else -1))
    moves.sort(key=lambda move: move[0])
    kinds = (np.int16, np.int32, np.uint8, np.uint8, np.int16)
    columns = zip(*moves, strict=True) if moves else [()] * 5
    return Log(*(np.array(column).astype(kind) for column, kind in zip(columns, kinds, strict=True))), [last, len(rows)]


def found_in(rows: Sequence[tuple[int, str]], **measure: object) -> float:
    """The value of a measure of the spells, of everybody together."""
    log, (last, persons) = spells(*rows)
    measures = measures_of(it={"steps": ["a"], **measure})
    counts = counted(measures, log, last=last, arrival=[0] * persons, together=True)
    return float(counts.values[0, 0])


def restricted_mean(rows: Sequence[tuple[int, str]], horizon: int) -> float:
    """The mean days of the spells up to a horizon."""
    return found_in(rows, kind="restricted_mean_days", horizon_days=horizon)


@pytest.mark.parametrize(
    ("days", "how", "met", "known"),
    [
        (0, "done", True, True),
        (28, "done", True, True),
        (29, "done", False, True),
        (27, "open", False, False),
        (28, "open", False, True),
        (400, "open", False, True),
        (28, "left", False, False),
        (29, "left", False, True),
    ],
)
def test_what_is_met_and_what_is_not_known(days: int, how: str, met: bool, known: bool) -> None:
    value = found_in([(days, how)], kind="within", limit="om.target_working_days")
    assert (value == 1.0, not np.isnan(value)) == (met, known)


def test_a_restricted_mean_by_hand() -> None:
    # Of four one ends on day 2; one is censored on day 3; of the two that are left one ends on day 5.
    found = restricted_mean([(2, "done"), (3, "open"), (5, "left"), (9, "open")], 8)
    assert found == pytest.approx(1 + 1 + 3 * 3 / 4 + 3 * 3 / 8)
    assert restricted_mean([(2, "done"), (4, "left")], 10) == pytest.approx(3.0)
    assert restricted_mean([(50, "open"), (60, "open")], 40) == 40.0


def test_where_nothing_is_known_there_is_no_mean() -> None:
    assert np.isnan(restricted_mean([], 10))
    assert np.isnan(restricted_mean([(2, "done"), (5, "open")], 10))
    assert restricted_mean([(2, "done"), (9, "open")], 10) == pytest.approx((2 + 10) / 2)


@given(st.lists(st.tuples(st.integers(0, 60), st.sampled_from(["done", "left"])), min_size=1, max_size=30))
def test_without_an_end_of_the_scenario_it_is_the_mean_of_the_smaller(rows: list[tuple[int, str]]) -> None:
    expected = np.mean([min(days, 30) for days, _ in rows])
    assert restricted_mean(rows, 30) == pytest.approx(expected)


def test_the_end_of_the_scenario_does_not_shift_it() -> None:
    """Waits with a known law, cut off at random: the mean stays, where that of the finished ones is far too low."""
    draw = np.random.default_rng(1)
    waits, ends = draw.geometric(1 / 60, 20_000) - 1, draw.integers(0, 120, 20_000)
    cut = [(int(min(w, e)), "done" if w <= e else "open") for w, e in zip(waits, ends, strict=True)]
    expected = np.minimum(waits, 90).mean()
    assert restricted_mean(cut, 90) == pytest.approx(expected, abs=1.0)
    assert np.mean([days for days, how in cut if how == "done"]) < expected - 10


# ---- through the public entrance ----


@functools.cache
def ran(pool: str, capacity: float | None, days: int = 140, regime: str = "vc_2019_08", seed: int = 4) -> Run:
    start = dt.date(2019, 8, 1)
    more = {} if capacity is None else {"capacity": {pool: capacity}}
    scenario = sim.Scenario.load("netherlands").replace(
        history_from="start", start=start, end=start + dt.timedelta(days=days - 1), inflow={"scale": 1.0}, **more
    )
    return sim.run(scenario, regime, seed=seed)


def level(run: Run, measure: str, group: str = "all") -> float:
    table = run.measures.query("world == 'simulated'").set_index(["measure", "group"])["value"]
    return float(table[measure, group])


def stays(run: Run, step: str) -> pd.DataFrame:
    """Every stay in a step as a reader of the transitions finds it: person, days, what came next (empty: open), how."""
    moves = run.transitions
    track = moves[moves.track.isin(moves.track[moves.to == step])].sort_values("order")
    track = track.assign(left=track.groupby("person")["date"].shift(-1), next=track.groupby("person")["to"].shift(-1))
    track["how"] = track.groupby("person")["cause"].shift(-1)
    found = track[track.to == step]
    end = pd.Timestamp(run.world.scenario.end)
    days = (found.left.fillna(end) - found.date).dt.days
    return pd.DataFrame({"person": found.person, "days": days, "next": found.next, "how": found.how.fillna("")})


@pytest.mark.parametrize("capacity", [0.0, 0.1, None])
@pytest.mark.parametrize("days", [60, 140])
def test_the_target_is_of_what_is_known(capacity: float | None, days: int) -> None:
    run = ran("om.triage", capacity, days)
    found = stays(run, "b8.necessity_test")
    branch = found.how.str.startswith("b8.necessity_test/")
    met = int((branch & (found.days <= LIMIT)).sum())
    late = (found.days > LIMIT) | (found.next.isna() & (found.days >= LIMIT))
    known = met + int(late.sum())
    share = level(run, "om_target_met")
    assert share == pytest.approx(met / known if known else np.nan, nan_ok=True)
    if capacity == 0.0:
        assert len(found) > 3
        assert share == 0.0 if days == 140 else np.isnan(share), "no target day has passed after 60 days"
    if capacity is None:
        assert share > 0.9


def test_with_no_desk_for_reports_nobody_is_heard_and_the_wait_shows_it() -> None:
    none, usual = ran("avim.report", 0.0, seed=7), ran("avim.report", None, seed=7)
    assert level(none, "reports") == 0
    assert np.isnan(level(none, "report_wait_days"))
    assert np.isnan(level(none, "wait_avim.report"))
    assert level(usual, "report_wait_days_90") < level(none, "report_wait_days_90") <= 90
    found = stays(none, "b8.wish_to_report")
    longest = found.days.max()
    assert longest > 90
    ended = found.next.notna()
    at_risk = np.array([(found.days >= day).sum() for day in range(90)])
    left = np.array([((found.days == day) & ended).sum() for day in range(90)])
    assert level(none, "report_wait_days_90") == pytest.approx(np.cumprod(1 - left / at_risk).sum())


def test_the_mean_wait_is_of_the_waits_that_ended_in_a_report() -> None:
    run = ran("avim.report", 0.5)
    found = stays(run, "b8.wish_to_report")
    heard = found[found.next == "b8.report"]
    assert 5 < len(heard) < len(found)
    assert level(run, "report_wait_days") == pytest.approx(heard.days.mean())


def test_the_interview_is_judged_by_those_who_had_it() -> None:
    """Who waits for the interview on the last day is neither found nor overlooked."""
    none = ran("avim.intake", 0.0)
    assert level(none, "victims_signalled") > 20
    assert np.isnan(level(none, "triage_sensitivity"))
    assert np.isnan(level(none, "triage_specificity"))
    run = ran("avim.intake", 0.5)
    found = stays(run, "b8.intake")
    had = set(found.person[found.how.str.startswith("b8.intake/")])
    seen = set(run.transitions.person[run.transitions.to == "b8.considers_report"])
    victims = set(run.persons.person[run.persons.victim])
    assert 5 < len(had) < found.person.nunique() - 5
    assert level(run, "triage_sensitivity") == pytest.approx(len(had & seen & victims) / len(had & victims))
    assert level(run, "triage_specificity") == pytest.approx(len(had - seen - victims) / len(had - victims))


def test_a_scenario_shorter_than_the_horizon_has_no_restricted_mean() -> None:
    assert np.isnan(level(ran("avim.report", 0.0, 60), "report_wait_days_90"))
