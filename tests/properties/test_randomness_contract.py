"""The contract of common random numbers: the same person has the same draws, unless a rule or a queue intervenes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.agents.population import Candidates
from sim.report.folder import write_table
from sim.runs.world import people_of, population_of
from verification.small_worlds import (
    BigRun,
    big_run,
    chance,
    hazard,
    netherlands,
    parameter,
    people,
    pools,
    procedure,
    small_world,
    unlimited,
)

NO_WORD_OF_MOUTH = {
    "report.per_known_loss_of_permit": 0.0,
    "report.per_transfer_not_awaited": 0.0,
    "strategic.known_loss_of_permit_ratio": 1.0,
}
"""Nobody acts on what they hear of a rule."""


def different(one: BigRun, other: BigRun) -> set[str]:
    """Names of the people and networks that both runs have and to whom something else happened."""
    before, after = one.histories, other.histories
    return {name for name in before.keys() & after.keys() if before[name] != after[name]}


def mates(run: BigRun, names: set[str]) -> set[str]:
    """Everybody who shares a network with one of these, and those networks; the names themselves too."""
    entities, rows = run.population.entities, {name: i for i, name in enumerate(run.names)}
    networks = {int(entities.network[rows[name]]) for name in names} - {-1}
    found = set(np.flatnonzero(np.isin(entities.network, list(networks))).tolist()) | networks
    return names | {run.names[i] for i in found}


def one_more(given: Candidates, name: str, *, hidden: bool) -> Candidates:
    """Put a person before everybody else on the list: all others move up, and keep their names."""
    like = given.hidden.tolist().index(hidden)
    return Candidates(
        names=[name, *given.names],
        **{
            field: np.insert(getattr(given, field), 0, getattr(given, field)[like])
            for field in ("group", "month_start", "month_days", "hidden", "drawn_by_rule", "may_be_drawn")
        },
    )


# ---- the same again ----


@pytest.mark.parametrize("regime", ["vc_2018", "vc_2019_08", "recognition_panel"])
def test_the_same_scenario_twice_gives_the_same_log(regime: str) -> None:
    one = big_run(
        sim.Scenario.load("netherlands").replace(history_from="start", inflow={"scale": 0.02}), regime, seed=3
    )
    other = big_run(
        sim.Scenario.load("netherlands").replace(history_from="start", inflow={"scale": 0.02}), regime, seed=3
    )
    assert one.population is not other.population
    for column, again in zip(one.outcome.log, other.outcome.log, strict=True):
        assert np.array_equal(column, again)
    assert one.outcome.state.rows.tobytes() == other.outcome.state.rows.tobytes()
    assert np.array_equal(one.outcome.state.pool_sums, other.outcome.state.pool_sums)


def test_another_seed_or_replicate_is_another_story() -> None:
    first = big_run(netherlands(0.02)).histories
    for other in (big_run(netherlands(0.02), seed=2), big_run(netherlands(0.02), replicate=1)):
        same = [name for name, history in other.histories.items() if history and history == first[name]]
        assert len(same) < 0.02 * len(first)


def test_the_same_comparison_twice_gives_the_same_files(tmp_path: Path) -> None:
    """Whatever the number of threads: every table, to the byte."""
    scenario = netherlands(0.02)
    for workers in (1, 3):
        result = sim.compare(scenario, replicates=5, seed=4, workers=workers)
        folder = tmp_path / str(workers)
        folder.mkdir()
        for name in ("measures", "differences", "incidence", "pairs"):
            write_table(folder, name, getattr(result, name))
        (folder / "receipt").write_text(str(result.receipt))
    files = sorted(path.name for path in (tmp_path / "1").iterdir())
    assert len(files) == 9
    for name in files:
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "3" / name).read_bytes(), name


def test_a_regime_compared_with_itself_shows_no_difference() -> None:
    result = sim.compare(netherlands(0.02), ["vc_2019_08", "vc_2019_08"], replicates=3)
    table = result.differences
    defined = table[table.replicates > 0]
    assert len(defined) > 500
    for column in ("difference", "share_higher", "share_lower"):
        assert (defined[column].fillna(0.0) == 0.0).all()
    assert (defined.share_equal == 1.0).all()
    assert (defined.low.dropna() < 0.0).all(), "no replicate differs, which does not say that none would"
    assert (defined.low.dropna() == -defined.high.dropna()).all()
    assert table[table.replicates == 0].difference.isna().all()
    pairs = result.pairs
    assert (pairs[pairs.baseline_outcome != pairs.reform_outcome].persons == 0).all()
    assert (pairs[pairs.group == "all"].persons > 0).sum() >= 5
    changed = result.measures[result.measures.group == "rule_changed"]
    assert (changed[changed.unit == "persons"]["mean"].dropna() == 0).all(), "a year that is not simulated has no value"


# ---- one person more ----


@pytest.mark.parametrize("hidden", [False, True])
@pytest.mark.parametrize("number", range(4))
def test_one_person_more_changes_nobody_who_shares_no_queue(hidden: bool, number: int) -> None:
    scenario = unlimited(netherlands(0.02))
    given = people_of(scenario)
    more = one_more(given, f"NGA-2016-12-X{number:04d}", hidden=hidden)
    name = more.keys[0]
    without, with_one = (big_run(scenario, "vc_2019_08", candidates=who) for who in (given, more))
    assert with_one.histories[name]
    assert with_one.histories.keys() - without.histories.keys() == {name}
    assert different(without, with_one) <= mates(with_one, {name})


def test_one_person_more_delays_those_in_the_same_queue() -> None:
    """The test above would see a difference: here there is one."""
    scenario = netherlands(0.02).replace(capacity={"avim.registration": 0.5})
    given, without = people_of(scenario), big_run(scenario)
    extra = [one_more(given, f"NGA-2016-12-X{number:04d}", hidden=False) for number in range(3)]
    assert max(len(different(without, big_run(scenario, candidates=who))) for who in extra) > 100


# ---- the date is in no key ----

JOURNEY = {
    "away": 'next = [{ to = "camp" }]',
    "camp": 'takes = "camp.days"\nnext = [{ to = "asks", when = "asks" }, { to = "camp" }]',
    "asks": 'by = "desk"\ntakes = "desk.days"\nnext = [{ to = "bed", when = "gets" }, { to = "camp" }]',
    "bed": 'by = "beds"\ntakes = "bed.days"\nnext = [{ to = "camp" }]',
    "gone": "",
    "seen": 'next = [{ to = "camp" }]',
    "home": "final = true",
}


def test_the_date_is_in_no_key(tmp_path: Path) -> None:
    """Everybody comes d days later in a world without a calendar: the same log, d days later."""
    world = small_world(
        tmp_path,
        {"whereabouts": procedure("whereabouts", "away", JOURNEY)},
        behaviour=chance("asks", "whereabouts.camp", "p.asks")
        + chance("gets", "whereabouts.asks", "p.gets")
        + hazard("leaves", ["whereabouts.camp", "whereabouts.asks"], "whereabouts.gone", "rate.leaves")
        + hazard("tires", "whereabouts.camp", "whereabouts.gone", "rate.tires", 'grows_per_year = "rate.growth"')
        + hazard("returns", "whereabouts.gone", "whereabouts.seen", "rate.returns")
        + hazard("fades", "whereabouts.gone", "whereabouts.home", "rate.fades", 'grows_per_year = "rate.fading"'),
        authorities=pools(desk="places", beds="places"),
        parameters=[
            parameter("camp.days", 30.0),
            parameter("desk.days", 12.5, varies="exponential"),
            parameter("bed.days", 40.0, varies="lognormal", cv=1.5),
            parameter("capacity.desk", 4.0, "places"),
            parameter("capacity.beds", 6.0, "places"),
            parameter("p.asks", 0.4, "probability"),
            parameter("p.gets", 0.6, "probability"),
            parameter("rate.leaves", 0.8, "per_year"),
            parameter("rate.tires", 0.3, "per_year"),
            parameter("rate.returns", 1.2, "per_year"),
            parameter("rate.fades", 0.5, "per_year"),
            parameter("rate.growth", 0.9, "log_ratio"),
            parameter("rate.fading", -0.7, "log_ratio"),
        ],
        start=dt.date(2018, 1, 1),
        end=dt.date(2024, 12, 31),
    )
    arrival = np.sort(np.random.default_rng(5).integers(0, 700, 120))
    first = world.run(people(arrival), until=2000)
    assert first.log.day.size > 2000
    for later in (1, 7, 200, 365, 366):
        moved = world.run(people(arrival + later), until=2000 + later)
        assert np.array_equal(moved.log.day, first.log.day + later)
        for column in ("entity", "from_step", "to_step", "via"):
            assert np.array_equal(getattr(moved.log, column), getattr(first.log, column))


# ---- the same people at every design point ----


def test_people_stand_in_the_order_of_arrival_then_of_their_keys() -> None:
    """The order within a day is of the person too, not of a list."""
    scenario = netherlands(0.05)
    given = people_of(scenario)
    population = population_of(scenario, given, 1, 0)
    keys = dict(zip(given.names, given.name_keys.tolist(), strict=True))
    rows = list(zip(population.entities.arrival.tolist(), map(keys.get, population.names()), strict=False))
    assert rows == sorted(rows)
    assert len({day for day, _ in rows}) < len(rows), "some come on the same day"


def test_replicate_k_has_the_same_people_at_every_design_point() -> None:
    scenario = netherlands(0.02)
    designs = (
        scenario,
        unlimited(scenario),
        scenario.replace(parameters={"dublin.accepted_other": 0.1}),
        scenario.replace(replicates=3, shocks=[]),
        scenario.replace(readings={"U7": "wish_date"}),
    )
    hashes = [population_of(d, people_of(d), seed=9, replicate=2).hash for d in designs]
    assert len(set(hashes)) == 1
    others = [
        population_of(scenario, people_of(scenario), seed=seed, replicate=replicate).hash
        for seed, replicate in ((9, 1), (9, 3), (10, 2))
    ]
    assert len({*others, hashes[0]}) == 4


def test_more_replicates_or_regimes_keep_the_people_and_the_baseline() -> None:
    scenario = netherlands(0.02)
    few = sim.compare(scenario, ["vc_2018", "vc_2019_08"], replicates=2, seed=6)
    more = sim.compare(scenario, ["vc_2018", "recognition_panel", "vc_2019_08"], replicates=3, seed=6)
    assert more.receipt["population_hashes"][:2] == few.receipt["population_hashes"]
    two = sim.compare(scenario, ["vc_2018", "recognition_panel", "vc_2019_08"], replicates=2, seed=6)
    columns = ["measure", "world", "group", "regime"]
    levels = [
        c.measures[c.measures.regime.isin(["vc_2018", "vc_2019_08"])].set_index(columns)["mean"] for c in (few, two)
    ]
    groups = ~levels[0].index.get_level_values("group").isin(["rule_changed", "rule_unchanged"])
    index = levels[0].index[groups]
    pd.testing.assert_series_equal(levels[0].loc[index], levels[1].loc[index], check_exact=True)


# ---- whom a rule cannot reach ----


def test_a_rule_changes_only_those_whom_it_reaches() -> None:
    """Without queues and hearsay, a difference begins with somebody for whom the text made a difference."""
    scenario = unlimited(netherlands(0.1)).replace(parameters=NO_WORD_OF_MOUTH)
    old, new = big_run(scenario), big_run(scenario, "vc_2019_08")
    reached = {new.names[i] for i in np.flatnonzero(new.outcome.state.ruled)}
    assert not old.outcome.state.ruled.any()
    parted = different(old, new)
    assert len(parted) > 30
    assert parted <= mates(new, reached)
    # Somebody who is reached has another path, or the same one by another rule of the same effect.
    assert len(reached & parted) > 0.5 * len(reached)


def test_who_is_no_dublin_claimant_is_not_reached() -> None:
    scenario = unlimited(netherlands(0.1))
    old, new = big_run(scenario), big_run(scenario, "vc_2019_08")
    claimants = {
        name for name, dublin in zip(new.names, new.population.flag("dublin_indicator"), strict=False) if dublin
    }
    reachable = mates(new, claimants)
    assert len(new.histories.keys() - reachable) > 0.4 * len(new.histories)
    assert different(old, new) <= reachable


def test_hearsay_reaches_further_than_the_rule() -> None:
    """What people hear of a rule is a reason of its own, and a fact that nobody hears changes nothing."""
    scenario = unlimited(netherlands(0.1))
    heard = different(big_run(scenario), big_run(scenario, "vc_2019_08"))
    unheard = scenario.replace(parameters=NO_WORD_OF_MOUTH)
    assert heard > different(big_run(unheard), big_run(unheard, "vc_2019_08"))


def test_amendment_that_changes_nothing_changes_nothing(tmp_path: Path) -> None:
    """A second text of a step with the same content leaves every log as it was."""
    run = big_run(netherlands(0.02))
    regime = run.world.regime
    again = {name: (*texts, replace(texts[0], in_force=dt.date(2019, 8, 1))) for name, texts in regime.versions.items()}
    assert big_run(netherlands(0.02), replace(regime, versions=again)).moves == run.moves
