"""The headline figure: paired differences of measures as dots with intervals, each on its own scale."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sim.outcomes.headline import HEADLINE
from sim.report.book import Book, Comparison, Entry
from sim.report.drawing import Axes, Figure
from sim.report.language import known, say
from sim.report.phrases import GROUP_TITLES, Difference, is_share, level_text, number, short_name, title_of, wrap_name
from sim.report.style import GREY, INK, RULE, house_style, look, new_figure, note_lines, sheet, sign_off

# positions in inches from the left edge
WIDTH = 10.0
RANGE: Final[dict[str, Any]] = {"linewidth": 7.0, "alpha": 0.25, "zorder": 0}
INTERVAL: Final[dict[str, Any]] = {"linewidth": 2.6}
"""Bars of a range over fitted sets and of an interval of chance: the first is pale, behind the second."""
TITLES_AT, ZERO_AT, HALF_PLOT, LEVELS_AT = 0.15, 4.95, 1.45, 6.75


def headline_figure(comparison: Comparison, *, group: str = "all", names: Sequence[str] = HEADLINE) -> Figure:
    """Draw the paired differences of chosen measures as dots with intervals, and ranges over fitted sets behind them.

    Every measure has its own scale, symmetric around one zero line. A scale shows at least a tenth of the
    level under the baseline on each side, so that a negligible difference does not fill the plot.

    Parameters
    ----------
    comparison
        The comparison to show.
    group
        The group of persons.
    names
        Measures as simulated, from top to bottom; those that are absent are left out.

    Returns
    -------
    matplotlib.figure.Figure
        The figure, with the levels under every regime as text at the right.

    Raises
    ------
    ValueError
        When none of the measures can be compared for the group.
    """
    book = Book(comparison)
    entries = book.shown(names, group)
    if not entries:
        raise ValueError(f"no measure to compare for group {group!r}")
    titles = [wrap_name(entry.title, 34) for entry in entries]
    space = 0.14 * len(book.reforms)
    heights = [max(0.44 + space, 0.17 * title.count("\n") + 0.56) for title in titles]
    names_at_top = [_regime_name(book, name) for name in comparison.regimes]
    top = 1.15 + 0.15 * max(name.count("\n") for name in names_at_top)
    with house_style():
        note = _headline_note(book, entries, group, comparison.receipt)
        figure = new_figure(WIDTH, top + sum(heights) + 0.63 + 0.17 * note_lines(note, WIDTH))
        axes = sheet(figure)
        _headline_heading(axes, book, group, top)
        y = top
        for entry, title, height in zip(entries, titles, heights, strict=True):
            _headline_row(axes, book, entry, group, title=title, y=y, height=height)
            y += height
        axes.plot([ZERO_AT, ZERO_AT], [top, y], color=INK, linewidth=1.0, zorder=1)
        sign_off(figure, comparison.receipt, note)
    return figure


def _headline_heading(axes: Axes, book: Book, group: str, top: float) -> None:
    """Write the title and the heads of the columns."""
    baseline, who = short_name(book.baseline, 36), title_of(group, GROUP_TITLES)
    title = say("Difference from {baseline} on the same people: {who}", baseline=baseline, who=who)
    axes.text(TITLES_AT, 0.3, title, fontsize=13, fontweight="bold", va="center")
    for side, text in ((-1, say("lower")), (1, say("higher"))):
        axes.annotate(
            text, (ZERO_AT + side * HALF_PLOT, top - 0.22), (ZERO_AT + side * 0.12, top - 0.22), fontsize=9,
            color=GREY, va="center", ha="left" if side > 0 else "right",
            arrowprops={"arrowstyle": "->", "color": GREY, "shrinkA": 4},
        )  # fmt: skip
    for at, (x, name) in enumerate(zip(_level_columns(book), (book.baseline, *book.reforms), strict=True)):
        text = _regime_name(book, name)
        axes.text(x, top - 0.12, text, fontsize=8.5, ha="right", va="bottom", fontweight="bold", linespacing=1.1)
        y = top - 0.24 - 0.15 * (text.count("\n") + 1)
        if at == 0:
            axes.text(x, y, say("Level under"), fontsize=8.5, color=GREY, ha="right", va="center")
        else:
            axes.plot([x - 0.08], [y], **_mark(at), linestyle="none")


def _headline_row(axes: Axes, book: Book, entry: Entry, group: str, *, title: str, y: float, height: float) -> None:
    """Draw one measure: title and unit, a dot with its interval per reform, and the levels."""
    axes.plot([TITLES_AT, WIDTH - 0.15], [y, y], color=RULE, linewidth=0.8)
    lines = title.count("\n") + 1
    block = 0.165 * lines + 0.14
    start = y + (height - block) / 2
    axes.text(TITLES_AT, start, title, fontsize=10, va="top", linespacing=1.15)
    axes.text(TITLES_AT, start + 0.17 * lines + 0.02, _unit_line(entry), fontsize=8.5, color=GREY, va="top")
    levels = book.levels(entry, group)
    for at, (x, level) in enumerate(zip(_level_columns(book), levels, strict=True)):
        text = level_text(level, entry.unit)
        colour = GREY if at == 0 else INK
        axes.text(x, y + height / 2, wrap_name(text, 9), fontsize=9.5, ha="right", va="center", color=colour)
    rows = [book.difference(entry, group, reform) for reform in book.reforms]
    limit = scale_limit(rows, levels[0])
    _scale(axes, limit, entry.unit, y + height)
    plot_height = height - 0.2
    for at, row in enumerate(rows, start=1):
        if row is None:
            continue
        middle = y + 0.06 + plot_height * at / (len(rows) + 1)
        for low, high, bar in ((row.range_low, row.range_high, RANGE), (row.low, row.high, INTERVAL)):
            if not math.isnan(low):
                ends = [ZERO_AT + HALF_PLOT * bound / limit for bound in (low, high)]
                axes.plot(ends, [middle, middle], color=look(at)["color"], solid_capstyle="butt", **bar)
        x = ZERO_AT + HALF_PLOT * row.difference / limit
        axes.plot([x], [middle], **_mark(at), linestyle="none", zorder=3)


def _scale(axes: Axes, limit: float, unit: str, bottom: float) -> None:
    """Draw the ends of a row's own scale."""
    y, factor = bottom - 0.1, 100.0 if is_share(unit) else 1.0
    for side in (-1, 1):
        x = ZERO_AT + side * HALF_PLOT
        axes.plot([x, x], [y - 0.16, y - 0.08], color=GREY, linewidth=0.8)
        text = number(side * factor * limit, _fewest_decimals(factor * limit), plus=True)
        axes.text(x, y, text, fontsize=7.5, color=GREY, ha="center", va="center")


