"""A history before the period: it fills queues and leaves people behind, and what is measured is the period alone."""

from __future__ import annotations

import datetime as dt
import functools
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import sim
from sim.engine.columns import NEVER
from sim.engine.layout import QUEUE_DAYS, SERVED, WAITED
from sim.engine.log import packed
from sim.outcomes.measures import Measures
from sim.outcomes.opening import Past, carried_opening
from sim.runs.lives import lives_of
from sim.runs.single import Run
from sim.runs.world import make_world, run_world
from tests.hand_made_lives import CATALOGUE, A, B, C, after_a_history, logged, measures_of
from verification.small_worlds import netherlands

START, FIRST = dt.date(2018, 4, 10), dt.date(2016, 1, 1)
SMALL = netherlands(0.1).replace(
    start=START, end="2019-12-31", history_from=FIRST, capacity={"avim.report": 0.08, "coa.reception": 700}
)


@functools.cache
def ran() -> Run:
    """Return a run with a history."""
    return sim.run(SMALL, "vc_2018", seed=3)


@functools.cache
def whole() -> Run:
    """Return the same people in the same world, measured from the first day of the history on."""
    world = make_world(SMALL.replace(start=FIRST, history_from="start"), sim.Regime.load("vc_2018", SMALL.readings))
    return Run(world, ran().population, run_world(world, ran().population), {})


def value(run: Run, measure: str, group: str = "all", world: str = "simulated") -> float:
    rows = run.measures
    return float(rows[(rows.measure == measure) & (rows.group == group) & (rows.world == world)].value.iloc[0])


def test_the_moves_are_those_of_a_run_that_began_earlier() -> None:
    whole_log, kept = whole().outcome.log, ran().outcome
    assert [(a == b).all() for a, b in zip(kept.whole_log, whole_log, strict=True)] == [True] * 5
    later = whole_log.day >= ran().world.start_day
    assert (kept.log.day == whole_log.day[later]).all()
    assert 0 < kept.log.day.size < whole_log.day.size
    assert kept.opening is not None
    assert kept.opening.moves == (~later).sum() > 1000
    assert ran().transitions["date"].min() >= np.datetime64(START)


def test_counts_of_steps_are_those_of_the_moves_in_the_period() -> None:
    moves = whole().transitions
    moves = moves[moves["date"] >= np.datetime64(START)]
    victims = set(whole().persons.query("victim")["person"])
    for measure in Measures.load().measure.items():
        name, m = measure
        if m.kind not in ("persons", "entries") or m.not_steps or m.then:
            continue
        if any(str(c) != "victim" for c in m.among):
            continue
        there = moves[moves["to"].isin(m.steps)]["person"]
        there = there[~there.str.startswith("network")]
        there = there[there.isin(victims)] if m.among else there
        expected = there.size if m.kind == "entries" else there.nunique()
        assert value(ran(), name) == expected, name
    assert value(ran(), "reports") < value(whole(), "reports")


def test_days_are_those_spent_in_the_period() -> None:
    day, persons = ran().world.start_day, ran().population.entities.persons
    steps = Measures.load().measure["protected_days"].steps
    # By hand: each day of each person in one of the steps, from the log.
    victim = whole().population.flag("victim")
    log, catalogue = whole().outcome.log, whole().world.catalogue
    slots, numbers = np.array(catalogue.slots), [catalogue.step(step) for step in steps if step in catalogue.steps]
    total, last = 0, whole().world.end_day
    for slot in {int(slots[number]) for number in numbers}:
        rows = slots[log.to_step] == slot
        order = np.lexsort((np.arange(rows.sum()), log.entity[rows]))
        entity, to, begun = log.entity[rows][order], log.to_step[rows][order], log.day[rows][order].astype(int)
        ends = np.r_[np.where(entity[1:] == entity[:-1], begun[1:], last + 1), last + 1]
        inside = np.maximum(ends, day) - np.maximum(begun, day)
        mine = (entity < persons) & victim[np.minimum(entity, persons - 1)]
        total += int(inside[np.isin(to, numbers) & mine].sum())
    assert value(ran(), "protected_days") == total > 0
    assert value(whole(), "protected_days") > total


def test_people_who_are_still_in_a_procedure_are_measured_and_others_are_left_out() -> None:
    run = ran()
    arrival = run.population.arrival
    lives = lives_of(run.world, run.outcome, run.population)
    here = (arrival < NEVER)[None]
    mine = np.flatnonzero(lives.counts(Measures.load(), ("all",), here).measured)
    came = (arrival >= run.world.start_day) & (arrival <= run.world.end_day)
    assert set(np.flatnonzero(came)) <= set(mine)
    earlier = mine[arrival[mine] < run.world.start_day]
    assert 0.1 * came.sum() < earlier.size < (arrival < run.world.start_day).sum()
    assert len(run.persons) == mine.size == run.persons["person"].nunique()
    assert f"{came.sum():,} people" in repr(run)
    moved = set(run.transitions["person"])
    assert {name for name in moved if not name.startswith("network")} <= set(run.persons["person"])


