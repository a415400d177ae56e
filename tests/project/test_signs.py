"""Sanity of the science: raise a parameter and measures move as they must; extreme worlds are as one would think."""

from __future__ import annotations

import pytest

from sim.runs.single import run
from verification.signs import Move, Sign, extremes, moves, signs, small


@pytest.mark.parametrize("sign", signs(), ids=lambda sign: sign.parameter)
def test_measures_move_the_way_they_must(sign: Sign) -> None:
    coarse = Sign(sign.parameter, sign.regime, sign.up, sign.down)
    for move in moves(coarse, small(), replicates=1):
        assert move.holds, f"{move.measure}: {move.means}"


def test_a_measure_that_moves_the_other_way_or_not_at_all_is_told() -> None:
    sign = Sign("a", "b", steps=True)
    assert Move(sign, "m", 1, (0.0, 1.0, 2.0)).holds
    assert not Move(sign, "m", -1, (0.0, 1.0, 2.0)).holds
    assert not Move(sign, "m", 1, (1.0, 1.0)).holds
    assert not Move(sign, "m", 1, (0.0, 2.0, 1.0)).holds, "not monotone"
    assert Move(Sign("a", "b"), "m", 1, (0.0, 2.0, 1.0)).holds, "not asked to be"


def test_extreme_worlds_give_what_common_sense_says() -> None:
    assert [(world, said) for world, said, holds in extremes() if not holds] == []


def test_a_handover_brings_leads_of_people_who_were_signalled_and_did_not_report() -> None:
    scenario = small().replace(parameters={"lead.base": -1.0, "lead.kept_by_handover": 0.9})
    moves = run(scenario, "warm_handover", throughout=True).transitions
    secured = moves[moves["from"] == "investigation.information_secured"]
    told = secured[secured["to"] == "investigation.lead_told"]
    assert len(told) >= 5
    assert told["person"].isin(moves[moves["to"] == "b8.signalled"]["person"]).all()
    found = moves[moves["to"] == "investigation.lead_found"]
    assert told["person"].isin(found["person"]).mean() > 0.5, "the prosecution finds the lead in the end"
