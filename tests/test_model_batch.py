"""``mesa.batch_run`` and the collector of the model work as a Mesa user expects."""

from __future__ import annotations

import datetime as dt
import importlib
import inspect
from pathlib import Path
from typing import Any

import mesa
import numpy as np
import pandas as pd
import pytest
from mesa.batchrunner import batch_run

import sim
from sim.agents.behaviour import Authorities
from sim.agents.views import Authority, Victim
from sim.model import PathwayModel
from sim.policies.regime import Regime
from verification.small_worlds import netherlands

DAYS = 90
SCENARIO = netherlands(0.05).replace(start=dt.date(2019, 8, 1), end=dt.date(2019, 8, 1) + dt.timedelta(days=DAYS - 1))


class Counting(PathwayModel):
    """As a user would make it: own numbers, Mesa's dice, a collector of one's own."""

    def __init__(self, scenario: Any = SCENARIO, regime: str = "vc_2018", **more: Any) -> None:
        super().__init__(scenario, regime, **more)
        self.die = 0.0
        self.datacollector = mesa.DataCollector(
            {"in_reception": lambda m: m.count_at("whereabouts.reception"), "die": "die", "replicate": "replicate"}
        )

    def step(self) -> None:
        super().step()
        self.die = self.random.random()
        self.datacollector.collect(self)


def batch(model: type, given: dict[str, Any], **more: Any) -> pd.DataFrame:
    return pd.DataFrame(batch_run(model, given, max_steps=500, display_progress=False, **more))


def people(table: pd.DataFrame) -> list[tuple[Any, ...]]:
    return list(zip(table["whereabouts.reception"], table["whereabouts.left_unknown"], table["b8.none"], strict=True))


# ---- iterations ------------------------------------------------------------------------------------------------------


def test_iterations_are_replicates() -> None:
    table = batch(PathwayModel, {"scenario": SCENARIO}, iterations=4)
    assert table.iteration.tolist() == [0, 1, 2, 3]
    assert len(set(people(table))) == 4
    asked = batch(PathwayModel, {"scenario": SCENARIO, "replicate": [0, 1, 2, 3]})
    assert people(table) == people(asked)
    alone = PathwayModel(SCENARIO, replicate=2)
    alone.run_model()
    assert alone.count_at("whereabouts.reception") == table["whereabouts.reception"][2]


def test_an_iteration_has_the_same_people_under_each_regime() -> None:
    short = SCENARIO.replace(end=dt.date(2019, 8, 5))
    table = batch(PathwayModel, {"scenario": short, "regime": ["vc_2018", "vc_2019_08"]}, iterations=3)
    first, second = (table[table.regime == name].sort_values("iteration") for name in ("vc_2018", "vc_2019_08"))
    assert people(first) == people(second)
    assert len(set(people(first))) == 3


def test_a_subclass_with_its_own_collector_and_dice() -> None:
    table = batch(Counting, {}, iterations=3)
    assert len(set(table.in_reception)) > 1
    assert len(set(table.die)) == 3
    assert table.replicate.tolist() == [0, 1, 2]


@pytest.mark.slow
def test_iterations_differ_in_other_processes_too(tmp_path: Path) -> None:
    path = tmp_path / "short.toml"
    path.write_text(SCENARIO.text())
    given = {"scenario": [str(path)], "regime": ["vc_2018", "vc_2019_08"]}
    alone = batch(PathwayModel, given, iterations=2)
    shared = batch(PathwayModel, given, iterations=2, number_processes=2).sort_values("RunId", ignore_index=True)
    pd.testing.assert_frame_equal(alone.drop(columns="date"), shared.drop(columns="date"))
    assert len(set(people(alone[alone.regime == "vc_2018"]))) == 2


WITH_RNG = "rng" in inspect.signature(batch_run).parameters
"""Mesa from 3.5 on; there ``seed`` among the parameters is overwritten by what ``rng`` of ``batch_run`` says."""


