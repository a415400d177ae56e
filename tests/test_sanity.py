"""Sanity of the science: raise a parameter and measures move as they must; extreme worlds are as one would think."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

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
