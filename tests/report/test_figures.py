"""The figures of the report (`sim.report.figures`): no overlaps, and a receipt inside each."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from synthetic_comparison import GROUPS, synthetic_comparison

from sim.report.figures import count_text, flow_figure, headline_figure, incidence_figure, pair_matrix, total_text


def test_flow_counts_people_once() -> None:
    comparison = synthetic_comparison(2)
    matrix = pair_matrix(comparison.pairs, "vc_2019_08", "all")
    part = comparison.pairs.query("group == 'all'")
    assert matrix.to_numpy().sum() == pytest.approx(part["persons"].sum())
    assert list(matrix.index) == list(matrix.columns)


@pytest.mark.parametrize("regimes", [2, 3, 4])
def test_texts_of_a_figure_do_not_overlap(regimes: int) -> None:
    comparison = synthetic_comparison(regimes)
    figures = [
        headline_figure(comparison),
        headline_figure(comparison, group="minors"),
        incidence_figure(comparison),
    ]
    for figure in [*figures, flow_figure(comparison, reform=comparison.regimes[-1])]:
        assert_texts_apart(figure)


def assert_texts_apart(figure: Figure) -> None:
    figure.draw_without_rendering()
    texts = [text for text in figure.findobj(Text) if isinstance(text, Text) and text.get_text().strip()]
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts if text.get_visible()]
    width, height = figure.get_size_inches() * figure.dpi
    for at, (text, box) in enumerate(boxes):
        assert 0 <= box.x0 <= box.x1 <= width, text
        assert 0 <= box.y0 <= box.y1 <= height, text
        for other, second in boxes[at + 1 :]:
            assert not box.padded(-1).overlaps(second.padded(-1)), (text, other)


def test_figures_say_where_they_come_from() -> None:
    comparison = synthetic_comparison(2)
    figures = [
        headline_figure(comparison),
        incidence_figure(comparison),
        flow_figure(comparison, reform="vc_2019_08"),
    ]
    line = "b8sim 0.1.0 · scenario netherlands · seed 1 · 20 replicates"
    for figure in figures:
        assert line in [text.get_text() for text in figure.texts]


def test_counts_and_totals_have_the_decimals_that_they_need() -> None:
    assert [count_text(count) for count in (0.0, 3.0, 3.24, 0.04, 1234.4)] == ["", "3", "3.2", "0.04", "1,234"]
    assert total_text(np.array([226.0, 3.2, 0.0])) == "229"
    assert total_text(np.array([1.0, 2.0])) == "3"
    assert total_text(np.zeros(2)) == "0"


def test_figures_without_data_are_refused() -> None:
    comparison = synthetic_comparison(2)
    with pytest.raises(ValueError, match="no incidence"):
        incidence_figure(comparison, group="nobody")
    with pytest.raises(ValueError, match="no pairs"):
        flow_figure(comparison, reform="vc_2018")


@pytest.mark.parametrize("group", GROUPS)
def test_every_group_can_be_drawn(group: str) -> None:
    comparison = synthetic_comparison(2)
    assert headline_figure(comparison, group=group).axes
    assert flow_figure(comparison, reform="vc_2019_08", group=group).axes
