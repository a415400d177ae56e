"""What is kept with ``pickle`` or copied with ``copy.deepcopy`` goes on as if nothing had been done to it."""

from __future__ import annotations

import copy
import datetime as dt
import pickle
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from sim.agents.behaviour import Authorities
from sim.agents.views import Victim
from sim.model import PathwayModel
from sim.policies.regime import Regime
from sim.scenarios.scenario import Scenario
from verification.small_worlds import netherlands

pytestmark = pytest.mark.filterwarnings("ignore:.*is not in force in this period")

# People queue, and tell one another what happens: both leave things to be taken up on a later day.
SCENARIO = netherlands(0.05, end=dt.date(2018, 12, 31)).replace(
    switches={"word_of_mouth": True}, capacity=dict.fromkeys(Authorities.load().pool, 0.5) | {"coa.reception": 300}
)
TWICE: dict[str, Callable[[Any], Any]] = {
    "pickle": lambda thing: pickle.loads(pickle.dumps(thing)),
    "oldest pickle": lambda thing: pickle.loads(pickle.dumps(thing, protocol=2)),
    "deepcopy": copy.deepcopy,
    "twice": lambda thing: copy.deepcopy(pickle.loads(pickle.dumps(thing))),
}


def model_after(days: int) -> PathwayModel:
    model = PathwayModel(SCENARIO, "vc_2018", seed=2)
    for _ in range(days):
        model.step()
    return model


@cache
def whole() -> PathwayModel:
    """Return the model at its end, run without a break."""
    model = model_after(0)
    model.run_model()
    return model


def same(one: PathwayModel, other: PathwayModel) -> bool:
    logs = all(np.array_equal(mine, its) for mine, its in zip(one.log, other.log, strict=True))
    sums = np.array_equal(one.state.pool_sums, other.state.pool_sums)
    levels = np.array_equal(one.state.level, other.state.level)
    beliefs = np.array_equal(one.state.believed(one.day), other.state.believed(other.day))
    collected = [m.datacollector.get_model_vars_dataframe() for m in (one, other)]
    return logs and sums and levels and beliefs and collected[0].equals(collected[1])


@pytest.mark.parametrize("way", TWICE)
@pytest.mark.parametrize("days", [0, 1, 250, 730])
def test_a_model_goes_on(way: str, days: int) -> None:
    model = model_after(days)
    other = TWICE[way](model)
    assert other.day == model.day == days - 1
    assert repr(other) == repr(model)
    assert [repr(agent) for agent in other.agents] == [repr(agent) for agent in model.agents]
    other.run_model()
    assert model.day == days - 1, "the first one stays where it was"
    assert same(other, whole())
    model.run_model()
    assert same(model, whole())


def test_queues_and_stories_are_under_way_when_models_are_kept() -> None:
    """Without them the tests above would ask little."""
    model = model_after(250)
    assert model.state.pools[:, 0].sum() > 50
    assert np.abs(model.state.believed(model.day)).max() > 0


def test_copies_live_apart() -> None:
    model = model_after(250)
    other = pickle.loads(pickle.dumps(model))
    for agent in other.agents_by_type[Victim]:
        agent.fear = 0.0
    assert max(model.agents_by_type[Victim].get("fear")) > 0.5
    assert all(agent.model is other for agent in other.agents)
    other.run_model()
    assert not same(other, whole())
    model.run_model()
    assert same(model, whole())


def test_an_agent_brings_its_model() -> None:
    model = model_after(40)
    victim = model.agents_by_type[Victim][3]
    other = pickle.loads(pickle.dumps(victim))
    assert (other.name, other.fear, other.whereabouts) == (victim.name, victim.fear, victim.whereabouts)
    assert other.model is not model
    assert other.model.day == model.day


def test_only_what_is_used_is_kept() -> None:
    """A model has room for long logs and queues: memory that is taken only as it is used, and not written out."""
    model = model_after(30)
    room = sum(array.nbytes for array in model.state.arrays)
    assert len(pickle.dumps(model)) < room / 20


@pytest.mark.slow
def test_a_model_goes_on_in_another_process(tmp_path: Path) -> None:
    (tmp_path / "kept").write_bytes(pickle.dumps(model_after(250)))
    program = (
        "import pickle, sys\n"
        "model = pickle.load(open(sys.argv[1], 'rb'))\n"
        "model.run_model()\n"
        "pickle.dump(model, open(sys.argv[1], 'wb'))\n"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path / "kept")], check=True)
    assert same(pickle.loads((tmp_path / "kept").read_bytes()), whole())


@pytest.mark.parametrize("way", TWICE)
def test_a_run(way: str) -> None:
    run = sim.run(SCENARIO, "vc_2018", seed=2)
    other = TWICE[way](run)  # before its tables are made, and after
    for table in ("measures", "persons", "transitions"):
        pd.testing.assert_frame_equal(getattr(run, table), getattr(other, table))
        pd.testing.assert_frame_equal(getattr(run, table), getattr(TWICE[way](run), table))
    assert other.receipt == run.receipt
    assert other.outcome.state.day == run.outcome.state.day


@pytest.mark.parametrize("way", TWICE)
def test_a_comparison(way: str) -> None:
    comparison = sim.compare(SCENARIO, replicates=2, workers=1)
    other = TWICE[way](comparison)
    for table in ("measures", "differences", "incidence", "pairs", "law_changes", "assumptions", "catalogue"):
        pd.testing.assert_frame_equal(getattr(comparison, table), getattr(other, table))
    assert other.receipt == comparison.receipt
    assert other.scenario_text == comparison.scenario_text


@pytest.mark.parametrize("way", TWICE)
@pytest.mark.parametrize("hypotheses", [(), ("H5", "H11")])
def test_a_scenario(way: str, hypotheses: tuple[str, ...]) -> None:
    scenario = SCENARIO.under(*hypotheses)
    other = TWICE[way](scenario)
    assert other.hash() == scenario.hash()
    assert (other.text(), other.name, other.file, other.hypotheses) == (
        scenario.text(),
        scenario.name,
        scenario.file,
        scenario.hypotheses,
    )
    assert other.replace(seed=3).hash() == scenario.replace(seed=3).hash()


@pytest.mark.parametrize("way", TWICE)
@pytest.mark.parametrize("name", ["vc_2018", "vc_2019_08+c_66_21+U1=ninety_days", "warm_handover"])
def test_a_regime(way: str, name: str) -> None:
    regime = Regime.load(name)
    other = TWICE[way](regime)
    assert other == regime
    assert other.hash() == regime.hash()
    assert other.throughout().hash() == regime.throughout().hash()
    short = Scenario.load("netherlands").replace(history_from="start", end=dt.date(2017, 3, 31), inflow={"scale": 0.02})
    runs = [sim.run(short, each).transitions for each in (regime, other)]
    pd.testing.assert_frame_equal(*runs)
