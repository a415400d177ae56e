"""The lives in one run (`sim.runs.lives`): what is kept of it gives the same values when the run is forgotten."""

from __future__ import annotations

import numpy as np

import sim
from sim.outcomes.groups import Groups, arrived
from sim.outcomes.measures import Measures
from sim.runs.lives import lives_of
from verification.small_worlds import netherlands


def test_nothing_of_a_state_is_needed() -> None:
    run, groups, measures = sim.run(netherlands(0.03), "vc_2019_08", seed=2), Groups.load(), Measures.load()
    lives = lives_of(run.world, run.outcome, run.population)
    members = groups.members(run.population, arrived(run.population, run.world.end_day), lives.ever)
    before, ever = lives.counts(measures, groups.names, members), lives.ever("b8.signalled")
    run.outcome.state.rows[:] = np.zeros(1, run.outcome.state.rows.dtype)
    run.outcome.state.pool_sums[:] = 0
    run.outcome.state.arrays.log[:] = 0
    after = lives.counts(measures, groups.names, members)
    np.testing.assert_array_equal(before.values, after.values)
    np.testing.assert_array_equal(ever, lives.ever("b8.signalled"))
    assert ever.any()
    pools = run.world.catalogue.pools
    table = lives.complete(after.values, groups.names, pools)
    assert table.shape[0] > after.values.shape[0]
    assert np.isnan(table[after.values.shape[0] :, 1:]).all(), "pools serve everybody"
    assert np.nansum(table[after.values.shape[0] :, 0]) > 0


def test_who_ever_entered_a_step_is_what_the_transitions_say() -> None:
    run = sim.run(netherlands(0.03), "vc_2019_08", seed=2)
    steps = ("b8.signalled", "dublin.claim")
    names = np.array(run.population.names())
    there = set(run.transitions[run.transitions["to"].isin(steps)]["person"])
    ever = lives_of(run.world, run.outcome, run.population).ever(*steps, "case.of_another_law")
    assert set(names[ever]) == there
    assert 0 < len(there) < names.size
