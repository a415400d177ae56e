"""What must hold in every run of the Netherlands, whatever the rules, the capacities and the draws."""

from __future__ import annotations

import datetime as dt
import functools
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.agents.behaviour import Authorities
from sim.engine.layout import IN_USE, OK, WAITING
from sim.engine.state import State
from sim.policies.regime import Regime, shipped_regimes
from sim.runs.world import World, make_world, people_of, population_of, run_until
from sim.scenarios.scenario import Scenario
from verification.small_worlds import NEVER, BigRun, Move, big_run, netherlands, unlimited

POOLS = Authorities.load().pool
RULE_CHANGE = dt.date(2019, 8, 1)
REGIMES = ("vc_2018", "vc_2019_08", "recognition_panel", "historical")
OUT_OF_VIEW = {"departed", "gone_abroad", "protected_abroad", "stays_away"}


@functools.cache
def whole(regime: str, throughout: bool = False) -> BigRun:
    """One run of a tenth of the Netherlands."""
    return big_run(netherlands(0.1), regime, throughout=throughout)


def track_of(run: BigRun, step: str) -> str:
    return run.world.regime.versions[step][0].step.track


def chains(run: BigRun) -> dict[tuple[str, str], list[Move]]:
    """The moves by person (or network) and track."""
    out: dict[tuple[str, str], list[Move]] = {}
    for move in run.moves:
        out.setdefault((move[1], track_of(run, move[3])), []).append(move)
    return out


def assert_sound(run: BigRun) -> None:
    """Every track is one connected chain, nothing follows a final step, and everybody is somewhere once."""
    versions, tracks = run.world.regime.versions, run.world.regime.tracks
    rows = {name: row for row, name in enumerate(run.names)}
    catalogue, state = run.world.catalogue, run.outcome.state
    slots = {track_of(run, step): slot for step, slot in zip(catalogue.steps, catalogue.slots, strict=True)}
    entities = run.population.entities
    for (name, track), moves in chains(run).items():
        entity = "person" if rows[name] < entities.persons else "network"
        assert tracks[track].entity == entity
        assert moves[0][2] == tracks[track].start, moves[0]
        for before, after in pairwise(moves):
            assert after[2] == before[3], (before, after)
            assert after[0] >= before[0], (before, after)
            assert not versions[before[3]][-1].step.final, (before, after)
        assert catalogue.steps[state.step[rows[name], slots[track]]] == moves[-1][3]
    days = [move[0] for move in run.moves]
    assert days == sorted(days)
    assert days[-1] <= run.world.end_day
    arrivals = [(m[0], m[1]) for m in run.moves if m[2] == "whereabouts.not_arrived"]
    due = [(int(day), name) for name, day in zip(run.names, entities.arrival, strict=True) if day < NEVER]
    assert sorted(arrivals) == sorted(due), "everybody arrives once, on the day that the inflow gave"
    of_persons = {m[1] for m in run.moves if tracks[track_of(run, m[3])].entity == "person"}
    assert of_persons <= {name for _, name in due}


@pytest.mark.parametrize("regime", REGIMES)
def test_tracks_are_chains_and_persons_are_conserved(regime: str) -> None:
    assert_sound(whole(regime))


@pytest.mark.parametrize("regime", REGIMES)
def test_nothing_happens_after_an_exit(regime: str) -> None:
    """Who has left for good has no file that goes on, but for a statement in a criminal case or a clock."""
    run, left = whole(regime), {}
    going_on: Counter[str] = Counter()
    for day, name, _, to, _ in run.moves:
        file, _, step = to.partition(".")
        if name in left and day > left[name]:
            going_on[file] += 1
        if file == "whereabouts" and step in OUT_OF_VIEW:
            left[name] = day
    assert len(left) > 300
    assert not going_on.keys() & {"whereabouts", "b8", "asylum"}


@pytest.mark.parametrize("regime", REGIMES)
def test_a_permit_ends_the_dublin_claim_on_every_path(regime: str) -> None:
    """Who got a B8 permit is not transferred later on, unless a new claim began."""
    permits, by_permit = 0, 0
    for history in whole(regime).histories.values():
        protected = False
        for _, _, old, to, _ in history:
            permits += to == "b8.permit"
            by_permit += to == "dublin.responsibility_shifts"
            protected = (protected or to == "b8.permit") and to != "dublin.indication"
            assert not (protected and to == "dublin.transferred"), history
            assert not (to == "dublin.responsibility_shifts" and old == "dublin.none")
    assert permits > 100
    assert by_permit > 20