def test_pools_are_measured_over_the_period_only() -> None:
    run, world = ran(), whole().world
    earlier = SMALL.replace(start=FIRST, end=START - dt.timedelta(days=1), history_from="start")
    regime = sim.Regime.load("vc_2018", SMALL.readings)
    before = run_world(make_world(earlier, regime), run.population).state.pool_sums
    after, both = run.outcome.state.pool_sums, whole().outcome.state.pool_sums
    for part in (QUEUE_DAYS, SERVED, WAITED):
        assert after[:, part] + before[:, part] == pytest.approx(both[:, part])
    pool = world.catalogue.pools.index("avim.report")
    days = (SMALL.end - START).days + 1
    assert value(run, "queue_avim.report") == pytest.approx(after[pool, QUEUE_DAYS] / days)
    assert value(run, "queue_avim.report") > value(whole(), "queue_avim.report"), "the queue was full on the first day"


def test_the_same_people_come_with_a_history_and_without() -> None:
    without = sim.run(SMALL.replace(history_from="start"), "vc_2018", seed=3)
    came = ran().persons.query("arrival >= @START")
    traits = ["person", "group", "victim", "women", "dublin_indicator"]
    here, there = (table[traits].sort_values("person").reset_index(drop=True) for table in (came, without.persons))
    # The month in which the period begins also has days before it.
    assert set(there["person"]) == set(here["person"])
    assert here.equals(there)


def test_a_history_changes_nobody_whom_no_queue_and_no_network_reaches() -> None:
    ample = dict.fromkeys(make_world(SMALL, sim.Regime.load("vc_2018")).catalogue.pools, 1000000.0)
    here, there = (
        sim.run(SMALL.replace(capacity=ample, history_from=first), "vc_2018", seed=3) for first in (FIRST, "start")
    )
    others = set(there.persons.query("network == ''")["person"])
    paths = [
        run.transitions[run.transitions["person"].isin(others)]
        .sort_values(["person", "order"])[["person", "date", "to"]]
        .reset_index(drop=True)
        for run in (here, there)
    ]
    assert paths[0].equals(paths[1])
    assert len(paths[0]) > 5000


def test_a_register_knows_who_was_notified_before() -> None:
    run, all_of_it = ran(), whole()
    name = "registrations_2019"
    assert value(run, name, world="recorded") == value(all_of_it, name, world="recorded") > 0
    assert value(run, "registrations_2018", world="recorded") < value(all_of_it, "registrations_2018", world="recorded")
    assert np.isnan(value(run, "registrations_2017", world="recorded"))
    assert value(all_of_it, "registrations_2017", world="recorded") > 0
    parts = value(run, "registrations_2018", world="recorded") + value(run, "registrations_2019", world="recorded")
    assert value(run, "registrations", world="recorded") == parts


def test_curves_are_of_those_who_come_in_the_period() -> None:
    compared = sim.compare(SMALL, ["vc_2018", "vc_2019_08"], replicates=1, seed=3)
    table = compared.incidence.query("group == 'all' and regime == 'vc_2018' and cause == 'left_unknown'")
    assert table["day"].max() <= (SMALL.end - START).days
    run = ran()
    came = run.persons.query("arrival >= @START")
    left = run.transitions[run.transitions["to"].isin(["whereabouts.left_unknown"])]
    day = left.groupby("person")["date"].min()
    waited = (came.set_index("person")["arrival"].rsub(day).dropna()).dt.days
    first = table[table["day"] == 10]["incidence"].iloc[0]
    assert first == pytest.approx((waited <= 10).sum() / len(came), rel=0.05)
    assert compared.pairs.query("group == 'all'")["persons"].sum() == pytest.approx(len(run.persons), rel=0.01)
    for regime in ("vc_2018", "vc_2019_08"):
        alone = sim.run(SMALL, regime, seed=3).measures.set_index(["measure", "world", "group"])["value"]
        level = compared.measures.query("regime == @regime").set_index(["measure", "world", "group"])["mean"]
        both = level.index.intersection(alone.index)
        assert len(both) > 1000
        assert np.allclose(level[both], alone[both], rtol=1e-12, equal_nan=True), "as in runs that share nothing"
    assert compared.pairs.query("group == 'all'")["persons"].sum() == pytest.approx(len(run.persons), rel=0.01)


# ---- by hand ----


