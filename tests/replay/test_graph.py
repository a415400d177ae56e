"""Which steps follow from which (`sim.replay.graph`)."""

from __future__ import annotations

from sim.policies.regime import Regime
from sim.policies.statute import Statute
from sim.replay.graph import Graph

LAW = Graph(Statute(Regime.load("vc_2018")))


def test_only_branches_lead_to_a_transfer_and_signals_to_a_lapse() -> None:
    assert {origin for origin, _ in LAW.only_ways_to("dublin.transferred")} == {"dublin.transfer_due"}
    assert LAW.only_ways_to("dublin.lapsed") == []


def test_a_way_past_a_step() -> None:
    assert LAW.leads_past("dublin.transfer_preparation", "dublin.detained", "dublin.transferred")
    assert not LAW.leads_past("b8.refused_first", "b8.objection", "b8.appeal")


def test_what_can_take_a_track_from_its_step() -> None:
    assert "dublin.clock_last_weeks" in LAW.senders("dublin.transfer_due")
    assert not LAW.can_move("b8.report", "dublin.lapsed"), "a final step is left by nothing"
