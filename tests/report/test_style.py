"""The look of figures and their files (`sim.report.style`): nothing of the machine, the user or the day."""

from __future__ import annotations

import matplotlib
import pytest
from synthetic_comparison import synthetic_comparison

from sim.report.figures import flow_figure, incidence_figure
from sim.report.style import contrast, figure_bytes, readable_on, receipt_line


def test_receipt_line_of_a_bare_receipt() -> None:
    assert receipt_line({}) == "b8sim"
    assert receipt_line({"version": "1", "scenario": "nl", "replicates": 4, "replicates_wanted": 9}) == (
        "b8sim 1 · scenario nl · 4 of 9 replicates"
    )


def test_the_users_own_matplotlib_settings_change_nothing() -> None:
    plain = figure_bytes(incidence_figure(synthetic_comparison(2)), "svg")
    with matplotlib.rc_context({"font.size": 30, "lines.linewidth": 9, "svg.hashsalt": "other"}):
        changed = figure_bytes(incidence_figure(synthetic_comparison(2)), "svg")
    assert changed == plain


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_figures_hold_no_time_of_making(kind: str) -> None:
    content = figure_bytes(flow_figure(synthetic_comparison(2), reform="vc_2019_08"), kind)
    assert b"CreationDate" not in content
    assert b"<dc:date>" not in content


def test_letters_can_be_read_on_any_grey_or_blue() -> None:
    assert contrast("white", "black") == pytest.approx(21)
    assert contrast("#777777", "white") == pytest.approx(4.48, abs=0.01)
    for part in range(256):
        for colour in ((part / 255,) * 3, (part / 255, 0.5 + part / 510, 1.0)):
            assert contrast(colour, readable_on(colour)) >= 4.5
