"""The section on what an interrupted time series would conclude, in worlds whose truth is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from sim.calibration.ensembles import Ensemble
from sim.calibration.page_parts import name_of, number, prose, span, table
from sim.calibration.segmented import TITLES, WINDOWS, Judged, judged

FIGURE: Final = "validation-series.png"
FIGURE_OF: Final = "free"
"""The camp that is drawn, and shown for the shorter period too."""
WHOLE, BEFORE_EPIDEMIC = WINDOWS


def all_judged(found: Mapping[str, Ensemble]) -> list[Judged]:
    """Return what an interrupted time series says in every set; nothing where no months were run."""
    if any(sets.months is None for sets in found.values()):
        return []
    every = [one for sets in found.values() for one in judged(sets, WHOLE)]
    return every + list(judged(found[FIGURE_OF], BEFORE_EPIDEMIC)) if FIGURE_OF in found else every


def series_section(found: Mapping[str, Ensemble], every: Sequence[Judged]) -> str:
    """Return the section, in Markdown; empty without series."""
    if not every:
        return ""
    rows = [
        (name_of(camp, found[camp]), TITLES[series], *_cells(_of(every, camp, series, WHOLE)))
        for camp in found
        for series in TITLES
    ]
    mine = [
        (TITLES[series], WINDOWS[until], *_cells(_of(every, FIGURE_OF, series, until)))
        for series in TITLES
        for until in WINDOWS
    ]
    heads = (
        "rule kept: estimate", "rule kept: an effect is found (true: none)", "rule changed: estimate",
        "rule changed: what the rule did", "rule changed: the interval holds it",
    )  # fmt: skip
    return (
        "## What an interrupted time series would conclude\n\n"
        + prose(
            "Each set was run twice for the same people: the old rule throughout, and the new rule from August 2019. "
            "Inflow, capacities, recording and the epidemic are the same in both. An analyst sees the monthly figures "
            "of the register only, and fits a line whose level and slope may change in August 2019, with errors that "
            "allow for autocorrelation (Newey and West). The estimate is the mean effect a month from August 2019 on; "
            "an effect is found where its 95% interval excludes 0. Numbers of a month, middle and range of the sets."
        )
        + table(("camp", "figure", *heads), rows)
        + prose(_words(every))
        + f"![Monthly figures, estimates and truth]({FIGURE})\n\n"
        + prose(
            "An analyst may stop before the epidemic, and so have seven months instead of 29. With everything that may"
            " vary:"
        )
        + table(("figure", "months", *heads), mine)
    )


def _of(every: Sequence[Judged], camp: str, series: str, until: str) -> list[Judged]:
    return [one for one in every if (one.camp, one.series, one.until) == (camp, series, until)]


def _cells(mine: Sequence[Judged]) -> tuple[str, ...]:
    found = sum(not one.of_kept.holds(0.0) for one in mine)
    holds = sum(one.of_changed.holds(one.truth) for one in mine)
    return (
        _middle([one.of_kept.effect for one in mine]), f"{found} of {len(mine)}",
        _middle([one.of_changed.effect for one in mine]), _middle([one.truth for one in mine]),
        f"{holds} of {len(mine)}",
    )  # fmt: skip


def _middle(values: Sequence[float]) -> str:
    low, middle, high = (float(x) for x in np.quantile(values, (0.05, 0.5, 0.95)))
    return f"{number(middle)} ({span(low, high)})"


def _words(every: Sequence[Judged]) -> str:
    whole = [one for one in every if one.until == WHOLE]
    false, holds = (
        100 * np.mean([not one.of_kept.holds(0.0) for one in whole]),
        100 * np.mean([one.of_changed.holds(one.truth) for one in whole]),
    )
    return (
        f"Over all sets and both figures an effect is found in {false:.0f}% of the series in which the rule never "
        f"changed, where 5% is promised, and the interval holds what the rule did in {holds:.0f}% of those in which it "
        "changed, where 95% is promised. The method takes for the rule whatever else turns the line after July 2019: "
        "here a rise of early 2019 that ends, capacities, recording and the epidemic."
    )