@pytest.mark.parametrize("regime", REGIMES)
def test_at_most_one_transfer_for_each_claim(regime: str) -> None:
    transfers = 0
    for history in whole(regime).histories.values():
        open_claims = 0
        for _, _, _, to, _ in history:
            if to == "dublin.indication":
                open_claims = 1
            if to == "dublin.transferred":
                assert open_claims == 1
                open_claims, transfers = 0, transfers + 1
    assert transfers > 300


# ---- the day on which a rule enters into force ----


def day_of(run: BigRun, date: dt.date) -> int:
    return (date - run.world.scenario.start).days


def rows_before(run: BigRun, date: dt.date) -> list[Move]:
    return [move for move in run.moves if move[0] < day_of(run, date)]


def first_difference(one: BigRun, other: BigRun) -> int:
    """Day of the first row in which two logs differ."""
    for a, b in zip(one.moves, other.moves, strict=False):
        if a != b:
            return min(a[0], b[0])
    raise AssertionError("the logs do not differ")


def test_before_a_rule_is_in_force_nothing_differs_row_by_row() -> None:
    old, new = whole("vc_2018"), whole("vc_2019_08")
    before = rows_before(old, RULE_CHANGE)
    assert len(before) > 50_000
    assert before == rows_before(new, RULE_CHANGE)
    assert old.moves[len(before) :] != new.moves[len(before) :]
    assert 0 <= first_difference(old, new) - day_of(old, RULE_CHANGE) < 60


def test_a_rule_that_holds_throughout_differs_from_the_first_weeks_on() -> None:
    old = whole("vc_2018")
    assert whole("vc_2018", throughout=True).moves == old.moves
    new = whole("vc_2019_08", throughout=True)
    assert first_difference(old, new) < 150
    reports = [m for m in new.moves if m[2] == "b8.report" and m[3] == "b8.necessity_test"]
    assert min(m[0] for m in reports) < 200
    assert_sound(new)


def test_the_calendar_of_regimes_follows_each_text_in_its_time() -> None:
    calendar = whole("historical")
    assert rows_before(calendar, dt.date(2019, 1, 1)) == rows_before(whole("vc_2018"), dt.date(2019, 1, 1))


@pytest.mark.parametrize("reading", ["report_date", "wish_date"])
def test_the_transitional_rule_under_both_readings(reading: str) -> None:
    """U7: for those who asked before 1 August 2019 and reported later, the day of the report or of the wish."""
    nobody_is_heard_in_summer = [
        {"from": dt.date(2019, 5, 1), "value": 0.0},
        {"from": dt.date(2019, 9, 2), "value": 1e6},
    ]
    scenario = netherlands(0.3).replace(readings={"U7": reading}, capacity={"avim.report": nobody_is_heard_in_summer})
    run = big_run(scenario, "vc_2019_08")
    change = day_of(run, RULE_CHANGE)
    seen: Counter[tuple[str, bool]] = Counter()
    for name, history in run.histories.items():
        wished, claim = -1, False
        for day, _, old, to, _ in history:
            claim = claim_after(claim, to)
            if to == "b8.wish_to_report":
                wished = day
            if old == "b8.report" and claim:
                deciding = wished if reading == "wish_date" else day
                expected = "b8.necessity_test" if deciding >= change else "b8.grant_decision"
                assert to == expected, (name, day, wished)
                seen[to, wished < change <= day] += 1
    for to in ("b8.necessity_test", "b8.grant_decision"):
        assert seen[to, False] > 5
    between = "b8.necessity_test" if reading == "report_date" else "b8.grant_decision"
    assert seen[between, True] > 3, "the waiting list of that summer is where the readings part"


CLAIM_ENDS = {"transferred", "lapsed", "responsibility_shifts", "responsible_by_late_claim", "withdrawn"}
BESIDE_THE_CLAIM = {"at_liberty", "in_custody", "no_review", "unsuspended_appeal"}


def claim_after(claim: bool, to: str) -> bool:
    """Follow whether there is a Dublin claim, step by step."""
    file, _, step = to.partition(".")
    if file != "dublin" or step.startswith("clock") or step in BESIDE_THE_CLAIM:
        return claim
    passed = {"criterion_ended", "claim_refused", "discretionary", "claim_resumes", "transfer_resumes", "none"}
    passed |= {"decision_quashed", "released"}
    return step not in CLAIM_ENDS | passed


# ---- clocks ----


def test_the_transfer_clock_runs_while_the_police_queue_waits() -> None:
    """The two clocks do not know of each other: with no police to take reports, claims lapse in the queue."""
    run = big_run(netherlands(0.1).replace(capacity={"avim.report": 0}), "vc_2018")
    window = run.world.calendar.term_table(6, "months", "eu")
    lapsed_waiting = 0
    for history in run.histories.values():
        at, started = "b8.none", 0
        for day, _, old, to, _ in history:
            if to.startswith("b8.") and track_of(run, to) == "b8.file":
                at = to
            if to == "dublin.clock_running":
                started = day
            if old == "dublin.clock_last_weeks" and to == "dublin.clock_off" and day >= window[started]:
                assert day == window[started]
                lapsed_waiting += at == "b8.wish_to_report"
        assert all(m[3] != "b8.report" for m in history)
    assert lapsed_waiting > 5


