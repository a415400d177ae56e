"""The data of the engine of the browser (`sim.runs.engine_data`), and that it runs a session as Python does."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numba import config

from benchmarks.in_node.run import in_node, node
from sim.files.errors import InputError
from sim.files.pack import unpacked
from sim.runs.engine_data import engine_data
from sim.runs.session import Session
from sim.runs.world import run_world
from sim.scenarios.scenario import Scenario

REGIMES = ["vc_2018", "vc_2019_08"]
SIZES = (700, 2500)
MOVED = {
    "report.base": 0.4,
    "leaves.transfer_per_year": 0.9,
    "trait.fear_person": 0.3,
    "capacity.avim.report": 0.4,
    "capacity.coa.reception": 900.0,
}


def of_size(people: int) -> Session:
    return Session(sized(people), REGIMES, seed=7)


def sized(people: int) -> Scenario:
    return Scenario.load("netherlands").replace(
        history_from="start", inflow={"persons": people, "capacities": "in_proportion"}
    )


@pytest.fixture(scope="module")
def sessions() -> list[Session]:
    return [of_size(size) for size in SIZES]


@pytest.fixture(scope="module")
def data(sessions: list[Session], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("engine") / "engine.bin"
    path.write_bytes(engine_data(sessions))
    return path


def logs_of(session: Session, replicate: int) -> list[list[Any]]:
    """Return moves and hash of the log under each regime."""
    population = session.setting.population(replicate)
    found = []
    for world in session.setting.worlds:
        logged = run_world(world, population).state.logged
        found.append([len(logged), hashlib.sha256(logged.tobytes()).hexdigest()])
    return found


@pytest.mark.skipif(node() is None, reason="Node is not installed")
@pytest.mark.skipif(bool(config.DISABLE_JIT), reason="takes minutes without the JIT")
def test_people_and_lives_are_those_of_the_session(sessions: list[Session], data: Path) -> None:
    """To the last move: as shipped, after moves of sliders, and again as shipped, for two numbers of people."""
    asked = [
        {"size": SIZES[0], "replicate": 0},
        {"size": SIZES[1], "replicate": 3},
        {"size": SIZES[1], "replicate": 0, "changes": MOVED},
        {"size": SIZES[0], "replicate": 1, "changes": MOVED},
        {"replicate": 3},
    ]
    found = [answer["logs"] for answer in in_node(data, asked)]
    for one, logs in zip(asked, found, strict=True):
        session = sessions[SIZES.index(one.get("size", SIZES[-1]))]
        session.set(one.get("changes", {}))
        assert logs == logs_of(session, int(str(one["replicate"])))
        assert logs[0] != logs[1], "two regimes"
    assert found[4] == found[1] != found[2]
    for session in sessions:
        session.set({})


@pytest.mark.skipif(node() is None, reason="Node is not installed")
@pytest.mark.skipif(bool(config.DISABLE_JIT), reason="takes minutes without the JIT")
def test_people_of_a_history_live_before_the_period_and_are_counted_in_it(tmp_path: Path) -> None:
    """Logs, values and pairs after four years of history, with capacities that have dates, and after moves."""
    early, late = dt.date(2014, 1, 1), dt.date(2018, 1, 1)
    dated = [{"from": early, "times": "ind.asylum_ratio_2014"}, {"from": late, "value": 30.0}]
    scenario = sized(600).replace(history_from=early, end="2019-12-31", capacity={"ind.asylum": dated})
    session, data = Session(scenario, REGIMES, seed=7), tmp_path / "engine.bin"
    data.write_bytes(engine_data([session]))
    before = session.people.month_start < session.setting.worlds[0].start_day
    assert 200 < before.sum() < before.size - 200
    moves = [{}, {**MOVED, "capacity.ind.asylum": 3.0}]
    asked = [{"replicate": 1, "changes": moved, "read": read} for moved in moves for read in (True, False)]
    found = in_node(data, asked)
    for moved, reading, run in zip(moves, found[::2], found[1::2], strict=True):
        session.set(moved)
        wanted = session.reading(1)
        values = np.array(reading["values"], float)
        assert np.isfinite(values).sum() > 2000
        np.testing.assert_array_equal(values, np.where(np.isfinite(wanted.values), wanted.values, np.nan))
        np.testing.assert_array_equal(np.array(reading["pairs"]), wanted.pairs)
        assert run["logs"] == logs_of(session, 1)
    assert found[0]["values"] != found[2]["values"]


@pytest.mark.skipif(node() is None, reason="Node is not installed")
@pytest.mark.skipif(bool(config.DISABLE_JIT), reason="takes minutes without the JIT")
def test_readings_are_those_of_the_session_to_the_digit(sessions: list[Session], data: Path) -> None:
    """Every measure, group, world and pair; undefined where the session has no value; after moves too."""
    asked: list[dict[str, Any]] = [
        {"read": True, "size": SIZES[0], "replicate": 0},
        {"read": True, "size": SIZES[1], "replicate": 2, "changes": MOVED},
        {"read": True, "replicate": 1},
    ]
    for one, found in zip(asked, in_node(data, asked), strict=True):
        session = sessions[SIZES.index(one.get("size", SIZES[-1]))]
        session.set(one.get("changes", {}))
        wanted = session.reading(one["replicate"])
        values = np.array(found["values"], float)
        assert values.shape == wanted.values.shape
        assert np.isfinite(values).sum() > 2000
        np.testing.assert_array_equal(values, np.where(np.isfinite(wanted.values), wanted.values, np.nan))
        np.testing.assert_array_equal(np.array(found["pairs"]), wanted.pairs)
        assert found["regimes"] == REGIMES
    for session in sessions:
        session.set({})


def test_only_what_can_be_written_is_offered(sessions: list[Session], data: Path) -> None:
    head, arrays = unpacked(data.read_bytes())
    world = sessions[-1].setting.worlds[0]
    assert set(MOVED) - {"capacity.avim.report", "capacity.coa.reception"} <= set(head["parameters"])
    assert not set(head["parameters"]) & set(world.cells.due)
    assert head["regimes"] == REGIMES
    assert [size["people"] for size in head["sizes"]] == [session.people.group.size for session in sessions]
    assert arrays["s1.w0.f"].tobytes() == world.tables.f.tobytes()
    place, form = head["worlds"][0]["cells"]["report.base"][0]
    assert form == "p"
    assert arrays["s1.w0.f"][place] == head["parameters"]["report.base"]


def test_word_of_mouth_is_left_to_other_engines() -> None:
    scenario = Scenario.load("netherlands").replace(
        history_from="start", inflow={"scale": 0.005}, switches={"word_of_mouth": True}
    )
    with pytest.raises(InputError, match="makes no contacts"):
        engine_data([Session(scenario, REGIMES)])
