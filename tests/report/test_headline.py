"""The headline figure (`sim.report.headline`)."""

from __future__ import annotations

import math

import pytest
from synthetic_comparison import synthetic_comparison

from sim.report.figures import headline_figure
from sim.report.headline import nice_limit


def test_a_headline_without_measures_is_refused() -> None:
    with pytest.raises(ValueError, match="no measure to compare"):
        headline_figure(synthetic_comparison(2), names=["nothing"])


@pytest.mark.parametrize(("largest", "limit"), [(0.0, 1.0), (math.nan, 1.0), (0.041, 0.05), (100, 100), (101, 150)])
def test_scale_limits_are_round_and_not_below_the_largest(largest: float, limit: float) -> None:
    assert nice_limit(largest) == pytest.approx(limit)
