"""Groups, exits and where people stand at the end (`sim.outcomes.groups`)."""

from __future__ import annotations

import numpy as np
import pytest
from compared_runs import REGIMES, REPLICATES, SCENARIO, compared, ran

from sim.outcomes.groups import CAUSES, Group, Groups, arrived
from sim.outcomes.incidence import aalen_johansen
from sim.procedures.conditions import StepId
from sim.procedures.schema import Condition

EXITS = {
    "b8_permit": "b8.permit",
    "asylum_granted": "asylum.granted",
    "transferred": "dublin.transferred",
    "left_unknown": "whereabouts.left_unknown",
    "departed": "whereabouts.departed",
}


@pytest.mark.parametrize("regime", REGIMES)
def test_incidence_follows_from_the_transitions(regime: str) -> None:
    curves: dict[str, list[np.ndarray]] = {"all": [], "dublin": [], "minors": []}
    table = compared().incidence.query("cohort == 'all'")
    grid = np.unique(table.day)
    for k in range(REPLICATES):
        run = ran(regime, k)
        persons, moves = run.persons, run.transitions.replace({"to": {"b8.hardship_permit": "b8.permit"}})
        end = np.datetime64(SCENARIO.end)
        first = moves[moves.to.isin(EXITS.values())].groupby(["person", "to"]).date.min().unstack()
        first = first.reindex(index=persons.person, columns=list(EXITS.values())).to_numpy()
        late = np.where(np.isnat(first), np.datetime64("2262-01-01"), first)
        left = late.min(axis=1) <= end
        last = np.where(left, late.min(axis=1), end)
        time = ((last - persons.arrival.to_numpy()) / np.timedelta64(1, "D")).astype(int)
        cause = np.where(left, late.argmin(axis=1) + 1, 0)
        chosen = {"all": np.ones(len(persons), bool), "dublin": persons.dublin_indicator, "minors": persons.minor}
        for group, members in chosen.items():
            curves[group].append(aalen_johansen(time[members], cause[members], len(CAUSES), grid))
    for group, found in curves.items():
        for number, name in enumerate(CAUSES):
            mine = table[(table.regime == regime) & (table.group == group) & (table.cause == name)].set_index("day")
            mean = np.mean([curve[number] for curve in found], axis=0)
            np.testing.assert_allclose(mine.incidence.loc[grid], mean, atol=1e-9, equal_nan=True)
            assert np.nanmax(mean) > 0


def test_members_have_what_their_group_asks_for() -> None:
    run = ran(REGIMES[0], 0)
    population, here = run.population, arrived(run.population, run.world.end_day)
    permitted = np.arange(here.size) % 3 == 0

    def group(*when: str) -> Group:
        return Group.model_validate({"title": {"en": "some", "nl": "sommigen"}, "when": list(when)})

    def ever(*steps: str) -> np.ndarray:
        assert steps == ("b8.permit",)
        return permitted

    women, minor = population.flag("women"), population.flag("minor")
    expected = {
        (): here,
        ("women", "minor"): here & women & minor,
        ("not women", "minor"): here & ~women & minor,
        ("women", "not women"): np.zeros_like(here),
        ("women", "permitted"): here & women & permitted,
        ("not permitted",): here & ~permitted,
    }
    condition = Condition(title="permit", ever=(StepId("b8.permit"),))
    groups = Groups({str(when): group(*when) for when in expected}, {"permitted": condition})
    found = groups.members(population, here, ever)
    np.testing.assert_array_equal(found, [*expected.values()])
    assert found.sum(axis=1).tolist().count(0) == 1
