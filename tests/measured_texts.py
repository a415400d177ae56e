"""The texts of a figure as boxes: which of them lie on one another, and which leave the paper."""

from __future__ import annotations

from itertools import combinations

from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

SLACK_PIXELS = 0.5


def boxes(figure: Figure) -> list[tuple[str, Bbox]]:
    """Return each text that is drawn, and its box in pixels."""
    figure.draw_without_rendering()
    texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    shown = [text for text in texts if text.axes is None or text.axes.axison or text in text.axes.texts]
    found = [(text.get_text(), text.get_window_extent()) for text in shown]
    return [(said, box) for said, box in found if box.width > 0]


def overlapping(figure: Figure) -> list[tuple[str, str]]:
    """Return the pairs of texts that lie on one another."""
    return [
        (one, two)
        for (one, a), (two, b) in combinations(boxes(figure), 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > SLACK_PIXELS and min(a.y1, b.y1) - max(a.y0, b.y0) > SLACK_PIXELS
    ]


def outside(figure: Figure) -> list[str]:
    """Return the texts that leave the paper."""
    paper = figure.bbox
    return [
        said
        for said, box in boxes(figure)
        if box.x0 < paper.x0 - SLACK_PIXELS
        or box.y0 < paper.y0 - SLACK_PIXELS
        or box.x1 > paper.x1 + SLACK_PIXELS
        or box.y1 > paper.y1 + SLACK_PIXELS
    ]