def test_what_is_kept_of_the_moves_of_a_history() -> None:
    log = logged([(2, 0, A), (5, 0, B), (6, 1, A), (8, 0, A)], [0, 0, 0])
    step = np.array([[A], [A], [0]], np.uint8)
    past = Past(CATALOGUE, step.shape, ["a", "b", "elsewhere"])
    for stretch in (packed(log)[:3], packed(log)[3:]):
        past.add(stretch)
    past.stay(None, step)
    opening = past.opening(10)
    assert opening.since.tolist() == [[8], [6], [-1]]
    assert opening.first_day("a").tolist() == [2, 6, NEVER]
    assert opening.first_day("a", "b").tolist() == [2, 6, NEVER]
    assert opening.first_day("b").tolist() == [5, NEVER, NEVER]
    assert opening.remembered == {"a": 0, "b": 1}
    assert opening.moves == 4
    step[:] = C
    assert opening.step.tolist() == [[A], [A], [0]], "a copy"
    with pytest.raises(KeyError):
        opening.first_day("c")


def test_what_is_kept_is_of_the_first_persons_where_others_come_later() -> None:
    log = logged([(2, 0, A), (5, 0, B), (6, 1, A), (8, 2, A)], [0, 0, 0])
    past = Past(CATALOGUE, (2, 1), ["a"])
    past.add(packed(log))
    past.stay(np.array([0, 1, 2], np.int32), np.array([[B], [A], [A]], np.uint8))
    opening = past.opening(10)
    assert opening.since.tolist() == [[5], [6]]
    assert opening.step.tolist() == [[B], [A]]
    assert opening.first_day("a").tolist() == [2, 6]
    assert opening.moves == 4


def test_a_sequence_that_began_before_counts_when_it_is_complete() -> None:
    measures = measures_of(
        then={"kind": "persons", "steps": ["a"], "then": ["b"]},
        unless={"kind": "persons", "steps": ["a"], "then": ["b"], "not_before": ["c"]},
        entered={"kind": "persons", "steps": ["a"]},
        never_a={"kind": "persons", "steps": ["b"], "not_steps": ["a"]},
    )
    before = [(1, 0, A), (2, 1, C), (3, 1, A), (4, 2, A), (5, 2, B)]
    counts, found = after_a_history(measures, before, [(12, 0, B), (13, 1, B)])
    assert counts.measured.tolist() == [True, True, False]
    assert found == {"then": [1, 1, 0], "unless": [1, 0, 0], "entered": [0, 0, 0], "never_a": [0, 0, 0]}


def test_days_are_of_the_period_and_waits_have_the_days_before() -> None:
    measures = measures_of(
        days={"kind": "days", "steps": ["a"]},
        wait={"kind": "mean_days", "steps": ["a"], "per": ["b"]},
        until={"kind": "restricted_mean_days", "steps": ["a"], "horizon_days": 5},
    )
    counts, found = after_a_history(measures, [(4, 0, A), (6, 1, A)], [(12, 0, B), (13, 2, A)])
    assert found["days"] == [2, 11, 8]
    np.testing.assert_array_equal(found["wait"], [8, np.nan, np.nan])
    # Of the spells that began before, those that were over by then are missing: the mean would be too long.
    np.testing.assert_array_equal(found["until"], [np.nan, np.nan, 5])
    assert counts.measured.all(), "who spends days in the step is measured without moving"


def test_a_world_that_shares_a_history_has_its_days_with_its_own_steps() -> None:
    log = logged([(2, 0, A), (5, 0, B), (6, 1, A), (8, 0, A)], [0, 0, 0])
    past = Past(CATALOGUE, (3, 1), ["b", "a", "c"])
    past.add(packed(log))
    past.stay(None, np.array([[A], [A], [0]], np.uint8))
    opening = past.opening(10)
    other: Any = SimpleNamespace(steps=("start", "new", *CATALOGUE.steps[1:]))
    step = np.array([[other.steps.index("a")], [other.steps.index("a")], [0]], np.uint8)
    numbers = np.array([0, *(other.steps.index(name) for name in CATALOGUE.steps[1:])])
    carried = carried_opening(opening, numbers, other, ["new", "b", "a"])
    same = carried_opening(opening, np.arange(len(CATALOGUE.steps)), CATALOGUE, ["b", "a"])
    assert same.step is opening.step, "nothing to renumber"
    assert carried.since is opening.since
    assert carried.step.tolist() == step.tolist()
    for name in ("a", "b"):
        assert carried.first_day(name).tolist() == opening.first_day(name).tolist()
    assert carried.first_day("new").tolist() == [NEVER] * 3, "the other world does not have it"
    assert carried.moves == opening.moves == 4
