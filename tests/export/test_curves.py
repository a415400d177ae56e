"""The figure of ways out shows the curves of the table under every regime, and no text lies on another."""

from __future__ import annotations

import numpy as np
import pytest
from many_regimes import with_regimes
from matplotlib.text import Text
from measured_texts import outside, overlapping

from sim.export.curves import curves_figure
from sim.export.results import Results


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("width", [85, 170])
@pytest.mark.parametrize("regimes", [2, 9])
def test_no_text_lies_on_another_or_leaves_the_paper(
    comparison: Results, regimes: int, width: int, language: str
) -> None:
    figure = curves_figure(with_regimes(comparison, regimes), "all", width, language)
    assert overlapping(figure) == []
    assert outside(figure) == []


def test_the_curves_are_those_of_the_table(comparison: Results) -> None:
    figure = curves_figure(comparison, "all", 170, "en")
    panel = figure.axes[1]
    table = comparison.incidence.query(
        "group == 'all' and cohort == 'all' and cause == 'b8_permit' and regime == 'vc_2018'"
    )
    days, share = panel.lines[0].get_data()
    np.testing.assert_allclose(days, table["day"])
    np.testing.assert_allclose(share, 100 * table["incidence"])
    assert len(panel.lines) == 3
    assert len(figure.axes) == 1 + 5


def test_curves_that_coincide_can_all_be_seen(comparison: Results) -> None:
    lines = curves_figure(comparison, "all", 85, "nl").axes[1].lines
    widths = [line.get_linewidth() for line in lines]
    assert widths == sorted(widths, reverse=True)
    assert len({line.get_markevery()[0] for line in lines}) == 3  # type: ignore[index]


def test_titles_are_of_regimes_and_not_ids(comparison: Results) -> None:
    texts = [text.get_text() for text in curves_figure(comparison, "all", 170, "en").findobj(Text)]
    assert "Aliens Circular, B8/3 before 2019" in texts
    assert not [text for text in texts if "vc_2018" in text]
