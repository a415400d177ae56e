"""Values of pools from what the engine summed of them (`sim.outcomes.pooled`)."""

from __future__ import annotations

import numpy as np

from sim.outcomes.pooled import pool_values
from sim.outcomes.pools import pool_measures


def test_values_are_in_the_order_of_their_labels() -> None:
    """A pool that another regime has is not defined, and only pools of places hold anybody beyond capacity."""
    sums = np.array([[0.0, 30.0, 10.0, 200.0, 10.0, 20.0, 5.0], [0.0] * 7])
    pools = ("coa.reception", "elsewhere", "avim.report")
    values = dict(
        zip(pool_measures(pools), pool_values(sums, ("coa.reception", "avim.report"), pools, 100), strict=True)
    )
    assert values["queue", "coa.reception"] == 2.0
    assert values["wait", "coa.reception"] == 3.0
    assert values["utilisation", "coa.reception"] == 0.5
    assert values["beyond_capacity", "coa.reception"] == 0.05
    assert values["queue", "avim.report"] == 0.0
    undefined = {key for key, value in values.items() if np.isnan(value)}
    assert undefined == {(kind, "elsewhere") for kind in ("queue", "wait", "utilisation")} | {
        ("wait", "avim.report"), ("utilisation", "avim.report")
    }  # fmt: skip
