"""The figure of paired differences: a row for each measure, a mark with its bar for each reform or camp."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

from sim.export.canvas import (
    BODY,
    HEAD,
    HEAD_LINE_MM,
    LINE_MM,
    SMALL,
    Canvas,
    Ruler,
    legend_height,
    look,
    print_style,
    sign_off,
    spoken_number,
    write_legend,
)
from sim.export.results import Results
from sim.export.sheets import Row, Sheet
from sim.export.words import word
from sim.procedures.schema import Title
from sim.report.drawing import Figure
from sim.report.headline import scale_limit
from sim.report.phrases import Difference, difference_text, is_share, level_text, number
from sim.report.style import GREY, INK, RULE

MARK_MM: Final = 3.0
"""Distance between the marks of two reforms in a row."""
RANGE: Final[dict[str, Any]] = {"linewidth": 4.5, "alpha": 0.25, "zorder": 0}
INTERVAL: Final[dict[str, Any]] = {"linewidth": 1.4}
"""Bars of a range over fitted sets and of an interval of chance: the first is pale, behind the second."""


@dataclass(frozen=True)
class Places:
    """Where the parts of a row are, in millimetres.

    Attributes
    ----------
    titles
        Left edge and width of the titles.
    zero, half
        The zero line, and how far a scale goes on either side.
    level, difference
        Right edges of the texts with the level under the baseline and with the differences.
    above
        Whether the title is above its row, rather than left of it.
    """

    titles: tuple[float, float]
    zero: float
    half: float
    level: float
    difference: float
    above: bool


def places_for(width_mm: float) -> Places:
    """Return where the parts of a row are in a figure of a width."""
    if width_mm < 120:
        return Places((1.0, 0.0), 28.0, 24.0, width_mm - 1.0, width_mm - 1.0, True)
    return Places((1.0, 60.0), 93.0, 24.0, 132.0, width_mm - 1.0, False)


def forest_figure(results: Results, sheet: Sheet, width_mm: float, language: str) -> Figure:
    """Draw a sheet of paired differences.

    Every row has its own scale, at least a tenth of the baseline's level on either side of zero.

    Parameters
    ----------
    results
        What it is of, for the line at the bottom.
    sheet
        What to draw.
    width_mm
        Width on paper.
    language
        ``en`` or ``nl``.
    """
    return _Forest(results, sheet, width_mm, language).figure()


class _Forest:
    """One such figure while it is drawn."""

    def __init__(self, results: Results, sheet: Sheet, width_mm: float, language: str) -> None:
        self.results, self.sheet, self.width, self.language = results, sheet, width_mm, language
        self.ruler, self.at = Ruler(), places_for(width_mm)
        self.head = self.ruler.wrapped(self._in(sheet.head), width_mm - 2, HEAD)
        self.under = self.ruler.wrapped(self._in(sheet.under), width_mm - 2)
        self.legend = {k: self._in(title) for k, title in enumerate(sheet.legend, start=1)}

    def figure(self) -> Figure:
        with print_style():
            heights = [self._height(row) for row in self.sheet.rows]
            head = 2.0 + HEAD_LINE_MM * len(self.head) + LINE_MM * len(self.under) + 1.0
            legend = legend_height(self.ruler, list(self.legend.values()), self.width - 2)
            top = head + legend + 2 * LINE_MM + 1.5
            self.canvas = Canvas(self.width, top + sum(heights) + 5.0)
            self.canvas.write(1.0, 1.2, "\n".join(self.head), fontsize=HEAD)
            self.canvas.write(1.0, 1.6 + HEAD_LINE_MM * len(self.head), "\n".join(self.under))
            write_legend(self.canvas, self.ruler, self.legend, left=1.0, top=head, width=self.width - 2)
            self._heads(top - 1.0)
            y = top
            for row, height in zip(self.sheet.rows, heights, strict=True):
                self._row(row, y)
                y += height
            sign_off(self.canvas, self.ruler, self.results)
            return self.canvas.figure

    def _heads(self, bottom: float) -> None:
        """Write above the rows which way is lower and higher, and what the texts are."""
        style = {"fontsize": SMALL, "color": GREY, "va": "baseline"}
        self.canvas.write(self.at.zero - 1.0, bottom, f"← {word('lower', self.language)}", ha="right", **style)
        self.canvas.write(self.at.zero + 1.0, bottom, f"{word('higher', self.language)} →", **style)
        self.canvas.write(self.at.difference, bottom, self._in(self.sheet.of_marks), ha="right", **style)
        if not self.at.above and self.sheet.of_levels:
            self.canvas.write(self.at.level, bottom, self._in(self.sheet.of_levels), ha="right", **style)

    def _in(self, title: Title) -> str:
        return title.nl if self.language == "nl" else title.en

    def _title(self, row: Row) -> list[str]:
        width = self.at.titles[1]
        if self.at.above:
            width = self.width - 4.0 - self.ruler.width(self._level(row), SMALL)
        return self.ruler.wrapped(f"{self._in(row.title)} ({word(row.unit, self.language)})", width)

    def _level(self, row: Row) -> str:
        """Return the level to show beside a row; above the marks it says what it is."""
        if self.sheet.of_levels is None:
            return ""
        text = level_text(row.level, row.unit) if not math.isnan(row.level) else "–"
        text = spoken_number(text, self.language)
        return f"{self._in(self.sheet.of_levels)} {text}" if self.at.above else text

    def _height(self, row: Row) -> float:
        """Return the height of a row: its title, and its marks with the scale below them."""
        title = LINE_MM * len(self._title(row)) + 1.4
        marks = MARK_MM * len(self.legend) + 4.8
        return title + marks if self.at.above else max(title, marks)

    def _row(self, row: Row, y: float) -> None:
        canvas, at = self.canvas, self.at
        title = self._title(row)
        canvas.axes.plot([1.0, self.width - 1.0], [y, y], color=RULE, linewidth=0.5)
        canvas.write(at.titles[0], y + 0.7, "\n".join(title))
        marks = y + (LINE_MM * len(title) + 1.4 if at.above else 0.0)
        level_at = y + 0.7 if at.above else marks + 0.6
        letters = SMALL if at.above else BODY
        canvas.write(at.level, level_at, self._level(row), ha="right", fontsize=letters, color=GREY)
        self._marks(row, marks)

    def _marks(self, row: Row, top: float) -> None:
        limit = scale_limit(row.marks, row.level)
        bottom = top + MARK_MM * len(row.marks) + 0.8
        self._scale(limit, row.unit, bottom)
        self.canvas.axes.plot([self.at.zero] * 2, [top + 0.4, bottom], color=INK, linewidth=0.6, zorder=1)
        for k, mark in enumerate(row.marks, start=1):
            y = top + MARK_MM * (k - 0.5) + 0.4
            if mark is None:
                said = word("none", self.language)
                self.canvas.write(
                    self.at.difference, y, said, ha="right", va="center_baseline", fontsize=SMALL, color=GREY
                )
                continue
            style: dict[str, Any] = look(k)
            for low, high, bar in ((mark.range_low, mark.range_high, RANGE), (mark.low, mark.high, INTERVAL)):
                if not math.isnan(low):
                    ends = [self.at.zero + self.at.half * bound / limit for bound in (low, high)]
                    self.canvas.axes.plot(ends, [y, y], color=style["color"], solid_capstyle="butt", **bar)
            x = self.at.zero + self.at.half * mark.difference / limit
            style["linestyle"] = "none"
            self.canvas.axes.plot([x], [y], markersize=3.6, markeredgewidth=0.7, zorder=3, **style)
            text = self._said(mark)
            self.canvas.write(self.at.difference, y, text, ha="right", va="center_baseline", fontsize=SMALL)

    def _said(self, mark: Difference) -> str:
        difference, interval = difference_text(mark)
        if math.isnan(mark.low):
            return spoken_number(difference, self.language)
        interval = interval.replace(" to ", f" {word('to', self.language)} ")
        return spoken_number(f"{difference} ({interval})", self.language)

    def _scale(self, limit: float, unit: str, y: float) -> None:
        """Draw the ends of a row's own scale."""
        at, factor = self.at, 100.0 if is_share(unit) else 1.0
        self.canvas.axes.plot([at.zero - at.half, at.zero + at.half], [y, y], color=GREY, linewidth=0.5)
        for side in (-1, 1):
            x = at.zero + side * at.half
            self.canvas.axes.plot([x, x], [y, y + 0.7], color=GREY, linewidth=0.5)
            text = number(side * factor * limit, _fewest_decimals(factor * limit), plus=True)
            align = "left" if side < 0 else "right"
            shown = spoken_number(text, self.language)
            self.canvas.write(x, y + 0.8, shown, fontsize=SMALL, color=GREY, ha=align)


def _fewest_decimals(value: float) -> int:
    return next(places for places in range(12) if math.isclose(round(value, places), value))
