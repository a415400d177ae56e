"""Fitted sets of assumptions in the engine of the browser (`sim.runs.engine_sets`): as the session runs them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numba import config

from benchmarks.in_node.run import in_node, node
from sim.runs.engine_data import engine_data
from sim.runs.engine_sets import another, give_places
from sim.runs.fitted_sets import sets_in
from sim.runs.session import Session
from sim.scenarios.scenario import Scenario

SETS = Path(__file__).resolve().parents[1] / "calibration" / "ensembles" / "free.csv"
MOVED = {"om.needed_base": -5.0, "capacity.avim.report": 1.5, "trait.knowledge": 0.9}


def of_size(people: int) -> Session:
    scenario = Scenario.load("netherlands_drawn").replace(
        history_from="2017-07-01",
        start="2018-07-01",
        end="2020-06-30",
        inflow={"persons": people, "capacities": "in_proportion"},
    )
    return Session(scenario, ["vc_2018", "vc_2019_08"], seed=7)


def numbers(*places: int) -> list[dict[str, float]]:
    found = sets_in(SETS, {})
    return [dict(found[place].numbers) for place in places]


@pytest.mark.skipif(node() is None, reason="Node is not installed")
@pytest.mark.skipif(bool(config.DISABLE_JIT), reason="takes minutes without the JIT")
def test_a_set_and_a_move_on_top_of_it_are_those_of_the_session(tmp_path: Path) -> None:
    """Terms in days, who comes and what registers miss too; and what is as shipped stays so between two sets."""
    session, sets, data = of_size(800), numbers(0, 5), tmp_path / "engine.bin"
    data.write_bytes(engine_data([session, of_size(1200)], sets))
    asked = [(0, {}), (1, {}), (2, MOVED), (0, MOVED), (1, MOVED), (0, {})]
    lines = [{"read": True, "size": 800, "replicate": 1, "set": one, "changes": moved} for one, moved in asked]
    readings = in_node(data, lines)
    for (one, moved), found in zip(asked, readings, strict=True):
        session.set({**(sets[one - 1] if one else {}), **moved})
        wanted = session.reading(1)
        values = np.array(found["values"], float)
        np.testing.assert_array_equal(values, np.where(np.isfinite(wanted.values), wanted.values, np.nan))
        np.testing.assert_array_equal(np.array(found["pairs"]), wanted.pairs)
    assert readings[0]["values"] == readings[5]["values"]
    assert len({str(found["values"]) for found in readings}) == 5


def test_only_what_differs_is_kept() -> None:
    session, (one,) = of_size(300), numbers(0)
    give_places([session], [one])
    about, own = another(session, session, one)
    assert about["people"] > 0
    assert dict(session.changes) == {}, "the session is as it was"
    assert {"people.number", "w0.tally.chance"} <= set(own)
    assert "people.cell_name" not in own
    assert own["w0.f.first"].size < session.setting.worlds[0].tables.f.size / 50, "runs of days"
    about, own = another(session, session, {})
    assert {name for name, array in own.items() if array.size} == set()
