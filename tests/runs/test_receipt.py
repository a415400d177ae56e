"""The receipt (`sim.runs.receipt`): what is needed to make the same numbers again."""

from __future__ import annotations

from typing import Any

from compared_runs import REGIMES, REPLICATES, SCENARIO, SEED, compared, ran

import sim
from sim.runs.receipt import receipt_of
from sim.runs.world import make_world
from verification.small_worlds import netherlands


def test_the_receipt_is_of_what_was_run() -> None:
    receipt = compared().receipt
    assert (receipt["seed"], receipt["replicates"], receipt["replicates_wanted"]) == (SEED, REPLICATES, REPLICATES)
    assert receipt["regimes"] == REGIMES
    assert receipt["scenario_hash"] == SCENARIO.hash()
    assert receipt["transitions"] == sum(len(ran(r, k).transitions) for r in REGIMES for k in range(REPLICATES))
    assert len(set(receipt["population_hashes"])) == REPLICATES
    assert compared().complete


def test_any_input_changes_the_receipt() -> None:
    small = netherlands(0.01)

    def receipt(scenario: sim.Scenario, regime: str = "vc_2019_08", seed: int = 1) -> dict[str, Any]:
        world = make_world(scenario, sim.Regime.load(regime, scenario.readings))
        return receipt_of(scenario, [world], seed, throughout=False)

    same = receipt(small)
    assert receipt(small) == same
    for other in (
        receipt(small, seed=2),
        receipt(small, "vc_2019_08+c_66_21"),
        receipt(small.replace(parameters={"b8.objects": 0.125})),
        receipt(small.replace(readings={"U7": "wish_date"})),
        receipt(small.replace(capacity={"avim.report": 1})),
        receipt(small.under("H1")),
    ):
        assert other != same
