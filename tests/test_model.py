"""The face for Mesa users: a step is a day, and the run is the same as any other."""

from __future__ import annotations

import datetime as dt

import mesa
import numpy as np
import pytest
from mesa.agent import AgentSet

import sim
from sim.agents.behaviour import Authorities
from sim.agents.views import Applicant, Authority, Trafficker, Victim
from sim.model import PathwayModel
from verification.small_worlds import big_run, netherlands

SCENARIO = netherlands(0.01, end=dt.date(2020, 12, 31))
LAST_DAY = (dt.date(2020, 12, 31) - dt.date(2017, 1, 1)).days


def after(days: int, **more: object) -> PathwayModel:
    model = PathwayModel(SCENARIO, "vc_2019_08", seed=5, **more)  # type: ignore[arg-type]
    for _ in range(days):
        model.step()
    return model


def test_days_pass_until_the_last() -> None:
    model = PathwayModel(SCENARIO, "vc_2018", seed=5, people="none")
    assert isinstance(model, mesa.Model)
    assert (model.day, model.date, model.running) == (-1, dt.date(2016, 12, 31), True)
    model.step()
    assert (model.day, model.date, model.steps) == (0, dt.date(2017, 1, 1), 1)
    while model.running:
        model.step()
    assert (model.day, model.date) == (LAST_DAY, dt.date(2020, 12, 31))
    rows = model.log.day.size
    model.step()
    assert (model.day, model.log.day.size, model.running) == (LAST_DAY, rows, False)


def test_days_count_from_the_period_whatever_came_before() -> None:
    """With a history the first step is the first day of the period, in ``day``, ``date`` and the log."""
    short = sim.Scenario.load("netherlands").replace(start="2019-07-01", end="2019-07-03", inflow={"scale": 0.01})
    model = PathwayModel(short, "vc_2018", people="none")
    assert (model.day, model.date, model.log.day.size) == (-1, dt.date(2019, 6, 30), 0)
    assert "day -1 of 2" in repr(model)
    model.run_model()
    assert (model.day, model.date, model.steps) == (2, dt.date(2019, 7, 3), 3)
    assert set(model.log.day) <= {0, 1, 2}
    assert model.log.day.dtype == np.int16


@pytest.mark.parametrize("regime", ["vc_2018", "vc_2019_08"])
def test_the_log_is_that_of_a_run(regime: str) -> None:
    """Stepping day by day with agents looking on gives the same log, to the row, as the run in one go."""
    model = PathwayModel(SCENARIO, regime, seed=5, replicate=2, people="all")
    while model.running:
        model.step()
        _ = [agent.fear for agent in model.agents_by_type[Victim]] if model.day % 500 == 0 else []
    whole = big_run(SCENARIO, regime, seed=5, replicate=2)
    assert model.log.day.size > 5000
    for mine, other in zip(model.log, whole.outcome.log, strict=True):
        assert np.array_equal(mine, other)
    assert np.array_equal(model.state.pool_sums, whole.outcome.state.pool_sums)


def test_seed_and_scenario_have_defaults() -> None:
    own = PathwayModel(SCENARIO, people="none")
    given = PathwayModel(SCENARIO, seed=SCENARIO.document.scenario.seed, people="none")
    assert np.array_equal(own.population.entities.key, given.population.entities.key)
    assert own.world.regime.name == "vc_2018"
    large = PathwayModel(SCENARIO, seed=2**63 - 1, people="none")
    assert not np.array_equal(own.population.entities.key, large.population.entities.key)


def test_agents_by_type() -> None:
    model = after(10, people="all")
    kinds = {kind: len(agents) for kind, agents in model.agents_by_type.items()}
    victims = int(model.population.flag("victim").sum())
    persons = model.population.entities.persons
    assert kinds == {
        Victim: victims,
        Applicant: persons - victims,
        Trafficker: model.population.entities.key.size - persons,
        Authority: len(Authorities.load().pool),
    }
    assert len(model.agents) == sum(kinds.values())
    assert set(after(0).agents_by_type) == {Victim, Trafficker, Authority}
    assert set(after(0, people="none").agents_by_type) == {Trafficker, Authority}


def test_agent_sets_select_and_aggregate() -> None:
    model = after(1000, people="all")
    everybody = model.agents.select(agent_type=Applicant)
    assert isinstance(everybody, AgentSet)
    here = everybody.select(lambda agent: agent.is_here and agent.whereabouts == "whereabouts.reception")
    assert 0 < len(here) == model.count_at("whereabouts.reception")
    frightened = model.agents_by_type[Victim].select(lambda agent: agent.fear > 0.7)
    assert 0 < len(frightened) < len(model.agents_by_type[Victim])
    assert min(frightened.get("fear")) > 0.7
    groups = {group: len(members) for group, members in everybody.groupby("group")}
    assert sum(groups.values()) == len(everybody)


def test_data_collector_counts_per_day() -> None:
    model = PathwayModel(SCENARIO, "vc_2019_08", seed=5)
    collector = mesa.DataCollector(
        model_reporters={
            "in_reception": lambda m: m.count_at("whereabouts.reception"),
            "permits": lambda m: m.count_at("b8.permit"),
            "day": "day",
        },
        agenttype_reporters={Authority: {"pool": "pool", "waiting": "waiting"}},
    )
    for _ in range(600):
        model.step()
        collector.collect(model)
    frame = collector.get_model_vars_dataframe()
    assert frame.day.tolist() == list(range(600))
    counted = reception_by_day(model, 600)
    assert frame.in_reception.tolist() == counted
    assert max(counted) > 5
    waiting = collector.get_agenttype_vars_dataframe(Authority)
    assert len(waiting) == 600 * len(Authorities.load().pool)


def reception_by_day(model: PathwayModel, days: int) -> list[int]:
    """Count from the log how many are in reception after each day."""
    number = model.world.catalogue.step("whereabouts.reception")
    change = np.zeros(days, int)
    for day, old, new in zip(model.log.day, model.log.from_step, model.log.to_step, strict=True):
        change[day] += int(new == number) - int(old == number)
    return np.cumsum(change).tolist()


def test_mistakes() -> None:
    with pytest.raises(sim.InputError, match="nearest: vc_2018"):
        PathwayModel(SCENARIO, "vc_2081")
    with pytest.raises(sim.InputError, match="nearest: netherlands"):
        PathwayModel("nederlands")
