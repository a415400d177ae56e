"""The headline figure (`sim.report.headline`)."""

from __future__ import annotations

import math
from typing import Any

import pytest
from matplotlib.text import Text
from synthetic_comparison import synthetic_comparison

from sim.report.figures import headline_figure
from sim.report.headline import nice_limit, scale_limit
from sim.report.phrases import Difference


def test_a_headline_without_measures_is_refused() -> None:
    with pytest.raises(ValueError, match="no measure to compare"):
        headline_figure(synthetic_comparison(2), names=["nothing"])


@pytest.mark.parametrize(("largest", "limit"), [(0.0, 1.0), (math.nan, 1.0), (0.041, 0.05), (100, 100), (101, 150)])
def test_scale_limits_are_round_and_not_below_the_largest(largest: float, limit: float) -> None:
    assert nice_limit(largest) == pytest.approx(limit)


def test_a_scale_reaches_the_widest_bound_the_range_and_a_tenth_of_the_level() -> None:
    row = Difference("a", "b", 1.0, -3.2, 5.1, "persons", 0.5, 0.25, 0.25, 4)
    assert scale_limit([row, None], 10.0) == 6
    assert scale_limit([row], 900.0) == 100
    assert scale_limit([row._replace(range_low=-38.0, range_high=2.0)], 10.0) == 40
    assert scale_limit([None], math.nan) == 1.0


def test_a_range_over_fitted_sets_is_a_pale_bar_behind_the_interval() -> None:
    def drawn(comparison: Any) -> tuple[str, int]:
        figure = headline_figure(comparison, names=["b8_granted"])
        said = " ".join(text.get_text().replace("\n", " ") for text in figure.findobj(Text))
        return said, sum(line.get_alpha() == 0.25 for line in figure.axes[0].lines)

    comparison = synthetic_comparison(2)
    said, pale = drawn(comparison)
    assert "A range over fitted sets of assumptions is not established here." in said
    assert pale == 0
    comparison.differences = comparison.differences.assign(range_low=-870.0, range_high=-21.0)
    comparison.receipt = {**comparison.receipt, "fitted_range": {"sets": 44}}
    said, pale = drawn(comparison)
    assert "Pale bar: range over the 44 sets of assumptions that fit" in said
    assert "−1,000" in said
    assert pale == 1