@pytest.mark.parametrize("regime", ["vc_2018", "vc_2019_08"])
def test_a_window_that_nothing_stops_lasts_six_months(regime: str) -> None:
    run, windows = whole(regime), 0
    window = run.world.calendar.term_table(6, "months", "eu")
    for history in run.histories.values():
        started = -1
        for day, _, old, to, cause in history:
            if to == "dublin.clock_running":
                started = day
            if old == "dublin.clock_last_weeks" and cause == "time":
                assert day == window[started]
                windows += 1
    assert windows > 20


# ---- capacity ----


def watched(scenario: Scenario, regime: str) -> tuple[World, Iterator[tuple[int, State]]]:
    """Let a run pass day by day; give the same state after each day."""
    loaded = Regime.load(regime, scenario.readings)
    world = make_world(scenario, loaded)
    population = population_of(scenario, people_of(scenario), 1, 0)
    state = State(world.tables, world.catalogue, population.entities, space=16)

    def days() -> Iterator[tuple[int, State]]:
        for day in range(world.end_day + 1):
            assert run_until(world, state, day) == OK
            yield day, state

    return world, days()


SCARCE = {
    "coa.reception": 300.0,
    "shelter.specialised": 3.0,
    "police.investigation": 2.0,
    "om.prosecution": 1.0,
    "avim.report": 0.05,
    "avim.registration": 1.2,
    "ind.asylum": 1.5,
    "ind.dublin": 0.8,
}


def test_places_are_never_exceeded_and_queues_are_counted_right() -> None:
    """Day by day: places in use within capacity, and the counters say what the rows of the persons say."""
    world, days = watched(netherlands(0.1).replace(capacity=SCARCE), "vc_2019_08")
    pools = world.catalogue.pools
    pool_of = [world.regime.versions[step][0].step.by for step in world.catalogue.steps]
    full: Counter[str] = Counter()
    for day, state in days:
        for number, pool in enumerate(pools):
            if POOLS[pool].kind == "places":
                used = state.pools[number, IN_USE]
                assert 0 <= used <= np.floor(world.capacity(number, day)), (day, pool)
                full[pool] += used == np.floor(world.capacity(number, day))
            assert state.pools[number, WAITING] >= 0
        if day % 50 == 0:
            due, queues = state.due, state.waits_since >= 0
            for number, pool in enumerate(pools):
                steps = [i for i, by in enumerate(pool_of) if by == pool]
                at = np.isin(state.step, steps) & (
                    np.array(world.catalogue.slots)[state.step] == np.arange(due.shape[1])
                )
                assert state.pools[number, WAITING] == (at & queues).sum(), (day, pool)
                if POOLS[pool].kind == "places":
                    assert state.pools[number, IN_USE] == (at & (due >= 0)).sum(), (day, pool)
    assert full["coa.reception"] > 300
    assert full["shelter.specialised"] > 300


def test_staff_serve_no_more_than_their_capacity() -> None:
    """Over any span of days, what is started is at most what the staff could start, and one case carried over."""
    world, days = watched(netherlands(0.1).replace(capacity=SCARCE), "vc_2019_08")
    numbers = [n for n, pool in enumerate(world.catalogue.pools) if POOLS[pool].kind == "staff"]
    served, offered = [], []
    for day, state in days:
        served.append(state.pool_sums[numbers, 2].copy())
        working = world.calendar.is_working_day[day]
        offered.append([world.capacity(n, day) if working else 0.0 for n in numbers])
    daily = np.diff(np.array(served), axis=0, prepend=0)
    could = np.array(offered)
    assert (daily[could.sum(axis=1) == 0] == 0).all()
    slack = np.cumsum(could - daily, axis=0)
    worst = slack - np.maximum.accumulate(slack, axis=0)
    assert worst.min() > -1 - 1e-6, "never more than one case ahead"
    busy = world.catalogue.pools.index("avim.registration")
    assert daily[:, numbers.index(busy)].sum() > 0.95 * could[:, numbers.index(busy)].sum()


