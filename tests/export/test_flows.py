"""The figure of flows shows the counts of the table, and no text lies on another."""

from __future__ import annotations

import pytest
from many_regimes import with_regimes
from matplotlib.text import Text
from measured_texts import outside, overlapping

from sim.export.flows import flows_figure, shade
from sim.export.results import Results
from sim.report.figures import count_text
from sim.report.style import contrast


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("width", [85, 170])
@pytest.mark.parametrize("times", [1, 700])
def test_no_text_lies_on_another_or_leaves_the_paper(
    comparison: Results, times: int, width: int, language: str
) -> None:
    results = with_regimes(comparison, 2)
    results.__dict__["pairs"] = results.pairs.assign(persons=times * results.pairs["persons"])
    figure = flows_figure(results, "reform_1", "all", width, language)
    assert overlapping(figure) == []
    assert outside(figure) == []


def test_the_counts_are_those_of_the_table(comparison: Results) -> None:
    texts = [text.get_text() for text in flows_figure(comparison, "recognition_panel", "all", 170, "en").findobj(Text)]
    pairs = comparison.pairs.query("reform == 'recognition_panel' and group == 'all'")
    large = pairs[pairs["persons"] >= 5]["persons"]
    assert len(large) > 3
    assert all(f"{round(count):,}" in texts for count in large)
    small = pairs[(pairs["persons"] > 0) & (pairs["persons"] < 5)]["persons"]
    assert len(small) > 0
    assert all(count_text(count) in texts for count in small)


def test_every_count_can_be_read_on_its_shade(comparison: Results) -> None:
    figure = flows_figure(comparison, "recognition_panel", "all", 170, "en")
    (axes,) = figure.axes
    texts = {text.get_position(): text for text in axes.texts}
    cells = axes.patches
    assert len(cells) == 36
    for cell in cells:
        (text,) = (text for place, text in texts.items() if cell.get_bbox().contains(*place))
        assert contrast(cell.get_facecolor(), text.get_color()) > 4.5


def test_shades_grow_with_counts() -> None:
    assert shade(0.0, 100.0) == 0.0
    assert (
        0.15 < shade(1.0, 100.0) < shade(4.0, 100.0) < shade(10.0, 100.0) < shade(100.0, 100.0) == pytest.approx(0.85)
    )
