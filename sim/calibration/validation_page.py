"""The page on what fitted sets reproduce: figures that were fitted, and later ones that were predicted."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.calibration.ensembles import Ensemble, targets_of
from sim.calibration.fits import quantiles
from sim.calibration.page_parts import name_of, number, prose, sets_text, span, table
from sim.calibration.readings_page import how, under_readings
from sim.calibration.scores import crps
from sim.calibration.segmented import Judged
from sim.calibration.series_page import series_section
from sim.calibration.summary import SHARES
from sim.calibration.targets import Target, load_targets

Floats = NDArray[np.float64]
BEFORE: Final = {
    "nigerians_registered_2019": ("nigerians_registered_2017", 1),
    "ugandans_registered_2019": ("ugandans_registered_2017", 1),
    "nigerians_registered_2020": ("nigerians_registered_2017", 1),
    "nigerian_departures_2019": ("nigerian_departures_2018", 1),
    "nigerian_departures_january_2020": ("nigerian_departures_2018", 12),
    "dublin_requests_2021": ("dublin_requests_2018", 1),
}
"""The last figure of before the change for each later one, and over how many of its periods it is spread: the forecast
of somebody who expects no change."""
JUDGED_FROM: Final = dt.date(2020, 1, 1)
"""Held-out figures that end on this day or later are judged: the file of targets named them before any fit, and leaves
out what is an input or set by a capacity (``feeds``)."""
WANTED: Final = 0.8
"""The share of them that is to lie in the ranges of the free camp."""
NAIVE: Final = (
    ("reports_2018", "reports_2021", "simulated", "all", "Reports taken, 2018 to 2021"),
    ("registrations_2017", "registrations_2020", "recorded", "NGA", "Nigerians registered, 2017 to 2020"),
)
"""Changes from before to after that somebody would read as the effect of the rule."""


@dataclass(frozen=True)
class Predicted:
    """A later figure beside what the sets of a camp give.

    Attributes
    ----------
    target
        The figure.
    low, middle, high
        The range that holds nine tenths of the sets, and its middle.
    inside
        Whether the figure is in the range; of a bound, whether the range reaches it.
    score, naive
        Continuous ranked probability score of the sets, and of the last figure of before the change; NaN without one.
    """

    target: Target
    low: float
    middle: float
    high: float
    inside: bool
    score: float
    naive: float


def predictions(sets: Ensemble) -> list[Predicted]:
    """Return each later figure beside what the sets of a camp give."""
    found, targets = [], load_targets()
    for target in targets_of(sets.receipt)[1]:
        values = sets.figure(target)
        low, middle, high = (float(x) for x in quantiles(values, sets.weight, SHARES))
        truth = float(target.scaled(np.array([target.value]))[0])
        naive = math.nan
        if target.name in BEFORE:
            name, parts = BEFORE[target.name]
            naive = abs(float(target.scaled(np.array([targets[name].value / parts]))[0]) - truth)
        elif target.name == "reports_fall":
            naive = abs(float(target.scaled(np.array([1.0]))[0]) - truth)
        score = crps(target.scaled(values), sets.weight, truth)
        found.append(Predicted(target, low, middle, high, inside(target, low, high), score, naive))
    return found


def inside(target: Target, low: float, high: float) -> bool:
    """Return whether a figure is in a range; of a bound, whether the range reaches it."""
    kind = target.document.is_
    return (kind == "at_most" or high >= target.value) and (kind == "at_least" or low <= target.value)


def validation_page(found: Mapping[str, Ensemble], every: Sequence[Judged] = ()) -> str:
    """Return the page, in Markdown; ``every``: what an interrupted time series says, of `all_judged`."""
    return "".join(_parts(found, every))


def _parts(found: Mapping[str, Ensemble], every: Sequence[Judged]) -> Iterator[str]:
    first = next(iter(found.values()))
    receipt = first.receipt
    yield "# Validation\n\n"
    yield prose(
        "Which published figures do sets of assumptions reproduce, and what do the sets say of figures that they were"
        " not fitted to? `make validation` writes this page from the [fitted sets](calibration.md) that ship with the"
        " package."
    )
    yield prose(
        f"Fitted were {len(receipt['fitted'])} figures published for days before 1 August 2019. A set is accepted "
        f"when the model, run at it, deviates from none of them by more than {receipt['within_tolerances']:g} stated "
        f"tolerances. Each set was run once{_people(receipt['persons'])}. Ranges hold nine tenths of the sets of a "
        f"camp. Sets that fit are *compatible with* the figures, not shown by them; rival camps fit beside each other"
        f" ([where they part](two-camps.md))."
    )
    yield "## The camps\n\n"
    yield table(
        ("camp", "sets", "least worst deviation", "the figure that its sets miss most often"),
        [
            (name_of(c, s), sets_text(s), number(float(s.said["least_worst_deviation"])), _missed(s))
            for c, s in found.items()
        ],
    )
    if receipt.get("not_run"):
        yield prose(f"Not run: {', '.join(receipt['not_run'])}.")
    yield "![Fitted and predicted figures](validation.png)\n\n"
    yield "## What was fitted\n\n"
    for camp, sets in found.items():
        yield f"### {name_of(camp, sets)}\n\n{_kept(sets)}"
        yield table(("figure", "published", "middle", "range", "nearest set, tolerances"), _fitted_rows(sets))
    yield "## What was predicted\n\n"
    yield prose(
        "Figures that cover days after the change were not fitted. The score is the continuous ranked probability "
        "score, of logarithms for counts: 0 is perfect. Beside it is that of the last figure of before the change, "
        "the forecast of somebody who expects no change."
    )
    if under_readings(found):
        yield prose("*With open readings*: the range over sets and answers to open legal questions.") + how(found)
    for camp, sets in found.items():
        rows, there = predictions(sets), under_readings({camp: sets}).get(camp)
        also = predictions(there) if there else []
        yield f"### {name_of(camp, sets)}\n\n"
        heads = ["figure", "published", "middle", "range", "width", "inside", "score", "score of no change"]
        yield table([*heads, *(["with open readings"] if also else [])], list(_predicted_rows(rows, also)))
        yield _verdict(camp, rows)
    yield _lacking(found)
    yield _naive(found)
    yield series_section(found, every)
    yield (
        "## Receipt\n\n"
        f"Scenario `{receipt['scenario']}`, seed {receipt['seed']}, calibration `{receipt['calibration_hash'][:16]}`, "
        f"code `{receipt['source_hash'][:16]}`. Run again with everybody, other draws and later code:\n"
        "[fitted sets for the whole country](verification.md#fitted-sets-for-the-whole-country).\n"
    )


def _people(persons: int | None) -> str:
    return f", with {persons:,} people in proportion" if persons else ""


def _missed(sets: Ensemble) -> str:
    name, share = max(sets.said["share_off"].items(), key=lambda item: item[1])
    return f"{load_targets()[name].document.title.en} ({100 * share:.0f}% of all sets that were run)"


def _kept(sets: Ensemble) -> str:
    kept = ", ".join(f"`{name}` {number(value)}" for name, value in sets.kept.items())
    return prose(f"{sets.said['why']}" + (f" Kept: {kept}." if kept else "") + f" Sets: {sets_text(sets)}.")


def _fitted_rows(sets: Ensemble) -> Iterator[tuple[str, ...]]:
    for target in targets_of(sets.receipt)[0]:
        low, middle, high = (float(x) for x in quantiles(sets.figure(target), sets.weight, SHARES))
        nearest = number(float(sets.said["nearest"][target.name]))
        yield target.document.title.en, target.bound, number(middle), span(low, high), nearest


def _predicted_rows(rows: Sequence[Predicted], also: Sequence[Predicted]) -> Iterator[tuple[str, ...]]:
    for at, row in enumerate(rows):
        more = also[at] if also else None
        said = () if more is None else (f"{span(more.low, more.high)}{'' if more.inside else ' (outside)'}",)
        yield (*_predicted_row(row), *said)


def _predicted_row(row: Predicted) -> tuple[str, ...]:
    return (
        row.target.document.title.en, row.target.bound, number(row.middle), span(row.low, row.high),
        number(row.high - row.low), "yes" if row.inside else "no", number(row.score), number(row.naive),
    )  # fmt: skip


def _verdict(camp: str, rows: list[Predicted]) -> str:
    judged = [row for row in rows if row.target.document.until >= JUDGED_FROM]
    hits = sum(row.inside for row in judged)
    better = [row for row in judged if row.score < row.naive]
    words = (
        f"Of the {len(judged)} rows of 2020 and 2021 that were named beforehand, {hits} lie in the range "
        f"({100 * hits / max(len(judged), 1):.0f}%), and {len(better)} have a lower score than no change."
    )
    if camp == "free" and judged:
        words += f" Wanted were {100 * WANTED:.0f}%: " + (
            "reached." if hits >= WANTED * len(judged) else "not reached."
        )
    outside = [f"*{row.target.document.title.en}* ({_side(row)})" for row in rows if not row.inside]
    return prose(f"{words} Outside: {', '.join(outside) or 'none'}.")


def _side(row: Predicted) -> str:
    return "the sets are too low" if row.high < row.target.value else "the sets are too high"


def _lacking(found: Mapping[str, Ensemble]) -> str:
    """Say of the figures that most camps miss what the model does not have."""
    missed = Counter(row.target for sets in found.values() for row in predictions(sets) if not row.inside)
    words = [
        f"*{target.document.title.en}*, missed by {camps} of {len(found)} camps: {target.document.lacks}"
        for target, camps in missed.items()
        if 2 * camps > len(found) and target.document.lacks
    ]
    if not words:
        return ""
    return "### What the model lacks for the figures that most camps miss\n\n" + "".join(map(prose, words))


def _naive(found: Mapping[str, Ensemble]) -> str:
    """Return the section on what a comparison of before and after would conclude, on simulated truth."""
    rows = []
    for camp, sets in found.items():
        baseline = sets.readings[sets.receipt["compared"][0]]
        lived = sets.lived()
        for before, after, world, group, title in NAIVE:
            if (after, world, group) not in baseline.columns:
                continue
            change = lived[after, world, group] - lived[before, world, group]
            true = lived[after, world, group] - baseline[after, world, group].to_numpy(np.float64)
            wrong = np.sign(change) != np.sign(true)
            rows.append(
                (
                    name_of(camp, sets),
                    title,
                    _middle(sets, change),
                    _middle(sets, true),
                    f"{wrong.sum()} of {sets.size}",
                )
            )
    heads = (
        "camp",
        "what is compared",
        "change from before to after",
        "what the rule did",
        "sets in which the sign is wrong",
    )
    return (
        "## What a comparison of before and after would conclude\n\n"
        + prose(
            "In the model it is known what the rule did: the same people live on under the old rule. A comparison of "
            "the figure of before with that of after takes all other changes for the rule: inflow, capacity, "
            "recording and the epidemic."
        )
        + table(heads, rows)
    )


def _middle(sets: Ensemble, values: Floats) -> str:
    low, high = sets.range_of(values)
    return f"{number(float(np.median(values)))} ({span(low, high)})"