def scale_limit(rows: Sequence[Difference | None], level: float) -> float:
    """Return how far a row's scale goes: to its widest bound or range, and at least a tenth of the level."""
    ends = [end for row in rows if row for end in (row.low, row.high, row.difference, row.range_low, row.range_high)]
    bounds = [abs(end) for end in ends if not math.isnan(end)]
    return nice_limit(max([*bounds, 0.0 if math.isnan(level) else abs(level) / 10]))


def nice_limit(largest: float) -> float:
    """Return the smallest round number that is not below a number; 1 when there is nothing to show."""
    if not largest > 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(largest))
    steps = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
    return next(step * power for step in steps if step * power >= largest * (1 - 1e-12))


def _fewest_decimals(value: float) -> int:
    """Return the number of decimals that a round number needs."""
    return next(places for places in range(12) if math.isclose(round(value, places), value))


def _level_columns(book: Book) -> list[float]:
    """Return the right edges of the columns of levels, in inches."""
    count = len(book.reforms) + 1
    step = _level_step(book)
    return [WIDTH - 0.2 - step * (count - 1 - at) for at in range(count)]


def _level_step(book: Book) -> float:
    return min(1.15, (WIDTH - 0.2 - LEVELS_AT - 0.75) / len(book.reforms))


def _name_width(book: Book) -> int:
    """Return the number of characters of a regime's name that fit in a column of levels."""
    return max(6, int(_level_step(book) * 11.5))


def _regime_name(book: Book, name: str) -> str:
    """Return the name of a regime as the head of a column of levels."""
    return wrap_name(short_name(name), _name_width(book))


def _mark(regime: int) -> dict[str, Any]:
    colour, marker = look(regime)["color"], look(regime)["marker"]
    return {
        "color": colour,
        "marker": marker,
        "markersize": 6,
        "markeredgecolor": INK,
        "markeredgewidth": 0.7,
    }


def _unit_line(entry: Entry) -> str:
    return say("%, difference in percentage points") if is_share(entry.unit) else known(entry.unit)


def _headline_note(book: Book, entries: Sequence[Entry], group: str, receipt: Mapping[str, Any]) -> str:
    """Return the note that explains dots, bars, ranges and scales, or why there are none."""
    rows = [book.difference(entry, group, reform) for entry in entries for reform in book.reforms]
    bars = say("Dot: mean paired difference. Bar: 95% interval over replicates.")
    if all(row is None or row.replicates == 1 for row in rows):
        bars = say("Dot: difference in one replicate, so there are no intervals.")
    if any(row is not None and not math.isnan(row.range_low) for row in rows):
        pale = say(
            "Pale bar: range over the {sets} sets of assumptions that fit what was published before 1 August 2019, "
            "nine tenths of them.",
            sets=receipt["fitted_range"]["sets"],
        )
    else:
        pale = say("A range over fitted sets of assumptions is not established here.")
    return f"{bars} {pale} {say('Each row has its own scale, at least a tenth of the level under the baseline.')}"