@pytest.mark.parametrize("word", ["rng"] if WITH_RNG else ["seed", "rng"])
def test_a_seed_that_is_given_decides_alone(word: str) -> None:
    table = batch(PathwayModel, {"scenario": SCENARIO, word: [5, 6]})
    assert len(set(people(table))) == 2
    alone = PathwayModel(SCENARIO, seed=6)
    alone.run_model()
    assert alone.count_at("whereabouts.reception") == table["whereabouts.reception"][1]
    again = batch(PathwayModel, {"scenario": SCENARIO, word: 6}, iterations=2)
    assert len({*people(again), people(table)[1]}) == 1


@pytest.mark.skipif(not WITH_RNG, reason="Mesa before 3.5")
def test_batch_run_with_rng() -> None:
    table = batch(PathwayModel, {"scenario": SCENARIO}, rng=[5, 6])
    for row, seed in enumerate((5, 6)):
        alone = PathwayModel(SCENARIO, seed=seed)
        alone.run_model()
        assert alone.count_at("whereabouts.reception") == table["whereabouts.reception"][row]
    fresh = batch(PathwayModel, {"scenario": SCENARIO}, rng=[None, None])
    assert len(set(people(fresh))) == 2


def test_outside_batch_run_a_model_is_reproducible() -> None:
    one, other = PathwayModel(SCENARIO), PathwayModel(SCENARIO)
    assert (one.seed, one.replicate) == (other.seed, other.replicate) == (SCENARIO.document.scenario.seed, 0)
    assert np.array_equal(one.population.entities.key, other.population.entities.key)
    assert one.random.random() == other.random.random()
    assert one.rng.random() == other.rng.random()
    third = PathwayModel(SCENARIO, replicate=1)
    assert third.random.random() != PathwayModel(SCENARIO).random.random()


def test_objects_are_parameters_too() -> None:
    regime = Regime.load("vc_2019_08")
    table = batch(PathwayModel, {"scenario": SCENARIO, "regime": [regime], "people": ["none", "all"]}, iterations=1)
    assert people(table)[0] == people(table)[1]


# ---- what is collected -----------------------------------------------------------------------------------------------


def test_every_day_is_collected_once() -> None:
    model = PathwayModel(SCENARIO, "vc_2019_08", people="none")
    model.run_model()
    model.step()
    table = model.datacollector.get_model_vars_dataframe()
    first = SCENARIO.start
    assert table["date"].tolist() == [first + dt.timedelta(days=n) for n in range(DAYS)]
    persons = model.population.entities.persons
    whereabouts = [name for name in table if name.startswith("whereabouts.")]
    # Whoever is in none of these has not arrived yet or only passes through.
    assert (table[whereabouts].sum(axis=1) <= persons).all()
    assert table["whereabouts.reception"].max() > 50
    for pool in Authorities.load().pool:
        assert f"queue_{pool}" in table


def test_what_is_collected_is_what_the_rows_say() -> None:
    model = PathwayModel(SCENARIO, "vc_2019_08")
    catalogue, statute = model.catalogue, model.world.statute
    persons = model.population.entities.persons
    for _ in range(DAYS):
        model.step()
        if model.day % 20:
            continue
        for number, step in enumerate(catalogue.steps):
            if not statute.is_of_network(step):
                at = model.state.step[:persons, catalogue.slots[number]] == number
                assert model.count_at(step) == at.sum(), step
    last = model.datacollector.get_model_vars_dataframe().iloc[-1]
    for name in last.index.drop("date"):
        if name.startswith("queue_"):
            waits = [a.waiting for a in model.agents_by_type[Authority] if a.pool == name.removeprefix("queue_")]
            assert [last[name]] == waits
        else:
            assert last[name] == model.count_at(name)


def test_batch_run_collects_a_period() -> None:
    table = batch(PathwayModel, {"scenario": SCENARIO}, data_collection_period=30)
    days = [(date - SCENARIO.start).days for date in table["date"]]
    assert days[:3] == [0, 30, 60]
    assert days[3:] in ([], [DAYS - 1]), "the last day too, until Mesa 3.3"
    assert table["whereabouts.reception"].is_monotonic_increasing


def test_a_collector_of_ones_own_is_left_to_its_owner() -> None:
    model = PathwayModel(SCENARIO)
    model.datacollector = mesa.DataCollector({"day": "day"}, agent_reporters={"name": "name"})
    for _ in range(5):
        model.step()
    assert model.datacollector.get_model_vars_dataframe().empty
    model.datacollector.collect(model)
    assert model.datacollector.get_model_vars_dataframe().day.tolist() == [4]
    assert len(model.datacollector.get_agent_vars_dataframe()) == len(model.agents)


