"""The shape of a procedure file (`sim.procedures.schema`)."""

from __future__ import annotations

from sim.procedures import Rulebook


def test_kinds_of_steps() -> None:
    steps = Rulebook.load().steps
    assert steps["b8.wish_to_report"].kind == "queue"
    assert steps["b8.reflection_running"].kind == "clock"
    assert steps["dublin.transfer_due"].kind == "gate"
    assert steps["b8.report"].kind == "step passed through"
    assert steps["b8.none"].kind == "resting place"