@pytest.mark.parametrize("regime", REGIMES)
def test_capacity_zero_serves_nobody(regime: str) -> None:
    run = big_run(netherlands(0.05).replace(capacity=dict.fromkeys(POOLS, 0)), regime)
    assert_sound(run)
    served_by = {name: texts[0].step.by for name, texts in run.world.regime.versions.items()}
    assert not [m for m in run.moves if served_by[m[2]] and m[4] == "time"]
    assert (run.outcome.state.pool_sums[:, 2] == 0).all()
    entered = {m[3] for m in run.moves}
    assert {"asylum.registration", "b8.intake", "whereabouts.reception", "whereabouts.left_unknown"} <= entered
    assert not entered & {"asylum.rest", "dublin.claim", "b8.wish_to_report", "whereabouts.shelter"}


@pytest.mark.parametrize("regime", REGIMES)
def test_unlimited_capacity_lets_nobody_wait_longer_than_until_the_office_opens(regime: str) -> None:
    world, days = watched(unlimited(netherlands(0.05)), regime)
    pool_of = [world.regime.versions[step][0].step.by for step in world.catalogue.steps]
    places = np.array([by is not None and POOLS[by].kind == "places" for by in pool_of])
    is_open, waited = world.calendar.is_working_day, 0
    for day, state in days:
        rows, slots = np.nonzero(state.waits_since >= 0)
        since = state.waits_since[rows, slots]
        last_opening = day - int(np.argmax(is_open[day::-1]))
        assert (since[places[state.step[rows, slots]]] == day).all(), "who came after the places were given out"
        assert (since >= last_opening).all()
        waited += rows.size
    assert waited > 1000
    assert (state.pool_sums[:, 1] <= 4 * state.pool_sums[:, 2]).all()


def test_scarcity_makes_people_wait_and_plenty_does_not() -> None:
    scenario = netherlands(0.05)
    number = list(POOLS).index("avim.registration")
    waits = []
    for capacity in (0.9, 3.0, 1e6):
        sums = big_run(scenario.replace(capacity={"avim.registration": capacity})).outcome.state.pool_sums[number]
        waits.append(sums[1] / sums[2])
    assert waits[0] > 3 * waits[1] > 100 * waits[2]
    assert waits[2] < 1.0


# ---- the same comparison the other way round ----


def test_a_comparison_the_other_way_round_is_its_mirror_image() -> None:
    scenario = netherlands(0.05)
    ab = sim.compare(scenario, ["vc_2018", "vc_2019_08"], replicates=4, seed=2)
    ba = sim.compare(scenario, ["vc_2019_08", "vc_2018"], replicates=4, seed=2)
    keys = ["measure", "world", "group"]
    one, other = (c.differences.set_index(keys).sort_index() for c in (ab, ba))
    assert one.index.equals(other.index)
    assert (one.difference.abs() > 0).sum() > 200
    np.testing.assert_allclose(one.difference, -other.difference, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(one.low, -other.high, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(one.high, -other.low, rtol=1e-12, atol=1e-12)
    assert (one.replicates == other.replicates).all()
    assert (one.share_higher.fillna(0) + other.share_higher.fillna(0) <= 1 + 1e-12).all()
    there = ab.pairs.set_index(["group", "baseline_outcome", "reform_outcome"]).persons.sort_index()
    back = ba.pairs.rename(columns={"baseline_outcome": "reform_outcome", "reform_outcome": "baseline_outcome"})
    back = back.set_index(["group", "baseline_outcome", "reform_outcome"]).persons.sort_index()
    assert there.equals(back)


# ---- whatever the design ----


@settings(max_examples=20, deadline=None, derandomize=True)
@given(
    regime=st.sampled_from([*shipped_regimes(), "vc_2019_08+c_66_21", "vc_2019_08+c_338_21"]),
    capacity=st.dictionaries(st.sampled_from(sorted(POOLS)), st.sampled_from([0.0, 0.3, 2.0, 40.0, 1e6]), max_size=6),
    shocks=st.sets(st.sampled_from(["registration_stopped", "transfers_stopped", "fewer_controls"])),
    reading=st.sampled_from(["report_date", "wish_date"]),
    responds=st.booleans(),
    throughout=st.booleans(),
    seed=st.integers(0, 2**63 - 1),
)
def test_every_design_is_sound(
    regime: str,
    capacity: dict[str, float],
    shocks: set[str],
    reading: str,
    responds: bool,
    throughout: bool,
    seed: int,
) -> None:
    scenario = netherlands(0.01).replace(
        capacity=capacity, shocks=sorted(shocks), readings={"U7": reading}, inflow={"responds_to_rule": responds}
    )
    run = big_run(scenario, regime, seed=seed, throughout=throughout)
    assert_sound(run)
    for number, pool in enumerate(run.world.catalogue.pools):
        if POOLS[pool].kind == "places":
            assert run.outcome.state.pools[number, IN_USE] <= run.world.capacity(number, run.world.end_day)
