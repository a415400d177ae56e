"""The kernel compiled by the C compiler of the system (`sim.engine.portable.library`)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numba import config

from benchmarks.worlds import scaled
from sim.engine.kernel import advance
from sim.engine.layout import OK
from sim.engine.portable.library import build, compiler
from sim.engine.state import State
from sim.policies.regime import Regime
from sim.runs.world import make_world, people_of, population_of

pytestmark = pytest.mark.skipif(compiler() is None, reason="no C compiler")


@pytest.mark.skipif(bool(config.DISABLE_JIT), reason="the whole scenario takes minutes without the JIT")
def test_the_kernel_in_c_gives_the_same_log(tmp_path: Path) -> None:
    """Also the state of everybody, the queues and the sums, where capacity binds and rules are asked against others."""
    scenario = scaled(0.03).replace(capacity={"coa.reception": 150, "avim.report": 0.03, "shelter.specialised": 1})
    regimes = [Regime.load(name, scenario.readings) for name in ("vc_2018", "vc_2019_08", "recognition_panel")]
    population = population_of(scenario, people_of(scenario), 1, 0)
    in_c, logs = None, []
    for regime, reference in zip(regimes, [regimes[1], regimes[0], regimes[0]], strict=True):
        world = make_world(scenario, regime, reference=reference)
        one, two = (State(world.tables, world.catalogue, population.entities) for _ in range(2))
        in_c = in_c or build(tmp_path)
        assert advance(one.arrays, world.end_day) == in_c(two.arrays, world.end_day) == OK
        assert len(one.logged) > 30_000
        assert np.array_equal(one.logged, two.logged)
        assert one.rows.tobytes() == two.rows.tobytes()
        for name in ("counter", "queue", "sums", "after", "before"):
            assert np.array_equal(getattr(one.arrays, name), getattr(two.arrays, name)), name
        logs.append(one.logged.tobytes())
    assert len(set(logs)) == len(regimes)


def test_arrays_of_another_type_or_in_pieces_are_refused(tmp_path: Path) -> None:
    scenario = scaled(0.002)
    world = make_world(scenario, Regime.load("vc_2018", scenario.readings))
    people = population_of(scenario, people_of(scenario), 1, 0).entities
    in_c, arrays = build(tmp_path), State(world.tables, world.catalogue, people).arrays
    for wrong in (arrays.u.astype(np.int64), np.repeat(arrays.u, 2)[::2]):
        with pytest.raises(ValueError, match="u is not in one piece of uint64"):
            in_c(arrays._replace(u=wrong), 3)
    assert in_c(arrays, 3) == OK
