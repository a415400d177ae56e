"""The tables of one run (`sim.runs.single`)."""

from __future__ import annotations

import numpy as np
from compared_runs import SCENARIO, SEED, ran

import sim
from sim.outcomes.groups import OUTCOMES


def test_transitions_are_the_log_by_names() -> None:
    run = ran("vc_2019_08", 0)
    moves, log = run.transitions, run.outcome.log
    assert len(moves) == log.day.size > 10_000
    assert moves.date.is_monotonic_increasing
    assert (moves.date.iloc[0] - np.datetime64(SCENARIO.start)).days == log.day[0]
    assert set(moves.person) <= {*run.population.names(), *run.population.network_names}
    assert {name.partition(".")[0] for name in moves.track} == {name.partition(".")[0] for name in moves.to}
    chain = moves.groupby(["person", "track"])
    later = moves[chain.cumcount() > 0]
    assert (later["from"] == chain["to"].shift(1).loc[later.index]).all(), "each begins where the last one ended"


def test_a_cause_is_a_branch_a_hazard_or_a_signal() -> None:
    moves = ran("vc_2019_08", 0).transitions
    branches = moves[moves.cause.str.contains("/")]
    assert (branches.cause.str.rpartition("/")[0] == branches["from"]).all()
    assert set(branches.layer) == {"vc_2018", "vc_2019_08"}
    others = moves[~moves.cause.str.contains("/")]
    assert (others.cause.eq("signal") | others.cause.str.startswith("hazard ")).all()
    assert set(others.layer) == {""}
    assert others.cause.eq("signal").any()


def test_persons_are_those_who_arrive_with_their_traits() -> None:
    run = ran("vc_2019_08", 0)
    persons = run.persons
    assert persons.person.is_unique
    assert persons.arrival.between(np.datetime64(SCENARIO.start), np.datetime64(SCENARIO.end)).all()
    assert set(persons.outcome) <= set(OUTCOMES)
    assert (persons.network.ne("") == persons.victim).all()
    first = run.transitions.drop_duplicates("person").set_index("person").date
    assert (first.loc[persons.person].to_numpy() == persons.arrival.to_numpy()).all()


def test_the_receipt_names_the_replicate_and_the_same_again_is_the_same() -> None:
    run = ran("vc_2018", 1)
    again = sim.run(SCENARIO, "vc_2018", seed=SEED, replicate=1)
    assert again.receipt == run.receipt
    assert (run.receipt["seed"], run.receipt["replicate"], run.receipt["regimes"]) == (SEED, 1, ["vc_2018"])
    assert again.transitions.equals(run.transitions)