# ---- what is given ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [7, np.int64(7), np.uint8(7)])
def test_numpy_integers_are_numbers(number: Any) -> None:
    model = PathwayModel(SCENARIO, seed=number, replicate=number, people="none")
    assert (model.seed, model.replicate) == (7, 7)
    assert (type(model.seed), type(model.replicate)) == (int, int)
    assert np.array_equal(
        model.population.entities.key, PathwayModel(SCENARIO, seed=7, replicate=7).population.entities.key
    )


@pytest.mark.parametrize(
    "rng", [np.random.default_rng(4), np.random.SeedSequence(4), [1, 2, 3], np.random.PCG64(4), np.int32(4), 4]
)
def test_what_mesa_takes_as_rng(rng: Any) -> None:
    model = PathwayModel(SCENARIO, rng=rng, people="none")
    assert 0 <= model.seed < 2**63
    again = PathwayModel(SCENARIO, seed=model.seed, people="none")
    assert np.array_equal(model.population.entities.key, again.population.entities.key)


def test_a_path_is_a_scenario_and_a_regime(tmp_path: Path) -> None:
    scenario, regime = tmp_path / "mine.toml", tmp_path / "own.toml"
    scenario.write_text(SCENARIO.text())
    regime.write_text(
        '[regime]\ntitle = { en = "own", nl = "eigen" }\namends = "vc_2018"\ninstrument = "own"\n'
        'in_force = 2019-08-10\nlaw = ["kst165"]\nstatus = "assumed"\n'
    )
    model = PathwayModel(scenario, regime, people="none")
    assert [layer.name for layer in model.world.regime.layers] == ["vc_2018", "own"]


MISTAKES = {
    "people as a class": (
        {"people": "All"},
        ["people: unknown people", 'given: "All"', "victims, all, none", "nearest: all"],
    ),
    "people misspelt": ({"people": "victim"}, ["people: unknown people", "nearest: victims"]),
    "people as a number": ({"people": 3}, ["people: unknown people"]),
    "nobody": ({"people": None}, ["people: unknown people"]),
    "a replicate below 0": ({"replicate": -1}, ["replicate: out of range", "given: -1", "a whole number from 0"]),
    "a part of a replicate": ({"replicate": 1.5}, ["replicate: not a whole number"]),
    "yes": ({"replicate": True}, ["replicate: not a whole number", "given: true"]),
    "a seed below 0": ({"seed": -1}, ["seed: out of range"]),
    "a large seed": ({"seed": 2**63}, ["seed: out of range"]),
    "a seed in words": ({"seed": "7"}, ["seed: not a whole number", 'given: "7"']),
    "a seed with a point": ({"seed": 7.0}, ["seed: not a whole number"]),
    "two seeds": ({"seed": 1, "rng": 1}, ["seed and rng are two words for one thing"]),
    "a regime misspelt": ({"regime": "vc_2081"}, ["nearest: vc_2018"]),
    "a regime that is a number": ({"regime": 2018}, ["regime: not a regime", "given: 2018"]),
    "two regimes": ({"regime": ["vc_2018", "vc_2019_08"]}, ["regime: not a regime"]),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_mistakes(case: str) -> None:
    given, told = MISTAKES[case]
    with pytest.raises(sim.InputError) as caught:
        PathwayModel(**{"scenario": SCENARIO, **given})
    for words in told:
        assert words in str(caught.value)


def test_the_scenario_of_the_model_is_that_of_its_world() -> None:
    """``scenario`` is a name of Mesa's own in later versions, which write it and read it."""
    model = PathwayModel(SCENARIO, people="none")
    assert model.world.scenario is SCENARIO
    with pytest.raises(AttributeError, match=r"model\.world\.scenario"):
        _ = model.scenario
    assert not hasattr(SCENARIO, "model")


def test_agents_do_not_need_the_model() -> None:
    """The views say what they ask of a model; they do not import it."""
    source = inspect.getsource(importlib.import_module("sim.agents.views"))
    assert "sim.model" not in source.replace("sim.PathwayModel", "")
    assert Victim.__module__ == "sim.agents.views"
