"""The engine for the browser (`sim.view.portable`): built from these sources, and the same to the last move."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numba import config

from benchmarks.in_node.run import node, run_in_node
from sim.engine.kernel import advance
from sim.engine.layout import OK
from sim.engine.state import State
from sim.policies.regime import Regime
from sim.runs.world import World, make_world, people_of, population_of
from sim.scenarios.scenario import Scenario
from sim.view import portable

BUILD = "the kernel has changed: run `make engine` and commit sim/view/engine.wasm and sim/view/engine.json"
needs_node = pytest.mark.skipif(node() is None, reason="Node is not installed")
compiled_only = pytest.mark.skipif(bool(config.DISABLE_JIT), reason="takes minutes without the JIT")


def test_the_engine_was_built_from_these_sources() -> None:
    assert not portable.is_stale(), BUILD
    about = portable.about()
    assert about["engine"] == portable.hash_of(portable.FILE.read_bytes()), BUILD
    assert about["structs"] == portable.structs(), BUILD
    assert portable.FILE.stat().st_size < 100_000


def test_another_program_makes_the_engine_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    text = portable.program()
    monkeypatch.setattr(portable, "program", lambda: text.replace("LEAST_CHANCE 0x", "LEAST_CHANCE 2*0x"))
    assert portable.is_stale()


@pytest.mark.skipif(portable.compiler() is None, reason="no compiler to WebAssembly")
def test_the_same_compiler_builds_the_same_bytes(tmp_path: Path) -> None:
    name = portable.build(tmp_path / "engine.wasm")
    built = (tmp_path / "engine.wasm").read_bytes()
    assert built.startswith(b"\0asm")
    if name != portable.about()["compiler"]:
        pytest.skip(f"the engine that is shipped was built by {portable.about()['compiler']}, here is {name}")
    assert built == portable.FILE.read_bytes(), BUILD


def test_without_a_compiler_the_way_to_one_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portable, "compiler", lambda: None)
    with pytest.raises(RuntimeError, match=r"pip install 'b8sim\[engine\]', or clang with lld"):
        portable.build(tmp_path / "engine.wasm")
    assert list(tmp_path.iterdir()) == []


def small(**more: object) -> Scenario:
    capacity = {"coa.reception": 100, "avim.report": 0.02, "shelter.specialised": 1}
    return Scenario.load("netherlands").replace(history_from="start", inflow={"scale": 0.02}, capacity=capacity, **more)


TALK = {
    "community.sites": 6,
    "community.known_in_centre": 1.0,
    "heard.weight": 0.9,
    "signal.heard_gain_ratio": 5.0,
    "report.per_heard_gain": 2.0,
}
WORLDS = {
    "vc_2018": small(),
    "vc_2019_08": small(),
    "historical": small(switches={"word_of_mouth": True}, parameters=TALK),
}


def fresh(scenario: Scenario, regime: str) -> tuple[World, State]:
    world = make_world(scenario, Regime.load(regime, scenario.readings))
    people = population_of(scenario, people_of(scenario), 1, 0)
    return world, State(world.tables, world.catalogue, people.entities)


@needs_node
@compiled_only
@pytest.mark.parametrize("regime", WORLDS)
def test_the_log_in_webassembly_is_the_same_to_the_last_move(regime: str, tmp_path: Path) -> None:
    """And every byte of everybody, the queues and the sums, where capacity binds and where people talk."""
    world, state = fresh(WORLDS[regime], regime)
    ran = run_in_node(tmp_path, state, world.end_day)
    assert ran.status == advance(state.arrays, world.end_day) == OK
    assert len(state.logged) > 20_000
    assert np.array_equal(np.frombuffer(ran.log, np.int32).reshape(-1, 3), state.logged)
    assert ran.left["rows"] == state.rows.tobytes()
    for name in ("counter", "queue", "sums", "after", "before"):
        assert ran.left[name] == getattr(state.arrays, name).tobytes(), name
    if regime == "historical":
        assert np.count_nonzero(state.belief) > 100, "people have heard"
